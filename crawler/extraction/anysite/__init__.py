"""The any-site engine: answers what a site file leaves out, for a site that nobody described."""

from crawler.extraction.anysite.kinds import PageKind
from crawler.extraction.anysite.lists.listings import Entry, Listing, listing
from crawler.extraction.anysite.reading import Reading
from crawler.page import Page

__all__ = ["Entry", "Listing", "PageKind", "Reading", "listing", "read"]


def read(page: Page, *, timezone: str | None = None, language: str | None = None) -> Reading:
    """What an article page says. `timezone` (IANA) and `language` are the site's, used where the page is silent.

    Raises NotHtml, on the first field that needs the tree, for what is no HTML page.
    """
    return Reading(page, timezone or None, language)
