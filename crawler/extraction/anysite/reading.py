"""Reading: what a page of a site nobody described says, field by field, each worked out when it is asked for."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from lxml import etree

from crawler.dates import Moment
from crawler.items import Provenance, Removed
from crawler.page import Page


class PageKind(StrEnum):
    """What a page is. Only an article is stored as one; the value is the reason of the rest."""

    ARTICLE = "article"
    LISTING = "listing"
    GALLERY = "gallery"
    VIDEO = "video"
    LIVE = "live blog"
    CHALLENGE = "challenge"
    MISSING = "soft 404"
    PAYWALL = "paywall"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a listing."""

    url: str  # absolute, as printed
    title: str
    published: datetime | None = None  # aware


@dataclass(frozen=True, slots=True)
class Listing:
    entries: tuple[Entry, ...]  # in page order, each URL once
    next_page: str | None = None  # absolute


@dataclass(eq=False)
class Reading:
    """The answers; `None` or empty where the page has no such thing. Asking for one field costs that field alone.

    `provenance` and `warnings` fill as fields are asked for.
    """

    page: Page
    timezone: str | None = None  # of dates that state no zone
    site_language: str | None = None
    provenance: dict[str, Provenance] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)  # what was cut out of `body` before it was handed over

    @cached_property
    def kind(self) -> PageKind:
        return PageKind.ARTICLE

    @cached_property
    def title(self) -> str | None:
        return None

    @cached_property
    def subtitle(self) -> str | None:
        return None

    @cached_property
    def digest(self) -> str | None:
        """A standfirst that is shown outside the body."""
        return None

    @cached_property
    def published(self) -> Moment | None:
        return None

    @cached_property
    def modified(self) -> Moment | None:
        return None

    @cached_property
    def authors(self) -> tuple[str, ...]:
        return ()

    @cached_property
    def editors(self) -> tuple[str, ...]:
        return ()

    @cached_property
    def source(self) -> str | None:
        return None

    @cached_property
    def original_title(self) -> str | None:
        return None

    @cached_property
    def language(self) -> str | None:
        return self.site_language

    @cached_property
    def tags(self) -> tuple[str, ...]:
        return ()

    @cached_property
    def body(self) -> etree._Element | None:
        """An element of its own (not in the page's tree) that holds the article's blocks in reading order."""
        return None
