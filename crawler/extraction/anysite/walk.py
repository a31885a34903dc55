"""The one walk: a page's element tree as blocks with what each says and how."""

from lxml import etree

from crawler.extraction.anysite.block import Block, ClosedBlock, all_text
from crawler.extraction.anysite.hints import Hint, hints_of

_SKIPPED = frozenset(
    "script style noscript template svg math head title select option textarea iframe object embed video audio "
    "canvas button input datalist map frame frameset applet dialog link meta base".split()
)
"""Elements whose text is not prose of the page."""

_INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr picture q rp rt ruby "
    "s samp small source span strike strong sub sup time tt u var wbr".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_SKIP, _INLINE = range(2)
_KINDS = dict.fromkeys(_SKIPPED, _SKIP) | dict.fromkeys(_INLINE_TAGS, _INLINE)
"""All other elements are blocks."""
_kind_of_tag = _KINDS.get
_BYTES_PER_MARK = 60  # in running text, of any language
_SHORTEST_PROSE = 40  # bytes

MAX_ELEMENTS = 60_000
"""A page of news has 500 to 8,000, a long live blog 30,000; past this, the rest of the tree is not looked at."""
MAX_DEPTH = 250
"""Deeper than this, an element's text is taken as one run: no page of news needs it, and Python's stack has an end."""

_SENTENCE_MARKS = ("? ", "! ", '."', ": ", "; ")
_WIDE_MARKS = ("、", "！", "？", "；", "…", "।", "،", "؟", ".”", ".»", ".“")

_OWN_LINES = frozenset(("small", "time"))
_CONTAINERS = frozenset(("body", "main", "article", "section", "header", "div"))
_CLOSED_TAGS = frozenset(("nav", "footer"))
_OPEN_TAGS = frozenset(("article", "main"))  # their names carry the tags of the story: "post tag-newsletter"
_CLOSED_HINTS = int(Hint.FOREIGN | Hint.COMMENTS | Hint.HIDDEN)
_FOREIGN = int(Hint.FOREIGN | Hint.OTHERS)
_HIDDEN = int(Hint.HIDDEN)
_BODY = int(Hint.BODY)
_OTHERS_TEXT = int(Hint.OTHERS | Hint.COMMENTS | Hint.HIDDEN)
_BEYOND_DOUBT = 10_000  # bytes of open prose: an article
_DOUBT = 6.0
_LEAST_DOUBT = 400  # bytes


class Walk:
    """The blocks of a page in document order, sums done.

    What is foreign to the article by tag or name (navigation, shares, comments, hidden things) stays closed: one block
    with its weight, not looked into. That is half the elements of a page. Where closed blocks hold most of the page's
    text after all (`<body class="comments-open">`), the names meant something else, and those are opened.
    """

    def __init__(self, root: etree._Element) -> None:
        self.blocks: list[Block] = []
        self.root = Block(_body_of(root), "body", None, 0, self.blocks)
        self.cut = False  # whether MAX_ELEMENTS ended the walk
        self._elements = 0
        self._read(self.root, False, 0)
        if self.root.prose <= _BEYOND_DOUBT:
            self._open_doubtful(self.root.prose)

    def __del__(self) -> None:
        # Blocks know those above and below them. Taken apart they are freed at once; else a page's blocks wait for the
        # collector, which looks through the whole process for them: a fifth of the time of reading a page.
        for block in self.blocks:
            block.children.clear()
        self.blocks.clear()

    def _open_doubtful(self, prose: float) -> None:
        """Look into closed blocks that hold so much more text than all open prose that they must be the article."""
        doubtful = [block for block in self.blocks if block.closed and _outweighs(block, prose)]
        for block in doubtful:
            self._open(block, prose)
        if doubtful:
            self.blocks = _ordered(self.root)

    def _open(self, closed: Block, prose: float) -> None:
        """An open block in the place of a closed one, and of those in it that outweigh the prose as well."""
        assert closed.parent is not None
        block = Block(closed.element, closed.tag, closed.parent, closed.hint, [])
        siblings = closed.parent.children
        siblings[siblings.index(closed)] = block
        self._read(block, *_standing(block.element))
        for up in block.ancestors():
            _add(up, block)
        for inner in [inner for inner in block.order if inner.closed and _outweighs(inner, prose)]:
            self._open(inner, prose)

    def _read(self, block: Block, in_link: bool, depth: int) -> None:
        """Take in all of a block: its own text, the blocks below it, and the sums of both."""
        element = block.element
        parts: list[str] = []
        if text := element.text:
            parts.append(text)
            if in_link:
                block.own_link_weight += _weight(text.strip())
        if len(element):
            self._visit(element, block, parts, in_link, depth)
            block.end = len(block.order)
        if parts:
            text = parts[0] if len(parts) == 1 else "".join(parts)
            _weigh(block, text)

    def _visit(self, element: etree._Element, block: Block, parts: list[str], in_link: bool, depth: int) -> None:
        """Take in the children of `element`, whose text are `parts` of the own text of `block`.

        One function for inline elements and tails: it sees every element of a page, and calls are what costs.
        """
        self._elements += len(element)
        if self._elements > MAX_ELEMENTS:
            self.cut = True
            return
        add = parts.append
        for child in element:
            tag = child.tag
            kind = _kind_of_tag(tag)  # type: ignore[arg-type]  # comments have a function for a tag
            if kind is None:
                if isinstance(tag, str):
                    if parts:  # a block inside a block's own text sets apart what stands before and after it
                        add("\n")
                    self._visit_block(child, tag, block, in_link, depth)
            elif kind == _INLINE:
                if tag in _OWN_LINES and _is_own_line(child, block, parts):
                    add("\n")
                    self._visit_block(child, tag, block, in_link, depth)
                elif tag == "br":
                    add("\n")
                elif tag == "img":
                    block.images += 1
                elif tag != "span" or not hints_of(child) & _HIDDEN:
                    linked = in_link or (tag == "a" and child.get("href") is not None)
                    if text := child.text:
                        add(text)
                        if linked:
                            block.own_link_weight += _weight(text.strip())
                    if len(child):
                        self._visit(child, block, parts, linked, depth + 1)
            if (text := child.tail) and (parts or not text.isspace()):
                add(text)
                if in_link:
                    block.own_link_weight += _weight(text.strip())

    def _visit_block(self, child: etree._Element, tag: str, parent: Block, in_link: bool, depth: int) -> None:
        # A heading's names are those of its words: it is the target of a table of contents.
        hint = hints_of(child) & ~_FOREIGN if tag in HEADINGS else hints_of(child)
        foreign = tag in _CLOSED_TAGS or (hint & _CLOSED_HINTS and tag not in _OPEN_TAGS and not hint & _BODY)
        block = (ClosedBlock if foreign else Block)(child, tag, parent, hint, parent.order)
        parent.children.append(block)
        if foreign:
            return
        if depth > MAX_DEPTH:
            _weigh(block, all_text(child))
        else:
            self._read(block, in_link, depth + 1)
        _add(parent, block)


def _ordered(root: Block) -> list[Block]:
    """All blocks in document order, each told its place."""
    order: list[Block] = []
    stack = [root]
    while stack:
        block = stack.pop()
        block.order, block.index, block.end = order, len(order), len(order) + 1
        order.append(block)
        stack.extend(reversed(block.children))
    for block in reversed(order):
        if block.parent is not None:
            block.parent.end = max(block.parent.end, block.end)
    return order


def _add(parent: Block, block: Block) -> None:
    parent.images += block.images
    if block.weight:
        parent.weight += block.weight
        parent.link_weight += block.link_weight
        parent.prose += block.prose


def _standing(element: etree._Element) -> tuple[bool, int]:
    """Whether an element stands in a link, and how deep in the tree."""
    above = list(element.iterancestors())
    return any(up.tag == "a" and up.get("href") is not None for up in above), len(above)


def _is_own_line(element: etree._Element, block: Block, parts: list[str]) -> bool:
    """Whether an inline element stands alone in a container: <section><small>2021-12-08</small>."""
    return block.tag in _CONTAINERS and not (element.tail or "").strip() and not "".join(parts[-1:]).strip()


def _body_of(root: etree._Element) -> etree._Element:
    body = root if root.tag == "body" else root.find("body")
    return root if body is None else body


def _outweighs(block: Block, prose: float) -> bool:
    """Whether a closed block must be the article, against that much open prose.

    Comments and related articles are often longer than a short article; six times as long they are not.
    """
    least = max((_DOUBT if block.hint & _OTHERS_TEXT else 1.0) * prose, _LEAST_DOUBT)
    return block.tag not in _CLOSED_TAGS and block.weight > least and block.weight - _code_in(block.element) > least


def _code_in(element: etree._Element) -> int:
    """Characters of scripts and styles, which `string()` takes for text."""
    return sum(len(part.text or "") for part in element.iter("script", "style", "noscript"))


def _weight(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _weigh(block: Block, text: str) -> None:
    text = text.strip()
    if not text:
        return
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
