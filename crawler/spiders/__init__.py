"""The one walk: listing pages, then articles. One spider name per site; what differs is the site."""

from builtins import list as List  # noqa: N812 - SiteSpiders has a method of this name
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response

from crawler.errors import UnknownSite
from crawler.items import Kind, Link, State
from crawler.page import Page
from crawler.result import PageResult
from crawler.site import Site
from crawler.sites import load_site, site_names
from crawler.spiders.answers import answered, unanswered, utc_now
from crawler.store import Row

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

_PAGED = (Kind.LISTING, Kind.FEED, Kind.SITEMAP)


class Walk(Spider):
    """The walk of one site. Requests come from the frontier, which is where links and seeds go.

    `category`: only these (slugs); `url`: only these pages, and of a listing the articles on it. Separated by commas
    and by spaces, when they come as text. Raises UnknownSite.
    """

    site: Site

    def __init__(self, category: str | Sequence[str] = (), url: str | Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        slugs = category.split(",") if isinstance(category, str) else category
        urls = url.split() if isinstance(url, str) else url
        self.categories = tuple(known_category(self.site, slug.strip()) for slug in slugs if slug.strip())
        self.urls = tuple(own_url(self.site, url) for url in urls)
        self._entries = frozenset(self.site.canonical(entry) for entry in self.site.entries)

    async def start(self) -> AsyncIterator[Request]:
        # All with one request: a page that is read before the last seed is a row might link to it in another category.
        if seeds := self.seeds():
            yield Request(seeds[0].url, meta={"seeds": seeds}, dont_filter=True)

    def seeds(self) -> tuple[Link, ...]:
        """Where this crawl begins."""
        return tuple(_seeds(self.site, self.categories, self.urls))

    def read(self, response: Response) -> Iterator[PageResult]:
        """A response becomes one result."""
        row = cast(Row, response.meta["row"])
        page = Page(
            url=response.url,
            body=response.body,
            headers=_headers(response),
            fetched_at=response.meta.get("fetched_at") or utc_now(),  # a replayed response is as old as its record
            status=response.status,
        )
        result = answered(self.site, row, page)
        result.seconds = response.meta.get("seconds", 0.0)
        result.bytes = response.meta.get("bytes", len(response.body))
        result.request_headers = _headers(response.request)
        if result.state is not State.MOVED:
            result.links = tuple(self._wanted(row, result.links))
        yield result

    def failed(self, failure: "Failure") -> Iterator[PageResult]:
        """No response becomes one result, too."""
        request = cast(Request, failure.request)  # type: ignore[attr-defined]
        result = unanswered(cast(Row, request.meta["row"]), failure.value)
        result.seconds = request.meta.get("seconds", 0.0)
        result.bytes = request.meta.get("bytes", 0)
        result.request_headers = _headers(request)
        yield result

    def _wanted(self, row: Row, links: Sequence[Link]) -> Iterator[Link]:
        """The links that this crawl follows."""
        for link in links:
            if link.kind is Kind.ARTICLE and row.kind is Kind.ARTICLE and row.parent and not self.site.article_url:
                continue  # on a site without a file, what a listing called an article turned out to be another listing
            if not (self.urls or self.categories):
                yield link
            elif self.urls:
                if link.kind in (Kind.PART, Kind.ARTICLE):  # an article leads to an article that is its own witness
                    yield link
            elif link.category in self.categories or (not link.category and link.url not in self._entries):
                yield link  # a listing of no category belongs to that of the page, but for the site's front pages
            elif link.kind not in _PAGED:
                # Listed in a category that was asked for: that it says another itself is no reason to leave it out.
                yield replace(link, category=row.category)


def _headers(message: Request | Response | None) -> dict[str, str]:
    """By name in lower case; what is sent more than once is joined, as HTTP says it may be."""
    if message is None:
        return {}
    # The plain items: Scrapy's own normalise each name again, 30 us a page.
    raw = dict.items(message.headers)
    return {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in raw}


def _seeds(site: Site, categories: Sequence[str], urls: Sequence[str]) -> Iterator[Link]:
    """As asked for; a whole crawl begins at every entry and category."""
    known = {site.canonical(url): slug for slug, url in site.categories.items()}
    known |= {site.canonical(url): "" for url in site.entries if site.canonical(url) not in known}
    if urls:
        chosen = [site.whole(url) for url in urls]
    elif categories:
        chosen = [site.canonical(site.categories[slug]) for slug in categories]
    else:
        chosen = list(known)
    for url in dict.fromkeys(chosen):
        kind = site.guess(url)
        if url in known and kind not in _PAGED:
            kind = Kind.LISTING
        yield Link(url=url, kind=kind, category=known.get(url) or site.facts(url).get("category", ""))


def known_category(site: Site, name: str) -> str:
    """The slug of a category, by slug or by name as printed. Raises UnknownSite naming the nearest."""
    if name in site.categories:
        return name
    by_name = {printed: slug for slug, printed in site.category_names.items()}
    if by_name.get(name) in site.categories:
        return by_name[name]
    near = get_close_matches(name, [*site.categories, *by_name], n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UnknownSite(f"{site.name} has no category {name!r}{hint} Known: {', '.join(site.categories)}")


def own_url(site: Site, url: str) -> str:
    """The canonical form of a URL of this site. Raises UnknownSite, BadField."""
    canonical = site.canonical(url)
    if not site.has_host(urlsplit(canonical).hostname or ""):
        raise UnknownSite(f"{url} is not a page of {site.name}: {', '.join(site.hosts)}")
    return canonical


def spider_for(site: Site) -> type[Walk]:
    """The spider class of a site, under its name."""
    return type(f"{site.name.title().replace('-', '')}Walk", (Walk,), {"name": site.name, "site": site})


class SiteSpiders:
    """Scrapy's spider loader: each site is a spider."""

    @classmethod
    def from_settings(cls, settings: "BaseSettings") -> Self:  # noqa: ARG003 - Scrapy's signature
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        try:
            return spider_for(load_site(spider_name))
        except UnknownSite as error:
            raise KeyError(str(error)) from error

    def list(self) -> list[str]:
        return site_names()

    def find_by_request(self, request: Request) -> List[str]:
        host = urlsplit(request.url).hostname or ""
        return [name for name in site_names() if load_site(name).has_host(host)]
