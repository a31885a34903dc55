"""A block of a page: what one element says, and how much of it."""

from collections.abc import Iterator
from functools import cached_property

from lxml import etree

_GLANCE = 400  # characters
_SHORT_LINK = 15  # bytes
all_text = etree.XPath("string()", smart_strings=False)
"""All text of an element, code in it, too."""


class Block:
    """A block element: its own text (with that of inline children), and sums over its subtree.

    `weight` counts UTF-8 bytes, so that one Han character weighs as much as half a word.
    """

    # No slots: what most blocks never change stands on the class, and a block is made with few assignments.
    closed = False
    text = ""  # own text, white space folded
    images = 0  # in the subtree
    own_weight = weight = 0
    own_link_weight = link_weight = 0
    own_prose = prose = 0.0
    is_teasers: bool | None = None  # what is_teaser_list() found; None: nobody asked

    def __init__(
        self, element: etree._Element, tag: str, parent: "Block | None", hint: int, order: "list[Block]"
    ) -> None:
        """A block at the end of `order`, the blocks of its page in document order."""
        self.element = element
        self.tag = tag
        self.parent = parent
        self.hint = hint  # a union of Hint
        self.children: list[Block] = []
        self.order = order  # of the page, or of a part of it that was opened later, until the page is put in order
        self.index = len(order)
        self.end = self.index + 1  # index behind the last block below it
        order.append(self)

    def subtree(self) -> "list[Block]":
        """This block and all below it, in document order."""
        return self.order[self.index : self.end]

    def ancestors(self) -> Iterator["Block"]:
        block = self.parent
        while block is not None:
            yield block
            block = block.parent

    def full_text(self) -> str:
        """The text of the whole subtree, block by block."""
        return " ".join(block.text for block in self.subtree() if block.text)

    @property
    def link_share(self) -> float:
        return self.link_weight / self.weight if self.weight else 0.0

    @property
    def is_linked_line(self) -> bool:
        """Whether nearly all of its own text is a link, and more than "more": a headline of another page."""
        return self.own_weight > _SHORT_LINK and self.own_link_weight >= 0.8 * self.own_weight


class ClosedBlock(Block):
    """A block that is foreign by name: its text is taken as one, when it is asked for; its sums are not handed on."""

    closed = True

    @cached_property
    def text(self) -> str:  # type: ignore[override]
        """What its text begins with."""
        return " ".join(self._whole[:_GLANCE].split())

    @cached_property
    def weight(self) -> int:  # type: ignore[override]
        """Characters of its text, code in it counted."""
        return len(self._whole)

    @property
    def own_weight(self) -> int:  # type: ignore[override]
        return self.weight

    @cached_property
    def _whole(self) -> str:
        return all_text(self.element) or ""
