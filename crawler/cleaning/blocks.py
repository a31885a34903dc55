"""From any markup to a flat sequence of blocks, in one walk.

p, h2-h4, ul/ol, blockquote, figure, table and pre, with inline a, em, strong, sub, sup, code, br and img. All else
is unwrapped: its text stays where it stood.
"""

import unicodedata

from lxml import etree

from crawler.body import UNSEEN, Body, add_text, without_controls
from crawler.cleaning.figures import lift_images
from crawler.cleaning.shapes import (
    NEVER_IN_LISTS,
    append_row,
    append_text,
    has_loose,
    is_data,
    is_frame,
    is_layout,
    joined,
)
from crawler.cleaning.spaces import BLANK, INDENT, folded, is_wide, only_text, plain_text
from crawler.urls import join

INLINE = {
    "a": "a", "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "strong": "strong", "b": "strong",
    "sub": "sub", "sup": "sup", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_BLOCKS = frozenset(
    (
        "p", "div", "section", "article", "main", "header", "footer", "center", "address", "dl", "dt", "dd", "fieldset",
        "legend", "details", "summary", "aside", "hgroup", "nav", "li", "ul", "ol", "menu", "dir", "table", "caption",
        "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col", "form", "body", "html", "figure", "figcaption",
        "blockquote", "pre", "listing", "xmp", "hr", "noframes", "option", "textarea", "search", "dialog",
    )
)  # fmt: skip

_IMAGE = "\ufffc"  # stands for an image as the last character of a line
_MAX_NESTING = 12  # of lists, tables and quotes; deeper ones are unwrapped


def flatten(body: Body) -> None:
    """Rebuild the body as a flat sequence of blocks; absolute links; text NFC, its white space as a browser shows it.

    <div>a<br>　　b<div><b>c</b></div></div>  ->  <p>a</p><p>b</p><p><strong>c</strong></p>
    """
    flat = etree.Element("div")
    builder = _Builder(flat, body.base_url)
    builder.walk(body.tree)
    body.tree = flat


class _Builder:
    """Appends blocks to `out`. What it holds between two nodes is the open block and what is still pending there."""

    def __init__(self, out: etree._Element, base_url: str, nesting: int = 0) -> None:
        self.out = out
        self.base_url = base_url
        self.nesting = nesting
        self.kinds: list[str] = ["p"]  # what a block opened now is
        self.formats: list[tuple[str, str | None]] = []  # names and addresses of the open inline elements, each once
        self.adding: list[bool] = []  # for each inline element open in the source: whether it is one of them
        self.block: etree._Element | None = None
        self.path: list[etree._Element] = []  # the elements for them that are open in the block
        self.space = ""  # white space not yet written: it may be that of a line's end
        self.breaks = 0  # br not yet written: two, or one before an indentation, end the paragraph
        self.last = ""  # last character of the line, "" at its start
        self.centred = 0

    def walk(self, root: etree._Element) -> None:
        """All blocks of an element's content."""
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, node in walk:
            if event == "start":
                if node is not root and self._start(node):
                    walk.skip_subtree()
                elif node.text:
                    self.text(node.text)
                continue
            if event == "end" and node is not root:
                self._end(node)
            if node.tail and node is not root:
                self.text(node.tail)
        self.close()

    def _start(self, node: etree._Element) -> bool:
        """Whether all of the node is done: its content is not walked."""
        tag = node.tag
        if tag in UNSEEN:
            return True
        if tag in INLINE:
            added = self._format(node)
            self.adding.append(added is not None)
            if added is not None:
                self.formats.append(added)
        elif tag == "br":
            self.breaks += 1
            self.space = ""
        elif tag == "img":
            self.image(node)
        elif tag in HEADINGS:
            self.close()
            self.kinds.append(HEADINGS[tag])
        elif tag in _BLOCKS:
            self.close()
            self.centred += _is_centred(node)
            if tag == "p" and not self.formats and (text := only_text(node)) is not None:
                self._paragraph(text)
                return True
            return self.nesting < _MAX_NESTING and self._structure(node)
        return False

    def _end(self, node: etree._Element) -> None:
        tag = node.tag
        if tag in INLINE:
            if self.adding.pop():
                self.formats.pop()
                del self.path[len(self.formats) :]
        elif tag in HEADINGS:
            self.close()
            self.kinds.pop()
        elif tag in _BLOCKS:
            self.close()
            self.centred -= _is_centred(node)

    def _structure(self, node: etree._Element) -> bool:
        """Whether the node is a block with parts of its own, and was built as one."""
        match node.tag:
            case "ul" | "ol":
                return self._list(node)
            case "table":
                return self._table(node)
            case "blockquote":
                return self._nest(node, "blockquote")
            case "figure":
                return self._figure(node)
            case "pre" | "listing" | "xmp":
                return self._pre(node)
        return False

    def _paragraph(self, raw: str) -> None:
        """A paragraph of text alone, as the walk would make it: most of them are."""
        if core := raw.strip(BLANK):
            line = etree.SubElement(self.out, self.kinds[-1])
            add_text(line, "text", folded(core))
            if self.centred:
                line.set("data-centred", "")

    # text and images

    def text(self, raw: str) -> None:
        core = raw.strip(BLANK)
        if not core:
            self.space += raw
            return
        start = raw.index(core)
        self.space += raw[:start]
        self._open()
        if gap := self._gap(core[0]):
            self._write(folded(gap), self.path[-1] if self.path else self.block)
        self._write(folded(core), self._place())
        self.last = core[-1]
        self.space = raw[start + len(core) :]

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
        if self.block is not None and self.breaks:
            if self.breaks > 1 or INDENT.search(self.space):
                self.close()
            else:
                self.path.clear()  # a line break is never inside of a format, so that lines are easy to tell
                etree.SubElement(self.block, "br")
                self.last = ""
        self.breaks = 0
        if self.block is None:
            self.block = etree.SubElement(self.out, self.kinds[-1])
            if self.centred:
                self.block.set("data-centred", "")
            self.last = ""

    def _write(self, text: str, place: etree._Element | None) -> None:
        assert place is not None
        append_text(place, text)

    def _place(self) -> etree._Element:
        """The innermost open inline element of the block; opens what the source has open and the block not yet."""
        assert self.block is not None
        place = self.path[-1] if self.path else self.block
        for name, href in self.formats[len(self.path) :]:
            place = etree.SubElement(place, name)
            if href:
                place.set("href", href)
            self.path.append(place)
        return place

    def _format(self, node: etree._Element) -> tuple[str, str | None] | None:
        """What an inline element adds to those around it: a name and, of a link, its address; None for nothing."""
        name = INLINE[str(node.tag)]
        if any(name == known for known, _ in self.formats):
            return None
        href = join(self.base_url, node.get("href") or "") if name == "a" else None
        return None if name == "a" and href is None else (name, href)

    def image(self, node: etree._Element) -> None:
        url = join(self.base_url, node.get("src") or "")
        if not url:
            return
        self._open()
        if self._gap("") and self.last != _IMAGE:
            self._write(" ", self.path[-1] if self.path else self.block)
        image = etree.SubElement(self._place(), "img", src=url)
        for name in ("alt", "width", "height", "data-caption"):
            if value := (node.get(name) or "").strip():
                image.set(name, unicodedata.normalize("NFC", without_controls(value)))
        self.last = _IMAGE

    # blocks

    def close(self) -> None:
        """End the open block; images that stand on lines of their own become figures."""
        block, self.block = self.block, None
        self.path = []
        self.space, self.breaks, self.last = "", 0, ""
        if block is not None and block.find(".//img") is not None:
            lift_images(block)

    def _parts(self, node: etree._Element) -> list[etree._Element]:
        """The blocks of a node, apart from `out`."""
        inner = etree.Element("div")
        _Builder(inner, self.base_url, self.nesting + 1).walk(node)
        return list(inner)

    def _nest(self, node: etree._Element, tag: str) -> bool:
        parts = self._parts(node)
        if parts:
            made = etree.SubElement(self.out, tag)
            for part in parts:  # a quote in a quote is one quote
                made.extend(list(part) if part.tag == tag else (part,))
        return True

    def _pre(self, node: etree._Element) -> bool:
        text = unicodedata.normalize("NFC", "".join(plain_text(node))).replace("\r\n", "\n").replace("\r", "\n")
        if text.strip():
            etree.SubElement(self.out, "pre").text = without_controls(text.strip("\n").rstrip())
        for image in node.iter("img"):
            self.image(image)
        self.close()
        return True

    def _figure(self, node: etree._Element) -> bool:
        """One image with its caption; a figure that holds anything else is unwrapped."""
        parts = self._parts(node)
        images = [part for part in parts if part.tag == "figure"]
        texts = [part for part in parts if part.tag == "p"]
        if len(images) == 1 and len(texts) + 1 == len(parts) and texts and images[0].find("figcaption") is None:
            self.out.append(images[0])
            images[0].append(joined("figcaption", texts))
        else:
            self.out.extend(parts)
        return True

    def _list(self, node: etree._Element) -> bool:
        """A list whose items are lines; one whose items hold an article is layout and is unwrapped."""
        if has_loose(node, "li") or any(True for _ in node.iter(*NEVER_IN_LISTS)):
            return False
        items = [parts for item in node.iterchildren("li") if (parts := self._parts(item))]
        if any(is_layout(parts) for parts in items):
            self.out.extend(part for parts in items for part in parts)  # built once: lists nest without end
        elif items:
            etree.SubElement(self.out, node.tag).extend(joined("li", parts) for parts in items)
        return True

    def _table(self, node: etree._Element) -> bool:
        """A table of data; one that only places things on the page is unwrapped."""
        if is_frame(node):
            return False
        for caption in node.iterchildren("caption"):
            self.out.extend(self._parts(caption))
        cells = ([(cell, self._content(cell)) for cell in row.iterchildren("td", "th")] for row in node.iter("tr"))
        rows = [row for row in cells if any(content for _, content in row)]
        if is_data(rows):
            made = etree.SubElement(etree.SubElement(self.out, "table"), "tbody")
            for row in rows:
                append_row(made, row)
        else:
            for _, content in (cell for row in rows for cell in row):
                if isinstance(content, str):
                    self._paragraph(content)
                else:
                    self.out.extend(content)
        return True

    def _content(self, cell: etree._Element) -> str | list[etree._Element]:
        """The blocks of a cell; of text alone, as most cells are, the text."""
        return self._parts(cell) if len(cell) else folded((cell.text or "").strip(BLANK))


def _is_centred(node: etree._Element) -> bool:
    if node.tag == "center" or (node.get("align") or "").lower() == "center":
        return True
    style = (node.get("style") or "").lower()
    return "center" in style and "text-align:center" in style.replace(" ", "")
