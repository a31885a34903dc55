"""What a page comes to, as JSON that a person reads: the whole item, without the fields that hold nothing."""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.cases import Case
from crawler.errors import BadField
from crawler.items import State
from crawler.path import process
from crawler.result import PageResult
from crawler.site import Site
from crawler.sites import load_site


def result_of(case: Case, site: Site | None = None) -> PageResult:
    """The case through the whole path, as a crawl would take it."""
    site = site or load_site(case.site)
    return process(site, case.page, url=site.canonical(case.page.url), kind=case.kind, category=case.category)


def outcome(result: PageResult) -> Any:
    """An article (object), the links of a listing (array), or {"error": ...} with what was recovered and its links."""
    links = [plain(link) for link in result.links]
    if result.state is State.QUARANTINED:
        recovered = {"recovered": plain(result.article)} if result.article else {}
        return {"error": result.reason, **recovered, **({"links": links} if links else {})}
    if result.state not in (State.STORED, State.PART, State.READ):
        return {"error": f"{result.state}: {result.reason}", **({"target": result.target} if result.target else {})}
    if result.article is None:
        return links
    return {**plain(result.article), **({"links": links} if links else {})}


def plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if getattr(value, field.name)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def expected(case: Case) -> Any:
    file = case.folder / "expected.json"
    if not file.is_file():
        raise BadField(f"{file}: run pytest --update, then read what it wrote")
    return json.loads(file.read_text(encoding="utf-8"))


def write_expected(folder: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")
