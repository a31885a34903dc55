"""Clock times beside a day, and the zone they are in."""

import re
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.dates.words import BETWEEN, MERIDIEM, OFFSETS, ZONES


@dataclass(frozen=True, slots=True)
class Clock:
    start: int
    end: int
    hour: int
    minute: int
    second: int | None
    zone: tzinfo | None  # None: not printed


_HALVES = "|".join(MERIDIEM)
_TIME = re.compile(
    rf"""
    (?:(?P<half>{_HALVES})\s?)?
    (?P<hour>\d{{1,2}})
    (?: \s?:\s?(?P<minute>\d\d)(?!\d)(?: :(?P<second>\d\d)(?!\d)(?:[.,]\d{{1,9}})?)?
      | \s?[時时시点點]\s?(?:(?P<cjk_minute>\d{{1,2}})\s?[分분]?(?:\s?(?P<cjk_second>\d{{1,2}})[秒초])?)?
      | \s?(?:h|heures?)\s?(?P<h_minute>\d\d)?(?:\s?min)?(?![^\W_])
      | \.(?P<dotted>\d\d)(?![.\d])
      | (?=\s?(?:Uhr|uur|[ap]\.?\s?m\b))
    )
    (?:\s?(?P<ampm>[ap])\.?\s?m\b\.?)?
    (?:\s?(?:Uhr|uur|óra|ч\.?|г\.)(?!\w))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"T?(\d\d)(\d\d)(\d\d)?(?!\d|\s?[A-Za-z][a-z])")  # "20241530 views" is no clock
_GAP = re.compile(r"[\s,.·•∙|/()\[\]@~–—:-]*")
_WEEKDAY = re.compile(
    r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日월화수목금토일](?:曜日?)?(?=\s*\))|[월화수목금토일]요일"
)
_BETWEEN_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_CLOSING = ("]", ")")
_ZONE_BRACKET = re.compile(r"[\[(]\s{0,3}([^\[\]()]{3,50})[\])]\s{0,3}$")
_OFFSET = re.compile(
    r"\s?[(\[]?\s?(?:(?P<label>UTC|GMT)\s?)?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d)(?:\s?[)\]])?"
)
_ZONE_KEY = re.compile(r"\s?[(\[]?\s?([A-Z][a-z]+/[A-Z][A-Za-z]+(?:_[A-Z][a-z]+)?)")
_ZONE_WORD = re.compile(
    r"[\s,]{0,2}[(\[]?\s?(?:U\.?S\.?\s)?([^\W\d_]+)(?:\s(?:Standard\s|Daylight\s|Summer\s)?[Tt]ime)?[)\]]?"
)


def clock_after(text: str, at: int, *, cst_is_chinese: bool) -> Clock | None:
    """The clock time that follows the day ending at `at`, past a weekday and words such as "at"."""
    zone: tzinfo | None = None
    compact = _COMPACT_TIME.match(text, at) if text[at - 1 : at].isdigit() else None
    if compact and ":" not in text[at : at + 3]:
        return _compact_clock(text, compact, cst_is_chinese)
    for _ in range(4):
        if text[at : at + 1] == "T" and text[at + 1 : at + 2].isdigit():
            at += 1
        at = _gap_end(text, at)
        if match := _TIME.match(text, at):
            return _clock(text, match, zone, cst_is_chinese)
        if weekday := _WEEKDAY.match(text, at):
            at = weekday.end()
        elif word := _BETWEEN_WORD.match(text, at):
            if (named := ZONES.get(word[0])) is not None:
                zone = ZoneInfo(named)
            elif word[0].casefold() not in BETWEEN:
                return None
            at = word.end()
        else:
            return None
    return None


def clock_before(text: str, end: int, *, cst_is_chinese: bool) -> Clock | None:
    """The clock time that stands right before the day starting at `end`: `12:30 CET 04/05/2023`."""
    if not _DIGIT.search(text, max(0, end - 40), end):
        return None
    for match in _TIME.finditer(text, max(0, end - 40), end):
        if text[match.start() - 1 : match.start()].isdigit():
            continue
        clock = _clock(text, match, None, cst_is_chinese)
        if clock is not None and _only_words(text[clock.end : end]):
            return clock
    return None


def zone_before(text: str, end: int, *, cst_is_chinese: bool) -> tuple[tzinfo | None, int]:
    """北京时间2021年…, [GMT+8, Asia/Shanghai, CST] 2021-…: the zone and where it starts."""
    before = text[max(0, end - 10) : end].rstrip(" :,")
    if not before.isascii():
        for word, name in ZONES.items():
            if word[0] > "\u3000" and before.endswith(word):
                return ZoneInfo(name), text.rindex(word, 0, end)
    if before[-1:] in _CLOSING and (match := _ZONE_BRACKET.search(text, max(0, end - 60), end)):
        return zone_after(match[1], 0, cst_is_chinese=cst_is_chinese)[0], match.start()
    return None, end


def zone_after(text: str, at: int, *, cst_is_chinese: bool) -> tuple[tzinfo | None, int]:
    """The zone printed at `at`, and where it ends."""
    if match := _OFFSET.match(text, at):
        zone = _offset(match)
        if zone is not None:
            return zone, match.end()
    if match := _ZONE_KEY.match(text, at):
        try:
            return ZoneInfo(match[1]), match.end()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None, at
    if match := _ZONE_WORD.match(text, at):
        named = _named_zone(match[1], cst_is_chinese, long="ime" in match[0][-5:])
        if named is not None:
            return named, match.end()
    return None, at


def _gap_end(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at


def _only_words(text: str) -> bool:
    words = _BETWEEN_WORD.findall(text)
    return not re.search(r"[\d\n]", text) and len(words) <= 3 and all(word.casefold() in BETWEEN for word in words)


def _clock(text: str, m: re.Match[str], zone: tzinfo | None, cst_is_chinese: bool) -> Clock | None:
    minute = m["minute"] or m["cjk_minute"] or m["h_minute"] or m["dotted"] or "0"
    second = m["second"] or m["cjk_second"]
    hour = _hour(int(m["hour"]), m["ampm"], m["half"])
    if hour > 23 or int(minute) > 59 or int(second or 0) > 59:
        return None
    end = m.end()
    printed, end = zone_after(text, end, cst_is_chinese=cst_is_chinese)
    if printed is not None and _is_range(text, m, end, hour):
        printed, end = None, m.end()
    return Clock(m.start(), end, hour, int(minute), int(second) if second else None, printed or zone)


def _hour(hour: int, ampm: str | None, half: str | None) -> int:
    adds = MERIDIEM[ampm.lower() + "m"] if ampm else MERIDIEM.get((half or "").lower())
    if adds is None:
        return hour
    if hour == 12:
        return 0 if adds == 0 or half in ("晚上", "深夜") else 12
    if half == "中午" and hour == 11:
        return 11
    return hour + adds if hour < 12 else hour


def _is_range(text: str, m: re.Match[str], end: int, hour: int) -> bool:
    """`10:00-11:30` says when something lasts, not how far it is from Greenwich; ISO 8601 has its T before."""
    tail = re.fullmatch(r"\s?-\s?(\d{1,2}):\d\d", text[m.end() : end])
    return tail is not None and text[m.start() - 1 : m.start()] != "T" and m["second"] is None and int(tail[1]) > hour


def _compact_clock(text: str, m: re.Match[str], cst_is_chinese: bool) -> Clock | None:
    hour, minute, second = int(m[1]), int(m[2]), int(m[3]) if m[3] else None
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    zone, end = zone_after(text, m.end(), cst_is_chinese=cst_is_chinese)
    return Clock(m.start(), end, hour, minute, second, zone)


def _offset(m: re.Match[str]) -> tzinfo | None:
    hours, minutes = int(m["hours"]), int(m["minutes"] or 0)
    if not m["label"] and len(m["hours"]) < 2:
        return None
    total = (hours * 60 + minutes) * (-1 if m["sign"] in "-−" else 1)
    if minutes not in (0, 30, 45) or not -12 * 60 <= total <= 14 * 60:
        return None
    return timezone(timedelta(minutes=total))


def _named_zone(word: str, cst_is_chinese: bool, long: bool) -> tzinfo | None:
    if word == "CST" and cst_is_chinese:
        return timezone(timedelta(hours=8))
    if word in OFFSETS:
        return timezone(timedelta(minutes=OFFSETS[word]))
    if word in ZONES or (long and word.upper() in ZONES):
        return ZoneInfo(ZONES[word.upper()])
    return None
