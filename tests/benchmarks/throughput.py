"""Pages per CPU second, download included: newscrawl on a site without a file, beside peers that do the same.

    python -m tests.benchmarks.throughput --peers PYTHON [--pages 200]

PYTHON has trafilatura and news-please (tests/benchmarks/peers.txt). Each extractor is one process that gets the same
articles of the generated site over loopback; counted is its CPU time from the first request to the last article.
newscrawl also reads the listings, cleans, renders and stores; the peers are called page by page, as their documents
show it, and store nothing.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.crawl import ROOT, measured, served

PEER = """
import json, resource, sys
urls = json.load(sys.stdin)
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
if sys.argv[1] == "trafilatura":
    from trafilatura import bare_extraction, fetch_url
    from trafilatura.settings import use_config
    config = use_config()
    config.set("DEFAULT", "SSRF_PROTECTION", "off")
    def read(url):
        return bare_extraction(fetch_url(url, config=config), url=url, with_metadata=True).text
else:
    from newsplease import NewsPlease
    def read(url):
        return NewsPlease.from_url(url).maintext
read(urls[0])
before = cpu()
good = sum(bool(read(url)) for url in urls)
print(json.dumps({"cpu_s": cpu() - before, "pages": good}))
"""


def ours(url: str) -> dict[str, float]:
    """A crawl of the undescribed site, with everything that a crawl does but the archive."""
    from scrapy.settings import Settings

    from crawler.sites import load_site
    from crawler.spiders import spider_for
    from crawler.store import Store

    site = replace(load_site(f"{url}list/0.html"), concurrency=16, delay_s=0)
    with tempfile.TemporaryDirectory(prefix="newscrawl-bench-") as folder:
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        own = {"DB": f"{folder}/news.db", "ALLOW_PRIVATE": ("127.0.0.1",), "ARCHIVE": "", "LOG_FILE": f"{folder}/log"}
        settings.setdict(own, priority="cmdline")
        figures = measured(settings, spider_for(site))
        with Store.open(Path(folder, "news.db")) as store:
            return {"cpu_s": figures["cpu_s"], "pages": sum(1 for _ in store.articles())}


def peer(python: str, name: str, urls: list[str]) -> dict[str, float]:
    command = [python, "-c", PEER, name]
    done = subprocess.run(command, input=json.dumps(urls), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--child", metavar="URL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(ours(args.child)))
        return
    with served(args.pages) as url:
        command = [sys.executable, "-m", "tests.benchmarks.throughput", "--child", url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found = {"newscrawl": json.loads(done.stdout.splitlines()[-1])}
        if args.peers:
            urls = [f"{url}a/{n:05d}.html" for n in range(args.pages)]
            found |= {name: peer(args.peers, name, urls) for name in ("trafilatura", "news-please")}
    rate = {name: figures["pages"] / figures["cpu_s"] for name, figures in found.items()}
    for name, figures in found.items():
        slower = rate["newscrawl"] / rate[name]
        print(f"{name:<12} {figures['pages']:>5.0f} pages {rate[name]:>7.1f} a CPU second  newscrawl is {slower:.1f} x")


if __name__ == "__main__":
    main()
