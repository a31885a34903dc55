"""Runs crawls in this process: the one entry that the command line and the demo call."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from crawler.site import Site
from crawler.store import Summary

if TYPE_CHECKING:
    from asyncio import Task

    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings

    from crawler.spiders import Walk

PROGRESS_S = 0.5


@dataclass(frozen=True, kw_only=True)
class CrawlOptions:
    """One run of one site."""

    site: Site
    db: Path
    command: str = "crawl"  # what the run is called in the database
    categories: tuple[str, ...] = ()  # slugs or printed names; none: the whole site
    urls: tuple[str, ...] = ()  # only these pages, and the articles on those that are listings
    limit: int | None = None  # articles stored, new or changed
    since: datetime | None = None  # aware; by publication, undated articles are kept
    recheck: timedelta | None = None  # articles that were not fetched for this long are looked at again
    listings: frozenset[str] | None = None  # addresses of the listings that are read again; None: all
    limit_fetched: bool = False  # the limit counts articles that were fetched, whatever became of them
    archive: Path | None = None  # folder of WARC files; None: beside the database
    no_archive: bool = False  # keep nothing but what is stored
    output: Path | None = None  # JSON lines of the articles that were stored; "-": standard output
    contact: str | None = None  # URL or mail address
    delay_s: float | None = None  # None: as the site's file says
    connect_to: tuple[str, ...] = ()  # HOST:PORT:ADDR:PORT
    allow_private: tuple[str, ...] = ()  # hosts
    record_to: Path | None = None  # folder of a site's cases; what is fetched is saved there
    log_file: Path | None = None
    log_level: str | None = None  # without a log file: to stderr; None and no log file: no log
    progress: Callable[[Summary], None] | None = None  # called at most twice a second
    walk: "Callable[[Site], type[Walk]] | None" = None  # None: the walk of a crawl
    settings: Mapping[str, Any] = field(default_factory=dict)  # above those of settings.py


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, or a kind signal: what was in hand is stored."""

    def __init__(self, summaries: tuple[Summary, ...]) -> None:
        super().__init__("stopped")
        self.summaries = summaries


def run_crawl(options: CrawlOptions) -> Summary:
    """Crawl one site. Raises CrawlerError, Interrupted. Once per process: Twisted's reactor runs once."""
    return run_crawls([options])[0]


def run_crawls(several: Sequence[CrawlOptions], *, in_turn: bool = False) -> tuple[Summary, ...]:
    """Crawl several sites at the same time, or one after another, each as its own run.

    Raises as `run_crawl`, after all have ended; in turn, what follows one that failed is not begun.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    for output in {one.output for one in several if one.output and str(one.output) != "-"}:
        output.write_bytes(b"")
    shared = _shared(several)
    process = AsyncCrawlerProcess(_settings(shared))
    crawlers = [_crawler(one, shared) for one in several]
    tasks = _begin(process, list(zip(crawlers, several, strict=True)), in_turn=in_turn)
    process.start()
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
    return _outcome(crawlers[: len(tasks)])


def _begin(
    process: "AsyncCrawlerProcess", pairs: "list[tuple[Crawler, CrawlOptions]]", *, in_turn: bool
) -> "list[Task[None]]":
    """The tasks of the crawls: all of them, or the first, and each other as soon as the one before has ended well."""
    tasks: list[Task[None]] = []

    def begin_next(ended: "Task[None] | None" = None) -> None:
        crawler, one = pairs[len(tasks)]
        if ended is not None and (ended.cancelled() or ended.exception() or not _ended_well(pairs[len(tasks) - 1][0])):
            return
        tasks.append(process.crawl(crawler, category=one.categories, url=one.urls))
        if in_turn and len(tasks) < len(pairs):
            tasks[-1].add_done_callback(begin_next)

    for _ in pairs[: 1 if in_turn else None]:
        begin_next()
    return tasks


def _ended_well(crawler: "Crawler") -> bool:
    from crawler.scheduler import ERROR, REASON

    stats = crawler.stats
    return stats.get_value(ERROR) is None and stats.get_value(REASON) != "shutdown"


def _outcome(crawlers: "Sequence[Crawler]") -> tuple[Summary, ...]:
    from crawler.scheduler import ERROR, REASON, SUMMARY

    for crawler in crawlers:
        if (error := crawler.stats.get_value(ERROR)) is not None:
            raise cast(BaseException, error)
    summaries = tuple(crawler.stats.get_value(SUMMARY) for crawler in crawlers)
    if any(crawler.stats.get_value(REASON) == "shutdown" for crawler in crawlers):
        raise Interrupted(tuple(summary for summary in summaries if summary is not None))
    return summaries


def _crawler(options: CrawlOptions, shared: dict[str, Any]) -> "Crawler":
    from scrapy.crawler import Crawler

    from crawler.scheduler import progressed
    from crawler.spiders import spider_for

    walk = options.walk or spider_for
    crawler = Crawler(walk(options.site), _settings(shared | _changes(options) | dict(options.settings)))
    if options.progress is not None:
        show = options.progress

        def tell(summary: Summary) -> None:
            show(summary)

        crawler.signals.connect(tell, signal=progressed, weak=False)
    return crawler


def _shared(several: Sequence[CrawlOptions]) -> dict[str, Any]:
    """The settings of the process: log, and the resolver's."""
    first = several[0]
    return {
        "CONNECT_TO": tuple({text for one in several for text in one.connect_to}),
        "ALLOW_PRIVATE": tuple({host for one in several for host in one.allow_private}),
        "LOG_ENABLED": first.log_file is not None or first.log_level is not None,
        "LOG_FILE": str(first.log_file) if first.log_file else None,
        "LOG_LEVEL": first.log_level or "INFO",
    }


def _changes(options: CrawlOptions) -> dict[str, Any]:
    return {
        "DB": str(options.db),
        "ARCHIVE": "" if options.no_archive else str(options.archive) if options.archive else None,
        "COMMAND": options.command,
        "LIMIT": options.limit or 0,
        "LIMIT_FETCHED": options.limit_fetched,
        "LISTINGS": None if options.listings is None else sorted(options.listings),
        "SINCE": options.since.isoformat() if options.since else "",
        "RECHECK_S": options.recheck.total_seconds() if options.recheck else 0.0,
        "CONTACT": options.contact or "",
        "DELAY_S": options.delay_s,
        "CONNECT_TO": options.connect_to,
        "ALLOW_PRIVATE": options.allow_private,
        "RECORD_TO": str(options.record_to) if options.record_to else "",
        "PROGRESS_S": PROGRESS_S if options.progress else 0.0,
        "FEEDS": dict(_feeds(options.output)),
    }


def _feeds(output: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if output is not None:
        place = "stdout:" if str(output) == "-" else output.absolute().as_uri()
        yield place, {"format": "jsonl", "overwrite": False}


def _settings(changes: dict[str, Any]) -> "Settings":
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(changes, priority="cmdline")
    return settings
