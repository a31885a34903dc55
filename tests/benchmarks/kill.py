"""One crawl of the chained site that a killing harness serves: python tests/benchmarks/kill.py URL DB

    python ../shared/tools/faults/kill_resume.py --runs 50 --kills 10 \\
        --crawler "python tests/benchmarks/kill.py {url} {db}" --sql "select url from articles"

URL is the first listing. Writes the site file beside the database and becomes `newscrawl crawl` on it, so that the
process that is killed is the crawler.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]

SITE = '''"""The chained site of the killing harness."""

from crawler.site import Site

SITE = Site(
    name="{name}",
    hosts=("{host}",),
    categories={{"news": "{url}"}},
    listing_url=r"/list/\\d+$",
    article_url=r"/art/(?P<key>\\d+)$",
    article_links="a.art",
    next_page="a.next",
    title="h1::text",
    published="time::attr(datetime)",
    body="div.body",
    concurrency={concurrency},
    delay_s=0,
)
'''


def main(url: str, db: str, concurrency: str = "16") -> None:
    host = urlsplit(url).hostname or ""
    file = Path(db).with_name("killsite.py")
    file.write_text(SITE.format(name=file.stem, host=host, url=url, concurrency=int(concurrency)))
    os.chdir(ROOT)
    command = ["-m", "crawler", "crawl", str(file), "--db", db, "--allow-private", host, "--quiet"]
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    main(*sys.argv[1:])
