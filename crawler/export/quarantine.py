"""Quarantined pages: a folder each, with the bytes as they came and what is known of them."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from crawler.cases import body_name, case_name
from crawler.export.record import record
from crawler.items import Article, Kind


class Kept(Protocol):
    """A page that is no article, as the store has it."""

    @property
    def url(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def article(self) -> Article | None: ...
    @property
    def body(self) -> bytes: ...


def write_pages(folder: Path, pages: Iterable[Kept]) -> int:
    """Write each to SITE/PAGE below `folder`; how many they were. A page has the same name at every export.

    The folders have the form of cases, so that one can be replayed and kept as a test of what broke.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for kept in pages:
        home = folder / _safe(kept.site) / case_name(kept.url)
        home.mkdir(parents=True, exist_ok=True)
        (home / body_name(kept.headers.get("content-type", ""))).write_bytes(kept.body)
        text = json.dumps(meta(kept), ensure_ascii=False, indent=1) + "\n"
        # "replace": half a character, which a page's JSON may hold, cannot be written as UTF-8.
        (home / "meta.json").write_text(text, encoding="utf-8", errors="replace")
        number += 1
    return number


def _safe(site: str) -> str:
    """A site's name as a folder; one that a file of the user's own has may be anything."""
    return re.sub(r"[^0-9A-Za-z_-]", "-", site) or "-"


def meta(kept: Kept) -> dict[str, Any]:
    """All but the bytes: of a case, and `article`, what was recovered, or null. No cookies."""
    return {
        "url": kept.url,
        "status": kept.status,
        "headers": {name: value for name, value in kept.headers.items() if name.lower() != "set-cookie"},
        "fetched": kept.at.isoformat(),
        "kind": Kind.ARTICLE.value,
        "category": kept.article.category if kept.article is not None else "",
        "why": kept.reason,
        "reason": kept.reason,
        "site": kept.site,
        "article": None if kept.article is None else record(kept.article),
    }
