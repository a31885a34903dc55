"""Page: one response, decoded once and parsed once. No Scrapy: a crawl, a replay and a test use the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, Self

from lxml import etree
from parsel import Selector, SelectorList

from crawler.decoding import utf8
from crawler.errors import BadField, NotHtml
from crawler.urls import join

Type = Literal["html", "xml", "json"]

_PROLOG_CHARS = 2048
_ROOT = re.compile(
    r"(?:(?><\?.*?\?>)|(?><!--.*?-->)|<!DOCTYPE[^>]*+>|\s++)*+<(?:\w+:)?(\w+)", re.DOTALL | re.IGNORECASE
)
_XML_ROOTS = frozenset(("rss", "feed", "rdf", "urlset", "sitemapindex"))
_CONDUCT = ("x-robots-tag", "robots", "tdm-reservation", "tdm-policy", "content-usage")
_CONDUCT_CHARS = 1000
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
    def utf8(self) -> bytes:
        """The body's text in UTF-8, as the parser takes it. Raises NotHtml when it is not text."""
        return utf8(self.body, self.headers.get("content-type"))

    @cached_property
    def text(self) -> str:
        """The body as Unicode. Raises NotHtml when it is not text."""
        return self.utf8.decode("utf-8")

    @cached_property
    def type(self) -> Type:
        """By the first characters; HTML is what is neither JSON nor XML. Raises NotHtml."""
        declared = self.headers.get("content-type", "").split(";")[0].strip().lower()
        start = self.utf8[: 4 * _PROLOG_CHARS].decode("utf-8", "ignore")[:_PROLOG_CHARS].lstrip("\ufeff \t\r\n")
        if start[:1] in ("{", "["):
            return "json"
        if start.startswith("<?xml") and declared not in _HTML_TYPES and "<html" not in start.lower():
            return "xml"
        # Feeds are served as text/html too, and XHTML as XML: the root element's name decides.
        root = _ROOT.match(start)
        return "xml" if root and root[1].lower() in _XML_ROOTS else "html"

    @cached_property
    def selector(self) -> Selector:
        """The page by its `type`. Raises NotHtml, BadField."""
        if self.type == "html":
            return Selector(root=self.tree, type="html")
        kind = JsonSelector if self.type == "json" else Selector
        try:
            return kind(text=self.text, type=self.type, base_url=self.url)
        except RecursionError:
            raise BadField("page: nested deeper than the parser keeps") from None

    @cached_property
    def tree(self) -> etree._Element:
        """Root element of an HTML or XML page. Raises NotHtml; BadField when the parser had to lose text."""
        if self.type == "json":
            raise NotHtml(f"{self.url}: JSON has no element tree")
        if self.type == "html":
            return _parsed(self.utf8, self.url)
        root: etree._Element = self.selector.root
        return root

    @cached_property
    def base_url(self) -> str:
        """What relative links are relative to: the page's base element, else its URL. Raises NotHtml."""
        if self.type != "html":
            return self.url
        href = next((base.get("href") for base in self.tree.iter("base") if "href" in base.attrib), None)
        return join(self.url, href) or self.url if href else self.url

    @cached_property
    def conduct(self) -> dict[str, str]:
        """What the sender says about the use of the page, by name: headers, and where none says it, meta elements."""
        said = {name: self.headers[name] for name in _CONDUCT if name in self.headers}
        try:
            metas = list(self.tree.iter("meta")) if self.type == "html" else []
        except (NotHtml, BadField):
            return said
        for meta in metas:
            name, value = (meta.get("name") or "").strip().lower(), (meta.get("content") or "").strip()
            if value and name in _CONDUCT:
                said.setdefault(name, value[:_CONDUCT_CHARS])
        return said

    def close(self) -> None:
        """Let go of the parse, once the page is read; what the sender says about its use stays known.

        Memory that is let go of at once is still in the processor's cache when the next page is parsed into it.
        """
        if "tree" in self.__dict__ or "selector" in self.__dict__:
            _ = self.conduct
        for name in ("selector", "tree", "text", "utf8"):
            self.__dict__.pop(name, None)


class JsonSelector(Selector):
    """JSON has no elements: a rule that looks for some finds none, where parsel would raise."""

    def xpath(self, query: str, namespaces: Mapping[str, str] | None = None, **kwargs: Any) -> SelectorList[Self]:
        if self.type == "json":
            return SelectorList([])
        return super().xpath(query, namespaces, **kwargs)

    def css(self, query: str) -> SelectorList[Self]:
        return SelectorList([]) if self.type == "json" else super().css(query)


def _parsed(raw: bytes, url: str) -> etree._Element:
    """The tree of an HTML page, of lxml's plain elements: its HtmlElement makes every look at a node cost a call."""
    raw = _with_short_tags(raw.replace(b"\0", b"").strip() or b"<html/>")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root: etree._Element | None = etree.fromstring(raw, parser, base_url=url)
    # libxml2 begins another document after </html>, of which nobody would see anything; browsers take no notice of it.
    if root is not None and any(isinstance(other.tag, str) for other in root.itersiblings()):
        root = etree.fromstring(_ENDS.sub(_kept_code, raw), parser, base_url=url)
    # The one fatal error of an HTML parser that recovers: nested deeper than it keeps, the rest of the text is gone.
    if parser.error_log.filter_from_level(etree.ErrorLevels.FATAL):
        raise BadField("page: nested deeper than the parser keeps")
    return root if root is not None else etree.fromstring(b"<html/>", parser, base_url=url)


_LONGEST_TAG = 65_536  # bytes; the parser's time grows with the square of a tag's attributes: 200,000 take 27 s
_WINDOW = _LONGEST_TAG // 2  # a longer tag fills one of these, counted from the start of the page
_MOST_QUOTED_ENDS = 1_500  # of ">" right before a quote: a page has some, a tag that hides its length in values many
_QUOTED_END = re.compile(rb">[\"']")
# A quote hides an end only behind "=": elsewhere it is part of a name, and pages have them there.
_TAG = rb"""<[a-zA-Z](?:[^>"'=]|=\s*"[^"]*"|=\s*'[^']*'|[="'])*+>?"""
_CODE = rb"(?P<code><(?:script|style)\b[^<>]{0,4096}>.*?</(?:script|style)\b|<!--.*?-->)"
_ENDS = re.compile(_CODE + rb"|</(?:html|body)\b[^>]*>", re.S | re.I)
_TAGS = re.compile(_CODE + rb"|" + _TAG, re.S | re.I)
_VALUE = re.compile(rb"""=\s*(?:"[^"]*"|'[^']*')""")
_MOST_ATTRIBUTES = 2_000
_TAG_NAME = re.compile(rb"<[a-zA-Z][\w:-]{0,100}")


def _with_short_tags(raw: bytes) -> bytes:
    """The page with tags of very many attributes cut to their names. An ordinary page is looked at and not copied."""
    if len(raw) <= _LONGEST_TAG or not (_has_long_tag(raw) or len(_QUOTED_END.findall(raw)) > _MOST_QUOTED_ENDS):
        return raw
    return _TAGS.sub(_cut_tag, raw)


def _has_long_tag(raw: bytes) -> bool:
    """Whether more lies between a "<" and the ">" behind it than a tag may hold."""
    if all(raw.find(b">", at, at + _WINDOW) >= 0 for at in range(0, len(raw) - _WINDOW, _WINDOW)):
        return False
    long = (part for part in raw.split(b">") if len(part) > _LONGEST_TAG)
    return any(b"<" in part and len(part) - part.index(b"<") > _LONGEST_TAG for part in long)


def _kept_code(match: re.Match[bytes]) -> bytes:
    return match["code"] or b""


def _cut_tag(match: re.Match[bytes]) -> bytes:
    tag = match[0]
    if len(tag) <= _LONGEST_TAG or match["code"] or len(_VALUE.sub(b"", tag).split()) <= _MOST_ATTRIBUTES:
        return tag
    name = _TAG_NAME.match(tag)
    return name[0] + b">" if name else tag
