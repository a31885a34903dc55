"""The index of the archive: which file holds what of a URL, and where in it.

Entries are written by `Store.settle`, in the transaction of their page. Here they are read, and moved when a file is
written again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Text, bindparam, delete, func, insert, null, or_, select, type_coerce, update

from crawler.items import Article, Kind, Link, State
from crawler.result import Saved
from crawler.store.schema import articles, responses, runs, urls

_COLUMNS = [responses.c[name] for name in ("url", "at", "type", "status", "file", "offset", "length", "digest")]
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


def like(db: Connection, url: str, digest: str | None) -> Saved | None:
    """The newest whole response of a URL: with this payload, or, for None, any that was found (200)."""
    found = db.execute(_NEWEST, {"of": url}) if digest is None else db.execute(_LIKE, {"of": url, "like": digest})
    row = found.first()
    return None if row is None else _saved(row)


def with_digest(db: Connection, digest: str) -> Saved | None:
    """The oldest whole response of any URL with this payload."""
    wanted = select(*_COLUMNS).where(responses.c.digest == digest, responses.c.type == "response")
    row = db.execute(wanted.order_by(responses.c.id).limit(1)).first()
    return None if row is None else _saved(row)


def of_url(db: Connection, url: str, *, run_id: int | None = None) -> list[Saved]:
    """Oldest first; only of one run, if it is named."""
    wanted = select(*_COLUMNS).where(responses.c.url == url).order_by(responses.c.id)
    if run_id is not None:
        wanted = wanted.where(responses.c.run_id == run_id)
    return [_saved(row) for row in db.execute(wanted)]


def of_file(db: Connection, file: str) -> list[Saved]:
    """In the order of the file."""
    wanted = select(*_COLUMNS).where(responses.c.file == file).order_by(responses.c.offset)
    return [_saved(row) for row in db.execute(wanted)]


def of_run(db: Connection, run_id: int) -> Iterator[Saved]:
    """In the order in which they were committed."""
    wanted = select(*_COLUMNS).where(responses.c.run_id == run_id).order_by(responses.c.id)
    for row in db.execute(wanted.execution_options(yield_per=1000)):
        yield _saved(row)


_FIRST_FILE = select(func.min(responses.c.file)).where(responses.c.file >= bindparam("of"))
_NEXT_FILE = select(func.min(responses.c.file)).where(responses.c.file > bindparam("of"))
_END = (
    select(responses.c.offset + responses.c.length)
    .where(responses.c.file == bindparam("of"))
    .order_by(responses.c.offset.desc())
    .limit(1)
)
_KNOWN = select(urls.c.id).where(urls.c.url == bindparam("of"))


def seeds(db: Connection, run_id: int) -> list[Link]:
    """Rows without a parent, and those that an earlier run had asked for too."""
    mine, earlier = responses.alias(), responses.alias()
    again = select(earlier.c.id).where(earlier.c.url_id == urls.c.id, earlier.c.run_id < run_id).exists()
    wanted = (
        select(urls.c.url, urls.c.kind, urls.c.category)
        .where(
            urls.c.kind != Kind.ROBOTS,
            select(mine.c.id).where(mine.c.url_id == urls.c.id, mine.c.run_id == run_id).exists(),
            or_(urls.c.parent_id.is_(None), again),
        )
        .order_by(urls.c.id)
    )
    return [Link(url=row.url, kind=Kind(row.kind), category=row.category) for row in db.execute(wanted)]


def known(db: Connection, addresses: Collection[str]) -> set[str]:
    """Those that have a row."""
    return {url for url in addresses if db.execute(_KNOWN, {"of": url}).first()}


def add(db: Connection, saved: Iterable[Saved]) -> None:
    """Records that no crawl of this database made."""
    iterator = iter(saved)
    while batch := list(islice(iterator, 1000)):
        db.execute(insert(responses), [asdict(one) for one in batch])


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run that left records."""

    id: int
    site: str
    command: str
    first_at: datetime  # of its records
    last_at: datetime


def saved_runs(db: Connection) -> list[SavedRun]:
    """Runs with records, oldest first."""
    wanted = (
        select(
            runs.c.id, runs.c.site, runs.c.command,
            func.min(responses.c.at).label("first_at"), func.max(responses.c.at).label("last_at"),
        )
        .join(responses, responses.c.run_id == runs.c.id)
        .group_by(runs.c.id)
        .order_by(runs.c.id)
    )  # fmt: skip
    return [SavedRun(**row._mapping) for row in db.execute(wanted)]


def ends(db: Connection, prefix: str = "") -> dict[str, int]:
    """Files whose name starts with `prefix` -> where the last record in them ends."""
    # From name to name by the index: grouping would read every entry, at the start of every run.
    found: dict[str, int] = {}
    file = db.execute(_FIRST_FILE, {"of": prefix}).scalar()
    while file is not None and file.startswith(prefix):
        found[file] = int(db.execute(_END, {"of": file}).scalar_one())
        file = db.execute(_NEXT_FILE, {"of": file}).scalar()
    return found


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


# for reading pages again


@dataclass(frozen=True, slots=True)
class Source:
    """The record that an article, or a page in quarantine, was read from."""

    url_id: int
    url: str
    kind: Kind
    site: str
    category: str
    type: str
    file: str
    offset: int
    length: int
    digest: str | None
    article_id: str | None  # None: in quarantine


# `articles.fetched_at` is ISO 8601 with a fraction only where there is one.
_AT = type_coerce(responses.c.at, Text)
_WITH_FRACTION = func.replace(articles.c.fetched_at, "+00:00", ".000000+00:00")
_SAME_TIME = or_(articles.c.fetched_at == _AT, _WITH_FRACTION == _AT)
_SOURCE = [
    urls.c.id.label("url_id"), urls.c.url, urls.c.kind, urls.c.site, urls.c.category,
    responses.c.type, responses.c.file, responses.c.offset, responses.c.length, responses.c.digest,
]  # fmt: skip


def sources(db: Connection, *, site: str | None = None, since: datetime | None = None) -> Iterator[Source]:
    """Of every article that is stored and archived, in the order of the files. `since`: by publication."""
    wanted = (
        select(*_SOURCE, articles.c.id.label("article_id"))
        .join(urls, urls.c.id == responses.c.url_id)
        .join(articles, articles.c.id == urls.c.article_id)
        .where(responses.c.type.in_(("response", "revisit")), _SAME_TIME, urls.c.kind != Kind.PART)
        .order_by(responses.c.file, responses.c.offset)
    )
    if site is not None:
        wanted = wanted.where(urls.c.site == site)
    if since is not None:
        wanted = wanted.where(or_(articles.c.published_utc.is_(None), articles.c.published_utc >= since))
    for row in db.execution_options(yield_per=1000).execute(wanted):
        yield _source(row)


def quarantined_sources(db: Connection, *, site: str | None = None) -> Iterator[Source]:
    """The same of the pages in quarantine."""
    others = responses.alias()
    newest = select(func.max(others.c.id)).where(others.c.url_id == urls.c.id, others.c.type == "response")
    wanted = (
        select(*_SOURCE, null().label("article_id"))
        .join(urls, urls.c.id == responses.c.url_id)
        .where(urls.c.state == State.QUARANTINED, responses.c.id == newest.scalar_subquery())
        .order_by(responses.c.file, responses.c.offset)
    )
    if site is not None:
        wanted = wanted.where(urls.c.site == site)
    for row in db.execution_options(yield_per=1000).execute(wanted):
        yield _source(row)


_PACKED = select(*(articles.c[field.name] for field in fields(Article))).where(articles.c.id == bindparam("of"))


def packed(db: Connection, article_id: str) -> dict[str, Any] | None:
    """An article as `articles.pack` makes it: to compare two there is no need of objects."""
    row = db.execute(_PACKED, {"of": article_id}).first()
    return None if row is None else row._asdict()


def comes_later(db: Connection, url: str, run_id: int) -> bool:
    """Whether a row waited when this run ended: it still waits, or a later run asked for it."""
    later = select(responses.c.id).where(responses.c.url == url, responses.c.run_id > run_id).limit(1)
    waiting = select(urls.c.id).where(urls.c.url == url, urls.c.state.in_((State.WAITING, State.LEASED)))
    return db.execute(later).first() is not None or db.execute(waiting).first() is not None


def newest_source(db: Connection, id_or_url: str) -> Source | None:
    """The newest whole record of an address, or of an article's."""
    wanted = (
        select(*_SOURCE, urls.c.article_id)
        .join(urls, urls.c.id == responses.c.url_id)
        .where(or_(urls.c.url == id_or_url, urls.c.article_id == id_or_url), responses.c.type == "response")
        .order_by(responses.c.id.desc())
        .limit(1)
    )
    row = db.execute(wanted).first()
    return None if row is None else _source(row)


def article_count(db: Connection, *, site: str | None = None, since: datetime | None = None) -> int:
    wanted = select(func.count()).select_from(articles)
    if site is not None:
        wanted = wanted.where(articles.c.site == site)
    if since is not None:
        wanted = wanted.where(or_(articles.c.published_utc.is_(None), articles.c.published_utc >= since))
    return int(db.execute(wanted).scalar_one())


def newest(db: Connection) -> int:
    """A number that grows with every record."""
    return int(db.execute(select(func.coalesce(func.max(responses.c.id), 0))).scalar_one())


def part_sources(db: Connection, first_id: int) -> list[Source]:
    """The newest record of each further page of an article, in their order; a page without one is left out."""
    others = responses.alias()
    newest = select(func.max(others.c.id)).where(
        others.c.url_id == urls.c.id, others.c.type == "response", others.c.status == 200
    )
    wanted = (
        select(*_SOURCE, null().label("article_id"))
        .join(urls, urls.c.id == responses.c.url_id)
        .where(urls.c.parent_id == first_id, urls.c.kind == Kind.PART, responses.c.id == newest.scalar_subquery())
        .order_by(urls.c.number, urls.c.id)
    )
    return [_source(row) for row in db.execute(wanted)]


def _source(row: Any) -> Source:
    values = dict(row._mapping)
    return Source(**values | {"kind": Kind(row.kind)})
