"""Hosts: when each may be asked again, and what its robots.txt says. Kept, so that a restart cannot burst."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection, bindparam, select

from crawler.page import Page
from crawler.store import sqlite
from crawler.store.records import Robots
from crawler.store.schema import hosts

ROBOTS_AGE = timedelta(hours=24)
ROBOTS_RETRY = timedelta(hours=1)  # of one that could not be had
CRAWL_DELAY_MOST_S = 60.0
HOLD_MOST = timedelta(hours=24)  # no page may stop its host for longer
HOLD_DEFAULT = timedelta(seconds=5)  # 429 that does not say how long
SLOWER_MOST_S = 60.0

_ROBOTS = ("host", "robots_status", "robots_body", "robots_fetched_at", "robots_expires_at")
_ONE = select(*(hosts.c[name] for name in _ROBOTS)).where(hosts.c.host == bindparam("key"))
_DELAYS = select(hosts.c.host, hosts.c.crawl_delay_s).where(hosts.c.host.in_(bindparam("keys", expanding=True)))
_LATER = sqlite.insert(hosts)
_LATER = _LATER.on_conflict_do_update(
    index_elements=[hosts.c.host],
    set_={"next_at": _LATER.excluded.next_at},
    where=(hosts.c.next_at.is_(None)) | (hosts.c.next_at < _LATER.excluded.next_at),
)
_HELD = sqlite.insert(hosts)
_HELD = _HELD.on_conflict_do_update(
    index_elements=[hosts.c.host],
    set_={"hold_until": _HELD.excluded.hold_until, "hold_reason": _HELD.excluded.hold_reason},
    where=(hosts.c.hold_until.is_(None)) | (hosts.c.hold_until < _HELD.excluded.hold_until),
)
_READ = sqlite.insert(hosts)
_READ = _READ.on_conflict_do_update(
    index_elements=[hosts.c.host], set_={name: _READ.excluded[name] for name in _ROBOTS[1:]}
)
_DELAY = sqlite.insert(hosts)
_DELAY = _DELAY.on_conflict_do_update(
    index_elements=[hosts.c.host], set_={"crawl_delay_s": _DELAY.excluded.crawl_delay_s}
)


def hold(db: Connection, host: str, until: datetime, reason: str) -> None:
    db.execute(_HELD, {"host": host, "hold_until": until, "hold_reason": reason})


def slow(db: Connection, times: Mapping[str, datetime]) -> None:
    """Move host clocks on; one that is further on stays."""
    if times:
        db.execute(_LATER, [{"host": host, "next_at": at} for host, at in times.items()])


def crawl_delays(db: Connection, names: list[str]) -> dict[str, float | None]:
    return dict(db.execute(_DELAYS, {"keys": names}).all())


def set_crawl_delay(db: Connection, host: str, seconds: float | None) -> None:
    capped = None if seconds is None else min(max(seconds, 0.0), CRAWL_DELAY_MOST_S)
    db.execute(_DELAY, {"host": host, "crawl_delay_s": capped})


def robots(db: Connection, host: str) -> Robots | None:
    found = db.execute(_ONE, {"key": host}).first()
    if found is None or found.robots_fetched_at is None:
        return None
    return Robots(host, found.robots_status, found.robots_body, found.robots_fetched_at, found.robots_expires_at)


def put_robots(db: Connection, names: list[str], status: int, body: bytes, now: datetime) -> bool:
    """Keep what was answered (0: nothing); whether it says other than before."""
    age = ROBOTS_RETRY if status == 0 or status >= 500 else ROBOTS_AGE
    before = [robots(db, name) for name in names]
    db.execute(
        _READ,
        [
            {
                "host": name,
                "robots_status": status,
                "robots_body": body,
                "robots_fetched_at": now,
                "robots_expires_at": now + age,
            }
            for name in names
        ],
    )
    return any(old is not None and (old.status, old.body) != (status, body) for old in before)


def retry_after(page: Page, now: datetime) -> datetime | None:
    """Until when a 429 or 503 asks to be left alone; None where the page's own backoff will do."""
    if page.status not in (429, 503):
        return None
    value = page.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        asked = now + timedelta(seconds=min(int(value[:9]), HOLD_MOST.total_seconds()))
    else:
        date = _date(value)
        if date is None and page.status == 503:
            return None
        asked = date or now + HOLD_DEFAULT
    return min(max(asked, now), now + HOLD_MOST)


def _date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
