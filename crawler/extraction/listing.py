"""Links of a listing: an HTML page, an API answer, a feed or a sitemap; and those an article page leads to."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import islice

from cssselect import HTMLTranslator
from lxml import etree

from crawler.body import visible_text
from crawler.dates import read_date
from crawler.errors import BadField
from crawler.extraction import anysite
from crawler.extraction.rules import folded
from crawler.items import Kind, Link
from crawler.page import Page
from crawler.site import ManyRule, Rule, Site
from crawler.urls import host_of, join

_ENTRY = etree.XPath("//*[local-name()='entry' or local-name()='item']")
_HREFS = etree.XPath("//a/@href | //link/@href", smart_strings=False)
_LOC = etree.XPath("/*/*/*[local-name()='loc']")
_ENTRY_LEVELS = 4  # from a headline up to its entry
_DATE_CHARS = 40
_HEADLINE_CHARS = 8
_DATE_LIKE = re.compile(
    r"\d{2,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}:\d{2}|[前昨今]天?|[A-Z][a-z]{2,8} \d{1,2}"
)
_DATES = ("published", "pubDate", "date", "updated", "issued", "modified")


def read_listing(site: Site, page: Page) -> tuple[Link, ...]:
    """Article links in page order, each once; then further listings; then the next page (`Link.page`).

    Links are canonical, http(s), on the site's hosts, each of the kind its form says. Raises NotHtml.
    """
    reader = _Links(site, page)
    if page.type == "xml" and page.tree.xpath("local-name(/*)") in ("urlset", "sitemapindex"):
        reader.sitemap()
    elif page.type == "xml":
        reader.feed()
    else:
        reader.articles()
        if page.type == "html":
            reader.listings()
        reader.next_page()
    return reader.links


def page_links(site: Site, page: Page) -> tuple[Link, ...]:
    """Links on an article page: its further parts, and listings of the site. Raises NotHtml."""
    reader = _Links(site, page)
    reader.parts()
    if page.type == "html":
        reader.listings()
    return reader.links


class _Links:
    """Links as they are found on one page."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site = site
        self.page = page
        self._found: dict[str, Link] = {}
        self._next: Link | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """Each once: articles and parts, then feeds and listings, then the next page."""
        first = [link for link in self._found.values() if link.kind in (Kind.ARTICLE, Kind.PART)]
        rest = [link for link in self._found.values() if link.kind not in (Kind.ARTICLE, Kind.PART)]
        after = [self._next] if self._next else []
        return (*first, *(link for link in rest if not self._next or link.url != self._next.url), *after)

    @cached_property
    def own(self) -> str:
        return self.site.canonical(self.page.url)

    def articles(self) -> None:
        """What the site's rule selects; without a rule, every link that has the form of an article."""
        if self.site.article_links:
            self._selected(self.site.article_links)
        elif self.site.article_url and self.page.type == "html":
            for anchor in self.page.tree.iter("a"):
                self._add(anchor.get("href") or "", visible_text(anchor), None, only=Kind.ARTICLE)
        elif self.page.type == "html":
            for entry in anysite.listing(self.page).entries:
                self._add(entry.url, entry.title, entry.published, default=Kind.ARTICLE)

    def _selected(self, rule: ManyRule) -> None:
        anchors = _anchors(self.page) if callable(rule) else {}
        for href, anchor in _pointed(rule, self.page):
            anchor = anchor if anchor is not None else anchors.get(href)
            if anchor is None:
                self._add(href, "", None)
            else:
                self._add(href, anchor.get("title") or visible_text(anchor), self._date(_date_beside(anchor)))

    def listings(self) -> None:
        """Links to listings, feeds and sitemaps, wherever they stand."""
        if not (self.site.listing_url or self.site.feed_url or self.site.sitemap_url):
            return
        # Each address once, and only those that may be listings: a page has hundreds of links, and few lead there.
        origin = (self._canonical("/") or "").removesuffix("/")
        for href in dict.fromkeys(_HREFS(self.page.tree)):
            if self.site.may_list(origin, href):
                self._listing(href)

    def _listing(self, href: str) -> None:
        if (url := self._canonical(href)) and url not in self._found and url != self.own:
            kind = self.site.kind_of(url)
            if kind not in (None, Kind.ARTICLE):
                anchors = self.page.tree.iter("a", "link")
                anchor = next(anchor for anchor in anchors if anchor.get("href") == href)
                self._keep(url, kind, folded(visible_text(anchor)) or None, None)

    def next_page(self) -> None:
        rule = self.site.next_page
        href: str | None = None
        if rule:
            href = next((href for href, _ in _pointed(rule, self.page)), None)
        elif self.site.page_parameter:
            href = _numbered(self.page.url, self.site.page_parameter) if self._found else None
        elif not self.site.article_links and self.page.type == "html":
            href = anysite.listing(self.page).next_page
        url = self._canonical(href) if href else None
        if url and url != self.own:
            self._next = Link(url, Kind.LISTING, self.site.facts(url).get("category", ""), page=True)

    def parts(self) -> None:
        if self.site.parts:
            for href, _ in _pointed(self.site.parts, self.page):
                if (url := self._canonical(href)) and url != self.own:
                    self._found.setdefault(url, Link(url, Kind.PART))

    def feed(self) -> None:
        """Entries of RSS, RDF and Atom in any namespace."""
        for entry in _ENTRY(self.page.tree):
            said = {etree.QName(child).localname: child for child in entry if isinstance(child.tag, str)}
            dated = next((said[name].text for name in _DATES if name in said and said[name].text), None)
            title = "".join(said["title"].itertext()) if "title" in said else ""
            self._add(_entry_url(entry), title, self._date(dated), default=Kind.ARTICLE)

    def sitemap(self) -> None:
        """Addresses of a sitemap (news or plain), or the sitemaps of an index."""
        index = self.page.tree.xpath("local-name(/*)") == "sitemapindex"
        for loc in _LOC(self.page.tree):
            said = {etree.QName(part).localname: part.text for part in loc.getparent().iter() if _is_named(part)}
            if index:
                if url := self._canonical(loc.text or ""):
                    self._keep(url, Kind.SITEMAP, None, None)
            else:
                self._add(loc.text or "", said.get("title") or "", self._date(said.get("publication_date")))

    def _add(
        self,
        href: str,
        title: str,
        published: datetime | None,
        *,
        only: Kind | None = None,
        default: Kind | None = None,
    ) -> None:
        """A link of the kind that its form says, `default` where no form fits; articles need none on a listing."""
        url = self._canonical(href)
        if url is None or url == self.own:
            return
        kind = self.site.kind_of(url) or (default if not self.site.article_url else None)
        if kind is None or (only is not None and kind is not only):
            return
        self._keep(url, kind, folded(title) or None, published)

    def _keep(self, url: str, kind: Kind, title: str | None, published: datetime | None) -> None:
        link = Link(url, kind, self.site.facts(url).get("category", ""), title, published)
        known = self._found.get(url)
        if known is None:
            self._found[url] = link
        elif not (known.title and known.published):  # a picture before its headline: the second has the words
            title, published = known.title or link.title, known.published or link.published
            self._found[url] = Link(url, known.kind, known.category, title, published)

    def _canonical(self, href: str) -> str | None:
        """Canonical URL on one of the site's hosts."""
        url = join(self.page.base_url, href)
        if url is None:
            return None
        try:
            canonical = self.site.canonical(url)
            return canonical if self.site.has_host(host_of(canonical)) else None
        except BadField:
            return None

    def _date(self, text: str | None) -> datetime | None:
        moment = read_date(text, timezone=self.site.timezone, now=self.page.fetched_at) if text else None
        return moment.at if moment else None


def _pointed(rule: Rule | ManyRule, page: Page) -> Iterator[tuple[str, etree._Element | None]]:
    """Addresses a rule points at, with the elements that a selector found."""
    if not isinstance(rule, str):
        said = rule(page.selector)
        for href in [said] if isinstance(said, str) else said or ():
            yield href, None
        return
    if page.type == "json":
        return
    for element in _compiled(rule.removesuffix("::attr(href)"))(page.tree):
        around = element.iter("a", "area", "link") if not element.get("href") else (element,)
        anchors = [anchor for anchor in (*around, *element.iterancestors("a")) if join(page.base_url, _address(anchor))]
        if anchors:
            href = _address(anchors[0])
            yield href, max((anchor for anchor in anchors if _address(anchor) == href), key=_words)


def _address(anchor: etree._Element) -> str:
    return (anchor.get("href") or "").partition("#")[0]


def _words(anchor: etree._Element) -> int:
    return len(visible_text(anchor))


def _anchors(page: Page) -> dict[str, etree._Element]:
    """The link with the most words for each address on an HTML page, for a rule that gave addresses alone."""
    found: dict[str, etree._Element] = {}
    if page.type != "html":
        return found
    for anchor in page.tree.iter("a"):
        href = anchor.get("href") or ""
        if href not in found or _words(anchor) > _words(found[href]):
            found[href] = anchor
    return found


def _date_beside(anchor: etree._Element) -> str | None:
    """The date that an entry of a listing states beside its headline."""
    entry = anchor
    for outer in islice(anchor.iterancestors(), _ENTRY_LEVELS):
        if outer.tag in ("body", "html") or _leads_elsewhere(outer, anchor.get("href") or ""):
            break
        entry = outer
    # A date in a summary is when something happens: only an element that says little else dates the entry.
    said = (visible_text(part) for part in entry.iter() if isinstance(part.tag, str) and part.tag != "a")
    return next(
        (text for text in said if len(text) <= _DATE_CHARS and _DATE_LIKE.search(text) and "，" not in text), None
    )


def _leads_elsewhere(element: etree._Element, href: str) -> bool:
    """Whether an element holds another headline: a link of some words to another address."""
    return any(
        other.get("href") not in (href, None) and _words(other) >= _HEADLINE_CHARS for other in element.iter("a")
    )


def _numbered(url: str, parameter: str) -> str | None:
    """The address with the next page number, when it has one."""
    form = re.compile(rf"(?<=[?&]){re.escape(parameter)}=(\d{{1,6}})(?=&|$)", re.ASCII)
    return form.sub(lambda match: f"{parameter}={int(match[1]) + 1}", url) if form.search(url) else None


def _entry_url(entry: etree._Element) -> str:
    """The address of a feed's entry: Atom's alternate link, RSS's link, else a guid that is one."""
    guid = ""
    for child in entry:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        address = child.get("href") or (child.text or "").strip()
        if name == "link" and address and child.get("rel", "alternate") == "alternate":
            return _based(child, address)
        if name in ("guid", "id") and child.get("isPermaLink") != "false":
            guid = _based(child, (child.text or "").strip())
    return guid


def _based(element: etree._Element, address: str) -> str:
    """What the address of an XML element is relative to may be said by any element around it (xml:base)."""
    return join(element.base or "", address) or address


def _is_named(part: etree._Element) -> bool:
    return isinstance(part.tag, str) and bool(part.text)


@lru_cache(maxsize=256)
def _compiled(css: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(css))
