"""How what is proved of a listing is told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.commands.terminal import cut, printable
from crawler.coverage import Verdict
from crawler.items import State
from crawler.store import Coverage

if TYPE_CHECKING:
    from rich.table import Table

ADDRESS = 44  # columns of a listing that has no category to be named by
NAME_LEAST, WHY_LEAST, GAP = 16, 8, 2  # columns
_STYLES = {Verdict.PROVED: "green", Verdict.GAP: "red", Verdict.UNKNOWN: "dim"}


def table(listings: Sequence[Coverage], *, width: int) -> "Table":
    """A line for each listing: its category, what is proved and since when, how fast it fills, how often it is read.

    Where it is wider than `width`, reasons and then names are cut, and no number is.
    """
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    headings = ("coverage", "since", "new an\nhour", "read\nevery")
    rows = [_cells(listing) for listing in listings]
    numbers = [(*heading.split("\n"), *column) for heading, *column in zip(headings, *rows, strict=True)]
    room = width - sum(max(map(cell_len, column)) + GAP for column in numbers) - 2 * GAP
    names = [f"  {cut(name, max(room - WHY_LEAST - 2, NAME_LEAST))}" for name in _names(listings)]
    room -= max(map(cell_len, names), default=0)
    made = Table(box=None, padding=(0, GAP, 0, 0), header_style="underline")
    for heading in ("  listing", *headings):
        made.add_column(heading, no_wrap=True, justify="right" if heading in headings[2:] else "left")
    made.add_column("why", no_wrap=True)
    for listing, name, (coverage, *cells) in zip(listings, names, rows, strict=True):
        why = cut(printable(_why(listing)), max(room, WHY_LEAST))
        made.add_row(name, Text(coverage, style=_STYLES[listing.verdict]), *cells, why)
    return made


def _cells(listing: Coverage) -> tuple[str, str, str, str]:
    rate = "" if listing.new_per_hour is None else f"{listing.new_per_hour:.2g}"
    pace = "" if listing.due_at is None else duration(listing.interval)
    return listing.verdict.value, _since(listing), rate, pace


def _names(listings: Sequence[Coverage]) -> Iterator[str]:
    """The category; of one without, and of a further one of the same category, the address."""
    named = {""}
    for listing in listings:
        yield printable(cut(listing.url.partition("//")[2], ADDRESS) if listing.category in named else listing.category)
        named.add(listing.category)


def _since(listing: Coverage) -> str:
    return minute(listing.since) if listing.verdict is Verdict.PROVED and listing.since is not None else ""


def _why(listing: Coverage) -> str:
    if listing.verdict is Verdict.UNKNOWN:
        return listing.why
    if listing.gap is None:
        return ""
    between = f"between {minute(listing.gap.after)} and {minute(listing.gap.until)}"
    return between if listing.verdict is Verdict.GAP else f"before that a gap {between}"


def in_short(listings: Sequence[Coverage]) -> str:
    """For the report of a run: "coverage: 40 of 45 listings proved; 2 gaps". Empty: there are no listings."""
    there = [listing for listing in listings if listing.state not in (State.GONE, State.REFUSED)]
    if not there:
        return ""
    counts = Counter(listing.verdict for listing in there)
    proved, gaps, number = counts[Verdict.PROVED], counts[Verdict.GAP], len(there)
    listed = "1 listing" if number == 1 else f"{number} listings"
    said = f"coverage: {proved} of {listed} proved" if proved else f"coverage: {listed}, none proved yet"
    return said + (f"; {gaps} gap{'s' if gaps > 1 else ''}" if gaps else "")


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
