"""Days as they are printed: every place in a string that names one, in order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.dates.words import AGO, MONTHS, NEAR_DAYS


@dataclass(frozen=True, slots=True)
class Day:
    """A day named at `start:end` of a string. It need not exist: 31 February is read as well."""

    start: int
    end: int
    year: int | None  # None: not printed
    month: int
    day: int
    swap: bool = False  # month and day may be the other way round
    beside: int | None = None  # without a clock time it counts only where at most so many other characters stand
    ago_s: int | None = None  # a distance from the fetch instead of a day, in seconds


_WORD = r"(?<![^\W\d_])([^\W\d_][^\s\d,.;:|()/_-]*+)"
# "2021-02-0115:04" runs day and clock together, so a digit may follow when it opens a clock time.
_DAY_END = r"(?!\d(?!\d?:\d\d))"
# "20247:55 AM", "20233 years ago", "2024153 shares": the year runs into what follows it.
_YEAR_END = r"(?=\D|$|\d{1,2}:\d\d|\d{1,6}(?:[.,]\d{1,3})?\s?[A-Za-z])"
_CAPITAL = re.compile(r"(?<=[a-z])[A-Z][a-z]+$")
# A pattern that opens with a digit, and looks back from behind it, is tried at digits alone: a tenth of the time.
_YMD = re.compile(
    r"(\d(?<![\d.]\d)\d{3})(?:\s?[-/.年년]\s{0,2}|\s{1,4}(?=\d{1,2}\s?[/月]))(\d{1,2})\s?[-/.月월]\s{0,2}(\d{1,2})"
    + _DAY_END
    + r"\s?[日号號일]?"
)
_COMPACT = re.compile(
    r"([12](?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?=T?\d{6}(?!\d)|T?\d{4}(?!\d)|\s\d{1,2}:\d\d|\s*$)"
)
_DMY = re.compile(r"(\d(?<![\d./-]\d)(?<!\d:\d)\d?)([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2}(?![\d.:h]))(?!\d(?!\d?:\d\d))")
_MD = re.compile(r"(\d(?<![\d./-]\d)(?<!\d:\d)\d?)[-/](\d{1,2})(?![\d/.-])")
_DM_DOTTED = re.compile(r"(\d(?<![\d./-]\d)(?<!\d:\d)\d?)\.\s?(\d{1,2})\.(?!\s?\d{4}|\d)")
_MD_HAN = re.compile(r"(\d(?<!\d\d)(?<!年\d)\d?)\s?[月월]\s?(\d{1,2})" + _DAY_END + r"\s?[日号號일]")
_HAN_YEAR = re.compile(
    r"([一二][〇○零Ｏ0O一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十廿卅]{1,3})[日号]"
)
_ERA = re.compile(r"(民國|民国|令和|平成)\s?(元|\d{1,3})\s?[年.]\s?(\d{1,2})\s?[月.]\s?(\d{1,2})日?")
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988}
_DAY_MONTH = re.compile(
    r"(\d(?<![\d./-]\d)(?<!\d:\d)\d?)(?:st|nd|rd|th|er|ère|[ºª°.])?[\s-]*(?:(?:of|de|di|do)\s+|d['’])?"
    + _WORD
    + rf"\.?,?(?:(?:\s*(?:de|del|of)\s+|[\s-]*)((?:19|20|25)\d\d){_YEAR_END}|-(\d\d)(?!\d))?"
)
_MONTH_DAY = re.compile(
    _WORD + rf"\.?\s*(\d{{1,2}})(?:st|nd|rd|th|\.)?(?![\d:.h])(?:,?\s*((?:19|20|25)\d\d){_YEAR_END})?"
)
_YEAR_MONTH_DAY = re.compile(
    r"([12](?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d)(?:\s?[.,-]\s?|\s+(?:m\.\s*)?)" + _WORD + r"\.?[\s-]*(\d{1,2})(?!\d)"
)
_THANG = re.compile(r"(\d(?<!\d\d)\d?)\s+tháng\s+(\d{1,2})(?:,|\s+năm)?\s+(\d{4})", re.IGNORECASE)
# Units are looked up, not listed here: a pattern of all of them takes longer to compile than all the others.
_AGO = re.compile(
    r"(?<![\d.])(\d{1,4}|[半一二两兩三四五六七八九十]|\b(?:an?|one|une?|eine[rm]?)(?=\s))\s?(个?半?)([^\W\d_]{1,9}?)\.?\s?"
    r"(?:之?前|以前|전|ago\b|назад|geleden|fa\b|sedan\b|siden\b|temu\b|atrás\b|önce\b)",
    re.IGNORECASE,
)
_BEFORE_AGO = re.compile(
    r"\b(?:vor|il y a|hace|há)\s+(?:ca\.\s+)?(\d{1,4}|eine[rm]?|une?|una?|um|uma)()\s+([^\W\d_]{1,9})\b", re.IGNORECASE
)
_JUST_NOW = re.compile(r"刚刚(?![\u4e00-\u9fff])|剛剛(?![\u4e00-\u9fff])|\bjust now\b", re.IGNORECASE)
_NEAR_WORDS = tuple(word for word in NEAR_DAYS if word[0] < "\u3000")
_NEAR = re.compile(
    r"(?:(?<!\w)(?:"
    + "|".join(sorted(map(re.escape, _NEAR_WORDS), key=len, reverse=True))
    + r")(?!\w)|[今昨][天日]|前天|어제|오늘)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
# What no form in digits alone can do without.
_NUMERIC_SIGN = re.compile(r"\d(?:\s?[-/.年년]\s{0,2}\d|\d{7}|\s{1,4}\d\d?\s?[/月])")
_LETTERS = re.compile(r"[^\W\d_]+")
_GLUED_CAPITAL = re.compile(r"(?<=[a-z])[A-Z][a-z]+")
_COMBINING = re.compile(r"[\u0300-\u036f\u0900-\u097f]")  # accents apart, signs of Hindi: in words, yet no letters
# What each relative form cannot do without, in lower case.
_AGO_WORDS = ("ago", "geleden", "fa", "sedan", "siden", "temu", "atrás", "önce", "назад")
_BEFORE_AGO_WORDS = ("vor", "il y a", "hace", "há")
_JUST_NOW_WORDS = ("just now", "刚刚", "剛剛")
_AGO_CHARACTER = re.compile(r"[前전]")
_NEAR_CHARACTER = re.compile(r"[今昨前어오]")
_LONGEST_BYLINE = 120  # characters
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ENGLISH_DAY = re.compile(
    rf"[^\d]*(?:(?<![a-z]){_MONTH}\s(\d\d?),\s|(\d\d?)\s{_MONTH},?\s)((?:19|20)\d\d)(?!\d)"
    r"[^\d]*(?:\d\d?:\d\d[^\d]*)?",
    re.IGNORECASE | re.ASCII,
)
_HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "Ｏ": 0, "0": 0, "O": 0}


def days(text: str, *, today: date, month_first: bool) -> list[Day]:
    """Every day named in `text`, in order, overlaps settled for the earlier and longer one."""
    if (day := _only_english_day(text)) is not None:
        return [day]
    found = sorted(_all_days(text, today, month_first), key=lambda day: (day.start, -day.end))
    kept: list[Day] = []
    for day in found:
        if not kept or day.start >= kept[-1].end:
            kept.append(day)
    return kept


def _only_english_day(text: str) -> Day | None:
    """`By A. Name, Dec 22, 2023 at 8:48 p.m.`: the commonest form of Western pages, where no other number stands."""
    if len(text) > _LONGEST_BYLINE or not text.isascii() or (m := _ENGLISH_DAY.fullmatch(text)) is None:
        return None
    if any(map(text.lower().__contains__, (*_AGO_WORDS, *_BEFORE_AGO_WORDS))):
        return None
    start = m.start(1) if m[1] else m.start(3)
    return Day(start, m.end(5), int(m[5]), MONTHS[(m[1] or m[4]).lower()], int(m[2] or m[3]))


def _all_days(text: str, today: date, month_first: bool) -> Iterator[Day]:
    """The families of forms in turn, each only where a cheap look says that it may be there."""
    is_ascii = text.isascii()
    has_digit = _DIGIT.search(text) is not None
    if has_digit and _NUMERIC_SIGN.search(text):
        yield from _numeric(text, month_first)
    if not is_ascii:
        yield from _han(text)
    if has_digit and _names_a_month(text, is_ascii):
        yield from _named(text)
    yield from _relative(text, today)


def _names_a_month(text: str, is_ascii: bool) -> bool:
    words = _LETTERS.findall(text.lower()) if is_ascii else [word.casefold() for word in _LETTERS.findall(text)]
    if not MONTHS.keys().isdisjoint(words):
        return True
    if any(word.lower() in MONTHS for word in _GLUED_CAPITAL.findall(text)):
        return True
    return not is_ascii and _COMBINING.search(text) is not None


def _numeric(text: str, month_first: bool) -> Iterator[Day]:
    for m in _YMD.finditer(text):
        yield Day(m.start(), m.end(), int(m[1]), int(m[2]), int(m[3]))
    for m in _COMPACT.finditer(text):
        yield Day(m.start(), m.end(), int(m[1]), int(m[2]), int(m[3]))
    for m in _DMY.finditer(text):
        yield _day_month_year(m, month_first)
    for m in _MD.finditer(text):
        yield Day(m.start(), m.end(), None, int(m[1]), int(m[2]), beside=4 if len(m[0]) == 5 else 0)
    for m in _DM_DOTTED.finditer(text):
        yield Day(m.start(), m.end(), None, int(m[2]), int(m[1]), beside=4)


def _day_month_year(m: re.Match[str], month_first: bool) -> Day:
    first, second, year = int(m[1]), int(m[3]), int(m[4])
    if len(m[4]) == 2:
        if m[2] == "-" and month_first and 1 <= second <= 12:  # 21-02-01, as Chinese lists abbreviate
            return Day(m.start(), m.end(), 2000 + first, second, year, beside=4)
        year += 2000 if year < 70 else 1900
    # House numbers and scores look like 2-14-12, so that form wants a clock or to stand alone.
    beside = 4 if m[2] == "-" and len(m[4]) == 2 else None
    if m[2] == "." or not month_first:
        month, day = second, first
    else:
        month, day = first, second
    if month > 12 >= day:
        month, day = day, month
    return Day(m.start(), m.end(), year, month, day, swap=m[2] != "." and month <= 12 and day <= 12, beside=beside)


def _han(text: str) -> Iterator[Day]:
    for m in _MD_HAN.finditer(text):
        yield Day(m.start(), m.end(), None, int(m[1]), int(m[2]))
    for m in _HAN_YEAR.finditer(text):
        year = int("".join(str(_HAN_DIGITS[c]) for c in m[1]))
        yield Day(m.start(), m.end(), year, _han_number(m[2]), _han_number(m[3]))
    for m in _ERA.finditer(text):
        year = 1 if m[2] == "元" else int(m[2])
        yield Day(m.start(), m.end(), _ERAS[m[1]] + year, int(m[3]), int(m[4]))
    for m in _THANG.finditer(text):
        yield Day(m.start(), m.end(), int(m[3]), int(m[2]), int(m[1]))


def _han_number(text: str) -> int:
    """十 -> 10, 二十一 -> 21, 廿一 -> 21."""
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    return (_HAN_DIGITS.get(tens[:1], 1) * 10 if ten else 0) + (_HAN_DIGITS[ones[-1]] if ones else 0)


def _named(text: str) -> Iterator[Day]:
    for m in _DAY_MONTH.finditer(text):
        if month := MONTHS.get(m[2].casefold()):
            year = int(m[3]) if m[3] else 2000 + int(m[4]) if m[4] else None
            yield Day(m.start(), m.end(), year, month, int(m[1]), beside=20 if year is None else None)
    for m in _MONTH_DAY.finditer(text):
        glued = _CAPITAL.search(m[1])
        if month := MONTHS.get((glued[0] if glued else m[1]).casefold()):
            start = m.start() + (glued.start() if glued else 0)
            yield Day(start, m.end(), int(m[3]) if m[3] else None, month, int(m[2]), beside=None if m[3] else 20)
    for m in _YEAR_MONTH_DAY.finditer(text):
        if month := MONTHS.get(m[2].casefold()):
            yield Day(m.start(), m.end(), int(m[1]), month, int(m[3]))


def _relative(text: str, today: date) -> Iterator[Day]:
    has = text.lower().__contains__
    is_ascii = text.isascii()
    if any(map(has, _AGO_WORDS)) or (not is_ascii and _AGO_CHARACTER.search(text)):
        yield from _ago(_AGO, text)
    if any(map(has, _BEFORE_AGO_WORDS)):
        yield from _ago(_BEFORE_AGO, text)
    if any(map(has, _JUST_NOW_WORDS)):
        for m in _JUST_NOW.finditer(text):
            yield Day(m.start(), m.end(), None, 0, 0, ago_s=0)
    if any(map(has, _NEAR_WORDS)) or (not is_ascii and _NEAR_CHARACTER.search(text)):
        for m in _NEAR.finditer(text):
            day = today - timedelta(days=NEAR_DAYS[m[0].casefold()])
            yield Day(m.start(), m.end(), day.year, day.month, day.day, beside=12)


def _ago(form: re.Pattern[str], text: str) -> Iterator[Day]:
    for m in form.finditer(text):
        if (unit := AGO.get(m[3].casefold())) is not None:
            yield Day(m.start(), m.end(), None, 0, 0, ago_s=_distance(m, unit))


def _distance(m: re.Match[str], unit: int) -> int:
    if m[1] == "半":
        return unit // 2
    return _count(m[1]) * unit + (unit // 2 if "半" in m[2] else 0)


def _count(text: str) -> int:
    """12, 十二, 两 and "an"."""
    if text.isdecimal():
        return int(text)
    if text in "两兩":
        return 2
    return _han_number(text) if text > "\u3000" else 1
