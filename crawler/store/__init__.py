"""Store: one database for articles, frontier and runs."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.items import Article, Link
from crawler.result import PageResult
from crawler.store.records import (
    Group,
    Join,
    Listing,
    Poll,
    Quarantined,
    Robots,
    Row,
    Run,
    RunRecord,
    Settled,
    Summary,
    Version,
)

__all__ = [
    "Group", "Join", "Listing", "Poll", "Quarantined", "Robots", "Row", "Run", "RunRecord", "Settled", "Store",
    "Summary", "Version", "holder_name",
]  # fmt: skip


def holder_name() -> str:
    """This process, as a run names its holder: "host:pid"."""
    raise NotImplementedError


class Store:
    """Everything that is kept. One process writes through one `Store`; readers may be many."""

    @classmethod
    def open(cls, path: str | Path, *, join: Join | None = None, durable: bool = False) -> Self:
        """Create or migrate (after a backup copy) the database at `path`. Raises StoreUnusable.

        A commit survives the death of the process; with `durable` also a power cut, at a disk flush per commit.
        `join` is needed to settle further pages of articles.
        """
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # runs

    def begin_run(
        self,
        site: str,
        *,
        command: str,
        now: datetime,
        holder: str,
        delay_s: float = 1.0,
        since: datetime | None = None,
        categories: Collection[str] | None = None,
    ) -> Run:
        """Take the site. Rows of dead runs go back to waiting, and so do those refused by a later `since`.

        Raises StoreUnusable naming the holder when another live run has it.
        """
        raise NotImplementedError

    def heartbeat(self, run: Run, now: datetime) -> None:
        """Say that the run lives; at least every 20 s. Raises StoreUnusable when another run took the site."""
        raise NotImplementedError

    def end_run(self, run: Run, *, now: datetime, requests: int, bytes: int, reason: str) -> None:  # noqa: A002
        """Give the site back. Rows still handed out go back to waiting."""
        raise NotImplementedError

    # frontier

    def schedule(self, run: Run, links: Sequence[Link], *, now: datetime, again: bool = False) -> int:
        """Make a row of each link; the number of new rows. With `again` a row that is settled goes back to waiting."""
        raise NotImplementedError

    def requeue(
        self, run: Run, *, now: datetime, recheck_h: Sequence[float] = (), recheck: timedelta | None = None
    ) -> int:
        """Back to waiting: failed rows whose backoff is over, and articles that are due to be looked at again.

        `recheck_h`: hours after publication; `recheck`: those not fetched for that long. The number of rows.
        """
        raise NotImplementedError

    def lease(
        self,
        run: Run,
        *,
        now: datetime,
        limit: int,
        busy_hosts: Collection[str] = (),
        categories: Collection[str] | None = None,
    ) -> list[Row]:
        """Hand out up to `limit` rows whose host's clock permits it, and move those clocks on by the delay."""
        raise NotImplementedError

    def next_ready(self, run: Run, *, now: datetime, categories: Collection[str] | None = None) -> datetime | None:
        """When `lease` may have a row again (not before `now`); None: nothing waits. Leased rows do not count."""
        raise NotImplementedError

    def settle(self, run: Run, results: Sequence[PageResult], *, now: datetime) -> list[Settled]:
        """Commit all that became of these pages in one transaction: articles, links as rows, states."""
        raise NotImplementedError

    def hold_host(self, host: str, until: datetime, *, reason: str) -> None:
        """No row of this host before `until`. An earlier, longer hold stays."""
        raise NotImplementedError

    def set_crawl_delay(self, host: str, seconds: float | None) -> None:
        """What the host's robots.txt asks for; capped at 60 s."""
        raise NotImplementedError

    def robots(self, host: str) -> Robots | None:
        """As last fetched, expired or not; None: never. `host` as in `Row`."""
        raise NotImplementedError

    def summary(self, run: Run) -> Summary:
        """The counts, from the rows. Reads an index over all rows of the site: 0.2 s at a million."""
        raise NotImplementedError

    def site_summary(self, site: str) -> Summary:
        """The same outside a run (`run_id` is that of the last one)."""
        raise NotImplementedError

    # reading

    def article(self, id_or_url: str) -> Article | None:
        raise NotImplementedError

    def articles(
        self, *, site: str | None = None, category: str | None = None, since: datetime | None = None
    ) -> Iterator[Article]:
        """By publication, then by id; undated ones last. `since` keeps the undated."""
        raise NotImplementedError

    def story(self, story_id: str) -> list[Article]:
        """All articles of one story."""
        raise NotImplementedError

    def versions(self, article_id: str) -> list[Version]:
        """Former states, oldest first; the present one is `article`."""
        raise NotImplementedError

    def quarantined(self, *, site: str | None = None) -> Iterator[Quarantined]:
        raise NotImplementedError

    def listings(self, site: str) -> list[Listing]:
        raise NotImplementedError

    def polls(self, listing_id: int, *, since: datetime | None = None) -> list[Poll]:
        """Of one listing, oldest first."""
        raise NotImplementedError

    def urls(self, ids: Collection[int]) -> dict[int, str]:
        """Row ids (of polls) to addresses."""
        raise NotImplementedError

    def runs(self, site: str | None = None, *, limit: int = 1000) -> list[RunRecord]:
        """Newest first."""
        raise NotImplementedError

    def sites(self) -> list[str]:
        """Those with rows."""
        raise NotImplementedError

    def forget(self, id_or_url: str, *, reason: str, now: datetime) -> int:
        """Erase an article, its versions and every copy here; a tombstone stops a recrawl. The number of addresses."""
        raise NotImplementedError

    def check(self) -> list[str]:
        """What is wrong with the database file and the ledger; empty: nothing."""
        raise NotImplementedError
