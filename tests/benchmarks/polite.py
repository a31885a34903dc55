"""A server that counts violations, and a crawl that is killed: `python -m tests.benchmarks.polite [REQUESTS] [KILLS]`.

Four hosts (ports of loopback), crawled at the same time with 20 ms between two requests to one. A violation: a path
that robots.txt forbids; two requests to one host nearer than the delay; two at once; a request while Retry-After holds.
What was answered right before a kill may not have been committed: a hold that the crawl cannot know of is not counted.
"""

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.loopback import Answer, Crawls, Hit, Web, article, listing, served

DELAY_S = 0.02
JITTER_S = 0.002  # a busy machine wakes the server's thread for one request later than for the next
HOSTS = 4
PAGE = 25  # articles of a listing page
HOLD_S = 1
UNCOMMITTED_S = 0.5  # before a kill
ROBOTS = "User-agent: *\nDisallow: /art/private\nAllow: /\n"

SITE = '''"""Hosts that are counted on."""

from crawler.site import Site

SITE = Site(
    name="little",
    hosts=("127.0.0.1",),
    categories={categories!r},
    listing_url=r"/list/\\d+$",
    article_url=r"/art/(?P<key>[\\w-]+)$",
    article_links="a.art",
    next_page="a.next",
    title="h1::text",
    body="div.body",
    delay_s={delay_s},
)
'''


@dataclass
class Checking(Web):
    """One host."""

    number: int = 0
    articles: int = 0
    shortest: float = 1e9  # seconds between two requests
    violations: Counter[str] = field(default_factory=Counter)
    kills: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._open = 0
        self._last = 0.0
        self._holds: list[tuple[float, float]] = []  # told at, until
        self._held: set[str] = set()

    def answer(self, hit: Hit) -> Answer:
        with self._lock:
            self.hits.append(hit)
            self._check(hit)
            self._last, self._open = hit.at, self._open + 1
        time.sleep(0.001)
        with self._lock:
            self._open -= 1
            return self._page(hit)

    def _check(self, hit: Hit) -> None:
        self.violations["robots"] += hit.path.startswith("/art/private")
        self.violations["concurrency"] += self._open > 0
        self.violations["delay"] += hit.at - self._last < DELAY_S - JITTER_S
        self.shortest = min(self.shortest, hit.at - self._last)
        for told, until in self._holds:
            known = not any(told <= kill <= told + UNCOMMITTED_S for kill in self.kills)
            self.violations["Retry-After"] += known and told < hit.at < until

    def _page(self, hit: Hit) -> Answer:
        kind, _, name = hit.path.strip("/").partition("/")
        if hit.path == "/robots.txt":
            return Answer(ROBOTS)
        if kind == "list":
            start = int(name) * PAGE
            keys = range(start, min(start + PAGE, self.articles))
            following = f"/list/{int(name) + 1}" if start + PAGE < self.articles else ""
            names = [f"/art/{self.number}-{key}" for key in keys]
            return Answer(listing(*names, "/art/private-1", following=following))
        if hash_of(name) % 400 == 0 and name not in self._held:
            self._held.add(name)
            now = time.monotonic()
            self._holds.append((now, now + HOLD_S))
            return Answer("busy", random.Random(name).choice((429, 503)), {"Retry-After": str(HOLD_S)})
        return Answer(article(f"Story {name}"))


def hash_of(name: str) -> int:
    return int(name.rpartition("-")[2]) if name.rpartition("-")[2].isdigit() else 1


def measure(requests: int, kills: int, *, seed: int = 7) -> tuple[Counter[str], int, int, int]:
    """Violations by kind, requests, kills, articles that are missing."""
    rng = random.Random(seed)
    hosts = [Checking(number=number, articles=requests // HOSTS) for number in range(HOSTS)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for host in hosts:
            stack.enter_context(served(host))
        crawls = Crawls(hosts[0], Path(folder))
        categories = {f"h{host.number}": f"{host.url}/list/0" for host in hosts}
        crawls.site.write_text(SITE.format(categories=categories, delay_s=DELAY_S))
        killed = sum(_killed(crawls, hosts, after=rng.randint(1, requests // (kills + 1))) for _ in range(kills))
        done = crawls.run("--no-archive", timeout=3600)
        if done.code:
            raise SystemExit(f"the crawl ended with {done.code}: {done.errors}\n{done.summary}")
        missing = sum(host.articles for host in hosts) - len(crawls.titles())
    found: Counter[str] = Counter()
    for host in hosts:
        found.update(host.violations)
    print(f"shortest time between two requests to one host: {1000 * min(host.shortest for host in hosts):.1f} ms")
    return found, sum(len(host.hits) for host in hosts), killed, missing


def _killed(crawls: Crawls, hosts: list[Checking], *, after: int) -> bool:
    """A crawl that ends by SIGKILL after so many requests, or by itself."""
    since = sum(len(host.hits) for host in hosts)
    process: subprocess.Popen[str] = crawls.start("--no-archive")
    while process.poll() is None and sum(len(host.hits) for host in hosts) < since + after:
        time.sleep(0.002)
    alive = process.poll() is None
    process.kill()
    at = time.monotonic()
    process.communicate()
    for host in hosts:
        host.kills.append(at)
    return alive


def main(requests: int = 10_000, kills: int = 20) -> int:
    began = time.monotonic()
    violations, asked, killed, missing = measure(requests, kills)
    told = ", ".join(f"{name} {violations[name]}" for name in ("robots", "delay", "Retry-After", "concurrency"))
    print(f"{asked} requests, {killed} kills, {time.monotonic() - began:.0f} s; violations: {told}; {missing} missing")
    return 1 if sum(violations.values()) or missing else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
