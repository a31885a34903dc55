"""The archive that a crawl writes: every exchange with a server, in files of one site, day and size."""

import errno
import logging
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from io import FileIO
from pathlib import Path
from typing import Final, Protocol, Self

from crawler.archive.records import Serialiser, digest, may_keep
from crawler.errors import StoreUnusable
from crawler.result import PageResult, Saved

_CHECK_EVERY: Final = 16 * 1024 * 1024  # bytes between two looks at the disk
_SUFFIX: Final = ".warc.gz"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is written, to a file and to the disk."""

    file_bytes: int = 256 * 1024 * 1024  # of a file, before the next is begun
    free_bytes: int = 500 * 1024 * 1024  # left on the disk for the database and for others


LIMITS: Final = Limits()


class Index(Protocol):
    """What the archive asks of the store's index."""

    def saved_ends(self, prefix: str) -> Mapping[str, int]:
        """Files whose name starts with `prefix` -> where their last indexed record ends."""

    def saved_like(self, url: str, digest: str | None) -> Saved | None:
        """The newest record of type response of this URL, with this payload unless None."""


def folder_for(database: Path) -> Path:
    """`news.db` -> `news.archive`, beside it."""
    return database.with_suffix(".archive")


class Archive:
    """One writer for one site; the site's run holds the lease, so there is no other.

    A record is in the file before the transaction that indexes it. What a killed process wrote beyond its last
    transaction is cut off when the next one starts.
    """

    def __init__(
        self,
        folder: Path,
        site: str,
        index: Index,
        *,
        software: str = "newscrawl",
        limits: Limits = LIMITS,
    ) -> None:
        """Makes the folder and cuts its files back. Raises StoreUnusable when it cannot be written.

        `software`: name and version, for the first record of a file.
        """
        self._software = software
        self._folder, self._index = folder, index
        self._prefix = re.sub(r"[^A-Za-z0-9_-]", "_", site)
        self._limits = limits
        self._serialiser = Serialiser()
        self._file: FileIO | None = None
        self._name = ""
        self._offset = self._unchecked = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._ends = dict(index.saved_ends(f"{self._prefix}-"))
            self.notes = cut_back(folder, self._ends)
        except OSError as error:
            raise StoreUnusable(f"{folder}: the archive cannot be written: {error.strerror}") from error
        for note in self.notes:
            logger.warning(note)
        self._guard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, result: PageResult, *, now: datetime) -> Saved | None:
        """Append what was sent and what came; None for a URL that was never asked for. Raises StoreUnusable.

        `now` dates a failure, and decides the day's file; a response is dated by itself.
        """
        if result.page is None and not result.request_headers:
            return None
        at = result.page.fetched_at if result.page else now
        payload = digest(result.page.body) if result.page and may_keep(result.page) else None
        same = self._same(result, payload)
        request, answer, type_ = self._serialiser.exchange(result, at, payload, same)
        try:
            file = self._open(now)
        except OSError as error:
            raise StoreUnusable(f"{self._folder}: no new file can be made: {error.strerror}") from error
        offset = self._append(file, request, answer)
        status = result.page.status if result.page else None
        return Saved(result.url, at, type_, status, self._name, offset, len(answer), same.digest if same else payload)

    def _same(self, result: PageResult, payload: str | None) -> Saved | None:
        """An earlier response of the same URL that this one need not repeat."""
        page = result.page
        if page is None or payload is None or not self._ends:  # the first crawl of a site has nothing to compare with
            return None
        if page.status == HTTPStatus.NOT_MODIFIED:
            return self._index.saved_like(result.url, None)
        return self._index.saved_like(result.url, payload) if page.body else None

    def _append(self, file: FileIO, request: bytes, answer: bytes) -> int:
        """Where the answer begins. The file has no buffer: what was appended survives this process."""
        before, both = self._offset, request + answer
        try:
            if file.write(both) != len(both):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            file.truncate(before)
            raise StoreUnusable(
                f"{self._folder / self._name}: {error.strerror}; nothing of this page was kept"
            ) from error
        self._offset += len(both)
        self._unchecked += len(both)
        if self._unchecked > _CHECK_EVERY:
            self._guard()
        return before + len(request)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _guard(self) -> None:
        self._unchecked = 0
        free = shutil.disk_usage(self._folder).free
        if free < self._limits.free_bytes:
            raise StoreUnusable(
                f"{self._folder}: only {free >> 20} MiB are free on this disk, and the archive leaves "
                f"{self._limits.free_bytes >> 20}; make room (newscrawl archive prune) or crawl with --no-archive"
            )

    def _open(self, now: datetime) -> FileIO:
        """The file to append to: of today, ours by the index, and not full; else a new one."""
        stem = f"{self._prefix}-{now:%Y%m%d}-"
        if self._file is not None:
            if self._name.startswith(stem) and self._offset < self._limits.file_bytes:
                return self._file
            self.close()
        elif room := [name for name in sorted(self._ends) if name.startswith(stem) and self._has_room(name)]:
            self._use(room[-1])
            assert self._file is not None
            return self._file
        return self._new(stem, now)

    def _has_room(self, name: str) -> bool:
        path = self._folder / name
        return path.exists() and path.stat().st_size < self._limits.file_bytes

    def _use(self, name: str) -> None:
        self._name = name
        self._file = (self._folder / name).open("ab", buffering=0)
        self._offset = self._file.tell()

    def _new(self, stem: str, now: datetime) -> FileIO:
        taken = [
            int(match[1])
            for path in self._folder.glob(f"{stem}*")
            if (match := re.match(r"(\d+)", path.name[len(stem) :]))
        ]
        self._use(f"{stem}{max(taken, default=0) + 1:05}{_SUFFIX}")
        assert self._file is not None
        opening = self._serialiser.opening(self._name, self._software, now)
        self._file.write(opening)
        self._offset = len(opening)
        return self._file


def cut_back(folder: Path, ends: Mapping[str, int]) -> list[str]:
    """Cut each file to where its last indexed record ends; what was done, in sentences.

    A file that the index does not know is another database's, or a person's: it is left alone.
    """
    notes: list[str] = []
    for name, end in sorted(ends.items()):
        path = folder / name
        if not path.exists():
            notes.append(f"archive: {name} is missing, {end} bytes")
        elif (size := path.stat().st_size) > end:
            os.truncate(path, end)
            notes.append(f"archive: {name} cut back by {size - end} bytes, which a run wrote that did not end in order")
        elif size < end:
            notes.append(f"archive: {name} is {end - size} bytes shorter than its index; its last pages are lost")
    return notes
