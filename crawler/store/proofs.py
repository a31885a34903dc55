"""What is proved of each listing, by its walks; how fast it fills, and when it is to be read again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from sqlalchemy import Connection, bindparam, func, select

from crawler.coverage import Verdict, poll_interval
from crawler.items import Kind, State
from crawler.store.frontier import records
from crawler.store.records import Coverage, Gap
from crawler.store.schema import A_LISTING, urls, walks

RATE_PAGES = 3  # the rate is measured over as many entries as stand on three pages,
RATE_SPAN = timedelta(days=7)  # or over a week, where they take longer to come
RATE_WALKS = 200
UNMEASURED = timedelta(hours=1)  # between the first two polls of a listing, which tell its rate

_LISTINGS = (
    select(urls.c.id, urls.c.url, urls.c.kind, urls.c.category, urls.c.state, urls.c.reason)
    .where(urls.c.site == bindparam("site"), A_LISTING, urls.c.state != State.MOVED)
    .order_by(urls.c.category, urls.c.id)
)
_ENDED = select(walks).where(walks.c.listing_id == bindparam("listing"), walks.c.verdict.is_not(None))
_ENDED = _ENDED.order_by(walks.c.id.desc())
_LATEST = _ENDED.limit(RATE_WALKS)
_UNPROVED = _ENDED.where(walks.c.verdict != Verdict.PROVED).limit(1)
_GAP = _ENDED.where(walks.c.verdict == Verdict.GAP).limit(1)
_READ_AT = select(walks.c.read_at).where(walks.c.id == bindparam("walk"))
_EMPTY = select(func.max(walks.c.read_at)).where(
    walks.c.listing_id == bindparam("listing"), walks.c.verdict.is_(None), walks.c.ended_at.is_not(None)
)
_NUMBER = select(func.count()).where(walks.c.listing_id == bindparam("listing"), walks.c.verdict.is_not(None))

Bounds = tuple[timedelta, timedelta]
"""The shortest and the longest time between two polls of a listing."""


def coverage(db: Connection, site: str, bounds: Bounds) -> list[Coverage]:
    """By category, then in the order in which the listings were found."""
    return [_of_listing(db, row, bounds) for row in db.execute(_LISTINGS, {"site": site}).all()]


def _of_listing(db: Connection, row: Any, bounds: Bounds) -> Coverage:
    ended = db.execute(_LATEST, {"listing": row.id}).all()
    known: dict[str, Any] = {"id": row.id, "url": row.url, "kind": Kind(row.kind), "category": row.category}
    known["state"] = State(row.state)
    if not ended:
        return _unread(db, row, known, bounds)
    last, (new, hours) = ended[0], _measured(ended)
    interval = _clipped(UNMEASURED, bounds)
    if hours:
        # One more than was seen: that nothing came in a minute does not mean that nothing comes in an hour.
        interval = poll_interval(new_per_hour=(new + 1) / hours, page=last.page, shortest=bounds[0], longest=bounds[1])
    return Coverage(
        **known, verdict=Verdict(last.verdict), why=last.why, polled_at=last.read_at, gap=_gap(db, row.id),
        polls=db.execute(_NUMBER, {"listing": row.id}).scalar_one(), since=_since(db, last),
        page=last.page, new=last.new, overlap=last.overlap, interval=interval,
        new_per_hour=new / hours if hours else None,
    )  # fmt: skip


def _unread(db: Connection, row: Any, known: dict[str, Any], bounds: Bounds) -> Coverage:
    """One that showed no entries so far, or that could not be had."""
    read_at = db.execute(_EMPTY, {"listing": row.id}).scalar()
    why = "it showed no articles" if read_at is not None else row.reason or "never read to its end"
    return Coverage(**known, why=why, polled_at=read_at, interval=_clipped(UNMEASURED, bounds))


def _clipped(interval: timedelta, bounds: Bounds) -> timedelta:
    return min(bounds[1], max(bounds[0], interval))


def _since(db: Connection, last: Any) -> datetime | None:
    """The poll from which on every other one was proved."""
    if last.verdict != Verdict.PROVED:
        return None
    return cast(datetime, db.execute(_UNPROVED, {"listing": last.listing_id}).one().read_at)


def _gap(db: Connection, listing_id: int) -> Gap | None:
    """The last that was found."""
    found = db.execute(_GAP, {"listing": listing_id}).first()
    if found is None:
        return None
    names = {row.id: row.url for row in records(db, [found.newest_before, found.oldest_now], by_id=True)}
    return Gap(
        after=db.execute(_READ_AT, {"walk": found.before_id}).scalar_one(), until=found.read_at,
        newest_before=names[found.newest_before], oldest_now=names[found.oldest_now],
    )  # fmt: skip


def _measured(ended: Sequence[Any]) -> tuple[int, float]:
    """New entries of late, and the hours in which they came; 0 hours: there were no two polls yet."""
    new, start, last = 0, ended[0].read_at, ended[0].read_at
    for walk, before in pairwise(ended):
        new, start = new + walk.new, before.read_at
        if new >= RATE_PAGES * walk.page or last - start >= RATE_SPAN:
            break
    return new, (last - start) / timedelta(hours=1)
