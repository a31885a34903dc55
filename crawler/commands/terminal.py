"""What may reach a terminal: text without control characters, and consoles that take no markup from it."""

import json
import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 160  # columns of what is no terminal

# An escape sequence goes as a whole: without its ESC, "[2J" would be left to read. CSI first, then OSC, DCS and the
# like up to their terminator, then the two-character forms; the 8-bit (C1) first characters of the same too.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
# C0 but for line feed, DEL and C1; bidi marks, embeddings, overrides, isolates; lines and paragraphs that only some
# programs break at; byte order marks, tag characters, and surrogates, which no terminal could be sent.
_UNSAFE = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_CONTROL = re.compile(f"[{_UNSAFE}]")


def printable(text: str, *, lines: bool = False) -> str:
    """Text of a page, a URL or a file name that is safe to show: no escape, control or direction characters.

    Line feeds stay with `lines`, else they become spaces, as tabs do.
    """
    text = _SEQUENCE.sub("", text).replace("\t", " ")
    if not lines:
        text = text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
    return _CONTROL.sub("", text)


# What a line is broken between: a wide character with the punctuation that belongs to it, a word, white space. A line
# must not begin with a closing mark nor end with an opening one.
_OPENING = "（〔［｛〈《「『【“‘"
_CLOSING = "，。、；：？！）〕］｝〉》」』】”’…—·％"
_WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*|[{_OPENING}{_CLOSING}]+|\s+"
)


def wrapped(text: str, width: int) -> str:
    """One paragraph broken into lines of at most `width` columns; only a longer word makes a longer line."""
    from rich.cells import cell_len

    lines, line, used = [], "", 0
    for piece in _PIECE.findall(text):
        size = cell_len(piece)
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        if line or not piece.isspace():
            line, used = line + piece, used + size
    return "\n".join([*lines, line.rstrip()])


def cut(text: str, width: int) -> str:
    """The beginning of a line, with a mark where it is longer than `width` columns."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"


def json_text(value: Any, *, indent: int | None = None) -> str:
    """JSON that is safe on a terminal and loses nothing: what `printable` would take out is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return _CONTROL.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def console(stream: IO[str] | None = None) -> "Console":
    """A rich console on `stream` (stderr) that reads no markup, emoji codes or highlights out of what it prints."""
    from rich.console import Console

    made = Console(file=stream or sys.stderr, markup=False, emoji=False, highlight=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = WIDE  # nobody's window: a file or a program, for which nothing should be cut
    return made


def write_out(text: str) -> None:
    """One line of result on stdout."""
    sys.stdout.write(text + "\n")


def program() -> str:
    """How this program was called, for commands that a person is to type next: the venv may not be on the PATH."""
    called = sys.argv[0]
    if Path(called).name == "__main__.py":
        return "python -m crawler"
    return "newscrawl" if os.sep not in called or shutil.which("newscrawl") == called else shlex.quote(called)


def complain(message: str) -> None:
    """One line on stderr that begins with who speaks."""
    sys.stderr.write(f"newscrawl: {printable(message)}\n")
