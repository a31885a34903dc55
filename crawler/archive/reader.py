"""Reads WARC and ARC files of anybody: what is readable is read, what is not is counted and named."""

import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path
from typing import Final

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader  # type: ignore[import-untyped]

from crawler.archive.fetch import UNREADABLE, Fetch, Unreadable, fetch_of, reason_of
from crawler.archive.scan import Scan, Trouble, form_of

_LOADER: Final = ArcWarcRecordLoader(verify_http=False, arc2warc=False)


def warc_files(path: Path) -> list[Path]:
    """The archive files at or below `path`, in the order of their names."""
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if re.search(r"\.w?arc(\.gz)?(\.open)?$", p.name) and p.is_file())


def read(path: Path, trouble: Trouble, *, scratch: Path) -> Iterator[Fetch]:
    """Everything in a file that tells what a URL had. Raises OSError alone.

    A file that is one gzip member cannot be read from the middle: it is unfolded into the folder `scratch`, and its
    records say that they are there.
    """
    with path.open("rb") as file:
        form = form_of(file)
        if form is not None:
            yield from Scan(path, file, trouble, scratch, arc=form == "arc").fetches()
        else:
            trouble.add(path, 0, "no WARC or ARC file" if path.stat().st_size else "empty file")


def read_at(path: Path, offset: int) -> Fetch:
    """The record at an offset. Raises Unreadable, OSError."""
    with path.open("rb") as file:
        file.seek(offset)
        fetch = _fetch(lambda: next(ArchiveIterator(file, arc2warc=True), None))
    return replace(fetch, file=path, offset=offset)


def read_own(path: Path, offset: int, length: int) -> Fetch:
    """The same of a record of our own archive, whose index says how long it is. Raises Unreadable, OSError.

    gzip's checksum vouches for it, so the payload's digest is not computed again.
    """
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(length)
    fetch = _fetch(lambda: _LOADER.parse_record_stream(io.BytesIO(zlib.decompress(data, 31))), doubtful=False)
    return replace(fetch, file=path, offset=offset, length=length)


def _fetch(parse: Callable[[], ArcWarcRecord | None], *, doubtful: bool = True) -> Fetch:
    """What a record says. Raises Unreadable, also where there is none."""
    try:
        with redirect_stderr(io.StringIO()):
            record = parse()
            fetch = None if record is None else fetch_of(record, doubtful=doubtful)
    except UNREADABLE as error:
        raise Unreadable(reason_of(error)) from error
    if fetch is None:
        raise Unreadable("no response")
    return fetch
