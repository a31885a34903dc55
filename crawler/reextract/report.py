"""What a change of code does to stored articles: counted by field and kind of change, with examples."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from crawler.reextract.changes import Change
from crawler.reextract.work import CHANGED, FOUND, LOST, NO_SITE, STILL, UNCHANGED, UNREAD, Outcome, Touched

EXAMPLES: Final = 10  # of each kind of change
_IN_A_TERMINAL: Final = 3

NOUNS: Final = {LOST: "no article any more", FOUND: "an article at last"}


@dataclass(frozen=True, slots=True)
class Line:
    """One touched article, for the list of all."""

    id: str
    url: str
    title: str
    what: str  # the fields, or what became of it


@dataclass(slots=True)
class Report:
    """Outcomes of units, added up as they come."""

    counts: Counter[str] = field(default_factory=Counter)  # articles by outcome
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)  # (field, kind) -> articles
    examples: dict[tuple[str, str], list[tuple[Touched, Change]]] = field(default_factory=dict)
    touched: list[Line] = field(default_factory=list)
    seconds: float = 0.0
    applied: int = 0  # new versions written
    missing: int = 0  # stored articles of which the archive has no page

    def add(self, outcome: Outcome) -> None:
        self.counts.update(outcome.counts)
        for touched in outcome.touched:
            self._add(touched)

    def _add(self, touched: Touched) -> None:
        found = touched.changes or (Change("article", NOUNS[touched.outcome], (("-", touched.reason),)),)
        for change in found:
            key = (change.field, change.kind)
            self.kinds[key] += 1
            examples = self.examples.setdefault(key, [])
            if len(examples) < EXAMPLES:
                examples.append((touched, change))
        what = ", ".join(dict.fromkeys(change.field for change in touched.changes)) or NOUNS[touched.outcome]
        self.touched.append(Line(touched.id, touched.url, touched.title, what))

    @property
    def articles(self) -> int:
        """Stored articles that were read again."""
        return self.counts[UNCHANGED] + self.counts[CHANGED] + self.counts[LOST]

    @property
    def share(self) -> float:
        """Of the articles that were read again, those that change or are lost."""
        return (self.counts[CHANGED] + self.counts[LOST]) / self.articles if self.articles else 0.0

    def exceeds(self, limit: float) -> bool:
        return self.share > limit

    def __str__(self) -> str:
        return "\n".join((self.headline(), *self._details()))

    def headline(self) -> str:
        verb = "changed" if self.applied else "would change"
        parts = []
        if count := self.counts[CHANGED]:
            parts.append(f"{count:,} {verb}")
        if count := self.counts[LOST]:
            parts.append(f"{count:,} would be no article any more")
        if count := self.counts[FOUND]:
            parts.append(f"{count:,} in quarantine would become articles")
        what = f"{', '.join(parts)} ({self.share:.2%})" if parts else "no change"
        return f"{self.articles:,} articles read again in {self.seconds:.0f} s: {what}"

    def notes(self) -> Iterator[str]:
        """What was left out of the comparison, and why."""
        if self.missing:
            yield f"{self.missing:,} stored articles have no page in the archive (noarchive, pruned, or never there)"
        if count := self.counts[UNREAD]:
            yield f"{count:,} pages could not be read from the archive"
        if count := self.counts[NO_SITE]:
            yield f"{count:,} pages are of sites that have no file here: name it with --site PATH"
        if count := self.counts[STILL]:
            yield f"{count:,} pages stay in quarantine"
        if self.applied:
            yield f"{self.applied:,} new versions were written; the former ones are kept"

    def _details(self) -> Iterator[str]:
        for (name, kind), count in sorted(self.kinds.items(), key=lambda item: -item[1]):
            yield f"  {count:>7,}  {name}: {kind}"
        for (name, kind), examples in self.examples.items():
            yield f"\n{name}: {kind}"
            for touched, change in examples[:_IN_A_TERMINAL]:
                yield f"  {touched.title} <{touched.url}>"
                yield from (f"    {sign} {text}" for sign, text in change.lines[:4])
        notes = list(self.notes())
        if notes:
            yield ""
        yield from notes
