"""The one walk: a page's element tree as blocks with what each says and how."""

from collections.abc import Iterator

from lxml import etree

from crawler.extraction.anysite.hints import Hint, hints_of

SKIPPED = frozenset(
    "script style noscript template svg math head select option textarea iframe object embed video audio canvas "
    "button input datalist map frame frameset applet dialog link meta base".split()
)
"""Elements whose text is not prose of the page."""

INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr picture q rp rt ruby "
    "s samp small source span strike strong sub sup time tt u var wbr".split()
)
PARAGRAPHS = frozenset(("p", "pre", "blockquote", "dd", "dt"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_SKIP, _INLINE, _BLOCK = range(3)
_KIND = dict.fromkeys(SKIPPED, _SKIP) | dict.fromkeys(INLINE, _INLINE)
_BYTES_PER_MARK = 60  # in running text, of any language
_SHORTEST_PROSE = 40  # bytes

MAX_NODES = 60_000
"""A page of news has 500 to 8,000 elements; past this, the rest of the tree is not looked at."""
MAX_DEPTH = 250
"""Deeper than this, an element's text is taken as one run: no page of news needs it, and Python's stack has an end."""

_SENTENCE_MARKS = ("? ", "! ", '."', ": ", "; ")
_WIDE_MARKS = ("、", "！", "？", "；", "…", "।", "،", "؟", ".”", ".»", ".“")


class Block:
    """A block element: its own text (with that of inline children), and sums over its subtree.

    `weight` counts UTF-8 bytes, so that one Han character weighs as much as half a word.
    """

    # No slots: what most blocks never change stands on the class, and a block is made with five assignments.
    index = 0  # in document order
    closed = False  # foreign by name: text taken as one, sums not handed on
    text = ""  # own text, white space folded
    images = 0  # in the subtree
    own_weight = weight = 0
    own_link_weight = link_weight = 0
    own_prose = prose = 0.0

    def __init__(self, element: etree._Element, tag: str, parent: "Block | None", hint: int) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.hint = hint  # a union of Hint
        self.children: list[Block] = []
        self.parts: list[str] = []  # of the own text, as they stand in the page

    def subtree(self) -> Iterator["Block"]:
        """This block and all below it, in document order."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))

    def ancestors(self) -> Iterator["Block"]:
        block = self.parent
        while block is not None:
            yield block
            block = block.parent

    def full_text(self) -> str:
        """The text of the whole subtree, block by block."""
        return " ".join(block.text for block in self.subtree() if block.text)

    @property
    def link_share(self) -> float:
        return self.link_weight / self.weight if self.weight else 0.0


_OWN_LINES = frozenset(("small", "time"))
_CONTAINERS = frozenset(("body", "main", "article", "section", "header", "div"))
_CLOSED_TAGS = frozenset(("nav", "footer"))
_OPEN_TAGS = frozenset(("article", "main"))  # their names carry the tags of the story: "post tag-newsletter"
_CLOSED_HINTS = int(Hint.FOREIGN | Hint.COMMENTS | Hint.HIDDEN)
_HIDDEN = int(Hint.HIDDEN)
_BODY = int(Hint.BODY)
_OTHERS_TEXT = int(Hint.OTHERS | Hint.COMMENTS | Hint.HIDDEN)
_BEYOND_DOUBT = 10_000  # bytes of open prose: an article
_DOUBT = 6.0
_LEAST_DOUBT = 400  # bytes
_GLANCE = 400  # characters
_ALL_TEXT = etree.XPath("string()", smart_strings=False)


class Walk:
    """The blocks of a page in document order, sums done.

    What is foreign to the article by tag or name (navigation, shares, comments, hidden things) stays closed: one block
    with its weight, not looked into. That is half the elements of a page. Where closed blocks hold most of the page's
    text after all (`<body class="comments-open">`), the names meant something else, and those are opened.
    """

    def __init__(self, root: etree._Element) -> None:
        self._top = _body_of(root)
        self._doubt: float | None = None  # bytes of open prose that a closed block outweighs; None: names are believed
        self._run()
        if self._is_doubtful():
            self._doubt = self.root.prose
            self._run()

    def _run(self) -> None:
        self.blocks: list[Block] = []
        self.cut = False  # whether MAX_NODES ended the walk
        self._nodes = 0
        self.root = Block(self._top, "body", None, 0)
        self.blocks.append(self.root)
        self.root.parts.append(self._top.text or "")
        self._visit(self._top, self.root, False, 0)
        self._sum()

    def _is_doubtful(self) -> bool:
        """Whether a closed block holds so much more text than all the open prose that it must be the article."""
        prose = self.root.prose
        if prose > _BEYOND_DOUBT:
            return False
        return any(
            block.closed and _outweighs(block.element, block.tag, block.hint, block.weight, prose)
            for block in self.blocks
        )

    def _visit(self, element: etree._Element, block: Block, in_link: bool, depth: int) -> None:
        """Take in the children of `element`, whose text belongs to `block`.

        One function for inline elements and tails: it sees every element of a page, and calls are what costs.
        """
        self._nodes += len(element)
        if self._nodes > MAX_NODES:
            self.cut = True
            return
        parts = block.parts
        add = parts.append
        for child in element:
            tag = child.tag
            kind = _KIND.get(tag, _BLOCK)  # type: ignore[arg-type]  # comments have a function for a tag
            if kind == _INLINE and not (tag in _OWN_LINES and _is_own_line(child, block)):
                if tag == "br":
                    add("\n")
                elif tag == "img":
                    block.images += 1
                elif tag != "span" or not hints_of(child) & _HIDDEN:
                    linked = in_link or (tag == "a" and child.get("href") is not None)
                    if text := child.text:
                        add(text)
                        if linked and not text.isspace():
                            block.own_link_weight += _weight(text.strip())
                    if len(child):
                        self._visit(child, block, linked, depth + 1)
            elif kind != _SKIP and isinstance(tag, str):
                # Where a block stands inside a block's own text, the text before and after it are two runs.
                add("\n")
                self._visit_block(child, block, in_link, depth)
            if text := child.tail:
                add(text)
                if in_link and not text.isspace():
                    block.own_link_weight += _weight(text.strip())

    def _visit_block(self, child: etree._Element, parent: Block, in_link: bool, depth: int) -> None:
        tag, hint = str(child.tag), hints_of(child)
        block = Block(child, tag, parent, hint)
        block.index = len(self.blocks)
        self.blocks.append(block)
        parent.children.append(block)
        foreign = tag in _CLOSED_TAGS or (hint & _CLOSED_HINTS and tag not in _OPEN_TAGS and not hint & _BODY)
        if foreign or depth > MAX_DEPTH:
            whole = _ALL_TEXT(child) or ""
            opened = (
                self._doubt is not None and depth <= MAX_DEPTH and _outweighs(child, tag, hint, len(whole), self._doubt)
            )
            if not opened:
                _close(block, whole, bool(foreign))
                return
        text = child.text
        if text:
            block.parts.append(text)
            if in_link and not text.isspace():
                block.own_link_weight += _weight(text.strip())
        if len(child):
            self._visit(child, block, in_link, depth + 1)

    def _sum(self) -> None:
        for block in reversed(self.blocks):  # children stand behind their parents
            parts = block.parts
            if parts:
                text = parts[0] if len(parts) == 1 else "".join(parts)
                if not text.isspace():
                    _weigh(block, text)
            parent = block.parent
            if parent is not None and not block.closed:
                parent.images += block.images
                if block.weight:
                    parent.weight += block.weight
                    parent.link_weight += block.link_weight
                    parent.prose += block.prose


def _is_own_line(element: etree._Element, block: Block) -> bool:
    """Whether an inline element stands alone in a container: <section><small>2021-12-08</small>."""
    return block.tag in _CONTAINERS and not (element.tail or "").strip() and not "".join(block.parts[-1:]).strip()


def _body_of(root: etree._Element) -> etree._Element:
    body = root if root.tag == "body" else root.find("body")
    return root if body is None else body


def _close(block: Block, text: str, foreign: bool) -> None:
    """Take a block's text as one: all of it at the bottom of the tree, a glance at what is foreign."""
    if not foreign:
        block.parts.append(text)
        return
    block.closed = True
    block.text = " ".join(text[:_GLANCE].split())
    block.own_weight = block.weight = len(text)


def _outweighs(element: etree._Element, tag: str, hint: int, weight: int, prose: float) -> bool:
    """Whether a closed block must be the article, against that much open prose.

    Comments and related articles are often longer than a short article; six times as long they are not.
    """
    least = max((_DOUBT if hint & _OTHERS_TEXT else 1.0) * prose, _LEAST_DOUBT)
    return tag not in _CLOSED_TAGS and weight > least and weight - _code_in(element) > least


def _code_in(element: etree._Element) -> int:
    """Characters of scripts and styles, which `string()` takes for text."""
    return sum(len(part.text or "") for part in element.iter("script", "style", "noscript"))


def _weight(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _weigh(block: Block, text: str) -> None:
    text = text.strip()
    if "\n" in text or "  " in text or "\t" in text or "\xa0" in text:
        text = " ".join(text.split())
    block.text = text
    weight = block.own_weight = _weight(text)
    block.own_link_weight = min(block.own_link_weight, weight)
    block.weight += weight
    block.link_weight += block.own_link_weight
    if weight >= _SHORTEST_PROSE:
        block.own_prose = _prose(block)
        block.prose += block.own_prose


def _prose(block: Block) -> float:
    """How much of a block's own text reads as running text."""
    weight = block.own_weight
    plain: float = weight - block.own_link_weight
    if plain < 0.5 * weight or block.tag in HEADINGS:
        return 0.0
    text = block.text
    wide = not text.isascii()
    marks = text.count(", ") + text.count(". ") + (text.count("，") + text.count("。") if wide else 0)
    if marks * _BYTES_PER_MARK < weight:
        marks += sum(map(text.count, _SENTENCE_MARKS)) + text.endswith((".", "!", "?"))
        if wide:
            marks += sum(map(text.count, _WIDE_MARKS))
    if "ookie" in text:  # consent boxes are long and well written
        plain *= 0.2
    if not marks:
        return 0.2 * plain if weight > 120 else 0.0
    # One mark in a line of 40 bytes is a sentence; one in 2,000 bytes is a list of names.
    return plain * min(1.0, 0.5 + 0.5 * _BYTES_PER_MARK * marks / weight)
