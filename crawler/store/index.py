"""The archive's index as its readers see it: what `saved` asks, over a connection of its own."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection

from crawler.items import Link
from crawler.result import Saved
from crawler.store import Store, saved, sqlite


class SavedIndex:
    """The index in a store's database, with a connection of its own: it is asked for every page."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store._engine.connect().execution_options(begin="BEGIN")

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        if self._connection.in_transaction():
            yield self._connection
            return
        with sqlite.usable(self._store.path), self._connection.begin():
            yield self._connection

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Many questions to one state of the database: a transaction costs more than a question."""
        with self._read():
            yield

    def saved_like(self, url: str, digest: str | None) -> Saved | None:
        """The newest whole response of a URL: with this payload, or, for None, any that was found (200)."""
        with self._read() as db:
            return saved.like(db, url, digest)

    def with_digest(self, digest: str) -> Saved | None:
        """The oldest whole response of any URL with this payload."""
        with self._read() as db:
            return saved.with_digest(db, digest)

    def of_url(self, url: str, *, run_id: int | None = None) -> list[Saved]:
        """Oldest first; only of one run, if it is named."""
        with self._read() as db:
            return saved.of_url(db, url, run_id=run_id)

    def of_file(self, file: str) -> list[Saved]:
        """In the order of the file."""
        with self._read() as db:
            return saved.of_file(db, file)

    def saved_ends(self, prefix: str = "") -> dict[str, int]:
        """Files whose name starts with `prefix` -> where the last record in them ends."""
        with self._read() as db:
            return saved.ends(db, prefix)

    def runs(self) -> list[saved.SavedRun]:
        """Those with records, oldest first."""
        with self._read() as db:
            return saved.saved_runs(db)

    def seeds(self, run_id: int) -> list[Link]:
        """Where a run began, and what it looked at again."""
        with self._read() as db:
            return saved.seeds(db, run_id)

    def known(self, addresses: Collection[str]) -> set[str]:
        """Those that have a row."""
        with self._read() as db:
            return saved.known(db, addresses)

    def sources(self, *, site: str | None = None, since: datetime | None = None) -> Iterator[saved.Source]:
        """Of every article that is stored and archived, in the order of the files. `since`: by publication."""
        with self._read() as db:
            yield from saved.sources(db, site=site, since=since)

    def quarantined_sources(self, *, site: str | None = None) -> Iterator[saved.Source]:
        """The same of the pages in quarantine."""
        with self._read() as db:
            yield from saved.quarantined_sources(db, site=site)

    def packed(self, article_id: str) -> dict[str, Any] | None:
        """An article as `articles.pack` makes it: to compare two there is no need of objects."""
        with self._read() as db:
            return saved.packed(db, article_id)

    def comes_later(self, url: str, run_id: int) -> bool:
        """Whether a row waited when this run ended: it still waits, or a later run asked for it."""
        with self._read() as db:
            return saved.comes_later(db, url, run_id)

    def newest_source(self, id_or_url: str) -> saved.Source | None:
        """The newest whole record of an address, or of an article's."""
        with self._read() as db:
            return saved.newest_source(db, id_or_url)

    def article_count(self, *, site: str | None = None, since: datetime | None = None) -> int:
        """Stored articles, archived or not."""
        with self._read() as db:
            return saved.article_count(db, site=site, since=since)

    def newest(self) -> int:
        """A number that grows with every record."""
        with self._read() as db:
            return saved.newest(db)

    def part_sources(self, first_id: int) -> list[saved.Source]:
        """The newest record of each further page of an article, in their order; a page without one is left out."""
        with self._read() as db:
            return saved.part_sources(db, first_id)

    def drop(self, file: str, *, beyond: int = 0) -> int:
        """Forget the records of a file that end after `beyond`; how many."""
        with self._store._write() as db:
            return saved.drop(db, file, beyond=beyond)

    def move(self, file: str, to: str, places: Mapping[int, int]) -> None:
        """A file was written again as `to`: old offset -> new offset. What has no new place is forgotten."""
        with self._store._write() as db:
            saved.move(db, file, to, places)

    def add(self, records: Iterable[Saved]) -> None:
        """Records that no crawl of this database made."""
        with self._store._write() as db:
            saved.add(db, records)
