"""Page: one response, decoded once and parsed once. No Scrapy: a crawl, a replay and a test use the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from lxml.etree import _Element
from parsel import Selector

from crawler.decoding import decode
from crawler.errors import NotHtml


@dataclass(eq=False)
class Page:
    """A response as it was received; `selector` and `tree` are one parse."""

    url: str  # as fetched, absolute
    body: bytes  # after content decoding (gzip and the like)
    headers: Mapping[str, str]  # names in lower case
    fetched_at: datetime  # aware, UTC
    status: int = 200

    @cached_property
    def text(self) -> str:
        """The body as Unicode. Raises NotHtml when it is not text."""
        raise NotImplementedError

    @cached_property
    def type(self) -> str:
        """html, xml (feeds, sitemaps), json or text, by the bytes first and the Content-Type second. Raises NotHtml."""
        raise NotImplementedError

    @cached_property
    def selector(self) -> Selector:
        """The one parse, HTML, XML or JSON by `type`. Raises NotHtml."""
        raise NotImplementedError

    @property
    def tree(self) -> _Element:
        """Root element of an HTML page. Raises NotHtml."""
        raise NotImplementedError

    @cached_property
    def base_url(self) -> str:
        """What relative links of this page are relative to: its base element, else its URL."""
        raise NotImplementedError
