"""Site + Page -> the links of a listing, or an article and its body container."""

from crawler.body import Body
from crawler.extraction import anysite
from crawler.extraction.anysite import PageKind
from crawler.extraction.described import Draft, draft
from crawler.extraction.listing import page_links, read_listing
from crawler.extraction.missing import is_missing
from crawler.items import Article
from crawler.page import Page
from crawler.site import Site

__all__ = ["Draft", "PageKind", "draft", "is_missing", "page_kind", "page_links", "read_article", "read_listing"]


def page_kind(page: Page) -> PageKind:
    """What the any-site engine takes a page for. Raises NotHtml."""
    return anysite.read(page).kind if page.type == "html" else PageKind.ARTICLE


def read_article(site: Site, page: Page) -> tuple[Article, Body]:
    """What the page says, field by field, and its body container, not yet cleaned.

    Raises FieldMissing, BadField, NotHtml.
    """
    read = draft(site, page)
    if read.problem is not None:
        raise read.problem
    assert read.body is not None
    return read.article, read.body
