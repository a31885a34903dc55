"""YAML front matter: what two YAML readers and Jekyll read back equal, and a tolerant reader of what others wrote."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

Value = str | datetime | bool | Sequence[str]

# A word that no YAML reader takes for a number, a date or a mark; written bare, as people write it.
_BARE = re.compile(r"[A-Za-z\u3400-\u4dbf\u4e00-\u9fff][A-Za-z0-9_\-\u3400-\u4dbf\u4e00-\u9fff]*")
_NOT_A_STRING = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))

# Everything but printable text without line breaks; U+0085, U+2028 and U+2029 are line breaks to YAML 1.1.
_ESCAPED = re.compile(
    r'[\\"\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff0-\uffff]'
)
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}")


def quoted(text: str) -> str:
    """A double-quoted YAML scalar on one line that reads back as `text`."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def bare(text: str) -> str:
    """`text` without quotes where every reader takes it for a string, else quoted."""
    return text if _BARE.fullmatch(text) and text.lower() not in _NOT_A_STRING else quoted(text)


def words(values: Sequence[str]) -> str:
    """For Jekyll's `categories` and `tags`: one word bare; more of them, or one with a space, as a list.

    Jekyll splits a plain string at white space.
    """
    if len(values) == 1 and not re.search(r"\s", values[0]):
        return bare(values[0])
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def _scalar(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S %z")
    if isinstance(value, str):
        return quoted(value)
    return "[" + ", ".join(quoted(item) for item in value) + "]"


def write(fields: Mapping[str, Value], *, plain: Mapping[str, str]) -> str:
    """The block between two `---` lines; `plain` holds values that are YAML already and stand first."""
    lines = [f"{key}: {value}" for key, value in plain.items()]
    lines += [f"{key}: {_scalar(value)}" for key, value in fields.items()]
    return "\n".join(("---", *lines, "---", ""))


_FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<head>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*\Z")
_ITEM = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'|[^,\[\]]+')


def split(text: str) -> tuple[dict[str, str | list[str]], str] | None:
    """Front matter and the rest, as strings; None where a text has no front matter.

    Tolerant: a value whose quotes are not escaped is what stands between the first and the last of them.
    """
    if (fence := _FENCE.match(text)) is None:
        return None
    return dict(_fields(fence["head"])), text[fence.end() :]


def _fields(head: str) -> Iterator[tuple[str, str | list[str]]]:
    key, items = "", list[str]()
    # Not str.splitlines: U+2028 in a title is no line break in a file that people wrote by hand.
    for line in re.split(r"\r?\n", head):
        if key and line.lstrip().startswith("- "):
            items.append(unquoted(line.lstrip()[2:]))
            yield key, list(items)
        elif match := _KEY.match(line):
            key, items = match["key"], []
            yield key, _value(match["value"] or "")


def _value(raw: str) -> str | list[str]:
    if raw.startswith("[") and raw.endswith("]"):
        return [unquoted(item) for item in _ITEM.findall(raw[1:-1]) if item.strip()]
    return unquoted(raw)


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LONG = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"} | {
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def _unescape(match: re.Match[str]) -> str:
    if digits := match[1] or match[2] or match[3]:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else match[0]
    return _LONG.get(match[4], match[4] if match[4] in '"\\/ ' else match[0])


def unquoted(raw: str) -> str:
    """The string that a YAML scalar stands for; of a broken one what stands between its outer quotes."""
    raw = raw.strip(" \t\r\n")
    if _QUOTED.fullmatch(raw):
        return _ESCAPE.sub(_unescape, raw[1:-1])
    if len(raw) > 1 and raw[0] == raw[-1] == "'":
        return raw[1:-1].replace("''", "'")
    if len(raw) > 1 and raw[0] == raw[-1] == '"':
        return raw[1:-1]
    return raw
