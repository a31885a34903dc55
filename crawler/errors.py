"""What can go wrong with a page, a site or a store; each says what it means and what to do.

Lower rooms raise these; `PageResult.through` turns one into the state and reason of a URL, and the command line
into a message and an exit code.
"""


class CrawlerError(Exception):
    """Anything newscrawl raises on purpose."""


class UnknownSite(CrawlerError):
    """No site file claims this name or host, or the site has no such category."""


class NotHtml(CrawlerError):
    """The response is not a text page: a PDF, an image, an archive."""


class FieldMissing(CrawlerError):
    """A field that every article must have (url, title, body) is not on the page."""


class BadField(CrawlerError):
    """A field is there but unreadable, or a body is empty after cleaning."""


class StoreUnusable(CrawlerError):
    """The database cannot be used: no database, a newer schema, read-only or full."""


class SiteHeld(StoreUnusable):
    """Another run has the site; the message names its holder."""
