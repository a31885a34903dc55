"""A small web server on loopback for crawls in tests, and a crawl of it in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None  # instead of all that: these bytes, and the connection is closed


@dataclass(frozen=True)
class Hit:
    """One request as the server saw it."""

    path: str
    at: float  # monotonic
    headers: Mapping[str, str]  # names in lower case


Page = Answer | Callable[[Hit], Answer]


class Web:
    """Pages by path; what is not there is a 404. `hits` are all requests in order."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.hits: list[Hit] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]

    def answer(self, hit: Hit) -> Answer:
        self.hits.append(hit)
        page = self.pages.get(hit.path, Answer("<h1>not here</h1>", 404))
        return page if isinstance(page, Answer) else page(hit)


@contextmanager
def served(web: Web) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = web.answer(Hit(self.path, time.monotonic(), headers))
            if answer.raw is not None:
                self.wfile.write(answer.raw)
                self.close_connection = True
                return
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.port = server.server_address[1]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


def article(title: str, *, text: str = "", published: str = "2026-11-01T08:00:00+08:00") -> str:
    words = text or f"{title} is reported here, at a length that makes it a piece of news and not a heading."
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>'
        f'<time datetime="{published}">then</time><div class="body"><p>{words}</p><p>More of it follows.</p></div>'
        "</body></html>"
    )


def listing(*paths: str, following: str = "") -> str:
    links = "".join(f'<li><a class="art" href="{path}">Story {path}</a></li>' for path in paths)
    further = f'<a class="next" href="{following}">next</a>' if following else ""
    return f"<!doctype html><html><body><ul>{links}</ul>{further}</body></html>"


SITE = '''"""A site of a test."""

from crawler.site import Site

SITE = Site(
    name="little",
    hosts=("127.0.0.1", "news.example"),
    categories={{"news": "{url}/list/0", "sport": "{url}/sport/0"}},
    listing_url=r"/(?:list|sport)/\\d+$",
    article_url=r"/art/(?P<key>[\\w-]+)$",
    article_links="a.art",
    next_page="a.next",
    title="h1::text",
    published="time::attr(datetime)",
    body="div.body",
    delay_s={delay_s},
    concurrency={concurrency},
)
'''


@dataclass(frozen=True)
class Done:
    """How a crawl ended."""

    code: int
    summary: dict[str, Any]
    errors: str
    seconds: float

    def states(self) -> dict[str, int]:
        """The states that occur."""
        names = ("waiting", "leased", "stored", "unchanged", "read", "part", "moved", "gone", "refused", "failed")
        return {name: self.summary[name] for name in (*names, "quarantined") if self.summary[name]}


class Crawls:
    """Crawls of one little site into one database, through the command line."""

    def __init__(self, web: Web, folder: Path, *, delay_s: float = 0, concurrency: int = 1) -> None:
        self.web = web
        self.db = folder / "news.db"
        self.site = folder / "little.py"
        self.site.write_text(SITE.format(url=web.url, delay_s=delay_s, concurrency=concurrency))

    def command(self, *words: str, name: str = "crawl") -> list[str]:
        asked = [str(self.site)] if name == "crawl" else ["--site", str(self.site)]
        near = ["--db", str(self.db), "--allow-private", "127.0.0.1", "--json", "--quiet"]
        return [sys.executable, "-m", "crawler", name, *asked, *near, *words]

    def run(self, *words: str, name: str = "crawl", timeout: float = 60) -> Done:
        began = time.monotonic()
        done = subprocess.run(
            self.command(*words, name=name),
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        return finished(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(*words), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def states(self) -> dict[str, tuple[str, str]]:
        """Path -> state and reason of each row of this server."""
        import sqlite3

        with sqlite3.connect(self.db) as db:
            rows = db.execute("select url, state, reason from urls").fetchall()
        return {url.removeprefix(self.web.url): (state, reason) for url, state, reason in rows}

    def titles(self) -> list[str]:
        import sqlite3

        with sqlite3.connect(self.db) as db:
            return [title for (title,) in db.execute("select title from articles order by url")]


def finished(code: int, output: str, errors: str, seconds: float = 0.0) -> Done:
    lines = output.splitlines()
    return Done(code, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}, errors, seconds)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
