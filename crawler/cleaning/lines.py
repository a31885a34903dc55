"""Lines of a clean body: what stands between two line breaks of a paragraph. After flatten."""

from dataclasses import dataclass

from lxml import etree

from crawler.body import Body, drop

_LONGEST = 700  # characters of a footer line: the long disclaimers of portals have 300
_LINES_IN = ("p", "h2", "h3", "h4")


@dataclass(frozen=True, slots=True)
class Line:
    """Part of a block: from its start or a br (a direct child) to the next br or its end."""

    block: etree._Element
    opener: etree._Element | None  # the br it follows; None: the block's start
    text: str  # as it stands, not trimmed

    @property
    def whole(self) -> str:
        """The line, trimmed; "" when it is too long to be anything but text."""
        return self.text.strip() if len(self.text) <= _LONGEST else ""

    @property
    def ending(self) -> str:
        """The line's last characters, as many as a footer glued to a paragraph may have."""
        return self.text[self.ending_start :]

    @property
    def ending_start(self) -> int:
        return max(0, len(self.text) - _LONGEST)

    @property
    def nodes(self) -> list[etree._Element]:
        """The inline elements of the line, in order."""
        found = []
        node = self.block[0] if self.opener is None and len(self.block) else None
        node = self.opener.getnext() if self.opener is not None else node
        while node is not None and node.tag != "br":
            found.append(node)
            node = node.getnext()
        return found

    @property
    def links(self) -> list[etree._Element]:
        return [link for node in self.nodes for link in node.iter("a")]


def last_line(body: Body) -> Line | None:
    """The last line of a body that ends in a paragraph or heading; images without a caption are looked past."""
    for block in reversed(body.tree):
        if block.tag == "blockquote" and len(block) and block[-1].tag in _LINES_IN:
            block = block[-1]
        if block.tag in _LINES_IN:
            return _line(block, next(block.iterchildren("br", reversed=True), None))
        if block.tag != "figure" or block.find("figcaption") is not None:
            return None
    return None


def first_line(body: Body) -> Line | None:
    """The first line of a body that starts with a paragraph or heading."""
    for block in body.tree:
        return _line(block, None) if block.tag in _LINES_IN else None
    return None


def same_line(line: Line) -> Line:
    """A line as it stands now, after a part of it was cut."""
    return _line(line.block, line.opener)


def _line(block: etree._Element, opener: etree._Element | None) -> Line:
    return Line(block, opener, "".join(text for _, _, text in _chunks(block, opener)))


def cut(body: Body, line: Line, start: int, step: str, field: str | None = None) -> None:
    """Take a line out from a character on. A block that is left empty goes with it."""
    body.note(" ".join(line.text[start:].split()), step, field)
    _cut(line, start, len(line.text))


def _cut(line: Line, start: int, end: int) -> None:
    chunks = _chunks(line.block, line.opener)
    whole = start == 0 and end == len(line.text)
    position = 0
    for element, place, text in chunks:
        kept = text[: max(0, start - position)] + text[max(0, end - position) :]
        setattr(element, place, kept.rstrip() if end == len(line.text) and len(kept) < len(text) else kept)
        position += len(text)
    for node in line.nodes:
        if whole or not ("".join(node.itertext()) or node.tag == "img" or node.find(".//img") is not None):
            drop(node)
    if whole:
        _close_gap(line)
    if not line.block.text and not len(line.block):
        _drop_block(line.block)


def _close_gap(line: Line) -> None:
    """Take out the br that the line is gone from between."""
    if line.opener is not None:
        drop(line.opener)
    elif len(line.block) and line.block[0].tag == "br":
        drop(line.block[0])


def _drop_block(block: etree._Element) -> None:
    parent = block.getparent()
    if parent is None:
        return
    parent.remove(block)
    if parent.tag == "blockquote" and not len(parent):
        _drop_block(parent)


def _chunks(block: etree._Element, opener: etree._Element | None) -> list[tuple[etree._Element, str, str]]:
    """The strings of a line in order, each with the element and attribute (text or tail) that holds it."""
    found: list[tuple[etree._Element, str, str]] = []
    if opener is None:
        found.append((block, "text", block.text or ""))
        node = block[0] if len(block) else None
    else:
        found.append((opener, "tail", opener.tail or ""))
        node = opener.getnext()
    while node is not None and node.tag != "br":
        for event, part in etree.iterwalk(node, events=("start", "end")):
            if event == "start":
                found.append((part, "text", part.text or ""))
            else:
                found.append((part, "tail", part.tail or ""))
        node = node.getnext()
    return [chunk for chunk in found if chunk[2]]
