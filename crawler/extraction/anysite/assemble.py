"""The chosen blocks as an element of their own, without what was cut."""

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml import etree

from crawler.body import drop, visible_text
from crawler.extraction.anysite.walk import Block
from crawler.items import Removed

_MARK = "data-newscrawl-cut"
_MARKED = etree.XPath(f"descendant-or-self::*[@{_MARK}]")


def assemble(parts: Iterable[Block], cuts: Mapping[Block, str]) -> tuple[etree._Element, list[Removed]]:
    """A new `div` with copies of `parts` in order, and what was cut out of them. The page's tree stays as it was."""
    for block, rule in cuts.items():
        block.element.set(_MARK, rule)
    body = etree.Element("div")
    for part in parts:
        copied = deepcopy(part.element)
        copied.tail = None
        body.append(copied)
    for block in cuts:
        del block.element.attrib[_MARK]
    return body, _take_out(body)


def _take_out(body: etree._Element) -> list[Removed]:
    removed = []
    for element in _MARKED(body):
        if element.getroottree().getroot() is not body:
            continue  # inside one that is out already
        removed.append(Removed(visible_text(element), element.get(_MARK)))
        drop(element)
    return removed
