"""Comparing what is printed twice."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")


def loose(text: str) -> str:
    """Letters and digits alone, one case: what two printings of one line share."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NOT_WORD.sub("", text).casefold()
