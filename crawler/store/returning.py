"""Rows come back to waiting: after a failure, a death, a while; for another `since`."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select, text, update

from crawler.items import Kind, State
from crawler.store.frontier import ATTEMPTS, RUN_TRIES, Record, before, records, save
from crawler.store.records import Run
from crawler.store.schema import DELAYED, FAILED, READY, articles, urls

BACKOFF_MOST = timedelta(hours=24)
LOST_LAST = 3  # times that a run died with the row in hand, after which it is handed out last of all
LOST_MOST = 20  # and after which it is given up: it may be what kills the crawler
LAST = 9  # priority


def retry_at(row: Record, now: datetime) -> datetime:
    """Seconds within a run, hours from run to run; spread, so that what failed together does not return together.

    The spread is the row's own: a replay of the same failures waits as the crawl did.
    """
    if row.tries < RUN_TRIES:
        seconds = 2.0 * 4 ** (row.tries - 1)
    else:
        seconds = min(3600.0 * 2 ** max(0, row.attempts // RUN_TRIES - 1), BACKOFF_MOST.total_seconds())
    return now + timedelta(seconds=seconds * random.Random(f"{row.url} {row.attempts}").uniform(0.75, 1.25))


def requeue_failed(db: Connection, run: Run, now: datetime) -> int:
    """Failed rows whose backoff is over and whose budget is not spent."""
    over = or_(urls.c.not_before.is_(None), urls.c.not_before <= now)
    wanted = update(urls).where(urls.c.site == run.site, FAILED, over, urls.c.attempts < ATTEMPTS)
    return db.execute(wanted.values(state="waiting", reason="", tries=0, hops=0, not_before=None)).rowcount


def requeue_articles(
    db: Connection, run: Run, now: datetime, recheck_h: Sequence[float], recheck: timedelta | None
) -> int:
    """Articles that are due to be looked at again."""
    rows = records(db, _due_articles(db, run.site, now, recheck_h, recheck), by_id=True)
    for row in rows:
        row.wait()
    save(db, rows)
    return len(rows)


def _due_articles(
    db: Connection, site: str, now: datetime, recheck_h: Sequence[float], recheck: timedelta | None = None
) -> set[int]:
    """Rows of articles at their own address that are as old as that, or were not looked at for so long."""
    due: set[int] = set()
    looked = select(urls.c.id, articles.c.published_utc, urls.c.settled_at).join(
        articles, (articles.c.id == urls.c.article_id) & (articles.c.canonical_url == urls.c.url)
    )
    looked = looked.where(urls.c.site == site, urls.c.state.in_(("stored", "unchanged")))
    if recheck_h:
        oldest = now - timedelta(hours=max(recheck_h)) - timedelta(days=1)
        young = looked.where(articles.c.site == site, articles.c.published_utc >= oldest)
        for row, published, settled in db.execute(young):
            if any(settled < published + timedelta(hours=hours) <= now for hours in recheck_h):
                due.add(row)
    if recheck is not None:
        due.update(db.execute(looked.where(urls.c.settled_at <= now - recheck)).scalars())
    return due


def backlog(db: Connection, site: str, now: datetime, recheck_h: Sequence[float]) -> tuple[int, int, int]:
    """Rows that may be fetched now; failed ones whose backoff is over; articles that are due to be looked at again."""
    of_site = select(func.count()).where(urls.c.site == site)
    ready = of_site.where(READY, urls.c.kind != Kind.ROBOTS)
    delayed = of_site.where(DELAYED, urls.c.not_before <= now, urls.c.kind != Kind.ROBOTS)
    failed = of_site.where(FAILED, urls.c.not_before <= now, urls.c.attempts < ATTEMPTS)
    waiting, due, lost = (db.execute(statement).scalar_one() for statement in (ready, delayed, failed))
    return waiting + due, lost, len(_due_articles(db, site, now, recheck_h))


def reclaim(db: Connection, run: Run, *, dead: bool) -> int:
    """Rows that no live run has in hand go back to waiting; those that a dead one had are counted as lost."""
    leased = select(urls.c.id).where(urls.c.site == run.site, urls.c.state == text("'leased'"))
    rows = records(db, db.execute(leased).scalars(), by_id=True)
    for row in rows:
        row.wait()
        row.lost += dead
        if row.lost >= LOST_LAST:
            row.priority = LAST
        if row.lost >= LOST_MOST:
            row.state, row.reason, row.settled_run_id = State.FAILED, "the crawler died with it in hand", run.id
            row.attempts = ATTEMPTS
    save(db, rows)
    return len(rows)


def forget_far_backoffs(db: Connection, run: Run) -> None:
    """Those further off than any backoff lasts were written when the machine's clock was wrong."""
    far = urls.c.not_before > run.started_at + 2 * BACKOFF_MOST
    for rows in (DELAYED, FAILED):
        db.execute(update(urls).where(urls.c.site == run.site, rows, far).values(not_before=None))


def apply_since(db: Connection, run: Run) -> None:
    """Refuse what waits and is too old for this run; bring back what an earlier run refused and this one wants."""
    aged = urls.c.reason.like("published before %")
    back = update(urls).where(urls.c.site == run.site, urls.c.state == "refused", aged)
    since = run.terms.since
    if since is not None:
        back = back.where(urls.c.published >= since)
        old = update(urls).where(
            urls.c.site == run.site,
            urls.c.state == "waiting",
            urls.c.kind == "article",
            urls.c.published < since,
        )
        db.execute(old.values(state="refused", reason=before(since), not_before=None))
    db.execute(back.values(state="waiting", reason="", tries=0, not_before=None))
