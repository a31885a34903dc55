"""Today's code over yesterday's pages: what it would make of every stored article, shown before it is stored."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TextIO

from crawler.archive import folder_for
from crawler.errors import CrawlerError, StoreUnusable
from crawler.items import State
from crawler.reextract.changes import Change
from crawler.reextract.page import html_page
from crawler.reextract.report import Report
from crawler.reextract.work import CHANGED, FOUND, NO_SITE, UNREAD, Outcome, Touched, Unit, Worker, quiet, units
from crawler.sites import load_site
from crawler.store import Store, Terms, holder_name
from crawler.store.index import SavedIndex
from crawler.store.revising import revise

__all__ = ["Options", "Report", "html_page", "run"]

UNIT: Final = 250  # pages: a second or two of work, a few hundred KB of answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One re-extraction."""

    db: Path
    archive: Path | None = None  # folder; None: beside the database
    site: str | None = None  # name, or path of a site file
    site_name: str | None = None  # as the database has it; None: `site`
    since: datetime | None = None  # by publication; undated articles are read, too
    apply: bool = False  # write new versions
    workers: int | None = None  # processes; None: one a core
    progress: Callable[[int], None] | None = None  # called with the number of pages that are done


def run(options: Options, *, now: datetime) -> Report:
    """Read every archived page again and compare with what is stored. Raises StoreUnusable, UnknownSite.

    What was done is noted beside the database: a run that was stopped goes on where it was, unless code, database or
    options are others.
    """
    started = time.monotonic()
    if options.site:
        load_site(options.site)  # here, so that one that is not known is said once and not by every process
    report = Report()
    with Store.open(options.db) as store, SavedIndex(store) as index, _notes(options, index) as (done, notes):
        for outcome in done.values():
            report.add(outcome)
        work = units(_sources(options, index), UNIT)
        todo = (unit for unit in work if unit.number not in done)
        for outcome in _alive(_in_processes(options, todo)):
            if options.apply:
                report.applied += _apply(store, outcome, now)
            _note(notes, outcome)
            report.add(outcome)
            if options.progress is not None:
                options.progress(sum(report.counts.values()))
        report.missing = max(0, index.article_count(site=_name(options), since=options.since) - _read(report))
    report.seconds = time.monotonic() - started
    return report


def _read(report: Report) -> int:
    return report.articles + report.counts[UNREAD] + report.counts[NO_SITE]


def _name(options: Options) -> str | None:
    return options.site_name or options.site


def _sources(options: Options, index: SavedIndex) -> Iterator[Any]:
    site = _name(options)
    return chain(index.sources(site=site, since=options.since), index.quarantined_sources(site=site))


def _in_processes(options: Options, todo: Iterator[Unit]) -> Iterator[Outcome]:
    """Outcomes as they come, with no more units in hand than keep the processes busy."""
    worker = Worker(options.db, options.archive or folder_for(options.db), options.site, options.apply)
    count = options.workers or os.cpu_count() or 1
    # Not fork: this process holds database connections, which a child must not share.
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        pending: set[Future[Outcome]] = set()
        for unit in todo:
            pending.add(pool.submit(worker, unit))
            if len(pending) > 2 * count:
                ended, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ended)
        while pending:
            ended, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ended)


def _alive(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """The same, as long as every process lives. Raises CrawlerError."""
    try:
        yield from outcomes
    except BrokenProcessPool as error:
        raise CrawlerError("a process died, of memory most likely; the same command goes on where it was") from error


def _apply(store: Store, outcome: Outcome, now: datetime) -> int:
    """Store what changed, and what was found in quarantine; how many."""
    results = [(touched, touched.result) for touched in outcome.touched if touched.result is not None]
    changed = [result.article for touched, result in results if touched.outcome == CHANGED and result.article]
    applied = revise(store, changed, now=now)
    found: dict[str, list[Any]] = {}
    for touched, result in results:
        if touched.outcome == FOUND:
            found.setdefault(result.site, []).append(result)
    for site, articles in found.items():
        live = store.begin_run(site, command="reextract", now=now, holder=holder_name(), terms=Terms(alone=True))
        settled = store.settle(live, articles, now=now)
        store.end_run(live, now=now, requests=0, bytes=0, reason="finished")
        applied += sum(one.state is State.STORED for one in settled)
    return applied


# Progress --------------------------------------------------------------------------------------------------------


@contextmanager
def _notes(options: Options, index: SavedIndex) -> Iterator[tuple[dict[int, Outcome], TextIO]]:
    """What an earlier run did of the same work, and the file to go on with; gone once all is done."""
    path = options.db.with_suffix(".reextract.jsonl")
    key = _key(options, index)
    done = _read_notes(path, key)
    try:
        file = path.open("a" if done else "w", encoding="utf-8")
    except OSError as error:
        raise StoreUnusable(f"{path}: {error.strerror}") from error
    with file:
        if not done:
            file.write(json.dumps({"key": key}) + "\n")
            file.flush()
        yield done, file
    path.unlink(missing_ok=True)


def _key(options: Options, index: SavedIndex) -> str:
    """Changes when the code does, the archive, or what is asked for."""
    seen = hashlib.sha256(repr((options.site, options.since, options.apply, index.newest())).encode())
    package = Path(__file__).parents[1]
    for source in sorted(package.rglob("*.py")):
        seen.update(source.read_bytes())
    return seen.hexdigest()


def _note(notes: TextIO, outcome: Outcome) -> None:
    touched = [asdict(one) for one in quiet(outcome.touched)]
    notes.write(json.dumps({"number": outcome.number, "counts": outcome.counts, "touched": touched}) + "\n")
    notes.flush()


def _read_notes(path: Path, key: str) -> dict[int, Outcome]:
    """Units that were done. A last line that was not finished is left out."""
    if not path.exists():
        return {}
    first, *lines = path.read_text("utf-8").split("\n")
    if first != json.dumps({"key": key}):
        return {}
    done = {}
    for line in lines:
        try:
            packed = json.loads(line)
        except ValueError:
            continue
        outcome = Outcome(packed["number"], packed["counts"], [_touched(one) for one in packed["touched"]])
        done[outcome.number] = outcome
    return done


def _touched(packed: dict[str, Any]) -> Touched:
    found = tuple(
        Change(one["field"], one["kind"], tuple((line[0], line[1]) for line in one["lines"]))
        for one in packed["changes"]
    )
    return Touched(**packed | {"changes": found, "result": None})
