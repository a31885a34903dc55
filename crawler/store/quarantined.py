"""Pages that are no articles: their bytes and what was recovered of them, apart from the articles."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from crawler.result import PageResult
from crawler.store import sqlite
from crawler.store.articles import pack, unpack, whole
from crawler.store.frontier import Record
from crawler.store.records import Quarantined, Run
from crawler.store.schema import quarantine, urls

_KEPT = sqlite.insert(quarantine)
_KEEP = _KEPT.on_conflict_do_update(
    index_elements=[quarantine.c.url_id],
    set_={name: _KEPT.excluded[name] for name in ("reason", "at", "run_id", "status", "headers", "article", "body")},
)
_RELEASE = delete(quarantine).where(quarantine.c.url_id.in_(bindparam("rows", expanding=True)))


def keep(db: Connection, run: Run, row: Record, result: PageResult, at: datetime) -> None:
    page, article = result.page, result.article
    headers = page.headers if page is not None else {}
    db.execute(
        _KEEP,
        {
            "url_id": row.id, "site": row.site, "reason": row.reason, "at": at, "run_id": run.id,
            "status": page.status if page is not None else 0,
            "headers": {whole(name): whole(value) for name, value in headers.items()},
            "article": pack(article) if article is not None else None,
            "body": page.body if page is not None else b"",
        },
    )  # fmt: skip


def release(db: Connection, rows: Iterable[int]) -> None:
    """These pages are articles now."""
    db.execute(_RELEASE, {"rows": list(rows)})


def of_site(db: Connection, site: str | None) -> Iterator[Quarantined]:
    """None: of all."""
    found = select(quarantine, urls.c.url).join(urls, urls.c.id == quarantine.c.url_id).order_by(quarantine.c.url_id)
    if site is not None:
        found = found.where(quarantine.c.site == site)
    for row in db.execution_options(yield_per=10).execute(found):
        yield Quarantined(
            url=row.url, site=row.site, reason=row.reason, at=row.at, status=row.status, headers=row.headers,
            article=unpack(row.article) if row.article else None, body=row.body,
        )  # fmt: skip
