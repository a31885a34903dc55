"""How likely a text is to be what somebody wrote: the cost of its characters above ASCII, in nats.

Every candidate charset reads the same bytes; the reading with the lowest sum wins. Costs are rough minus
logarithms of how often a character occurs in running text, so a wrong reading, whose characters are spread over
all that the charset can hold, loses several nats with each of them.
"""

from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache, partial
from math import log

from crawler.decoding.letters import (
    CYRILLIC_RANKED,
    GREEK_RANKED,
    HAN_100,
    HAN_500,
    HAN_1200,
    HAN_2200,
    HAN_MARKS,
    HANGUL_FREQUENT,
    KANA_FREQUENT,
    LATIN_LANGUAGES,
    LATIN_MARKS,
)

UNDECODABLE = 20.0
PRIVATE = 18.0
ODD = 13.0
"""Characters of a script that this kind of text hardly uses."""

_HAN_COST = {
    char: value for chars, value in ((HAN_100, 5.6), (HAN_500, 7.2), (HAN_1200, 8.6), (HAN_2200, 9.6)) for char in chars
}
_KANA_FREQUENT = frozenset(KANA_FREQUENT)
_HANGUL_FREQUENT = frozenset(HANGUL_FREQUENT)
_LATIN_MARKS = frozenset(LATIN_MARKS)
_OPENING = frozenset("“”‘’„‚«»‹›–—…\u00a0¿¡")
_LOOSE_MARKS = frozenset("©¤¥¦§¨¬¯±²³´µ¶·¸¹º¼½¾×£°")
"""Marks of Western charsets that hardly touch a letter."""


def cost(text: str, encoding: str) -> float:
    """What the characters of `text` above ASCII cost as a reading in `encoding`."""
    if encoding in _WIDE:
        of = _WIDE[encoding]
        return sum(of(char) * count for char, count in Counter(text).items() if char > "\x7f")
    pairs = Counter(zip(" " + text, text, strict=False))
    if encoding in _ALPHABETS:
        return _sum(pairs, _ALPHABETS[encoding])
    return _sum(pairs, _latin) + _letters(text, LATIN_LANGUAGES.get(encoding, LATIN_LANGUAGES["cp1252"]))


def _sum(pairs: Counter[tuple[str, str]], of_pair: Callable[[str, str], float]) -> float:
    return sum(of_pair(*pair) * count for pair, count in pairs.items() if pair[0] > "\x7f" or pair[1] > "\x7f")


def _letters(text: str, languages: tuple[str, ...]) -> float:
    """What the letters above ASCII cost in the language that has most of them. One language, not one letter: together
    Polish and Czech explain what neither would write.
    """
    letters = {char: count for char, count in Counter(text).items() if char > "\x7f" and char.isalpha()}
    return min(
        sum((2.2 + log(len(own)) if char.lower() in own else 9.0) * count for char, count in letters.items())
        for own in languages
    )


@cache
def _chinese(char: str) -> float:
    if (value := _HAN_COST.get(char)) is not None:
        return value
    if "\u4e00" <= char <= "\u9fff":
        return 11.0 if _in_level_one(char, "gb2312", 0xB0, 0xD7) or _in_level_one(char, "big5", 0xA4, 0xC6) else 14.5
    if char in HAN_MARKS:
        return 3.6 if char in "，。" else 5.0
    return _other(char)


@cache
def _japanese(char: str) -> float:
    if char in _KANA_FREQUENT:
        return 3.8
    if "\u3041" <= char <= "\u30fe":
        return 5.2
    if "\u4e00" <= char <= "\u9fff":
        value = _HAN_COST.get(char, 11.0)
        return max(value, 7.6) if _in_level_one(char, "shift_jis", 0x88, 0x97) else max(value, 13.0)
    if char in HAN_MARKS or char in "・ー":
        return 3.6 if char in "、。" else 5.5
    return _other(char)


@cache
def _korean(char: str) -> float:
    if char in _HANGUL_FREQUENT:
        return 5.4
    if "\uac00" <= char <= "\ud7a3":
        return 9.3 if _in_level_one(char, "euc_kr", 0xB0, 0xC8) else 13.0
    if "\u4e00" <= char <= "\u9fff":
        return 13.0
    if char in HAN_MARKS:
        return 5.5
    return _other(char)


@cache
def _any_script(char: str) -> float:
    """For UTF-8 with broken bytes: all scripts are at home."""
    if char < "\u0250":
        return 5.0
    return min(_chinese(char), _japanese(char), _korean(char), 6.0 if char < "\u2000" else ODD)


def _other(char: str) -> float:
    """Characters that are at home in none of the three."""
    if char == "\ufffd":
        return UNDECODABLE
    if "\uff01" <= char <= "\uff5e" or "\u2460" <= char <= "\u24ff" or "\u2190" <= char <= "\u21ff":
        return 7.5
    if "\u2010" <= char <= "\u203b" or "\u3000" <= char <= "\u301f" or char in "·°×§±￥℃■□▲△●○◆◇★☆→·•■▼":
        return 7.5
    if "\ue000" <= char <= "\uf8ff":
        return PRIVATE
    if "\u3400" <= char <= "\u4dbf" or char >= "\U00010000":
        return 17.0
    return ODD


def _in_level_one(char: str, charset: str, first: int, last: int) -> bool:
    """Whether the charset holds the character in its rows for the common ones."""
    try:
        return first <= char.encode(charset)[0] <= last
    except UnicodeEncodeError:
        return False


def _alphabet(before: str, char: str, *, ranked: str) -> float:
    """A charset of one other alphabet: words are of that alphabet throughout, capitals stand first."""
    if char <= "\x7f":
        return 4.0 if before.isalpha() and char.isalpha() else 0.0
    rank = ranked.find(char.lower())
    if rank < 0:
        return 6.0 if char in _LATIN_MARKS or char == "№" else UNDECODABLE if _is_no_text(char) else 12.0
    value = 2.3 + rank * 0.12
    if before.isascii() and before.isalpha():
        value += 4.0
    if char.isupper():
        value += 5.0 if before.islower() else 1.0 if before.isupper() else 2.0
    return value


@cache
def _latin(before: str, char: str) -> float:
    """A Western charset, letters apart: those above ASCII stand among ASCII ones, marks between words."""
    if char <= "\x7f":
        return 4.0 if before in _LOOSE_MARKS and char.isalpha() else 0.0
    value = 3.0 if before > "\x7f" and before not in _OPENING else 0.0
    if char.isalpha():
        return value + (5.0 if char.isupper() and before.islower() else 1.0 if char.isupper() else 0.0)
    if char not in _LATIN_MARKS:
        return UNDECODABLE if _is_no_text(char) else 9.0
    return value + (9.0 if before.isalpha() and (char in _LOOSE_MARKS or char in "¿¡") else 4.5)


def _is_no_text(char: str) -> bool:
    return char == "\ufffd" or char < "\xa0" or "\ue000" <= char <= "\uf8ff"


_WIDE: dict[str, Callable[[str], float]] = {
    "utf-8": _any_script,
    "gb18030": _chinese,
    "big5hkscs": _chinese,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "iso2022_jp": _japanese,
    "cp949": _korean,
}


def _alphabets() -> dict[str, Callable[[str, str], float]]:
    """Single-byte charsets of another alphabet -> the cost of a character behind another one."""
    own: dict[str, Callable[[str, str], float]] = {}
    for names, ranked in (
        ("cp1251 koi8-r koi8-u iso8859-5 cp866 mac-cyrillic", CYRILLIC_RANKED),
        ("cp1253 iso8859-7", GREEK_RANKED),
    ):
        own |= dict.fromkeys(names.split(), lru_cache(maxsize=None)(partial(_alphabet, ranked=ranked)))
    for names, first, last in (
        ("cp1255 iso8859-8", "\u0590", "\u05ff"),
        ("cp1256 iso8859-6", "\u0600", "\u06ff"),
        ("cp874", "\u0e00", "\u0e7f"),
    ):
        own |= dict.fromkeys(names.split(), lru_cache(maxsize=None)(partial(_plain_alphabet, first=first, last=last)))
    return own


def _plain_alphabet(before: str, char: str, *, first: str, last: str) -> float:
    if char <= "\x7f":
        return 0.0
    if first <= char <= last:
        return 8.0 if before.isascii() and before.isalpha() else 3.8
    return 6.0 if char in _LATIN_MARKS else UNDECODABLE if _is_no_text(char) else 12.0


_ALPHABETS = _alphabets()
