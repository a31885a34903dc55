"""WARC 1.1 records of one page: what was sent, what came, or why nothing came. Each is a gzip member of its own."""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit

from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.errors import NotHtml
from crawler.page import Page
from crawler.result import PageResult, Saved

LEVEL: Final = 1  # of zlib: a page costs 0.3 ms, where warcio's fixed 9 costs ten times that for 12 % less

# The block holds the body as we decoded it; what these said of it on the wire is kept under another name.
ON_THE_WIRE: Final = ("content-length", "content-encoding", "transfer-encoding")
ORIGINAL: Final = "x-archive-orig-"
_PRIVATE: Final = frozenset(("set-cookie", "cookie", "authorization", "proxy-authorization"))

_SAME: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_UNMODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_URL: Final = "/%?&=+:;,@!$'()*~[]-._"
_NOARCHIVE = re.compile(r"\bnoarchive\b", re.IGNORECASE)


def digest(payload: bytes) -> str:
    """sha1 in base32, as every WARC tool writes it."""
    return base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def may_keep(page: Page) -> bool:
    """Whether neither the response's header nor the page's meta element forbids to archive the body."""
    if _NOARCHIVE.search(page.headers.get("x-robots-tag", "")):
        return False
    if b"noarchive" not in page.body.lower():
        return True
    try:
        rules = page.selector.css("meta[name='robots' i]::attr(content)").getall() if page.type == "html" else []
    except NotHtml:
        return True
    return not any(_NOARCHIVE.search(rule) for rule in rules)


def gzipped(raw: bytes) -> bytes:
    squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    return squeeze.compress(raw) + squeeze.flush()


class _Http(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers as they came. warcio would percent-encode what is not ASCII, and fail on some of it."""

    def to_ascii_bytes(self, filter_func: None = None) -> bytes:
        return bytes(f"{self.to_str(filter_func)}\r\n".encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class _Message:
    """An HTTP message."""

    headers: StatusAndHeaders
    body: bytes = b""
    digest: str | None = None  # of the body, where it is known


class Serialiser:
    """Turns results into bytes by warcio, and compresses them itself."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=False, warc_version="1.1")

    def opening(self, name: str, software: str, at: datetime) -> bytes:
        """The record that stands first in a file."""
        info = {"software": software, "format": "WARC File Format 1.1", "conformsTo": _SPECIFICATION}
        record = self._writer.create_warcinfo_record(name, info)
        record.rec_headers.replace_header("WARC-Date", _date(at))
        return self._bytes(record)

    def exchange(
        self, result: PageResult, at: datetime, payload: str | None, same: Saved | None
    ) -> tuple[bytes, bytes, str]:
        """Request and answer, compressed, and the answer's type.

        `payload` is the digest of the body, None for one that may not be kept; `same` an earlier response of this URL
        with this payload, or the one that a 304 speaks of.
        """
        answer, type_ = self._answer(result, at, payload, same)
        request = self._record(result, "request", _Message(_request(result)), at)
        request.rec_headers.add_header("WARC-Concurrent-To", answer.rec_headers.get_header("WARC-Record-ID"))
        return self._bytes(request), self._bytes(answer), type_

    def _answer(
        self, result: PageResult, at: datetime, payload: str | None, same: Saved | None
    ) -> tuple[ArcWarcRecord, str]:
        page = result.page
        if page is None:
            return self._metadata(result, at, {"state": result.state, "reason": result.reason}), "metadata"
        if payload is None:
            fields = {"status": str(page.status), "kept": "no", "reason": "noarchive"}
            return self._metadata(result, at, fields), "metadata"
        if same is not None:
            return self._revisit(result, page, at, same), "revisit"
        message = _Message(_response(page), page.body, payload)
        return self._record(result, "response", message, at), "response"

    def _record(self, result: PageResult, type_: str, message: _Message, at: datetime) -> ArcWarcRecord:
        # warcio would compute it again
        known = {"WARC-Payload-Digest": f"sha1:{message.digest}"} if message.digest else {}
        return self._writer.create_warc_record(
            result.url,
            type_,
            payload=io.BytesIO(message.body),
            length=len(message.body),
            http_headers=message.headers,
            warc_headers_dict={"WARC-Date": _date(at)} | known,
        )

    def _revisit(self, result: PageResult, page: Page, at: datetime, same: Saved) -> ArcWarcRecord:
        record = self._writer.create_revisit_record(
            result.url,
            f"sha1:{same.digest}",
            same.url,
            _date(same.at),
            http_headers=_response(page, empty=True),
            warc_headers_dict={"WARC-Date": _date(at)},
        )
        record.rec_headers.replace_header(
            "WARC-Profile", _UNMODIFIED if page.status == HTTPStatus.NOT_MODIFIED else _SAME
        )
        return record

    def _metadata(self, result: PageResult, at: datetime, fields: Mapping[str, str]) -> ArcWarcRecord:
        block = "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items()).encode()
        return self._writer.create_warc_record(
            result.url,
            "metadata",
            payload=io.BytesIO(block),
            length=len(block),
            warc_content_type="application/warc-fields",
            warc_headers_dict={"WARC-Date": _date(at)},
        )

    def _bytes(self, record: ArcWarcRecord) -> bytes:
        self._buffer.seek(0)
        self._buffer.truncate()
        self._writer.write_record(record)
        return gzipped(self._buffer.getvalue())


_SPECIFICATION: Final = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


def _date(moment: datetime) -> str:
    # With microseconds, which WARC 1.1 allows: a replayed article is fetched at the very same time.
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _line(value: str) -> str:
    return value if value.isprintable() else re.sub(r"[\x00-\x1f\x7f]+", " ", value)


def _request(result: PageResult) -> StatusAndHeaders:
    parts = urlsplit(result.url)
    target, host = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", parts.netloc.rpartition("@")[2]
    headers = {"Host": host} | {name: value for name, value in result.request_headers.items() if name.lower() != "host"}
    return _Http(f"GET {quote(target, safe=_URL)} HTTP/1.1", _headers(headers.items()), is_http_request=True)


def _response(page: Page, *, empty: bool = False) -> StatusAndHeaders:
    headers = [(f"{ORIGINAL}{name}" if name in ON_THE_WIRE else name, value) for name, value in page.headers.items()]
    if "content-length" not in page.headers:
        headers.append((f"{ORIGINAL}content-length", ""))
    if not empty:
        headers.append(("content-length", str(len(page.body))))
    return _Http(f"{page.status} {_phrase(page.status)}", _headers(headers), protocol="HTTP/1.1")


def _headers(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.title(), _line(value)) for name, value in pairs if name.lower() not in _PRIVATE]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
