"""What a second crawl costs when nothing has changed: `python -m tests.benchmarks.steady [LISTINGS] [ARTICLES]`.

A site on loopback with 40 listings of 50 articles each; once with validators (ETag), once without. The
server counts.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.loopback import Answer, Crawls, Hit, Web, article, listing, served

SITE = '''"""The steady site."""

from crawler.site import Site

SITE = Site(
    name="little",
    hosts=("127.0.0.1",),
    categories={{f"c{{n}}": f"{url}/list/{{n}}" for n in range({listings})}},
    listing_url=r"/list/\\d+$",
    article_url=r"/art/(?P<key>\\d+)$",
    article_links="a.art",
    title="h1::text",
    published="time::attr(datetime)",
    body="div.body",
    delay_s=0,
    concurrency=8,
)
'''
WORDS = "A sentence that stands in every article of this site, for weight. " * 700  # 45 KB


@dataclass
class Count:
    articles: int = 0
    listings: int = 0
    bytes: int = 0


class Counting(Web):
    """Answers 304 to whoever has the page, if `validators`; counts requests and the bytes of bodies."""

    def __init__(self, validators: bool) -> None:
        super().__init__()
        self.validators = validators
        self.count = Count()

    def answer(self, hit: Hit) -> Answer:
        answer = super().answer(hit)
        self.count.articles += hit.path.startswith("/art/")
        self.count.listings += hit.path.startswith("/list/")
        if not self.validators:
            self.count.bytes += len(answer.body)
            return answer
        etag = f'"{sha256(str(answer.body).encode()).hexdigest()[:16]}"'
        if hit.headers.get("if-none-match") == etag:
            return Answer("", 304, {"ETag": etag})
        self.count.bytes += len(answer.body)
        return Answer(answer.body, answer.status, {"ETag": etag})


def measure(*, listings: int, articles: int, validators: bool) -> tuple[Count, Count]:
    """Requests and bytes of the first crawl and of the second."""
    each = articles // listings
    web = Counting(validators)
    for number in range(listings):
        own = [f"/art/{key}" for key in range(number * each, (number + 1) * each)]
        web.pages[f"/list/{number}"] = Answer(listing(*own))
        web.pages |= {path: Answer(article(f"Story {path}", text=f"{path} {WORDS}")) for path in own}
    with tempfile.TemporaryDirectory() as folder, served(web):
        crawls = Crawls(web, Path(folder))
        crawls.site.write_text(SITE.format(url=web.url, listings=listings))
        first = _crawl(web, crawls)
        return first, _crawl(web, crawls)


def _crawl(web: Counting, crawls: Crawls) -> Count:
    web.count = Count()
    done = crawls.run("--no-archive", timeout=900)
    if done.code:
        raise SystemExit(f"the crawl ended with {done.code}: {done.errors}")
    return web.count


def main(listings: int, articles: int, say: Callable[[str], None] = print) -> int:
    good = True
    for validators in (True, False):
        first, second = measure(listings=listings, articles=articles, validators=validators)
        fewer = 1 - second.bytes / first.bytes
        say(
            f"{'with' if validators else 'without'} validators: {first.articles} + {first.listings} requests,"
            f" {first.bytes / 1e6:.1f} MB; again {second.articles} articles + {second.listings} listings,"
            f" {second.bytes / 1e3:.1f} KB, {fewer:.2%} fewer"
        )
        good = good and not second.articles and fewer >= 0.95 and first.articles == articles
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:] or ("40", "2000"))))
