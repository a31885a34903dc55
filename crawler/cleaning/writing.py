"""The lines of a body, written one after the other: text, formats, links, breaks and images."""

import unicodedata

from lxml import etree

from crawler.body import set_text, without_controls
from crawler.cleaning.figures import lift_images
from crawler.cleaning.spaces import BLANK, INDENT, folded, is_wide
from crawler.urls import join

INLINE = {
    "a": "a", "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "strong": "strong", "b": "strong",
    "sub": "sub", "sup": "sup", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
_IMAGE = "\ufffc"  # stands for an image as the last character of a line


class LineWriter:
    """Appends blocks of lines to `out`. What it holds is the open block and what is still pending there."""

    def __init__(self, out: etree._Element, base_url: str) -> None:
        self.out = out
        self.base_url = base_url
        self.kinds: list[str] = ["p"]  # what a block opened now is
        self.formats: list[tuple[str, str | None]] = []  # names and addresses of the open inline elements, each once
        self.adding: list[bool] = []  # for each inline element open in the source: whether it is one of them
        self.centred = 0  # how many elements are open that centre what is in them
        self.block: etree._Element | None = None
        self.path: list[etree._Element] = []  # the elements for the formats that are open in the block
        self.pieces: list[str] = []  # text not yet written, for the one string of the tree that is open: ...
        self.end: etree._Element = out  # ... the text of this element, or what follows it
        self.is_after = False
        self.space = ""  # white space not yet written: it may be that of a line's end
        self.breaks = 0  # br not yet written: two, or one before an indentation, end the paragraph
        self.last = ""  # last character of the line, "" at its start
        self.has_image = False

    def start_format(self, node: etree._Element) -> bool:
        added = self._format(node)
        self.adding.append(added is not None)
        if added is not None:
            self.formats.append(added)
        return False

    def end_format(self, _node: etree._Element) -> None:
        if self.adding.pop():
            self.formats.pop()
            if len(self.path) > len(self.formats):
                self._write_at(self.path[len(self.formats)], is_after=True)
                del self.path[len(self.formats) :]

    def line_break(self, _node: etree._Element) -> bool:
        self.breaks += 1
        self.space = ""
        return False

    def image(self, node: etree._Element) -> bool:
        url = join(self.base_url, node.get("src") or "")
        if not url:
            return False
        self._open()
        if self._gap("") and self.last != _IMAGE:
            self.pieces.append(" ")
        image = etree.SubElement(self._place(), "img", src=url)
        for name in ("alt", "width", "height", "data-caption"):
            if value := (node.get(name) or "").strip():
                image.set(name, unicodedata.normalize("NFC", without_controls(value)))
        self._write_at(image, is_after=True)
        self.last = _IMAGE
        self.has_image = True
        return False

    def paragraph(self, raw: str | None) -> None:
        """A paragraph of text alone, as the walk would make it."""
        if raw and (core := raw.strip(BLANK)):
            set_text(self._new_block(), "text", folded(core))

    def text(self, raw: str) -> None:
        core = raw.strip(BLANK)
        if not core:
            if self.block is not None:
                self.space += raw
            return
        after = ""
        if len(core) < len(raw):
            start = raw.index(core[0])
            self.space += raw[:start]
            after = raw[start + len(core) :]
        self._open()
        if self.space and (gap := self._gap(core[0])):
            self.pieces.append(folded(gap))
        if len(self.path) < len(self.formats):
            self._place()
        self.pieces.append(folded(core))
        self.last = core[-1]
        self.space = after

    def _gap(self, following: str) -> str:
        """The white space before a character, as a browser shows it: none at the start of a line."""
        space, self.space = self.space, ""
        if not space or not self.last:
            return ""
        if "\n" in space and not space.strip(" \t\r\n\f") and is_wide(self.last) and is_wide(following):
            return ""
        return space

    def _open(self) -> None:
        """A block to write in, the pending line breaks written or turned into the end of a paragraph."""
        if self.breaks and self.block is not None:
            if self.breaks > 1 or INDENT.search(self.space):
                self.close()
            else:
                self.path.clear()  # a line break is never inside of a format, so that lines are easy to tell
                self._write_at(etree.SubElement(self.block, "br"), is_after=True)
                self.last = ""
        self.breaks = 0
        if self.block is None:
            self.block = self._new_block()
            self._write_at(self.block)
            self.last = ""

    def _new_block(self) -> etree._Element:
        block = etree.SubElement(self.out, self.kinds[-1])
        if self.centred:
            block.set("data-centred", "")
        return block

    def _place(self) -> etree._Element:
        """The innermost open inline element of the block; opens what the source has open and the block not yet."""
        assert self.block is not None
        place = self.path[-1] if self.path else self.block
        for name, href in self.formats[len(self.path) :]:
            place = etree.SubElement(place, name)
            if href:
                place.set("href", href)
            self.path.append(place)
            self._write_at(place)
        return place

    def _write_at(self, end: etree._Element, *, is_after: bool = False) -> None:
        """Write the pending text where it belongs; what comes next belongs into an element, or after it."""
        if self.pieces:
            set_text(self.end, "tail" if self.is_after else "text", "".join(self.pieces))
            self.pieces.clear()
        self.end, self.is_after = end, is_after

    def _format(self, node: etree._Element) -> tuple[str, str | None] | None:
        """What an inline element adds to those around it: a name and, of a link, its address; None for nothing."""
        name = INLINE[str(node.tag)]
        if self.formats and any(name == known for known, _ in self.formats):
            return None
        if name != "a":
            return name, None
        href = join(self.base_url, node.get("href") or "")
        return None if href is None else (name, href)

    def close(self) -> None:
        """End the open block; images that stand on lines of their own become figures."""
        if self.block is None:
            return
        block, self.block = self.block, None
        self.space, self.breaks = "", 0
        self._write_at(self.out)
        self.path.clear()
        if self.has_image:
            self.has_image = False
            lift_images(block)
