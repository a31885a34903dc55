"""show --history: the versions of an article, with the paragraphs that came and went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler.commands.listings import minute
from crawler.commands.terminal import printable, wrapped
from crawler.items import Article
from crawler.store import Version

COLUMNS = 88
_MARKS = {"+": ("+ ", "green"), "-": ("- ", "red"), " ": ("  ", "dim")}


@dataclass(frozen=True, slots=True)
class Change:
    """From one version to the next."""

    at: datetime | None  # when the later one was fetched
    title: str | None  # the later one's, if it is another
    paragraphs: tuple[tuple[str, str], ...]  # mark (+, -, space) and text, in reading order

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        of = {mark: [text for own, text in self.paragraphs if own == mark] for mark in "+-"}
        return {"at": self.at and self.at.isoformat(), "title": self.title, "added": of["+"], "removed": of["-"]}


def changes(versions: Sequence[Version], present: Article) -> list[Change]:
    """Oldest first."""
    states = [*(version.article for version in versions), present]
    return [
        Change(new.fetched_at, new.title if new.title != old.title else None, tuple(difference(old, new)))
        for old, new in pairwise(states)
    ]


def difference(old: Article, new: Article) -> Iterator[tuple[str, str]]:
    """The paragraphs of both, each with its mark; what was changed within one stands as removed and added."""
    before, after = old.body_text.split("\n\n"), new.body_text.split("\n\n")
    for what, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from ((" ", text) for text in before[low:high])
        else:
            yield from (("-", text) for text in before[low:high])
            yield from (("+", text) for text in after[start:end])


def print_history(out: Console, versions: Sequence[Version], present: Article) -> None:
    first = versions[0].article if versions else present
    fetched = minute(first.fetched_at) if first.fetched_at else "at a time that is not known"
    out.print(f"\nfirst version, fetched {fetched}: {printable(first.title)}", style="bold", soft_wrap=True)
    for number, change in enumerate(changes(versions, present), start=2):
        when = f", fetched {minute(change.at)}" if change.at else ""
        title = f": {printable(change.title)}" if change.title else ""
        out.print(f"\nversion {number}{when}{title}", style="bold", soft_wrap=True)
        for mark, text in change.paragraphs:
            _print_paragraph(out, mark, text)


def _print_paragraph(out: Console, mark: str, text: str) -> None:
    """What stayed is shown by its beginning."""
    sign, style = _MARKS[mark]
    lines = wrapped(printable(text), min(out.width, COLUMNS) - 2).split("\n")
    if mark == " " and len(lines) > 1:
        lines = [f"{lines[0]} …"]
    for line in lines:
        out.print(Text(f"{sign}{line}", style=style), soft_wrap=True)
