"""Page: one response, decoded once and parsed once. No Scrapy: a crawl, a replay and a test use the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal
from urllib.parse import urljoin

from lxml import etree
from parsel import Selector

from crawler.decoding import decode
from crawler.errors import NotHtml

Type = Literal["html", "xml", "json"]

_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(eq=False)
class Page:
    """A response as it was received; `selector` and `tree` are the one parse of it."""

    url: str  # as fetched, absolute
    body: bytes  # after content decoding (gzip and the like)
    headers: Mapping[str, str]  # names in lower case
    fetched_at: datetime  # aware, UTC
    status: int = 200

    @cached_property
    def text(self) -> str:
        """The body as Unicode. Raises NotHtml when it is not text."""
        return decode(self.body, self.headers.get("content-type"))

    @cached_property
    def type(self) -> Type:
        """By the first characters; HTML is what is neither JSON nor XML. Raises NotHtml."""
        declared = self.headers.get("content-type", "").split(";")[0].strip().lower()
        start = self.text[:512].lstrip("\ufeff \t\r\n")
        if start[:1] in ("{", "["):
            return "json"
        if start.startswith("<?xml") and declared not in _HTML_TYPES and "<html" not in start.lower():
            return "xml"
        if start.startswith(("<rss", "<feed", "<urlset", "<sitemapindex")):
            return "xml"
        return "html"

    @cached_property
    def selector(self) -> Selector:
        """The page by its `type`. Raises NotHtml."""
        if self.type == "json":
            return Selector(text=self.text, type="json")
        return Selector(text=self.text, type=self.type, base_url=self.url)

    @property
    def tree(self) -> etree._Element:
        """Root element of an HTML or XML page. Raises NotHtml."""
        if self.type == "json":
            raise NotHtml(f"{self.url}: JSON has no element tree")
        root: etree._Element = self.selector.root
        return root

    @cached_property
    def base_url(self) -> str:
        """What relative links are relative to: the page's base element, else its URL. Raises NotHtml."""
        if self.type != "html":
            return self.url
        href = self.selector.css("base::attr(href)").get()
        return urljoin(self.url, href.strip()) if href else self.url
