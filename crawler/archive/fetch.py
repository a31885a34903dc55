"""What one record of a WARC file says of one URL, whoever wrote it. warcio parses the record."""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from warcio.bufferedreaders import BufferedReader  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeadersParserException  # type: ignore[import-untyped]

from crawler.archive.records import ON_THE_WIRE, ORIGINAL
from crawler.errors import CrawlerError
from crawler.page import Page

LARGEST: Final = 16 * 1024 * 1024  # bytes of a body, as in a crawl
_STEP: Final = 1 << 20

# What warcio raises on records that no writer should have written; around its parser only.
UNREADABLE: Final = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    zlib.error,
    EOFError,
    ValueError,
    AttributeError,
    TypeError,
    IndexError,
)


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


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Unreadable(CrawlerError):
    """A record that says nothing we can use; the text is the reason, short and countable."""


def fetch_of(record: ArcWarcRecord, *, doubtful: bool = True) -> Fetch | None:
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
    raw = _whole(record.raw_stream)
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise Unreadable("cut short")
    return raw


def _whole(stream: _Stream) -> bytes:
    """Raises Unreadable when it is too large."""
    pieces, size = [], 0
    while piece := stream.read(_STEP):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise Unreadable("larger than 16 MiB")
    return b"".join(pieces)


def _decoded(record: ArcWarcRecord, raw: bytes) -> bytes:
    """The body without transfer and content encoding. Raises Unreadable."""
    encoding = (record.http_headers.get_header("content-encoding") or "").strip().lower()
    if encoding not in ("", "identity", *BufferedReader.get_supported_decompressors()):
        raise Unreadable(f"content encoding {_word(encoding)}")
    if not encoding and not record.http_headers.get_header("transfer-encoding"):
        return raw
    record.raw_stream = io.BytesIO(raw)
    return _whole(record.content_stream())


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


def reason_of(error: Exception) -> str:
    """A reason without anything of the file in it: it is counted, and goes to a terminal."""
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, zlib.error):
        return "broken gzip"
    return "broken record" if isinstance(error, ArchiveLoadFailed) else f"broken record ({type(error).__name__})"
