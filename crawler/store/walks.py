"""Walks through the pages of a listing: the order of entries that each showed, and what two of them prove."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from crawler import coverage
from crawler.coverage import Evidence, Habits, Verdict
from crawler.items import State
from crawler.store.frontier import ATTEMPTS, Record
from crawler.store.records import Run
from crawler.store.schema import polls, urls, walks

EARLIER_MOST = 20  # walks that are looked through for what stands further down

_OPEN = select(walks.c.id).where(walks.c.listing_id == bindparam("listing"), walks.c.ended_at.is_(None))
_WALK = select(walks).where(walks.c.id == bindparam("walk"))
_LAST = select(walks).where(walks.c.listing_id == bindparam("listing"), walks.c.verdict.is_not(None))
_LAST = _LAST.order_by(walks.c.id.desc()).limit(1)
_EARLIER = select(walks.c.id).where(
    walks.c.listing_id == bindparam("listing"), walks.c.verdict.is_not(None), walks.c.id < bindparam("walk")
).order_by(walks.c.id.desc()).limit(EARLIER_MOST)  # fmt: skip
_POLLS = select(polls.c.number, polls.c.entries, polls.c.same_as).where(polls.c.walk_id == bindparam("walk"))
_POLLS = _POLLS.order_by(polls.c.id)
_ENTRIES = select(polls.c.id, polls.c.entries).where(polls.c.id.in_(bindparam("keys", expanding=True)))
_PENDING = select(urls.c.id).where(urls.c.walk_id == bindparam("walk"), urls.c.state == bindparam("state")).limit(1)
_FAILED = select(urls.c.id).where(
    urls.c.walk_id == bindparam("walk"), urls.c.state == State.FAILED, urls.c.attempts < ATTEMPTS
).limit(1)  # fmt: skip


def walk_of(db: Connection, run: Run, row: Record, now: datetime) -> int:
    """The walk that this page belongs to: the one that was interrupted, or a new one. A run alone walks for itself."""
    listing = row.listing_id or row.id
    found = None if run.terms.alone else db.execute(_OPEN, {"listing": listing}).scalar()
    if found is None:
        values = {"listing_id": listing, "run_id": run.id, "started_at": now, "read_at": now}
        key = db.execute(insert(walks).values(values)).inserted_primary_key
        return int(key[0]) if key else 0
    if row.id == listing:
        db.execute(update(walks).where(walks.c.id == found).values(read_at=now))
    return int(found)


@dataclass(frozen=True)
class Walk:
    """One walk, beside the last one before it that ended."""

    db: Connection
    id: int

    @cached_property
    def listing_id(self) -> int:
        return int(self.db.execute(_WALK, {"walk": self.id}).one().listing_id)

    @cached_property
    def _last(self) -> Any:
        return self.db.execute(_LAST, {"listing": self.listing_id}).first()

    @property
    def before_id(self) -> int | None:
        """The last walk that ended and read something. None: this is the first."""
        return None if self._last is None else int(self._last.id)

    @cached_property
    def before(self) -> list[int]:
        return [] if self.before_id is None else _order(_pages(self.db, self.before_id))

    @cached_property
    def long_before(self) -> list[int]:
        """The same, and below it what walks before that one showed further down."""
        order = list(self.before)
        for walk in self.db.execute(_EARLIER, {"listing": self.listing_id, "walk": self.before_id or 0}).scalars():
            older = _order(_pages(self.db, walk))
            if order and order[-1] in older:
                there = set(order)
                order += [key for key in older[older.index(order[-1]) :] if key not in there]
        return order

    @cached_property
    def pages(self) -> list["_Page"]:
        """As they were read, in the order of time."""
        return _pages(self.db, self.id)

    @cached_property
    def now(self) -> list[int]:
        return _order(self.pages)

    @property
    def habits(self) -> Habits:
        return Habits() if self._last is None else Habits(self._last.calm, self._last.broken, self._last.late)

    @cached_property
    def page(self) -> int:
        """How many entries the first page shows."""
        return next((len(page.entries) for page in reversed(self.pages) if page.number == 0), len(self.now))

    @cached_property
    def evidence(self) -> Evidence:
        evidence = self._compared(self.before)
        # This walk may have come to where the last one ended, which found what it knew further up.
        return self._compared(self.long_before) if evidence.deeper else evidence

    def _compared(self, before: Sequence[int]) -> Evidence:
        return coverage.compare(_keys(before), _keys(self.now), page=self.page, habits=self.habits)

    def ended_by_loss(self) -> Evidence:
        """A page is missing. What was read at two times may not hang together then."""
        taken_up = sum(page.number == 0 for page in self.pages) > 1
        if self.evidence.verdict is Verdict.PROVED and taken_up:
            return replace(self.evidence, verdict=Verdict.UNKNOWN, reason="a page could not be had")
        return self.evidence


def end(db: Connection, run: Run, walk_id: int, now: datetime, *, lost: bool) -> None:
    """End the walk, unless pages of it are still to be had, with what it proves. `lost`: a page could not be had.

    A page that somebody asked for by itself is no poll: it says nothing of what came before it.
    """
    values: dict[str, object] = {"ended_at": now, "reason": "fetched alone"}
    if not run.terms.alone:
        pending = (db.execute(_PENDING, {"walk": walk_id, "state": state}) for state in (State.WAITING, State.LEASED))
        if any(found.first() for found in pending) or db.execute(_FAILED, {"walk": walk_id}).first():
            return
        walk = Walk(db, walk_id)
        values["reason"] = "a page could not be had" if lost else "all that follows is known"
        if walk.now:
            values |= _proved(walk, walk.ended_by_loss() if lost else walk.evidence)
    db.execute(update(walks).where(walks.c.id == walk_id, walks.c.ended_at.is_(None)).values(values))


def _proved(walk: Walk, evidence: Evidence) -> dict[str, object]:
    habits = walk.habits if walk.before_id is None else coverage.learned(walk.habits, evidence)
    gap = evidence.verdict is Verdict.GAP
    return {
        "before_id": walk.before_id, "verdict": evidence.verdict.value, "why": evidence.reason,
        "page": walk.page, "entries": len(walk.now),
        "new": evidence.new, "overlap": evidence.overlap,
        "newest_before": walk.before[0] if gap else None, "oldest_now": walk.now[-1] if gap else None,
        "calm": habits.calm, "broken": habits.broken, "late": habits.late,
    }  # fmt: skip


def _keys(entries: Sequence[int]) -> list[str]:
    return [str(entry) for entry in entries]


# the order of entries


@dataclass(frozen=True, slots=True)
class _Page:
    number: int  # 0: the listing itself
    entries: Sequence[int]


def _pages(db: Connection, walk_id: int) -> list[_Page]:
    found = db.execute(_POLLS, {"walk": walk_id}).all()
    same = sorted({row.same_as for row in found if row.same_as is not None})
    whole = dict(db.execute(_ENTRIES, {"keys": same}).all()) if same else {}
    return [_Page(row.number, row.entries if row.same_as is None else whole[row.same_as]) for row in found]


@dataclass(slots=True)
class _Reading:
    """The entries of a walk as its pages come in: what was read since it began, and what before an interruption.

    A walk that is taken up reads the first page anew, and further ones as long as they bring news: that stands above
    what was read before. The two hang together once a page is read that holds nothing new.
    """

    top: dict[int, None] = field(default_factory=dict)
    below: dict[int, None] = field(default_factory=dict)
    last: int = -1  # number of the last page of `top`
    hangs_together: bool = True

    def add(self, page: "_Page") -> None:
        if page.number == 0:
            self.below = {**self.top, **self.below} if self.hangs_together else self.below
            self.top, self.last = {}, -1
        if page.number == self.last + 1:
            self.hangs_together = not self.below or {*self.top, *self.below}.issuperset(page.entries)
            self.top.update(dict.fromkeys(page.entries))
            self.last = page.number
        else:
            self.below.update(dict.fromkeys(page.entries))

    def entries(self) -> list[int]:
        """From the top down, each once, without a hole."""
        return list({**self.top, **self.below} if self.hangs_together else self.top)


def _order(pages: Iterable[_Page]) -> list[int]:
    reading = _Reading()
    for page in pages:
        reading.add(page)
    return reading.entries()
