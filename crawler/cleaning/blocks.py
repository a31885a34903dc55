"""From any markup to a flat sequence of blocks, in one walk.

p, h2-h4, ul/ol, blockquote, figure, table and pre, with inline a, em, strong, sub, sup, code, br and img. All else
is unwrapped: its text stays where it stood.
"""

import re
import unicodedata
from collections.abc import Iterable

from lxml import etree

from crawler.body import UNSEEN, Body, add_text, without_controls
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

_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uac00-\ud7af\u2018-\u201d\u2026\U00020000-\U0003ffff"
_WIDE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}])")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_INDENT = re.compile(r"[\u3000\u00a0\u2002\u2003]{2}")
_BLANK = (
    " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u2060\u00ad"
)  # white space of any width, none too

_IMAGE = "\ufffc"  # stands for an image as the last character of a line
_LAYOUT_CELL_CHARS = 300  # a cell with more text than this holds an article, not a datum
_MAX_NESTING = 12  # of lists, tables and quotes; deeper ones are unwrapped
_SMALL_PX = 60  # an image no larger than this stands in its line: an emoji, a formula, an icon


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
        self.formats: list[etree._Element] = []  # inline elements that are open in the source
        self.block: etree._Element | None = None
        self.path: list[etree._Element] = []  # their copies that are open in the block
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
            self.formats.append(node)
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
            return self.nesting < _MAX_NESTING and self._structure(node)
        return False

    def _end(self, node: etree._Element) -> None:
        tag = node.tag
        if tag in INLINE:
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

    # text and images

    def text(self, raw: str) -> None:
        core = raw.strip(_BLANK)
        if not core:
            self.space += raw
            return
        start = raw.index(core)
        self.space += raw[:start]
        self._open()
        if gap := self._gap(core[0]):
            self._write(_folded(gap), self.path[-1] if self.path else self.block)
        self._write(_folded(core), self._place())
        self.last = core[-1]
        self.space = raw[start + len(core) :]

    def _gap(self, following: str) -> str:
        """The white space before a character, as a browser shows it: none at the start of a line."""
        space, self.space = self.space, ""
        if not space or not self.last:
            return ""
        if "\n" in space and not space.strip(" \t\r\n\f") and _is_wide(self.last) and _is_wide(following):
            return ""
        return space

    def _open(self) -> None:
        """A block to write in, the pending line breaks written or turned into the end of a paragraph."""
        if self.block is not None and self.breaks:
            if self.breaks > 1 or _INDENT.search(self.space):
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
        _append_text(place, text)

    def _place(self) -> etree._Element:
        """The innermost open inline element of the block; opens what the source has open and the block not yet."""
        assert self.block is not None
        place = self.path[-1] if self.path else self.block
        for source in self.formats[len(self.path) :]:
            place = self._opened(source, place)
            self.path.append(place)
        return place

    def _opened(self, source: etree._Element, place: etree._Element) -> etree._Element:
        name = INLINE[str(source.tag)]
        href = join(self.base_url, source.get("href") or "") if name == "a" else None
        if (name == "a" and not href) or any(outer.tag == name for outer in (place, *self.path)):
            return place  # nothing to add: no link, or the format is already on
        opened = etree.SubElement(place, name)
        if href:
            opened.set("href", href)
        return opened

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
            _lift_images(block)

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
        text = unicodedata.normalize("NFC", "".join(_plain(node))).replace("\r\n", "\n").replace("\r", "\n")
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
            images[0].append(_joined("figcaption", texts))
        else:
            self.out.extend(parts)
        return True

    def _list(self, node: etree._Element) -> bool:
        """A list whose items are lines; one whose items hold an article is layout and is unwrapped."""
        if _has_loose(node, "li") or any(True for _ in node.iter(*_NEVER_IN_LISTS)):
            return False
        items = [parts for item in node.iterchildren("li") if (parts := self._parts(item))]
        if any(_is_layout(parts) for parts in items):
            self.out.extend(part for parts in items for part in parts)  # built once: lists nest without end
        elif items:
            etree.SubElement(self.out, node.tag).extend(_joined("li", parts) for parts in items)
        return True

    def _table(self, node: etree._Element) -> bool:
        """A table of data; one that only places things on the page is unwrapped."""
        if _is_frame(node):
            return False
        for caption in node.iterchildren("caption"):
            self.out.extend(self._parts(caption))
        cells = ([(cell, self._parts(cell)) for cell in row.iterchildren("td", "th")] for row in node.iter("tr"))
        rows = [row for row in cells if any(parts for _, parts in row)]
        if _is_data(rows):
            made = etree.SubElement(etree.SubElement(self.out, "table"), "tbody")
            for row in rows:
                _append_row(made, row)
        else:
            self.out.extend(part for row in rows for _, parts in row for part in parts)
        return True


def _append_row(table: etree._Element, row: list[tuple[etree._Element, list[etree._Element]]]) -> None:
    made = etree.SubElement(table, "tr")
    for cell, parts in row:
        built = _joined(str(cell.tag), parts)
        for span in ("colspan", "rowspan"):
            value = (cell.get(span) or "").strip()
            if value.isascii() and value.isdigit() and 1 < int(value[:4]) <= 100:
                built.set(span, value)
        made.append(built)


def _folded(text: str) -> str:
    """White space as a browser folds it; no space where a source line ends between two CJK characters; NFC."""
    if "\n" in text:
        text = _WIDE_BREAK.sub("", text)
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        text = _SPACE.sub(" ", text)
    return unicodedata.normalize("NFC", text)


def _is_wide(char: str) -> bool:
    return _IS_WIDE.match(char) is not None


def _is_centred(node: etree._Element) -> bool:
    if node.tag == "center" or (node.get("align") or "").lower() == "center":
        return True
    style = node.get("style")
    return style is not None and "text-align:center" in style.replace(" ", "").lower()


def _plain(node: etree._Element) -> Iterable[str]:
    """Text as it is, line ends included."""
    walk = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    for event, part in walk:
        if event == "start":
            if part.tag in UNSEEN:
                walk.skip_subtree()
            else:
                yield "\n" if part.tag == "br" else part.text or ""
        elif part is not node:
            yield part.tail or ""


def _joined(tag: str, parts: list[etree._Element]) -> etree._Element:
    """One element with the content of several blocks, a line break between two; lists stay lists."""
    made = etree.Element(tag)
    for part in parts:
        if part.tag in ("ul", "ol"):
            made.append(part)
            continue
        if len(made) or made.text:
            etree.SubElement(made, "br")
        if part.text:
            _append_text(made, part.text)
        for child in list(part):
            if child.tag == "figcaption":
                etree.SubElement(made, "br")
                _append_text(made, child.text or "")
                made.extend(list(child))
            else:
                made.append(child)
    return made


def _append_text(element: etree._Element, text: str) -> None:
    if len(element):
        add_text(element[-1], "tail", text)
    else:
        add_text(element, "text", text)


def _is_layout(parts: list[etree._Element]) -> bool:
    """Whether a list item holds more than a line or two with sub-lists."""
    return sum(part.tag == "p" for part in parts) > 2 or any(
        part.tag in ("figure", "blockquote", "table", "pre", *HEADINGS) for part in parts
    )


def _is_data(rows: list[list[tuple[etree._Element, list[etree._Element]]]]) -> bool:
    """Whether rows of cells are a table to a reader: two columns, two filled cells, and no cell that is an article."""
    filled = [parts for row in rows for _, parts in row if parts]
    if len(filled) < 2 or max(len(row) for row in rows) < 2:
        return False
    return not any(_is_article(parts) for parts in filled)


def _is_article(parts: list[etree._Element]) -> bool:
    if any(part.tag not in ("p", *HEADINGS) for part in parts):
        return True
    return sum(len("".join(part.itertext())) for part in parts) > _LAYOUT_CELL_CHARS


def _has_loose(node: etree._Element, *expected: str) -> bool:
    """Whether a node holds anything but the expected elements: text or elements that a browser would move out."""
    if (node.text or "").strip():
        return True
    for child in node:
        if (child.tail or "").strip():
            return True
        if isinstance(child.tag, str) and child.tag not in expected and child.tag not in UNSEEN:
            return True
    return False


def _is_frame(table: etree._Element) -> bool:
    """Whether a table has another one in it, or anything out of place."""
    for part in table.iter("table", "tbody", "thead", "tfoot", "tr"):
        if part.tag == "table" and part is not table:
            return True
        if _has_loose(part, *(("td", "th") if part.tag == "tr" else _TABLE_PARTS)):
            return True
    return False


_TABLE_PARTS = ("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr")
_NEVER_IN_LISTS = ("table", "figure", "blockquote", "pre", *HEADINGS)


def _lift_images(block: etree._Element) -> None:
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
        _append_text(made, line[0])
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
    digits = re.match(r"\d{1,6}", value or "", re.ASCII)
    return int(digits[0]) if digits else 0


def _is_image_line(line: tuple[str, list[etree._Element]]) -> bool:
    text, nodes = line
    return (
        not text.strip()
        and bool(nodes)
        and all(_is_large_image(node) and not (node.tail or "").strip() for node in nodes)
    )
