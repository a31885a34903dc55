"""The headline: what the page prints, told apart from the site's name by what the page says elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.unmarked_headlines import above_dateline, beginnings_of, begun, is_section
from crawler.extraction.anysite.walk import Walk

_SEPARATOR = re.compile(
    r"(?=[\s|｜_＿»«–—-])"  # what each of the forms begins with: to fail early is most of the time
    r"(?:\s+[-–—|｜·•»«:/]+\s+|\s*[|｜_＿»«]+\s*|\s*[-–—]{2,}\s*"
    r"|(?<=[\u4e00-\u9fff”》！？…）])\s*[-–—]\s*(?=[\u4e00-\u9fffA-Z]))"
)
_MAY_SEPARATE = re.compile(r"[-–—|｜·•»«:/_＿]")
_MEDIUM = re.compile(r"[\w\u4e00-\u9fff]{1,10}(?:网|網|日报|晚报|早报|时报|新闻|频道|在线|资讯|客户端|门户|通讯社)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CUT_SHORT = re.compile(r"\s*(?:\.{2,}|…+)$")
_BARS = " |｜_"  # left at an end when a template has no name to put behind them
_SETS_APART = re.compile(r"[:：|｜–—\s-]")
_LONGEST = 900  # bytes
_MOST_PARTS = 6  # of a site's name: 新闻_频道_网站
_MOST_PRINTED = 12  # headings of one rank that are looked at
_SHORTEST = 4  # letters and digits
_MOST_MARKS = 20  # beyond one for each letter
_SHORTEST_CUT = 6  # letters
_SURE, _AKIN = 0.6, 0.4


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


@dataclass(frozen=True, slots=True)
class _Stated:
    """A statement without the site's name."""

    text: str
    bare: str  # its letters and digits
    rule: str


def headline(walk: Walk, said: Sequence[Said], site_names: Sequence[str], url: str) -> Headline | None:
    """The printed headline that the page's own statements agree with; else the best of the statements.

    `said` in order of trust; the content of <title> last.
    """
    names = {loose(name) for name in site_names if name} | _host_names(url)
    stated = _stated(said, names)
    found = _printed_or_stated(walk, stated, names)
    if found is None or is_section(walk, found.text):
        line = above_dateline(walk, found.text if found else "")
        return Headline(text_of(line), "headline", line) if line else found
    return _in_full(found, stated)


def _printed_or_stated(walk: Walk, stated: Sequence[_Stated], names: set[str]) -> Headline | None:
    known = [item.bare for item in stated]
    printed = _headings(walk, "h1")
    best, agreement = _best(printed, known, names)
    # Two statements that agree with each other outweigh a printed line that agrees with neither.
    needed = _SURE if len(known) > 1 and known[0] == known[1] else 0.3
    if best is not None and agreement > needed:
        return _trimmed(best, stated)
    if found := _without_h1(walk, stated):
        return found
    # What stands in the head alone is often written for search engines; an only h1 that is akin to it is the headline.
    of_article = bool(stated) and stated[0].rule.startswith("json-ld")
    if len(printed) == 1 and agreement > _AKIN and not of_article and not _is_glossed(printed[0]):
        return _trimmed(printed[0], stated)
    if stated:
        return Headline(begun(walk, stated[0].text) or stated[0].text, stated[0].rule, best)
    if best is not None and loose(text_of(best)) not in names:
        return Headline(text_of(best), "h1", best)
    return None


def _in_full(found: Headline, stated: Sequence[_Stated]) -> Headline:
    """The statement that goes on where the print was cut short with dots."""
    if not (cut := _CUT_SHORT.search(found.text)):
        return found
    start = found.text[: cut.start()]
    if len(loose(start)) < _SHORTEST_CUT:
        return found
    longer = (item for item in stated if item.text.startswith(start) and len(item.bare) > len(loose(start)))
    whole = next((item for item in longer if item.text[len(start)].isalnum()), None)
    return Headline(whole.text, whole.rule, found.block) if whole else found


def _is_glossed(block: Block) -> bool:
    """Whether readings stand between the characters: the print then has more than the headline."""
    return block.element.find(".//rt") is not None


def _without_h1(walk: Walk, stated: Sequence[_Stated]) -> Headline | None:
    """The headline where the h1 is left to the logo or the trail of sections: one rank lower, or in any block."""
    if not stated:
        return None
    seconds = [(block, loose(text_of(block))) for block in _headings(walk, "h2")]
    for item in stated:
        if block := next((block for block, bare in seconds if _holds(bare, item.bare)), None):
            return _trimmed(block, stated, "headline")
    block = _printing(walk, stated[0].bare, beginnings_of(stated[0].text))
    return _trimmed(block, stated, "headline") if block is not None else None


def _stated(said: Sequence[Said], names: set[str]) -> list[_Stated]:
    """The statements without the site's name; what is nothing but its name is none."""
    read: dict[str, tuple[str, str]] = {}  # most pages state one text two or three times
    for item in said:
        if item.text not in read:
            text = without_site(item.text, names)
            read[item.text] = text, loose(text)
    return [_Stated(*read[item.text], item.rule) for item in said if read[item.text][0]]


def _headings(walk: Walk, tag: str) -> list[Block]:
    found = [block for block in walk.blocks if block.tag == tag and not block.closed and 0 < block.weight < _LONGEST]
    return found[:_MOST_PRINTED]


def _best(blocks: Sequence[Block], known: Sequence[str], names: set[str]) -> tuple[Block | None, float]:
    """The first of the blocks that agree best with what is known, and how well it does."""
    agreements = [_agreement(loose(text_of(block)), known, names) for block in blocks]
    most = max(agreements, default=0.0)
    return (blocks[agreements.index(most)], most) if agreements else (None, most)


def without_site(text: str, names: set[str]) -> str:
    """A title without the parts at its ends that name the site: 标题_新闻频道_央视网  ->  标题."""
    text = " ".join(text.split())
    for _ in range(_MOST_PARTS):
        if not (cut := _site_part(text, names)):
            break
        text = cut
    text = text.strip(_BARS)
    return text if loose(text) not in names else ""


def text_of(block: Block) -> str:
    return " ".join(part.text for part in block.subtree() if not part.closed and part.text)


def _site_part(text: str, names: set[str]) -> str | None:
    """`text` without its last or first part, where that is the site's name; None where it is not."""
    parts = list(_SEPARATOR.finditer(text)) if _MAY_SEPARATE.search(text) else []
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
    if text in known:
        return 1.0
    return max(_likeness(text, other) for other in set(known))


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one in other or other in one:
        return 0.6 + 0.4 * min(len(one), len(other)) / max(len(one), len(other))
    a = {one[at : at + 3] for at in range(len(one) - 2)}
    b = {other[at : at + 3] for at in range(len(other) - 2)}
    return len(a & b) / max(1, min(len(a), len(b))) if a and b else 0.0


def _trimmed(block: Block, stated: Sequence[_Stated], rule: str = "h1") -> Headline:
    """The printed text; without a kicker that stands inside the heading, where a statement shows where it ends."""
    text = text_of(block)
    bare = loose(text)
    if block.children and (own := loose(block.text)) and any(item.bare == own for item in stated):
        return Headline(block.text, rule, block)  # a date line inside of the heading
    better = _set_in_line(text, bare, stated) or _twice_stated(bare, stated) or _part(bare, stated)
    return Headline(text, rule, block) if better is None else Headline(better.text, better.rule, block)


def _part(bare: str, stated: Sequence[_Stated]) -> _Stated | None:
    """The statement that a printed line holds, with a kicker or a second line beside it."""
    if any(item.bare == bare for item in stated):
        return None
    return next((item for item in stated if _holds(bare, item.bare)), None)


def _holds(line: str, known: str) -> bool:
    return len(known) > 0.5 * len(line) and (line.endswith(known) or line.startswith(known))


def _set_in_line(text: str, bare: str, stated: Sequence[_Stated]) -> _Stated | None:
    """The statement that sets a mark between kicker and headline, where the print has them on lines of their own.

    A page runs the two together in the one order or the other. A colon reads better than a dash or a bar.
    """
    marks = len(_SETS_APART.findall(text))
    found = [
        item
        for item in stated
        if len(item.bare) == len(bare) and item.bare in bare + bare and len(_SETS_APART.findall(item.text)) > marks
    ]
    return min(found, key=lambda item: ":" not in item.text, default=None)


def _twice_stated(bare: str, stated: Sequence[_Stated]) -> _Stated | None:
    """The publisher's own spelling: JSON-LD and Open Graph have the printed words, and agree to the letter.

    The print then differs in its quotes, dashes or capitals alone, which the template set.
    """
    if len(stated) < 2 or not stated[0].rule.startswith("json-ld"):
        return None
    return stated[0] if stated[0].bare == bare and stated[0].text == stated[1].text else None


def _printing(walk: Walk, whole: str, beginnings: Sequence[str]) -> Block | None:
    """The first block that prints a stated title in full, else the first that prints a beginning of it.

    Pages without an h1 print it in a div or an h3.
    """
    if len(whole) < _SHORTEST:
        return None
    least, most = min(map(len, (whole, *beginnings))), 2 * len(whole) + _MOST_MARKS
    first = whole[0] if _HAN.match(whole) else ""
    beginning = None
    for block in walk.blocks:
        if not least <= block.own_weight < _LONGEST or block.closed or block.tag == "title":  # of a head in the body
            continue
        if len(block.text) > most or first not in block.text:
            continue
        bare = loose(block.text)
        if bare == whole:
            return block
        if beginning is None and bare in beginnings:
            beginning = block
    return beginning
