"""Headlines that no heading marks: lines that are told by what <title> says, or by the dateline right below them."""

import re
from itertools import islice

from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.walk import Walk

_ANY_SEPARATOR = re.compile(r"\s*[-–—_|｜·«»:：]+\s*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TRAIL = re.compile(r"\s*[>＞»›/-]+\s*")  # between the steps of a trail of sections
_DATELINE = re.compile(
    r"(?:(?:发布|发表|更新)?(?:时间|日期)|来源|作者|浏览)\s*[:：]|20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}"
)
_SHORTEST_BEGINNING = 6
_NO_HEADLINE = re.compile(rf"{_DATELINE.pattern}|首页|位置|[。；>][\"”’」』]?$")
_SENTENCE = 100  # bytes of running text; a dateline has none
_LONGEST_SECTION = 8  # letters
_SHORTEST_LINE, _LONGEST_LINE = 24, 300  # bytes
_NEAREST = 2  # blocks from a headline to its dateline
_SURE_BEGINNING = 12
_MOST_IN_FRONT = 1.5  # times as long as what stands behind the last blank
_BAR = re.compile(r"\s*[-–—_|｜]+\s*")
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:[网網报報社台局委办厅院所会校系部处站馆厂司府队店行]|中心|频道|集团|政务|官网|首页)"
)
"""The name of an office, a house or a part of a site."""
_APART = re.compile(r"[\s（(]")
_MOST_PARTS = 6
_LEAST_END = 0.6  # of a title
_LONGEST_TITLE = 200  # characters
_MOST_MARKS = 20  # beyond one for each letter


def is_section(walk: Walk, title: str) -> bool:
    """Whether a title is a step of the trail of sections: 首页 > 新闻动态."""
    bare = loose(title)
    if not (len(bare) <= _LONGEST_SECTION and _HAN.match(title)):
        return False
    trails = (block.text for block in walk.blocks if "首页" in block.text and title in block.text)
    return any(bare == loose(step) for text in trails if len(text) < _LONGEST_LINE for step in _TRAIL.split(text)[1:])


def above_dateline(walk: Walk, section: str) -> Block | None:
    """The line right above date and source, where <title> and h1 name the section alone."""
    lines = [block for block in walk.blocks if block.text and not block.closed]
    for at, block in enumerate(lines):
        if block.own_weight >= _LONGEST_LINE or block.own_link_weight or _NO_HEADLINE.search(block.text):
            continue
        below = (line.text for line in lines[at + 1 : at + 1 + _NEAREST] if line.own_prose < _SENTENCE)
        if not any(len(text) < _LONGEST_LINE and _DATELINE.search(text) for text in below):
            continue
        if section and loose(block.text) == loose(section):
            return None  # a short headline that the trail repeats
        if block.own_weight >= _SHORTEST_LINE and _HAN.search(block.text):
            return block
    return None


def beginnings_of(text: str) -> list[str]:
    """What may be the headline in 标题_频道_网站: the text up to each separator, longest first."""
    beginnings = [loose(text[: match.start()]) for match in reversed(list(_ANY_SEPARATOR.finditer(text)))]
    if (before := _before_blank(text)) is not None:
        beginnings.append(loose(before))
    return [text for text in beginnings if len(text) >= _SHORTEST_BEGINNING]  # a shorter one is a section


def _before_blank(text: str) -> str | None:
    """A title of Han up to its last blank, where that is most of it: 标题 某某医院."""
    before, _, after = text.rpartition(" ")
    is_most = _OFFICE.fullmatch(after) is not None and len(before) > _MOST_IN_FRONT * len(after)
    return before.rstrip() if is_most and _HAN.search(before) else None


def begun(walk: Walk, text: str) -> str | None:
    """The beginning of a stated title of Han that opens a longer line, there followed by something else.

    标题__第23号公报 is stated, and a line reads 标题 （六月二十九日通过）, or 标题 来源于：某某.
    """
    cuts = [match.start() for match in reversed(list(_BAR.finditer(text)))]
    before = _before_blank(text)
    parts = [text[:cut] for cut in cuts] + ([before] if before else [])
    candidates = {loose(part): part for part in parts[:_MOST_PARTS] if 2 * len(part) > len(text)}
    candidates = {bare: part for bare, part in candidates.items() if len(bare) >= _SURE_BEGINNING}
    if not _HAN.match(text) or len(text) > _LONGEST_TITLE:
        return None
    whole = loose(text)
    for block in walk.blocks:
        if not candidates or block.closed or not block.text.startswith(text[0]):
            continue
        line = block.text[: len(text) + _MOST_MARKS]
        bare = loose(line)
        if bare.startswith(whole):
            return None
        opened = next((start for start in candidates if bare.startswith(start) and _opens(line, start)), None)
        if opened:
            return candidates[opened]
    return _ended(walk, text)


def _ended(walk: Walk, text: str) -> str | None:
    """The end of a stated title, most of it, that a line prints: 专栏某某--标题."""
    ends = [text[match.end() :] for match in islice(_BAR.finditer(text), _MOST_PARTS)]
    known = {loose(end): end for end in ends if _LEAST_END * len(text) < len(end)}
    lines = (block.text for block in walk.blocks if not block.closed and len(block.text) < len(text) + _MOST_MARKS)
    found = next((bare for line in lines if (bare := loose(line)) in known), None) if known else None
    return known[found] if found and len(found) >= _SURE_BEGINNING else None


def _opens(line: str, bare: str) -> bool:
    """Whether a line sets these letters, its first, apart from what follows."""
    ends = (match.start() for match in _APART.finditer(line + " "))
    return any(loose(line[:end]) == bare for end in ends)
