"""The dates that a page states for machines: JSON-LD, meta elements, its URL."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.dates import AHEAD, EARLIEST_YEAR, Moment, read_date
from crawler.extraction.anysite import structured
from crawler.extraction.anysite.evidence import Evidence
from crawler.items import Provenance

Dated = tuple[Moment, Provenance]

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published",
    "publish_date", "publishdate", "pubdate", "publication_date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "bytedance:published_time", "weibo: article:create_at",
    "weibo:article:create_at", "apub:time", "og:release_date", "og:pubdate", "article.published", "published_time",
    "article:create_at", "date", "firstpublishdate", "content_create_date", "publishedtime",
    "shareaholic:article_published_time", "og:time", "_pubtime", "pubtime", "release_date", "originalpublicationdate",
    "rnews:datepublished", "citation_publication_date", "citation_date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "datemodified", "og:article:modified_time", "dcterms.modified",
    "lastmod", "last-modified", "bytedance:updated_time", "bytedance:lrdate_time", "weibo: article:update_at",
    "revised", "dateupdate", "updatetime", "update_time",
)  # fmt: skip

_PUBLISHED_RANK = {name: rank for rank, name in enumerate(PUBLISHED_META)}
_MODIFIED_RANK = {name: rank for rank, name in enumerate(MODIFIED_META)}
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)")
_PUBLISHED_NAME = re.compile(
    r"publi(?:sh|c)\w*[-_:. ]?(?:date|time|on|at)|pub[-_]?(?:date|time)|date[-_:.]?publi|created?[-_]?(?:date|time"
    r"|at)"
)
_URL_DATE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/_.]?(?P<m>0[1-9]|1[0-2])[-/_.]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_URL_LOOSE_DATE = re.compile(r"/(?P<y>20\d\d)[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})/")
_ASSIGNED = re.compile(
    r"=\s{0,4}[\"']?(?P<value>1\d{9}(?:\d{3})?(?!\d)|(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[^\"'<;\n]{0,20})"
)
_MOMENT_NAME = re.compile(
    r"(?<![\w.$])(?:(?:window|self)\.)?(?:\w{0,20}?_?(?P<published>publish(?:ed)?|pub|release|issue)_?(?:time|date|on|at)"
    r"|\w{0,20}?_?created?_?(?:time|date|at)|ct|ptime|ctime)\s{0,4}$",
    re.I,
)
_LONGEST_NAME = 48  # characters
_LONGEST_SCRIPT, _MOST_SCRIPT = 400_000, 2_000_000  # characters that are searched: of a script, of a page
_MOST_STATED = 5


class Clock:
    """How dates on this page are read."""

    def __init__(self, evidence: Evidence, zone: str | None, guessed: str | None, language: str | None) -> None:
        self._timezone = zone or guessed
        self._is_guess = zone is None
        self._language = language
        self._now = evidence.page.fetched_at
        self._known: dict[str, Moment | None] = {}  # a page states one moment in many places

    def read(self, text: str) -> Moment | None:
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> Moment | None:
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

    def local(self, moment: Moment) -> Moment:
        """The same moment on the clock that this page most likely runs on."""
        return replace(moment, at=moment.at.astimezone(ZoneInfo(self._timezone))) if self._timezone else moment

    def stated(self, values: Iterator[tuple[str, Any]]) -> Iterator[Dated]:
        for rule, value in values:
            text = structured.string(value) if not isinstance(value, int) else str(value)
            if text and (moment := self.read(text)) is not None:
                yield moment, Provenance(rule, None, text)


def published(evidence: Evidence, clock: Clock) -> list[Dated]:
    """The statements of publication, most certain first."""
    stated: list[Dated] = []
    for dated in clock.stated(_named_well(evidence)):
        stated.append(dated)
        if len(stated) == _MOST_STATED or _is_said_twice(stated):
            break
    return stated or list(clock.stated(_named_otherwise(evidence)))


def _is_said_twice(stated: list[Dated]) -> bool:
    """Whether the last says the same as the first, and one of them in the publisher's own zone: no more is needed."""
    first, last = stated[0][0].at, stated[-1][0].at
    return len(stated) > 1 and abs(last - first) < timedelta(minutes=1) and bool(first.utcoffset() or last.utcoffset())


def modified(evidence: Evidence, clock: Clock) -> Dated | None:
    """The first statement of the last edit."""
    return next(clock.stated(_edits(evidence)), None)


def scripted(evidence: Evidence, clock: Clock) -> Iterator[Dated]:
    """Moments that inline scripts assign, for the page's own code to print: `var publish_time = "2020-02-12"`.

    Those named after publication first. Read only where a page states no date and prints none with its year.
    """
    found = sorted(_assigned(evidence), key=lambda entry: not entry[0])
    for _, name, value in found:
        if (moment := clock.read(value)) is not None and moment.at <= evidence.page.fetched_at + AHEAD:
            yield clock.local(moment) if value.isdigit() else moment, Provenance(f"script {name}", None, value)


def _assigned(evidence: Evidence) -> Iterator[tuple[bool, str, str]]:
    left = _MOST_SCRIPT
    for script in evidence.root.iter("script"):
        text = (script.text or "")[: min(left, _LONGEST_SCRIPT)]
        left -= len(text)
        for match in _ASSIGNED.finditer(text):
            name = _MOMENT_NAME.search(text[max(0, match.start() - _LONGEST_NAME) : match.start()])
            if name:
                yield bool(name["published"]), name[0].strip(), match["value"].strip()


def url_date(url: str) -> str | None:
    """The day that a URL states, as 2024-05-20."""
    path = urlsplit(url).path
    match = _URL_DATE.search(path) or _URL_LOOSE_DATE.search(path)
    return f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}" if match else None


def _named_well(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    item = evidence.item
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if value := item.get(key):
            yield f"json-ld {key}", value
    for other in evidence.items:
        if other is not item and isinstance(value := other.get("datePublished"), str):
            yield "json-ld datePublished", value
            break
    yield from _of_meta(evidence.meta, _PUBLISHED_RANK)


def _named_otherwise(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    """Meta elements of any other name that speaks of publication."""
    for name, value in evidence.meta.items():
        if name not in _PUBLISHED_RANK and _PUBLISHED_NAME.search(name):
            yield f"meta {name}", value


def _edits(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    yield "json-ld dateModified", evidence.item.get("dateModified")
    yield from _of_meta(evidence.meta, _MODIFIED_RANK)


def _of_meta(meta: dict[str, str], rank: dict[str, int]) -> Iterator[tuple[str, str]]:
    """The meta elements that have a rank, in order of it. A page has few, so those are asked, not the ranks."""
    for name in sorted((name for name in meta if name in rank), key=rank.__getitem__):
        yield f"meta {name}", meta[name]
