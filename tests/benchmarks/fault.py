"""One page of a server that misbehaves, through the whole crawl: python tests/benchmarks/fault.py URL OUT

    python ../shared/tools/faults/run_faults.py --crawler "python tests/benchmarks/fault.py {url} {out}"

Writes one JSON line for the article that was stored, or for each URL that came to nothing. A trap is begun at as a
listing, so that it is followed; anything else is fetched as an article of a site with the simplest of rules.
"""

import json
import sqlite3
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
END = "END-OF-ARTICLE"


def main(url: str, out: str) -> None:
    sys.path.insert(0, str(ROOT))
    from crawler.crawl import CrawlOptions, run_crawl
    from crawler.site import Site

    trap = "/f/trap_" in url
    site = Site(
        name="fault",
        hosts=("127.0.0.1",),
        categories={"trap": url} if trap else {},
        title="title::text",
        body="article",
        delay_s=0,
    )
    with tempfile.TemporaryDirectory(prefix="newscrawl-fault-") as folder:
        db = Path(folder, "news.db")
        urls = () if trap else (url,)
        run_crawl(CrawlOptions(site=site, db=db, urls=urls, delay_s=0, allow_private=("127.0.0.1",)))
        with Path(out).open("w", encoding="utf-8") as lines:
            for line in told(db):
                lines.write(json.dumps(line) + "\n")


def told(db: Path) -> list[dict[str, object]]:
    """What the harness reads: pages that were stored, and errors."""
    with sqlite3.connect(db) as store:
        stored = store.execute("select body_text from articles").fetchall()
        rest = store.execute(
            "select state, reason from urls where kind != 'robots' and state not in ('stored', 'read')"
        )
        pages = [{"saw": "page", "status": 200, "bytes": len(text), "end": END in text} for (text,) in stored]
        errors = [{"saw": "error", "type": f"{state}: {reason}"} for state, reason in rest]
    return [*errors, *pages]


if __name__ == "__main__":
    main(*sys.argv[1:])
