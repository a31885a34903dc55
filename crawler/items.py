"""What we store: the article field by field, and what a page says of other pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    """Where a scheduled URL stands. Every row has exactly one; their sum is the number scheduled."""

    WAITING = "waiting"
    LEASED = "leased"
    STORED = "stored"
    UNCHANGED = "unchanged"  # fetched again, or the same article at another address: nothing new
    READ = "read"  # a listing, feed, API answer or robots.txt, taken in
    PART = "part"  # a page of an article that is stored under its first page
    MOVED = "moved"  # a redirect; the row's target names where to
    GONE = "gone"  # 404, 410, aged out
    REFUSED = "refused"  # by robots.txt, an address guard, a rule of the site, or the user
    FAILED = "failed"
    QUARANTINED = "quarantined"  # an article without url, title or body: kept apart, with its bytes


class Kind(StrEnum):
    """What a URL is expected to hold."""

    ARTICLE = "article"
    PART = "part"  # a further page of an article; its parent is the first page
    LISTING = "listing"  # an HTML page or an API answer that lists articles
    FEED = "feed"  # RSS or Atom
    SITEMAP = "sitemap"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Link:
    """A page that another page leads to."""

    url: str  # canonical
    kind: Kind
    category: str = ""  # slug; empty: that of the page it stands on
    title: str | None = None  # as the listing shows it
    published: datetime | None = None  # aware; as the listing shows it
    page: bool = False  # a further page of the same listing (the pager), not a listing of its own


@dataclass(frozen=True, slots=True)
class Image:
    url: str  # absolute
    alt: str | None = None
    caption: str | None = None
    position: int = 0  # index of its block in the body, from 0


@dataclass(frozen=True, slots=True)
class Removed:
    """A line or block that cleaning took out of the body."""

    text: str  # visible text, white space folded; "" for an image or an empty element
    step: str  # the step's function name
    field: str | None = None  # the article field that was read from it


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a field's value was read."""

    rule: str  # the selector, the function's name or the step
    node: str | None = None  # path of the node in the page
    raw: str | None = None  # the string before it was normalised


@dataclass(frozen=True, kw_only=True)
class Article:
    """One normalised article. `None` means that the page has no such thing; text is NFC; times are aware.

    Required for a stored one: url, title, body_html. `extraction` fills what the page says, `normalised` the rest.
    """

    id: str = ""  # 16 hex digits: hash of site + native key, else of the canonical URL
    story_id: str = ""  # shared by twins: the same story at several addresses
    upstream_id: str | None = None  # the publisher's own key
    kind: str = "article"  # article, or the site's own word: rolling, market
    site: str = ""
    url: str = ""  # as fetched
    canonical_url: str = ""  # by our one function; never the page's rel=canonical
    category: str = ""  # slug
    category_name: str | None = None
    title: str = ""
    subtitle: str | None = None
    digest: str | None = None  # a lead shown apart from the body; never in both
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    source: str | None = None  # the medium that the page names
    source_url: str | None = None
    share_url: str | None = None  # the share link taken out of the body
    original_title: str | None = None
    published_at: datetime | None = None  # aware; first, not the last edit
    published_raw: str | None = None  # the string it was read from
    zone_from: Literal["page", "site", "inferred"] | None = None
    modified_at: datetime | None = None  # aware
    fetched_at: datetime | None = None  # aware, UTC
    language: str | None = None  # BCP 47
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    body_html: str = ""  # flat sequence of block elements, sanitised
    body_text: str = ""  # blank line between blocks
    body_markdown: str = ""
    word_count: int = 0  # CJK characters + words of other scripts
    content_hash: str = ""  # of title, digest and body text
    warnings: tuple[str, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    removed: tuple[Removed, ...] = ()
