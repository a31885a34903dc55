"""Which blocks hold the article: the container, what belongs to it beside it, and the standfirst above it."""

from dataclasses import dataclass, field

from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.walk import Block, Walk

_BODY, _LEAD = int(Hint.BODY), int(Hint.LEAD)
_OUT = int(Hint.FOREIGN | Hint.COMMENTS | Hint.HIDDEN)

_SHARE = 0.72
"""A child that holds this share of its parent's prose holds the article; below it, the parent does."""
_JOIN_WEIGHT = 140  # bytes of prose that make a block beside the container worth a look


@dataclass(slots=True)
class Choice:
    """The container, and what belongs to the article beside it, in document order."""

    main: Block
    parts: list[Block] = field(default_factory=list)  # `main` among them


def choose(walk: Walk) -> Choice | None:
    """The blocks that hold the article, or None when the page has no prose."""
    if walk.root.prose <= 0:
        return None
    main = _descend(walk.root)
    return Choice(main, _gather(main))


def _descend(root: Block) -> Block:
    """The deepest block that holds most of its parent's prose, at every step down from the root."""
    block = root
    while True:
        best = max(
            (child for child in block.children if not child.closed),
            key=lambda child: child.prose * (1.1 if child.hint & _BODY else 1.0),
            default=None,
        )
        if best is None or best.tag == "p" or best.prose < _SHARE * block.prose:
            return block
        block = best


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
    if block.prose < _JOIN_WEIGHT or block.link_share > 0.25:
        return False
    same_dress = block.tag == main.tag and block.hint & _BODY
    return bool(same_dress) or block.tag == "p" or block.prose > 0.15 * main.prose
