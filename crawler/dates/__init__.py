"""Dates as news pages print them, read to the minute with their zone."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo

from crawler.dates.clock import Clock, clock_after, clock_before, zone_before
from crawler.dates.days import Day, days
from crawler.dates.words import EDITED, PUBLISHED

Precision = Literal["day", "minute", "second"]
ZoneFrom = Literal["page", "site", "inferred"]  # printed on the page, the site's known zone, or a guess

LONGEST: Final = 1000  # characters read; a date line is far shorter, a hostile one is not
EARLIEST_YEAR: Final = 1990
AHEAD: Final = timedelta(days=2)  # a page may be dated a little after its fetch: zones, and clocks that go wrong
FAR_AHEAD: Final = timedelta(days=366)
MOST_AGO: Final = timedelta(days=366 * 40)  # "66 million years ago" dates no page

# Full-width forms and every kind of space to their ASCII twins, one to one: positions stay those of the page.
_SPACES = (0xA0, 0x3000, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x200B, 0xFEFF, 0x09, 0x0A, 0x0D)
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(_SPACES, 0x20)
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,9})?")
_ISO = re.compile(r"[0-9]{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(:\d\d(?:\.\d{3}|\.\d{6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
# 2021-02-01 15:04:05, alone or between Chinese words that neither date, nor name a zone, nor say "updated".
_STAMP = re.compile(
    r"(?:[^\w.\[(（【［]|(?![前昨今半刚剛更修最年京台港本治威])[\u4e00-\u9fff])*"
    r"(?P<stamp>([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?:日\s{0,2}|\s{1,2})([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)"
    r"(?:$|\s{0,3}(?:\||(?![北台香日格])[\u4e00-\u9fff]))"
)
_ISO_DAY = "2021-02-01"
_YEAR_BEHIND = re.compile(r"\s{1,2}((?:19|20)\d\d)(?!\d)")
_LABEL = re.compile(rf"\b({EDITED.replace(' ', '|')})|({PUBLISHED.replace(' ', '|')})", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime  # aware
    raw: str  # the characters it was read from
    zone_from: ZoneFrom
    precision: Precision


def read_date(text: str, *, timezone: str | None, now: datetime, language: str | None = None) -> Moment | None:
    """The first date in `text`, or None. `timezone` is the site's IANA zone, None when it is not known (then UTC,
    inferred); `now` (aware) is the fetch time, which relative forms and forms without a year are read against.
    `language` (BCP 47) settles 04/05/2023: month first in American, Chinese and Japanese pages, day first elsewhere.

    Of two labelled dates that of publication is read, not that of the last edit.
    A day that does not exist, or lies before 1990 or more than two days ahead, gives way to a later one in the text.
    """
    text = text.strip()[:LONGEST]
    if match := _EPOCH.fullmatch(text):
        return _epoch(match, now)
    if (match := _ISO.fullmatch(text)) and (moment := _iso(match, timezone, now)):
        return moment
    if timezone and (match := _STAMP.match(text)) and (moment := _stamp(match, ZoneInfo(timezone), now)):
        return moment
    return _Reader(text, timezone, now, language).moment()


def _iso(match: re.Match[str], timezone: str | None, now: datetime) -> Moment | None:
    """What machines write for machines, most of all that is read; None for what needs a second look."""
    text = match[0]
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = at.utcoffset()
    if offset is None:
        at = at.replace(tzinfo=ZoneInfo(timezone) if timezone else UTC)
    elif offset % timedelta(minutes=30) or not timedelta(hours=-12) <= offset <= timedelta(hours=14):
        return None
    elif text[len(_ISO_DAY)] == " " and not match[1]:
        return None  # 10:00-11:30 may say how long something lasts
    if at.year < EARLIEST_YEAR or at > now + AHEAD:
        return None
    precision: Precision = "day" if len(text) == len(_ISO_DAY) else "second" if match[1] else "minute"
    zone_from: ZoneFrom = "page" if offset is not None else "site" if timezone else "inferred"
    return Moment(at.replace(microsecond=0), text, zone_from, precision)


def _stamp(match: re.Match[str], zone: ZoneInfo, now: datetime) -> Moment | None:
    """The commonest form of all, read without a search for others; None for what needs a second look."""
    year, month, day, hour, minute = map(int, match.groups()[1:6])
    second = match[7]
    try:
        at = datetime(year, month, day, hour, minute, int(second or 0), tzinfo=zone)
    except ValueError:
        return None
    likely = year >= EARLIEST_YEAR and at <= now + AHEAD
    return Moment(at, match["stamp"], "site", "second" if second else "minute") if likely else None


def _epoch(match: re.Match[str], now: datetime) -> Moment | None:
    at = datetime.fromtimestamp(int(match[1]), UTC)
    if at.year < EARLIEST_YEAR or at > now + FAR_AHEAD:
        return None
    return Moment(at, match[0], "page", "second")


class _Reader:
    """One string, read against one fetch time."""

    def __init__(self, text: str, timezone: str | None, now: datetime, language: str | None) -> None:
        self.text = text
        self.plain = text if text.isascii() and text.isprintable() else text.translate(_PLAIN)
        self.zone_name = timezone
        self.zone: tzinfo = ZoneInfo(timezone) if timezone else UTC
        self.now = now.astimezone(self.zone)
        self.language = (language or "").lower()
        self.cst_is_chinese = (
            (timezone or "").startswith("Asia/")
            or self.language.startswith("zh")
            or (not text.isascii() and _HAN.search(text) is not None)
        )

    def moment(self) -> Moment | None:
        """The first date that can be true, else one without a clock or year, else one that lies ahead. A date labelled
        as the last edit gives way to one labelled as publication.
        """
        best: list[Moment] = []
        second_best: list[Moment] = []
        ahead: list[Moment] = []
        found = days(self.plain, today=self.now.date(), month_first=self._month_first())
        for day in found:
            moment, strong = self._read(day)
            if moment is None or moment.at.year < EARLIEST_YEAR or moment.at > self.now + FAR_AHEAD:
                continue
            if moment.at > self.now + AHEAD:
                ahead.append(moment)
            elif not strong:
                second_best.append(moment)
            elif best and self._label(day) != "published":
                continue
            elif best or len(found) == 1 or self._label(day) != "edited":
                return moment
            else:
                best.append(moment)
        return next(iter(best + second_best + ahead), None)

    def _label(self, day: Day) -> Literal["edited", "published"] | None:
        """The nearest label in the words before a day."""
        labels = list(_LABEL.finditer(self.plain, max(0, day.start - 40), day.start))
        if not labels:
            return None
        return "edited" if labels[-1][1] else "published"

    def _read(self, day: Day) -> tuple[Moment | None, bool]:
        """What a named day says with the clock beside it, and whether it is more than a stopgap."""
        if day.ago_s is not None:
            return (self._ago(day), True) if day.ago_s < MOST_AGO.total_seconds() else (None, False)
        clock = None
        if day.end < len(self.plain):
            clock = clock_after(self.plain, day.end, cst_is_chinese=self.cst_is_chinese)
        if clock is None and day.start:
            clock = clock_before(self.plain, day.start, cst_is_chinese=self.cst_is_chinese)
        if clock is None and day.beside is not None and len(self.plain) - (day.end - day.start) > day.beside:
            return None, False
        day = self._with_year_behind(day, clock)
        moment = self._moment(day, clock)
        if day.swap and (moment is None or moment.at > self.now + AHEAD):
            moment = self._moment(replace(day, month=day.day, day=day.month), clock)
        return moment, clock is not None or day.beside is None

    def _moment(self, day: Day, clock: Clock | None) -> Moment | None:
        on = self._date(day)
        if on is None:
            return None
        zone, start = (clock.zone, day.start) if clock and clock.zone else self._zone_before(day)
        at_clock = time(clock.hour, clock.minute, clock.second or 0) if clock else time()
        raw = self.text[min(start, clock.start) : max(day.end, clock.end)] if clock else self.text[start : day.end]
        at = datetime.combine(on, at_clock, zone or self.zone)
        precision: Precision = "day" if clock is None else "minute" if clock.second is None else "second"
        return Moment(at, raw.strip(), self._zone_from(zone), precision)

    def _zone_before(self, day: Day) -> tuple[tzinfo | None, int]:
        zone, start = zone_before(self.plain, day.start, cst_is_chinese=self.cst_is_chinese)
        return (zone, start) if zone is not None else (None, day.start)

    def _date(self, day: Day) -> date | None:
        """The day in the calendar; without a printed year the nearest past one. None when there is no such day."""
        years = [day.year] if day.year is not None else [self.now.year + back for back in (1, 0, -1, -2, -3, -4)]
        latest = (self.now + timedelta(days=1)).date()
        for year in years:
            try:
                on = date(year, day.month, day.day)
            except ValueError:
                continue
            if day.year is not None or on <= latest:
                return on
        return None

    def _with_year_behind(self, day: Day, clock: Clock | None) -> Day:
        """`Thu May 04 15:04:05 +0800 2023` has its year last."""
        if day.year is None and clock is not None and clock.start >= day.end:
            match = _YEAR_BEHIND.match(self.plain, clock.end)
            return replace(day, year=int(match[1])) if match else day
        return day

    def _ago(self, day: Day) -> Moment:
        distance = timedelta(seconds=day.ago_s or 0)
        at = self.now - distance
        raw = self.text[day.start : day.end]
        if distance < timedelta(days=1):
            return Moment(at, raw, self._zone_from(None), "minute")
        return Moment(datetime.combine(at.date(), time(), self.zone), raw, self._zone_from(None), "day")

    def _zone_from(self, printed: tzinfo | None) -> ZoneFrom:
        if printed is not None:
            return "page"
        return "site" if self.zone_name else "inferred"

    def _month_first(self) -> bool:
        if self.language.startswith(("zh", "ja", "ko", "en-us", "en-ph", "fil")):
            return True
        if self.language and not self.language.startswith("en"):
            return False
        if self.zone_name:
            return self.zone_name.startswith(("America/", "US/", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei"))
        return self.language == "en" or self.cst_is_chinese
