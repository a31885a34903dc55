"""What one page shows, gathered once and read by every field: its blocks, its meta elements, its structured data."""

from collections.abc import Sequence
from functools import cached_property

from lxml import etree

from crawler.extraction.anysite import structured, title
from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.body import container
from crawler.extraction.anysite.walk import Walk
from crawler.page import Page

_LONGEST_TITLE = 1000  # characters
_LONGEST_LINE = 300  # bytes


def pieces(block: Block) -> list[str]:
    """The strings of a short block, element by element: layout sets apart what the markup runs together."""
    if block.weight > _LONGEST_LINE or block.children or len(block.element) < 2:
        return [block.text]
    return [text for part in block.element.itertext() if (text := " ".join(part.split()))]


class Evidence:
    """Everything is worked out when it is first asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def root(self) -> etree._Element:
        return self.page.tree

    @cached_property
    def walk(self) -> Walk:
        return Walk(self.root)

    @cached_property
    def meta(self) -> dict[str, str]:
        return structured.meta_of(self.root)

    @cached_property
    def items(self) -> list[structured.Item]:
        return structured.items_of(self.root)

    @cached_property
    def item(self) -> structured.Item:
        """The JSON-LD object of the article; empty where there is none."""
        return structured.article_of(self.items)

    def first_meta(self, names: Sequence[str]) -> tuple[str, str] | None:
        """Name and content of the first of the meta elements that has any."""
        for name in names:
            if content := self.meta.get(name, "").strip():
                return name, content
        return None

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """What the site calls itself, most certain first."""
        found = [self.meta.get("og:site_name"), self.meta.get("application-name")]
        found.extend(structured.names(self.item.get("publisher")))
        found.extend(
            name
            for item in self.items
            if item.get("@type") in ("Organization", "NewsMediaOrganization", "WebSite")
            for name in structured.names(item)
        )
        return tuple(dict.fromkeys(name.strip() for name in found if name and name.strip()))

    @cached_property
    def head_title(self) -> str | None:
        element = next(self.root.iter("title"), None)
        return " ".join((element.text or "").split()) or None if element is not None else None

    @cached_property
    def titles(self) -> list[title.Said]:
        """What the page says its title is, in order of trust."""
        return [
            title.Said(text[:_LONGEST_TITLE], rule)
            for rule, text in (
                ("json-ld headline", structured.string(self.item.get("headline"))),
                ("meta og:title", self.meta.get("og:title")),
                ("meta twitter:title", self.meta.get("twitter:title")),
                ("title", self.head_title),
            )
            if text and text.strip()
        ]

    @cached_property
    def headline(self) -> title.Headline | None:
        return title.headline(self.walk, self.titles, self.site_names, self.page.url)

    @property
    def head(self) -> Block | None:
        """The block that prints the headline."""
        return self.headline.block if self.headline else None

    @cached_property
    def choice(self) -> container.Choice | None:
        return container.choose(self.walk, self.head)

    @property
    def prose(self) -> float:
        """Bytes of running text in the chosen blocks."""
        return self.choice.prose if self.choice else 0.0

    @cached_property
    def descriptions(self) -> list[str]:
        """What the page says it is about; a standfirst is often the same."""
        found = [self.meta.get(name) for name in ("description", "og:description", "twitter:description")]
        found.append(structured.string(self.item.get("description")))
        return [text for text in dict.fromkeys(found) if text]

    @cached_property
    def margin(self) -> list[Block]:
        """The blocks around the headline, down to the first running text: where byline, date and source stand."""
        head, blocks = self.head, self.walk.blocks
        start = self.choice.parts[0].index if self.choice else 0
        prose = next((block.index for block in blocks[start:] if block.own_prose > 150), start)
        if head is None:
            low, high = max(0, prose - 40), prose + 3
        else:
            low, high = max(0, min(head.index, prose) - 12), max(head.index + 12, prose + 3)
        return [block for block in blocks[low : min(high, low + 160)] if block.text and block.weight < 1500]

    @cached_property
    def last_lines(self) -> list[Block]:
        """The last blocks of text in the container, where bylines of the Chinese press stand."""
        if self.choice is None:
            return []
        return [block for block in self.choice.parts[-1].subtree() if not block.closed and block.text][-6:]
