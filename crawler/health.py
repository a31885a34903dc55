"""Silent breakage: what the latest runs of a site lack that its own history had.

A field that vanished, bodies that shrank, articles that stopped coming, pages that fail. Each is judged against the
same site only; volume against the same weekday and hour, so that a quiet Sunday is no break.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, lgamma, log, log1p
from statistics import median

from crawler.items import State
from crawler.store.records import RunRecord

HISTORY = timedelta(days=56)  # eight weeks: eight times each weekday and hour
RUNS_MIN = 5  # with articles, before a site has a history
ARTICLES_MIN = 5  # in the runs that are judged
SLOTS_MIN = 4  # runs at the same weekday and hour
CHANCE = 1e-4  # below this, chance is no explanation
SPREAD = 3.0  # news comes in bursts: counts vary more than independent events would
DROP = 0.5  # a share below half of its usual value
BODY_FACTOR = 2.0  # bodies shorter than half the shortest median, or longer than twice the longest
HOURS_NEAR = 1.5  # two runs at most this far apart in the day are at the same hour


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is not as it was."""

    site: str
    field: str  # an article field, or "volume", "body length", "failed", "refused", "quarantined"
    since: datetime  # start of the first run that shows it
    usual: float  # share, articles a run, or characters
    found: float

    def __str__(self) -> str:
        return f"{self.site}: {self.field} {self.found:.4g}, usually {self.usual:.4g}, since {self.since.isoformat()}"


def breaks(runs: Sequence[RunRecord]) -> list[Break]:
    """What broke, from all runs of one site in any order. Runs that have not ended do not count."""
    ended = sorted((run for run in runs if run.ended_at is not None), key=lambda run: run.started_at)
    if not ended:
        return []
    ended = [run for run in ended if run.started_at >= ended[-1].started_at - HISTORY]
    fields = sorted({field for run in ended for field in run.presence})
    found = [_lost(ended, field) for field in fields]
    found += [_body_length(ended), _volume(ended)]
    found += [_trouble(ended, state) for state in (State.FAILED, State.REFUSED, State.QUARANTINED)]
    return [entry for entry in found if entry is not None]


def _lost(runs: Sequence[RunRecord], field: str) -> Break | None:
    """A field that fewer articles have than before."""
    with_articles = [run for run in runs if run.articles]
    usual = _usual_share(with_articles, field)
    if usual is None:
        return None
    streak = _streak(with_articles, lambda run: run.presence.get(field, 0.0) < usual * DROP)
    articles = sum(run.articles for run in streak)
    have = round(sum(run.presence.get(field, 0.0) * run.articles for run in streak))
    if articles < ARTICLES_MIN or _at_most(have, articles, usual) > CHANCE:
        return None
    return Break(streak[0].site, field, streak[0].started_at, usual, have / articles)


def _usual_share(runs: Sequence[RunRecord], field: str) -> float | None:
    """The median share of a field over the runs, by articles; None without a history, or for a field that is rare."""
    if len(runs) < RUNS_MIN:
        return None
    share = median(run.presence.get(field, 0.0) for run in runs)
    return min(share, 0.99) if share > 0.2 else None


def _streak(runs: Sequence[RunRecord], low: Callable[[RunRecord], bool]) -> list[RunRecord]:
    """The latest runs that all are low, oldest first; empty when the last one is not."""
    streak: list[RunRecord] = []
    for run in reversed(runs):
        if not low(run):
            break
        streak.append(run)
    return streak[::-1]


def _body_length(runs: Sequence[RunRecord]) -> Break | None:
    known = [(run, run.body_length) for run in runs if run.articles and run.body_length is not None]
    if len(known) < RUNS_MIN + 1 or known[-1][0].articles < ARTICLES_MIN:
        return None
    earlier = sorted(length for run, length in known[:-1] if run.articles >= ARTICLES_MIN)
    if len(earlier) < RUNS_MIN:
        return None
    run, length = known[-1]
    low, high = earlier[len(earlier) // 10], earlier[-1 - len(earlier) // 10]
    if low / BODY_FACTOR <= length <= high * BODY_FACTOR:
        return None
    return Break(run.site, "body length", run.started_at, median(earlier), length)


def _volume(runs: Sequence[RunRecord]) -> Break | None:
    """Far fewer new articles than at this weekday and hour before."""
    last, streak = runs[-1], _streak(runs, lambda run: run.new == 0)
    judged = streak or [last]
    usual = sum(_expected(run, runs) or 0.0 for run in judged)
    found = sum(run.new for run in judged)
    if _expected(last, runs) is None or found >= usual * DROP or _few(found / SPREAD, usual / SPREAD) > CHANCE:
        return None
    return Break(last.site, "volume", judged[0].started_at, usual / len(judged), found / len(judged))


def _expected(run: RunRecord, runs: Sequence[RunRecord]) -> float | None:
    """New articles on a weak day (lower quartile) of this weekday and hour so far; None: too few such runs."""
    slots = sorted(other.new for other in runs if other.started_at < run.started_at and _same_slot(other, run))
    return float(slots[len(slots) // 4]) if len(slots) >= SLOTS_MIN else None


def _same_slot(one: RunRecord, other: RunRecord) -> bool:
    weeks = (other.started_at - one.started_at) / timedelta(weeks=1)
    return round(weeks) >= 1 and abs(weeks - round(weeks)) * 7 * 24 <= HOURS_NEAR


def _trouble(runs: Sequence[RunRecord], state: State) -> Break | None:
    """A share of failed, refused or quarantined pages as never before."""
    shares = [(run, _share(run, state)) for run in runs if sum(run.states.values()) >= ARTICLES_MIN]
    if len(shares) < RUNS_MIN + 1:
        return None
    usual = max(median(share for _, share in shares[:-1]), 0.01)
    run, share = shares[-1]
    pages = sum(run.states.values())
    if share < 0.2 or share < 3 * usual or _at_most(pages - round(share * pages), pages, 1 - usual) > CHANCE:
        return None
    streak = _streak([run for run, _ in shares], lambda run: _share(run, state) >= 3 * usual)
    return Break(run.site, state.value, streak[0].started_at, usual, share)


def _share(run: RunRecord, state: State) -> float:
    return run.states.get(state.value, 0) / max(1, sum(run.states.values()))


def _few(found: float, mean: float) -> float:
    """The chance of so few independent events where `mean` is usual."""
    return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(int(found) + 1)) if mean else 1.0


def _at_most(have: int, of: int, share: float) -> float:
    """The chance of at most `have` hits in `of` tries of probability `share`."""
    return sum(
        exp(lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share))
        for k in range(have + 1)
    )
