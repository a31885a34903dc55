"""Cases: saved pages in folders, each with its address and why it is kept. Read by tests, by replay and by the demo.

fixtures/SITE/CASE/page.html | page.json | page.xml   the response body, byte for byte, content decoding undone
                   meta.json      url, status, headers (Content-Type), fetched, kind, category, why
                   expected.json  what comes out: an article, a list of links or {"error": ...}; the tests' own
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from crawler.errors import BadField, UnknownSite
from crawler.items import Kind
from crawler.page import Page

_BODIES = ("page.html", "page.json", "page.xml", "page.txt")
_UNSAFE = re.compile(r"[^0-9A-Za-z_-]+")
_NAME_MAX = 60  # characters: leaves room under the 255 bytes of any file system


@dataclass(frozen=True, slots=True)
class Case:
    """One saved page. The folder names it and, one level up, its site."""

    folder: Path
    site: str
    name: str
    page: Page
    kind: Kind
    category: str
    why: str


def fixtures_root() -> Path:
    """Where the cases lie: beside the package in a checkout or an editable install, inside it in a wheel.

    Raises UnknownSite when they were not installed.
    """
    package = Path(__file__).parent
    for folder in (package / "fixtures", package.parent / "fixtures"):
        if folder.is_dir():
            return folder
    raise UnknownSite(f"no saved pages beside {package}; name a folder of cases")


def load_cases(path: Path) -> list[Case]:
    """The case at `path`, or all below it, in the order of their folders' names. Raises UnknownSite, BadField."""
    if not path.is_dir():
        raise UnknownSite(f"no folder of cases at {path}")
    return [_read(meta) for meta in sorted(path.rglob("meta.json"))]


def save_case(folder: Path, page: Page, *, kind: Kind, category: str, why: str) -> Case:
    """Write a page as a case of the site folder `folder`, under a name made of its address; an older one is replaced.

    Only the Content-Type of its headers is kept: a case holds no cookies and no private data.
    """
    home = folder / case_name(page.url)
    home.mkdir(parents=True, exist_ok=True)
    content_type = page.headers.get("content-type", "")
    meta = {
        "url": page.url,
        "status": page.status,
        "headers": {"Content-Type": content_type} if content_type else {},
        "fetched": page.fetched_at.isoformat(),
        "kind": kind.value,
        "category": category,
        "why": why,
    }
    for other in _BODIES:
        (home / other).unlink(missing_ok=True)
    (home / body_name(content_type)).write_bytes(page.body)
    (home / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return _read(home / "meta.json")


def _read(meta_file: Path) -> Case:
    """Raises BadField when the files of a case cannot be read as one."""
    folder = meta_file.parent
    body = next((folder / name for name in _BODIES if (folder / name).is_file()), None)
    if body is None:
        raise BadField(f"{folder}: a case needs one of {', '.join(_BODIES)}")
    try:
        meta: Mapping[str, Any] = json.loads(meta_file.read_text(encoding="utf-8"))
        page = Page(
            url=meta["url"],
            body=body.read_bytes(),
            headers={name.lower(): value for name, value in meta["headers"].items()},
            fetched_at=_utc(meta["fetched"]),
            status=int(meta["status"]),
        )
        kind = Kind(meta.get("kind", Kind.ARTICLE.value))
        return Case(folder, folder.parent.name, folder.name, page, kind, meta.get("category", ""), meta["why"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadField(f"{meta_file}: not what a case says of itself: {error!r}") from error


def _utc(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def case_name(url: str) -> str:
    """A folder name from an untrusted URL: its end in letters, digits and hyphens, and a hash that keeps it unique."""
    words = _UNSAFE.sub("-", url.partition("//")[2]).strip("-").lower()
    return f"{words[-_NAME_MAX:].strip('-')}-{sha256(url.encode()).hexdigest()[:8]}"


def body_name(content_type: str) -> str:
    """Of the file that holds the response body."""
    for word in ("json", "xml", "plain"):
        if word in content_type and "html" not in content_type:
            return {"json": "page.json", "xml": "page.xml", "plain": "page.txt"}[word]
    return "page.html"
