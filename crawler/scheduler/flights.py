"""Rows in hand: handed out by the store and not yet sent, host by host; and sent, until their result is committed."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scrapy import Request

from crawler.store import Row


@dataclass(frozen=True, slots=True)
class Flight:
    """A row that was sent, and its request."""

    row: Row
    request: Request


class Flights:
    """At most `per_host` at a time of one host. Its length is the number that were sent."""

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._queue: dict[str, deque[Row]] = {}  # by host
        self._sent: dict[str, Flight] = {}  # by URL

    def __len__(self) -> int:
        return len(self._sent)

    def __iter__(self) -> Iterator[Flight]:
        return iter(self._sent.values())

    @property
    def queued(self) -> int:
        return sum(map(len, self._queue.values()))

    def queue(self, row: Row) -> None:
        self._queue.setdefault(row.host, deque()).append(row)

    def next_row(self) -> Row | None:
        """Out of the queue: the first of a host that may have another connection."""
        for host, rows in self._queue.items():
            if self._flying(host) < self._per_host:
                row = rows.popleft()
                if not rows:
                    del self._queue[host]
                return row
        return None

    def send(self, row: Row, request: Request) -> None:
        self._sent[row.url] = Flight(row, request)

    def of(self, url: str) -> Flight | None:
        return self._sent.get(url)

    def land(self, url: str) -> Flight | None:
        """It is in flight no more; what it was, None for one that was not."""
        return self._sent.pop(url, None)

    def busy_hosts(self) -> set[str]:
        """Those that have all the connections they may have, sent or about to be."""
        hosts = {*self._queue, *(flight.row.host for flight in self)}
        return {host for host in hosts if self._flying(host) + len(self._queue.get(host, ())) >= self._per_host}

    def _flying(self, host: str) -> int:
        return sum(flight.row.host == host for flight in self)


def request_for(row: Row, spider: Any) -> Request:
    """Conditional, where the store has a validator."""
    headers = {}
    if row.etag:
        headers["If-None-Match"] = row.etag
    if row.last_modified:
        headers["If-Modified-Since"] = row.last_modified
    return Request(
        row.url,
        callback=spider.read,
        errback=spider.failed,
        headers=headers,
        meta={"row": row},
        dont_filter=True,
    )
