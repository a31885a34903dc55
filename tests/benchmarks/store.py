"""What the store costs per page, by the number of URLs it knows: `python -m tests.benchmarks.store [SIZE...]`.

Each page is an article of 45 KB HTML with 40 links, 38 of them to known pages of its own age; rows are handed out and
pages committed in groups, as a crawl does. CPU time of this process, milliseconds per page; a million URLs take a
minute to make.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from crawler.items import Article, Image, Kind, Link, Provenance, Removed, State
from crawler.page import Page
from crawler.result import PageResult
from crawler.store import Row, Run, Store, Terms, holder_name

PAGES = 600
KNOWN, NEW = 38, 2  # links of a page
NEAR = 2000  # pages link to pages of about their own age
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
BODY = b"x" * 45_000
TEXT = "新闻正文，" * 300


def address(number: int) -> str:
    return f"https://news{number % 7}.example.com/2026/11/{number:07d}/some-words-of-a-headline.html"


def fill(store: Store, run: Run, size: int) -> None:
    for start in range(0, size, 5000):
        numbers = range(start, min(size, start + 5000))
        store.schedule(run, [Link(address(n), Kind.ARTICLE, f"c{n % 12}") for n in numbers], now=NOW)
    for host in range(7):
        url = f"https://news{host}.example.com/robots.txt"
        store.settle(run, [PageResult("bench", url, Kind.ROBOTS, State.READ, page=Page(url, b"", {}, NOW))], now=NOW)


def page(row: Row, size: int, chance: random.Random) -> PageResult:
    number = row.id - 1
    links = [Link(address(max(0, min(size - 1, number + chance.randrange(NEAR)))), Kind.ARTICLE) for _ in range(KNOWN)]
    links += [Link(address(size + number * NEW + extra), Kind.ARTICLE) for extra in range(NEW)]
    article = Article(
        id=f"{number:016x}", story_id=f"{number:x}", site="bench", url=row.url, title="标题" * 10,
        category=row.category, authors=("张三",), source="新华社", published_at=NOW, published_raw="2026-11-21",
        body_html=f"<p>{TEXT}</p>", body_text=TEXT, body_markdown=TEXT, content_hash=row.url, word_count=1200,
        images=(Image(f"{row.url}.jpg", "alt", "图"),) * 3,
        provenance=dict.fromkeys(("title", "body", "source", "authors"), Provenance("h1", "/html/body/h1", "raw")),
        removed=(Removed("a line that was taken out", "some_step"),) * 6,
    )  # fmt: skip
    response = Page(row.url, BODY, {"etag": '"x"'}, NOW)
    return PageResult(
        "bench", row.url, row.kind, State.STORED, page=response, article=article, links=tuple(links), seconds=0.1
    )


def measure(folder: Path, size: int, group: int) -> tuple[float, float, float]:
    """CPU milliseconds per page to hand out and to settle, and seconds for the counts."""
    chance = random.Random(1)
    with Store.open(folder / f"{size}-{group}.db") as store:
        run = store.begin_run("bench", command="bench", now=NOW, holder=holder_name(), terms=Terms(delay_s=0))
        fill(store, run, size)
        lease_s = settle_s = 0.0
        done = 0
        while done < min(PAGES, size):
            start = time.process_time()
            rows = store.lease(run, now=NOW, limit=group)
            lease_s += time.process_time() - start
            results = [page(row, size, chance) for row in rows]
            start = time.process_time()
            store.settle(run, results, now=NOW)
            settle_s += time.process_time() - start
            done += len(rows)
        start = time.process_time()
        assert store.summary(run).holds
        return lease_s / done * 1000, settle_s / done * 1000, time.process_time() - start


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--group", nargs="*", type=int, default=[16, 1], help="pages per transaction")
    given = parser.parse_args(arguments)
    print("URLs known  group  lease ms  settle ms  counts s  peak RSS MiB")
    with tempfile.TemporaryDirectory() as folder:
        for size in given.sizes:
            for group in given.group:
                lease, settle, counts = measure(Path(folder), size, group)
                rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"{size:10,}  {group:5}  {lease:8.3f}  {settle:9.3f}  {counts:8.3f}  {rss:12.0f}", flush=True)


if __name__ == "__main__":
    main()
