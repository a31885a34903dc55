"""Coverage proofs: hand-made polls, then simulated sources whose truth is known."""

from datetime import timedelta

import pytest

from crawler.coverage import Habits, Verdict, compare, learned, poll_interval
from tests.listing_simulation import KINDS, simulate

LOG = Habits(calm=9)  # a listing known to behave


def polls(before: str, now: str) -> Verdict:
    return compare(before.split(), now.split(), page=6, habits=LOG).verdict


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        ("", "a b c", Verdict.UNKNOWN),
        ("a b c d e f", "a b c d e f", Verdict.PROVED),
        ("a b c d e f", "n m a b c d", Verdict.PROVED),
        ("a b c d e f", "n m a late b c", Verdict.PROVED),
        ("a b c d e f", "n m l k j i", Verdict.GAP),
        ("a b c d e f", "n m l k a b", Verdict.UNKNOWN),  # two in common may be chance
        ("P a b c d e", "P n m l k j", Verdict.GAP),  # a pinned post is no run
        ("P Q R a b c", "P Q R n m l", Verdict.GAP),
        ("P a b c d e", "P n m a b c", Verdict.PROVED),
        ("a b c d e f", "d n a b c e", Verdict.PROVED),  # d was edited and bumped
        ("a b c d e f", "n c a e b d", Verdict.UNKNOWN),  # sorted by something else
        ("a b c d e f", "n a b f", Verdict.UNKNOWN),  # c, d, e vanished
        ("a b c d e f", "n m a b c o", Verdict.GAP),  # what is lowest was never seen
        ("a b", "n a b", Verdict.PROVED),  # a short list in whole
    ],
)
def test_two_polls(before: str, now: str, verdict: Verdict) -> None:
    assert polls(before, now) is verdict


def test_a_gap_asks_for_more_pages() -> None:
    assert compare(list("abcdef"), list("nmlkji"), page=6, habits=LOG).deeper
    assert not compare(list("abcdef"), list("fedcba"), page=6, habits=LOG).deeper


def test_a_listing_must_first_show_that_it_is_a_log() -> None:
    habits = Habits()
    verdicts = []
    for before, now in (
        ("abcdef", "nabcde"),
        ("nabcde", "mnabcd"),
        ("mnabcd", "lmnabc"),
        ("lmnabc", "lnmacb"),
        ("lnmacb", "klnmac"),
    ):
        evidence = compare(list(before), list(now), page=6, habits=habits)
        habits = learned(habits, evidence)
        verdicts.append(evidence.verdict)
    assert verdicts == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.PROVED, Verdict.UNKNOWN, Verdict.UNKNOWN]


def test_a_list_that_takes_entries_in_deep_down_needs_a_longer_run() -> None:
    before, now = list("abcdefghij"), list("nabcd")
    assert compare(before, now, page=10, habits=LOG).verdict is Verdict.PROVED
    assert compare(before, now, page=10, habits=Habits(calm=9, late=3)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("kind", KINDS)
def test_simulated_source_never_gives_a_false_proof(kind: str) -> None:
    tally = simulate(kind, polls=1000 // len(KINDS) + 1, seed=20261121)
    assert tally.false_proofs == 0
    assert tally.gaps_found == tally.gaps


def test_a_well_polled_log_is_proved_nearly_always() -> None:
    tally = simulate("steady", polls=300, seed=7)
    assert tally.proved >= 0.9 * tally.polls


def test_poll_interval_follows_the_rate_within_bounds() -> None:
    bounds = {"page": 20, "shortest": timedelta(minutes=5), "longest": timedelta(days=1)}
    assert poll_interval(new_per_hour=10, **bounds) == timedelta(hours=1)
    assert poll_interval(new_per_hour=1000, **bounds) == timedelta(minutes=5)
    assert poll_interval(new_per_hour=0, **bounds) == timedelta(days=1)
