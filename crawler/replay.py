"""Crawls again what an archive holds, through the code of a crawl and without network.

A database with its archive is replayed run by run. Of anybody's WARC files all pages of known sites are read; what they
lead to and the files do not hold ends as refused: not archived.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from crawler.archive import folder_for
from crawler.archive.fetch import Fetch
from crawler.archive.reader import read, warc_files
from crawler.archive.scan import Trouble
from crawler.crawl import CrawlOptions, run_crawls
from crawler.errors import BadField, CrawlerError
from crawler.items import Kind, Link
from crawler.result import Saved
from crawler.site import Site
from crawler.sites import site_at, site_named
from crawler.spiders.replaying import replaying
from crawler.store import Store, Summary
from crawler.store.index import SavedIndex
from crawler.store.saved import SavedRun
from crawler.urls import host_of

_SQLITE: Final = b"SQLite format 3\0"
_HANDLER: Final = "crawler.middlewares.replay.FromArchive"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to."""

    summaries: tuple[Summary, ...]  # the last run of each site
    trouble: Trouble = field(default_factory=Trouble)  # what could not be read
    skipped: Counter[str] = field(default_factory=Counter)  # records that no site claims, by reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One replay."""

    path: Path  # a database, a WARC file, or a folder of WARC files
    archive: Path | None = None  # of a database: its folder; None: beside it
    db: Path | None = None  # where to; None: nowhere, only `output`
    output: Path | None = None  # JSON lines of the articles
    sites: tuple[Site, ...] = ()  # of the user's own
    progress: Callable[[Summary], None] | None = None


def is_archive(path: Path) -> bool:
    """Whether `run` can replay what is there: a database, a WARC file, a folder with WARC files."""
    if path.is_dir():
        return bool(warc_files(path))
    return _start(path).startswith((_SQLITE, b"\x1f\x8b", b"WARC/", b"filedesc:"))


def run(options: Options) -> Replayed:
    """Once per process, as a crawl is. Raises CrawlerError."""
    replayed = _database if _start(options.path) == _SQLITE else _files
    with tempfile.TemporaryDirectory(prefix="newscrawl-") as scratch:
        return replayed(options, Path(scratch))


def _start(path: Path) -> bytes:
    """The first bytes of a file; none of what is no file."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(len(_SQLITE))


# A database with its archive ------------------------------------------------------------------------------------------


def _database(options: Options, scratch: Path) -> Replayed:
    if options.db is not None and options.db.exists() and options.db.samefile(options.path):
        raise CrawlerError(f"{options.path} cannot be replayed into itself: name another database with --db")
    folder = options.archive or folder_for(options.path)
    with Store.open(options.path) as store, SavedIndex(store) as index:
        runs = index.runs()
        if not runs:
            raise CrawlerError(f"{options.path} has no archive: it was crawled without one, or all of it was pruned")
        crawls = [_again(options, scratch, index, one, folder) for one in runs]
        return Replayed(_last(run_crawls(crawls, in_turn=True)))


def _again(options: Options, scratch: Path, index: SavedIndex, one: SavedRun, folder: Path) -> CrawlOptions:
    settings = {
        "REPLAY_INDEX": str(options.path),
        "REPLAY_FOLDER": str(folder),
        "REPLAY_RUN": one.id,
        "REPLAY_FROM": one.first_at.isoformat(),
        "REPLAY_UNTIL": one.last_at.isoformat(),
    }
    one_site = _SiteReplay(_site(options, one.site), index.seeds(one.id), settings, index.known, one.command)
    return _options(options, scratch, one_site)


def _site(options: Options, name: str) -> Site:
    return next((site for site in options.sites if site.name == name), None) or site_named(name)


# WARC files -----------------------------------------------------------------------------------------------------------


def _files(options: Options, scratch: Path) -> Replayed:
    files = warc_files(options.path)
    if not files:
        raise CrawlerError(f"{options.path}: no such file, or no WARC file in this folder")
    trouble, skipped = Trouble(), Counter[str]()
    contents = _Contents(options.sites, skipped)
    index_path = scratch / "index.db"
    with Store.open(index_path) as store, SavedIndex(store) as index:
        unfolded = scratch / "unfolded"
        unfolded.mkdir()
        index.add(contents.records(fetch for file in files for fetch in read(file, trouble, scratch=unfolded)))
        settings = {
            "REPLAY_INDEX": str(index_path),
            "REPLAY_FOLDER": "/",
            "REPLAY_RUN": 0,
            "REPLAY_FROM": contents.first_at.isoformat(),
            "REPLAY_UNTIL": contents.last_at.isoformat(),
        }
        crawls = [_options(options, scratch, _SiteReplay(site, links, settings)) for site, links in contents.links()]
        summaries = run_crawls(crawls, in_turn=True) if crawls else ()
    return Replayed(_last(summaries), trouble, skipped)


class _Contents:
    """What WARC files hold: pages of the forms that a site's file knows, and every HTML page of other sites."""

    def __init__(self, sites: Sequence[Site], skipped: Counter[str]) -> None:
        self._own, self._skipped = sites, skipped
        self._links: dict[str, dict[str, Link]] = {}  # site -> URL -> link
        self._sites: dict[str, Site] = {}
        self.first_at, self.last_at = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)

    def records(self, fetches: Iterator[Fetch]) -> Iterator[Saved]:
        """Index entries of what the files hold."""
        for fetch in fetches:
            try:
                site = self._site(fetch.url)
                url = site.canonical(fetch.url)
            except BadField:
                self._skipped["no web address"] += 1
                continue
            self._note(site, url, fetch)
            yield Saved(
                url=url,
                at=fetch.at,
                type="response" if fetch.type == "resource" else fetch.type,
                status=fetch.status,
                file=str(fetch.file.absolute()),
                offset=fetch.offset,
                length=fetch.length,
                digest=fetch.digest,
            )

    def links(self) -> Iterator[tuple[Site, list[Link]]]:
        for name, links in self._links.items():
            yield self._sites[name], list(links.values())
        if not self._links:
            self._skipped["nothing to replay"] += 1

    def _site(self, url: str) -> Site:
        host = host_of(url)
        return next((site for site in self._own if site.has_host(host)), None) or site_at(url)

    def _note(self, site: Site, url: str, fetch: Fetch) -> None:
        kind = _kind(site, url, fetch)
        self.first_at, self.last_at = min(self.first_at, fetch.at), max(self.last_at, fetch.at)
        if kind is None:
            if not url.endswith("/robots.txt"):
                self._skipped["no page of its site"] += 1
            return
        self._sites[site.name] = site
        category = site.facts(url).get("category", "")
        self._links.setdefault(site.name, {}).setdefault(url, Link(url, kind, category=category))


def _kind(site: Site, url: str, fetch: Fetch) -> Kind | None:
    if (kind := site.kind_of(url)) is not None:
        return kind
    if not site.article_url and not url.endswith("/robots.txt"):
        # Nobody described it: what a page is, its content tells. A revisit has the type of what it repeats.
        return Kind.ARTICLE if "html" in fetch.headers.get("content-type", "html") else None
    listings = {site.canonical(start) for start in (*site.entries, *site.categories.values())}
    return Kind.LISTING if url in listings else None


# Both -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _SiteReplay:
    """What of one site is replayed."""

    site: Site
    seeds: Sequence[Link]
    settings: Mapping[str, Any]  # where the answers are, and the time they are of
    known: Callable[[Sequence[str]], set[str]] | None = None  # the addresses that are followed; None: all
    command: str = "replay"


def _options(options: Options, scratch: Path, one_site: _SiteReplay) -> CrawlOptions:
    """A crawl whose answers come from the archive, and whose clock is that of the records."""
    handlers = {"http": _HANDLER, "https": _HANDLER, "data": None, "file": None, "ftp": None, "s3": None}
    return CrawlOptions(
        site=one_site.site,
        db=options.db or scratch / "replayed.db",
        command=one_site.command,
        no_archive=True,
        output=options.output,
        delay_s=0.0,
        progress=options.progress,
        walk=lambda site: replaying(site, one_site.seeds, one_site.known),
        settings={
            **one_site.settings,
            "SCHEDULER": "crawler.scheduler.replaying.Replaying",
            "DOWNLOAD_HANDLERS": handlers,
            "EXTENSIONS": {},  # nobody is asked, so nothing needs a contact
        },
    )


def _last(summaries: Sequence[Summary]) -> tuple[Summary, ...]:
    """Of each site the last."""
    return tuple({summary.site: summary for summary in summaries}.values())
