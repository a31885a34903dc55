"""The headline: what the page prints, told apart from the site's name by what the page says elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.walk import Block, Walk

_SEPARATOR = re.compile(
    r"\s+[-–—|｜·•»«:/]+\s+|\s*[|｜_＿»«]+\s*|\s*[-–—]{2,}\s*"
    r"|(?<=[\u4e00-\u9fff”》！？…）])\s*[-–—]\s*(?=[\u4e00-\u9fffA-Z])"
)
_MEDIUM = re.compile(r"[\w\u4e00-\u9fff]{1,10}(?:网|網|日报|晚报|早报|时报|新闻|频道|在线|资讯|客户端|门户|通讯社)")
_ANY_SEPARATOR = re.compile(r"\s*[-–—_|｜·«»:：]+\s*")
_LONGEST = 900  # bytes
_MOST_PRINTED = 12  # h1 elements that are looked at
_SHORTEST = 4  # letters and digits


@dataclass(frozen=True, slots=True)
class Headline:
    text: str
    rule: str
    block: Block | None = None  # that prints it


@dataclass(frozen=True, slots=True)
class Said:
    """A title that the page states, not necessarily prints."""

    text: str
    rule: str


def headline(walk: Walk, said: Sequence[Said], site_names: Sequence[str], url: str) -> Headline | None:
    """The printed headline that the page's own statements agree with; else the best of the statements.

    `said` in order of trust; the content of <title> last.
    """
    names = {loose(name) for name in site_names if name} | _host_names(url)
    stated = [Said(text, item.rule) for item in said if (text := without_site(item.text, names))]
    known = [loose(item.text) for item in stated]
    printed = [block for block in walk.blocks if block.tag == "h1" and not block.closed and 0 < block.weight < _LONGEST]
    agreements = {block: _agreement(loose(text_of(block)), known, names) for block in printed[:_MOST_PRINTED]}
    best = max(agreements, key=lambda block: (agreements[block], -block.index), default=None)
    # Two statements that agree with each other outweigh a printed line that agrees with neither.
    needed = 0.6 if len(known) > 1 and known[0] == known[1] else 0.3
    if best is not None and agreements[best] > needed:
        return _trimmed(best, stated, agreements[best])
    for wanted in (known[:1], _beginnings(stated[0].text) if stated else ()):
        if block := _printing(walk, wanted):
            return _trimmed(block, stated, 1.0, "headline")
    if stated:
        return Headline(stated[0].text, stated[0].rule, best)
    if best is not None and loose(text_of(best)) not in names:
        return Headline(text_of(best), "h1", best)
    return None


def without_site(text: str, names: set[str]) -> str:
    """A title without the parts at its ends that name the site: 标题_新闻频道_央视网  ->  标题."""
    text = " ".join(text.split())
    while cut := _site_part(text, names):
        text = cut
    return text if loose(text) not in names else ""


def text_of(block: Block) -> str:
    return " ".join(part.text for part in block.subtree() if part.text and not part.closed)


def _site_part(text: str, names: set[str]) -> str | None:
    """`text` without its last or first part, where that is the site's name; None where it is not."""
    parts = list(_SEPARATOR.finditer(text))
    if not parts:
        return None
    last, first = parts[-1], parts[0]
    end = text[last.end() :]
    if loose(end) and (_is_name(loose(end), names) or _MEDIUM.fullmatch(end)):
        return text[: last.start()]
    if (start := loose(text[: first.start()])) and start in names:
        return text[first.end() :]
    return None


def _is_name(part: str, names: set[str]) -> bool:
    return any(part == name or (len(name) > 4 and (part.startswith(name) or part.endswith(name))) for name in names)


def _host_names(url: str) -> set[str]:
    """Names that a host states: www.the-sun.co.uk  ->  thesuncouk, thesun."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    found = {loose(host)}
    found |= {loose(label) for label in labels[:-1] if len(label) > 3}
    return {name for name in found if len(name) > 2}


def _agreement(text: str, known: Sequence[str], names: set[str]) -> float:
    """How far a printed text is what the page states elsewhere: 1 the same, 0 nothing of it."""
    if len(text) < _SHORTEST or text in names:
        return 0.0
    if not known:
        return 0.5
    return max(_likeness(text, other) for other in known)


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if one in other or other in one:
        return 0.6 + 0.4 * min(len(one), len(other)) / max(len(one), len(other))
    a = {one[at : at + 3] for at in range(len(one) - 2)}
    b = {other[at : at + 3] for at in range(len(other) - 2)}
    return len(a & b) / max(1, min(len(a), len(b))) if a and b else 0.0


def _trimmed(block: Block, stated: Sequence[Said], agreement: float, rule: str = "h1") -> Headline:
    """The printed text; without a kicker that stands inside the h1, where a statement shows where it ends."""
    text = text_of(block)
    if block.children and any(loose(item.text) == loose(block.text) for item in stated):
        return Headline(block.text, rule, block)  # a date line inside of the h1
    bare = loose(text)
    letters = sorted(bare)
    for item in stated:
        known = loose(item.text)
        # The page runs a kicker and the headline together, in the one order or the other.
        if len(item.text) > len(text) and (known == bare or sorted(known) == letters):
            return Headline(item.text, item.rule, block)
        if agreement < 1.0 and len(known) > 0.5 * len(bare) and (bare.endswith(known) or bare.startswith(known)):
            return Headline(item.text, item.rule, block)
    return Headline(text, rule, block)


def _beginnings(text: str) -> list[str]:
    """What may be the headline in 标题_频道_网站: the text up to each separator, longest first."""
    return [loose(text[: match.start()]) for match in reversed(list(_ANY_SEPARATOR.finditer(text)))]


def _printing(walk: Walk, known: Sequence[str]) -> Block | None:
    """The first block that prints a stated title in full; pages without an h1 print it in a div or an h3."""
    wanted = {text for text in known if len(text) >= _SHORTEST}
    if not wanted:
        return None
    for block in walk.blocks:
        if 0 < block.own_weight < _LONGEST and not block.closed and loose(block.text) in wanted:
            return block
    return None
