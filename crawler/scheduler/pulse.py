"""What a run says while it goes on: that it lives, to the store; how far it got, to whoever listens."""

import time
from collections.abc import Callable
from datetime import datetime

from scrapy.utils.asyncio import create_looping_call

from crawler.store import Run, Store, Summary

HEARTBEAT_S = 15.0  # the store takes a run for dead after a minute of silence


class Pulse:
    """Beats on a timer of its own."""

    def __init__(self, store: Store, run: Run, progress_s: float, tell: Callable[[Summary], None]) -> None:
        """`progress_s`: how often the counts are read and told; 0: never."""
        self._store, self._run, self._progress_s, self._tell = store, run, progress_s, tell
        self._next_heartbeat = self._next_summary = 0.0

    def start(self, tick: Callable[[], None]) -> None:
        self._ticks = create_looping_call(tick)
        self._ticks.start(min(self._progress_s or HEARTBEAT_S, HEARTBEAT_S), now=False)

    def stop(self) -> None:
        self._ticks.stop()

    def beat(self, at: datetime) -> None:
        """What is due now. Raises StoreUnusable."""
        now = time.monotonic()
        if now >= self._next_heartbeat:
            self._store.heartbeat(self._run, at)
            self._next_heartbeat = now + HEARTBEAT_S
        if self._progress_s and now >= self._next_summary:
            summary = self._store.summary(self._run)
            # The counts are read from all rows: of many rows, seldom.
            self._next_summary = now + 20 * (time.monotonic() - now)
            self._tell(summary)
