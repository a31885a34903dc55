"""White space as a reader sees it: folded as a browser does, indenting a line, between two CJK characters."""

import re
import unicodedata
from collections.abc import Iterable

from lxml import etree

from crawler.body import UNSEEN

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\u2018-\u201d\u2026\U00020000-\U0003ffff"
# The line end first: a pattern that starts with one letter is searched for ten times as fast.
_WIDE_BREAK = re.compile(rf"\n(?<=[{_WIDE}]\n)(?=[{_WIDE}])")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
BLANK = (
    " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u2060\u00ad"
)  # white space of any width, none too

_WRAPPERS = frozenset(("span", "font"))
INDENT = re.compile(r"[\u3000\u00a0\u2002\u2003]{2}")


def folded(text: str) -> str:
    """White space as a browser folds it; no space where a source line ends between two CJK characters; NFC."""
    if "\t" in text or "\r" in text or "\f" in text:
        text = text.replace("\t", " ").replace("\r", " ").replace("\f", " ")
    if "\n" in text:
        text = _on_one_line(text)
    while "  " in text:
        text = text.replace("  ", " ")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _on_one_line(text: str) -> str:
    if text.isascii():
        return text.replace("\n", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    while "\n\n" in text:
        text = text.replace("\n\n", "\n")
    return _WIDE_BREAK.sub("", text).replace("\n", " ")


def is_wide(char: str) -> bool:
    return _IS_WIDE.match(char) is not None


def plain_text(node: etree._Element) -> Iterable[str]:
    """Text as it is, line ends included."""
    walk = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    for event, part in walk:
        if event == "start":
            if part.tag in UNSEEN:
                walk.skip_subtree()
            else:
                yield "\n" if part.tag == "br" else part.text or ""
        elif part is not node:
            yield part.tail or ""


def only_text(node: etree._Element) -> str | None:
    """The text of an element that holds nothing else, wrappers without a meaning apart; None when it does."""
    while len(node) == 1 and not (node.text or "").strip(BLANK):
        inner = node[0]
        if inner.tag not in _WRAPPERS or (inner.tail or "").strip(BLANK):
            return None
        node = inner
    return None if len(node) else node.text or ""
