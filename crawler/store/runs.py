"""Runs: who crawls a site now, and what each run did."""

import os
import socket
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from crawler.errors import StoreUnusable
from crawler.store.records import Run, RunRecord
from crawler.store.schema import articles, run_groups, runs, urls

HEARTBEAT_S = 60.0  # a run that was silent for longer is dead

# Optional fields of an article whose absence, where they used to be, means that a site has changed.
WATCHED = (
    "subtitle", "digest", "authors", "editors", "source", "source_url", "share_url", "original_title", "published_at",
    "modified_at", "language", "tags", "images", "category_name", "upstream_id",
)  # fmt: skip

_ALIVE = select(runs.c.ended_at, runs.c.reason).where(runs.c.id == bindparam("run"))
_BEAT = (
    update(runs).where(runs.c.id == bindparam("run"), runs.c.ended_at.is_(None)).values(heartbeat_at=bindparam("now"))
)


def holder_name() -> str:
    """This process, as a run names its holder: "host:pid"."""
    return f"{socket.gethostname()}:{os.getpid()}"


def begin(
    db: Connection,
    site: str,
    *,
    command: str,
    now: datetime,
    holder: str,
    delay_s: float,
    since: datetime | None,
    categories: Collection[str] | None,
) -> tuple[Run, int]:
    """The run, and how many dead ones it buries. Raises StoreUnusable naming the holder of a live one."""  # fmt: skip
    live = select(runs.c.id, runs.c.holder, runs.c.heartbeat_at, runs.c.started_at)
    dead = []
    for run_id, other, heartbeat, started in db.execute(live.where(runs.c.site == site, runs.c.ended_at.is_(None))):
        if _lives(other, heartbeat, now):
            raise StoreUnusable(f"{site} is being crawled by {other} since {started:%Y-%m-%d %H:%M:%S} UTC")
        dead.append(run_id)
    if dead:
        buried = update(runs).where(runs.c.id.in_(dead))
        db.execute(buried.values(ended_at=runs.c.heartbeat_at, reason=f"died; found by {holder}"))
    given = {"site": site, "command": command, "holder": holder, "started_at": now, "heartbeat_at": now}
    key = db.execute(insert(runs).values(given)).inserted_primary_key
    wanted = None if categories is None else frozenset(categories)
    return Run(int(key[0]) if key else 0, site, holder, command, now, delay_s, since, wanted), len(dead)


def _lives(holder: str, heartbeat: datetime, now: datetime) -> bool:
    """By its heartbeat; a process of this machine that is gone is dead at once."""
    if abs((now - heartbeat).total_seconds()) > HEARTBEAT_S:  # abs: a clock that jumped back holds nothing for ever
        return False
    host, _, pid = holder.rpartition(":")
    return host != socket.gethostname() or not pid.isdigit() or _process_lives(int(pid))


def _process_lives(pid: int) -> bool:
    if os.name == "nt":
        return True  # os.kill would end it there; the heartbeat decides
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def must_live(db: Connection, run: Run) -> None:
    """Raises StoreUnusable when the run has ended, or another took its site."""
    found = db.execute(_ALIVE, {"run": run.id}).first()
    if found is None or found.ended_at is not None:
        reason = found.reason if found is not None else "unknown"
        raise StoreUnusable(f"run {run.id} of {run.site} has ended ({reason}): it may store nothing more")


def beat(db: Connection, run: Run, now: datetime) -> None:
    if db.execute(_BEAT, {"run": run.id, "now": now}).rowcount == 0:
        must_live(db, run)


def end(db: Connection, run: Run, *, now: datetime, requests: int, size: int, reason: str) -> None:
    done = select(func.coalesce(func.sum(run_groups.c.new), 0), func.coalesce(func.sum(run_groups.c.changed), 0))
    new, changed = db.execute(done.where(run_groups.c.run_id == run.id)).one()
    states = select(urls.c.state, func.count()).where(urls.c.site == run.site, urls.c.settled_run_id == run.id)
    values: dict[str, Any] = {
        "ended_at": now, "heartbeat_at": now, "reason": reason, "requests": requests, "bytes": size,
        "new": new, "changed": changed, "states": dict(db.execute(states.group_by(urls.c.state)).tuples().all()),
    }  # fmt: skip
    db.execute(update(runs).where(runs.c.id == run.id).values(**values, **_presence(db, run)))


def _presence(db: Connection, run: Run) -> dict[str, Any]:
    """Of the articles that this run stored: how many, the share that has each field, the median length."""
    there = [func.avg(_has(name)).label(name) for name in WATCHED]
    of_run = articles.c.run_id == run.id
    found = db.execute(select(func.count(), *there).where(of_run)).one()
    number = int(found[0])
    if not number:
        return {"articles": 0, "presence": {}, "body_length": None}
    middle = select(articles.c.body_length).where(of_run).order_by(articles.c.body_length).offset(number // 2).limit(1)
    shares = {name: round(float(share), 4) for name, share in zip(WATCHED, found[1:], strict=True)}
    return {"articles": number, "presence": shares, "body_length": db.execute(middle).scalar()}


def _has(name: str) -> Any:
    column = articles.c[name]
    empty = "[]" if name in ("authors", "editors", "tags", "images") else ""
    return func.coalesce(func.nullif(func.min(1, func.length(func.nullif(column, empty))), 0), 0) * 1.0


def recorded(db: Connection, site: str | None, limit: int) -> list[RunRecord]:
    found = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if site is not None:
        found = found.where(runs.c.site == site)
    return [_record(row._asdict()) for row in db.execute(found)]


def _record(row: Mapping[str, Any]) -> RunRecord:
    return RunRecord(
        **{name: row[name] for name in RunRecord.__dataclass_fields__ if name not in ("states", "presence")},
        states=row["states"] or {},
        presence=row["presence"] or {},
    )


def sites(db: Connection, known: Sequence[str] = ()) -> list[str]:
    return sorted({*known, *db.execute(select(runs.c.site).distinct()).scalars()})
