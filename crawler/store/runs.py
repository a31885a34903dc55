"""Runs: who crawls a site now, and what each run did."""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, bindparam, case, func, insert, select, type_coerce, update

from crawler.errors import SiteHeld, StoreUnusable
from crawler.store.records import Run, RunRecord
from crawler.store.schema import articles, run_groups, runs, urls

HEARTBEAT_S = 60.0  # a run that was silent for longer is dead
RESUME = timedelta(minutes=15)  # a run that died within this time is taken up; later a crawl begins anew

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


def begin(db: Connection, run: Run) -> tuple[Run, bool]:
    """The run with its number, and whether it follows one that died. Raises SiteHeld naming a live holder."""
    now = run.started_at
    open_runs = select(runs).where(runs.c.site == run.site, runs.c.ended_at.is_(None)).order_by(runs.c.id)
    dead = list(db.execute(open_runs))
    for other in dead:
        if _lives(other.holder, other.heartbeat_at, now):
            since = f"{other.started_at:%Y-%m-%d %H:%M:%S} UTC"
            raise SiteHeld(f"{run.site} is being crawled by {other.holder} since {since}")
    if dead:
        buried = update(runs).where(runs.c.id.in_([other.id for other in dead]))
        db.execute(buried.values(ended_at=runs.c.heartbeat_at, reason=f"died; found by {run.holder}"))
        last = dead[-1]
        if now - last.heartbeat_at <= RESUME and not run.terms.alone:
            run = replace(run, began_at=last.began_at or last.started_at)
    values = {name: getattr(run, name) for name in ("site", "command", "holder", "started_at", "began_at")}
    key = db.execute(insert(runs).values(heartbeat_at=now, **values)).inserted_primary_key
    return replace(run, id=int(key[0]) if key else 0), bool(dead)


def holder(db: Connection, site: str, now: datetime) -> str | None:
    """Who has the site; None: nobody who lives."""
    found = db.execute(select(runs).where(runs.c.site == site, runs.c.ended_at.is_(None)).order_by(runs.c.id.desc()))
    return next((row.holder for row in found if _lives(row.holder, row.heartbeat_at, now)), None)


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
        "new": new, "changed": changed, "states": dict(db.execute(states.group_by(urls.c.state)).all()),
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


def _has(name: str) -> ColumnElement[float]:
    empty = "[]" if name in ("authors", "editors", "tags", "images") else ""
    return case((func.coalesce(type_coerce(articles.c[name], Text), empty) != empty, 1.0), else_=0.0)


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
