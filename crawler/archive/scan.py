"""A WARC or ARC file from its start to its end, over whatever is broken in it.

warcio stops at the first broken record; finding the next good one is done here.
"""

import io
import re
import zlib
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

from crawler.archive.fetch import UNREADABLE, Fetch, Unreadable, fetch_of, reason_of

_STEP: Final = 1 << 20
_EXAMPLES: Final = 20
_RATIO: Final = 200  # a file that is one gzip member may unfold to so many times its size
_GZIP: Final = b"\x1f\x8b\x08"
_WARC: Final = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
_ARC: Final = re.compile(rb"(?:filedesc|https?)://[^\r\n]* [0-9.]{7,15} \d{12,} \S+ -?\w+\r?\n")


@dataclass(slots=True)
class Trouble:
    """What could not be read, by reason, with places."""

    reasons: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)  # the first ones, "file at offset: reason"
    first: dict[str, str] = field(default_factory=dict)  # reason -> the first place of it

    def add(self, path: Path, offset: int, reason: str) -> None:
        place = f"{_plain(path.name)} at {offset}"
        self.reasons[reason] += 1
        self.first.setdefault(reason, place)
        if len(self.places) < _EXAMPLES:
            self.places.append(f"{place}: {reason}")

    def __str__(self) -> str:
        return ", ".join(
            f"{count} x {reason} ({'first: ' if count > 1 else ''}{self.first[reason]})"
            for reason, count in self.reasons.most_common()
        )


def form_of(file: BinaryIO) -> str | None:
    """warc or arc, by the first record; None for anything else."""
    start = file.read(_STEP)
    file.seek(0)
    if start.startswith(_GZIP):
        start = _inflated(start)
        if not start:
            return "warc"  # a broken or empty first member; there may be good ones behind it
    if _WARC.match(start.lstrip()):
        return "warc"
    return "arc" if _ARC.match(start.lstrip()) else None


def _inflated(start: bytes) -> bytes:
    """The first bytes of a gzip member; none where it is broken."""
    try:
        return zlib.decompressobj(31).decompress(start, 4096)
    except zlib.error:
        return b""


class Scan:
    """One file, from its start to its end, over whatever is broken in it."""

    def __init__(self, path: Path, file: BinaryIO, trouble: Trouble, scratch: Path, *, arc: bool) -> None:
        self._path, self._file, self._trouble, self._scratch, self._arc = path, file, trouble, scratch, arc
        self._gzipped = file.read(len(_GZIP)) == _GZIP
        self._seen = 0  # records, of whatever kind
        self._broken = sum(trouble.reasons.values())  # before this file

    def fetches(self) -> Iterator[Fetch]:
        offset: int | None = 0
        while offset is not None:
            offset = yield from self._run(offset)
        if not self._seen and self._broken == sum(self._trouble.reasons.values()):
            self._trouble.add(self._path, 0, "no record")

    def _run(self, start: int) -> Generator[Fetch, None, int | None]:
        """Records from `start` on. Returns where to go on behind a broken one, None at the end."""
        self._file.seek(start)
        records = ArchiveIterator(self._file, arc2warc=self._arc)
        records.known_format = None if self._arc else "warc"
        while True:
            try:
                with redirect_stderr(io.StringIO()):
                    record = next(records, None)
                    if record is None:
                        return None
                    fetch = self._usable(record, records)
                    offset, length = records.get_record_offset(), records.get_record_length()
            except UNREADABLE as error:
                if "non-chunked" in str(error):
                    yield from self._unfolded()
                    return None
                self._trouble.add(self._path, records.offset, reason_of(error))
                return self._next_start(max(records.offset, start) + 1)
            self._seen += 1
            if fetch is not None:
                if fetch.doubt:
                    self._trouble.add(self._path, offset, fetch.doubt)
                yield replace(fetch, file=self._path, offset=offset, length=length)

    def _usable(self, record: ArcWarcRecord, records: ArchiveIterator) -> Fetch | None:
        """A record that is whole, but of no use, breaks nothing."""
        try:
            return fetch_of(record)
        except Unreadable as error:
            self._trouble.add(self._path, records.offset, str(error))
            return None

    def _next_start(self, offset: int) -> int | None:
        """Where, from `offset` on, the next record begins that looks like one."""
        form = re.compile(re.escape(_GZIP)) if self._gzipped else _ARC if self._arc else _WARC
        overlap = 4096
        while True:
            self._file.seek(offset)
            window = self._file.read(_STEP)
            for match in form.finditer(window):
                if not self._gzipped or _WARC.match(start := _inflated(window[match.start() :])) or _ARC.match(start):
                    return offset + match.start()
            if len(window) < _STEP:
                return None
            offset += len(window) - overlap

    def _unfolded(self) -> Iterator[Fetch]:
        """The records after those that were seen, from a plain copy of the file."""
        copy = self._scratch / f"{len(list(self._scratch.iterdir()))}.warc"
        _unfold(self._path, copy)
        skipped = Trouble()
        with copy.open("rb") as file:
            scan = Scan(copy, file, skipped, self._scratch, arc=self._arc)
            for fetch in scan.fetches():
                if scan._seen > self._seen:
                    yield fetch
        for reason, count in skipped.reasons.items():
            self._trouble.add(self._path, 0, reason)  # where it is in the copy helps nobody
            self._trouble.reasons[reason] += count - 1


def _unfold(path: Path, copy: Path) -> None:
    """As much of a gzip file as can be decompressed, within reason."""
    limit = path.stat().st_size * _RATIO
    with path.open("rb") as source, copy.open("wb") as target:
        rest = source.read(_STEP)
        while rest and target.tell() < limit:
            member = zlib.decompressobj(31)
            try:
                while rest and not member.eof and target.tell() < limit:
                    target.write(member.decompress(rest, _STEP))
                    rest = member.unconsumed_tail or member.unused_data or source.read(_STEP)
            except zlib.error:
                return


def _plain(name: str) -> str:
    """A file's name, fit for a terminal."""
    return "".join(character if character.isprintable() else "?" for character in name)
