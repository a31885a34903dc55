"""Plain text: a title line, a date line, the body."""

import re
from datetime import datetime
from typing import Literal

from crawler.items import Article

Reduction = Literal["han"]

# Han as Unicode has them, with the iteration mark and the ideographic zero.
_NOT_HAN = re.compile("[^\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af，。]")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2026\u2014\U00020000-\U000323af]")


def document(article: Article, *, one_line: bool = False, reduce: Reduction | None = None) -> str:
    """The article as text. Lossless, with a blank line between paragraphs and a line end at the end;
    `one_line` and `reduce` give three lines without a line end after the third.
    """
    title = " ".join(article.title.split())
    date = date_line(article.published_at)
    if not one_line and reduce is None:
        return f"{title}\n{date}\n{article.body_text}\n"
    body = joined(article.body_text) + signature(article)
    if reduce == "han":
        title, body = han(title), han(body)
    return f"{title}\n{date}\n{body}"


def date_line(moment: datetime | None) -> str:
    """`2021/2/1 15:04`; empty for a page without a date, so that the body stays on the third line."""
    return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02}" if moment else ""


def joined(text: str) -> str:
    """The paragraphs on one line; a space between them where neither side is Chinese."""
    line = ""
    for part in text.split("\n"):
        part = part.strip()
        if line and part:
            wide = _WIDE.match(line[-1]) or _WIDE.match(part[0])
            line += part if wide else f" {part}"
        else:
            line += part
    return line


def signature(article: Article) -> str:
    """The medium's bare name, where it was the last line of the body: such texts end in it, （某报记者站） or bare.

    A line that says more than the name (文章来源：…) is no part of the text.
    """
    for removed in article.removed:
        if removed.field == "source" and article.source and removed.text.strip("（）()[]【】 ") == article.source:
            return removed.text
    return ""


def han(text: str) -> str:
    """Only Han, ， and 。 are left: for counting and comparing words, not for reading."""
    return _NOT_HAN.sub("", text)
