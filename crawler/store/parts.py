"""Articles of several pages: kept page by page, stored whole by the transaction of the last one."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, select

from crawler.items import Article, Kind, State
from crawler.store import sqlite
from crawler.store.articles import pack, unpack
from crawler.store.frontier import Record
from crawler.store.records import Join
from crawler.store.schema import parts, urls

_PUT = sqlite.insert(parts)
_PUT = _PUT.on_conflict_do_update(
    index_elements=[parts.c.url_id],
    set_={"article": _PUT.excluded.article, "conduct": _PUT.excluded.conduct, "parent_id": _PUT.excluded.parent_id},
)
_PAGES = (
    select(urls.c.id, urls.c.state, urls.c.number, parts.c.article)
    .outerjoin(parts, parts.c.url_id == urls.c.id)
    .where(urls.c.parent_id == bindparam("first"), urls.c.kind == Kind.PART, urls.c.state != State.MOVED)
    .order_by(urls.c.number, urls.c.id)
)
_FIRST = select(parts.c.article, parts.c.conduct).where(parts.c.url_id == bindparam("first"))


def keep(db: Connection, row: Record, parent_id: int, article: Article, conduct: Mapping[str, str]) -> None:
    given = {"article": pack(article), "conduct": dict(conduct), "parent_id": parent_id}
    db.execute(_PUT, {"url_id": row.id} | given)


def joined(db: Connection, first_id: int, join: Join) -> tuple[Article, Mapping[str, str]] | None:
    """The whole article with the conduct of its first page; None while a page is still to come.

    The pages stay while one is missing, for a later run may get it. Raises CrawlerError as `join` does.
    """
    first = db.execute(_FIRST, {"first": first_id}).first()
    pages = list(db.execute(_PAGES, {"first": first_id}))
    if first is None or any(page.state in (State.WAITING, State.LEASED) for page in pages):
        return None
    further = [unpack(page.article) if page.article and page.state == State.PART else None for page in pages]
    whole = join(unpack(first.article), further)
    if None not in further:
        drop(db, first_id)
    return whole, first.conduct


def drop(db: Connection, first_id: int) -> None:
    """Forget the pages of an earlier fetch."""
    db.execute(delete(parts).where(parts.c.parent_id == first_id))
