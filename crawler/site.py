"""Site: what one news site is, as data; and functions that several site files share."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from parsel import Selector

from crawler.items import Kind, Link

Rule = str | Callable[[Selector], str | None]
"""One value of a page: a CSS selector, or a function for what a selector cannot say."""

ManyRule = str | Callable[[Selector], Iterable[str]]
"""Several values of a page, in page order."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """All we know of a site. A field left out is answered by the any-site engine."""

    name: str
    hosts: tuple[str, ...]  # exact, or "*.example.com" for every host below; the first is the main one
    host_aliases: Mapping[str, str] = field(default_factory=dict)  # other names of a host -> its main name
    timezone: str = "UTC"  # IANA name; of dates without a zone
    language: str | None = None  # BCP 47, where the page does not say

    # where pages are
    categories: Mapping[str, str] = field(default_factory=dict)  # slug -> listing URL
    category_names: Mapping[str, str] = field(default_factory=dict)  # slug -> name as printed
    entries: tuple[str, ...] = ()  # further listings and feeds read in every whole crawl: home page, rolling news
    article_url: str = ""
    """Regular expression searched in the canonical URL; what matches is an article. Named groups are facts that the
    URL states: `key` (native key, decides identity), `story` (shared by twins), `category` (slug), `date`."""
    listing_url: str = ""  # the same for further listings; group `category`. Links to them are followed from any page
    feed_url: str = ""  # the same for RSS, Atom
    article_links: ManyRule = ""  # on a listing: elements with href, or a function that gives URLs
    next_page: Rule = ""  # on a listing
    parts: ManyRule = ""  # on an article: further pages of it
    drop_query: tuple[str, ...] = ()  # query parameters of this site that do not change the page, such as "from"
    sorted_query: bool = False  # the order of query parameters does not matter on this site
    witness: Callable[[str], str | None] | None = None  # article URL -> another address that holds the same article

    # what stands in an article page
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
    authors: ManyRule = ""
    editors: ManyRule = ""
    tags: ManyRule = ""
    category_name: Rule = ""
    body: str | Callable[[Selector], Selector | None] = ""
    junk: tuple[str, ...] = ()  # CSS selectors inside the body

    # how to visit
    delay_s: float = 1.0  # between two requests to one host
    concurrency: int = 1  # connections to one host
    recheck_h: tuple[float, ...] = ()  # hours after publication at which an article is looked at again
