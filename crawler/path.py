"""The one path of a page: extraction and cleaning, shared by a crawl, a replay, a test and `extract`."""

from crawler.items import Kind
from crawler.page import Page
from crawler.result import PageResult
from crawler.site import Site


def read_page(site: Site, page: Page, *, url: str, kind: Kind, category: str = "") -> PageResult:
    """What a response says: an article with its body tree (not yet cleaned), or the links of a listing.

    `url` is the canonical address it was asked for. A page that cannot be read gives a result with its state and reason.
    """
    raise NotImplementedError


def clean_body(result: PageResult) -> None:
    """What the CleanBody pipeline does. Raises CrawlerError."""
    raise NotImplementedError


def strip_tail(result: PageResult) -> None:
    """What the StripTail pipeline does. Raises CrawlerError."""
    raise NotImplementedError


def normalise(result: PageResult) -> None:
    """What the Normalise pipeline does: renderings, dates, hash, required fields. Raises FieldMissing, BadField."""
    raise NotImplementedError


def process(site: Site, page: Page, *, url: str, kind: Kind, category: str = "") -> PageResult:
    """A page through the whole path but the store, as the pipelines would take it."""
    result = read_page(site, page, url=url, kind=kind, category=category)
    return result.through(clean_body).through(strip_tail).through(normalise)
