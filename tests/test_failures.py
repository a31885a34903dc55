"""Bad luck and bad sites in whole crawls: each comes to a clear end, and nothing that was stored is lost."""

import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.loopback import Answer, Crawls, Hit, Page, Web, article, listing, served


class Endless(dict[str, Page]):
    """Pages that are made when they are asked for."""

    def __init__(self, make: Callable[[str], Answer | None]) -> None:
        super().__init__()
        self.make = make

    def get(self, path: str, default: Page | None = None) -> Page:  # type: ignore[override]
        return super().get(path) or self.make(path) or default or Answer(status=404)


@pytest.fixture
def web() -> Iterator[Web]:
    with served(Web()) as web:
        yield web


@pytest.fixture
def crawls(web: Web, tmp_path: Path) -> Crawls:
    return Crawls(web, tmp_path, concurrency=8)


def sound(crawls: Crawls) -> None:
    """The database is whole, and its parts agree."""
    with sqlite3.connect(crawls.db) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.execute("pragma foreign_key_check").fetchall() == []
        stored = "select count(*) from urls where state in ('stored', 'unchanged') and article_id is not null"
        assert db.execute(stored).fetchone() == db.execute("select count(*) from articles").fetchone()
        counted = db.execute("select sum(scheduled) from ledger").fetchone()
        assert counted == db.execute("select count(*) from urls").fetchone()


# traps


def number(path: str) -> int | None:
    match = re.fullmatch(r"/list/(\d+)", path)
    return int(match[1]) if match else None


def calendar(path: str) -> Answer | None:
    if (day := number(path)) is None:
        return None
    return Answer(f'<h1>Events of day {day}</h1><a href="/list/{day + 1}">next</a><a href="/list/{day + 7}">week</a>')


def calendar_beside_one_story(path: str) -> Answer | None:
    if path == "/art/1":
        return Answer(article("Story 1"))
    page = calendar(path)
    return Answer(f"{listing('/art/1')}{page.body!r}") if page else None


def session(path: str) -> Answer | None:
    if number(path) is None:
        return None
    now = time.monotonic_ns()
    return Answer("".join(f'<a href="/list/{now}{link}">x</a>' for link in range(5)))


@pytest.mark.parametrize("trap", [calendar, calendar_beside_one_story, session])
def test_listings_that_lead_to_ever_more_listings_end(
    trap: Callable[[str], Answer | None], web: Web, crawls: Crawls
) -> None:
    web.pages = Endless(trap)
    assert crawls.run("-c", "news").code == 0
    assert len(web.hits) < 50
    first = len(web.hits)
    assert crawls.run("-c", "news").code == 0
    assert len(web.hits) < 2 * first + 15  # nor do later runs go on with it
    sound(crawls)


def test_a_real_archive_is_read_to_its_end(web: Web, crawls: Crawls) -> None:
    """A page for each of 120 days, each found on the day after it; on one day in three nothing was written."""
    days = 120
    for day in range(days):
        story = listing(f"/art/{day}") if day % 3 else "<p>No news.</p>"
        web.pages[f"/list/{day}"] = Answer(f'{story}<a href="/list/{day + 1}">the day before</a>')
        web.pages[f"/art/{day}"] = Answer(article(f"Story {day}"))
    web.pages[f"/list/{days}"] = Answer("<p>That was all.</p>")
    assert crawls.run("-c", "news").code == 0
    assert len(crawls.titles()) == days * 2 // 3


def test_many_sections_without_news_of_their_own_are_all_read(web: Web, crawls: Crawls) -> None:
    web.pages["/list/0"] = Answer("".join(f'<a href="/list/{n}">section {n}</a>' for n in range(1, 90)))
    for section in range(1, 90):
        web.pages[f"/list/{section}"] = Answer(listing("/art/1", *(["/art/last"] if section == 89 else [])))
    web.pages["/art/1"], web.pages["/art/last"] = Answer(article("Story 1")), Answer(article("The last"))
    assert crawls.run("-c", "news").code == 0
    assert crawls.titles() == ["Story 1", "The last"]


def test_a_listing_that_repeats_itself_for_ever_ends(web: Web, crawls: Crawls) -> None:
    def repeats(path: str) -> Answer | None:
        page = number(path)
        return None if page is None else Answer(listing("/art/1", "/art/2", following=f"/list/{page + 1}"))

    web.pages = Endless(repeats)
    web.pages |= {f"/art/{story}": Answer(article(f"Story {story}")) for story in (1, 2)}
    assert crawls.run("-c", "news").code == 0
    assert crawls.titles() == ["Story 1", "Story 2"]
    assert len(web.hits) < 20


# a site that changes


def test_a_site_that_changes_all_its_addresses(web: Web, crawls: Crawls) -> None:
    def serve(name: str) -> None:
        paths = [f"/art/{name}{story}" for story in range(6)]
        web.pages["/list/0"] = Answer(listing(*paths))
        web.pages |= {path: Answer(article(f"Story {story}")) for story, path in enumerate(paths)}

    serve("old")
    assert crawls.run("-c", "news").code == 0
    for path in [path for path in web.pages if path.startswith("/art/")]:
        del web.pages[path]
    serve("new")
    done = crawls.run("-c", "news")
    assert done.code == 0
    assert done.summary["new"] == 6
    with sqlite3.connect(crawls.db) as db:
        assert db.execute("select count(*), count(distinct story_id) from articles").fetchone() == (12, 6)
        verdicts = [found for (found,) in db.execute("select verdict from walks order by id")]
    assert verdicts[-1] != "proved"  # nothing of what was there is there
    sound(crawls)


# a database in use


def test_a_database_that_is_locked_for_a_while(web: Web, tmp_path: Path) -> None:
    paths = [f"/art/{story}" for story in range(30)]
    web.pages["/list/0"] = Answer(listing(*paths))
    web.pages |= {path: Answer(article(path)) for path in paths}
    crawls = Crawls(web, tmp_path, delay_s=0.05)
    process = crawls.start("-c", "news")
    while len(web.hits) < 8:
        time.sleep(0.02)
    with sqlite3.connect(crawls.db, isolation_level=None) as db:
        db.execute("begin immediate")
        time.sleep(2)
        db.execute("rollback")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert len(crawls.titles()) == 30
    sound(crawls)


def test_an_archive_that_cannot_be_written(web: Web, crawls: Crawls) -> None:
    """Nothing is asked for, the run has ended, and the next one is no other's heir."""
    web.pages |= {"/list/0": Answer(listing("/art/1")), "/art/1": Answer(article("Story"))}
    folder = crawls.db.with_suffix(".archive")
    folder.write_text("a file in its place")
    log = crawls.db.with_suffix(".log")
    done = crawls.run("-c", "news", "--log-file", str(log))
    assert done.code == 1
    assert "the archive cannot be written" in done.errors
    assert "AttributeError" not in log.read_text()
    assert web.hits == []
    folder.unlink()
    assert crawls.run("-c", "news").code == 0
    with sqlite3.connect(crawls.db) as db:
        assert db.execute("select reason, began_at from runs order by id").fetchall() == [
            ("no archive", None),
            ("finished", None),
        ]


# clocks

STAMPS = {
    "urls": ("not_before", "scheduled_at", "settled_at"),
    "hosts": ("next_at", "hold_until", "robots_fetched_at", "robots_expires_at"),
    "runs": ("started_at", "began_at", "heartbeat_at", "ended_at"),
}


def shift(db: Path, by: timedelta) -> None:
    """As if the machine's clock had been wrong by this when the rows were written."""
    with sqlite3.connect(db) as store:
        for table, columns in STAMPS.items():
            for column in columns:
                for (value,) in store.execute(f"select distinct {column} from {table}").fetchall():
                    if value is not None:
                        moved = datetime.fromisoformat(value) + by
                        there = moved.isoformat(sep=value[10], timespec="microseconds")
                        store.execute(f"update {table} set {column} = ? where {column} = ?", (there, value))


@pytest.mark.parametrize("hours", [-1, 1, 26, 24 * 400])
def test_a_clock_that_jumps_holds_nothing_for_ever(hours: float, web: Web, tmp_path: Path) -> None:
    """The rows of a killed run, with a busy host and failures, were written that many hours ahead of now."""

    def busy(hit: Hit) -> Answer:
        first = web.paths().count("/art/1") == 1
        return Answer(status=503, headers={"Retry-After": "2"}) if first else Answer(article("Story 1"))

    web.pages["/list/0"] = Answer(listing("/art/1", *(f"/art/{story}" for story in range(2, 12))))
    web.pages |= {f"/art/{story}": Answer(article(f"Story {story}")) for story in range(2, 12)}
    web.pages["/art/1"] = busy
    crawls = Crawls(web, tmp_path, delay_s=0.1)
    process = crawls.start("-c", "news")
    while "/art/1" not in web.paths():
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    shift(crawls.db, timedelta(hours=hours))
    done = crawls.run("-c", "news")
    if 0 < hours < 48:  # a pause of that length is believed; it ends when the clock has caught up
        shift(crawls.db, timedelta(hours=-hours - 0.1))
        done = crawls.run("-c", "news")
    assert done.code == 0, done.errors
    assert len(crawls.titles()) == 11
    assert done.summary["leased"] == done.summary["waiting"] == 0
    sound(crawls)
