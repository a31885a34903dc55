"""Listings: what each reading showed, in order; and walks through their pages, which end where all is known."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from crawler.items import Kind, Link, State
from crawler.store.frontier import ATTEMPTS, LISTINGS, SETTLED, Added, Record, Wanted, add, records
from crawler.store.records import Listing, Poll, Run
from crawler.store.schema import listed, polls, urls, walks

BARREN_MOST = 10  # pages in a row without an entry that is new to the walk: the listing repeats itself

_OPEN = select(walks.c.id).where(walks.c.listing_id == bindparam("listing"), walks.c.ended_at.is_(None))
_LISTED = (
    select(listed.c.url_id, walks.c.ended_at)
    .join(walks, walks.c.id == listed.c.walk_id)
    .where(listed.c.listing_id == bindparam("listing"), listed.c.url_id.in_(bindparam("keys", expanding=True)))
)
_LAST = select(polls.c.id, polls.c.entries, polls.c.same_as).where(polls.c.url_id == bindparam("row"))
_LAST = _LAST.order_by(polls.c.id.desc()).limit(1)
_POLL = select(polls.c.entries).where(polls.c.id == bindparam("poll"))
_PENDING = select(urls.c.id).where(urls.c.walk_id == bindparam("walk"), urls.c.state == bindparam("state")).limit(1)
_FURTHER = select(urls.c.url).where(urls.c.parent_id == bindparam("row"), urls.c.kind.in_(LISTINGS))
_FURTHER = _FURTHER.where(urls.c.listing_id.is_not(None))


@dataclass(frozen=True, slots=True)
class Reading:
    """One page of a listing, as it was just read."""

    row: Record
    listing_id: int
    walk_id: int
    entries: tuple[str, ...]  # URLs of articles, in page order, each once
    pages: tuple[Link, ...]  # its pager's links
    same: bool  # the server said that nothing changed (304)


def walk_of(db: Connection, run: Run, row: Record, now: datetime) -> int:
    """The walk that this page belongs to: the one that was interrupted, or a new one."""
    listing = row.listing_id or row.id
    found = db.execute(_OPEN, {"listing": listing}).scalar()
    if found is not None:
        return int(found)
    key = db.execute(insert(walks).values(listing_id=listing, run_id=run.id, started_at=now)).inserted_primary_key
    return int(key[0]) if key else 0


def record(db: Connection, run: Run, reading: Reading, ids: dict[str, int], now: datetime) -> Added:
    """Keep the order of entries, send the walk on or end it; the rows of its further pages."""
    row = reading.row
    before = _last_entries(db, row.id)
    same = reading.same and before is not None
    entries = before.entries if before is not None and same else tuple(ids[url] for url in reading.entries)
    seen = _seen(db, reading.listing_id, entries)
    fresh = [key for key in entries if key not in seen]
    overlaps = bool(entries) and not fresh and all(ended is not None for ended in seen.values())
    _keep_poll(db, run, reading, entries, before, now)
    if fresh:
        given = {"listing_id": reading.listing_id, "walk_id": reading.walk_id}
        db.execute(insert(listed), [{"url_id": key} | given for key in fresh])
    further = Added({}, set()) if overlaps else _go_on(db, run, reading, bool(fresh), now)
    _end_walk(db, reading.walk_id, "met what was known" if overlaps else "last page", now)
    return further


@dataclass(frozen=True, slots=True)
class _Last:
    poll_id: int
    entries: tuple[int, ...]


def _last_entries(db: Connection, row_id: int) -> _Last | None:
    found = db.execute(_LAST, {"row": row_id}).first()
    if found is None:
        return None
    if found.same_as is None:
        return _Last(found.id, tuple(found.entries))
    return _Last(found.same_as, tuple(db.execute(_POLL, {"poll": found.same_as}).scalar_one()))


def _seen(db: Connection, listing_id: int, entries: Sequence[int]) -> dict[int, datetime | None]:
    """Entries that this listing showed before, with the end of the walk that saw each first; None: still going on."""
    found: dict[int, datetime | None] = {}
    for start in range(0, len(entries), 500):
        keys = list(entries[start : start + 500])
        found.update(db.execute(_LISTED, {"listing": listing_id, "keys": keys}).all())
    return found


def _keep_poll(
    db: Connection, run: Run, reading: Reading, entries: tuple[int, ...], before: _Last | None, now: datetime
) -> None:
    same_as = before.poll_id if before is not None and before.entries == entries else None
    db.execute(
        insert(polls).values(
            listing_id=reading.listing_id, url_id=reading.row.id, number=reading.row.number, walk_id=reading.walk_id,
            run_id=run.id, at=now, entries=None if same_as else list(entries), same_as=same_as,
        )
    )  # fmt: skip


def _go_on(db: Connection, run: Run, reading: Reading, fresh: bool, now: datetime) -> Added:
    """Make the further pages wait: those never read, and, below something new, those read in an earlier run."""
    row = reading.row
    barren = 0 if fresh else row.barren + 1
    if barren > BARREN_MOST:
        return Added({}, set())
    pages = reading.pages or (_pages_before(db, row) if reading.same else ())
    known = {page.url: page for page in records(db, (link.url for link in pages))}
    wanted = []
    for link in pages:
        page = known.get(link.url)
        if page is not None and page.id == reading.listing_id:
            continue
        again = page is not None and fresh and page.state in SETTLED and not run.is_of(page.settled_at)
        further = Wanted(
            link, row.category, row, again, number=row.number + 1, barren=barren,
            walk_id=reading.walk_id, listing_id=reading.listing_id,
        )  # fmt: skip
        if page is None or again or page.state not in SETTLED:
            wanted.append(further)
    return add(db, run, wanted, now)


def _pages_before(db: Connection, row: Record) -> tuple[Link, ...]:
    """Where the pager of this page led when it was last read in full."""
    return tuple(
        Link(url, Kind(row.kind), row.category, page=True) for url in db.execute(_FURTHER, {"row": row.id}).scalars()
    )


def end_walks(db: Connection, walk_ids: set[int], now: datetime) -> None:
    """Of pages that were settled without being read: gone, refused, failed."""
    for walk in walk_ids:
        _end_walk(db, walk, "a page could not be had", now)


def _end_walk(db: Connection, walk_id: int, reason: str, now: datetime) -> None:
    if any(db.execute(_PENDING, {"walk": walk_id, "state": state}).first() for state in (State.WAITING, State.LEASED)):
        return
    failed = select(urls.c.id).where(
        urls.c.walk_id == walk_id, urls.c.state == State.FAILED, urls.c.attempts < ATTEMPTS
    )
    if db.execute(failed.limit(1)).first() is None:
        db.execute(
            update(walks).where(walks.c.id == walk_id, walks.c.ended_at.is_(None)).values(ended_at=now, reason=reason)
        )


# reading


def listings(db: Connection, site: str) -> list[Listing]:
    number = func.count(polls.c.id)
    found = (
        select(urls.c.id, urls.c.url, urls.c.kind, urls.c.category, number, func.min(polls.c.at), func.max(polls.c.at))
        .join(polls, polls.c.url_id == urls.c.id)
        .where(urls.c.site == site, urls.c.listing_id.is_(None))
        .group_by(urls.c.id)
        .order_by(urls.c.category, urls.c.id)
    )
    ended = select(walks.c.listing_id, func.max(walks.c.ended_at)).group_by(walks.c.listing_id)
    last: dict[int, datetime | None] = dict(db.execute(ended).all())
    return [
        Listing(key, url, Kind(kind), category, polled, first, latest, last.get(key))
        for key, url, kind, category, polled, first, latest in db.execute(found)
    ]


def read_polls(db: Connection, listing_id: int, since: datetime | None) -> list[Poll]:
    """The pages that a run read without a gap from the first one on are one poll."""
    found = select(polls, walks.c.ended_at).join(walks, walks.c.id == polls.c.walk_id)
    found = found.where(polls.c.listing_id == listing_id).order_by(polls.c.id)
    whole: dict[int, list[int]] = {}
    readings: dict[tuple[int, int], list[Any]] = defaultdict(list)
    start = 0
    for row in db.execute(found):
        if row.entries is not None:
            whole[row.id] = row.entries
        if row.number == 0:
            start = row.id
        if since is None or row.at >= since:
            readings[row.run_id, start].append(row)
    return [poll for rows in readings.values() if (poll := _poll(rows, whole)) is not None]


def _poll(rows: Sequence[Any], whole: dict[int, list[int]]) -> Poll | None:
    pages = {row.number: row for row in reversed(rows)}
    if 0 not in pages:
        return None
    entries: dict[int, None] = {}
    for number in range(len(pages)):
        if number not in pages:
            break
        entries.update(dict.fromkeys(whole[pages[number].same_as or pages[number].id]))
    first = pages[0]
    return Poll(
        at=first.at, run_id=first.run_id, walk_id=first.walk_id, entries=tuple(entries),
        page=len(whole[first.same_as or first.id]), ended=first.ended_at is not None,
    )  # fmt: skip
