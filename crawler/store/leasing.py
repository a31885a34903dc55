"""Rows are handed out: host by host, at each host's pace, its robots.txt first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, select, text, update

from crawler.items import Kind, Link, State
from crawler.store import prepared, sqlite
from crawler.store.frontier import COLUMNS, PRIORITY, SETTLED, Record, Wanted, add, records
from crawler.store.hosts import CRAWL_DELAY_MOST_S, HOLD_MOST, ROBOTS_AGE, SLOWER_MOST_S
from crawler.store.records import Row, Run
from crawler.store.schema import DELAYED, READY, hosts, urls

PACE_MOST = timedelta(seconds=CRAWL_DELAY_MOST_S + SLOWER_MOST_S)

_HOSTS = """
WITH RECURSIVE ready(host) AS (
  SELECT min(host) FROM urls WHERE site = :site AND {where}
  UNION ALL
  SELECT (SELECT min(host) FROM urls WHERE site = :site AND {where} AND host > ready.host)
  FROM ready WHERE ready.host IS NOT NULL
)
SELECT ready.host, hosts.next_at, hosts.hold_until, hosts.crawl_delay_s, hosts.robots_status, hosts.robots_expires_at
FROM ready LEFT JOIN hosts ON hosts.host = ready.host WHERE ready.host IS NOT NULL
"""
_TIMES = {name: hosts.c[name].type for name in ("next_at", "hold_until", "robots_expires_at")}
_READY_HOSTS = text(_HOSTS.format(where=READY.text)).columns(**_TIMES)
_READY_HOSTS_OF = text(_HOSTS.format(where=f"{READY.text} AND category = :category")).columns(**_TIMES)
_CLOCKS = select(
    hosts.c.host,
    hosts.c.next_at,
    hosts.c.hold_until,
    hosts.c.crawl_delay_s,
    hosts.c.robots_status,
    hosts.c.robots_expires_at,
).where(hosts.c.host.in_(bindparam("keys", expanding=True)))

_HEAD = (
    select(*(urls.c[name] for name in COLUMNS))
    .where(urls.c.site == bindparam("site"), READY, urls.c.host == bindparam("host"))
    .order_by(urls.c.priority, urls.c.id)
    .limit(bindparam("most"))
)
_HEAD_OF = _HEAD.where(urls.c.category == bindparam("category"))
# Of no category, so wanted whatever categories are: robots.txt, and the listings that a run asks for.
_HEAD_OF_NONE = _HEAD.where(urls.c.category == "", urls.c.priority < PRIORITY[Kind.PART])
_DUE = update(urls).where(urls.c.site == bindparam("of"), DELAYED, urls.c.not_before <= bindparam("now"))
_DUE = _DUE.values(not_before=None)
_FIRST_DELAYED = select(urls.c.not_before).where(urls.c.site == bindparam("site"), DELAYED)
_FIRST_DELAYED = _FIRST_DELAYED.order_by(urls.c.not_before).limit(1)
_LEASE = update(urls).where(urls.c.id == bindparam("row")).values(state="leased", run_id=bindparam("run"))
_CLOCK = sqlite.insert(hosts)
_CLOCK = _CLOCK.on_conflict_do_update(index_elements=[hosts.c.host], set_={"next_at": _CLOCK.excluded.next_at})
_PARENTS = select(urls.c.id, urls.c.url).where(urls.c.id.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows a run may be handed."""

    run: Run
    only: Collection[int] | None  # row ids; None: all


@dataclass(frozen=True, slots=True)
class Clock:
    """When a host may be asked again, and whether its robots.txt is known."""

    host: str
    next_at: datetime | None = None
    hold_until: datetime | None = None
    crawl_delay_s: float | None = None
    robots_status: int | None = None
    robots_expires_at: datetime | None = None

    def ready_at(self, now: datetime) -> datetime:
        return max(now, _believed(self.next_at, now, PACE_MOST), _believed(self.hold_until, now, HOLD_MOST))

    def knows_robots(self, now: datetime) -> bool:
        return now < _believed(self.robots_expires_at, now, ROBOTS_AGE)

    @property
    def is_unreachable(self) -> bool:
        """RFC 9309: a robots.txt that cannot be had forbids everything."""
        return self.robots_status is not None and (self.robots_status == 0 or self.robots_status >= 500)

    def delay_s(self, run: Run) -> float:
        return max(run.terms.delay_s, self.crawl_delay_s or 0.0)


def _believed(at: datetime | None, now: datetime, most: timedelta) -> datetime:
    """A time further off than any pause lasts was written when the machine's clock was wrong: it is over."""
    return at if at is not None and at - now <= most else now


def lease(db: Connection, choice: Choice, *, now: datetime, limit: int, busy: Collection[str]) -> list[Row]:
    run = choice.run
    _end_backoffs(db, run, now)
    clocks = [clock for clock in _clocks(db, choice) if clock.ready_at(now) <= now and clock.host not in busy]
    clocks.sort(key=lambda clock: clock.next_at or run.started_at)  # each in its turn
    rows: list[Record] = []
    moved = []
    for clock in clocks:
        delay = clock.delay_s(run)
        most = min(limit - len(rows), 1 if delay else limit)
        taken = _of_host(db, choice, clock, most, now) if most > 0 else []
        rows += taken
        if taken and delay:
            moved.append({"host": clock.host, "next_at": now + timedelta(seconds=delay)})
    if moved:
        db.execute(_CLOCK, moved)
    return _take(db, run, rows)


def next_ready(db: Connection, choice: Choice, now: datetime) -> datetime | None:
    times = [at for clock in _clocks(db, choice) if (at := _host_ready_at(db, choice, clock, now)) is not None]
    delayed = _first_delayed(db, choice.run)
    if delayed is not None:
        times.append(max(now, delayed))
    return min(times, default=None)


def _end_backoffs(db: Connection, run: Run, now: datetime) -> None:
    first = _first_delayed(db, run)
    if first is not None and first <= now:
        db.execute(_DUE, {"of": run.site, "now": now})


def _first_delayed(db: Connection, run: Run) -> datetime | None:
    return db.execute(_FIRST_DELAYED, {"site": run.site}).scalar()


def _clocks(db: Connection, choice: Choice) -> list[Clock]:
    """Those of hosts with rows that wait without a backoff: one look into an index per host, however many rows."""
    site = choice.run.site
    if choice.only is not None:
        names = list({row.host for row in _ready(db, choice.only)})
        known = {row.host: Clock(*row) for row in db.execute(_CLOCKS, {"keys": names})}
        return [known.get(name) or Clock(name) for name in names]
    if choice.run.terms.categories is None:
        return [Clock(*row) for row in db.execute(_READY_HOSTS, {"site": site})]
    found: dict[str, Clock] = {}
    for category in {"", *choice.run.terms.categories}:
        for row in db.execute(_READY_HOSTS_OF, {"site": site, "category": category}):
            found.setdefault(row[0], Clock(*row))
    return list(found.values())


def _ready(db: Connection, only: Collection[int]) -> list[Record]:
    rows = (row for row in records(db, only, by_id=True) if _is_ready(row))
    return sorted(rows, key=lambda row: (row.priority, row.id))


def _heads(db: Connection, choice: Choice, host: str, most: int) -> list[Record]:
    """The first rows of one host."""
    if choice.only is not None:
        return [row for row in _ready(db, choice.only) if row.host == host][:most]
    given = {"site": choice.run.site, "host": host, "most": most}
    if choice.run.terms.categories is None:
        return [Record(*row) for row in db.execute(_HEAD, given)]
    found = [Record(*row) for row in db.execute(_HEAD_OF_NONE, given)]
    for category in choice.run.terms.categories - {""}:
        found += [Record(*row) for row in db.execute(_HEAD_OF, given | {"category": category})]
    return sorted(found, key=lambda row: (row.priority, row.id))[:most]


# robots.txt


def _of_host(db: Connection, choice: Choice, clock: Clock, most: int, now: datetime) -> list[Record]:
    """Rows of a host that is free: its robots.txt alone while that is not known."""
    rows = _heads(db, choice, clock.host, most)
    if not rows or rows[0].kind == Kind.ROBOTS:
        return rows[:1]
    if clock.knows_robots(now):
        return [] if clock.is_unreachable else rows
    robots = _robots_row(db, rows[0].url)
    if robots is None or robots.state in SETTLED:
        link = Link(_robots_url(rows[0].url), Kind.ROBOTS)
        add(db, choice.run, [Wanted(link, "", again=True)], now)
        robots = records(db, [link.url])[0]
    return [robots] if robots.host == clock.host and _is_ready(robots) else []


def _host_ready_at(db: Connection, choice: Choice, clock: Clock, now: datetime) -> datetime | None:
    """None: its rows wait for something that is in hand, or for a backoff that is counted elsewhere."""
    head = next(iter(_heads(db, choice, clock.host, 1)), None)
    at = clock.ready_at(now)
    if head is None:
        return None
    if head.kind == Kind.ROBOTS:
        return at
    if clock.knows_robots(now):
        return max(at, clock.robots_expires_at or at) if clock.is_unreachable else at
    robots = _robots_row(db, head.url)
    waits = robots is None or robots.state in SETTLED or (robots.host == clock.host and _is_ready(robots))
    return at if waits else None


def _is_ready(row: Record) -> bool:
    return row.state == State.WAITING and row.not_before is None


def _robots_row(db: Connection, url: str) -> Record | None:
    """The row of the host's robots.txt; where that moved, of the place it moved to."""
    row = next(iter(records(db, [_robots_url(url)])), None)
    seen = set()
    while row is not None and row.state == State.MOVED and row.target and row.url not in seen:
        seen.add(row.url)
        target = next(iter(records(db, [row.target])), None)
        if target is None or target.state in SETTLED:
            return target if target is not None and target.state == State.MOVED else row
        row = target
    return row


def _robots_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def _take(db: Connection, run: Run, rows: Sequence[Record]) -> list[Row]:
    """Mark them as handed out to this run."""
    if not rows:
        return []
    prepared.write(db, _LEASE, [{"row": row.id, "run": run.id} for row in rows])
    above = list({row.parent_id for row in rows if row.parent_id})
    parents = dict(db.execute(_PARENTS, {"keys": above}).all()) if above else {}
    return [
        Row(
            id=row.id, url=row.url, kind=Kind(row.kind), site=row.site, category=row.category, host=row.host,
            parent=parents.get(row.parent_id) if row.parent_id else None, attempts=row.attempts,
            etag=row.etag, last_modified=row.last_modified, page=row.listing_id is not None,
        )
        for row in rows
    ]  # fmt: skip
