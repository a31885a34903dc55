"""What a person sees while a crawl runs: bars on a terminal, else a plain line every ten seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from crawler.commands.terminal import printable
from crawler.items import State
from crawler.store import Summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

PLAIN_EVERY_S = 10.0

_OPEN = (State.WAITING, State.LEASED)


class Show(Protocol):
    def __call__(self, summary: Summary) -> None: ...


@contextmanager
def progress(console: "Console", *, quiet: bool = False) -> Iterator[Show | None]:
    """Something to call with the state of a run as often as one likes; None when nobody wants to see it."""
    if quiet:
        yield None
    elif console.is_terminal:
        with _bars(console) as bars:
            yield Bars(bars)
    else:
        yield Lines(console)


def _bars(console: "Console") -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}", style="bold", markup=False),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TextColumn("{task.fields[articles]}", markup=False),
        TimeElapsedColumn(),
        console=console,
    )


class Bars:
    """One bar per site; it grows as pages lead to further pages."""

    def __init__(self, bars: "Progress") -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, summary: Summary) -> None:
        if summary.site not in self._tasks:
            self._tasks[summary.site] = self._bars.add_task(printable(summary.site), total=None, articles="")
        self._bars.update(
            self._tasks[summary.site],
            total=summary.scheduled,
            completed=summary.scheduled - summary.count(*_OPEN),
            articles=_articles(summary),
        )


class Lines:
    """A plain line now and then, for a file or a program that reads along."""

    def __init__(self, console: "Console", every_s: float = PLAIN_EVERY_S) -> None:
        self._console = console
        self._every_s = every_s
        self._last = time.monotonic()

    def __call__(self, summary: Summary) -> None:
        now = time.monotonic()
        if now - self._last >= self._every_s:
            self._last = now
            done = summary.scheduled - summary.count(*_OPEN)
            line = f"{printable(summary.site)}: {done} of {summary.scheduled} pages, {_articles(summary)}"
            self._console.print(line, soft_wrap=True)


def _articles(summary: Summary) -> str:
    bad = summary.count(State.FAILED, State.QUARANTINED)
    return f"{summary.new} new articles" + (f", {bad} failed or quarantined" if bad else "")
