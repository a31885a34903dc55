"""A little web out of saved pages: one HTTP server on loopback that answers under the pages' real host names.

The demo and the tests crawl it over real HTTP; only the connection goes to this machine instead of the site's.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from crawler.cases import Case
from crawler.errors import BadField, UnknownSite
from crawler.items import Kind
from crawler.sites import load_site, site_for

# What a server adds by itself, or what was true only of the bytes on the wire: a saved body is decoded.
_OWN_HEADERS = frozenset(
    ("connection", "content-encoding", "content-length", "date", "etag", "keep-alive", "server", "transfer-encoding")
)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


_NOT_FOUND = Answer(
    HTTPStatus.NOT_FOUND,
    {"content-type": "text/html; charset=utf-8"},
    b"<!DOCTYPE html><title>404</title><h1>Not found</h1>",
)


class Web:
    """Saved pages by address. Never changed once built, so every thread of the server may read it."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._pages: dict[str, Answer] = {}
        self._missing: dict[str, Answer] = {}  # site -> its own page for what is not there
        for case in cases:
            answer = _answer(case)
            self._pages.setdefault(_address(case.site, case.page.url), answer)
            if answer.status == HTTPStatus.NOT_FOUND and case.kind is not Kind.ROBOTS:
                self._missing.setdefault(case.site, answer)

    def __len__(self) -> int:
        return len(self._pages)

    def answer(self, url: str, if_none_match: str = "") -> Answer:
        """The saved page; 304 when its ETag is in `if_none_match`; the site's own or a plain 404 page for all else."""
        try:
            site = site_for(url).name
            found = self._pages.get(_address(site, url))
        except (UnknownSite, BadField):
            return _NOT_FOUND
        if found is None:
            return self._missing.get(site, _NOT_FOUND)
        etag = found.headers.get("etag")
        if etag is not None and etag in (tag.strip().removeprefix("W/") for tag in if_none_match.split(",")):
            return Answer(HTTPStatus.NOT_MODIFIED, {"etag": etag}, b"")
        return found


def _answer(case: Case) -> Answer:
    headers = {name.lower(): value for name, value in case.page.headers.items() if name.lower() not in _OWN_HEADERS}
    if case.page.status == HTTPStatus.OK:
        headers["etag"] = f'"{sha256(case.page.body).hexdigest()[:16]}"'
    return Answer(case.page.status, headers, case.page.body)


def _address(site: str, url: str) -> str:
    """Without the scheme: pages of https sites are served in plain HTTP. Raises BadField."""
    parts = urlsplit(load_site(site).canonical(url))
    return f"{parts.netloc}{parts.path}?{parts.query}"


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD over connections that stay open."""

    protocol_version = "HTTP/1.1"
    # One write per answer: two of them would wait for the client's delayed acknowledgement.
    wbufsize = 1 << 20
    timeout = 60
    server: "_Server"

    def do_GET(self) -> None:
        url = f"https://{self.headers.get('Host', '').lower()}{self.path}"
        answer = self.server.web.answer(url, self.headers.get("If-None-Match", ""))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(answer.body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing: the crawl says what it fetched."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, web: Web) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news; anything else is a fault of ours and is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed names the socket type


@contextmanager
def serve(web: Web) -> Iterator[int]:
    """Answer on a free port of 127.0.0.1 for as long as the context lasts; gives the port."""
    server = _Server(web)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo web", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
