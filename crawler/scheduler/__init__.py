"""The frontier as Scrapy's scheduler: requests are rows of the store before they are sent, and rows when they end.

    store.lease -> Request -> ... -> PageResult -> Store pipeline -> Frontier.settle -> store.settle

A row that was handed out is in the flights until its result is committed. Redirects, retries, robots.txt, pace and
coming back after a crash are the store's states; Scrapy's own middlewares for them are off.
"""

import gc
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, cast

from scrapy import Request, signals
from scrapy.core.scheduler import BaseScheduler

from crawler import __version__
from crawler.archive import Archive
from crawler.due import bounds
from crawler.errors import CrawlerError, StoreUnusable
from crawler.items import Kind, Link, State
from crawler.path import join_parts
from crawler.result import PageResult
from crawler.scheduler.beginning import MARGIN_S, Beginning
from crawler.scheduler.engine import Engine
from crawler.scheduler.flights import Flights, request_for
from crawler.scheduler.gate import Gate
from crawler.scheduler.plan import Plan
from crawler.scheduler.pulse import Pulse
from crawler.site import Site
from crawler.store import Row, Run, Settled, Store, Summary
from crawler.store.index import SavedIndex

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

__all__ = ["ERROR", "REASON", "SUMMARY", "Frontier", "progressed"]

# Values of crawler.stats once a run has ended.
SUMMARY, REASON, ERROR = "newscrawl/summary", "newscrawl/reason", "newscrawl/error"

progressed = object()
"""Signal: the run got on. Arguments: summary. Sent where PROGRESS_S is set."""


_log = logging.getLogger(__name__)


class Frontier(BaseScheduler):
    """One run of one site."""

    def __init__(self, crawler: "Crawler", plan: Plan) -> None:
        self._crawler = crawler
        self._plan = plan
        self._whys: dict[str, str] = {}  # URL -> why its item did not reach the store
        self._dry = False  # the store had nothing to hand out, and nothing has happened since
        self._stopping = ""  # the reason why no more rows are handed out
        self._error: BaseException | None = None
        self._requests = self._bytes = self._stored = 0
        self._last_progress = self._last_sent = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler, Plan.of(crawler.settings))

    # Scrapy's interface

    def open(self, spider: "Spider") -> None:
        """Begin the run. Raises StoreUnusable, CrawlerError."""
        self._engine = Engine(self._crawler)
        self._spider = cast(Any, spider)
        self._site = cast(Site, self._spider.site)
        self._flights = Flights(self._site.concurrency)
        self._store = Store.open(self._plan.db, join=join_parts)
        self._beginning = Beginning(self._store, self._plan, self._spider)
        try:
            self._run = self._beginning.run(self._now())
            self._archive = self._open_archive(self._run)
        except CrawlerError:
            self._store.close()
            raise
        self._gate = Gate(self._store)
        self._crawler.signals.connect(self._not_stored, signals.item_dropped)
        self._crawler.signals.connect(self._not_stored, signals.item_error)
        # What is imported lives as long as we do, and pages leave few cycles: looking at both cost 5 % of the CPU.
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        self._pulse = Pulse(self._store, self._run, self._plan.progress_s, self._progressed)
        self._pulse.start(self._tick)

    def close(self, reason: str) -> None:
        """End the run: what is handed out and not settled goes back to waiting."""
        if not hasattr(self, "_pulse"):
            return  # it never began
        self._engine.let_sleep()
        self._pulse.stop()
        reason = self._stopping or reason
        try:
            if self._error is None:
                self._settle_strays()
                self._store.end_run(
                    self._run, now=self._now(), requests=self._requests, bytes=self._bytes, reason=reason
                )
                listings = self._store.coverage(self._site.name, bounds=bounds(self._site))
                self._tell(SUMMARY, replace(self._store.summary(self._run), listings=tuple(listings)))
        except StoreUnusable as error:
            self._abort(error)
        finally:
            if self._archive is not None:
                self._archive.close()
                self._index.close()
            self._store.close()
        self._tell(REASON, reason)

    def has_pending_requests(self) -> bool:
        return not self._stopping and (self._flights.queued > 0 or not self._dry or self._engine.is_timed)

    def enqueue_request(self, request: Request) -> bool:
        """A request that somebody yields becomes rows: the seeds (in its meta), or one, of other people's code."""
        seeds: Sequence[Link] | None = request.meta.get("seeds")
        try:
            if seeds is not None:
                self._beginning.seeds(self._run, seeds, self._now())
            else:
                url = self._site.canonical(request.url)
                self._store.schedule(self._run, [Link(url=url, kind=self._site.guess(url))], now=self._now())
        except StoreUnusable as error:
            self._abort(error)
        self._dry = False
        return True

    def next_request(self) -> Request | None:
        if self._stopping:
            return None
        try:
            self._settle_strays()
            row = self._next_row()
        except StoreUnusable as error:
            self._abort(error)
            return None
        except BaseException as error:
            self._abort(error)
            raise
        if row is None:
            return None
        request = request_for(row, self._spider)
        self._flights.send(row, request)
        self._last_sent = time.monotonic()
        return request

    # the Store pipeline's interface

    @property
    def in_flight(self) -> int:
        """Rows that were sent and are not committed."""
        return len(self._flights)

    def settle(self, results: Sequence[PageResult]) -> list[Settled]:
        """Commit what became of these pages, in one transaction. Raises StoreUnusable. Any error ends the run."""
        if self._error is not None:
            raise self._error
        # As old as the answers: a replay, which takes its time from them, comes to the same rows.
        now = max((result.page.fetched_at for result in results if result.page is not None), default=self._now())
        try:
            if self._archive is not None:
                for result in results:
                    result.saved = self._archive.write(result, now=now)
            settled = self._store.settle(self._run, results, now=now)
            for result, one in zip(results, settled, strict=True):
                self._land(result, one)
        except BaseException as error:
            self._abort(error)
            raise
        self._stored += sum(self._counts(*pair) for pair in zip(results, settled, strict=True))
        if any(one.state not in (State.WAITING, State.FAILED) for one in settled):
            self._last_progress = time.monotonic()
        if self._plan.limit and self._stored >= self._plan.limit:
            self._stopping = "limit"
        self._awake()
        return settled

    def _counts(self, result: PageResult, settled: Settled) -> bool:
        """Whether the limit counts it."""
        if self._plan.limit_fetched:
            return result.kind is Kind.ARTICLE and settled.state is not State.WAITING
        return settled.outcome in ("new", "changed")

    # the run

    def _open_archive(self, run: Run) -> Archive | None:
        """What this run fetches is kept there. Raises StoreUnusable, and then the run has ended."""
        if self._plan.archive is None:
            return None
        self._index = SavedIndex(self._store)
        try:
            return Archive(self._plan.archive, self._site.name, self._index, software=f"newscrawl/{__version__}")
        except StoreUnusable:
            self._index.close()
            self._store.end_run(run, now=self._now(), requests=0, bytes=0, reason="no archive")
            raise

    def _now(self) -> datetime:
        """The time of this run: a replay has another clock."""
        return datetime.now(UTC)

    def _tick(self) -> None:
        if self._error is not None:
            return
        try:
            self._pulse.beat(self._now())
        except StoreUnusable as error:
            self._abort(error)

    def _progressed(self, summary: Summary) -> None:
        self._crawler.signals.send_catch_log(progressed, summary=summary)

    def _abort(self, error: BaseException) -> None:
        """Nothing can be stored any more: end. What was not acknowledged stays leased, and comes back."""
        if self._error is None:
            _log.error("%s: %s", type(error).__name__, error)
            self._error = error
            self._stopping = "store unusable"
            self._tell(ERROR, error)
        self._awake()

    def _tell(self, name: str, value: Summary | BaseException | str) -> None:
        self._crawler.stats.set_value(name, value)

    def _awake(self) -> None:
        self._dry = False
        self._engine.wake()

    # rows going out

    def _next_row(self) -> Row | None:
        while self._room > 0:
            row = self._flights.next_row()
            if row is not None:
                return row
            if self._dry or not self._lease():
                return None
        return None

    @property
    def _room(self) -> int:
        """How many rows may be sent now. Near the limit no more than there are articles wanted."""
        room = self._plan.in_flight
        if self._plan.limit:
            room = min(room, self._plan.limit - self._stored)
        return room - len(self._flights)

    def _lease(self) -> bool:
        """Have rows handed out. False: there is nothing, until something happens or the timer rings."""
        rows = self._store.lease(
            self._run,
            now=self._now(),
            limit=max(1, self._room - self._flights.queued),
            busy_hosts=self._flights.busy_hosts(),
        )
        refused = []
        for row in rows:
            if self._gate.allows(row):
                self._flights.queue(row)
            else:
                refused.append(_ended(row, State.REFUSED, "robots"))
        if refused:
            self._store.settle(self._run, refused, now=self._now())
        if not rows:
            self._dry = True
            self._set_timer()
        return bool(rows)

    def _set_timer(self) -> None:
        self._engine.let_sleep()
        ready_at = self._store.next_ready(self._run, now=self._now())
        if ready_at is not None:
            self._wait(ready_at)

    def _wait(self, ready_at: datetime) -> None:
        """Wake when a row is ready again, if it is worth the wait."""
        seconds = (ready_at - self._now()).total_seconds()
        if seconds > self._patience_s():
            return
        if seconds > 0 or not self._flights:
            self._engine.wake_in(max(seconds, 0.0) + MARGIN_S, self._awake)

    def _patience_s(self) -> float:
        """How long a run waits: for what failed, a while since it last got anywhere; for a host's pace, as it takes."""
        now = time.monotonic()
        for_failures = self._last_progress + self._plan.patience_s
        for_pace = self._last_sent + max(self._run.terms.delay_s, self._gate.slowest_s) + 1.0
        return max(for_failures, for_pace) - now

    # rows coming home

    def _land(self, result: PageResult, settled: Settled) -> None:
        """A result is committed: its row is in flight no more."""
        flight = self._flights.land(result.url)
        self._whys.pop(result.url, None)
        self._requests += flight is not None
        self._bytes += result.bytes
        if flight is not None and flight.row.kind is Kind.ROBOTS and settled.state is State.READ:
            self._gate.heard(flight.row.host, self._now())

    def _settle_strays(self) -> None:
        """Rows that the engine has done with and nobody settled: an item was dropped, a pipeline raised."""
        if self._engine.in_hand >= len(self._flights):
            return
        strays = [flight.row for flight in self._flights if not self._engine.has(flight.request)]
        if strays:
            self.settle([_ended(row, State.FAILED, self._whys.get(row.url, "not stored")) for row in strays])

    def _not_stored(self, item: Any, exception: Exception | None = None, failure: "Failure | None" = None) -> None:
        """An item did not come through the pipelines."""
        error = exception if failure is None else failure.value
        if isinstance(item, PageResult) and self._flights.of(item.url) is not None:
            self._whys[item.url] = f"error: {type(error).__name__}"


def _ended(row: Row, state: State, reason: str) -> PageResult:
    """The result of a row that has no answer."""
    return PageResult(row.site, row.url, row.kind, state, reason, category=row.category)
