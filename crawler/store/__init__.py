"""Store: one database for articles, frontier and runs."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from crawler.items import Article, Link
from crawler.result import PageResult
from crawler.store import (
    articles,
    counts,
    forgetting,
    frontier,
    hosts,
    leasing,
    proofs,
    quarantined,
    returning,
    runs,
    sqlite,
)
from crawler.store.migrations import migrate
from crawler.store.records import (
    Backlog,
    Coverage,
    Gap,
    Group,
    Join,
    Quarantined,
    Robots,
    Row,
    Run,
    RunRecord,
    Settled,
    Summary,
    Terms,
    Version,
)
from crawler.store.runs import holder_name
from crawler.store.settling import Settling

__all__ = [
    "Backlog", "Coverage", "Gap", "Group", "Join", "Quarantined", "Robots", "Row", "Run", "RunRecord", "Settled",
    "Store", "Summary", "Terms", "Version", "holder_name",
]  # fmt: skip

_ANY = Terms()
BOUNDS = (timedelta(minutes=5), timedelta(hours=12))


class Store:
    """Everything that is kept. One process writes through one `Store`; readers may be many."""

    def __init__(self, engine: Engine, path: Path, join: Join | None) -> None:
        self.path = path
        self._engine = engine
        self._join = join
        self._writer = engine.connect()
        self._reader = engine.connect().execution_options(begin="BEGIN")
        self._alone: dict[int, set[int]] = {}  # run -> the rows that it is about

    def _choice(self, run: Run) -> leasing.Choice:
        return leasing.Choice(run, self._alone.get(run.id))

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """One transaction, with the write lock from its start."""
        with sqlite.usable(self.path), self._writer.begin():
            yield self._writer

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """One state of the database, whatever is written meanwhile."""
        with sqlite.usable(self.path), self._reader.begin():
            yield self._reader

    @contextmanager
    def _stream(self) -> Iterator[Connection]:
        """The same over a connection of its own, for what is read while other things are."""
        with sqlite.usable(self.path), self._engine.connect().execution_options(begin="BEGIN") as connection:
            yield connection

    @classmethod
    def open(cls, path: str | Path, *, join: Join | None = None, durable: bool = False) -> Self:
        """Create or migrate (after a backup copy) the database at `path`. Raises StoreUnusable.

        A commit survives the death of the process; with `durable` also a power cut, at a disk flush per commit.
        `join` is needed to settle further pages of articles.
        """
        file = Path(path)
        engine = sqlite.engine_for(file, durable=durable)
        with sqlite.usable(file):
            migrate(engine, file)
            return cls(engine, file, join)

    def close(self) -> None:
        self._writer.close()
        self._reader.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # runs

    def begin_run(self, site: str, *, command: str, now: datetime, holder: str, terms: Terms = _ANY) -> Run:
        """Take the site. Rows of dead runs go back to waiting, and so do those refused by a later `terms.since`.

        Raises SiteHeld naming the holder when another live run has it.
        """
        run = Run(0, site, holder, command, now, terms)
        with self._write() as db:
            run, follows_dead = runs.begin(db, run)
            returning.reclaim(db, run, dead=follows_dead)
            returning.forget_far_backoffs(db, run)
            returning.apply_since(db, run)
        if terms.alone:
            self._alone[run.id] = set()
        return run

    def heartbeat(self, run: Run, now: datetime) -> None:
        """Say that the run lives; at least every 20 s. Raises StoreUnusable when another run took the site."""
        with self._write() as db:
            runs.beat(db, run, now)

    def end_run(self, run: Run, *, now: datetime, requests: int, bytes: int, reason: str) -> None:  # noqa: A002
        """Give the site back. Rows still handed out go back to waiting."""
        with self._write() as db:
            runs.must_live(db, run)
            returning.reclaim(db, run, dead=False)
            runs.end(db, run, now=now, requests=requests, size=bytes, reason=reason)
        self._alone.pop(run.id, None)

    # frontier

    def schedule(self, run: Run, links: Sequence[Link], *, now: datetime, again: bool = False) -> int:
        """Make a row of each link; the number of new rows. With `again` a row that is settled goes back to waiting."""
        wanted = [frontier.Wanted(link, link.category, again=again) for link in links]
        with self._write() as db:
            added = frontier.add(db, run, wanted, now)
        self._alone.get(run.id, set()).update(added.ids.values())
        return len(added.new)

    def requeue(
        self, run: Run, *, now: datetime, recheck_h: Sequence[float] = (), recheck: timedelta | None = None
    ) -> int:
        """Back to waiting: failed rows whose backoff is over, and articles that are due to be looked at again.

        `recheck_h`: hours after publication; `recheck`: those not fetched for that long. The number of rows.
        """
        with self._write() as db:
            failed = returning.requeue_failed(db, run, now)
            return failed + returning.requeue_articles(db, run, now, recheck_h, recheck)

    def lease(self, run: Run, *, now: datetime, limit: int, busy_hosts: Collection[str] = ()) -> list[Row]:
        """Hand out up to `limit` rows whose host's clock permits it, and move those clocks on by the delay.

        A host whose robots.txt is not known, or is out of date, has that handed out and nothing else until it is read;
        while it cannot be had (no answer, 5xx) the host's rows wait.
        """
        with self._write() as db:
            return leasing.lease(db, self._choice(run), now=now, limit=limit, busy=busy_hosts)

    def next_ready(self, run: Run, *, now: datetime) -> datetime | None:
        """When `lease` may have a row again (not before `now`); None: nothing waits. Leased rows do not count."""
        with self._read() as db:
            return leasing.next_ready(db, self._choice(run), now)

    def settle(self, run: Run, results: Sequence[PageResult], *, now: datetime) -> list[Settled]:
        """Commit all that became of these pages in one transaction: articles, links as rows, states."""
        if not results:
            return []
        with self._write() as db:
            settling = Settling(db, run, now, self._join)
            settled = settling.settle(results)
        self._alone.get(run.id, set()).update(settling.linked)
        return settled

    def hold_host(self, host: str, until: datetime, *, reason: str) -> None:
        """No row of this host before `until`. An earlier, longer hold stays."""
        with self._write() as db:
            hosts.hold(db, host, until, reason)

    def set_crawl_delay(self, host: str, seconds: float | None) -> None:
        """What the host's robots.txt asks for; capped at 60 s."""
        with self._write() as db:
            hosts.set_crawl_delay(db, host, seconds)

    def robots(self, host: str) -> Robots | None:
        """As last fetched, expired or not; None: never. `host` as in `Row`."""
        with self._read() as db:
            return hosts.robots(db, host)

    def summary(self, run: Run) -> Summary:
        """The counts, from the rows. Reads an index over all rows of the site: 0.2 s at a million."""
        with self._read() as db:
            return counts.summary(db, run.site, run.id)

    def site_summary(self, site: str) -> Summary:
        """The same outside a run (`run_id` is that of the last one)."""
        with self._read() as db:
            return counts.summary(db, site, counts.last_run(db, site))

    # reading

    def article(self, id_or_url: str) -> Article | None:
        with self._read() as db:
            return articles.one(db, id_or_url)

    def articles(
        self, *, site: str | None = None, category: str | None = None, since: datetime | None = None
    ) -> Iterator[Article]:
        """By publication, then by id; undated ones last. `since` keeps the undated."""
        with self._stream() as db:
            yield from articles.many(db, site=site, category=category, since=since)

    def latest(self, number: int) -> list[Article]:
        """The last published, newest first; undated ones after them."""
        with self._read() as db:
            return articles.latest(db, number)

    def story(self, story_id: str) -> list[Article]:
        """All articles of one story."""
        with self._read() as db:
            return articles.story(db, story_id)

    def versions(self, article_id: str) -> list[Version]:
        """Former states, oldest first; the present one is `article`."""
        with self._read() as db:
            return articles.former(db, article_id)

    def quarantined(self, *, site: str | None = None) -> Iterator[Quarantined]:
        with self._stream() as db:
            yield from quarantined.of_site(db, site)

    def coverage(self, site: str, *, bounds: proofs.Bounds = BOUNDS) -> list[Coverage]:
        """What is proved of each listing. `bounds`: the shortest and the longest time between two polls of it."""
        with self._read() as db:
            return proofs.coverage(db, site, bounds)

    def backlog(self, site: str, *, now: datetime, recheck_h: Sequence[float] = ()) -> Backlog:
        """What is to be done at once, apart from listings; `recheck_h` as in `requeue`."""
        with self._read() as db:
            waiting, failed, recheck = returning.backlog(db, site, now, recheck_h)
            return Backlog(waiting, failed, recheck, runs.holder(db, site, now))

    def urls(self, ids: Collection[int]) -> dict[int, str]:
        """Row ids (of polls) to addresses."""
        with self._read() as db:
            return {row.id: row.url for row in frontier.records(db, ids, by_id=True)}

    def runs(self, site: str | None = None, *, limit: int = 1000) -> list[RunRecord]:
        """Newest first."""
        with self._read() as db:
            return runs.recorded(db, site, limit)

    def sites(self) -> list[str]:
        """Those with rows."""
        with self._read() as db:
            return runs.sites(db)

    def conduct(self, article_id: str) -> dict[str, str]:
        """What the sender of an article says about the use of it."""
        with self._read() as db:
            return articles.conduct(db, article_id)

    def addresses(self, id_or_url: str) -> dict[str, str]:
        """Every address at which an article was had, and its site: what `forget` erases."""
        with self._read() as db:
            return forgetting.addresses(db, id_or_url)

    def forget(self, id_or_url: str, *, reason: str, now: datetime) -> int:
        """Erase an article, its versions and every copy here; a tombstone stops a recrawl. The number of addresses."""
        with self._write() as db:
            erased = forgetting.forget(db, id_or_url, reason=reason, now=now)
        with sqlite.usable(self.path):
            forgetting.wipe(self._writer, self.path)
        return erased

    def check(self) -> list[str]:
        """What is wrong with the database file and the ledger; empty: nothing."""
        with self._read() as db:
            return sqlite.integrity(db) + counts.differences(db)
