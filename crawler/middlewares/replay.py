"""The download handler of a replay: answers come from an archive, and nothing goes to the network."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.archive.fetch import Fetch, Unreadable
from crawler.archive.reader import read_at
from crawler.items import Kind, State
from crawler.result import Saved
from crawler.store import Row, Store
from crawler.store.index import SavedIndex

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

# What was true of the body on the wire. The archive holds it decoded.
_OF_THE_WIRE = ("content-encoding", "transfer-encoding")


class Ended(IgnoreRequest):
    """A request that has no answer to give: it ends in `state`, with the message as its reason."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state = state


class FromArchive:
    """http and https. A URL's records are handed out one after another, in the order in which they were made.

    With REPLAY_RUN only those of one run; a robots.txt that this run had no need to ask for is that of an earlier one.
    """

    lazy = False

    def __init__(self, crawler: "Crawler") -> None:
        settings = crawler.settings
        self._store = Store.open(settings.get("REPLAY_INDEX"))
        self._index = SavedIndex(self._store)
        self._folder = Path(settings.get("REPLAY_FOLDER"))
        self._run_id = settings.getint("REPLAY_RUN") or None
        self._given: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "FromArchive":
        return cls(crawler)

    async def download_request(self, request: "Request") -> Response:
        row = cast(Row, request.meta["row"])
        saved = self._next(row)
        if saved is None and row.kind is Kind.ROBOTS:
            return Response(request.url, status=404, request=request)  # it was crawled, so it was allowed
        if saved is None:
            raise Ended(State.REFUSED, "not archived")
        fetch = self._read(saved)
        request.meta["fetched_at"] = fetch.at
        if fetch.status is None:
            raise Ended(State(fetch.state), fetch.reason)
        body = self._body(fetch, saved)
        return Response(request.url, status=fetch.status, headers=_headers(fetch), body=body, request=request)

    async def close(self) -> None:
        self._index.close()
        self._store.close()

    def _next(self, row: Row) -> Saved | None:
        records = self._index.of_url(row.url, run_id=self._run_id)
        if not records and row.kind is Kind.ROBOTS:
            return next(iter(self._index.of_url(row.url)), None)
        number = self._given[row.url]
        self._given[row.url] += 1
        return records[number] if number < len(records) else None

    def _read(self, saved: Saved) -> Fetch:
        try:
            return read_at(self._folder / saved.file, saved.offset)
        except (Unreadable, OSError) as error:
            raise Ended(State.REFUSED, "archive cannot be read") from error

    def _body(self, fetch: Fetch, saved: Saved) -> bytes:
        """Of a revisit that is not a 304 the body stands in an earlier record."""
        if fetch.type != "revisit" or fetch.status == 304:
            return fetch.body
        same = self._index.saved_like(saved.url, saved.digest)
        if same is None and saved.digest:
            same = self._index.with_digest(saved.digest)  # another program's revisit, of another URL
        if same is None:
            raise Ended(State.REFUSED, "not archived")
        return self._read(same).body


def _headers(fetch: Fetch) -> dict[str, bytes]:
    return {name: _bytes(value) for name, value in fetch.headers.items() if name not in _OF_THE_WIRE}


def _bytes(value: str) -> bytes:
    """A header as it was on the wire, where we know; the walk reads headers as Latin-1."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")
