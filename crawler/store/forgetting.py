"""Taking an article down: every copy goes, and a tombstone stops it from coming back."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, or_, select, update

from crawler.store import articles, sqlite
from crawler.store.schema import articles as article_rows
from crawler.store.schema import responses, tombstones, urls


def addresses(db: Connection, id_or_url: str) -> dict[str, str]:
    """Every address at which the article, or the page, was had: URL -> site. Further pages included."""
    ids = _articles(db, id_or_url)
    mine = or_(urls.c.url == id_or_url, urls.c.article_id.in_(ids))
    rows = db.execute(select(urls.c.id, urls.c.url, urls.c.site).where(mine)).all()
    above = [row.id for row in rows]
    pages = select(urls.c.url, urls.c.site).where(urls.c.parent_id.in_(above), urls.c.kind == "part")
    return {row.url: row.site for row in (*rows, *db.execute(pages).all())}


def _articles(db: Connection, id_or_url: str) -> set[str]:
    named = select(article_rows.c.id).where(
        or_(article_rows.c.id == id_or_url, article_rows.c.url == id_or_url, article_rows.c.canonical_url == id_or_url)
    )
    at_row = select(urls.c.article_id).where(urls.c.url == id_or_url, urls.c.article_id.is_not(None))
    return {*db.execute(named).scalars(), *db.execute(at_row).scalars()}


def forget(db: Connection, id_or_url: str, *, reason: str, now: datetime) -> int:
    """Erase the article and all that is held of its addresses; the number of these. 0: nothing was known of it."""
    ids = _articles(db, id_or_url)
    held = addresses(db, id_or_url)
    rows = dict(db.execute(select(urls.c.id, urls.c.url).where(urls.c.url.in_(held))).all())
    articles.erase(db, ids, set(rows))
    _refuse(db, set(rows))
    keys = {*ids, *rows.values(), id_or_url}
    db.execute(delete(responses).where(responses.c.url.in_(keys)))
    bury = sqlite.insert(tombstones).on_conflict_do_nothing()
    db.execute(bury, [{"key": key, "reason": reason, "at": now} for key in sorted(keys)])
    return len(rows)


def _refuse(db: Connection, rows: set[int]) -> None:
    gone = {"state": "refused", "reason": "forgotten", "etag": None, "last_modified": None, "article_id": None}
    gone |= {"content_hash": None, "published": None, "not_before": None, "run_id": None}
    db.execute(update(urls).where(urls.c.id.in_(rows)).values(gone))


def wipe(db: Connection, path: Path) -> None:
    """Leave no trace in the file, its log and the copies made before migrations."""
    for copy in path.parent.glob(f"{path.name}.bak-*"):
        copy.unlink()
    sqlite.wipe_free_pages(db)
