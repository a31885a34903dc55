"""PageResult: what became of one URL. The item that goes through the pipelines and into the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from crawler.body import Body
from crawler.errors import CrawlerError
from crawler.items import Article, Kind, Link, State
from crawler.page import Page


@dataclass(frozen=True, slots=True)
class Saved:
    """A record of the archive: one response, or the word that there was none."""

    url: str  # canonical, as the row's
    at: datetime  # aware, UTC; of the response
    type: str  # response; revisit: same as an earlier one; metadata: no response, or a body that may not be kept
    status: int | None  # HTTP; None without a response
    file: str  # name in the archive's folder
    offset: int  # bytes
    length: int  # bytes, compressed
    digest: str | None  # of the payload: sha1 in base32


@dataclass(slots=True)
class PageResult:
    """At most one article, the links the page leads to, and the state its URL ends in.

    The store commits all of it in one transaction.
    """

    site: str
    url: str  # canonical: the row's
    kind: Kind
    state: State
    reason: str = ""  # short and countable: "404", "robots", "FieldMissing: title"; never page text
    category: str = ""
    page: Page | None = None  # None when there was no response
    article: Article | None = None
    body: Body | None = None
    links: tuple[Link, ...] = ()
    target: str | None = None  # of a redirect
    seconds: float = 0.0  # of the download
    bytes: int = 0  # of the body, as it came over the wire
    request_headers: Mapping[str, str] = field(default_factory=dict)  # as sent; for the archive
    saved: Saved | None = None  # set once the archive has it; the store indexes it in the same transaction

    def through(self, step: Callable[["PageResult"], None]) -> Self:
        """Run one pipeline's work on an article. A CrawlerError ends it here: quarantined, with the reason.

        This is the one place that turns what a page lacks into the state of its URL.
        """
        if self.article is None or self.state is State.QUARANTINED:
            return self
        try:
            step(self)
        except CrawlerError as error:
            self.state, self.reason = State.QUARANTINED, f"{type(error).__name__}: {error}"
        return self

    def close(self) -> None:
        """Let go of what only the steps need: the body's tree and the parse of the page."""
        self.body = None
        if self.page is not None:
            self.page.close()
