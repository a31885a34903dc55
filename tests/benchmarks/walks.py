"""Coverage proofs through the whole store, on simulated listings with known truth: `python -m tests.benchmarks.walks`.

Every third walk of a listing with several pages is interrupted after its first page and taken up half an hour later.
Arguments: polls of a listing (40), listings of each kind (4).
"""

import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from crawler.coverage import Verdict
from crawler.store import Store
from crawler.store.walks import Walk
from tests.listing_simulation import KINDS, Source, Tally
from tests.stores import HOME, NOW, opened
from tests.test_walks import Pages, coverage, interrupted, known, walk


def simulate(store: Store, kind: str, *, polls: int, seed: int) -> Tally:
    source, tally = Source(kind, random.Random(f"{kind} {seed}")), Tally()
    fresh: set[str] = set()  # published, but not yet offered: a stale copy was served
    for number in range(polls):
        offered, published = fresh, set(source.advance())
        source.begin_poll()
        if kind == "stale" and source.stale:
            fresh = published
        else:
            offered, fresh = offered | published, set()
        pages = _pages(source)
        at = NOW + timedelta(hours=number)
        if number % 3 == 2 and source.pages > 1:
            interrupted(store, pages, read_pages=1, at=at)
        tally.requests += len(walk(store, pages, at=at + timedelta(minutes=30)))
        tally.polls += 1
        if number:
            missed = bool(source.claimed(offered, _last_order(store)) - known(store))
            proved = coverage(store).verdict is Verdict.PROVED
            tally.proved += proved
            tally.gaps += missed
            tally.gaps_found += missed and not proved
            tally.false_proofs += missed and proved
    return tally


def _pages(source: Source) -> Pages:
    names = ["world/", *(f"p{number}" for number in range(1, source.pages)), ""]
    return {names[number]: (source.page(number), names[number + 1]) for number in range(source.pages)}


def _last_order(store: Store) -> list[str]:
    """What the last walk that ended showed."""
    with store._read() as db:
        last = db.exec_driver_sql("SELECT max(id) FROM walks WHERE verdict IS NOT NULL").scalar()
        order = Walk(db, int(last or 0)).now
    urls = store.urls(set(order))
    return [urls[key].removeprefix(HOME) for key in order]


def main(polls: int = 40, listings: int = 4) -> int:
    print(f"{'source':<10} {'polls':>6} {'proved':>7} {'gaps':>6} {'found':>6} {'false':>6} {'pages/poll':>10}")
    bad = 0
    for kind in KINDS:
        tallies = []
        for seed in range(listings):
            with tempfile.TemporaryDirectory() as folder, opened(Path(folder, "news.db")) as store:
                tallies.append(simulate(store, kind, polls=polls, seed=seed))
        names = ("polls", "proved", "gaps", "gaps_found", "false_proofs", "requests")
        count, proved, gaps, found, false, requests = (sum(getattr(one, name) for one in tallies) for name in names)
        bad += false + gaps - found
        print(
            f"{kind:<10} {count:>6} {proved / count:>7.1%} {gaps:>6} {found:>6} {false:>6} {requests / count:>10.2f}",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
