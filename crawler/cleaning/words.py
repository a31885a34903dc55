"""How many words a text has, in any script."""

import re

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_RUNS = re.compile(rf"[{_CJK}]+")
_WIDE_SIGNS = re.compile(
    r"[\u00a0-\u00bf\u2010-\u2018\u201a-\u2bff\u3000-\u303f"
    r"\ufe30-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
_ASCII = bytes(range(128))
_ASCII_SIGNS = bytes(code for code in range(33, 127) if not chr(code).isalnum())
_GLANCE_CHARS = 60  # most texts with CJK characters have one among these


def word_count(text: str) -> int:
    """CJK characters, and what stands between white space and has a letter or digit in it."""
    if text.isascii():
        return _words(text)
    if _has_cjk(text):
        rest, runs = _CJK_RUNS.subn(" ", text)
        return len(text) - len(rest) + runs + _words(_WIDE_SIGNS.sub(" ", rest))
    for sign in set("".join(_WIDE_SIGNS.findall(_beyond_ascii(text)))):  # few: one by one takes a tenth of the time
        text = text.replace(sign, " ")
    return _words(text)


def _has_cjk(text: str) -> bool:
    return _CJK_RUNS.search(text[:_GLANCE_CHARS]) is not None or _CJK_RUNS.search(_beyond_ascii(text)) is not None


def _beyond_ascii(text: str) -> str:
    return text.encode().translate(None, _ASCII).decode()


def _words(text: str) -> int:
    return len(text.encode().translate(None, _ASCII_SIGNS).split())
