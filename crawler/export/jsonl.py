"""JSON Lines: one article a line."""

import json
import re

from crawler.export.record import record
from crawler.items import Article

# Line breaks to some readers of "lines", and halves of characters that no encoding can write.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def line(article: Article) -> str:
    """One article as one line of JSON, without the line end."""
    text = json.dumps(record(article), ensure_ascii=False, separators=(", ", ": "))
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
