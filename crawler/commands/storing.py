"""Which database a command works on, and how results that were not crawled come into it."""

import shlex
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.commands.terminal import program
from crawler.errors import StoreUnusable
from crawler.items import Article
from crawler.path import join_parts
from crawler.result import PageResult
from crawler.store import Run, Store, Summary, holder_name

DEFAULT = Path("news.db")


def database(args: Namespace, *, must_exist: bool = False) -> Path:
    """The path that was named, else news.db. Raises StoreUnusable where a reader would make an empty one."""
    path: Path = args.db or DEFAULT
    if must_exist and not path.exists():
        raise StoreUnusable(f"{path}: no such database; name it with --db PATH, or make one: newscrawl demo")
    return path


@contextmanager
def result_place(args: Namespace) -> Iterator[tuple[Path, str]]:
    """Where a run stores, and what to tell of it. Articles that go to a file need no database that was not named."""
    if args.output and args.db is None:
        with TemporaryDirectory(prefix="newscrawl-") as folder:
            yield Path(folder, "news.db"), ""
    else:
        yield database(args), how_to_look(args)


def how_to_look(args: Namespace) -> str:
    """The next command that a person types."""
    return f"look at it: {look(args, 'show')}"


def look(args: Namespace, command: str) -> str:
    """A command that reads the database of this one."""
    place = f" --db {shlex.quote(str(args.db))}" if args.db else ""
    return f"{program()} {command}{place}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of results in the store."""

    summaries: tuple[Summary, ...]
    articles: tuple[Article, ...]  # new and changed ones, in the order they came


def keep(db: Path, results: Iterable[PageResult], *, command: str) -> Kept:
    """Commit results one by one, in one run per site. Raises StoreUnusable."""
    runs: dict[str, Run] = {}
    articles: list[Article] = []
    with Store.open(db, join=join_parts) as store:
        try:
            for result in results:
                now = datetime.now(UTC)
                if result.site not in runs:
                    runs[result.site] = store.begin_run(result.site, command=command, now=now, holder=holder_name())
                settled = store.settle(runs[result.site], [result], now=now)
                articles += [one.article for one in settled if one.article is not None]
            summaries = tuple(store.summary(run) for run in runs.values())
        finally:
            for run in runs.values():
                store.end_run(run, now=datetime.now(UTC), requests=0, bytes=0, reason="finished")
        return Kept(summaries, tuple(articles))
