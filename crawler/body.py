"""Body: the tree that the steps work on, what they found and what they took out."""

from dataclasses import dataclass, field

from lxml import etree

from crawler.items import Removed


@dataclass(slots=True)
class Found:
    """What the lines that were taken out of a body say. None: no such line."""

    digest: str | None = None
    source: str | None = None
    share_url: str | None = None
    original_title: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


@dataclass(slots=True)
class Body:
    """The chosen container of one page. Steps change `tree` in place, and say in `removed` what they took."""

    tree: etree._Element  # a copy of the container, or the container itself where nobody reads the page again
    base_url: str  # what relative links in it are relative to
    junk: tuple[str, ...] = ()  # the site's own CSS selectors
    title: str = ""  # of the article; a body must not repeat it
    found: Found = field(default_factory=Found)
    removed: list[Removed] = field(default_factory=list)
