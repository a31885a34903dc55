"""What an address says by its looks alone: whether it is an article's, what it shares with others, whose it is."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

_SECOND_LEVEL = frozenset("com co org net gov edu ac or ne go".split())  # under the domain of a country
_KEY = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,}(?![A-Za-z0-9])")
"""Letters and figures: the key of a record."""


@lru_cache(maxsize=20_000)
def url_score(url: str) -> float:
    """How much an address looks like that of an article: a date, a number, a hash or a slug in it."""
    parts = urlsplit(url)
    path = parts.path
    last = path.rstrip("/").rsplit("/", 1)[-1]
    if re.search(r"(?:19|20)\d\d[-/]?[01]?\d(?:[-/]?[0-3]?\d)?[/_-]", path) or re.search(r"/20\d{6}", path):
        return 1.0
    if re.search(r"\d{4,}", last) or re.search(r"[0-9a-f]{12,}|(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,}", last):
        return 0.9
    if last.count("-") + last.count("_") >= 3 or len(last) > 35:
        return 0.9
    if re.search(r"(?:^|&)(?:id|aid|newsid|article_?id|docid|p|tid)=\w*\d", parts.query, re.I):
        return 0.9
    if re.search(r"\d+\.s?html?$", last) and not re.match(r"(?:index|list|node|page)", last):
        return 0.7
    if (
        re.search(
            r"(?:index|list|node|default|category|tag|author|topic|channel|search|login|about|contact)", path, re.I
        )
        or path.count("/") <= 1
    ):
        return 0.1
    return 0.3


@lru_cache(maxsize=20_000)
def shape_of(url: str) -> str:
    """An address with what differs between articles taken out: /2024/05/a-b-c.html  ->  host/9/9/s.html."""
    parts = urlsplit(url)
    segments = []
    for segment in parts.path.split("/"):
        stem, dot, ending = segment.rpartition(".")
        if not dot or len(ending) > 5:
            stem, dot, ending = segment, "", ""
        stem = "s" if stem.count("-") >= 2 or len(stem) > 20 else _KEY.sub("s", stem)
        segments.append(re.sub(r"\d+", "9", stem) + dot + ending)
    return (parts.hostname or "") + "/".join(segments)


def is_home(url: str) -> bool:
    """Whether an absolute address is that of a host alone."""
    return not "".join(url.split("/", 3)[3:])


def publisher_of(url: str) -> str:
    """What the hosts of one publisher share under whatever domain: https://finance.sina.com.cn/roll/  ->  sina."""
    parts = url.split("/", 3)
    return _publisher_of_netloc(parts[2]) if len(parts) > 2 else ""


@lru_cache(maxsize=5_000)
def _publisher_of_netloc(netloc: str) -> str:
    host = urlsplit("//" + netloc).hostname or ""
    labels = host.split(".")
    if labels[-1].isdecimal() or ":" in host:
        return host  # a bare address
    is_second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return labels[-3 if is_second else max(-2, -len(labels))]
