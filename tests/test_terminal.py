"""What may reach a terminal."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands.terminal import json_text, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 人民 text", "plain 人民 text"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1Hcleared", "cleared"),
        ("\x9b31mred", "red"),
        ("\x1b]0;a new title\x07text", "text"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d0;title\x9ctext", "text"),
        ("\x1bPdevice control\x1b\\text", "text"),
        ("\x1bcreset", "reset"),
        ("unfinished \x1b[", "unfinished "),
        ("unfinished \x1b", "unfinished "),
        ("a\x00b\x08c\x7fd", "abcd"),
        ("left \u202eright", "left right"),
        ("iso\u2066lated\u2069", "isolated"),
        ("one\ntwo\ttabs\r\nthree", "one two tabs three"),
        ("sep\u2028ar\u2029ated\u0085next", "separatednext"),
        ("surr\ud800ogate", "surrogate"),
        ("[bold red]not markup[/]", "[bold red]not markup[/]"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_lines_stay_where_they_are_wanted() -> None:
    assert printable("one\r\n\ntwo\x1b[K\n", lines=True) == "one\n\ntwo\n"


CONTROLS = st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Lu", "Nd", "Ps"))


@given(st.text(CONTROLS | st.characters()))
def test_nothing_that_drives_a_terminal_is_left(text: str) -> None:
    shown = printable(text, lines=True)
    assert not [
        c for c in shown if (ord(c) < 0x20 and c != "\n") or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E
    ]
    assert printable(shown, lines=True) == shown
    shown.encode()


@given(st.text(CONTROLS | st.characters()))
def test_json_is_safe_and_loses_nothing(text: str) -> None:
    written = json_text({"text": text})
    assert json.loads(written) == {"text": text}
    assert not [c for c in written if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E]
    written.encode()
