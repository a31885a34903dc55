"""Listings with known truth: bursts, late inserts, reorders, pinned posts, truncated lists."""

import random
from dataclasses import dataclass

from crawler.coverage import Evidence, Habits, Verdict, compare, learned

KINDS = ("steady", "burst", "late", "reordered", "bumped", "pinned", "truncated", "stale", "heat")
PAGE = 20


@dataclass
class Tally:
    polls: int = 0
    proved: int = 0
    false_proofs: int = 0  # proved, though an entry was missed
    gaps: int = 0  # polls after which an entry had been missed
    gaps_found: int = 0  # of these, not called proved
    requests: int = 0


class Source:
    """A listing of all it ever published, newest first, of which `pages` pages can be read."""

    def __init__(self, kind: str, rng: random.Random) -> None:
        self.kind, self.rng, self.count = kind, rng, 0
        self.entries: list[str] = []
        self.pinned = ["pin0", "pin1", "pin2"][: rng.randint(1, 3)] if kind == "pinned" else []
        self.pages = 1 if kind in ("truncated", "heat") else rng.choice((1, 3, 10))
        self.shown_before: list[str] = []
        for _ in range(4 * PAGE):
            self.publish()

    def publish(self) -> str:
        self.count += 1
        key = f"e{self.count}"
        late = self.kind == "late" and self.rng.random() < 0.3
        at = self.rng.randint(1, PAGE // 4) if late else 0
        if self.kind == "heat":
            at = self.rng.randrange(PAGE)
        self.entries.insert(at, key)
        return key

    def advance(self) -> list[str]:
        """One interval between polls; the keys published in it that stood on a page that can be read."""
        self.shown_before = self.shown()
        mean = {"burst": self.rng.choice((2, 2, 2, 60)), "steady": 5}.get(self.kind, self.rng.choice((3, 8, 25)))
        published = [self.publish() for _ in range(self.rng.randint(0, 2 * mean))]
        if self.kind == "reordered" and self.rng.random() < 0.5:
            head = self.entries[: 2 * PAGE]
            self.rng.shuffle(head)
            self.entries[: 2 * PAGE] = head
        if self.kind == "bumped" and self.rng.random() < 0.5:
            self.entries.insert(0, self.entries.pop(self.rng.randrange(PAGE)))
        if self.kind == "heat":
            for _ in range(self.rng.randint(0, 3)):
                del self.entries[self.rng.randrange(PAGE)]
        if self.kind == "pinned" and self.rng.random() < 0.1:
            self.pinned = [f"pin{self.count}", *self.pinned][: self.rng.randint(0, 3)]
        return published

    def shown(self) -> list[str]:
        return [*self.pinned, *self.entries]

    def page(self, number: int) -> list[str]:
        shown = self.shown_before if self.kind == "stale" and self.stale else self.shown()
        size = self.cut if self.kind == "truncated" else PAGE
        return shown[number * PAGE : number * PAGE + size] if number < self.pages else []

    def claimed(self, offered: set[str], now: list[str]) -> set[str]:
        """What a proof speaks of: all that was offered, but for what was withdrawn again; and where a list takes
        entries in anywhere, only what stands above the last entry read."""
        if self.kind != "heat":
            return offered
        last = self.entries.index(now[-1])
        return offered & set(self.entries[:last])

    def begin_poll(self) -> None:
        self.stale = self.rng.random() < 0.2
        self.cut = self.rng.choice((PAGE, PAGE, 4, 10))


def simulate(kind: str, *, polls: int, seed: int) -> Tally:
    rng, tally = random.Random(f"{kind}{seed}"), Tally()
    while tally.polls < polls:
        source = Source(kind, rng)
        _watch(source, tally, min(50, polls - tally.polls))
    return tally


def _watch(source: Source, tally: Tally, polls: int) -> None:
    seen: set[str] = set()
    before: list[str] = []
    habits = Habits()
    fresh: set[str] = set()  # published, but not yet offered: a stale copy was served
    for _ in range(polls):
        offered, published = fresh, set(source.advance())
        source.begin_poll()
        if source.kind == "stale" and source.stale:
            fresh = published
        else:
            offered, fresh = offered | published, set()
        now, evidence = _walk(source, before, habits, tally)
        habits = learned(habits, evidence)
        seen |= set(now)
        tally.polls += 1
        if before:
            _count(tally, missed=bool(source.claimed(offered, now) - seen), proved=evidence.verdict is Verdict.PROVED)
        before = now


def _count(tally: Tally, *, missed: bool, proved: bool) -> None:
    tally.proved += proved
    tally.gaps += missed
    tally.gaps_found += missed and not proved
    tally.false_proofs += missed and proved


def _walk(source: Source, before: list[str], habits: Habits, tally: Tally) -> tuple[list[str], Evidence]:
    now: list[str] = []
    evidence = compare(before, now, page=PAGE, habits=habits)
    for number in range(source.pages):
        now += [key for key in source.page(number) if key not in now]
        tally.requests += 1
        evidence = compare(before, now, page=PAGE, habits=habits)
        if not evidence.deeper:
            break
    return now, evidence
