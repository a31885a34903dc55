"""Reads WARC and ARC files of anybody: what is readable is read, what is not is counted and named.

warcio parses the records; finding the next good one after a broken one is done here, since warcio stops at the first.
"""

import base64
import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.bufferedreaders import BufferedReader  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeadersParserException  # type: ignore[import-untyped]

from crawler.archive.records import ON_THE_WIRE, ORIGINAL
from crawler.errors import CrawlerError
from crawler.page import Page

LARGEST: Final = 16 * 1024 * 1024  # bytes of a body, as in a crawl
_STEP: Final = 1 << 20
_EXAMPLES: Final = 20
_RATIO: Final = 200  # a file that is one gzip member may unfold to so many times its size

# What warcio raises on records that no writer should have written; around its parser only.
_UNREADABLE: Final = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    zlib.error,
    EOFError,
    ValueError,
    AttributeError,
    TypeError,
    IndexError,
)
_GZIP: Final = b"\x1f\x8b\x08"
_WARC: Final = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
_ARC: Final = re.compile(rb"(?:filedesc|https?)://[^\r\n]* [0-9.]{7,15} \d{12,} \S+ -?\w+\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What one record says of one URL."""

    url: str  # as the record has it
    at: datetime  # aware, UTC
    type: str  # response, revisit, resource, metadata
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # of the answer; names in lower case
    body: bytes = b""  # decoded; of a revisit empty
    state: str = ""  # of a failure without an answer
    reason: str = ""
    doubt: str = ""  # why the body may not be what was sent; "": no reason to doubt
    refers_to: str | None = None  # of a revisit: the URL that had the payload
    digest: str | None = None  # of the payload, as the record states it
    file: Path = field(default_factory=Path)
    offset: int = 0
    length: int = 0

    def page(self, url: str) -> Page:
        """The response as a crawl would have had it, asked for as `url`."""
        return Page(url, self.body, self.headers, self.at, self.status or 200)


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


class Unreadable(CrawlerError):
    """A record that says nothing we can use; the text is the reason, short and countable."""


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
        form = _form(file)
        if form is not None:
            yield from _Scan(path, file, trouble, scratch, arc=form == "arc").fetches()
        else:
            trouble.add(path, 0, "no WARC or ARC file" if path.stat().st_size else "empty file")


def read_at(path: Path, offset: int) -> Fetch:
    """The record at an offset. Raises Unreadable, OSError."""
    with path.open("rb") as file:
        file.seek(offset)
        try:
            with redirect_stderr(io.StringIO()):
                record = next(ArchiveIterator(file, arc2warc=True), None)
                fetch = None if record is None else _fetch(record)
        except _UNREADABLE as error:
            raise Unreadable(_named(error)) from error
    if fetch is None:
        raise Unreadable("no response")
    return replace(fetch, file=path, offset=offset)


def read_own(path: Path, offset: int, length: int) -> Fetch:
    """The same of a record of our own archive, whose index says how long it is. Raises Unreadable, OSError.

    gzip's checksum vouches for it, so the payload's digest is not computed again.
    """
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(length)
    try:
        plain = io.BytesIO(zlib.decompress(data, 31))
        with redirect_stderr(io.StringIO()):
            fetch = _fetch(_LOADER.parse_record_stream(plain), doubtful=False)
    except _UNREADABLE as error:
        raise Unreadable(_named(error)) from error
    if fetch is None:
        raise Unreadable("no response")
    return replace(fetch, file=path, offset=offset, length=length)


_LOADER: Final = ArcWarcRecordLoader(verify_http=False, arc2warc=False)


def _form(file: BinaryIO) -> str | None:
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


class _Scan:
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
            except _UNREADABLE as error:
                if "non-chunked" in str(error):
                    yield from self._unfolded()
                    return None
                self._trouble.add(self._path, records.offset, _named(error))
                return self._next_start(max(records.offset, start) + 1)
            self._seen += 1
            if fetch is not None:
                if fetch.doubt:
                    self._trouble.add(self._path, offset, fetch.doubt)
                yield replace(fetch, file=self._path, offset=offset, length=length)

    def _usable(self, record: ArcWarcRecord, records: ArchiveIterator) -> Fetch | None:
        """A record that is whole, but of no use, breaks nothing."""
        try:
            return _fetch(record)
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
            scan = _Scan(copy, file, skipped, self._scratch, arc=self._arc)
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


def _named(error: Exception) -> str:
    """A reason without anything of the file in it: it is counted, and goes to a terminal."""
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, zlib.error):
        return "broken gzip"
    return "broken record" if isinstance(error, ArchiveLoadFailed) else f"broken record ({type(error).__name__})"


# One record -------------------------------------------------------------------------------------------------------


def _fetch(record: ArcWarcRecord, *, doubtful: bool = True) -> Fetch | None:
    """None for records that tell nothing of an answer. Raises Unreadable, and whatever warcio raises."""
    kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or ""
    if kind == "metadata":
        return _without_answer(record, url)
    if kind not in ("response", "revisit", "resource"):
        return None
    if not url.lower().startswith(("http://", "https://")):
        if kind == "resource":
            return None  # of the program that wrote the file
        raise Unreadable(f"scheme {_word(url.split(':')[0])}")
    return _answer(record, kind, url, doubtful=doubtful)


def _answer(record: ArcWarcRecord, kind: str, url: str, *, doubtful: bool) -> Fetch:
    raw = _raw(record)
    stated = record.rec_headers.get_header("WARC-Payload-Digest")
    if kind == "resource":
        return Fetch(url=url, at=_at(record), type=kind, status=200, headers=_type(record), body=raw, digest=stated)
    if record.http_headers is None:
        if kind == "response":
            raise Unreadable("empty record" if not raw else "no HTTP headers")
        return Fetch(url=url, at=_at(record), type=kind, refers_to=_refers_to(record), digest=stated)
    status = record.http_headers.get_statuscode() or ""
    if not re.fullmatch(r"[1-5]\d\d", status):
        raise Unreadable("no HTTP status")
    body = b"" if kind == "revisit" else _decoded(record, raw)
    return Fetch(
        url=url,
        at=_at(record),
        type=kind,
        status=int(status),
        headers=_headers(record),
        body=body,
        doubt=_doubt(stated, raw, body) if doubtful and kind == "response" else "",
        refers_to=_refers_to(record) if kind == "revisit" else None,
        digest=stated,
    )


def _without_answer(record: ArcWarcRecord, url: str) -> Fetch | None:
    """A failure, or a page that must not be kept, as our own archive writes them; other people's notes are none."""
    if record.rec_headers.get_header("Content-Type") != "application/warc-fields":
        return None
    lines = _raw(record).decode("utf-8", "replace").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    if "state" in fields:
        return Fetch(url=url, at=_at(record), type="metadata", state=fields["state"], reason=fields.get("reason", ""))
    if fields.get("kept") == "no":
        return Fetch(url=url, at=_at(record), type="metadata", state="refused", reason=fields.get("reason", ""))
    return None


def _raw(record: ArcWarcRecord) -> bytes:
    """What the record holds after its headers. Raises Unreadable when it is cut short or too large."""
    pieces, size = [], 0
    while piece := record.raw_stream.read(_STEP):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise Unreadable("larger than 16 MiB")
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise Unreadable("cut short")
    return b"".join(pieces)


def _decoded(record: ArcWarcRecord, raw: bytes) -> bytes:
    """The body without transfer and content encoding. Raises Unreadable."""
    encoding = (record.http_headers.get_header("content-encoding") or "").strip().lower()
    if encoding not in ("", "identity", *BufferedReader.get_supported_decompressors()):
        raise Unreadable(f"content encoding {_word(encoding)}")
    if not encoding and not record.http_headers.get_header("transfer-encoding"):
        return raw
    record.raw_stream = io.BytesIO(raw)
    stream, pieces, size = record.content_stream(), [], 0
    while piece := stream.read(_STEP):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise Unreadable("larger than 16 MiB")
    return b"".join(pieces)


def _at(record: ArcWarcRecord) -> datetime:
    text = record.rec_headers.get_header("WARC-Date") or ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("no date") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _headers(record: ArcWarcRecord) -> dict[str, str]:
    """Of the answer as it came: what our own archive moved aside stands under its own name again, in its place."""
    pairs = [(name.lower(), value) for name, value in record.http_headers.headers]
    moved = {name.removeprefix(ORIGINAL) for name, _ in pairs if name.startswith(ORIGINAL)} & set(ON_THE_WIRE)
    headers: dict[str, str] = {}
    for name, value in pairs:
        own = name.removeprefix(ORIGINAL)
        if name in moved or (own in moved and not value):
            continue
        name = own if own in moved else name
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _type(record: ArcWarcRecord) -> dict[str, str]:
    return {"content-type": record.rec_headers.get_header("Content-Type") or "application/octet-stream"}


def _refers_to(record: ArcWarcRecord) -> str | None:
    target: str | None = record.rec_headers.get_header("WARC-Refers-To-Target-URI")
    return target


def _doubt(stated: str | None, raw: bytes, body: bytes) -> str:
    """Some programs take the digest before, some after the transfer encoding is undone; in base32 or in hex."""
    algorithm, _, wanted = (stated or "").partition(":")
    if algorithm.lower() not in ("sha1", "sha256", "md5"):
        return ""
    for payload in (raw, body):
        found = hashlib.new(algorithm.lower(), payload, usedforsecurity=False)
        if wanted.lower() == found.hexdigest() or wanted.upper() == base64.b32encode(found.digest()).decode():
            return ""
    return "payload digest differs"


def _word(text: str) -> str:
    """Of a stranger's header no more than a word, for a reason that is counted."""
    return re.sub(r"[^a-z0-9+.-]", "?", text.lower())[:20]
