"""Text and Markdown of a flat tree, both by one walk."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from crawler.cleaning.markdown import escaped, fenced, image, marked, quoted, signs_in, with_escaped_start

Pair = tuple[str, str]
"""A piece as text and as Markdown."""


class Texts(NamedTuple):
    text: str  # line breaks are such; lists and tables as Markdown writes them; no captions
    markdown: str  # with GitHub's tables; no character of the text acts as markup


def texts_of(tree: etree._Element) -> Texts:
    return Texts(*_Walk(_STRING(tree)).blocks(tree))


def text_of(element: etree._Element) -> str:
    """The text of one line or caption."""
    return _Walk("").inline(element)[0]


_STRING = etree.XPath("string()", smart_strings=False)


class _Walk:
    def __init__(self, said: str) -> None:
        """`said` is all text of the tree: what is not in it, need not be looked for to be escaped."""
        self.signs = signs_in(said)

    def blocks(self, parent: etree._Element) -> Pair:
        pairs = [self.block(block) for block in parent]
        return "\n\n".join([text for text, _ in pairs if text]), "\n\n".join([said for _, said in pairs if said])

    def block(self, block: etree._Element) -> Pair:
        match block.tag:
            case "p":
                return self.lines(block)
            case "h2" | "h3" | "h4":
                text, markdown = self.lines(block)
                return text, f"{'#' * int(block.tag[1])} {markdown}"
            case "figure":
                return "", self.figure(block)
            case "ul" | "ol":
                items = list(self.items(block, ""))
                return "\n".join(text for text, _ in items), "\n".join(markdown for _, markdown in items)
            case "blockquote":
                text, markdown = self.blocks(block)
                return text, quoted(markdown)
            case "table":
                rows = self.rows(block)
                texts, said = ([[cell[form] for cell in row] for row in rows] for form in (0, 1))
                return _table(texts), _table(said)
            case "pre":
                return block.text or "", fenced(block.text or "")
        return self.lines(block)

    def figure(self, figure: etree._Element) -> str:
        shown = "".join(image(node) for node in figure.iter("img"))
        caption = next(figure.iterchildren("figcaption"), None)
        parts = (shown, self.lines(caption)[1] if caption is not None else "")
        return "\n\n".join(part for part in parts if part)

    def items(self, items: etree._Element, indent: str) -> Iterator[Pair]:
        for number, item in enumerate(items.iterchildren("li"), start=1):
            mark = "- " if items.tag == "ul" else f"{number}. "
            below = indent + " " * len(mark)
            text, markdown = self.lines(item)
            yield (
                indent + mark + text.replace("\n", "\n" + below),
                indent + mark + markdown.replace("\n", "\n" + below),
            )
            for inner in item.iterchildren("ul", "ol"):
                yield from self.items(inner, below)

    def rows(self, table: etree._Element) -> list[list[Pair]]:
        """A table's cells by row and column; a merged cell stands in its first place, the others are empty."""
        rows: list[list[Pair]] = []
        merged: dict[int, int] = {}  # column -> rows below that a cell still reaches into
        for row in table.iter("tr"):
            line: list[Pair] = []
            below = dict(merged) if merged else merged
            for cell in row:
                while below and below.pop(len(line), 0):
                    line.append(_EMPTY)
                start = len(line)
                line.append(self.cell(cell))
                if len(cell.attrib):
                    line += [_EMPTY] * (int(cell.get("colspan", "1")) - 1)
                    rows_down = int(cell.get("rowspan", "1"))
                    merged |= {column: rows_down for column in range(start, len(line)) if rows_down > 1}
            rows.append(line)
            merged = {column: left - 1 for column, left in merged.items() if left > 1}
        return rows

    def cell(self, cell: etree._Element) -> Pair:
        if not len(cell) and (text := (cell.text or "").strip()).isalnum():
            return text, text
        text, markdown = self.inline(cell)  # a cell starts no line
        if "\n" in markdown:
            markdown = " ".join(part.strip() for part in markdown.split("\\\n"))
        return text.replace("\n", " ").replace("|", "\\|"), markdown

    def lines(self, element: etree._Element) -> Pair:
        text, markdown = self.inline(element)
        if "\n" in markdown:
            return text, "\n".join(map(with_escaped_start, markdown.split("\n")))
        return text, with_escaped_start(markdown)

    def inline(self, element: etree._Element) -> Pair:
        text, markdown = self.joined(element)
        if not len(element):
            return text.strip(), markdown.strip()
        return _composed(text).strip(), _composed(markdown).strip()

    def joined(self, element: etree._Element) -> Pair:
        """All that an element holds, lists apart."""
        text = element.text or ""
        markdown = escaped(text, self.signs) if text else ""
        if not len(element):
            return text, markdown
        texts, said = [text], [markdown]
        for child in element:
            match child.tag:
                case "br":
                    texts.append("\n")
                    said.append("\\\n")
                case "img":
                    said.append(image(child))
                case "ul" | "ol":
                    pass
                case _:
                    text, markdown = self.joined(child)
                    markdown = marked(child, markdown)
                    if markdown[:1] == "[" and said[-1][-1:] == "!":
                        said[-1] = said[-1][:-1] + "\\!"  # "Look![there](…)" would be an image
                    texts.append(text)
                    said.append(markdown)
            if tail := child.tail:
                texts.append(tail)
                said.append(escaped(tail, self.signs))
        return "".join(texts), "".join(said)


_EMPTY = ("", "")


def _composed(text: str) -> str:
    """NFC: two strings that are may make one that is not."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _table(rows: list[list[str]]) -> str:
    width = max(map(len, rows), default=0)
    shown = [f"| {' | '.join((*row, *[''] * (width - len(row))))} |" for row in rows]
    return "\n".join((*shown[:1], f"|{' --- |' * width}", *shown[1:]))
