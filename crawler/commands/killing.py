"""demo --kill: a crawl that is killed again and again, beside one that is not, and the ledger of both."""

import random
import sqlite3
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.cases import Case
from crawler.commands import report
from crawler.commands.terminal import console, json_text, write_out
from crawler.demo import Answer, Web, serve
from crawler.errors import StoreUnusable

ROWS = """
SELECT url, site, kind, category, host, state, reason, target, status, etag, last_modified, content_hash, article_id
FROM urls
"""
# Which of several listings shows an article first is a matter of time, and so is its category.
IN_SEVERAL = """
SELECT urls.url FROM listed JOIN urls ON urls.id = listed.url_id JOIN urls AS listing ON listing.id = listed.listing_id
GROUP BY urls.id HAVING count(DISTINCT listing.category) > 1
"""
# What a run writes of itself, and when: not the same in two runs of anything.
OWN = frozenset(("run_id", "stored_at", "changed_at", "fetched_at"))
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Ledger:
    """The killed crawl against the other one."""

    kills: int
    articles: int
    lost: int  # articles that only the other one has
    twice: int  # articles that were stored twice, or have a version though nothing had changed
    fetched_again: int  # pages that were in hand at a kill
    differences: tuple[str, ...]  # rows and articles that are not equal

    @property
    def is_clean(self) -> bool:
        return self.articles > 0 and not (self.lost or self.twice or self.differences)


class Counting(Web):
    """A little web that knows how often it was asked. One thread writes the number at a time: Python's lock."""

    asked = 0

    def answer(self, url: str, if_none_match: str = "") -> Answer:
        self.asked += 1
        return super().answer(url, if_none_match)


def kill_demo(args: Namespace, cases: Sequence[Case]) -> int:
    """Crawl the demo's web once in peace and once with `args.kill` kills; 4 when anything is lost or differs."""
    web, err = Counting(cases), console()
    with TemporaryDirectory(prefix="newscrawl-") as folder, serve(web) as port:
        calm, killed = Path(folder, "calm.db"), args.db or Path(folder, "killed.db")
        if killed.exists():
            raise StoreUnusable(f"{killed} is there already; a killed crawl is compared from its first page on")
        finish(_crawl(calm, port))
        pages, web.asked = web.asked, 0
        if not args.quiet:
            err.print(f"one crawl in peace: {pages} pages; now one that is killed {args.kill} times")
        for number in range(args.kill):
            at = _kill(web, _crawl(killed, port), most=max(1, (pages - web.asked) // (args.kill - number + 1)))
            if not args.quiet:
                err.print(f"  kill {number + 1} after {at} pages")
        finish(_crawl(killed, port))
        ledger = compared(calm, killed, kills=args.kill, fetched_again=web.asked - pages)
    _tell(args, ledger)
    return report.DONE if ledger.is_clean else report.BROKEN_SUM


def _crawl(db: Path, port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "crawler", "demo", "--quiet", "--port", str(port), "--db", str(db)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def _kill(web: Counting, crawl: "subprocess.Popen[bytes]", *, most: int) -> int:
    """At a random moment while it fetches its next pages. Raises StoreUnusable when it does not get that far."""
    until, since = web.asked + random.randint(1, most), time.monotonic()
    while web.asked < until and crawl.poll() is None:
        if time.monotonic() - since > PATIENCE_S:
            break
        time.sleep(0.002)
    time.sleep(random.uniform(0.0, 0.05))
    if crawl.poll() is not None:
        finish(crawl)
    crawl.kill()
    crawl.communicate()
    return web.asked


def finish(crawl: "subprocess.Popen[bytes]") -> None:
    """Raises StoreUnusable when the crawl failed."""
    _, errors = crawl.communicate()
    if crawl.returncode not in (report.DONE, report.INCOMPLETE):
        raise StoreUnusable(f"the crawl ended with {crawl.returncode}: {errors.decode(errors='replace')[-500:]}")


def compared(calm: Path, killed: Path, *, kills: int, fetched_again: int) -> Ledger:
    with sqlite3.connect(calm) as one, sqlite3.connect(killed) as other:
        names = {url for (url,) in one.execute("SELECT canonical_url FROM articles")}
        found = [url for (url,) in other.execute("SELECT canonical_url FROM articles")]
        (versions,) = other.execute("SELECT count(*) FROM versions").fetchone()
        differences = [*_differences(one, other, ROWS), *_differences(one, other, _article_query(one))]
    return Ledger(
        kills, len(found), len(names - set(found)), len(found) - len(set(found)) + versions, max(0, fetched_again),
        tuple(differences),
    )  # fmt: skip


def _article_query(db: sqlite3.Connection) -> str:
    columns = [row[1] for row in db.execute("PRAGMA table_info(articles)") if row[1] not in OWN]
    first = ["canonical_url", *(name for name in columns if name != "canonical_url")]
    return f"SELECT {', '.join(first)} FROM articles"  # names of our own schema


def _differences(one: sqlite3.Connection, other: sqlite3.Connection, query: str) -> list[str]:
    """What rows differ in, by the first column."""
    left, right = ({row[0]: row for row in db.execute(query)} for db in (one, other))
    names = [column[0] for column in one.execute(f"{query} LIMIT 0").description]
    several = {url for (url,) in one.execute(IN_SEVERAL)}
    found = [f"{url}: only in one" for url in sorted(set(left) ^ set(right))]
    for url in sorted(set(left) & set(right)):
        columns = [name for name, *pair in zip(names, left[url], right[url], strict=True) if pair[0] != pair[1]]
        columns = [name for name in columns if name != "category" or url not in several]
        if columns:
            found.append(f"{url}: {', '.join(columns)}")
    return found


def _tell(args: Namespace, ledger: Ledger) -> None:
    if not args.quiet:
        err = console()
        for line in ledger.differences:
            err.print(f"  differs: {line}", soft_wrap=True, style="red")
        err.print(
            f"{ledger.kills} kills, {ledger.articles} articles: {ledger.lost} lost, {ledger.twice} twice,"
            f" {len(ledger.differences)} rows differ; {ledger.fetched_again} pages fetched again",
            style="bold green" if ledger.is_clean else "bold red",
        )
    if args.json:
        told = {name: getattr(ledger, name) for name in ("kills", "articles", "lost", "twice", "fetched_again")}
        write_out(json_text({**told, "differences": list(ledger.differences)}))
