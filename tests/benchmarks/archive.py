"""What the archive costs, whether others can read it, and how fast it is read again.

    python tests/benchmarks/archive.py records [--count 10000]     what we wrote, checked by warcio and by FastWARC
    python tests/benchmarks/archive.py cost [--rounds 3]           a crawl with and without, in turn, and a bare spider
    python tests/benchmarks/archive.py kills [--kills 100]         what a crawl that is killed again and again leaves
    python tests/benchmarks/archive.py reextract [--pages 20000]   against extraction alone, one process

Pages are those of ../shared/data/bench, served under addresses of our own.
"""

import argparse
import gzip
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
BENCH = ROOT.parent / "shared" / "data" / "bench"
OVER_MOST, RATIO_MOST, EFFICIENCY_LEAST, RSS_MOST_MIB = 0.20, 2.0, 0.85, 400

SITE_FILE = '''"""Pages of many sites under one address."""

from crawler.site import Site

SITE = Site(name="bench", hosts=("bench.example",), article_url=r"^https://bench\\.example/a/(?P<key>\\d+)\\.html$")
'''


def bodies(limit: int = 400) -> list[bytes]:
    """Real news pages of an ordinary size."""
    files = sorted(BENCH.rglob("*.html.gz"))
    found = (gzip.decompress(file.read_bytes()) for file in files[:: max(1, len(files) // (2 * limit))])
    return list(itertools.islice((body for body in found if 2_000 < len(body) < 400_000), limit))


def results(count: int) -> Iterator[Any]:
    """What a crawl of `count` articles would hand to the archive, here and there a redirect, a failure or a 304."""
    from crawler.items import Kind, State
    from crawler.page import Page
    from crawler.result import PageResult

    pages = bodies()
    began = datetime(2026, 1, 1, tzinfo=UTC)
    headers = {"content-type": "text/html", "etag": '"1"', "server": "nginx", "x-note": "caf\xe9"}
    for number in range(count):
        at = began + timedelta(milliseconds=100 * number)
        url = f"https://bench.example/a/{number}.html"
        page: Page | None = Page(url, pages[number % len(pages)] + f"<!-- {number} -->".encode(), headers, at)
        state, reason = State.STORED, ""
        if number % 50 == 7:
            page, state, reason = None, State.FAILED, "timeout"
        elif number % 50 == 8:
            page = Page(url, b"", headers | {"location": "/elsewhere"}, at, 301)
        elif number % 50 == 9:
            url = f"https://bench.example/a/{number - 9}.html"
            page = Page(url, b"", headers, at, 304)
        result = PageResult("bench", url, Kind.ARTICLE, state, reason, page=page)
        result.request_headers = {"user-agent": "newscrawl/0 (+https://example.com)", "accept-encoding": "gzip"}
        yield result


def records(count: int) -> int:
    """Every record checked by two readers."""
    from fastwarc.warc import ArchiveIterator

    with tempfile.TemporaryDirectory(prefix="newscrawl-bench-") as name:
        folder = Path(name) / "news.archive"
        started = time.process_time()
        written = write(folder, count)
        spent = time.process_time() - started
        files = sorted(folder.iterdir())
        size = sum(file.stat().st_size for file in files)
        checked = subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", *map(str, files)], capture_output=True, text=True, check=False
        )
        kinds: Counter[str] = Counter()
        wrong = 0
        for file in files:
            with file.open("rb") as stream:
                for record in ArchiveIterator(stream, parse_http=False):
                    kinds[str(record.record_type)] += 1
                    wrong += record.verify_block_digest() is False
    total = sum(kinds.values())
    print(f"{written} exchanges, {total} records in {len(files)} files, {size / written / 1024:.1f} KiB each")
    print(f"{spent / written * 1000:.2f} ms of CPU per exchange, reading the pages included")
    print(f"warcio check: exit code {checked.returncode}; FastWARC: {dict(kinds)}, {wrong} wrong digests")
    good = checked.returncode == 0 and not wrong and kinds["request"] == written
    return 0 if good else 1


def write(folder: Path, count: int) -> int:
    """The archive alone, over a real index."""
    from crawler.archive import Archive, Limits
    from crawler.store import Store, holder_name
    from crawler.store.index import SavedIndex

    now = datetime(2026, 1, 1, tzinfo=UTC)
    written = 0
    with Store.open(folder.with_suffix(".db")) as store, SavedIndex(store) as index:
        run = store.begin_run("bench", command="bench", now=now, holder=holder_name())
        everything = batches(results(count), 16)
        for part in (count // 32, None):  # as two runs: the second finds what the first wrote
            with Archive(folder, "bench", index, limits=Limits(file_bytes=64 << 20)) as archive:
                for batch in itertools.islice(everything, part):
                    for result in batch:
                        result.saved = archive.write(result, now=now)
                        written += 1
                    store.settle(run, batch, now=now)
    return written


def batches(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(items, size)):
        yield batch


# a whole crawl, with and without -----------------------------------------------------------------------------------


def cost(rounds: int, pages: int) -> int:
    from tests.benchmarks import crawl

    if not crawl.MAKER.exists():
        print(f"skipped: {crawl.MAKER} is not there")
        return 0
    requests = pages + pages // crawl.PER_LISTING + 1
    over, ratios = [], []
    with crawl.served(pages) as url:
        for number in range(rounds):
            stock, without, with_ = (child(name, url) for name in ("stock", "ours", "archived"))
            over.append(with_["cpu_s"] / without["cpu_s"] - 1)
            ratios.append(with_["cpu_s"] / stock["cpu_s"])
            each = [figures["cpu_s"] / requests * 1000 for figures in (stock, without, with_)]
            print(
                f"round {number + 1}: stock {each[0]:.2f}, newscrawl {each[1]:.2f}, with archive {each[2]:.2f} ms/page"
                f" ({over[-1]:+.0%}), {ratios[-1]:.2f} x stock,"
                f" {with_['archive_bytes'] / requests / 1024:.1f} KiB/page, {with_['rss_mib']:.0f} MiB",
                flush=True,
            )
    print(
        f"archive {statistics.median(over):+.1%} CPU (at most {OVER_MOST:.0%}),"
        f" {statistics.median(ratios):.2f} x stock (at most {RATIO_MOST})"
    )
    return 0 if statistics.median(over) <= OVER_MOST and statistics.median(ratios) <= RATIO_MOST else 1


def child(name: str, url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="newscrawl-bench-") as folder:
        return run_child(name, url, Path(folder))


def crawler(name: str, url: str, folder: Path) -> dict[str, float]:
    from tests.benchmarks import crawl

    if name == "stock":
        return crawl.stock(url, folder)
    if name == "ours":
        return crawl.ours(url, folder)
    archive = folder / "news.archive"
    figures = crawl.ours(url, folder, archive=str(archive))
    return figures | {"archive_bytes": float(sum(file.stat().st_size for file in archive.iterdir()))}


# reading it again --------------------------------------------------------------------------------------------------


def reextraction(pages: int) -> int:
    """Pages per second of all processes against that of one which only extracts."""
    from crawler import reextract

    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="newscrawl-bench-") as name:
        folder = Path(name)
        site = folder / "bench.py"
        site.write_text(SITE_FILE, "utf-8")
        stored = crawled(folder / "news.db", site, pages)
        options = reextract.Options(db=folder / "news.db", site=str(site), site_name="bench", workers=workers)
        before, mine = cpu_s(), cpu_s(resource.RUSAGE_SELF)
        report = reextract.run(options, now=datetime.now(UTC))
        spent, mine = cpu_s() - before, cpu_s(resource.RUSAGE_SELF) - mine
        inside = run_child("share", str(site), folder)
        alone = run_child("extract", str(site), folder)
    # Shares of the CPU of one process at one time: on a machine that others use, seconds tell of the others.
    efficiency = inside["share"] * (1 - mine / spent)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(report.headline())
    print(
        f"{stored} articles: {efficiency:.0%} of the CPU is extraction (at least {EFFICIENCY_LEAST:.0%}):"
        f" {inside['share']:.1%} of a worker's, and workers take {1 - mine / spent:.1%} of all"
    )
    print(
        f"by the clock {report.articles / report.seconds:.0f} pages/s in {workers} processes,"
        f" {alone['pages_s']:.0f} alone in one; {peak:.0f} MiB a process (at most {RSS_MOST_MIB})"
    )
    return 0 if efficiency >= EFFICIENCY_LEAST and peak <= RSS_MOST_MIB and not report.touched else 1


def crawled(db: Path, site_file: Path, pages: int) -> int:
    """A database and its archive as a crawl of these pages leaves them."""
    from crawler.archive import Archive, folder_for
    from crawler.archive.records import may_keep
    from crawler.items import Kind, State
    from crawler.page import Page
    from crawler.path import process
    from crawler.sites import load_site
    from crawler.store import Store, holder_name
    from crawler.store.index import SavedIndex

    site, now = load_site(str(site_file)), datetime(2026, 1, 1, tzinfo=UTC)
    # One reading of each distinct page is enough to know what is stored of its copies, but for the address.
    readable = [body for body in bodies() if read(site, body).state is State.STORED and may_keep(read(site, body).page)]
    stored = 0
    with Store.open(db) as store, SavedIndex(store) as index, Archive(folder_for(db), "bench", index) as archive:
        run = store.begin_run("bench", command="bench", now=now, holder=holder_name())
        for numbers in batches(iter(range(pages)), 16):
            batch = []
            for number in numbers:
                url, at = f"https://bench.example/a/{number}.html", now + timedelta(milliseconds=number + 1)
                page = Page(url, readable[number % len(readable)], {"content-type": "text/html"}, at)
                result = process(site, page, url=url, kind=Kind.ARTICLE)
                result.request_headers = {"user-agent": "newscrawl"}
                result.saved = archive.write(result, now=now)
                batch.append(result)
            store.heartbeat(run, now)
            stored += sum(one.outcome == "new" for one in store.settle(run, batch, now=now))
        store.end_run(run, now=now, requests=pages, bytes=0, reason="finished")
    return stored


def read(site: Any, body: bytes) -> Any:
    from crawler.items import Kind
    from crawler.page import Page
    from crawler.path import process

    url = "https://bench.example/a/0.html"
    page = Page(url, body, {"content-type": "text/html"}, datetime(2026, 1, 1, tzinfo=UTC))
    return process(site, page, url=url, kind=Kind.ARTICLE)


def cpu_s(*whom: int) -> float:
    """Of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in whom or (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def run_child(name: str, url: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, str(HERE), "child", "--crawler", name, "--url", url, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def share(site_file: str, folder: Path) -> dict[str, float]:
    """How much of a worker's CPU is extraction, by timing it inside."""
    from crawler.archive import folder_for
    from crawler.reextract import work
    from crawler.store import Store
    from crawler.store.index import SavedIndex

    db, real, spent = folder / "news.db", work.process, 0.0

    def timed(*args: Any, **more: Any) -> Any:
        nonlocal spent
        began = time.process_time()
        try:
            return real(*args, **more)
        finally:
            spent += time.process_time() - began

    work.process = timed
    worker = work.Worker(db, folder_for(db), site_file, False)
    with Store.open(db) as store, SavedIndex(store) as index:
        units = list(itertools.islice(work.units(index.sources(), 250), 9))
    worker(units[0])  # what is loaded once
    spent, began = 0.0, time.process_time()
    for unit in units[1:]:
        worker(unit)
    return {"share": spent / (time.process_time() - began)}


def extract(site_file: str) -> dict[str, float]:
    from crawler.items import State
    from crawler.sites import load_site

    site = load_site(site_file)
    readable = [body for body in bodies() if read(site, body).state is State.STORED]
    started, spent = time.monotonic(), cpu_s()
    for body in readable:
        read(site, body)
    count = len(readable)
    return {"pages_s": count / (time.monotonic() - started), "cpu_s": (cpu_s() - spent) / count}


# killed in the middle -----------------------------------------------------------------------------------------------


def killed(kills: int, folder: Path, *, articles: int = 600, seed: int = 1) -> Counter[str]:
    """Crawls that are killed so many times in all, and what their archives lack or hold too often."""
    import random
    from http.server import ThreadingHTTPServer

    from tests.loopback import Answer, Crawls, Web, article, listing, served

    ThreadingHTTPServer.handle_error = lambda *_: None  # type: ignore[method-assign]  # killed crawlers reset connections
    web, chance, figures = Web(), random.Random(seed), Counter[str]()
    for number in range(articles // 20):
        mine = [f"/art/{number * 20 + n}" for n in range(20)]
        web.pages[f"/list/{number}"] = Answer(listing(*mine, following=f"/list/{number + 1}"))
        web.pages |= {path: Answer(article(f"Story {path}", text=chance.randbytes(3000).hex())) for path in mine}
    with served(web):
        while figures["kills"] < kills:
            place = folder / str(figures["crawls"])
            place.mkdir()
            crawls = Crawls(web, place, concurrency=4)
            web.hits.clear()
            ended = False
            while not ended:
                crawl = crawls.start()
                try:
                    crawl.wait(1.2 + 1.5 * chance.random())
                    ended = True
                except subprocess.TimeoutExpired:
                    crawl.kill()
                    crawl.wait()
                    figures["kills"] += 1
            figures["crawls"] += 1
            figures.update(wrong(place, Counter(f"{web.url}{path}" for path in web.paths())))
    return figures


def wrong(folder: Path, hits: Counter[str]) -> dict[str, int]:
    """What an archive lacks, or holds more often than it was sent."""
    import sqlite3

    from fastwarc.warc import ArchiveIterator

    pages: Counter[str] = Counter()
    broken = 0
    for file in sorted((folder / "news.archive").iterdir()):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                broken += not record.verify_block_digest()
                if str(record.record_type).rpartition(".")[2] in ("response", "revisit"):
                    pages[record.headers["WARC-Target-URI"]] += 1
    with sqlite3.connect(folder / "news.db") as db:
        stored = {url for (url,) in db.execute("select url from articles")}
        indexed = db.execute("select count(*) from responses").fetchone()[0]
    return {
        "articles": len(stored),
        "missing": sum(url not in pages for url in stored),
        "broken": broken,
        "too often": sum(count > hits[url] for url, count in pages.items()),
        "not indexed": abs(sum(pages.values()) - indexed),
        "asked again": sum(count - 1 for count in hits.values()),
    }


def kills(count: int) -> int:
    with tempfile.TemporaryDirectory(prefix="newscrawl-bench-") as name:
        figures = killed(count, Path(name))
    print(dict(figures))
    return 1 if any(figures[name] for name in ("missing", "broken", "too often", "not indexed")) else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("records", "cost", "reextract", "kills", "child"))
    parser.add_argument("--count", type=int, default=10_000, help="exchanges")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, help="2,000 for cost, 20,000 for reextract")
    parser.add_argument("--crawler", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if args.what == "child":
        if args.crawler == "extract":
            figures = extract(args.url)
        elif args.crawler == "share":
            figures = share(args.url, args.folder)
        else:
            figures = crawler(args.crawler, args.url, args.folder)
        print(json.dumps(figures))
        return 0
    if args.what == "kills":
        return kills(args.kills)
    if not BENCH.exists():
        print(f"skipped: {BENCH} is not there")
        return 0
    if args.what == "cost":
        return cost(args.rounds, args.pages or 2000)
    return records(args.count) if args.what == "records" else reextraction(args.pages or 20_000)


if __name__ == "__main__":
    sys.exit(main())
