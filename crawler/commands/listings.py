"""How what is proved of a listing is told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from crawler.commands.terminal import printable
from crawler.coverage import Verdict
from crawler.store import Coverage

LINES = 12  # in the report of a run; the rest is counted


def told(listing: Coverage) -> str:
    """ "proved since 2026-11-21 08:00Z", "gap between … and …", "unknown: …"; then how often it is to be read."""
    pace = f"; read every {duration(listing.interval)}" if listing.polled_at is not None else ""
    if listing.new_per_hour is not None:
        pace += f", {listing.new_per_hour:.2g} new an hour"
    return f"{_standing(listing)}{pace}"


def _standing(listing: Coverage) -> str:
    if listing.verdict is Verdict.PROVED and listing.since is not None:
        earlier = f" (before that a {_between(listing)})" if listing.gap is not None else ""
        return f"proved since {minute(listing.since)}{earlier}"
    if listing.verdict is Verdict.GAP and listing.gap is not None:
        bounds = f"above {printable(listing.gap.newest_before)}, below {printable(listing.gap.oldest_now)}"
        return f"{_between(listing)}, {bounds}"
    return f"unknown: {printable(listing.why)}"


def _between(listing: Coverage) -> str:
    gap = listing.gap
    return f"gap between {minute(gap.after)} and {minute(gap.until)}" if gap is not None else ""


def in_short(listings: Sequence[Coverage]) -> Iterator[str]:
    """For the report of a run: gaps and proofs, and how many listings there are."""
    counts = Counter(listing.verdict for listing in listings)
    if listings:
        said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
        yield f"listings: {said}"
    order = sorted(listings, key=lambda listing: listing.verdict is not Verdict.GAP)
    worth = [listing for listing in order if listing.verdict is not Verdict.UNKNOWN]
    for listing in worth[:LINES]:
        yield f"  {printable(listing.category) or printable(listing.url)}: {told(listing)}"
    if len(worth) < len(listings):
        yield f"  … and {len(listings) - min(len(worth), LINES)} more: newscrawl status"


def minute(at: datetime) -> str:
    """UTC."""
    return f"{at:%Y-%m-%d %H:%M}Z"


def duration(time: timedelta) -> str:
    """45 s, 12 min, 3.5 h, 2 d."""
    seconds = time.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= (2 * size if unit == "d" else size):
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"
