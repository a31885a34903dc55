"""File names for articles: safe on every file system, the same at every export, no two alike."""

import hashlib
import re
from datetime import datetime
from urllib.parse import urlsplit

from crawler.items import Article

# ASCII without what a shell, a URL or a file system reads as a mark; 80 bytes leave room for date, id and suffix.
_STEM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,78}[A-Za-z0-9])?")
_NO_DATE = "1970-01-01"


def stem(article: Article) -> str:
    """`2022-01-07-NW202201072239888526`: the day, then the page's own name where it is safe, else the id.

    The day stands first, so no name is one that Windows reserves, and Jekyll takes the file for a post.
    """
    return f"{day(article.published_at or article.fetched_at)}-{_own_name(article) or key(article)}"


def day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else _NO_DATE


def key(article: Article) -> str:
    """The article's id; of one without a safe id, a hash of what it has."""
    if _STEM.fullmatch(article.id):
        return article.id
    seed = "\0".join((article.id, article.url, article.title, article.body_text))
    return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _own_name(article: Article) -> str:
    last = urlsplit(article.canonical_url or article.url).path.rpartition("/")[2]
    name = last.rpartition(".")[0] or last
    return name if _STEM.fullmatch(name) and any(c.isdigit() for c in name) else ""


class Names:
    """Gives each article of one export a name that no other has, upper and lower case taken for the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, article: Article, *, free: bool = True) -> str:
        """The article's stem; with its id where the stem is taken or not `free` on the disk."""
        name = stem(article)
        if not free or name.lower() in self._taken:
            name = f"{name}-{key(article)}"
        number, unique = 2, name
        while unique.lower() in self._taken:
            unique, number = f"{name}-{number}", number + 1
        self._taken.add(unique.lower())
        return unique
