"""What stands inside the container and is not the article: cut, with the rule that cut it."""

import re
from collections.abc import Sequence

from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.body.assemble import AS_FIGURE
from crawler.extraction.anysite.body.container import is_teaser_list
from crawler.extraction.anysite.body.phrases import (
    CLOSING_CREDIT,
    CREDIT,
    CREDIT_INSIDE,
    FOREIGN_HEADING,
    LABEL,
    META_LINE,
    PROMPT,
    READ_ALSO,
    SHARE_LINE,
    TOOL_LINE,
)
from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.walk import HEADINGS

_BYLINE, _CAPTION, _EMBED, _DOUBTFUL = (int(hint) for hint in (Hint.BYLINE, Hint.CAPTION, Hint.EMBED, Hint.DOUBTFUL))
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d\b|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_LATIN = re.compile(r"[a-z]{3}")
_CREDIT_SIGN = re.compile(r"[©:：/(]")
_CREDIT_END = re.compile(r"(?:[A-Z]{2}|[Ii]mages|stock|alliance|AP Photo)\W*$")
_LONGEST_END = 30  # characters
_MOST_TAIL = 16  # lines
_SHORT_LINE = 60  # bytes
_SHORTEST_TEASER = 25  # bytes of the text beside a picture
_MOST_PICTURE_LINKS = 2  # of a lead picture: to itself, to its gallery
_LINES = HEADINGS | {"p", "li", "td", "div", "dd", "dt", "center", "address", "small", "time"}
_MERE_LINES = _LINES - {"div"}


class Pruner:
    """One article's cuts. `titles` and `authors` are what the page says elsewhere; `head` prints the headline."""

    def __init__(
        self, parts: Sequence[Block], titles: Sequence[str], head: Block | None = None, authors: Sequence[str] = ()
    ) -> None:
        self.cuts: dict[Block, str] = {}
        self._parts = parts
        self._titles = {loose(title) for title in titles if title}
        lengths = [len(title) for title in self._titles]
        self._title_chars = (min(lengths, default=1), max(map(len, titles), default=0) + 20)
        self._head = head
        self._authors = [loose(author) for author in authors]
        self._total = sum(part.prose for part in parts)
        blocks = [block for part in parts for block in part.subtree()]
        prose = [block.index for block in blocks if block.own_prose > 60]
        # Bylines stand before the text, or under its standfirst.
        self._only = _heaviest(blocks, head) if len(prose) < 2 else None  # the text of a flash
        if not prose and self._only is not None:
            prose = [self._only.index]
        self._first, self._second = (prose[0], prose[min(1, len(prose) - 1)]) if prose else (0, 0)
        linked = sum(_is_all_link(block) for block in blocks if block.own_link_weight)
        self._links_are_text = linked > 0.34 * len(prose)  # a digest whose items are linked headlines

    def run(self) -> dict[Block, str]:
        for part in self._parts:
            self._children(part)
        self._tail()
        return self.cuts

    def _tail(self) -> None:
        """From the last line upwards: what asks the reader to do something, or tells of the author."""
        lines = [block for part in self._parts for block in part.subtree() if not block.closed and block.text]
        for block in list(reversed(lines))[:_MOST_TAIL]:
            if any(up in self.cuts for up in (block, *block.ancestors())):
                continue
            if block.own_weight > 700 or block.tag == "td":
                return
            text = block.text.lower()
            if PROMPT.search(text):
                self.cuts[block] = "drop_prompt"
            elif self._is_bio(block):
                self.cuts[block] = "drop_bio"
            elif CLOSING_CREDIT.fullmatch(text):
                self.cuts[block] = "drop_byline"
            elif block.own_prose or block.own_weight > 60 or block.tag in HEADINGS:
                return

    def _visit(self, block: Block) -> None:
        if rule := self._rule(block):
            self.cuts[block] = rule
        else:
            self._children(block)

    def _children(self, parent: Block) -> None:
        foreign = dated = False
        for child in parent.children:
            if foreign and _is_leftover(child):
                self.cuts[child] = "drop_related"
                continue
            if dated and self._is_beside_date(child):
                self.cuts[child] = "drop_byline"
                continue
            foreign = False
            if self._is_foreign_heading(child):
                self.cuts[child] = "drop_related"
                foreign = True
                continue
            self._visit(child)
            dated = self.cuts.get(child) == "drop_byline" and _DATED.search(child.text) is not None

    def _is_beside_date(self, block: Block) -> bool:
        """Whether a block above the text, right after a line with a date, is as short: the medium, a name, a place."""
        is_short = 0 < block.weight < _SHORT_LINE and not block.prose and not block.images and not block.children
        if self._head is None or not self._head.index < block.index < self._first:
            return False
        return is_short and block.tag in ("div", "span", "li", "td", "small")

    def _is_foreign_heading(self, block: Block) -> bool:
        if not block.weight or block.weight > 200 or block.prose > 60:
            return False
        if block.tag not in HEADINGS and block.weight > 90:
            return False
        text = block.text or block.full_text()
        return FOREIGN_HEADING.fullmatch(text.lower()) is not None

    def _rule(self, block: Block) -> str | None:
        if block.closed:
            return "drop_foreign"
        is_box = block.hint or block.images or block.children or block.tag not in _MERE_LINES
        if is_box and block.prose < 0.3 * self._total and (rule := self._box_rule(block)):
            return rule
        if block.text and block.tag in _LINES and block.weight < 700:
            return self._line_rule(block)
        return None

    def _box_rule(self, block: Block) -> str | None:
        """Rules on a block as a whole."""
        tag, hint = block.tag, block.hint
        if tag in ("aside", "form", "menu", "search"):
            return f"drop_{tag}"
        if hint & _EMBED and tag != "p":
            return "drop_embed"
        if hint & _DOUBTFUL and (block.link_share > 0.12 or block.prose < 0.5 * block.weight):
            return "drop_foreign"
        if hint & _BYLINE and block.weight < 400 and block.prose < 120:
            return "drop_byline"
        if tag == "figure" or (hint & _CAPTION and block.weight < 700):
            return AS_FIGURE if block.images else "drop_caption"
        if tag == "figcaption":
            return "drop_caption"
        if (
            block.images
            and tag not in ("p", "li", "td", "table")
            and 0 < block.weight < 420
            and block.prose < 200
            and not _holds_heading(block)
        ):
            return self._picture_rule(block)
        if block.link_share > 0.05 and block.prose and len(block.children) and is_teaser_list(block):
            return "drop_related"
        if block.weight and block.link_share > 0.6 and tag not in _MERE_LINES:
            return "drop_links"
        return None

    def _line_rule(self, block: Block) -> str | None:
        """Rules on a line of text."""
        text = block.text.lower()
        if block is self._head:
            return "drop_title"
        if block is not self._only and self._is_title(text):
            return "drop_title"
        if block.weight < 90 and LABEL.fullmatch(text):
            return "drop_label"
        if block.weight < 160 and TOOL_LINE.fullmatch(text):
            return "drop_tools"
        if block.weight < 330 and ("扫" in text or "分享" in text) and SHARE_LINE.fullmatch(text):
            return "drop_share_line"
        if text.endswith((">>", "»", "＞＞")) and (block.own_link_weight > 0.5 * block.own_weight or _is_call(block)):
            return "drop_link"
        if block.own_link_weight and READ_ALSO.match(text) and block.own_link_weight > 0.3 * block.own_weight:
            return "drop_read_also"
        if block.index <= self._second and block.weight < 200 and self._is_meta(block, text):
            return "drop_byline"
        if block.own_link_weight and self._is_pointer(block):
            return "drop_link"
        if block.weight < 300 and _is_credit(block.text, text):
            return "drop_caption"
        if self._is_prompt(block):
            return "drop_prompt"
        return None

    def _is_title(self, text: str) -> bool:
        shortest, longest = self._title_chars
        return shortest <= len(text) <= longest and loose(text) in self._titles

    def _is_meta(self, block: Block, text: str) -> bool:
        if block.own_prose >= 60 and not (block.weight < 160 and _DATED.search(text)):
            return False
        if META_LINE.fullmatch(text) is not None:
            return True
        if block.index < self._first and block.weight < 80 and _DATED.search(text):
            return True
        if self._head is not None and block.index < self._head.index and block.weight < 80:
            return True  # a kicker over the headline
        bare = loose(text)
        return any(author and author in bare for author in self._authors)

    def _picture_rule(self, block: Block) -> str:
        """A small block with an image: a picture, unless its text says it is an icon, a face or a teaser."""
        if self._is_picture_teaser(block):
            return "drop_links"
        text = block.full_text()
        line, bare = text.lower(), loose(text)
        if any(form.fullmatch(line) for form in (TOOL_LINE, LABEL, SHARE_LINE)):
            return "drop_tools"
        if block.index < self._first and _is_head_matter(block):
            return "drop_byline"
        if META_LINE.fullmatch(line) or any(author and bare.startswith(author) for author in self._authors):
            return "drop_byline"
        return AS_FIGURE

    def _is_pointer(self, block: Block) -> bool:
        """A paragraph that is a link to another article, where the article itself does not consist of such."""
        return not self._links_are_text and _is_all_link(block) and not _is_linked_heading(block)

    def _is_picture_teaser(self, block: Block) -> bool:
        """Whether pictures stand beside links to other articles; the lead picture may link to itself."""
        if block.weight <= _SHORTEST_TEASER or block.link_share <= 0.6:
            return False
        return block.index > self._first or sum(1 for _ in block.element.iter("a")) > _MOST_PICTURE_LINKS

    def _is_prompt(self, block: Block) -> bool:
        """A line in links or emphasis that asks the reader to do something."""
        if block.weight > 500 or block.own_link_weight <= 0.35 * block.own_weight:
            return False
        return PROMPT.search(block.text.lower()) is not None

    def _is_bio(self, block: Block) -> bool:
        bare = loose(block.text)
        return any(len(author) > 5 and bare.startswith(author) for author in self._authors)


def _is_credit(text: str, lowered: str) -> bool:
    """A line that names who took a picture, or a caption that ends so."""
    if len(lowered) < 140 and CREDIT.fullmatch(lowered):
        return True
    may_be = _CREDIT_SIGN.search(text) or _CREDIT_END.search(text, max(0, len(text) - _LONGEST_END))
    return may_be is not None and CREDIT_INSIDE.search(text) is not None


def _heaviest(blocks: Sequence[Block], head: Block | None) -> Block | None:
    """The longest line that is neither a heading, nor a date, nor foreign; a paragraph before any other."""
    lines = (block for block in blocks if not block.closed and block is not head and block.text)
    texts = (b for b in lines if b.tag not in HEADINGS and not (b.weight < 80 and _DATED.search(b.text)))
    return max(texts, key=lambda block: (block.tag == "p", block.own_weight - block.own_link_weight), default=None)


def _is_head_matter(block: Block) -> bool:
    """Whether a block holds a date and a label of the medium, each on a line of its own."""
    lines = [part.text.lower() for part in block.subtree() if part.text and part.weight < 80]
    return any(map(_DATED.search, lines)) and any(line.startswith(("来源", "來源", "source")) for line in lines)


def _is_call(block: Block) -> bool:
    """A line that is no sentence and points onwards: 点击查看更多>>"""
    return block.weight < 200 and block.text.endswith((">>", "＞＞")) and "。" not in block.text


def _is_all_link(block: Block) -> bool:
    """Whether a paragraph is one link, or a label and one: a pointer to another article."""
    if block.tag != "p" or block.own_weight <= 25:
        return False
    share = block.own_link_weight / block.own_weight
    return share >= 0.9 or (share >= 0.55 and not block.own_prose and block.text[-1:] not in '.!?。！？”"')


def _is_linked_heading(block: Block) -> bool:
    """A headline that is a link and bold, over the text of its item: a digest of news."""
    if block.parent is None or block.element.find(".//a//strong") is None:
        return False
    siblings = block.parent.children
    at = siblings.index(block) + 1
    return at < len(siblings) and siblings[at].own_prose > 0 and not _LATIN.search(block.text)


def _is_leftover(block: Block) -> bool:
    """Whether a block under a foreign heading belongs to it."""
    return block.tag not in HEADINGS and (block.link_share > 0.4 or block.prose == 0)


def _holds_heading(block: Block) -> bool:
    return any(part.tag in HEADINGS for part in block.subtree())
