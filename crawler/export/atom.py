"""Atom (RFC 4287): full-text feeds with ids that stay, so that a reader program can follow a crawl."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from crawler.items import Article

By = Literal["site", "category", "source"]

_IDS = uuid.UUID("6f1c8e0a-3a55-5d0e-9d1b-6d6c0f9b7a11")  # of this program; every id is a name in it
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

# What XML 1.0 cannot hold, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def group(article: Article, by: By) -> str:
    """The name of the feed that an article belongs to."""
    if by == "site":
        return article.site or "articles"
    if by == "category":
        return f"{article.site}/{article.category}" if article.category else f"{article.site}/no category"
    return article.source or f"{article.site}/no source"


def updated(article: Article) -> datetime:
    return article.modified_at or article.published_at or article.fetched_at or _NEVER


def head(name: str, newest: datetime) -> str:
    """The opening of a feed, up to its first entry."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{_id('feed', name)}</id>\n<title>{_text(name)}</title>\n<updated>{_time(newest)}</updated>\n"
        f"<author><name>{_text(name)}</name></author>\n<generator>newscrawl</generator>\n"
    )


FOOT = "</feed>\n"


def entry(article: Article) -> str:
    return "\n".join(("<entry>", *_entry_lines(article), "</entry>", ""))


def _entry_lines(article: Article) -> Iterator[str]:
    yield f"<id>{_id('article', article.id or article.canonical_url or article.url)}</id>"
    yield f'<title type="text">{_text(article.title)}</title>'
    yield f"<updated>{_time(updated(article))}</updated>"
    if article.published_at:
        yield f"<published>{_time(article.published_at)}</published>"
    if article.url:
        yield f'<link rel="alternate" type="text/html" href={_attribute(article.url)}/>'
    for name in article.authors or ((article.source,) if article.source else ()):
        yield f"<author><name>{_text(name)}</name></author>"
    for term in dict.fromkeys(term for term in (article.category, *article.tags) if term):
        yield f"<category term={_attribute(term)}/>"
    if article.digest:
        yield f'<summary type="text">{_text(article.digest)}</summary>'
    language = f" xml:lang={_attribute(article.language)}" if article.language else ""
    base = f" xml:base={_attribute(article.url)}" if article.url else ""
    yield f'<content type="html"{language}{base}>{_text(article.body_html)}</content>'


def _id(kind: str, name: str) -> str:
    return uuid.uuid5(_IDS, _clean(f"{kind}:{name}")).urn


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def _text(text: str) -> str:
    # A bare CR would be read as LF.
    return escape(_clean(text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
