"""When the article was published: structured data where the page does not contradict it, else what is printed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.dates import AHEAD, EARLIEST_YEAR, Moment, read_date
from crawler.extraction.anysite import structured
from crawler.extraction.anysite.evidence import Evidence, pieces
from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.walk import Block
from crawler.items import Provenance

Dated = tuple[Moment, Provenance]

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published",
    "publish_date",
    "publishdate", "pubdate", "publication_date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "dc.date",
    "dcterms.date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "bytedance:published_time",
    "weibo: article:create_at", "weibo:article:create_at", "apub:time", "og:release_date", "og:pubdate",
    "article.published", "published_time",
    "article:create_at", "date", "firstpublishdate", "content_create_date", "publishedtime",
    "shareaholic:article_published_time", "og:time",
    "_pubtime", "pubtime", "release_date", "originalpublicationdate", "rnews:datepublished",
    "citation_publication_date", "citation_date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "datemodified", "og:article:modified_time", "dcterms.modified",
    "lastmod", "last-modified",
    "bytedance:updated_time", "bytedance:lrdate_time", "weibo: article:update_at", "revised",
)  # fmt: skip

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)")
_DATE_SIGN = re.compile(
    r"\d{1,4}[-./年月]\s?\d|\d{1,2}[:：時时]\d\d|\b(?:19|20)\d\d\b|\d\s*(?:分钟|小时|天|分|時間|日)前|昨天|今天"
    r"|前天|\bago\b|\bvor \d"
    r"|\d+ (?:min|hour|day)"
)
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
_PUBLISHED_NAME = re.compile(
    r"publi(?:sh|c)\w*[-_:. ]?(?:date|time|on|at)|pub[-_]?(?:date|time)|date[-_:.]?publi|created?[-_]?(?:date|time"
    r"|at)"
)
_URL_DATE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/_.]?(?P<m>0[1-9]|1[0-2])[-/_.]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_URL_LOOSE_DATE = re.compile(r"/(?P<y>20\d\d)[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})/")
_NAMED_TIMES = etree.XPath("id('pubtime_baidu pub_date pubtime publish_time news-time articletime pubTime')")
_BYLINE = int(Hint.BYLINE)
_MOST_PRINTED = 8  # blocks of the margin whose text is read as a date
_FARTHEST_ZONE, _ZONE_STEP = timedelta(hours=14), timedelta(minutes=30)
_MOST_STATED = 5
_MOST_ANYWHERE = 40
_ZONE_SLACK = timedelta(hours=26)  # two printings of one moment in zones that are not told


class Clock:
    """How dates on this page are read."""

    def __init__(self, evidence: Evidence, zone: str | None, guessed: str | None, language: str | None) -> None:
        self._evidence = evidence
        self._timezone = zone or guessed
        self._is_guess = zone is None
        self._language = language
        self._now = evidence.page.fetched_at

    def read(self, text: str) -> Moment | None:
        if _ISO.fullmatch(text):  # most statements for machines; a tenth of the time of reading words
            return self._iso(text)
        moment = read_date(text, timezone=self._timezone, now=self._now, language=self._language)
        if moment is not None and self._is_guess and moment.zone_from == "site":
            return replace(moment, zone_from="inferred")
        return moment

    def _iso(self, text: str) -> Moment | None:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        if not at.year >= EARLIEST_YEAR or at > self._now + AHEAD:
            return None
        return Moment(at, text, "page", "second")

    def stated(self, values: Iterator[tuple[str, Any]]) -> Iterator[Dated]:
        for rule, value in values:
            text = structured.string(value) if not isinstance(value, int) else str(value)
            if text and (moment := self.read(text)) is not None:
                yield moment, Provenance(rule, None, text)


def published(evidence: Evidence, clock: Clock) -> Dated | None:
    """The moment of first publication, and where it was read."""
    stated = list(islice(clock.stated(_stated(evidence)), _MOST_STATED)) or list(
        clock.stated(_otherwise_stated(evidence))
    )
    if certain := _certain(stated):
        return certain
    is_stated = any(_is_exact(dated[0]) for dated in stated)
    printed = list(_printed(evidence, clock, named=not is_stated))
    by_url = url_date(evidence.page.url)
    if stated:
        best = _best_stated(stated, printed, by_url)
        if best is not None:
            return best
    if printed:
        return _with_url(printed[0], printed, by_url)
    if by_url is not None and (moment := clock.read(by_url)) is not None:
        return moment, Provenance("url", None, by_url)
    return _anywhere(evidence, clock)


def _certain(stated: Sequence[Dated]) -> Dated | None:
    """Two statements of one minute, one of them in the publisher's own zone: nothing printed can add to it."""
    if len(stated) < 2 or not _is_exact(stated[0][0]):
        return None
    first = stated[0][0].at
    same = [dated for dated in stated[:4] if abs(dated[0].at - first) < timedelta(minutes=1)]
    if len(same) < 2:
        return None
    return next((dated for dated in same if dated[0].zone_from == "page" and dated[0].at.utcoffset()), None)


def modified(evidence: Evidence, clock: Clock) -> Dated | None:
    values = [("json-ld dateModified", evidence.item.get("dateModified"))]
    values += [(f"meta {name}", evidence.meta[name]) for name in MODIFIED_META if name in evidence.meta]
    return next(clock.stated(iter(values)), None)


def url_date(url: str) -> str | None:
    """The day that a URL states, as 2024-05-20."""
    path = urlsplit(url).path
    match = _URL_DATE.search(path) or _URL_LOOSE_DATE.search(path)
    return f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}" if match else None


def _stated(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    item = evidence.item
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if value := item.get(key):
            yield f"json-ld {key}", value
    for other in evidence.items:
        if other is not item and isinstance(value := other.get("datePublished"), str):
            yield "json-ld datePublished", value
            break
    for name in PUBLISHED_META:
        if value := evidence.meta.get(name):
            yield f"meta {name}", value


def _otherwise_stated(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    """Meta elements of any other name that speaks of publication."""
    for name, value in evidence.meta.items():
        if _PUBLISHED_NAME.search(name) and name not in PUBLISHED_META:
            yield f"meta {name}", value


def _best_stated(stated: Sequence[Dated], printed: Sequence[Dated], by_url: str | None) -> Dated | None:
    """The first statement that the page does not contradict, to the minute if any of the same day is."""
    agreed = len({dated[0].at.astimezone(UTC).date() for dated in stated[:3]}) == 1 and len(stated) > 1
    chosen = next((dated for dated in stated if agreed or not _is_contradicted(dated[0], printed, by_url)), None)
    if chosen is None:
        return None
    exact = next((d for d in (chosen, *stated, *printed) if _same_day(d[0], chosen[0]) and _is_exact(d[0])), chosen)
    return _in_local_zone(exact, [*stated, *printed])


def _in_local_zone(chosen: Dated, others: Sequence[Dated]) -> Dated:
    """The same moment in the publisher's own zone, where the page shows that beside a moment in UTC.

    2023-12-23T01:48Z stated and "December 22, 2023 at 8:48 p.m." printed: 2023-12-22T20:48-05:00
    """
    moment, where = chosen
    if moment.zone_from != "page" or moment.at.utcoffset() or not _is_exact(moment):
        return chosen
    for other, _ in others:
        if not _is_exact(other):
            continue
        if other.zone_from == "page":
            if other.at.utcoffset() and abs(other.at - moment.at) < timedelta(minutes=1):
                return replace(moment, at=moment.at.astimezone(other.at.tzinfo)), where
            continue
        ahead = other.at.replace(tzinfo=UTC, second=0) - moment.at.replace(second=0, microsecond=0)
        if ahead and abs(ahead) <= _FARTHEST_ZONE and ahead % _ZONE_STEP == timedelta(0):
            return replace(moment, at=moment.at.astimezone(timezone(ahead))), where
    return chosen


def _is_contradicted(moment: Moment, printed: Sequence[Dated], by_url: str | None) -> bool:
    """Whether the page prints another day as its own, and the URL does not side with the statement."""
    if by_url is not None and abs((moment.at.replace(tzinfo=None) - datetime.fromisoformat(by_url)).days) <= 1:
        return False
    shown = [dated[0] for dated in printed]
    if not shown or any(abs(other.at - moment.at) <= _ZONE_SLACK for other in shown):
        return False
    # A page may print the day of its last change alone; then it is the later one.
    return all(other.at < moment.at for other in shown[:1])


def _same_day(one: Moment, other: Moment) -> bool:
    return one.at.date() == other.at.date() or abs(one.at - other.at) < timedelta(hours=14)


def _is_exact(moment: Moment) -> bool:
    """Whether a time of day was given; midnight to the second is how machines write a day."""
    at = moment.at
    return moment.precision != "day" and (at.hour, at.minute, at.second) != (0, 0, 0)


def _printed(evidence: Evidence, clock: Clock, *, named: bool) -> Iterator[Dated]:
    """Dates in the margin of the article, those said to be of publication first, of an update last.

    `named`: look for the ids that Chinese publishers give their dates too.
    """
    head = evidence.headline.block.index if evidence.headline and evidence.headline.block else 0
    found: list[tuple[int, int, Dated]] = []
    for element in _marked_times(evidence, named=named):
        text = element.get("datetime") or element.get("content") or "".join(element.itertext())
        if text and (moment := clock.read(text)) is not None:
            found.append((_rank(element), -1, (moment, Provenance("time element", element.tag, text.strip()))))
    read = 0
    for block in evidence.margin:
        if read >= _MOST_PRINTED or not _may_hold_date(block):
            continue
        read += 1
        if (moment := clock.read(" ".join(pieces(block)))) is not None:
            rank = _rank_of_text(block.text, moment) + (block.own_prose > 200 and 2)
            found.append(
                (rank, abs(block.index - head), (moment, Provenance("printed date", _path(block), moment.raw)))
            )
    for _, _, dated in sorted(found, key=lambda entry: entry[:2]):
        yield dated


def _anywhere(evidence: Evidence, clock: Clock) -> Dated | None:
    """A date far from the headline: the end of the text, a line below it, a box beside it. The last resort."""
    best: tuple[int, Dated] | None = None
    read = 0
    for block in evidence.walk.blocks:
        if not block.text or read >= _MOST_ANYWHERE:
            continue
        for text in (block.text[:160], block.text[160:][-160:]):
            if not text or not _DATE_SIGN.search(text) or (block.own_prose > 200 and not _PUBLISHED.search(text)):
                continue
            read += 1
            if (moment := clock.read(text)) is not None and moment.at <= evidence.page.fetched_at:
                rank = _rank_of_text(text, moment)
                if best is None or rank < best[0]:
                    best = rank, (moment, Provenance("printed date", _path(block), moment.raw))
    return best[1] if best else None


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


def _rank_of_text(text: str, moment: Moment) -> int:
    before = text[: max(0, text.find(moment.raw))][-30:] if moment.raw in text else text[:30]
    if _UPDATED.search(before) and not _PUBLISHED.search(before):
        return 3
    return 1 if _PUBLISHED.search(before) or moment.precision != "day" else 2


def _may_hold_date(block: Block) -> bool:
    if block.weight > 400 and not block.hint & _BYLINE:
        return block.own_weight < 900 and _DATE_SIGN.search(block.text[:200]) is not None and block.own_prose < 100
    return _DATE_SIGN.search(block.text) is not None


def _with_url(first: Dated, printed: Sequence[Dated], by_url: str | None) -> Dated:
    """The printed date that the URL's day agrees with, where one does."""
    if by_url is None:
        return first
    return next((dated for dated in printed if dated[0].at.date().isoformat() == by_url), first)


def _path(block: Block) -> str:
    return str(block.element.getroottree().getpath(block.element))
