"""The frontier: rows are made once, handed out at each host's pace, and end in one state."""

import os
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from crawler.errors import StoreUnusable
from crawler.items import Kind, State
from crawler.store import Store, Terms
from tests.stores import (
    HOME,
    HOST,
    LISTING,
    NOW,
    allow,
    article,
    begun,
    crawl,
    ended,
    link,
    links,
    opened,
    read,
    result,
    stored,
)

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def store(tmp_path: Path):
    with opened(tmp_path / "news.db") as store:
        yield store


def urls(store: Store) -> dict[str, str]:
    """State and reason by what stands after the host."""
    with store._read() as db:
        found = db.exec_driver_sql("SELECT url, state, reason FROM urls WHERE kind <> 'robots'")
        return {url.removeprefix(HOME): f"{state} {reason}".strip() for url, state, reason in found}


def leased(store: Store, run, *, at=NOW, limit: int = 16, **more) -> list[str]:
    return [row.url.removeprefix(HOME) for row in store.lease(run, now=at, limit=limit, **more)]


# rows


def test_a_url_is_scheduled_once(store):
    run = begun(store)
    assert store.schedule(run, links("a", "b", "a"), now=NOW) == 2
    assert store.schedule(run, links("b", "c"), now=NOW) == 1
    summary = store.summary(run)
    (world,) = (group for group in summary.groups if group.category == "world")
    assert (world.scheduled, world.states[State.WAITING]) == (3, 3)
    assert summary.holds


def test_the_sum_check_is_no_tautology(store):
    run = begun(store)
    store.schedule(run, links("a", "b"), now=NOW)
    with store._write() as db:
        db.exec_driver_sql("DELETE FROM urls WHERE url LIKE '%/b'")
    assert not store.summary(run).holds
    assert store.check() == ["example world: 2 scheduled, 1 rows"]


def test_robots_then_listings_then_articles_then_further_pages(store):
    run = begun(store)
    store.schedule(run, [link("p2", Kind.LISTING, page=True), link("a"), link("", Kind.LISTING)], now=NOW)
    assert leased(store, run) == ["", "a", "p2"]


def test_a_row_is_handed_out_once(store):
    run = begun(store)
    store.schedule(run, links("a", "b", "c"), now=NOW)
    assert leased(store, run, limit=2) == ["a", "b"]
    assert leased(store, run) == ["c"]
    assert leased(store, run) == []
    assert store.next_ready(run, now=NOW) is None


def test_again_brings_back_what_is_settled_and_leaves_what_is_in_hand(store):
    run = begun(store)
    store.schedule(run, links("a", "b"), now=NOW)
    crawl(store, run, {})
    assert store.schedule(run, links("a"), now=NOW, again=True) == 0
    assert leased(store, run) == ["a"]
    store.schedule(run, links("a"), now=NOW, again=True)
    assert leased(store, run) == []


def test_rows_carry_their_validators_and_parent(store):
    run = begun(store)
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW)
    (row,) = store.lease(run, now=NOW, limit=1)
    headers = {"etag": '"1"', "last-modified": "Sat, 21 Nov 2026 08:00:00 GMT"}
    page = result(row.url, Kind.LISTING, State.READ, links=links("a"), headers=headers)
    store.settle(run, [page], now=NOW)
    (article_row,) = store.lease(run, now=NOW, limit=1)
    assert (article_row.parent, article_row.etag, article_row.category) == (LISTING, None, "world")
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW, again=True)
    (row,) = store.lease(run, now=NOW, limit=1)
    assert (row.etag, row.last_modified) == ('"1"', "Sat, 21 Nov 2026 08:00:00 GMT")


def test_a_result_that_nobody_scheduled_gets_its_row(store):
    run = begun(store)
    (settled,) = store.settle(run, [stored(f"{HOME}replayed")], now=NOW)
    assert (settled.state, settled.outcome) == (State.STORED, "new")
    assert store.summary(run).holds


# categories


def test_only_the_categories_asked_for_are_handed_out(store):
    run = begun(store, categories=frozenset({"world"}))
    store.schedule(run, [link("w"), link("s", category="sport"), link("home", Kind.LISTING, category="")], now=NOW)
    store.schedule(run, [link("n", category="")], now=NOW)
    assert leased(store, run) == ["home", "w"]
    assert store.next_ready(run, now=NOW) is None
    assert store.summary(run).count(State.WAITING) == 2


def test_a_row_that_waits_moves_to_the_category_asked_for(store):
    run = begun(store, categories=frozenset({"world"}))
    store.schedule(run, [link("a", category="sport"), link("b", category="")], now=NOW)
    store.schedule(run, links("a", "b"), now=NOW)
    assert leased(store, run) == ["a", "b"]
    assert store.summary(run).holds
    assert {group.category: group.scheduled for group in store.summary(run).groups} == {"": 1, "world": 2}


def test_a_row_without_category_moves_to_the_one_that_lists_it(store):
    run = begun(store)
    store.schedule(run, [link("a", category="")], now=NOW)
    store.schedule(run, links("a"), now=NOW)
    (row,) = store.lease(run, now=NOW, limit=1)
    assert row.category == "world"
    assert store.summary(run).holds


# pace


def test_one_row_per_host_and_delay(store):
    run = begun(store, delay_s=1.0)
    allow(store, run, "en.example.com")
    store.schedule(run, [*links("a", "b"), link("https://en.example.com/c")], now=NOW)
    assert sorted(leased(store, run)) == ["a", "https://en.example.com/c"]
    assert store.next_ready(run, now=NOW) == NOW + timedelta(seconds=1)
    assert leased(store, run, at=NOW + timedelta(seconds=0.9)) == []
    assert leased(store, run, at=NOW + timedelta(seconds=1)) == ["b"]


def test_a_busy_host_is_passed_over(store):
    run = begun(store)
    allow(store, run, "en.example.com")
    store.schedule(run, [*links("a", "b"), link("https://en.example.com/c")], now=NOW)
    assert leased(store, run, busy_hosts={HOST}) == ["https://en.example.com/c"]


def test_the_clock_of_a_host_survives_a_restart(store, tmp_path):
    run = begun(store, delay_s=5.0)
    store.schedule(run, links("a", "b"), now=NOW)
    leased(store, run)
    ended(store, run)
    with opened(tmp_path / "news.db") as again:
        run = begun(again, delay_s=5.0)
        assert leased(again, run, at=NOW + timedelta(seconds=4)) == []
        assert leased(again, run, at=NOW + timedelta(seconds=5)) == ["a"]


def test_a_slow_host_is_asked_less_often(store):
    run = begun(store, delay_s=1.0)
    store.schedule(run, links("a", "b"), now=NOW)
    leased(store, run)
    answered = NOW + timedelta(seconds=4)
    store.settle(run, [result(f"{HOME}a", Kind.ARTICLE, State.GONE, seconds=4.0, at=answered)], now=answered)
    assert store.next_ready(run, now=answered) == NOW + timedelta(seconds=8)


def test_crawl_delay_is_kept_up_to_a_minute(store):
    run = begun(store, delay_s=1.0)
    store.schedule(run, links("a", "b"), now=NOW)
    store.set_crawl_delay(HOST, 3600)
    leased(store, run)
    assert store.next_ready(run, now=NOW) == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Sat, 21 Nov 2026 08:05:00 GMT", 300),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0),
        ("999999999999", 86400),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_the_host(store, value, seconds, status):
    run = begun(store)
    store.schedule(run, links("a", "b"), now=NOW)
    leased(store, run, limit=1)
    busy = result(f"{HOME}a", Kind.ARTICLE, State.FAILED, status=status, headers={"retry-after": value})
    store.settle(run, [busy], now=NOW)
    if seconds is None:
        seconds = 5 if status == 429 else 0
    until = NOW + timedelta(seconds=seconds)
    if seconds:
        assert leased(store, run, at=until - timedelta(milliseconds=1)) == []
    assert leased(store, run, at=until)[0] in ("a", "b", "robots.txt")


def test_a_hold_is_not_shortened(store):
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    store.hold_host(HOST, NOW + timedelta(hours=1), reason="503")
    store.hold_host(HOST, NOW + timedelta(minutes=1), reason="429")
    assert store.next_ready(run, now=NOW) == NOW + timedelta(hours=1)


# robots.txt


def test_robots_comes_first_and_alone(store):
    run = store.begin_run("example", command="", now=NOW, holder="h:1", terms=Terms(delay_s=0))
    store.schedule(run, links("a", "b"), now=NOW)
    assert leased(store, run) == ["robots.txt"]
    assert leased(store, run) == []
    assert store.next_ready(run, now=NOW) is None
    rules = b"User-agent: *\nDisallow: /x\n"
    store.settle(run, [result(f"{HOME}robots.txt", Kind.ROBOTS, State.READ, body=rules)], now=NOW)
    assert leased(store, run) == ["a", "b"]
    robots = store.robots(HOST)
    assert (robots.status, robots.body, robots.expires_at) == (200, rules, NOW + timedelta(hours=24))


def test_robots_is_asked_for_again_after_a_day(store):
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    tomorrow = NOW + timedelta(hours=24)
    assert store.next_ready(run, now=tomorrow) == tomorrow
    assert leased(store, run, at=tomorrow) == ["robots.txt"]


@pytest.mark.parametrize("answer", [{"body": None}, {"status": 503}, {"status": 500}])
def test_unreachable_robots_forbids_all_until_it_is_had(store, answer):
    run = store.begin_run("example", command="", now=NOW, holder="h:1", terms=Terms(delay_s=0))
    store.schedule(run, links("a"), now=NOW)
    at = NOW
    for _ in range(3):
        assert leased(store, run, at=at) == ["robots.txt"]
        store.settle(run, [result(f"{HOME}robots.txt", Kind.ROBOTS, State.FAILED, **answer)], now=at)
        assert leased(store, run, at=at) == []
        at = store.next_ready(run, now=at)
    assert at > NOW + timedelta(minutes=50)
    assert leased(store, run, at=at) == ["robots.txt"]
    store.settle(run, [result(f"{HOME}robots.txt", Kind.ROBOTS, State.READ, status=404)], now=at)
    assert leased(store, run, at=at) == ["a"]


def test_a_robots_that_moved_holds_for_the_host_that_asked(store):
    run = store.begin_run("example", command="", now=NOW, holder="h:1", terms=Terms(delay_s=0))
    store.schedule(run, links("a"), now=NOW)
    target = "https://www.example.com/robots.txt"
    leased(store, run)
    moved = result(
        f"{HOME}robots.txt", Kind.ROBOTS, State.MOVED, status=301, target=target, links=[link(target, Kind.ROBOTS, "")]
    )
    store.settle(run, [moved], now=NOW)
    assert leased(store, run) == [target]
    store.settle(run, [result(target, Kind.ROBOTS, State.READ, body=b"rules")], now=NOW)
    assert store.robots(HOST).body == b"rules"
    assert leased(store, run) == ["a"]


def test_unchanged_robots_keep_their_text(store):
    run = store.begin_run("example", command="", now=NOW, holder="h:1", terms=Terms(delay_s=0))
    page = result(f"{HOME}robots.txt", Kind.ROBOTS, State.READ, body=b"rules", headers={"etag": '"1"'})
    store.settle(run, [page], now=NOW)
    store.schedule(run, links("a"), now=NOW)
    tomorrow = NOW + timedelta(hours=25)
    (row,) = store.lease(run, now=tomorrow, limit=9)
    assert row.etag == '"1"'
    store.settle(run, [result(row.url, Kind.ROBOTS, State.READ, body=b"", status=304)], now=tomorrow)
    robots = store.robots(HOST)
    assert (robots.status, robots.body, robots.expires_at) == (200, b"rules", tomorrow + timedelta(hours=24))


def test_robots_that_move_in_a_circle_end(store):
    run = store.begin_run("example", command="", now=NOW, holder="h:1", terms=Terms(delay_s=0))
    store.schedule(run, links("a"), now=NOW)
    pair = [f"{HOME}robots.txt", "https://www.example.com/robots.txt"]
    circle = {
        url: result(url, Kind.ROBOTS, State.MOVED, status=302, target=to, links=[link(to, Kind.ROBOTS, "")])
        for url, to in (pair, pair[::-1])
    }
    assert len(crawl(store, run, circle)) < 20
    assert store.summary(run).holds


def test_new_rules_bring_back_what_the_old_ones_refused(store):
    run = begun(store)
    store.schedule(run, links("a", "b"), now=NOW)
    crawl(store, run, {f"{HOME}a": result(f"{HOME}a", Kind.ARTICLE, State.REFUSED, reason="robots", body=None)})
    tomorrow = NOW + timedelta(hours=25)
    store.schedule(run, links("c"), now=tomorrow)
    assert leased(store, run, at=tomorrow) == ["robots.txt"]
    store.settle(run, [result(f"{HOME}robots.txt", Kind.ROBOTS, State.READ, body=b"new")], now=tomorrow)
    assert leased(store, run, at=tomorrow) == ["a", "c"]


# failure


def fail(store, run, name: str, at):
    return store.settle(run, [result(f"{HOME}{name}", Kind.ARTICLE, State.FAILED, reason="500", body=None)], now=at)[0]


def test_what_failed_is_tried_again_three_times_in_a_run(store):
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    at = NOW
    for _ in range(2):
        assert leased(store, run, at=at) == ["a"]
        settled = fail(store, run, "a", at)
        assert settled.state is State.WAITING
        assert leased(store, run, at=at) == []
        at = store.next_ready(run, now=at)
        assert at == settled.retry_at
    leased(store, run, at=at)
    assert fail(store, run, "a", at).state is State.FAILED
    assert store.next_ready(run, now=at) is None
    assert store.summary(run).failures == 1


def test_later_runs_try_again_until_the_budget_is_spent(store):
    at, attempts = NOW, 0
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    for _ in range(12):
        while (ready := store.next_ready(run, now=at)) is not None:
            at = ready
            for name in leased(store, run, at=at):
                if name == "robots.txt":
                    store.settle(run, [result(f"{HOME}{name}", Kind.ROBOTS, State.READ, body=b"")], now=at)
                else:
                    attempts += 1
                    fail(store, run, "a", at)
        ended(store, run, at=at)
        run = begun(store, at=at)
        assert store.requeue(run, now=at) == 0
        ended(store, run, at=at)
        at += timedelta(hours=31)
        run = begun(store, at=at)
        store.requeue(run, now=at)
    assert attempts == 10
    assert urls(store) == {"a": "failed 500"}


def test_success_ends_the_count(store):
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    leased(store, run)
    at = fail(store, run, "a", NOW).retry_at
    assert store.lease(run, now=at, limit=1)[0].attempts == 1
    store.settle(run, [stored(f"{HOME}a")], now=at)
    store.schedule(run, links("a"), now=at, again=True)
    assert store.lease(run, now=at, limit=1)[0].attempts == 0


# redirects


def moved(url: str, to: str) -> object:
    return result(url, Kind.ARTICLE, State.MOVED, reason="301", status=301, target=to, links=[link(to, category="")])


def test_the_target_of_a_redirect_is_a_row(store):
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    crawl(store, run, {f"{HOME}a": moved(f"{HOME}a", f"{HOME}b")})
    assert urls(store) == {"a": "moved 301", "b": "stored"}
    assert store.summary(run).holds


def test_redirects_in_a_circle_and_without_end(store):
    run = begun(store)
    store.schedule(run, links("a", "0"), now=NOW)
    site = {f"{HOME}a": moved(f"{HOME}a", f"{HOME}b"), f"{HOME}b": moved(f"{HOME}b", f"{HOME}a")}
    site |= {f"{HOME}{n}": moved(f"{HOME}{n}", f"{HOME}{n + 1}") for n in range(50)}
    crawl(store, run, site)
    states = urls(store)
    assert (states["a"], states["b"]) == ("moved 301", "moved 301")
    assert states["10"] == "moved 301"
    assert states["11"] == "refused too many redirects"
    assert "12" not in states


# since


def test_since_refuses_and_a_later_run_brings_back(store):
    since = NOW - timedelta(days=1)
    old, young = NOW - timedelta(days=3), NOW - timedelta(hours=3)
    run = begun(store, since=since)
    store.schedule(run, [link("old", published=old), link("young", published=young), link("unsaid")], now=NOW)
    assert leased(store, run) == ["young", "unsaid"]
    aged = [stored(f"{HOME}young"), stored(f"{HOME}unsaid", published_at=old)]
    states = [one.state for one in store.settle(run, aged, now=NOW)]
    assert states == [State.STORED, State.REFUSED]
    assert urls(store)["old"] == urls(store)["unsaid"] == f"refused published before {since.isoformat()}"
    assert store.article(f"{HOME}unsaid") is None
    ended(store, run)
    run = begun(store, since=NOW - timedelta(days=2))
    assert leased(store, run) == []
    ended(store, run)
    run = begun(store)
    assert leased(store, run) == ["old", "unsaid"]
    assert store.summary(run).holds


def test_undated_articles_are_kept_whatever_since_says(store):
    run = begun(store, since=NOW)
    (settled,) = store.settle(run, [stored(f"{HOME}a", published_at=None)], now=NOW)
    assert settled.state is State.STORED


def test_rows_that_wait_are_refused_by_a_since(store):
    run = begun(store)
    store.schedule(run, [link("old", published=NOW - timedelta(days=3))], now=NOW)
    ended(store, run)
    run = begun(store, since=NOW)
    assert leased(store, run) == []


# runs


def test_one_run_per_site_and_the_holder_is_named(store, tmp_path):
    begun(store)
    with opened(tmp_path / "news.db") as second:
        with pytest.raises(StoreUnusable, match=f"example is being crawled by .*:{os.getpid()} since 2026-11-21"):
            begun(second, at=NOW + timedelta(seconds=30))
        second.begin_run("other", command="", now=NOW, holder="h:1")


def test_a_holder_that_is_gone_is_dead_at_once(store):
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    from socket import gethostname

    dead = store.begin_run(
        "example", command="", now=NOW, holder=f"{gethostname()}:{int(child.stdout)}", terms=Terms(delay_s=0)
    )
    allow(store, dead)
    store.schedule(dead, links("a"), now=NOW)
    leased(store, dead)
    run = begun(store, at=NOW + timedelta(seconds=1))
    assert run.resumed
    assert leased(store, run) == ["a"]
    assert [record.reason for record in store.runs("example")][1].startswith("died; found by")
    with pytest.raises(StoreUnusable, match="may store nothing more"):
        store.settle(dead, [stored(f"{HOME}a")], now=NOW)
    with pytest.raises(StoreUnusable, match="has ended"):
        store.heartbeat(dead, NOW)


@pytest.mark.parametrize("seconds", [61, -3600])
def test_a_silent_holder_on_another_machine_is_dead_after_a_minute(store, seconds):
    store.begin_run("example", command="", now=NOW, holder="elsewhere:1")
    with pytest.raises(StoreUnusable, match="elsewhere:1"):
        begun(store, at=NOW + timedelta(seconds=59))
    begun(store, at=NOW + timedelta(seconds=seconds))


def test_a_heartbeat_keeps_a_run_alive(store):
    run = store.begin_run("example", command="", now=NOW, holder="elsewhere:1")
    store.heartbeat(run, NOW + timedelta(seconds=50))
    with pytest.raises(StoreUnusable):
        begun(store, at=NOW + timedelta(seconds=100))


def test_ending_a_run_brings_back_what_is_in_hand(store):
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    leased(store, run)
    ended(store, run)
    assert urls(store) == {"a": "waiting"}
    run = begun(store)
    assert leased(store, run) == ["a"]


def test_a_page_that_kills_the_crawler_comes_last_and_ends(store):
    at, order = NOW, []
    for death in range(9):
        run = store.begin_run("example", command="", now=at, holder="elsewhere:1", terms=Terms(delay_s=0))
        allow(store, run)
        if death == 0:
            store.schedule(run, links("killer", "b"), now=NOW)
        order.append(leased(store, run, at=at, limit=1))
        at += timedelta(minutes=2)
    assert order[:4] == [["killer"]] * 3 + [["b"]]
    while urls(store)["killer"] in ("waiting", "leased"):
        run = store.begin_run("example", command="", now=at, holder="elsewhere:1", terms=Terms(delay_s=0))
        store.lease(run, now=at, limit=16)
        at += timedelta(minutes=2)
    run = begun(store, at=at)
    assert urls(store)["killer"] == "failed the crawler died with it in hand"
    assert store.summary(run).holds


def test_a_run_alone_is_about_its_own_rows(store):
    run = begun(store)
    store.schedule(run, links("a", "b"), now=NOW)
    ended(store, run)
    run = begun(store, alone=True)
    store.schedule(run, [link("x", Kind.LISTING)], now=NOW, again=True)
    crawl(store, run, {f"{HOME}x": read(f"{HOME}x", "c", "a")})
    assert urls(store) == {"a": "stored", "b": "waiting", "x": "read", "c": "stored"}
    assert store.next_ready(run, now=NOW) is None


def test_a_resumed_run_reads_no_listing_twice(store):
    run = store.begin_run("example", command="", now=NOW, holder="elsewhere:1", terms=Terms(delay_s=0))
    allow(store, run)
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW, again=True)
    store.settle(run, [read(LISTING, "a", "b")], now=NOW)
    soon = NOW + timedelta(minutes=2)
    run = begun(store, at=soon)
    assert run.resumed
    store.schedule(run, [link("world/", Kind.LISTING)], now=soon)
    assert leased(store, run, at=soon) == ["a", "b"]
    ended(store, run, at=soon)
    run = begun(store, at=LATER)
    assert not run.resumed
    store.schedule(run, [link("world/", Kind.LISTING)], now=LATER)
    assert leased(store, run, at=LATER)[0] == "world/"


def test_what_a_run_did_is_kept(store):
    run = begun(store)
    pages = [
        stored(f"{HOME}a", "Twelve signs", authors=("Li",), source="Example"),
        stored(f"{HOME}b", "Two", source="Example"),
        stored(f"{HOME}c", "Twenty-one characters"),
        result(f"{HOME}d", Kind.ARTICLE, State.GONE, reason="404", status=404),
    ]
    store.settle(run, pages, now=NOW)
    store.end_run(run, now=LATER, requests=5, bytes=1000, reason="finished")
    (record,) = store.runs("example")
    assert (record.new, record.requests, record.bytes, record.ended_at) == (3, 5, 1000, LATER)
    assert record.states == {"gone": 1, "read": 1, "stored": 3}
    assert (record.articles, record.body_length) == (3, 12)
    assert record.presence["source"] == pytest.approx(2 / 3, abs=1e-3)
    assert record.presence["authors"] == pytest.approx(1 / 3, abs=1e-3)
    assert record.presence["published_at"] == 1
    assert record.presence["tags"] == 0


def test_a_clock_that_was_wrong_holds_nothing_for_long(store):
    ahead = NOW + timedelta(days=400)
    run = begun(store, at=ahead, delay_s=1)
    store.schedule(run, links("a", "b"), now=ahead)
    leased(store, run, at=ahead)
    fail(store, run, "a", ahead)
    store.hold_host(HOST, ahead + timedelta(hours=1), reason="429")
    ended(store, run, at=ahead)
    run = begun(store, delay_s=0)
    assert leased(store, run) == ["robots.txt"]
    store.settle(run, [result(f"{HOME}robots.txt", Kind.ROBOTS, State.READ, body=b"")], now=NOW)
    assert leased(store, run) == ["a", "b"]


# looking again


def test_articles_are_looked_at_again_as_they_age(store):
    run = begun(store)
    soon = NOW + timedelta(minutes=10)
    store.settle(run, [stored(f"{HOME}a", published_at=NOW, at=soon)], now=soon)
    ended(store, run)

    def due(hours: float) -> int:
        at = NOW + timedelta(hours=hours)
        run = begun(store, at=at)
        found = store.requeue(run, now=at, recheck_h=(1, 6))
        if found:
            store.settle(run, [stored(f"{HOME}a", published_at=NOW, at=at)], now=at)
        ended(store, run, at=at)
        return found

    assert [due(hours) for hours in (0.5, 1.1, 2, 5.9, 7, 8, 100)] == [0, 1, 0, 0, 1, 0, 0]


def test_recheck_by_age(store):
    run = begun(store)
    store.settle(run, [stored(f"{HOME}a", published_at=None)], now=NOW)
    assert store.requeue(run, now=LATER, recheck=timedelta(hours=3)) == 0
    assert store.requeue(run, now=LATER, recheck=timedelta(hours=1)) == 1


def test_a_twin_address_is_not_looked_at_again(store):
    run = begun(store)
    twin = article(f"{HOME}a").id
    store.settle(run, [stored(f"{HOME}a"), stored(f"{HOME}twin", id=twin)], now=NOW)
    assert store.requeue(run, now=LATER, recheck=timedelta(hours=1)) == 1


def test_listings_found_on_a_page_are_read_in_every_run(store):
    home = (*links("a"), link("feed", Kind.FEED))
    for number in range(2):
        at = NOW + timedelta(hours=number)
        run = begun(store, at=at)
        store.schedule(run, [link("", Kind.LISTING, "")], now=at, again=True)
        site = {HOME: result(HOME, Kind.LISTING, State.READ, links=home, category="")}
        site |= {f"{HOME}feed": result(f"{HOME}feed", Kind.FEED, State.READ, links=links("a"))}
        fetched = [one.url for one in crawl(store, run, site, at=at)]
        assert fetched == [HOME, f"{HOME}feed", f"{HOME}a"][: 3 - number]
        ended(store, run, at=at)


def test_times_come_out_aware(store):
    run = begun(store, delay_s=1)
    store.schedule(run, links("a", "b"), now=NOW)
    leased(store, run)
    ready = store.next_ready(run, now=NOW)
    assert ready is not None
    assert ready.tzinfo is UTC or ready.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="without a zone"):
        store.heartbeat(run, NOW.replace(tzinfo=None))
