"""Steps on the first lines of a body: the title again, the byline, the date and source line."""

import re
import unicodedata

from crawler.body import Body
from crawler.cleaning.lines import cut, first_line
from crawler.cleaning.tail import take_credits_of
from crawler.credits import line_credits

_DATE_LINE = re.compile(
    r"(?:(?:发布|发稿|更新|发表|刊发)?(?:时间|日期|于)?\s*[：:]?\s*)?(?P<date>\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"(?:\s*\d{1,2}\s*[:：]\s*\d{2}(?:\s*[:：]\s*\d{2})?)?)(?:更新|发布|发表|刊发)?[\s|｜]*(?P<rest>.*)"
)
_SIGNS = re.compile(r"[\W_]+")
_TITLE_TIMES = 2  # as long as the title, white space and signs apart
_MOST_LINES = 4
_LINE_CHARS = 200  # a first title of 120, a source and some names


def drop_repeated_title(body: Body) -> None:
    """Drop the title where a body starts with it. After flatten.

    <h2>Title</h2><p>a</p>  ->  <p>a</p>
    """
    line = first_line(body)
    if line is None or not body.title or len(line.text) > _TITLE_TIMES * len(body.title) + _LINE_CHARS:
        return
    if _bare(line.text) != _bare(body.title):
        return
    # A flash of one sentence is its own title: as a sentence, with its full stop, it is the text.
    if len(body.tree) > 1 and (line.text.rstrip()[-1:] != "。" or body.title.rstrip()[-1:] == "。"):
        cut(body, line, 0, "drop_repeated_title", "title")


def take_head_lines(body: Body) -> None:
    """Move first lines that are a date, a source or a byline into their fields. After flatten.

    <p>2021-02-01 15:04 来源：新华网 作者：李明</p><p>a</p>  ->  <p>a</p>, source = 新华网, authors = 李明
    """
    for _ in range(_MOST_LINES):
        line = first_line(body)
        if line is None or len(body.tree) < 2:
            return
        text = line.whole
        if len(text) > _LINE_CHARS:
            return
        match = _DATE_LINE.fullmatch(text)
        rest = match["rest"].strip() if match else text
        found = line_credits(rest)
        if not found and (rest or not match):
            return
        if match:
            body.found.published = body.found.published or match["date"]
        take_credits_of(body, found)
        field = found[0].field if found else "published_at"
        cut(body, line, 0, "take_head_lines", field)


def _bare(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFC", text)).lower()
