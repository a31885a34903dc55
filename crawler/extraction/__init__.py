"""Site + Page -> the links of a listing, or an article and its body container."""

from crawler.body import Body
from crawler.extraction.anysite import PageKind
from crawler.extraction.described import Draft, draft
from crawler.extraction.listing import page_links, read_listing
from crawler.items import Article
from crawler.page import Page
from crawler.site import Site

__all__ = ["Draft", "PageKind", "draft", "page_links", "read_article", "read_listing"]


def read_article(site: Site, page: Page) -> tuple[Article, Body]:
    """What the page says, field by field, and its body container, not yet cleaned.

    Raises FieldMissing, BadField, NotHtml.
    """
    read = draft(site, page)
    if read.problem is not None:
        raise read.problem
    assert read.body is not None
    return read.article, read.body
