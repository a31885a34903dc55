"""The index of the archive: which file holds what of a URL, and where in it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from crawler.result import Saved
from crawler.store.schema import responses

_COLUMNS = [responses.c[name] for name in ("url", "at", "type", "status", "file", "offset", "length", "digest")]
_ADD = insert(responses)
_LIKE = (
    select(*_COLUMNS)
    .where(responses.c.url == bindparam("of"), responses.c.type == "response", responses.c.digest == bindparam("like"))
    .order_by(responses.c.id.desc())
    .limit(1)
)
_NEWEST = (
    select(*_COLUMNS)
    .where(responses.c.url == bindparam("of"), responses.c.type == "response", responses.c.status == 200)
    .order_by(responses.c.id.desc())
    .limit(1)
)


def add(db: Connection, run_id: int, saved: Iterable[tuple[int | None, Saved]]) -> None:
    """Index records, each with the id of its row in `urls`."""
    values = [
        {
            "url_id": url_id, "run_id": run_id, "url": one.url, "at": one.at, "type": one.type, "status": one.status,
            "file": one.file, "offset": one.offset, "length": one.length, "digest": one.digest,
        }
        for url_id, one in saved
    ]  # fmt: skip
    if values:
        db.execute(_ADD, values)


def like(db: Connection, url: str, digest: str | None) -> Saved | None:
    """The newest whole response of a URL: with this payload, or, for None, any that was found (200)."""
    found = db.execute(_NEWEST, {"of": url}) if digest is None else db.execute(_LIKE, {"of": url, "like": digest})
    row = found.first()
    return None if row is None else _saved(row)


def of_url(db: Connection, url: str) -> list[Saved]:
    """Oldest first."""
    return [_saved(row) for row in db.execute(select(*_COLUMNS).where(responses.c.url == url).order_by(responses.c.id))]


def of_file(db: Connection, file: str) -> list[Saved]:
    """In the order of the file."""
    wanted = select(*_COLUMNS).where(responses.c.file == file).order_by(responses.c.offset)
    return [_saved(row) for row in db.execute(wanted)]


def of_run(db: Connection, run_id: int) -> Iterator[Saved]:
    """In the order in which they were committed."""
    wanted = select(*_COLUMNS).where(responses.c.run_id == run_id).order_by(responses.c.id)
    for row in db.execute(wanted.execution_options(yield_per=1000)):
        yield _saved(row)


def run_ids(db: Connection) -> list[int]:
    """Runs with records, oldest first."""
    wanted = select(responses.c.run_id).where(responses.c.run_id.is_not(None)).distinct().order_by(responses.c.run_id)
    return list(db.execute(wanted).scalars())


def ends(db: Connection, prefix: str = "") -> dict[str, int]:
    """Files whose name starts with `prefix` -> where the last record in them ends."""
    end = func.max(responses.c.offset + responses.c.length)
    wanted = select(responses.c.file, end).where(responses.c.file.startswith(prefix, autoescape=True))
    return {file: int(at) for file, at in db.execute(wanted.group_by(responses.c.file))}


def drop(db: Connection, file: str, *, beyond: int = 0) -> int:
    """Forget the records of a file that end after `beyond`; how many."""
    gone = delete(responses).where(responses.c.file == file, responses.c.offset + responses.c.length > beyond)
    return int(db.execute(gone).rowcount)


def move(db: Connection, file: str, to: str, places: Mapping[int, int]) -> None:
    """A file was written again as `to`: old offset -> new offset. What has no new place is forgotten."""
    moved = (
        update(responses)
        .where(responses.c.file == file, responses.c.offset == bindparam("was"))
        .values(file=to, offset=bindparam("now"))
    )
    if places:
        db.execute(moved, [{"was": was, "now": now} for was, now in places.items()])
    drop(db, file)


def _saved(row: Row[Any]) -> Saved:
    return Saved(**row._mapping)
