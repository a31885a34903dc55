"""Health on simulated histories: alarms on breaks, none on a quiet Sunday."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.health import breaks
from crawler.store.records import RunRecord

START = datetime(2026, 9, 7, 0, 0, tzinfo=UTC)  # a Monday


def history(*, weeks: int = 6, every_h: int = 3, seed: int = 1) -> list[RunRecord]:
    """Runs of a site that publishes by day, little at night, and next to nothing on Sundays."""
    rng = random.Random(seed)
    runs = []
    at = START
    while at < START + timedelta(weeks=weeks):
        rate = 0.3 if at.weekday() == 6 else 20 if 6 <= at.hour < 20 else 1
        new = max(0, round(rng.gauss(rate, rate / 4)))
        runs.append(record(at, new, rng))
        at += timedelta(hours=every_h)
    return runs


def record(at: datetime, new: int, rng: random.Random) -> RunRecord:
    authors = sum(rng.random() < 0.8 for _ in range(new)) / new if new else 0.0
    presence = {"title": 1.0, "authors": authors, "published_at": 1.0, "digest": 0.1} if new else {}
    return RunRecord(
        id=int(at.timestamp()), site="example", command="crawl", holder="host:1", started_at=at, heartbeat_at=at,
        ended_at=at + timedelta(minutes=2), reason="finished", requests=new + 3, bytes=1000, new=new, changed=0,
        states={"stored": new, "read": 3, "failed": int(rng.random() < 0.1)}, presence=presence, articles=new,
        body_length=round(rng.gauss(1200, 150)) if new else None,
    )  # fmt: skip


def spoil(runs: list[RunRecord], hours: int, change: Callable[[RunRecord], RunRecord]) -> list[RunRecord]:
    since = runs[-1].started_at - timedelta(hours=hours)
    return [change(run) if run.started_at > since else run for run in runs]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("cut", range(0, 56, 5))  # the history ends at any hour of the week, a quiet Sunday included
def test_no_alarm_on_an_ordinary_week(seed: int, cut: int) -> None:
    runs = history(seed=seed)
    assert breaks(runs[: len(runs) - cut]) == []


def test_no_alarm_on_a_quiet_sunday() -> None:
    runs = history()
    assert runs[-1].started_at.weekday() == 6
    assert breaks([*runs[:-1], replace(runs[-1], new=0, articles=0, presence={}, body_length=None)]) == []


@pytest.mark.parametrize("seed", range(10))
def test_alarm_when_authors_vanish(seed: int) -> None:
    runs = history(seed=seed)[:-9]  # ends on a Saturday evening
    broken = spoil(runs, 12, lambda run: replace(run, presence={**run.presence, "authors": 0.0} if run.new else {}))
    found = breaks(broken)
    assert [entry.field for entry in found] == ["authors"]
    assert found[0].since >= runs[-1].started_at - timedelta(hours=12)
    assert "example: authors" in str(found[0])


def test_alarm_when_nothing_comes_any_more() -> None:
    runs = history()[:-12]
    broken = spoil(runs, 12, lambda run: replace(run, new=0, articles=0, presence={}, body_length=None))
    assert [entry.field for entry in breaks(broken)] == ["volume"]


def test_alarm_when_bodies_shrink() -> None:
    runs = history()[:-11]
    broken = spoil(runs, 6, lambda run: replace(run, body_length=90 if run.new else None))
    assert [entry.field for entry in breaks(broken)] == ["body length"]


@pytest.mark.parametrize("state", ["failed", "refused", "quarantined"])
def test_alarm_when_pages_fail(state: str) -> None:
    runs = history()[:-11]
    broken = spoil(runs, 3, lambda run: replace(run, states={**run.states, state: 40}))
    assert [entry.field for entry in breaks(broken)] == [state]


def test_no_alarm_without_a_history() -> None:
    assert breaks([]) == []
    assert breaks(history(weeks=1)[:3]) == []
