"""Bytes to text: what the charset really is.

What a page declares is a witness, not the truth: of the Chinese pages measured, one in six is in another charset than
it says, or says none. Bytes that are valid UTF-8 are UTF-8. All others are read by every charset that may be meant,
and the reading that looks most like text wins (`score`); a declaration tips the scales where there is little to read.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

from crawler.decoding.score import cost
from crawler.errors import NotHtml

UNDECLARED: Final = (
    "gb18030",
    "big5hkscs",
    "cp1252",
    "cp932",
    "euc_jp",
    "cp949",
    "cp1251",
    "koi8-r",
    "cp1250",
    "iso8859-2",
    "cp1254",
    "cp1253",
)
"""Charsets that are tried without being declared."""

DECLARABLE: Final = frozenset(
    (
        *UNDECLARED,
        "koi8-u",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "cp866",
        "cp874",
        "mac-cyrillic",
        "mac-roman",
        "iso2022_jp",
        *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    )
)
"""Charsets that are tried when declared: text encodings alone, no codec that turns bytes into something else."""

SAMPLES: Final = (150, 1500)  # bytes above ASCII read from each half of the page; more of them only where it is close
CLEAR_LEAD: Final = 120.0  # nats between the first and the second that settle it
DECLARED_BONUS: Final = 8.0  # nats a declaration is worth: about three common characters
WEAK_BONUS: Final = 2.0  # of iso-8859-1: what servers say when nobody told them
BROKEN_UTF8: Final = 0.05  # share of broken characters up to which UTF-8 is still beyond doubt

_MAGIC = (
    b"%PDF-",
    b"%!PS-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x89PNG",
    b"GIF87a",
    b"GIF89a",
    b"\xff\xd8\xff",
    b"\x1f\x8b\x08",
    b"Rar!\x1a",
    b"7z\xbc\xaf\x27",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"OggS",
    b"fLaC",
    b"ID3\x03",
    b"ID3\x04",
    b"wOFF",
    b"wOF2",
    b"\x7fELF",
    b"II*\0",
    b"MM\0*",
    b"\0\0\1\0",
    b"\x1aE\xdf\xa3",
    b"FLV\x01",
)
_NOT_PLAIN = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")  # byte order marks; those of UTF-32 have nulls
_BOXED = re.compile(rb"RIFF.{4}(?:WEBP|WAVE|AVI )|.{4}ftyp", re.DOTALL)  # magic behind a length
_TABLES: Final = {"big5hkscs": ("big5hkscs", "cp950"), "euc_jp": ("euc_jp", "euc_jis_2004")}
"""Charsets of which Python has several tables; the first that reads all of a body is meant."""

# From the first byte above ASCII to the next byte that is no second half of a character in any charset.
_RUN = re.compile(rb"[\x80-\xff][\x30-\x39\x40-\x7e\x80-\xff]*+")
_LETTER = re.compile(rb"[A-Za-z]")
_CONTROLS = bytes({*range(1, 32)} - {*b"\t\n\f\r\x1b"})


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a response body, without its byte order mark. Raises NotHtml when the bytes are no text."""
    text = _plain(body)
    return _told(body, content_type) if text is None else text


def utf8(body: bytes, content_type: str | None = None) -> bytes:
    """The same in UTF-8: of most pages the very bytes. Raises NotHtml."""
    return body if _plain(body) is not None else _told(body, content_type).encode("utf-8", "replace")


def _plain(body: bytes) -> str | None:
    """The text of what is UTF-8 as it stands: without a mark or nulls, and not ISO 2022, which is all ASCII."""
    if body.startswith(_NOT_PLAIN) or b"\0" in body or _is_binary(body):
        return None
    # One byte is looked for far faster than two, and a page hardly ever has this one.
    if b"\x1b" in body and body.isascii() and b"\x1b$" in body:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _told(body: bytes, content_type: str | None) -> str:
    """The text of all others. Raises NotHtml."""
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None:
        return to_unicode(body[len(mark) :], encoding)
    if _is_binary(body):
        raise NotHtml("binary file")
    if b"\0" in body:
        return _with_nulls(body, content_type)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _read(body, _charset(body, content_type, error))
    return to_unicode(body, "iso2022_jp")


def _is_binary(body: bytes) -> bool:
    return body[:64].lstrip().startswith(_MAGIC) or _BOXED.match(body) is not None


def _with_nulls(body: bytes, content_type: str | None) -> str:
    """UTF-16 or UTF-32 without its mark: in markup every other byte, or three of four, is null. Stray nulls are dropped
    from what has no other control characters, which a binary file has. Raises NotHtml for the rest.
    """
    head = body[:2048]
    for encoding, step, at in (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1)):
        own, other = head[at::step], head[at ^ 1 :: step]
        if own.count(0) <= len(own) // 20 and other.count(0) > len(other) // 8:
            with suppress(UnicodeDecodeError):
                return body.decode(encoding)
    text = body.translate(None, b"\0")
    controls = len(text) - len(text.translate(None, _CONTROLS))
    if (len(body) - len(text)) * 20 > len(body) or controls * 500 > len(body):
        raise NotHtml("binary file")
    return decode(text, content_type)


def _read(body: bytes, encoding: str) -> str:
    """The whole body, with U+FFFD only where no table of the charset has a character."""
    for table in _TABLES.get(encoding, ()):
        with suppress(UnicodeDecodeError):
            return body.decode(table)
    return to_unicode(body, encoding)


def _charset(body: bytes, content_type: str | None, error: UnicodeDecodeError) -> str:
    """The charset that reads bytes which are not valid UTF-8 most like text."""
    if error.reason == "unexpected end of data" and error.start >= len(body) - 3 and not body[: error.start].isascii():
        return "utf-8"
    bonus = _witnesses(body, content_type)
    encodings = tuple(dict.fromkeys((*bonus, "utf-8", *UNDECLARED)))
    for size in SAMPLES:
        sample = _sample(body, size)
        if _is_broken_utf8(sample):
            return "utf-8"
        costs = {name: cost(to_unicode(sample, name), name) - bonus.get(name, 0.0) for name in encodings}
        best, second, *_ = sorted(costs.values())
        if second - best > CLEAR_LEAD:
            break
    return min(costs, key=costs.__getitem__)


def _witnesses(body: bytes, content_type: str | None) -> dict[str, float]:
    """What header and page declare, and what it is worth."""
    bonus = {"gb18030": 3.0, "cp1252": 3.0}  # the likeliest of old pages that say nothing
    for declared in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        if declared is not None and (declared in DECLARABLE or declared == "utf-8"):
            bonus[declared] = bonus.get(declared, 0.0) + (WEAK_BONUS if declared == "cp1252" else DECLARED_BONUS)
    return bonus


def _sample(body: bytes, size: int) -> bytes:
    """Runs of bytes above ASCII, from the start of the page and from its middle."""
    middle = len(body) // 2
    first = b" ".join(_runs(body, 0, middle, size))
    return first + b" " + b" ".join(_runs(body, middle, len(body), size))


def _runs(body: bytes, start: int, end: int, left: int) -> Iterator[bytes]:
    """Whole runs, `left` bytes in all, each with the ASCII letter before it."""
    if start:
        start = max(body.rfind(mark, 0, start) for mark in (b"\n", b">", b" ")) + 1
    for match in _RUN.finditer(body, start, end):
        first = match.start()
        if first and _LETTER.match(body, first - 1):
            first -= 1
        run = body[first : min(match.end(), first + left)]
        yield run
        left -= len(run)
        if left <= 0:
            return


def _is_broken_utf8(sample: bytes) -> bool:
    """UTF-8 with a few bytes cut or mixed in: no other charset gives so many whole characters of it."""
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return broken <= BROKEN_UTF8 * sum(char > "\x7f" for char in text)
