"""HTML, text and Markdown of a clean body, each by a walk over its flat tree."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import nh3
from lxml import etree

from crawler.body import Body
from crawler.items import Image

_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "figure", "figcaption", "table", "tbody", "tr", "td", "th",
    "pre", "a", "em", "strong", "sub", "sup", "code", "br", "img",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_URL_ATTRIBUTES = frozenset(("href", "src", "srcset", "poster", "cite"))
_MARKDOWN_SIGNS = "\\`*_[]<>|~"  # the backslash first: it stands before the others once they are escaped
_MARKDOWN_START = re.compile(r"(\s*)(?:([#=:>]|[+-](?=[\s+-]|$))|(\d{1,9})(?=[.)](?:\s|$)))")
_MAY_START = frozenset("#=:>+-0123456789 \t\f\v\xa0\u3000")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_MARKS = {"strong": "**", "em": "*", "code": "`"}


def render_html(body: Body) -> str:
    """The blocks one per line, sanitised; the only serialisation of a body."""
    blocks = "\n".join(etree.tostring(block, encoding="unicode", method="html", with_tail=False) for block in body.tree)
    return _sanitiser().clean(blocks)


@cache
def _sanitiser() -> nh3.Cleaner:
    """Made once: to build it costs half as much as to clean a page."""
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes={"http", "https"},
        link_rel=None,
    )


def render_text(body: Body) -> str:
    """Blank line between blocks, line breaks as such, lists and tables as Markdown writes them.

    Captions belong to their images, unless there is no other text: the text of a photo story is under its photos.
    """
    return _blocks(body.tree, _Text()) or _blocks(body.tree, _Captions())


def render_markdown(body: Body) -> str:
    """Markdown (GitHub's tables) in which no character of the text acts as markup."""
    return _blocks(body.tree, _Markdown())


def images_of(body: Body) -> tuple[Image, ...]:
    """The images in reading order, each with the index of its block."""
    found = []
    for image in body.tree.iter("img"):
        block = image
        while (outer := block.getparent()) is not body.tree and outer is not None:
            block = outer
        caption = block.find("figcaption")
        said = _Text().inline(caption) if caption is not None else image.get("data-caption")
        found.append(Image(image.get("src", ""), image.get("alt") or None, said or None, body.tree.index(block)))
    return tuple(found)


def _allowed(_tag: str, name: str, value: str) -> str | None:
    """URLs with http(s) alone, each of a list of them too; all other allowed attributes as they are."""
    if name not in _URL_ATTRIBUTES:
        return value
    parts = [part.split()[0] for part in value.split(",") if part.split()] if name == "srcset" else [value]
    return value if all(part.lower().startswith(("http://", "https://")) for part in parts) else None


class _Text:
    """Rendering of inline content as plain text."""

    def inline(self, element: etree._Element) -> str:
        if not len(element):
            return self.escaped(element.text or "").strip()
        return unicodedata.normalize("NFC", "".join(self._inline(element))).strip()

    def cell(self, element: etree._Element) -> str:
        if not len(element) and (text := (element.text or "").strip()).isalnum():
            return text
        text = self.inline(element)
        if "\n" in text:
            text = " ".join(text.split("\n"))
        return text.replace("|", "\\|") if "|" in text else text

    def heading(self, _level: int, text: str) -> str:
        return text

    def quote(self, text: str) -> str:
        return text

    def image(self, _image: etree._Element) -> str:
        return ""

    def pre(self, text: str) -> str:
        return text

    def caption(self, _caption: etree._Element) -> str:
        return ""

    def _inline(self, element: etree._Element) -> list[str]:
        parts = [self.escaped(element.text)] if element.text else []
        for child in element:
            if child.tag == "br":
                parts.append(self.line_break())
            elif child.tag == "img":
                parts.append(self.image(child))
            elif child.tag not in ("ul", "ol"):
                parts.append(self.marked(child, "".join(self._inline(child))))
            if child.tail:
                parts.append(self.escaped(child.tail))
        return parts

    def escaped(self, text: str) -> str:
        return text

    def line_break(self) -> str:
        return "\n"

    def marked(self, _element: etree._Element, text: str) -> str:
        return text


class _Captions(_Text):
    def caption(self, caption: etree._Element) -> str:
        return self.inline(caption)


class _Markdown(_Captions):
    def inline(self, element: etree._Element) -> str:
        text = super().inline(element)
        return "\n".join(map(_with_escaped_start, text.split("\n"))) if "\n" in text else _with_escaped_start(text)

    def _inline(self, element: etree._Element) -> list[str]:
        parts = super()._inline(element)
        for index in range(1, len(parts)):
            # "Look![there](…)" would be an image.
            if parts[index][:1] == "[" and parts[index - 1][-1:] == "!":
                parts[index - 1] = parts[index - 1][:-1] + "\\!"
        return parts

    def cell(self, element: etree._Element) -> str:
        if not len(element) and (text := (element.text or "").strip()).isalnum():
            return text
        text = super().inline(element)  # a cell starts no line
        return " ".join(part.strip() for part in text.split("\\\n")) if "\n" in text else text

    def heading(self, level: int, text: str) -> str:
        return f"{'#' * level} {text}"

    def quote(self, text: str) -> str:
        return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))

    def image(self, image: etree._Element) -> str:
        alt = self.escaped(" ".join((image.get("alt") or "").split()))
        return f"![{alt}]({_address(image.get('src', ''))})"

    def pre(self, text: str) -> str:
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        return f"{fence}\n{text}\n{fence}"

    def escaped(self, text: str) -> str:
        for sign in _MARKDOWN_SIGNS:
            if sign in text:
                text = text.replace(sign, "\\" + sign)
        return _ENTITY.sub(r"\\&", text) if "&" in text else text

    def line_break(self) -> str:
        return "\\\n"

    def marked(self, element: etree._Element, text: str) -> str:
        if not text.strip():
            return text
        if element.tag == "a":
            return f"[{text}]({_address(element.get('href', ''))})"
        if element.tag in ("sub", "sup"):
            return f"<{element.tag}>{text}</{element.tag}>"
        if element.tag == "code":
            return f"<code>{text}</code>"
        mark = _MARKS[str(element.tag)]
        return f"{mark}{text}{mark}"


def _with_escaped_start(line: str) -> str:
    """A line that starts with a sign of a heading, list, quote or rule."""
    match = _MARKDOWN_START.match(line) if line[:1] in _MAY_START else None
    if match is None:
        return line
    at = match.start(2) if match[2] else match.end(3)
    return f"{line[:at]}\\{line[at:]}"


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace("<", "%3C").replace(">", "%3E")


def _blocks(parent: etree._Element, form: _Text) -> str:
    texts = (_block(block, form) for block in parent)
    return "\n\n".join(text for text in texts if text)


def _block(block: etree._Element, form: _Text) -> str:
    if block.tag == "p":
        return form.inline(block)
    match block.tag:
        case "h2" | "h3" | "h4":
            return form.heading(int(block.tag[1]), form.inline(block))
        case "ul" | "ol":
            return "\n".join(_items(block, form, ""))
        case "blockquote":
            return form.quote(_blocks(block, form))
        case "figure":
            caption = block.find("figcaption")
            shown = "".join(form.image(image) for image in block.iter("img"))
            return "\n\n".join(part for part in (shown, form.caption(caption) if caption is not None else "") if part)
        case "table":
            return _table(block, form)
        case "pre":
            return form.pre(block.text or "")
    return form.inline(block)


def _items(items: etree._Element, form: _Text, indent: str) -> Iterable[str]:
    for number, item in enumerate(items.iterchildren("li"), start=1):
        mark = "- " if items.tag == "ul" else f"{number}. "
        text = form.inline(item).replace("\n", "\n" + indent + " " * len(mark))
        yield f"{indent}{mark}{text}"
        for inner in item.iterchildren("ul", "ol"):
            yield from _items(inner, form, indent + " " * len(mark))


def _table(table: etree._Element, form: _Text) -> str:
    lines = _rows(table, form)
    width = max(map(len, lines), default=0)
    shown = [f"| {' | '.join((*line, *[''] * (width - len(line))))} |" for line in lines]
    return "\n".join((*shown[:1], f"|{' --- |' * width}", *shown[1:]))


def _rows(table: etree._Element, form: _Text) -> list[list[str]]:
    """The texts of a table's cells by row and column; a merged cell stands in its first place, the others are empty."""
    rows: list[list[str]] = []
    merged: dict[int, int] = {}  # column -> rows below that a cell still reaches into
    for row in table.iter("tr"):
        line: list[str] = []
        below = dict(merged) if merged else merged
        for cell in row:
            while below and below.pop(len(line), 0):
                line.append("")
            start = len(line)
            line.append(form.cell(cell))
            if len(cell.attrib):
                line += [""] * (int(cell.get("colspan", "1")) - 1)
                rows_down = int(cell.get("rowspan", "1"))
                merged |= {column: rows_down for column in range(start, len(line)) if rows_down > 1}
        rows.append(line)
        merged = {column: left - 1 for column, left in merged.items() if left > 1}
    return rows
