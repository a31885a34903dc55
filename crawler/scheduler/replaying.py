"""The frontier of a replay: its clock is that of the records, and it jumps where a crawl would wait."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from crawler.result import PageResult
from crawler.scheduler import Frontier
from crawler.store import Settled

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
        return frontier

    _clock: datetime
    _until: datetime
    _exact: datetime | None = None  # while records of this time are settled; a pause may have led past it

    def open(self, spider: "Spider") -> None:
        super().open(spider)
        self._store.schedule(self._run, self._spider.seeds(), now=self._clock, again=True)

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
        flight = self._flights.get(result.url)
        return None if flight is None else flight.request.meta.get("fetched_at")

    def _wait(self, ready_at: datetime) -> None:
        """A row that is ready later is ready now, unless the run had ended by then."""
        if self.in_flight or ready_at > self._until + _SLACK:
            return
        self._clock = max(self._clock, ready_at)
        self._engine.wake_in(0, self._awake)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
