"""The frontier of a replay: its clock is that of the records, and it jumps where a crawl would wait."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from crawler.items import Kind
from crawler.result import PageResult
from crawler.scheduler import Frontier
from crawler.store import Row, Settled, Store
from crawler.store.index import SavedIndex

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

_SLACK = timedelta(seconds=1)


class Replaying(Frontier):
    """Begins when the first record was made. What the run did not live to try again is not tried here either."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        frontier = super().from_crawler(crawler)
        frontier._clock = _moment(crawler.settings.get("REPLAY_FROM"))
        frontier._until = _moment(crawler.settings.get("REPLAY_UNTIL"))
        frontier._source = crawler.settings.get("REPLAY_INDEX")
        frontier._run_id = crawler.settings.getint("REPLAY_RUN")
        return frontier

    _clock: datetime
    _until: datetime
    _source: str
    _run_id: int
    _exact: datetime | None = None  # while records of this time are settled; a pause may have led past it

    def open(self, spider: "Spider") -> None:
        super().open(spider)
        self._archived = Store.open(self._source)
        self._records = SavedIndex(self._archived)
        self._sent: Counter[str] = Counter()
        self._store.schedule(self._run, self._spider.seeds(), now=self._clock, again=True)

    def close(self, reason: str) -> None:
        super().close(reason)
        if not hasattr(self, "_records"):
            return  # it never began
        self._records.close()
        self._archived.close()

    def _next_row(self) -> Row | None:
        """What the run had not come to when it ended stays handed out, and so waits when this one has ended."""
        while (row := super()._next_row()) is not None:
            if not self._is_beyond(row):
                self._sent[row.url] += 1
                return row
        return None

    def _is_beyond(self, row: Row) -> bool:
        if row.kind is Kind.ROBOTS:
            return False
        records = len(self._records.of_url(row.url, run_id=self._run_id or None))
        if records:
            return self._sent[row.url] >= records
        return bool(self._run_id) and self._records.comes_later(row.url, self._run_id)

    def _now(self) -> datetime:
        return self._exact or self._clock

    def settle(self, results: Sequence[PageResult]) -> list[Settled]:
        self._exact = max((at for result in results if (at := self._at(result)) is not None), default=None)
        try:
            return super().settle(results)
        finally:
            self._clock = max(self._clock, self._exact or self._clock)
            self._exact = None

    def _at(self, result: PageResult) -> datetime | None:
        """The time of the record that the result was read from; a failure has one too."""
        if result.page is not None:
            return result.page.fetched_at
        flight = self._flights.of(result.url)
        return None if flight is None else flight.request.meta.get("fetched_at")

    def _wait(self, ready_at: datetime) -> None:
        """A row that is ready later is ready now, unless the run had ended by then."""
        if self.in_flight or ready_at > self._until + _SLACK:
            return
        self._clock = max(self._clock, ready_at)
        self._engine.wake_in(0, self._awake)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
