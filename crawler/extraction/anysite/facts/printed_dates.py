"""The dates that a page prints around its headline, or failing that anywhere."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any, Literal

from lxml import etree

from crawler.dates import Moment
from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.evidence import Evidence, pieces
from crawler.extraction.anysite.facts.stated_dates import Clock, Dated
from crawler.extraction.anysite.hints import Hint
from crawler.items import Provenance

Label = Literal["published", "updated"]

# Both open with a digit, so that the search runs at the speed of looking for one.
_DIGIT_SIGN = re.compile(
    r"\d(?:[年月]\s?\d|[-./]\s?\d{1,2}[-./]\s?\d|[:：時时]\d\d"
    r"|(?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d(?:(?!\d)|(?<=, \d{4}))|\s*(?:分钟|小时|天|分|時間|日)前|\ (?:min|hour|day))"
)
_PAIR_SIGN = re.compile(r"\d[-./]\s?\d")  # [02-01], 14.30 Uhr; in a longer text it is 38-50 km
_WORD_SIGN = re.compile(r"昨天|今天|前天|\bago\b|\bvor \d")
_YEAR = re.compile(r"[12](?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d(?!\d)")
_NUMBER = re.compile(r"\d+")
_WITH_YEAR = re.compile(r"(?:19|20)\d\d|\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}")
_RELATIVE = re.compile(r"[前昨今刚剛]|\bago\b|\bvor\b|yesterday|today|gestern|heute", re.I)
_MENTIONED = re.compile(r"[、，。~～—-]|\s?(?![讯訊电電])[\u4e00-\u9fff]")
_ENACTED = re.compile(r"[^。；）)]{0,60}(?:通过|批准|修[订正]|施行)\s?[）)]")
_SLASHED = re.compile(r"\d{1,2}([-/])\d{1,2}\1\d")
_UPDATED = re.compile(
    r"updat|modif|aktualis|mis à jour|actualiz|atualiz|aggiorn|bijgewerkt|uppdater|oppdater|opdater|päivitetty"
    r"|обновл|更新|修改|修订|最終|last edited|edited",
    re.I,
)
_PUBLISHED = re.compile(
    r"publish|posted|created|issued|veröffentlicht|publié|publicad|pubblicat|gepubliceerd|opublik|publicer"
    r"|publiser|udgivet|julkaistu|опубликов|发布|發布|发表|發表|发稿|时间|時間|公開|配信|日期",
    re.I,
)
_LABELLED = re.compile(r"(?:发布|發布|发表|發表|发稿|录入)(?:时间|時間|日期|于)?\s?[:：]")
_NAMED_TIMES = etree.XPath("id('pubtime_baidu pub_date pubtime publish_time news-time articletime pubTime')")
_BYLINE = int(Hint.BYLINE)
_MOST_PRINTED = 8  # blocks of the margin whose text is read as a date
_MOST_ANYWHERE = 40
_MOST_YEARS = 4  # named in a dateline; more make an archive, a table of figures
_BEST_RANK = 1  # of a text
_LONGEST_LABEL = 40  # characters
_SENTENCE = 100  # bytes of running text; a byline has none


@dataclass(frozen=True, slots=True)
class Printed:
    """A date in the margin of the article."""

    moment: Moment
    element: Any
    raw: str
    rank: int  # 0 and 1 are said to be, or look like, the publication; 3 is said to be an edit
    label: Label | None  # what is printed before it
    is_marked: bool = False  # an element that is there to hold a date
    is_day: bool = False  # a reader sees a day with its year: not an attribute, not "2 hours ago"
    in_prose: bool = False

    @property
    def is_likely(self) -> bool:
        """Whether no date farther from the headline can be a likelier publication."""
        return self.rank <= _BEST_RANK

    @property
    def has_year(self) -> bool:
        return _WITH_YEAR.search(self.moment.raw) is not None

    @property
    def is_relative(self) -> bool:
        """Whether it is told from the day of the reading: 昨天, 2 hours ago."""
        return not self.has_year and _RELATIVE.search(self.moment.raw) is not None

    @property
    def dated(self) -> Dated:
        if self.is_marked:
            return self.moment, Provenance("time element", self.element.tag, self.raw)
        return self.moment, Provenance("printed date", _path(self.element), self.raw)


def printed(
    evidence: Evidence, clock: Clock, *, named: bool, near: Moment | None, enough: Callable[[Printed], bool]
) -> list[Printed]:
    """Dates in the margin of the article, those said to be of publication first, of an update last.

    `named`: look for the ids that Chinese publishers give their dates too. `near`: what is stated; of the two readings
    of 04/05/2023 the one of that day is taken. Behind a date that is `enough` no other is read: the marked ones are
    read first, then those nearest to the headline, so that none of a better rank is missed.
    """
    found = sorted(marked(evidence, clock, named=named), key=_by_rank)
    if found and enough(found[0]):
        return found
    head = evidence.headline.block.index if evidence.headline and evidence.headline.block else 0
    blocks = list(islice((block for block in evidence.margin if _may_hold_date(block)), _MOST_PRINTED))
    for block in sorted(blocks, key=lambda block: abs(block.index - head)):
        if date := _of_block(evidence, clock, block, near):
            found.append(date)
            if enough(date):
                break
    return sorted(found, key=_by_rank)


def _by_rank(date: Printed) -> int:
    return date.rank


def printed_with(evidence: Evidence, clock: Clock, numbers: frozenset[str], near: Moment) -> Iterator[Printed]:
    """Dates in the margin in page order, only of blocks that hold one of the numbers: the rest is not even read."""
    for block in evidence.margin:
        if not _may_hold_date(block) or numbers.isdisjoint(_NUMBER.findall(block.text)):
            continue
        if date := _of_block(evidence, clock, block, near):
            yield date


def marked(evidence: Evidence, clock: Clock, *, named: bool) -> Iterator[Printed]:
    """The dates of elements that are there to hold one."""
    for element in _marked_times(evidence, named=named):
        text = element.get("datetime") or element.get("content") or "".join(element.itertext())
        if text and (moment := clock.read(text)) is not None:
            yield Printed(moment, element, text.strip(), _rank(element), None, is_marked=True)


def anywhere(evidence: Evidence, clock: Clock, *, labelled: bool = False) -> Dated | None:
    """A date far from the headline: the end of the text, a line below it, a box beside it. The last resort.

    `labelled`: only one that is said to be of publication.
    """
    best: tuple[int, Dated] | None = None
    for block, text in islice(_dated_texts(evidence), _MOST_ANYWHERE):
        moment = clock.read(text)
        if moment is None or moment.at > evidence.page.fetched_at or _is_of_events(evidence, block, moment):
            continue
        if labelled and not _LABELLED.search(text):
            continue
        rank = _rank_of_text(moment, _label(text, moment))
        if best is None or rank < best[0]:
            best = rank, (moment, Provenance("printed date", _path(block.element), moment.raw))
            if rank == _BEST_RANK:
                break
    return best[1] if best else None


def _dated_texts(evidence: Evidence) -> Iterator[tuple[Block, str]]:
    """The openings and ends of blocks that may hold a date."""
    for block in evidence.walk.blocks:
        for text in (block.text[:160], block.text[160:][-160:]):
            if not text or not _has_sign(text) or _names_many_days(block, text):
                continue
            if block.own_prose <= 200 or _PUBLISHED.search(text):
                yield block, text


def _of_block(evidence: Evidence, clock: Clock, block: Block, near: Moment | None) -> Printed | None:
    if (moment := clock.read(" ".join(pieces(block)))) is None or _is_of_events(evidence, block, moment):
        return None
    moment = _like(moment, near)
    rank = _rank_of_text(moment, _label(block.text, moment)) + (2 if block.own_prose > 200 else 0)
    label = _label(_with_line_before(evidence, block, moment), moment)
    is_day = str(moment.at.year) in moment.raw
    return Printed(moment, block.element, moment.raw, rank, label, is_day=is_day, in_prose=block.own_prose > _SENTENCE)


def _is_of_events(evidence: Evidence, block: Block, moment: Moment) -> bool:
    """Whether a Chinese date is a matter of the text: of the act that a law is, of what a headline announces.

    （2007年6月29日…会议通过）; 5月20日至31日，京沪高速…封闭
    """
    at = block.text.find(moment.raw)
    if moment.precision != "day" or at < 0 or "日" not in moment.raw:
        return False
    after = at + len(moment.raw)
    if "（" in block.text[:at] and _ENACTED.match(block.text, after):
        return True
    if _WITH_YEAR.search(moment.raw):
        return False
    is_headline = evidence.headline is not None and evidence.headline.block is block
    return is_headline or _MENTIONED.match(block.text, after) is not None


def _like(moment: Moment, near: Moment | None) -> Moment:
    """04/05/2023 as the fifth of April where that, not the fourth of May, is what the page states."""
    at = moment.at
    if near is None or at.day > 12 or at.day == at.month or not _SLASHED.match(moment.raw):
        return moment
    swapped = at.replace(month=at.day, day=at.month)
    is_nearer = abs(swapped - near.at) < timedelta(days=1) < abs(at - near.at)
    return replace(moment, at=swapped) if is_nearer else moment


def _marked_times(evidence: Evidence, *, named: bool) -> list[Any]:
    """Elements that the page itself calls the time of publication."""
    root = evidence.root
    found = [element for element in root.iter("time") if element.get("datetime") or element.get("itemprop")]
    if len(found) > 6:  # a page full of teasers: only those by the headline count, and these are blocks of the margin
        near = {block.element for block in evidence.margin}
        found = [element for element in found if element in near or any(up in near for up in element.iterancestors())]
    return [*(_NAMED_TIMES(root) if named else ()), *found[:4]]


def _rank(element: Any) -> int:
    prop = element.get("itemprop") or ""
    if prop == "datePublished" or element.get("pubdate") is not None:
        return 0
    before = element.getprevious()
    around = f"{prop} {element.get('class') or ''} {(before.tail or '') if before is not None else ''}"
    parent = element.getparent()
    if parent is not None:
        around += f" {parent.get('class') or ''} {parent.text or ''}"
    if prop == "dateModified" or _UPDATED.search(around):
        return 3
    return 1


def _rank_of_text(moment: Moment, label: Label | None) -> int:
    if label == "updated":
        return 3
    return 1 if label == "published" or moment.precision != "day" else 2


def _label(text: str, moment: Moment) -> Label | None:
    """What the words before a date say it is the date of."""
    before = text[: max(0, text.find(moment.raw))][-30:] if moment.raw in text else text[:30]
    if _PUBLISHED.search(before):
        return "published"
    return "updated" if _UPDATED.search(before) else None


def _with_line_before(evidence: Evidence, block: Block, moment: Moment) -> str:
    """A block's text, with the short line before it where it opens with its date: <p>Updated:</p><p>4 May 2023</p>"""
    if block.index and block.text.startswith(moment.raw):
        before = evidence.walk.blocks[block.index - 1].text
        if len(before) < _LONGEST_LABEL:
            return f"{before} {block.text}"
    return block.text


def _may_hold_date(block: Block) -> bool:
    text = block.text
    if block.weight > 400 and not block.hint & _BYLINE:
        if block.own_weight >= 900 or block.own_prose >= 100:
            return False
        text = text[:200]
    return _has_sign(text) and not _names_many_days(block, text)


def _has_sign(text: str) -> bool:
    """Whether a text may hold a date; nearly all do not, so this is what reading dates costs."""
    if _DIGIT_SIGN.search(text) or (len(text) < _LONGEST_LABEL and _PAIR_SIGN.search(text)):
        return True
    return ("ago" in text or "vor " in text or "天" in text) and _WORD_SIGN.search(text) is not None


def _names_many_days(block: Block, text: str) -> bool:
    """Whether a block without sentences names year after year: `12/01/2004 - 01/01/2005 01/01/2005 - 2/01/2005 …`."""
    return not block.own_prose and len(text) > _LONGEST_LABEL and len(_YEAR.findall(text)) > _MOST_YEARS


def _path(element: Any) -> str:
    return str(element.getroottree().getpath(element))
