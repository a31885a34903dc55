"""The item pipelines: CleanBody, StripTail, Normalise, Store. Each calls one function of a lower room."""

import asyncio
import logging
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from scrapy.exceptions import DropItem
from scrapy.exporters import BaseItemExporter

from crawler import path
from crawler.errors import CrawlerError
from crawler.export.jsonl import line
from crawler.items import Article
from crawler.result import PageResult
from crawler.store import Settled

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_log = logging.getLogger(__name__)


class CleanBody:
    """Junk, share bars, hidden nodes: out of the body."""

    def process_item(self, item: PageResult) -> PageResult:
        return item.through(path.clean_body)


class StripTail:
    """Back links, share link, source and editor lines: out of the body, into fields."""

    def process_item(self, item: PageResult) -> PageResult:
        return item.through(path.strip_tail)


class Normalise:
    """Text, dates, renderings, hash; an article without a required field ends here, in quarantine."""

    def process_item(self, item: PageResult) -> PageResult:
        return item.through(path.normalise)


@runtime_checkable
class Ledger(Protocol):
    """What Store needs of the frontier."""

    @property
    def in_flight(self) -> int: ...

    def settle(self, results: Sequence[PageResult]) -> list[Settled]: ...


class Store:
    """Commits each page in one transaction: article, links as rows, its own state. What comes out is an Article.

    Pages are committed in groups: all that are in flight, or what came within `group_s`. A page waits here until it
    is committed, so it stays in flight until then.
    """

    def __init__(self, crawler: "Crawler", group_s: float) -> None:
        self._crawler = crawler
        self._group_s = group_s
        self._waiting: list[tuple[PageResult, asyncio.Future[Settled]]] = []
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler, crawler.settings.getfloat("GROUP_S"))

    def open_spider(self) -> None:
        ledger: Any = self._crawler.engine.scheduler
        if not isinstance(ledger, Ledger):
            raise CrawlerError("SCHEDULER is not the frontier of newscrawl: nothing could be stored")
        self._ledger = ledger

    async def process_item(self, item: PageResult) -> Article:
        item.close()
        loop = asyncio.get_running_loop()
        committed: asyncio.Future[Settled] = loop.create_future()
        self._waiting.append((item, committed))
        if len(self._waiting) >= self._ledger.in_flight:
            self._commit()
        elif self._timer is None:
            self._timer = loop.call_later(self._group_s, self._commit)
        settled = await committed
        _log.debug("%s %s %s", settled.state, item.url, settled.reason)
        if settled.article is None:
            raise DropItem(settled.state)
        return settled.article

    def _commit(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        try:
            settled = self._ledger.settle([item for item, _ in waiting])
        except BaseException as error:
            for _, committed in waiting:
                committed.set_exception(error)
            if not isinstance(error, CrawlerError):
                raise
        else:
            for (_, committed), one in zip(waiting, settled, strict=True):
                committed.set_result(one)


class ArticleLines(BaseItemExporter):
    """Scrapy's feed of articles: JSON lines, as `newscrawl export jsonl` writes them."""

    def __init__(self, file: IO[bytes], **kwargs: Any) -> None:
        super().__init__(dont_fail=True, **kwargs)
        self._file = file

    def export_item(self, item: Any) -> None:
        self._file.write(line(item).encode() + b"\n")
