"""Images that stand on lines of their own become figures."""

import re

from lxml import etree

from crawler.cleaning.shapes import append_text

_SMALL_PX = 60  # an image no larger than this stands in its line: an emoji, a formula, an icon
_DIGITS = re.compile(r"\d{1,6}", re.ASCII)


def lift_images(block: etree._Element) -> None:
    """Turn the lines of a block that hold nothing but images into figures, in their place."""
    lines = _lines(block)
    if not any(_is_image_line(line) for line in lines):
        return
    centred = block.get("data-centred")
    place, made = block, None
    for line in lines:
        if _is_image_line(line):
            made = None
            for image in [image for node in line[1] for image in node.iter("img")]:
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
        append_text(made, line[0])
        made.extend(line[1])
    parent = block.getparent()
    if parent is not None:
        parent.remove(block)


def _lines(block: etree._Element) -> list[tuple[str, list[etree._Element]]]:
    """A block's lines as (first text, nodes); an image at the start of a line, or at its end, is a line of its own."""
    lines: list[tuple[str, list[etree._Element]]] = [(block.text or "", [])]
    for child in block:
        if child.tag == "br":
            lines.append((child.tail or "", []))
            continue
        own = _is_large_image(child)
        written = bool(lines[-1][0].strip() or lines[-1][1])
        images_alone = written and _is_image_line(lines[-1])
        if images_alone != own and written and (images_alone or _ends_line(child)):
            lines[-1] = _trimmed(lines[-1])
            lines.append(("", []))
        if own and (child.tail or "").strip() and not (lines[-1][0].strip() or lines[-1][1]):
            tail, child.tail = child.tail or "", None
            lines[-1][1].append(child)
            lines.append((tail.lstrip(), []))
            continue
        lines[-1][1].append(child)
    return [line for line in lines if line[0].strip() or line[1]]


def _trimmed(line: tuple[str, list[etree._Element]]) -> tuple[str, list[etree._Element]]:
    """A line without the white space that stood before an image."""
    text, nodes = line
    if not nodes:
        return text.rstrip(), nodes
    nodes[-1].tail = (nodes[-1].tail or "").rstrip() or None
    return line


def _ends_line(node: etree._Element) -> bool:
    following = node.getnext()
    return not (node.tail or "").strip() and (following is None or following.tag == "br" or _is_large_image(following))


def _is_large_image(node: etree._Element) -> bool:
    """An image, or formats and a link around images alone, that is no icon within a sentence."""
    images = list(node.iter("img"))
    if not images or "".join(node.itertext()).strip():
        return False
    return not any(0 < _pixels(image.get(side)) <= _SMALL_PX for image in images for side in ("width", "height"))


def _pixels(value: str | None) -> int:
    digits = _DIGITS.match(value) if value else None
    return int(digits[0]) if digits else 0


def _is_image_line(line: tuple[str, list[etree._Element]]) -> bool:
    text, nodes = line
    return (
        not text.strip()
        and bool(nodes)
        and all(_is_large_image(node) and not (node.tail or "").strip() for node in nodes)
    )
