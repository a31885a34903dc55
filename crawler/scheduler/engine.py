"""What the frontier uses of Scrapy's engine that has no public name. Nothing else in newscrawl touches its insides."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy import __version__ as scrapy_version
from scrapy.utils.asyncio import CallLaterResult, call_later

from crawler.errors import CrawlerError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class Engine:
    """Wakes the engine, at once or by a timer, and knows which requests it still has in hand.

    By itself the engine looks for requests when something ends, else every five seconds.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Raises CrawlerError when Scrapy has moved what is used here."""
        slot = getattr(crawler.engine, "_slot", None)
        schedule = getattr(getattr(slot, "nextcall", None), "schedule", None)
        in_hand = getattr(slot, "inprogress", None)
        if not callable(schedule) or not isinstance(in_hand, set):
            raise CrawlerError(f"Scrapy {scrapy_version} has another engine inside: install scrapy>=2.19,<2.20")
        self._schedule: Callable[[], None] = schedule
        self._in_hand: set[Request] = in_hand
        self._timer: CallLaterResult | None = None

    def wake(self) -> None:
        """Let it ask for requests as soon as it can."""
        self._schedule()

    def wake_in(self, seconds: float, before: Callable[[], None]) -> None:
        """Wake it later, once, after `before`. One timer at a time: the last one set."""
        self.let_sleep()
        self._timer = call_later(seconds, self._ring, before)

    def let_sleep(self) -> None:
        """Take the timer back."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def is_timed(self) -> bool:
        """Whether a timer will wake it."""
        return self._timer is not None

    @property
    def in_hand(self) -> int:
        return len(self._in_hand)

    def has(self, request: "Request") -> bool:
        """Whether it is being downloaded, read, or on its way through the pipelines."""
        return request in self._in_hand

    def _ring(self, before: Callable[[], None]) -> None:
        self._timer = None
        before()
        self.wake()
