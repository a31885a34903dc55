"""Walks through listings: where paging ends, what an interruption costs, and what two walks prove."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.coverage import Verdict
from crawler.items import Kind, State
from crawler.result import PageResult
from crawler.store import Coverage, Store, Terms
from tests.stores import HOME, LISTING, NOW, allow, begun, crawl, ended, link, opened, read, result

Pages = dict[str, tuple[Sequence[str], str]]
"""Name -> its entries, and the name of the next page."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "news.db") as store:
        yield store


def paged(entries: str, size: int = 3) -> Pages:
    """A listing of these entries: `world/`, `p1`, `p2` …"""
    cuts = [entries[at : at + size] for at in range(0, len(entries), size)] or [""]
    names = ["world/", *(f"p{number}" for number in range(1, len(cuts))), ""]
    return {names[at]: (cut, names[at + 1]) for at, cut in enumerate(cuts)}


def page(name: str, entries: Iterable[str], to: str, *, at: datetime, **more: Any) -> PageResult:
    answer = read(f"{HOME}{name}", *entries, next_page=to, **more)
    assert answer.page is not None
    answer.page.fetched_at = at
    return answer


def walk(store: Store, pages: Pages, *, at: datetime) -> list[str]:
    """One run over listing `world/`; the pages of it that were fetched, in order."""
    run = begun(store, at=at)
    store.schedule(run, [link("world/", Kind.LISTING)], now=at, again=True)
    site = {f"{HOME}{name}": page(name, entries, to, at=at) for name, (entries, to) in pages.items()}
    fetched = [one.url.removeprefix(HOME) for one in crawl(store, run, site, at=at)]
    assert store.summary(run).holds
    ended(store, run, at=at)
    return [name for name in fetched if name in pages]


def interrupted(store: Store, pages: Pages, *, read_pages: int, at: datetime = NOW) -> None:
    """A run that dies after so many pages of the listing."""
    run = store.begin_run("example", command="", now=at, holder="elsewhere:1", terms=Terms(delay_s=0))
    allow(store, run, at=at)
    store.schedule(run, [link("world/", Kind.LISTING)], now=at, again=True)
    for name, (entries, to) in list(pages.items())[:read_pages]:
        store.settle(run, [page(name, entries, to, at=at)], now=at)


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def coverage(store: Store) -> Coverage:
    (found,) = store.coverage("example")
    return found


def known(store: Store) -> set[str]:
    with store._read() as db:
        return {url.removeprefix(HOME) for (url,) in db.exec_driver_sql("SELECT url FROM urls WHERE kind = 'article'")}


# where paging ends


def test_paging_ends_where_all_is_known_from_a_walk_that_ended(store: Store) -> None:
    assert walk(store, paged("ihgfedcba"), at=NOW) == ["world/", "p1", "p2"]
    assert walk(store, paged("ihgfedcba"), at=hours(1)) == ["world/"]
    assert walk(store, paged("jihgfedcba"), at=hours(2)) == ["world/", "p1"]


def test_a_proof_ends_paging_although_the_page_has_news(store: Store) -> None:
    log = "zyxwvutsrqponmlkjihgfedcba"
    for number in range(1, 5):
        walk(store, paged(log[-12 - number :], 6), at=hours(number))
    assert walk(store, paged(log[-18:], 6), at=hours(5)) == ["world/"]
    assert coverage(store).verdict is Verdict.PROVED


def test_what_another_listing_told_is_no_reason_to_stop(store: Store) -> None:
    run = begun(store)
    store.schedule(run, [link(name) for name in "abcdef"], now=NOW)
    ended(store, run)
    assert walk(store, paged("fedcba"), at=hours(1)) == ["world/", "p1"]


def test_a_run_shorter_than_needed_asks_for_one_more_page(store: Store) -> None:
    walk(store, paged("fedcba", 2), at=NOW)
    assert walk(store, paged("fedcba", 2), at=hours(1)) == ["world/", "p1"]


def test_a_listing_that_repeats_itself_ends(store: Store) -> None:
    endless = {f"p{n}": ("abc", f"p{n + 1}") for n in range(1, 200)} | {"world/": ("abc", "p1")}
    assert len(walk(store, endless, at=NOW)) < 20
    assert len(walk(store, endless, at=hours(1))) == 1


def test_a_pager_that_leads_back_ends(store: Store) -> None:
    assert walk(store, {"world/": ("a", "p1"), "p1": ("b", "world/")}, at=NOW) == ["world/", "p1"]


def test_a_pager_without_entries_ends(store: Store) -> None:
    empty = {f"p{n}": ("", f"p{n + 1}") for n in range(1, 200)} | {"world/": ("", "p1")}
    assert len(walk(store, empty, at=NOW)) < 20


# interruptions


def test_an_interrupted_walk_goes_on_where_it_was(store: Store) -> None:
    interrupted(store, paged("ihgfedcba"), read_pages=2)
    assert walk(store, paged("ihgfedcba"), at=hours(1)) == ["world/", "p2"]
    assert walk(store, paged("ihgfedcba"), at=hours(2)) == ["world/"]


def test_news_during_an_interruption_are_not_missed(store: Store) -> None:
    interrupted(store, paged("ihgfedcba"), read_pages=2)
    news = paged("onmlkjihgfedcba")
    assert sorted(walk(store, news, at=hours(1))) == ["p1", "p2", "p3", "p4", "world/"]
    assert known(store) == set("onmlkjihgfedcba")


@pytest.mark.parametrize("come", range(9))
def test_the_order_of_an_interrupted_walk_is_that_of_the_list(store: Store, come: int) -> None:
    log = "zyxwvutsrqponmlkjihgfedcba"
    for number in range(1, 5):
        walk(store, paged(log[-8 - number :]), at=hours(number))
    interrupted(store, paged(log[-18:]), read_pages=1, at=hours(5))
    assert coverage(store).polled_at == hours(4)
    walk(store, paged(log[-18 - come :]), at=hours(6))
    assert known(store) == set(log[-18 - come :])
    assert (coverage(store).verdict, coverage(store).polled_at) == (Verdict.PROVED, hours(6))


def test_a_further_page_that_fails_leaves_the_walk_open(store: Store) -> None:
    run = begun(store)
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW, again=True)
    store.settle(run, [read(LISTING, "b", next_page="p2")], now=NOW)
    at = NOW
    for _ in range(3):
        store.lease(run, now=at, limit=16)
        (settled,) = store.settle(run, [result(f"{HOME}p2", Kind.LISTING, State.FAILED, body=None)], now=at)
        at = settled.retry_at or at
    assert coverage(store).polls == 0
    ended(store, run)
    at = NOW + timedelta(days=2)
    run = begun(store, at=at)
    store.requeue(run, now=at)
    crawl(store, run, {f"{HOME}p2": page("p2", "a", "", at=at)}, at=at)
    assert coverage(store).polls == 1


def test_a_further_page_that_is_gone_ends_the_walk(store: Store) -> None:
    run = begun(store)
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW, again=True)
    store.settle(run, [read(LISTING, "b", next_page="p2")], now=NOW)
    store.settle(run, [result(f"{HOME}p2", Kind.LISTING, State.GONE, status=404)], now=NOW)
    assert coverage(store).polls == 1


def test_a_listing_that_was_fetched_by_itself_is_no_poll(store: Store) -> None:
    log = "zyxwvutsrqponmlkjihgfedcba"
    for number in range(1, 5):
        walk(store, paged(log[-8 - number :]), at=hours(number))
    run = begun(store, at=hours(5), alone=True)
    store.schedule(run, [link("world/", Kind.LISTING)], now=hours(5), again=True)
    crawl(store, run, {LISTING: page("world/", log[:3], "", at=hours(5))}, at=hours(5))
    ended(store, run, at=hours(5))
    assert coverage(store).polled_at == hours(4)
    walk(store, paged(log), at=hours(6))
    assert known(store) == set(log)


# proofs


def test_proved_since_the_poll_that_the_proofs_hang_on(store: Store) -> None:
    log = "zyxwvutsrqponmlkjihgfedcba"
    for number in range(6):
        walk(store, paged(log[-10 - number :], 6), at=hours(number))
    found = coverage(store)
    assert (found.verdict, found.why, found.since) == (Verdict.PROVED, "unbroken run", hours(2))
    assert (found.polls, found.polled_at, found.new, found.overlap, found.page) == (6, hours(5), 1, 5, 6)
    assert found.new_per_hour == pytest.approx(1)
    assert found.interval == timedelta(hours=2.5)
    assert found.due_at == hours(7.5)


def test_a_gap_is_kept_with_its_bounds(store: Store) -> None:
    feed = {"world/": ("fedcba", "")}
    walk(store, feed, at=NOW)
    walk(store, {"world/": ("rqponm", "")}, at=hours(1))
    found = coverage(store)
    assert (found.verdict, found.since) == (Verdict.GAP, None)
    assert found.gap is not None
    assert (found.gap.after, found.gap.until) == (NOW, hours(1))
    assert (found.gap.newest_before, found.gap.oldest_now) == (f"{HOME}f", f"{HOME}m")
    for number in range(2, 5):
        walk(store, {"world/": ("vutsrqponm"[5 - number :][:6], "")}, at=hours(number))
    found = coverage(store)
    assert (found.verdict, found.since) == (Verdict.PROVED, hours(2))
    assert found.gap is not None


def test_nothing_is_proved_by_one_poll_or_none(store: Store) -> None:
    run = begun(store)
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW)
    ended(store, run)
    assert (coverage(store).verdict, coverage(store).due_at) == (Verdict.UNKNOWN, None)
    walk(store, paged("fedcba"), at=NOW)
    assert (coverage(store).verdict, coverage(store).why) == (Verdict.UNKNOWN, "no poll before")


def test_an_empty_answer_is_no_poll_and_hides_no_gap(store: Store) -> None:
    walk(store, {"world/": ("fedcba", "")}, at=NOW)
    walk(store, {"world/": ("", "")}, at=hours(1))
    walk(store, {"world/": ("rqponm", "")}, at=hours(2))
    assert coverage(store).verdict is Verdict.GAP


def test_an_unchanged_listing_is_a_poll_like_the_one_before(store: Store) -> None:
    walk(store, paged("fedcba"), at=NOW)
    run = begun(store, at=hours(1))
    store.schedule(run, [link("world/", Kind.LISTING)], now=hours(1), again=True)
    same = page("world/", "", "", at=hours(1), state=State.UNCHANGED, status=304)
    assert [one.url for one in crawl(store, run, {LISTING: same}, at=hours(1))] == [LISTING]
    assert (coverage(store).polls, coverage(store).overlap, coverage(store).new) == (2, 3, 0)


@pytest.mark.parametrize("kind", ["steady", "late", "bumped", "pinned", "truncated"])
def test_simulated_listings_through_the_store_give_no_false_proof(store: Store, kind: str) -> None:
    """Pages of 20 with up to 50 new entries between two polls; every third walk is interrupted and taken up."""
    from tests.benchmarks.walks import simulate  # which uses what stands above

    tally = simulate(store, kind, polls=20, seed=1)
    assert (tally.false_proofs, tally.gaps_found) == (0, tally.gaps)
    assert tally.proved or kind == "truncated"
    assert tally.gaps or kind != "truncated"
