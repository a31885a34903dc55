"""A store of one test, and pages to settle in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from crawler.items import Article, Kind, Link, State
from crawler.page import Page
from crawler.result import PageResult
from crawler.store import Row, Run, Settled, Store, Terms, holder_name

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOME = "https://news.example.com/"
HOST = "news.example.com"
LISTING = f"{HOME}world/"


def joined(first: Article, further: Sequence[Article | None]) -> Article:
    """The texts of all pages; what is missing is said."""
    text = "\n\n".join([first.body_text, *(page.body_text if page else "?" for page in further)])
    missing = tuple(f"page {number}" for number, page in enumerate(further, 2) if page is None)
    return replace(first, body_text=text, body_html=text, content_hash=text, warnings=(*first.warnings, *missing))


def opened(path: Path) -> Store:
    return Store.open(path, join=joined)


def begun(store: Store, *, at: datetime = NOW, delay_s: float = 0.0, **options: object) -> Run:
    """A run whose host needs no robots.txt any more."""
    run = store.begin_run(
        "example",
        command="crawl example",
        now=at,
        holder=holder_name(),
        terms=Terms(delay_s=delay_s, **options),  # type: ignore[arg-type]
    )
    allow(store, run, at=at)
    return run


def ended(store: Store, run: Run, *, at: datetime = NOW) -> None:
    store.end_run(run, now=at, requests=0, bytes=0, reason="finished")


def allow(store: Store, run: Run, *hosts: str, at: datetime = NOW) -> None:
    """An empty robots.txt."""
    for host in hosts or (HOST,):
        if store.robots(host) is None:
            store.settle(run, [result(f"https://{host}/robots.txt", Kind.ROBOTS, State.READ, body=b"")], now=at)


def link(name: str, kind: Kind = Kind.ARTICLE, category: str = "world", **more: object) -> Link:
    return Link(f"{HOME}{name}" if "://" not in name else name, kind, category, **more)  # type: ignore[arg-type]


def links(*names: str) -> tuple[Link, ...]:
    return tuple(link(name) for name in names)


def result(
    url: str,
    kind: Kind,
    state: State,
    *,
    reason: str = "",
    body: bytes | None = b"page",
    status: int = 200,
    headers: dict[str, str] | None = None,
    links: Sequence[Link] = (),
    article: Article | None = None,
    category: str = "world",
    seconds: float = 0.0,
    target: str | None = None,
    at: datetime = NOW,
) -> PageResult:
    """`body` None: there was no response."""
    category = "" if kind is Kind.ROBOTS else category
    page = None if body is None else Page(url, body, headers or {}, at, status)
    return PageResult(
        "example", url, kind, state, reason, category=category, page=page, article=article, links=tuple(links),
        seconds=seconds, target=target,
    )  # fmt: skip


def article(url: str, text: str = "Text.", **more: object) -> Article:
    known: dict[str, object] = {
        "id": sha256(url.encode()).hexdigest()[:16], "story_id": f"s{url}", "site": "example", "category": "world",
        "url": url, "canonical_url": url, "title": "Title", "body_html": f"<p>{text}</p>", "body_text": text,
        "body_markdown": text, "content_hash": text, "published_at": NOW - timedelta(hours=1), "word_count": 1,
    }  # fmt: skip
    return Article(**known | more)  # type: ignore[arg-type]


def stored(row: Row | str, text: str = "Text.", *, at: datetime = NOW, **more: object) -> PageResult:
    url = row if isinstance(row, str) else row.url
    category = "world" if isinstance(row, str) else row.category
    return result(url, Kind.ARTICLE, State.STORED, article=article(url, text, **more), category=category, at=at)


def read(url: str, *names: str, next_page: str = "", state: State = State.READ, status: int = 200) -> PageResult:
    """A listing with these articles."""
    pager = (link(next_page, Kind.LISTING, page=True),) if next_page else ()
    return result(url, Kind.LISTING, state, links=(*links(*names), *pager), status=status)


def crawl(
    store: Store,
    run: Run,
    site: dict[str, PageResult],
    *,
    at: datetime = NOW,
) -> list[Settled]:
    """Hand out and settle until nothing more is ready; pages that `site` does not name are articles."""
    done: list[Settled] = []
    while rows := store.lease(run, now=at, limit=16):
        done += store.settle(run, [site.get(row.url) or stored(row, f"Text of {row.url}") for row in rows], now=at)
    return done
