"""What a whole crawl costs: newscrawl with full items cleaned and stored, against a bare Scrapy spider of titles.

    python tests/benchmarks/crawl.py [--rounds 3] [--pages 2000]

Both crawl the same generated site on loopback, turn by turn, each in a process of its own. Compared is the CPU time
per page after the spider has opened; a machine's seconds drift, the ratio within one round does not.
"""

import argparse
import asyncio
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
MAKER = ROOT.parent / "shared" / "tools" / "site" / "mksite.py"
RATIO_MOST, RSS_MOST_MIB = 1.5, 250
PER_LISTING = 40


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(settings: Any, spider: Any) -> dict[str, float]:
    """Run one crawl in this process: CPU seconds after the spider opened, peak memory."""
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    opened: list[float] = []
    crawler.signals.connect(lambda: opened.append(cpu_s()), signal=signals.spider_opened, weak=False)
    process.crawl(crawler)
    process.start()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    return {"cpu_s": cpu_s() - opened[0], "startup_s": opened[0], "rss_mib": peak}


def stock(url: str, folder: Path) -> dict[str, float]:
    """Stock settings, concurrency 16, titles only."""
    import scrapy

    class Titles(scrapy.Spider):
        name = "titles"
        start_urls = (f"{url}index.html",)

        def parse(self, response: Any) -> Iterator[Any]:
            for link in response.css("a.list"):
                yield response.follow(link, self.listing)

        def listing(self, response: Any) -> Iterator[Any]:
            for link in response.css("li.news h2 a"):
                yield response.follow(link, self.article)
            for link in response.css("a.next"):
                yield response.follow(link, self.listing)

        def article(self, response: Any) -> Iterator[Any]:
            yield {"title": response.css("h1::text").get()}

    settings = {
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "LOG_LEVEL": "INFO",
        "LOG_FILE": str(folder / "stock.log"),
    }
    return measured(settings, Titles)


def ours(url: str, folder: Path, archive: str = "") -> dict[str, float]:
    """The settings of newscrawl, at the same concurrency and without a delay; no archive unless one is named."""
    from scrapy.settings import Settings

    from crawler.site import Site
    from crawler.spiders import spider_for
    from crawler.store import Store

    site = Site(
        name="bench",
        hosts=("127.0.0.1",),
        entries=(f"{url}index.html",),
        listing_url=r"/list/\d+\.html$",
        article_url=r"/a/(?P<key>\d+)\.html$",
        article_links="li.news h2 a",
        next_page="a.next",
        title="h1.headline::text",
        published="div.meta > span.date::text",
        source="div.meta > span.source > a::text",
        authors="div.meta > span.author::text",
        body="div#content",
        language="zh-CN",
        timezone="Asia/Shanghai",
        concurrency=16,
        delay_s=0,
    )
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(
        {
            "DB": str(folder / "news.db"),
            "ALLOW_PRIVATE": ("127.0.0.1",),
            "ARCHIVE": archive,
            "LOG_LEVEL": "INFO",
            "LOG_FILE": str(folder / "ours.log"),
        },
        priority="cmdline",
    )
    figures = measured(settings, spider_for(site))
    with Store.open(folder / "news.db") as store:
        figures["articles"] = sum(1 for _ in store.articles())
    return figures


@contextmanager
def served(pages: int) -> Iterator[str]:
    """The generated site on loopback; by nginx where there is one, since a server in Python takes half the machine."""
    with tempfile.TemporaryDirectory(prefix="newscrawl-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        site, run = folder / "site", folder / "run"
        run.mkdir()
        subprocess.run([sys.executable, MAKER, site, str(pages // PER_LISTING), str(PER_LISTING)], check=True)
        if shutil.which("nginx") is None:
            command = [sys.executable, str(HERE), "--serve", str(site)]
        else:
            command = ["nginx", "-g", "daemon off;", "-c", str(_nginx_settings(site, run))]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = int((run / "port").read_text()) if command[0] == "nginx" else int(server.stdout.readline())
            _await(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait()


def _nginx_settings(site: Path, run: Path) -> Path:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (run / "port").write_text(str(port))
    text = (MAKER.parent / "nginx.conf.in").read_text()
    for word, value in (("@ROOT@", site), ("@RUN@", run), ("@PORT@", port)):
        text = text.replace(word, str(value))
    settings = run / "nginx.conf"
    settings.write_text(text)
    subprocess.run(["chmod", "-R", "a+rX", str(site.parent)], check=True)
    return settings


def _await(port: int) -> None:
    import socket
    import time

    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the site did not come up")


async def serve(site: Path) -> None:
    """A small static server, for machines without nginx."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode().lstrip("/")
                file = site / (path or "index.html")
                status, body = (b"200 OK", file.read_bytes()) if file.is_file() else (b"404 Not Found", b"")
                head = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
                writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def child(name: str, url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="newscrawl-bench-") as folder:
        command = [sys.executable, str(HERE), "--child", name, "--url", url, "--folder", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(url: str, rounds: int, pages: int) -> dict[str, float]:
    requests = pages + pages // PER_LISTING + 1
    ratios, rss, costs = [], 0.0, []
    for number in range(rounds):
        one, two = child("stock", url), child("ours", url)
        if two["articles"] != pages:
            raise SystemExit(f"newscrawl stored {two['articles']} of {pages} articles")
        ratios.append(two["cpu_s"] / one["cpu_s"])
        costs.append(two["cpu_s"] / requests * 1000)
        rss = max(rss, two["rss_mib"])
        print(
            f"round {number + 1}: stock {one['cpu_s'] / requests * 1000:.2f} ms/page {one['rss_mib']:.0f} MiB,"
            f" newscrawl {costs[-1]:.2f} ms/page {two['rss_mib']:.0f} MiB, ratio {ratios[-1]:.2f}",
            flush=True,
        )
    return {"ratio": statistics.median(ratios), "ms_per_page": statistics.median(costs), "rss_mib": rss}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=2000, help="articles; a multiple of 40")
    parser.add_argument("--child", choices=("stock", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help="a site that is served already")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(serve(args.serve))
    if args.child:
        sys.path.insert(0, str(ROOT))
        print(json.dumps({"stock": stock, "ours": ours}[args.child](args.url, args.folder)))
        return 0
    if not args.url and not MAKER.exists():
        print(f"skipped: {MAKER} is not there")
        return 0
    if args.url:
        figures = compare(args.url, args.rounds, args.pages)
    else:
        with served(args.pages) as url:
            figures = compare(url, args.rounds, args.pages)
    print(
        f"ratio {figures['ratio']:.2f} (at most {RATIO_MOST}), {figures['ms_per_page']:.2f} ms/page,"
        f" peak {figures['rss_mib']:.0f} MiB (at most {RSS_MOST_MIB})"
    )
    return 0 if figures["ratio"] <= RATIO_MOST and figures["rss_mib"] <= RSS_MOST_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
