"""Listings: what each reading showed, in order; and whether a walk goes on to the next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from crawler.coverage import Verdict
from crawler.items import Kind, Link
from crawler.store.frontier import CHUNK, LISTINGS, SETTLED, Added, Record, Wanted, add, records
from crawler.store.records import Run
from crawler.store.schema import listed, polls, urls
from crawler.store.schema import walks as walk_rows
from crawler.store.walks import Walk

BARREN_MOST = 10  # pages in a row without an entry that is new to the walk: the listing repeats itself
KNOWN_DEEP = 5  # from this page on, one that holds nothing new ends the walk, whatever is proved
PAGES_MOST = 10_000  # of one walk: a listing that never ends is a trap

_LISTED = (
    select(listed.c.url_id, walk_rows.c.ended_at)
    .join(walk_rows, walk_rows.c.id == listed.c.walk_id)
    .where(listed.c.listing_id == bindparam("listing"), listed.c.url_id.in_(bindparam("keys", expanding=True)))
)
_LAST = select(polls.c.id, polls.c.entries, polls.c.same_as).where(polls.c.url_id == bindparam("row"))
_LAST = _LAST.order_by(polls.c.id.desc()).limit(1)
_POLL = select(polls.c.entries).where(polls.c.id == bindparam("poll"))
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


def record(db: Connection, run: Run, reading: Reading, ids: dict[str, int], now: datetime) -> Added:
    """Keep the order of entries and send the walk on, or not: the rows of its further pages."""
    before = _last_entries(db, reading.row.id)
    same = reading.same and before is not None
    entries = before.entries if before is not None and same else tuple(ids[url] for url in reading.entries)
    seen = _seen(db, reading.listing_id, entries)
    before_it = Walk(db, reading.walk_id)
    shown = set() if before_it.before_id is None else set(before_it.now)
    _keep_poll(db, run, reading, entries, before, now)
    if run.terms.alone:
        return Added({}, set())
    if unseen := [key for key in entries if key not in seen]:
        given = {"listing_id": reading.listing_id, "walk_id": reading.walk_id}
        db.execute(insert(listed), [{"url_id": key} | given for key in unseen])
    known = bool(entries) and not unseen and all(ended is not None for ended in seen.values())
    walk = Walk(db, reading.walk_id)
    if not _goes_on(walk, reading.row.number, known=known):
        return Added({}, set())
    fresh = bool(unseen) if walk.before_id is None else not set(entries) <= shown
    return _go_on(db, run, reading, fresh, now)


def _goes_on(walk: Walk, number: int, *, known: bool) -> bool:
    """A first walk goes to the end; a later one until it is proved, or until a page holds nothing but what is known.

    Such a page may be too short a proof: then a few more are read.
    """
    if walk.before_id is None or (walk.evidence.deeper and not (known and number >= KNOWN_DEEP)):
        return True
    return walk.evidence.verdict is not Verdict.PROVED and not known


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
    for start in range(0, len(entries), CHUNK):
        keys = list(entries[start : start + CHUNK])
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
    """Make the further pages wait: those that this walk has not read, and those that it read before an interruption,
    below something new. Pages of this run are not read twice."""
    row = reading.row
    barren = 0 if fresh else row.barren + 1
    if barren > BARREN_MOST or row.number + 1 >= PAGES_MOST:
        return Added({}, set())
    pages = reading.pages or (_pages_before(db, row) if reading.same else ())
    known = {page.url: page for page in records(db, (link.url for link in pages))}
    wanted = []
    for link in pages:
        page = known.get(link.url)
        if page is not None and page.id == reading.listing_id:
            continue
        settled = page is not None and page.state in SETTLED
        read_before = page is not None and settled and not run.is_of(page.settled_at)
        again = page is not None and read_before and (fresh or page.walk_id != reading.walk_id)
        if again or not settled:
            further = Wanted(
                link, row.category, row, again, number=row.number + 1, barren=barren,
                walk_id=reading.walk_id, listing_id=reading.listing_id,
            )  # fmt: skip
            wanted.append(further)
    return add(db, run, wanted, now)


def _pages_before(db: Connection, row: Record) -> tuple[Link, ...]:
    """Where the pager of this page led when it was last read in full."""
    return tuple(
        Link(url, Kind(row.kind), row.category, page=True) for url in db.execute(_FURTHER, {"row": row.id}).scalars()
    )
