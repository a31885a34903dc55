"""The standfirst that stands between the headline and the body."""

import re
from collections.abc import Container, Iterable
from itertools import islice

from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.body.container import Choice
from crawler.extraction.anysite.body.phrases import CREDIT_INSIDE, LABEL, META_LINE, READ_ALSO, SHARE_LINE
from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.walk import Walk

_LEAD = int(Hint.LEAD)
_NOT_LEAD = int(Hint.BYLINE | Hint.CAPTION | Hint.FOREIGN | Hint.COMMENTS | Hint.HIDDEN | Hint.EMBED)
_NOT_LEAD_INSIDE = _NOT_LEAD & ~int(Hint.FOREIGN)
_LABEL = re.compile(
    r"[【\[]?(?:内容)?(?:摘要|导语|导读|提要|核心提示)[】\]]?\s*[：:]\s*|【(?:摘要|导语|导读|提要|核心提示)】\s*"
)
_LEAD_WEIGHT = (30, 1800)  # bytes
_SAME_START = 60  # characters that a printed standfirst and the page's description share


def leads(
    walk: Walk, choice: Choice, head: Block | None, descriptions: Iterable[str], titles: Iterable[str]
) -> list[Block]:
    """The blocks of a standfirst outside the container, in page order; most pages have none."""
    printed_titles = {loose(title) for title in titles if title}
    start = choice.main
    inside = {block for part in choice.parts if part is not start for block in part.subtree()}
    known = [loose(text) for text in descriptions if text]
    above = head.index if head is not None and head.index < start.index else None
    found = []
    for block in walk.blocks[: start.index]:
        if block in inside or block.closed or not block.text:
            continue
        if _is_lead(block, known, above is not None and block.index > above) and not _is_title(block, printed_titles):
            found.append(block)
    return found[-3:]


def unlabelled(text: str) -> str:
    """摘要：码头要加高  ->  码头要加高."""
    return _LABEL.sub("", text, count=1)


def opens(text: str, choice: Choice, cuts: Container[Block]) -> bool:
    """Whether a standfirst is nothing but the beginning of the article, printed twice."""
    prose = (block for part in choice.parts for block in part.subtree() if block.own_prose)
    first = next(
        (block for block in prose if block not in cuts and not any(up in cuts for up in block.ancestors())), None
    )
    return first is not None and loose(first.text).startswith(loose(text))


def _is_lead(block: Block, known: list[str], below_headline: bool) -> bool:
    if not _LEAD_WEIGHT[0] <= block.own_weight <= _LEAD_WEIGHT[1] or block.own_link_weight > 0.4 * block.own_weight:
        return False
    if block.hint & _NOT_LEAD or (block.parent is not None and block.parent.hint & _NOT_LEAD_INSIDE):
        return False
    family = [block, *islice(block.ancestors(), 4)]
    if any(member.tag in ("figure", "figcaption") for member in family) or CREDIT_INSIDE.search(block.text):
        return False
    line = block.text.lower()
    if any(form.fullmatch(line) for form in (SHARE_LINE, META_LINE, LABEL)) or READ_ALSO.match(line):
        return False
    text = loose(block.text)
    if text and any(
        text == other or (len(other) > 40 and text[:_SAME_START] == other[:_SAME_START]) for other in known
    ):
        return block.tag != "h1"
    if not below_headline:
        return False
    if any(member.hint & _LEAD for member in family[:3]):
        return True
    if block.tag in ("h2", "h3"):
        return block.own_weight > 90 or block.text.endswith((".", "。", "!", "?"))
    return block.tag in ("p", "li", "div") and not block.children and block.own_weight > 60 and block.own_prose > 50


def _is_title(block: Block, titles: set[str]) -> bool:
    text = loose(block.text)
    return any(text == title or (len(text) > 8 and title.startswith(text)) for title in titles)
