"""The chosen blocks as an element of their own, without what was cut."""

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml import etree

from crawler.body import drop, visible_text
from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.walk import Block
from crawler.items import Removed

_MARK = "data-newscrawl-cut"
_SHOWN = "data-newscrawl-shown"
_SHOWN_ONES = etree.XPath(f"descendant::*[@{_SHOWN}]")
_MOST_OF_IT = 0.3  # of the prose: a hidden block of less is a dialog
_HIDDEN = int(Hint.HIDDEN)
_MARKED = etree.XPath(f"descendant-or-self::*[@{_MARK}]")


def assemble(parts: Iterable[Block], cuts: Mapping[Block, str]) -> tuple[etree._Element, list[Removed]]:
    """A new `div` with copies of `parts` in order, and what was cut out of them. The page's tree stays as it was."""
    for block, rule in cuts.items():
        block.element.set(_MARK, rule)
    parts = list(parts)
    least = _MOST_OF_IT * sum(part.prose for part in parts)
    shown = [b for part in parts for b in part.subtree() if b.hint & _HIDDEN and not b.closed and b.prose > least]
    for block in shown:
        block.element.set(_SHOWN, "")
    body = etree.Element("div")
    for part in parts:
        copied = deepcopy(part.element)
        copied.tail = None
        body.append(copied)
    for block in cuts:
        del block.element.attrib[_MARK]
    for block in shown:
        del block.element.attrib[_SHOWN]
    _unhide(body)
    return body, _take_out(body)


def _unhide(body: etree._Element) -> None:
    """Text that was hidden, behind a paywall's curtain say, and is the article all the same is no longer hidden."""
    for element in _SHOWN_ONES(body):
        for name in (_SHOWN, "hidden", "style", "aria-hidden"):
            element.attrib.pop(name, None)


def _take_out(body: etree._Element) -> list[Removed]:
    removed = []
    for element in _MARKED(body):
        if element.getroottree().getroot() is not body:
            continue  # inside one that is out already
        removed.append(Removed(visible_text(element), element.get(_MARK)))
        drop(element)
    return removed
