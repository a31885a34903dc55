"""newscrawl: news pages in, clean normalised articles out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.items import Article

__version__ = "0.1.0"
__all__ = ["__version__", "extract"]


def extract(html: bytes | str, url: str) -> "Article":
    """The article on a page, whole and clean. The site of `url` need not be known.

    Bytes are decoded as a crawl decodes them. Offline: nothing is fetched, nothing is stored. Raises NotHtml for what
    is no text, FieldMissing and BadField for a page that is no article; each says why.
    """
    # Not at the top: `import crawler` costs nothing, and whoever extracts nothing loads no parser.
    from crawler.path import article_of

    return article_of(html, url)
