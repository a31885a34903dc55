"""Content encodings, read strictly: a body whose compressed end is missing or wrong is not a page."""

import zlib
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

from crawler.items import State

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

ACCEPTED = b"gzip, deflate"  # both have a checksum at their end, which br and zstd have not
_LAYERS = 2  # a body compressed more often was made to hurt
_STEP = 1 << 18  # bytes decompressed at a time


class BrokenBody(IgnoreRequest):
    """The body cannot be what was sent; the message is the reason. It may come whole the next time."""

    state = State.FAILED


class TooLarge(IgnoreRequest):
    """The body is larger than DOWNLOAD_MAXSIZE once it is decompressed."""

    state = State.REFUSED


class Decompression:
    """Asks for gzip or deflate and undoes them; `meta["bytes"]` is what came over the wire."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: "Request") -> None:
        request.headers.setdefault(b"Accept-Encoding", ACCEPTED)

    def process_response(self, request: "Request", response: "Response") -> "Response":
        request.meta["bytes"] = len(response.body)
        encodings = _encodings(response)
        if not encodings or not response.body:
            return response
        body = decompressed(response.body, encodings, max_bytes=self._max_bytes)
        headers = response.headers.copy()
        del headers[b"Content-Encoding"]
        return response.replace(body=body, headers=headers)


def _encodings(response: "Response") -> list[str]:
    values = b",".join(response.headers.getlist(b"Content-Encoding")).decode("latin-1").lower()
    return [name for value in values.split(",") if (name := value.strip()) and name != "identity"]


def decompressed(body: bytes, encodings: list[str], *, max_bytes: int) -> bytes:
    """The body before the encodings were applied in this order. Raises BrokenBody, TooLarge."""
    if len(encodings) > _LAYERS:
        raise BrokenBody("too many content encodings")
    for encoding in reversed(encodings):
        if encoding in ("gzip", "x-gzip"):
            body = _gunzipped(body, max_bytes)
        elif encoding == "deflate":
            body = _inflated(body, max_bytes)
        else:
            raise BrokenBody("unknown content encoding")
    return body


def _gunzipped(body: bytes, max_bytes: int) -> bytes:
    """All members of a gzip stream; junk after the last is left out, as browsers do."""
    whole = bytearray()
    rest = body
    while rest[:2] == b"\x1f\x8b" or not whole:
        member, rest = _stream(rest, zlib.MAX_WBITS | 16, max_bytes - len(whole))
        whole += member
        if not rest:
            break
    return bytes(whole)


def _inflated(body: bytes, max_bytes: int) -> bytes:
    """Deflate is zlib by the standard; some servers send it bare."""
    bare = body[0] & 0x0F != zlib.DEFLATED or int.from_bytes(body[:2], "big") % 31 != 0
    return _stream(body, -zlib.MAX_WBITS if bare else zlib.MAX_WBITS, max_bytes)[0]


def _stream(data: bytes, window_bits: int, max_bytes: int) -> tuple[bytes, bytes]:
    """One compressed stream up to its end, and what follows it."""
    engine = zlib.decompressobj(window_bits)
    whole = bytearray()
    try:
        while not engine.eof:
            piece = engine.decompress(data, _STEP)
            whole += piece
            if len(whole) > max_bytes:
                raise TooLarge("too large")
            data = engine.unconsumed_tail
            if not data and not piece:
                raise BrokenBody("compressed body cut short")
    except zlib.error:
        raise BrokenBody("broken compressed body") from None
    return bytes(whole), engine.unused_data
