"""Which blocks hold the article: the container, what belongs to it beside it, and the standfirst above it."""

from dataclasses import dataclass

from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.walk import Walk

_BODY, _HIDDEN = int(Hint.BODY), int(Hint.HIDDEN)
_OUT = int(Hint.FOREIGN | Hint.COMMENTS | Hint.HIDDEN)

_SHARE = 0.72
"""A child that holds this share of its parent's prose holds the article; below it, the parent does."""
_SHARE_WHEN_MARKED = 0.45  # where the page calls that child the article, and no other
_SHARE_WITH_HEADLINE = 0.2  # where it holds the headline as well
_LISTS = frozenset(("ul", "ol", "dl"))
_BESIDE = 0.08  # of the best child's prose: lines beside it in a block that the page calls the body are of the article
_FEWEST_TEASERS = 3
_LONGEST_TEASER = 900  # bytes of prose
_JOIN_WEIGHT = 140  # bytes of prose that make a block beside the container worth a look


@dataclass(slots=True)
class Choice:
    """The container, and what belongs to the article beside it, in document order."""

    main: Block
    parts: list[Block]  # `main` among them

    @property
    def prose(self) -> float:
        return sum(part.prose for part in self.parts)


def choose(walk: Walk, head: Block | None = None) -> Choice | None:
    """The blocks that hold the article, or None when the page has no prose. `head` prints the headline."""
    if walk.root.prose <= 0:
        return None
    main = _descend(walk.root, _path(head))
    return Choice(main, _gather(main))


def _path(head: Block | None) -> frozenset[Block]:
    """The headline's block and all above it."""
    return frozenset((head, *head.ancestors())) if head is not None else frozenset()


def _descend(root: Block, path: frozenset[Block]) -> Block:
    """The deepest block that holds most of its parent's prose, at every step down from the root."""
    block = root
    while True:
        worths = {child: _worth(child, path) for child in block.children if child.prose > 0}
        best = max(worths, key=worths.__getitem__, default=None)
        if best is None or _is_part(best):
            return block
        if block.hint & _BODY and not _marked(best) and _lines_beside(best, block) > _BESIDE * best.prose:
            return block
        if worths[best] < _needed(best, list(worths), path) * (sum(worths.values()) + block.own_prose):
            return block
        block = best


def _is_part(block: Block) -> bool:
    """Whether a block is one part of an article: whatever it holds, the lines beside it belong to the article as well.

    A list of which one item holds the prose is the layout of a page.
    """
    if block.tag in _LISTS:
        return all(child.prose < _SHARE * block.prose for child in block.children)
    return block.tag in ("p", "blockquote")


def _lines_beside(best: Block, block: Block) -> float:
    """The prose of lines of text that stand right beside one child of a block."""
    return sum(child.own_prose for child in block.children if child is not best and not child.hint)


def _worth(child: Block, path: frozenset[Block]) -> float:
    """Prose, and what speaks for a child that has some."""
    worth = child.prose * (1.0 - 0.5 * child.link_share)
    if child.hint & _BODY or child.tag in ("article", "main"):
        worth *= 1.3
    if child in path:
        worth *= 2.0
    if child.tag in ("aside", "header", "form", "dialog"):
        worth *= 0.5
    if child.hint & _HIDDEN or (child.link_share > 0.05 and is_teaser_list(child)):
        worth *= 0.1
    return worth


def is_teaser_list(block: Block) -> bool:
    """Whether a block's prose stands in records of one make, each under a linked headline: other articles."""
    if block.is_teasers is None:
        block.is_teasers = _holds_teasers(block)
    return block.is_teasers


def _holds_teasers(block: Block) -> bool:
    while len(block.children) == 1:
        block = block.children[0]
    if not block.link_weight:
        return False
    records = [child for child in block.children if child.prose > 0 and not child.closed]
    if len(records) < _FEWEST_TEASERS:
        return bool(records) and all(map(is_teaser_list, records))
    made_alike = sum(child.tag == records[0].tag and _make(child) == _make(records[0]) for child in records)
    if made_alike < 0.6 * len(records) or records[0].tag == "p":
        return False
    return sum(map(_is_teaser, records)) >= 0.7 * len(records)


def _make(block: Block) -> str:
    """The first name in a block's class: what records of a list share, whatever sets one of them apart."""
    return str(block.element.get("class") or "").split(" ", 1)[0]


def _is_teaser(block: Block) -> bool:
    """A linked line before the first prose, and little prose."""
    if block.prose > _LONGEST_TEASER:
        return False
    for part in block.subtree():
        if part.own_prose:
            return False
        if part.is_linked_line:
            return True
    return False


def _needed(best: Block, children: list[Block], path: frozenset[Block]) -> float:
    """The share of the parent's prose that makes one child the way to the article."""
    if any(child.tag == "p" and child.own_prose for child in children):
        return _SHARE  # text stands right beside it
    rest = [child for child in children if child is not best]
    if any(_are_alike(child, best) for child in rest) and best not in path:
        return _SHARE  # the article may be split over children of one make
    if best in path and (best.tag in ("article", "main") or _marked(best)):
        return _SHARE_WITH_HEADLINE
    if _marked(best) and not any(_marked(child) for child in rest):
        return _SHARE_WHEN_MARKED
    return _SHARE


def _are_alike(one: Block, other: Block) -> bool:
    """Whether two blocks have one dress; sections of an article are told by the first name of it."""
    if one.tag != other.tag:
        return False
    if one.tag in ("section", "article"):
        return _make(one) == _make(other)
    return bool(one.element.get("class") == other.element.get("class"))


def _marked(block: Block) -> bool:
    """Whether the page itself calls the block, or most of what is in it, the article."""
    inner: Block | None = block
    while inner is not None:
        if inner.hint & _BODY or inner.tag == "article":
            return True
        inner = next((child for child in inner.children if not child.closed and child.prose > 0.7 * block.prose), None)
    return False


def _gather(main: Block) -> list[Block]:
    """`main` and the blocks near it that continue the same text: the article split over several siblings."""
    before: list[Block] = []
    after: list[Block] = []
    block = main
    for parent in main.ancestors():
        at = parent.children.index(block)
        before[:0] = [sibling for sibling in parent.children[:at] if _continues(sibling, main)]
        after.extend(sibling for sibling in parent.children[at + 1 :] if _continues(sibling, main))
        if parent.tag in ("article", "main", "body"):
            break
        block = parent
    return [*before, main, *after]


def _continues(block: Block, main: Block) -> bool:
    """Whether a block beside the container reads like a further part of it."""
    if block.closed or block.hint & _OUT or block.tag in ("aside", "form", "header"):
        return False
    if block.prose < _JOIN_WEIGHT or block.link_share > 0.25 or is_teaser_list(block):
        return False
    same_dress = block.tag == main.tag and block.hint & _BODY
    return bool(same_dress) or block.tag == "p" or block.prose > 0.15 * main.prose
