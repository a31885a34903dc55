"""Proof that nothing was missed on a listing between two polls, from the order of their entries alone.

A listing is a log: new entries come in at the top and fall off the bottom. When the lower end of what was read now is
an unbroken run of what was read before, everything that came in above that run is in hand. What could imitate such a
run (pinned posts, a list that is sorted anew, one entry in common) does not count as one, and a listing must first have
shown that it is a log.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

RUN_MIN = 3  # entries: fewer in common may be chance
RUN_SHARE = 1 / 3  # of one page: an entry put in late, no deeper than this, cannot have come and gone unseen
LATE_MARGIN = 2  # the run must be this many times as long as the deepest late entry ever seen
CALM_MIN = 2  # polls with news, in good order, before a proof is believed; as many again each time the order broke
CALM_LONG = 50  # such polls after which breaks are forgiven
BROKEN = ("the list was sorted anew", "entries vanished from the middle")
BUMPED_SHARE = 1 / 3  # of the run: more than this out of order, and the list is sorted by something else


class Verdict(StrEnum):
    PROVED = "proved"
    GAP = "gap"  # nothing in common reaches down: entries may have fallen between
    UNKNOWN = "unknown"  # no poll before, or a list whose order proves nothing


@dataclass(frozen=True, slots=True)
class Habits:
    """How a listing has behaved so far; kept from poll to poll."""

    calm: int = 0  # polls that brought something new in good order, since the order last broke
    broken: int = 0  # times that the order broke; forgiven after CALM_LONG
    late: int = 0  # deepest place, counted in known entries, at which something new was ever put in


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two polls of one listing show."""

    verdict: Verdict
    reason: str
    new: int = 0  # entries that the poll before did not have
    overlap: int = 0  # entries of the unbroken run
    deeper: bool = False  # reading further pages may still prove it
    late: int = 0  # known entries above the lowest new one


def compare(before: Sequence[str], now: Sequence[str], *, page: int, habits: Habits) -> Evidence:
    """What `now` proves about the time since `before`; both are keys in list order, top first, each key once.

    `page` is the number of entries of one page of the listing. The claim of a proof: every entry that was put in above
    the last one of the run, and was not withdrawn again, is in `now`.
    """
    if not before:
        return Evidence(Verdict.UNKNOWN, "no poll before", new=len(now))
    now = now[_pinned(before, now) :]
    place = {key: index for index, key in enumerate(before)}
    known = [(index, place[key]) for index, key in enumerate(now) if key in place]
    new = len(now) - len(known)
    if not known:
        return Evidence(Verdict.GAP, "no entry in common", new=new, deeper=True)
    run = _in_order([old for _, old in known])
    if not _only_bumped([old for _, old in known], run):
        return Evidence(Verdict.UNKNOWN, "the list was sorted anew", new=new)
    if len(now) - 1 != known[-1][0]:
        return Evidence(Verdict.GAP, "the lowest entries are new", new=new, deeper=True)
    if run[-1] - run[0] + 1 - len(run) > len(known) - len(run):
        return Evidence(Verdict.UNKNOWN, "entries vanished from the middle", new=new, overlap=len(run))
    late = _late(now, place, run)
    return _weighed(
        Evidence(Verdict.PROVED, "unbroken run", new=new, overlap=len(run), late=late), before, page, habits
    )


def learned(habits: Habits, evidence: Evidence) -> Habits:
    """The habits after one more poll."""
    if evidence.verdict is Verdict.UNKNOWN and not evidence.deeper and evidence.reason in BROKEN:
        return replace(habits, calm=0, broken=habits.broken + 1)
    calm = habits.calm + (evidence.new > 0)
    return Habits(calm, 0 if calm >= CALM_LONG else habits.broken, max(habits.late, evidence.late))


def _weighed(evidence: Evidence, before: Sequence[str], page: int, habits: Habits) -> Evidence:
    """The run against what this listing is known to do."""
    deepest = max(evidence.late, habits.late)
    needed = max(min(len(before), max(RUN_MIN, round(page * RUN_SHARE))), LATE_MARGIN * deepest)
    if evidence.overlap < needed:
        reason = f"a run of {evidence.overlap} is too short, {needed} are needed"
        return replace(evidence, verdict=Verdict.UNKNOWN, reason=reason, deeper=True)
    if habits.calm < CALM_MIN * (1 + habits.broken):
        return replace(evidence, verdict=Verdict.UNKNOWN, reason="too few polls to know the list's habits")
    return evidence


def _late(now: Sequence[str], place: Mapping[str, int], run: Sequence[int]) -> int:
    """How many entries of the run stand above the lowest new entry."""
    kept, above, deepest = set(run), 0, 0
    for key in now:
        if key not in place:
            deepest = above
        elif place[key] in kept:
            above += 1
    return deepest


def _pinned(before: Sequence[str], now: Sequence[str]) -> int:
    """Entries held at the top of both polls while others passed below them: no part of the log."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    moved = same < len(now) and same < len(before)
    return same if moved and now[same] not in set(before) else 0


def _in_order(places: Sequence[int]) -> list[int]:
    """The longest subsequence of `places` that rises: the entries that kept their order."""
    tails: list[int] = []  # index into places of the smallest end of a run of each length
    ends: list[int] = []
    previous: list[int] = []
    for index, place in enumerate(places):
        at = bisect_left(ends, place)
        previous.append(tails[at - 1] if at else -1)
        if at == len(tails):
            tails.append(index)
            ends.append(place)
        else:
            tails[at], ends[at] = index, place
    run: list[int] = []
    index = tails[-1] if tails else -1
    while index >= 0:
        run.append(places[index])
        index = previous[index]
    return run[::-1]


def _only_bumped(places: Sequence[int], run: Sequence[int]) -> bool:
    """Whether what left its order is a few that went to the top, as an edited or pinned article does."""
    if len(places) - len(run) > len(run) * BUMPED_SHARE:
        return False
    kept = set(run)
    first = next(index for index, place in enumerate(places) if place in kept)
    return all(place in kept for place in places[first:])


def poll_interval(*, new_per_hour: float, page: int, shortest: timedelta, longest: timedelta) -> timedelta:
    """The time between two polls after which they still share half a page, within the site's bounds.

    Half is the middle of the band from a third (less is a risk) to two thirds (more is waste).
    """
    if new_per_hour <= 0:
        return longest
    return min(longest, max(shortest, timedelta(hours=page / 2 / new_per_hour)))
