"""CSV for spreadsheets: one article a row, no cell that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from crawler.export.record import record
from crawler.items import Article

COLUMNS = tuple(field.name for field in fields(Article) if field.name not in ("provenance", "removed"))

# With the full-width forms that a Chinese or Japanese spreadsheet takes for the same.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> str:
    """The text of a cell. A spreadsheet shows the apostrophe's cell as text, and does not compute it."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        text = "; ".join(value)
    elif isinstance(value, list):
        text = json.dumps(value, ensure_ascii=False) if value else ""
    else:
        text = "" if value is None else str(value)
    text = text.encode("utf-8", "replace").decode()  # halves of characters, which a page's JSON may hold
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def rows(articles: Iterable[Article]) -> Iterator[str]:
    """The lines of the file, the header first, each with its end (CR LF, RFC 4180)."""
    yield _line(COLUMNS)
    for article in articles:
        values = record(article)
        yield _line([cell(values[name]) for name in COLUMNS])


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
