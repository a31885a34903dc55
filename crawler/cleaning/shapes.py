"""Lists and tables: which are text to a reader, which only place things on the page, and their parts put together."""

from lxml import etree

from crawler.body import UNSEEN, add_text

Parts = list[etree._Element]
"""The blocks of one item or cell."""

NEVER_IN_LISTS = ("table", "figure", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
_TABLE_PARTS = ("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr")
_HEADINGS = ("h2", "h3", "h4")
_LAYOUT_CELL_CHARS = 300  # a cell with more text than this holds an article, not a datum


def append_row(table: etree._Element, row: list[tuple[etree._Element, Parts | str]]) -> None:
    made = etree.SubElement(table, "tr")
    for cell, content in row:
        if isinstance(content, str):
            built = etree.SubElement(made, str(cell.tag))
            if content:
                add_text(built, "text", content)
        else:
            built = joined(str(cell.tag), content)
            made.append(built)
        for span in ("colspan", "rowspan") if len(cell.attrib) else ():
            value = (cell.get(span) or "").strip()
            if value.isascii() and value.isdigit() and 1 < int(value[:4]) <= 100:
                built.set(span, value)


def joined(tag: str, parts: Parts) -> etree._Element:
    """One element with the content of several blocks, a line break between two; lists stay lists."""
    if len(parts) == 1 and parts[0].tag == "p":  # most cells and items: the same element under its new name
        parts[0].tag = tag
        parts[0].attrib.clear()
        return parts[0]
    made = etree.Element(tag)
    for part in parts:
        if part.tag in ("ul", "ol"):
            made.append(part)
            continue
        if len(made) or made.text:
            etree.SubElement(made, "br")
        if part.text:
            append_text(made, part.text)
        made.extend(list(part))
    return made


def append_text(element: etree._Element, text: str) -> None:
    last = next(element.iterchildren(reversed=True), None)  # len() counts all children each time
    if last is None:
        add_text(element, "text", text)
    else:
        add_text(last, "tail", text)


def is_layout(parts: Parts) -> bool:
    """Whether a list item holds more than a line or two with sub-lists."""
    return sum(part.tag == "p" for part in parts) > 2 or any(
        part.tag in ("figure", "blockquote", "table", "pre", *_HEADINGS) for part in parts
    )


def is_data(rows: list[list[tuple[etree._Element, Parts | str]]]) -> bool:
    """Whether rows of cells are a table to a reader: two columns, two filled cells, and no cell that is an article."""
    filled = [content for row in rows for _, content in row if content]
    if len(filled) < 2 or max(len(row) for row in rows) < 2:
        return False
    return not any(_is_article(content) for content in filled)


def _is_article(parts: Parts | str) -> bool:
    if isinstance(parts, str):
        return len(parts) > _LAYOUT_CELL_CHARS
    chars = 0
    for part in parts:
        if part.tag != "p" and part.tag not in _HEADINGS:
            return True
        chars += sum(map(len, part.itertext())) if len(part) else len(part.text or "")
    return chars > _LAYOUT_CELL_CHARS


def has_loose(node: etree._Element, *expected: str) -> bool:
    """Whether a node holds anything but the expected elements: text or elements that a browser would move out."""
    if (node.text or "").strip():
        return True
    for child in node:
        if (child.tail or "").strip():
            return True
        if isinstance(child.tag, str) and child.tag not in expected and child.tag not in UNSEEN:
            return True
    return False


def is_frame(table: etree._Element) -> bool:
    """Whether a table has another one in it, or anything out of place."""
    for part in table.iter("table", "tbody", "thead", "tfoot", "tr"):
        if part.tag == "table" and part is not table:
            return True
        if has_loose(part, *(("td", "th") if part.tag == "tr" else _TABLE_PARTS)):
            return True
    return False
