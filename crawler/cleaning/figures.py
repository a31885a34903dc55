"""Images that stand on lines of their own become figures."""

import re
from dataclasses import dataclass, field

from lxml import etree

from crawler.cleaning.shapes import append_text

_SMALL_PX = 60  # an image no larger than this stands in its line: an emoji, a formula, an icon
_DIGITS = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(slots=True)
class _Line:
    """What stands between two line breaks of a block."""

    text: str  # before the first node
    nodes: list[etree._Element] = field(default_factory=list)
    is_images: bool = True  # so far nothing but large images

    @property
    def is_written(self) -> bool:
        return bool(self.nodes) or bool(self.text.strip())

    @property
    def is_figures(self) -> bool:
        return self.is_images and bool(self.nodes) and not self.text.strip()

    def add(self, node: etree._Element, *, is_large: bool) -> None:
        self.nodes.append(node)
        self.is_images = self.is_images and is_large and not (node.tail or "").strip()

    def trim(self) -> None:
        """Without the white space that stands before an image."""
        if self.nodes:
            self.nodes[-1].tail = (self.nodes[-1].tail or "").rstrip() or None
        else:
            self.text = self.text.rstrip()


def lift_images(block: etree._Element) -> None:
    """Turn the lines of a block that hold nothing but images into figures, in their place."""
    if _is_alone(block):
        block.tag = "figure"
        block.attrib.clear()
        return
    lines = _lines(block)
    if not any(line.is_figures for line in lines):
        return
    centred = block.get("data-centred")
    place, made = block, None
    for line in lines:
        if line.is_figures:
            made = None
            for image in [image for node in line.nodes for image in node.iter("img")]:
                figure = etree.Element("figure")
                image.tail = None
                figure.append(image)
                place.addnext(figure)
                place = figure
            continue
        if made is None:
            made = etree.Element(block.tag)
            if centred is not None:
                made.set("data-centred", centred)
            place.addnext(made)
            place = made
        else:
            etree.SubElement(made, "br")
        append_text(made, line.text)
        made.extend(line.nodes)
    parent = block.getparent()
    if parent is not None:
        parent.remove(block)


def _is_alone(block: etree._Element) -> bool:
    """Whether a block is one large image and no more, as most with an image are."""
    if len(block) != 1 or (block.text or "").strip():
        return False
    image = block[0]
    return image.tag == "img" and not (image.tail or "").strip() and _is_large_image(image)


def _lines(block: etree._Element) -> list[_Line]:
    """A block's lines; an image at the start of a line, or at its end, is a line of its own."""
    lines = [_Line(block.text or "")]
    children = list(block)
    large = [_is_large_image(child) for child in children]
    for index, child in enumerate(children):
        line = lines[-1]
        if child.tag == "br":
            lines.append(_Line(child.tail or ""))
            continue
        tail = (child.tail or "").strip()
        following = children[index + 1] if index + 1 < len(children) else None
        is_last = not tail and (following is None or following.tag == "br" or large[index + 1])
        if line.is_written and line.is_figures != large[index] and (line.is_figures or is_last):
            line.trim()
            lines.append(line := _Line(""))
        if large[index] and tail and not line.is_written:
            after, child.tail = child.tail or "", None
            line.add(child, is_large=True)
            lines.append(_Line(after.lstrip()))
            continue
        line.add(child, is_large=large[index])
    return [line for line in lines if line.is_written]


def _is_large_image(node: etree._Element) -> bool:
    """An image, or formats and a link around images alone, that is no icon within a sentence."""
    if node.tag == "img":
        return not _is_small(node)
    images = list(node.iter("img"))
    if not images or "".join(node.itertext()).strip():
        return False
    return not any(_is_small(image) for image in images)


def _is_small(image: etree._Element) -> bool:
    return 0 < _pixels(image.get("width")) <= _SMALL_PX or 0 < _pixels(image.get("height")) <= _SMALL_PX


def _pixels(value: str | None) -> int:
    digits = _DIGITS.match(value) if value else None
    return int(digits[0]) if digits else 0
