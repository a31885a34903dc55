"""Site: what one news site is, as data; and functions that several site files share."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from parsel import Selector

from crawler.items import Kind
from crawler.urls import canonical_url, host_of

if TYPE_CHECKING:
    from tldextract import TLDExtract

_PART_NUMBER = re.compile(r"_\d{1,3}(?=\.s?html?$)")
_PLAIN_PATH = re.compile(r"/(?:[\w~-][\w.~-]*(?:/[\w~-][\w.~-]*)*/?)?", re.ASCII)
_NO_PAGE = ("#", "javascript:", "mailto:", "tel:", "data:")

Rule = str | Callable[[Selector], str | None]
"""One value of a page: a CSS selector, or a function for what a selector cannot say."""

ManyRule = str | Callable[[Selector], Iterable[str]]
"""Several values of a page, in page order."""

BodyRule = str | Callable[[Selector], Selector | None]
"""The element that holds the article's text."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """All we know of a site. What is left out is answered by the any-site engine."""

    name: str
    hosts: tuple[str, ...]  # exact, or "*.example.com" for every host below it; the first is the main one
    host_aliases: Mapping[str, str] = field(default_factory=dict)  # another name of a host -> its main name
    timezone: str = "UTC"  # IANA name; of dates that state no zone
    language: str | None = None  # BCP 47, where the page does not say

    # where pages are
    categories: Mapping[str, str] = field(default_factory=dict)  # slug -> listing URL
    category_names: Mapping[str, str] = field(default_factory=dict)  # slug -> name as printed
    entries: tuple[str, ...] = ()  # listings and feeds without a category, read in every whole crawl: a home page
    article_url: str = ""
    """Regular expression searched in the canonical URL; what matches is an article. Named groups are facts that the
    URL states: `key` (native key, decides identity), `story` (key shared by twins), `category` (slug), `date`."""
    listing_url: str = ""  # the same for further listings (group `category`); links to them are followed from any page
    feed_url: str = ""  # the same for RSS and Atom
    sitemap_url: str = ""  # the same for sitemaps
    article_links: ManyRule = ""  # on a listing: elements with href (or around one), or a function that gives URLs
    next_page: Rule = ""  # on a listing
    page_parameter: str = ""
    """Query parameter that numbers a listing's pages from 1, where no link leads to the next: the same address with the
    number after this one is asked for as long as a page lists articles."""
    parts: ManyRule = ""  # on an article: its further pages
    drop_query: tuple[str, ...] = ()  # query parameters that do not change the page on this site, such as "from"
    sorted_query: bool = False  # the order of query parameters does not matter on this site
    witness: Callable[[str], str | None] | None = None  # article URL -> another address that holds the same article

    # what stands on an article page
    kind: Rule = ""
    title: Rule = ""
    subtitle: Rule = ""
    digest: Rule = ""
    published: Rule = ""
    modified: Rule = ""
    source: Rule = ""
    source_url: Rule = ""
    share_url: Rule = ""
    original_title: Rule = ""
    upstream_id: Rule = ""
    category: Rule = ""  # slug, where the page says it better than the URL
    category_name: Rule = ""
    authors: ManyRule = ""
    editors: ManyRule = ""
    tags: ManyRule = ""
    body: BodyRule = ""
    junk: tuple[str, ...] = ()  # CSS selectors inside the body; taken out
    unwrap: tuple[str, ...] = ()  # the same; only their text stays: stock names dressed as links

    # how to visit
    delay_s: float = 1.0  # between two requests to one host
    concurrency: int = 1  # connections to one host
    poll_s: tuple[float, float] = (300.0, 43_200.0)  # shortest and longest time between two polls of a listing
    recheck_h: tuple[float, ...] = ()  # hours after publication at which an article is looked at again

    def has_host(self, host: str) -> bool:
        """Whether `host` (lower case) is one of the site's own."""
        return any(
            host == own or (own.startswith("*.") and (host.endswith(own[1:]) or host == own[2:]))
            for own in (*self.hosts, *self.host_aliases)
        )

    def canonical(self, url: str) -> str:
        """The one form of a URL of this site. Raises BadField for what is no http(s) URL."""
        url = canonical_url(url, drop=self.drop_query, sort_query=self.sorted_query)
        parts = urlsplit(url)
        main = self.host_aliases.get(parts.hostname or "")
        return parts._replace(netloc=main).geturl() if main else url

    def kind_of(self, url: str) -> Kind | None:
        """What a canonical URL holds, by its form alone; None when no form of the site fits."""
        for kind, form in self._forms:
            if form.search(url):
                return kind
        return None

    def guess(self, url: str) -> Kind:
        """What a canonical URL is read as; one of no known form is a listing, once articles have a form."""
        return self.kind_of(url) or (Kind.LISTING if self.article_url else Kind.ARTICLE)

    def whole(self, url: str) -> str:
        """The first page of the article that a canonical URL is a further page of; the URL itself when it is none."""
        first = _PART_NUMBER.sub("", url)
        return first if self.article_url and self.kind_of(url) is None and self.kind_of(first) is Kind.ARTICLE else url

    @cached_property
    def may_list(self) -> Callable[[str, str], bool]:
        """Whether a link may lead to a listing, a feed or a sitemap, by the page's origin (canonical) and the href.

        Every link of every page is asked for, and most stand on many pages: the answers are kept.
        """
        lists = tuple(form for kind, form in self._forms if kind is not Kind.ARTICLE)

        @lru_cache(maxsize=8192)
        def answer(origin: str, href: str) -> bool:
            if not _PLAIN_PATH.fullmatch(href):  # else it is canonical as it stands
                return bool(href) and not href.startswith(_NO_PAGE)
            return any(form.search(origin + href) for form in lists)

        return answer

    def facts(self, url: str) -> dict[str, str]:
        """What a canonical URL states: the named groups that matched (`key`, `story`, `category`, `date`)."""
        for _, form in self._forms:
            if match := form.search(url):
                said = {name: unquote(value) for name, value in match.groupdict().items() if value}
                if "category" in said:
                    said["category"] = self._slugs.get(_plain(said["category"]), said["category"])
                return said
        return {}

    @cached_property
    def _slugs(self) -> dict[str, str]:
        return {_plain(slug): slug for slug in self.categories}

    @cached_property
    def _forms(self) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
        forms = (
            (Kind.ARTICLE, self.article_url),
            (Kind.LISTING, self.listing_url),
            (Kind.FEED, self.feed_url),
            (Kind.SITEMAP, self.sitemap_url),
        )
        return tuple((kind, re.compile(form)) for kind, form in forms if form)


def _plain(slug: str) -> str:
    """Addresses write a slug in lower case, and split it where it has a space."""
    return re.sub(r"[\s/_-]+", " ", slug).casefold()


def text_of(found: Selector) -> str:
    """All text of an element, or an attribute's value; white space folded. Names may have markup inside: join first."""
    text = found.root if isinstance(found.root, str) else found.xpath("string()").get("")
    return " ".join(text.split())


def first(page: Selector, *selectors: str) -> str | None:
    """Text of the first selector that finds any, for a site whose templates differ by age; JSON has no elements."""
    if page.type == "json":
        return None
    texts = (text_of(found) for selector in selectors for found in page.css(selector))
    return next((text for text in texts if text), None)


def page_url(page: Selector) -> str:
    """Address that an HTML or XML page was fetched from; a base element does not change it. Empty for JSON."""
    if page.type == "json":
        return ""
    url: str | None = page.root.getroottree().docinfo.URL
    return url or ""


def undescribed(url: str) -> Site:
    """A site that nobody described, by an address of it: the any-site engine answers everything.

    It is named for the host, and has every host of its domain: a news site has sections and articles on several. Its
    zone is not known ("": read as UTC unless page, language or country tell). Raises BadField.
    """
    return _of_host(host_of(url))


@lru_cache(maxsize=1024)
def _of_host(host: str) -> Site:
    domain = _suffixes()(host).top_domain_under_public_suffix
    return Site(name=host, hosts=(host, f"*.{domain}") if domain else (host,), timezone="")


@cache
def _suffixes() -> "TLDExtract":
    # Imported here: the public suffixes take 20 ms to load, and described sites need none.
    from tldextract import TLDExtract

    # Offline: the list that lies in the package.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)
