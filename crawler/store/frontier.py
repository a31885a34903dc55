"""Rows of the frontier: made from links, once per URL, and entered into the ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, insert, select, update

from crawler.items import Kind, Link, State
from crawler.store import prepared, sqlite
from crawler.store.records import Run
from crawler.store.schema import ledger, tombstones, urls

RUN_TRIES = 3  # requests for one row in one run
ATTEMPTS = 10  # requests for one row in all runs, until one succeeds
MAX_HOPS = 10  # redirects in a chain
ROBOTS_HOPS = 5  # RFC 9309: redirects of a robots.txt; beyond, there is none
CHUNK = 500  # values in one IN list
TRAP = "a trap: listings that bring nothing"  # the reason of what is refused by traps.py

LISTINGS = (Kind.LISTING, Kind.FEED, Kind.SITEMAP)
SETTLED = frozenset(State) - {State.WAITING, State.LEASED}

# A pager comes after the articles of the page it stands on: a crawl with a limit reads no page that it does not need.
PRIORITY = {Kind.ROBOTS: 0, Kind.LISTING: 1, Kind.FEED: 1, Kind.SITEMAP: 1, Kind.PART: 2, Kind.ARTICLE: 3}
PAGER = 4


@dataclass(slots=True)
class Record:
    """A row of `urls`, column by column; docs/schema.md says what each is."""

    id: int
    url: str
    site: str
    kind: str
    category: str
    host: str
    state: str = State.WAITING
    reason: str = ""
    target: str | None = None
    parent_id: int | None = None
    listing_id: int | None = None
    walk_id: int | None = None
    number: int = 0
    barren: int = 0
    hops: int = 0
    priority: int = 3
    not_before: datetime | None = None
    run_id: int | None = None
    attempts: int = 0
    tries: int = 0
    lost: int = 0
    published: datetime | None = None
    scheduled_at: datetime | None = None
    settled_at: datetime | None = None
    settled_run_id: int | None = None
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    article_id: str | None = None
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0

    def wait(self, not_before: datetime | None = None) -> None:
        """Back to waiting; a row that was settled begins anew."""
        if self.state in SETTLED:
            self.tries = self.hops = 0
        self.state, self.reason, self.target, self.run_id, self.not_before = State.WAITING, "", None, None, not_before


COLUMNS = tuple(field.name for field in fields(Record))
_BY_URL = select(*(urls.c[name] for name in COLUMNS)).where(urls.c.url.in_(bindparam("keys", expanding=True)))
_BY_ID = select(*(urls.c[name] for name in COLUMNS)).where(urls.c.id.in_(bindparam("keys", expanding=True)))
_IDS = select(urls.c.url, urls.c.id).where(urls.c.url.in_(bindparam("keys", expanding=True)))
_WITHOUT_CATEGORY = (
    select(urls.c.id).where(urls.c.site == bindparam("site"), urls.c.category == "", urls.c.state == "waiting").limit(1)
)
_TOMBS = select(tombstones.c.key, tombstones.c.reason).where(tombstones.c.key.in_(bindparam("keys", expanding=True)))
_INSERT = insert(urls)
_SAVED = tuple(name for name in COLUMNS if name not in ("id", "url", "site", "scheduled_at"))
_SAVE = update(urls).where(urls.c.id == bindparam("row")).values({name: bindparam(f"new_{name}") for name in _SAVED})
_COUNTED = sqlite.insert(ledger)
_COUNT = _COUNTED.on_conflict_do_update(
    index_elements=[ledger.c.site, ledger.c.category],
    set_={"scheduled": ledger.c.scheduled + _COUNTED.excluded.scheduled},
)


def records(db: Connection, keys: Iterable[str | int], *, by_id: bool = False) -> list[Record]:
    """Those of these URLs (or ids) that have a row."""
    wanted = list(dict.fromkeys(keys))
    statement = _BY_ID if by_id else _BY_URL
    return [
        Record(*row)
        for start in range(0, len(wanted), CHUNK)
        for row in db.execute(statement, {"keys": wanted[start : start + CHUNK]})
    ]


def save(db: Connection, changed: Sequence[Record]) -> None:
    if changed:
        prepared.write(db, _SAVE, [_saved(row) for row in changed])


def _saved(row: Record) -> dict[str, Any]:
    return {"row": row.id} | {f"new_{name}": getattr(row, name) for name in _SAVED}


def forgotten(db: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Those of these URLs and article ids that must not be had again, with the reason."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), CHUNK):
        found.update(db.execute(_TOMBS, {"keys": wanted[start : start + CHUNK]}).all())
    return found


def count(db: Connection, site: str, added: Counter[str]) -> None:
    """Enter rows into the ledger: category -> how many came (or, moved elsewhere, went)."""
    entries = [{"site": site, "category": name, "scheduled": number} for name, number in added.items() if number]
    if entries:
        db.execute(_COUNT, entries)


def host_of(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A link, with what its page says of it."""

    link: Link
    category: str  # of the page, for a link without one
    parent: Record | None = None
    again: bool = False
    number: int = 0
    barren: int = 0
    walk_id: int | None = None
    listing_id: int | None = None
    hops: int = 0


@dataclass(slots=True)
class Added:
    """Rows of the links that were given, new or not."""

    ids: dict[str, int]  # by URL
    new: set[str]


def add(db: Connection, run: Run, wanted: Sequence[Wanted], now: datetime) -> Added:
    """Make rows of links, once per URL, and enter them into the ledger; bring back what is to be had again."""
    first: dict[str, Wanted] = {}
    for want in wanted:
        first.setdefault(want.link.url, want)
    ids = _ids(db, first)
    moved: Counter[str] = Counter()
    old = [key for url, key in ids.items() if not _changes_nothing(first[url], run)]
    if len(old) < len(ids) and _some_wait_without_category(db, run):
        old = list(ids.values())
    save(db, [row for row in records(db, old, by_id=True) if _meet(row, first[row.url], run, moved)])
    new = [want for url, want in first.items() if url not in ids]
    if new:
        dead = forgotten(db, (want.link.url for want in new))
        rows = [_new_row(want, run, now, dead.get(want.link.url)) for want in new]
        prepared.write(db, _INSERT, rows)
        moved.update(row["category"] for row in rows)
        ids |= _ids(db, (want.link.url for want in new))
    count(db, run.site, moved)
    return Added(ids, {want.link.url for want in new})


def _ids(db: Connection, addresses: Iterable[str]) -> dict[str, int]:
    """Of those that have a row. Only the index is read: most links of a page lead to what is known."""
    wanted = list(addresses)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        found.update(db.execute(_IDS, {"keys": wanted[start : start + CHUNK]}).all())
    return found


def _changes_nothing(want: Wanted, run: Run) -> bool:
    """Whether a row that is there stays as it is, whatever it is; but for a row without a category."""
    plain = want.link.kind is Kind.ARTICLE and not want.again and want.walk_id is None
    return plain and run.terms.since is None and run.terms.categories is None


def _some_wait_without_category(db: Connection, run: Run) -> bool:
    return db.execute(_WITHOUT_CATEGORY, {"site": run.site}).first() is not None


def _new_row(want: Wanted, run: Run, now: datetime, dead: str | None) -> dict[str, Any]:
    link = want.link
    row = Record(0, link.url, run.site, link.kind, link.category or want.category, host_of(link.url))
    row.priority = PAGER if link.page else PRIORITY[link.kind]
    row.parent_id = want.parent.id if want.parent else None
    row.number, row.barren, row.hops = want.number, want.barren, want.hops
    row.walk_id, row.listing_id = want.walk_id, want.listing_id
    row.published, row.scheduled_at = link.published, now
    if dead is not None:
        row.state, row.reason = State.REFUSED, "forgotten"
    elif want.hops > MAX_HOPS:
        row.state, row.reason = State.REFUSED, "too many redirects"
    elif too_old(run, link.published):
        row.state, row.reason = State.REFUSED, before(run.terms.since)
    return {name: getattr(row, name) for name in COLUMNS if name != "id"}


def too_old(run: Run, published: datetime | None) -> bool:
    return run.terms.since is not None and published is not None and published < run.terms.since


def before(since: datetime | None) -> str:
    """The reason of a row that is refused for its age."""
    return f"published before {since.isoformat() if since else ''}".removesuffix("T00:00:00+00:00")


def _meet(row: Record, want: Wanted, run: Run, moved: Counter[str]) -> bool:
    """A link leads to a row that is there: whether that changes the row."""
    if row.site != run.site or row.reason == "forgotten":
        return False
    changed = _move_category(row, want.link.category or want.category, run, moved)
    if want.link.kind is Kind.PART and want.parent is not None:
        return _make_part(row, want) or changed
    if (want.again or _is_due(row, want, run)) and _again(row):
        row.hops, changed = want.hops, True
    if row.state == State.WAITING and row.kind == Kind.ARTICLE and too_old(run, want.link.published):
        row.state, row.reason, row.published = State.REFUSED, before(run.terms.since), want.link.published
        changed = True
    if want.walk_id is not None and row.walk_id != want.walk_id:
        row.walk_id, row.listing_id, row.number = want.walk_id, want.listing_id, want.number
        changed = True
    return changed


def _is_due(row: Record, want: Wanted, run: Run) -> bool:
    """Listings are read once in every run that comes upon them; further pages of them by the rules of a walk."""
    return (
        row.kind in LISTINGS
        and row.listing_id is None
        and not want.link.page
        and not run.is_of(row.settled_at)
        and not (row.reason == TRAP and want.parent is not None and want.parent.barren)
        and (run.terms.listings is None or row.url in run.terms.listings)
        and (run.terms.categories is None or not row.category or row.category in run.terms.categories)
    )


def _again(row: Record) -> bool:
    if row.state in SETTLED or (row.state == State.WAITING and row.not_before is not None):
        row.wait()
        return True
    return False


def _make_part(row: Record, want: Wanted) -> bool:
    """The row holds a further page of the article of `want.parent`."""
    parent = want.parent
    if parent is None or row.id == parent.id or row.state == State.LEASED:
        return False
    row.kind, row.priority, row.parent_id, row.number = Kind.PART, PRIORITY[Kind.PART], parent.id, want.number
    if want.again:
        _again(row)
        row.etag = row.last_modified = None  # the whole is joined from all of them, so each must come in full
    return True


def _move_category(row: Record, category: str, run: Run, moved: Counter[str]) -> bool:
    """A row that waits goes to the category whose listing shows it, where its own is none or not asked for."""
    idle = row.state == State.WAITING and row.kind == Kind.ARTICLE and category not in ("", row.category)
    wanted = (
        run.terms.categories is not None
        and category in run.terms.categories
        and row.category not in run.terms.categories
    )
    if not idle or not (wanted or not row.category):
        return False
    moved[row.category] -= 1
    moved[category] += 1
    row.category = category
    return True
