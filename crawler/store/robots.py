"""A robots.txt that was answered, or could not be had: kept for every host that was sent to it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from crawler.items import State
from crawler.page import Page
from crawler.store import hosts
from crawler.store.frontier import ROBOTS_HOPS, Record
from crawler.store.records import Run
from crawler.store.schema import ROBOTS, urls

_MOVED_HERE = select(urls.c.url, urls.c.host).where(urls.c.target == bindparam("url"), ROBOTS)


def answered(db: Connection, run: Run, row: Record, page: Page | None, now: datetime) -> None:
    """The text belongs to every host that was sent here. `page`: None where there was no answer."""
    if row.state == State.MOVED and row.hops < ROBOTS_HOPS:
        return
    if page is not None and page.status == 304:
        kept = hosts.robots(db, row.host)
        page = Page(page.url, kept.body, page.headers, page.fetched_at, kept.status) if kept else None
    # Refused by ourselves: its pages will be too, each for the reason that holds.
    status = page.status if page is not None else 403 if row.state == State.REFUSED else 0
    names = _sent_here(db, row)
    if hosts.put_robots(db, names, status, page.body if page is not None else b"", now):
        _allow_again(db, run, names)


def _sent_here(db: Connection, row: Record) -> list[str]:
    """The row's host, and those whose robots.txt led to it."""
    names, frontier, seen = [row.host], [row.url], {row.url}
    while frontier:
        for url, host in db.execute(_MOVED_HERE, {"url": frontier.pop()}):
            if url not in seen:
                seen.add(url)
                frontier.append(url)
                names.append(host)
    return names


def _allow_again(db: Connection, run: Run, names: Collection[str]) -> None:
    """A robots.txt says other than before: what it refused is asked anew."""
    refused = update(urls).where(
        urls.c.site == run.site, urls.c.host.in_(names), urls.c.state == "refused", urls.c.reason.like("robots%")
    )
    db.execute(refused.values(state="waiting", reason="", tries=0, not_before=None))
