"""The chosen blocks as an element of their own, without what was cut."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy

from lxml import etree

from crawler.body import drop, visible_text
from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.hints import Hint
from crawler.items import Removed

AS_FIGURE = "set_figure"
"""The rule of a block of pictures: not cut, but made a figure with a caption."""
_MOST_IMAGES = 20  # of one block
_MARK = "data-newscrawl-cut"
_SHOWN = "data-newscrawl-shown"
_SHOWN_ONES = etree.XPath(f"descendant::*[@{_SHOWN}]")
_MOST_OF_IT = 0.3  # of the prose: a hidden block of less is a dialog
_HIDDEN = int(Hint.HIDDEN)
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>,{}]+")
_MARKED = etree.XPath(f"descendant-or-self::*[@{_MARK}]")


def assemble(parts: Sequence[Block], cuts: Mapping[Block, str]) -> tuple[etree._Element, list[Removed]]:
    """A new `div` with copies of `parts` in order, and what was cut out of them. The page's tree stays as it was."""
    for block, rule in cuts.items():
        block.element.set(_MARK, rule)
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
    if shown:
        _unhide(body)
    return body, _take_out(body) if cuts else []


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
        rule = element.attrib.pop(_MARK)
        if rule == AS_FIGURE and _set_figures(element):
            continue
        removed.append(Removed(visible_text(element), "drop_caption" if rule == AS_FIGURE else rule))
        drop(element)
    return removed


def _set_figures(element: etree._Element) -> bool:
    """Put figures in the place of a block of pictures: whatever its markup, the images, and its text as the caption."""
    found = [image for image in element.iter("img", "amp-img") if next(image.iterancestors("noscript"), None) is None]
    for image in found:
        _with_source(image)
    images = [image for image in found if _has_address(image)]
    parent = element.getparent()
    if not images or parent is None:
        return False
    caption = visible_text(element)
    at = parent.index(element)
    tail, element.tail = element.tail, None
    parent.remove(element)
    for number, image in enumerate(images[:_MOST_IMAGES]):
        figure = etree.Element("figure")
        image.tail = None
        figure.append(image)
        parent.insert(at + number, figure)
    if caption:
        etree.SubElement(figure, "figcaption").text = caption
    figure.tail = tail
    return True


def _with_source(image: etree._Element) -> None:
    """Give an image that waits for a script an address: that of a <source> beside it, or any that it carries."""
    if (image.get("src") or "").startswith(("http", "/")):
        return
    picture = image.getparent()
    sources = list(picture.iter("source")) if picture is not None and picture.tag == "picture" else []
    for element in (image, *sources):
        for name, value in element.items():
            if name not in ("src", "alt", "title") and (match := _ADDRESS.search(value)):
                image.set("data-src", match[0])
                return


def _has_address(image: etree._Element) -> bool:
    """Whether an image has an address, and is no counter of visits."""
    if image.get("width") in ("0", "1", "2"):
        return False
    return any((image.get(name) or "data:").strip()[:5] != "data:" for name in ("src", "data-src"))
