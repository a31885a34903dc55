"""One unit of re-extraction: a range of one file, read by one process."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from crawler.archive.fetch import Unreadable
from crawler.archive.reader import read_own
from crawler.errors import CrawlerError, UnknownSite
from crawler.items import Article, Kind, State
from crawler.page import Page
from crawler.path import join_parts, process
from crawler.reextract.changes import Change, changes
from crawler.result import PageResult
from crawler.site import Site
from crawler.sites import load_site, site_named
from crawler.store import Store
from crawler.store.articles import pack
from crawler.store.index import SavedIndex
from crawler.store.saved import Source

UNCHANGED: Final = "unchanged"
CHANGED: Final = "changed"
LOST: Final = "lost"  # an article that today's code does not make
FOUND: Final = "found"  # a page in quarantine that today's code makes an article of
STILL: Final = "still in quarantine"
NO_SITE: Final = "no site file"
UNREAD: Final = "not in the archive"


@dataclass(frozen=True, slots=True)
class Unit:
    """Sources that stand one after another in a file."""

    number: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """An article that today's code would make otherwise."""

    id: str
    site: str
    url: str
    title: str
    outcome: str  # changed, lost, found
    changes: tuple[Change, ...] = ()
    reason: str = ""  # of a lost one
    result: PageResult | None = None  # what would be stored, where it is to be stored


@dataclass(slots=True)
class Outcome:
    """What became of a unit."""

    number: int
    counts: dict[str, int] = field(default_factory=dict)
    touched: list[Touched] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Worker:
    """What a process must know; small, since it goes with every unit."""

    db: Path
    archive: Path
    site: str | None  # name, or path of a site file
    keep: bool  # whether the new articles are wanted, too

    def __call__(self, unit: Unit) -> Outcome:
        """Read each page again and compare. Raises StoreUnusable."""
        outcome = Outcome(unit.number)
        with Store.open(self.db) as store, SavedIndex(store) as index, index.at_rest():
            for source in unit.sources:
                touched = self._one(index, source, outcome.counts)
                if touched is not None:
                    outcome.touched.append(touched)
        return outcome

    def _one(self, index: SavedIndex, source: Source, counts: dict[str, int]) -> Touched | None:
        try:
            result = self._again(index, source)
        except (Unreadable, OSError):
            counts[UNREAD] = counts.get(UNREAD, 0) + 1
            return None
        except UnknownSite:
            counts[NO_SITE] = counts.get(NO_SITE, 0) + 1
            return None
        stored = index.packed(source.article_id) if source.article_id else None
        touched = _compared(source, stored, result)
        name = touched.outcome if touched else UNCHANGED if stored else STILL
        counts[name] = counts.get(name, 0) + 1
        if touched is None:
            return None
        return _slim(touched, keep=self.keep)

    def _again(self, index: SavedIndex, source: Source) -> PageResult:
        """What today's code says of the page. Raises Unreadable, UnknownSite, OSError."""
        site = load_site(self.site) if self.site else site_named(source.site)
        result = process(site, self._page(index, source), url=source.url, kind=source.kind, category=source.category)
        if result.article is not None and any(link.kind is Kind.PART for link in result.links):
            self._join(index, source, site, result)
        return result

    def _join(self, index: SavedIndex, source: Source, site: Site, result: PageResult) -> None:
        """An article of several pages, as the store makes it whole."""
        further = [self._part(index, part, site) for part in index.part_sources(source.url_id)]
        if result.article is None or not further:
            return
        try:
            result.article = join_parts(result.article, further)
        except CrawlerError as error:
            result.state, result.reason = State.QUARANTINED, f"{type(error).__name__}: {error}"

    def _part(self, index: SavedIndex, source: Source, site: Site) -> Article | None:
        page = self._page(index, source)
        result = process(site, page, url=source.url, kind=Kind.PART, category=source.category)
        return result.article if result.state is State.PART else None

    def _page(self, index: SavedIndex, source: Source) -> Page:
        fetch = read_own(self.archive / source.file, source.offset, source.length)
        page = fetch.page(source.url)
        if fetch.type == "revisit" and (same := index.saved_like(source.url, source.digest)):
            page.body = read_own(self.archive / same.file, same.offset, same.length).body
        return page


def _compared(source: Source, stored: Mapping[str, Any] | None, result: PageResult) -> Touched | None:
    new = result.article if result.state is State.STORED else None
    if stored is None:
        if new is None:
            return None
        return Touched(new.id, source.site, source.url, new.title, FOUND, result=result)
    if new is None:
        reason = result.reason or str(result.state)
        return Touched(stored["id"], source.site, source.url, stored["title"], LOST, reason=reason)
    if new.story_id == new.id:  # no story that the site tells of: the store finds twins by their text
        new = result.article = replace(new, story_id=stored["story_id"])
    found = tuple(changes(stored, pack(new)))
    return Touched(new.id, source.site, source.url, stored["title"], CHANGED, found, result=result) if found else None


def _slim(touched: Touched, *, keep: bool) -> Touched:
    """Without trees and bytes: it goes to another process."""
    result = touched.result
    if result is not None and keep:
        result = PageResult(
            result.site, result.url, result.kind, result.state, category=result.category, article=result.article
        )
    return Touched(
        touched.id, touched.site, touched.url, touched.title, touched.outcome, touched.changes, touched.reason,
        result if keep else None,
    )  # fmt: skip


def units(sources: Iterator[Source], size: int) -> Iterator[Unit]:
    """Ranges of at most `size` sources, none over two files."""
    batch: list[Source] = []
    number = 0
    for source in sources:
        if batch and (len(batch) >= size or source.file != batch[0].file):
            yield Unit(number, tuple(batch))
            number, batch = number + 1, []
        batch.append(source)
    if batch:
        yield Unit(number, tuple(batch))


def quiet(results: Sequence[Touched]) -> list[Touched]:
    """For a record of progress: what is told, without what would be stored."""
    return [_slim(touched, keep=False) for touched in results]
