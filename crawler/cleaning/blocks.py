"""From any markup to a flat sequence of blocks, in one walk.

p, h2-h4, ul/ol, blockquote, figure, table and pre, with inline a, em, strong, sub, sup, code, br and img. All else
is unwrapped: its text stays where it stood.
"""

import unicodedata
from collections.abc import Callable

from lxml import etree

from crawler.body import UNSEEN, Body, without_controls
from crawler.cleaning.shapes import (
    NEVER_IN_LISTS,
    append_row,
    has_loose,
    is_data,
    is_frame,
    is_layout,
    joined,
)
from crawler.cleaning.spaces import BLANK, folded, only_text, plain_text
from crawler.cleaning.writing import INLINE, LineWriter

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_BLOCKS = (
    "p", "div", "section", "article", "main", "header", "footer", "center", "address", "dl", "dt", "dd", "fieldset",
    "legend", "details", "summary", "aside", "hgroup", "nav", "li", "menu", "dir", "caption", "thead", "tbody", "tfoot",
    "tr", "td", "th", "colgroup", "col", "form", "body", "html", "figcaption", "hr", "noframes", "option", "textarea",
    "search", "dialog",
)  # fmt: skip
_STRUCTURES = ("ul", "ol", "table", "blockquote", "figure", "pre", "listing", "xmp")

_MAX_NESTING = 12  # of lists, tables and quotes; deeper ones are unwrapped


def flatten(body: Body) -> None:
    """Rebuild the body as a flat sequence of blocks; absolute links; text NFC, its white space as a browser shows it.

    <div>a<br>　　b<div><b>c</b></div></div>  ->  <p>a</p><p>b</p><p><strong>c</strong></p>
    """
    flat = etree.Element("div")
    builder = _Builder(flat, body.base_url, _centring(body.tree))
    builder.walk(body.tree)
    body.tree = flat


class _Builder(LineWriter):
    """Appends the blocks of a source: what its elements start and end, and the blocks that have parts."""

    def __init__(
        self, out: etree._Element, base_url: str, centring: frozenset[etree._Element], nesting: int = 0
    ) -> None:
        super().__init__(out, base_url)
        self.centring = centring  # the blocks of the source that centre their lines
        self.nesting = nesting

    def walk(self, root: etree._Element) -> None:
        """All blocks of an element's content."""
        if not len(root):
            self.paragraph(root.text)
            return
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        next(walk)  # the root itself
        if root.text:
            self.text(root.text)
        for event, node in walk:
            if event == "start":
                start = _STARTS.get(node.tag)
                if start is not None and start(self, node):
                    walk.skip_subtree()
                    continue
                text = node.text
            elif node is root:
                break
            else:
                if event == "end" and (end := _ENDS.get(node.tag)) is not None:
                    end(self, node)
                text = node.tail
            if text and (self.block is not None or not text.isspace()):  # most is white space between blocks
                self.text(text)
        self.close()

    # what starts and ends in the source; a start says whether all of the node is done: its content is not walked

    def skip(self, _node: etree._Element) -> bool:
        return True

    def start_heading(self, node: etree._Element) -> bool:
        if self.block is not None:
            self.close()
        self.kinds.append(HEADINGS[str(node.tag)])
        return self._is_line(node)

    def end_heading(self, _node: etree._Element) -> None:
        if self.block is not None:
            self.close()
        self.kinds.pop()

    def start_block(self, node: etree._Element) -> bool:
        if self.block is not None:
            self.close()
        if self.centring:
            self.centred += node in self.centring
        return self._is_line(node)

    def start_structure(self, node: etree._Element) -> bool:
        """A block with parts of its own; unwrapped where it is not built as one."""
        self.close()
        self.centred += node in self.centring
        return self.nesting < _MAX_NESTING and self._structure(node)

    def end_block(self, node: etree._Element) -> None:
        if self.block is not None:
            self.close()
        if self.centring:
            self.centred -= node in self.centring

    # blocks of text

    def _is_line(self, node: etree._Element) -> bool:
        """Whether a block has nothing but text, as most have, and was built from it."""
        if self.formats:
            return False
        text = only_text(node) if len(node) else node.text or ""
        if text is None:
            return False
        self.paragraph(text)
        return True

    # blocks with parts

    def _structure(self, node: etree._Element) -> bool:
        """Whether the node was built with its parts."""
        match node.tag:
            case "ul" | "ol":
                return self._list(node)
            case "table":
                return self._table(node)
            case "blockquote":
                return self._nest(node, "blockquote")
            case "figure":
                return self._figure(node)
        return self._pre(node)

    def _parts(self, node: etree._Element) -> list[etree._Element]:
        """The blocks of a node, apart from `out`."""
        inner = etree.Element("div")
        _Builder(inner, self.base_url, self.centring, self.nesting + 1).walk(node)
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
        if has_loose(node, "li") or next(node.iter(*NEVER_IN_LISTS), None) is not None:
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
                    self.paragraph(content)
                else:
                    self.out.extend(content)
        return True

    def _content(self, cell: etree._Element) -> str | list[etree._Element]:
        """The blocks of a cell; of text alone, as most cells are, the text."""
        return self._parts(cell) if len(cell) else folded((cell.text or "").strip(BLANK))


def _centring(tree: etree._Element) -> frozenset[etree._Element]:
    """The elements that centre what is in them."""
    if not any("center" in said.lower() for said in (*_ALIGNS(tree), *_STYLES(tree))):
        return frozenset(tree.iter("center"))
    return frozenset(filter(_is_centring, tree.iter("*")))


def _is_centring(element: etree._Element) -> bool:
    if element.tag == "center" or (element.get("align") or "").lower() == "center":
        return True
    style = (element.get("style") or "").lower()
    return "center" in style and "text-align:center" in style.replace(" ", "")


_ALIGNS = etree.XPath("descendant::*/@align", smart_strings=False)
_STYLES = etree.XPath("descendant::*/@style", smart_strings=False)

_STARTS: dict[object, Callable[[_Builder, etree._Element], bool]] = {
    **dict.fromkeys(_BLOCKS, _Builder.start_block),
    **dict.fromkeys(_STRUCTURES, _Builder.start_structure),
    **dict.fromkeys(HEADINGS, _Builder.start_heading),
    **dict.fromkeys(INLINE, _Builder.start_format),
    **dict.fromkeys(UNSEEN, _Builder.skip),
    "br": _Builder.line_break,
    "img": _Builder.image,
}
_ENDS: dict[object, Callable[[_Builder, etree._Element], None]] = {
    **dict.fromkeys((*_BLOCKS, *_STRUCTURES), _Builder.end_block),
    **dict.fromkeys(HEADINGS, _Builder.end_heading),
    **dict.fromkeys(INLINE, _Builder.end_format),
}
