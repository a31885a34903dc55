"""The store: each page in one transaction; nothing twice, nothing lost, nothing half done."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.errors import StoreUnusable
from crawler.items import Article, Image, Kind, Link, Provenance, Removed, State
from crawler.store import Store
from tests.stores import (
    HOME,
    LISTING,
    NOW,
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
BEIJING = timezone(timedelta(hours=8))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def store(path: Path):
    with opened(path) as store:
        yield store


def rows(path: Path, query: str) -> list[tuple]:
    """As a person would ask, with any SQLite tool."""
    with sqlite3.connect(path) as db:
        return db.execute(query).fetchall()


FULL = Article(
    id="00000000000000aa", story_id="s1", upstream_id="202611211234567890", kind="rolling", site="example",
    url=f"{HOME}a", canonical_url=f"{HOME}a", category="world", category_name="国际", title="标题：“5G﹢” 𠮷",
    subtitle="副题", digest="导语", authors=("张三", "李四"), editors=("王五",), source="人民邮电报",
    source_url="https://s.example.com/", share_url="https://t.example.com/1", original_title="原标题",
    published_at=datetime(2026, 11, 21, 15, 4, tzinfo=BEIJING), published_raw="2026/11/21 15:04", zone_from="site",
    modified_at=datetime(2026, 11, 21, 16, 0, tzinfo=BEIJING), fetched_at=NOW, language="zh-Hans",
    tags=("经济", "科技"), images=(Image(f"{HOME}i.jpg", "alt", "图", 2),), body_html="<p>正文</p>", body_text="正文",
    body_markdown="正文", word_count=2, content_hash="h1", warnings=("no date",),
    provenance={"title": Provenance("h1::text", "/html/body/h1", "标题")},
    removed=(Removed("分享", "drop_share_bars", None), Removed("来源：X", "take_source_line", "source")),
)  # fmt: skip


# articles


def test_an_article_comes_out_as_it_went_in(store):
    run = begun(store)
    page = stored(f"{HOME}a")
    page.article = FULL
    (settled,) = store.settle(run, [page], now=NOW)
    assert (settled.outcome, settled.article, settled.article_id) == ("new", FULL, FULL.id)
    for key in (FULL.id, FULL.url):
        assert store.article(key) == FULL
    assert list(store.articles()) == [FULL]
    assert store.article("no such") is None


def test_the_table_is_readable_by_hand(store, path):
    run = begun(store)
    page = stored(f"{HOME}a")
    page.article = FULL
    store.settle(run, [page], now=NOW)
    query = "SELECT url, published_at, published_utc, authors, title FROM articles"
    assert rows(path, query) == [
        (f"{HOME}a", "2026-11-21T15:04:00+08:00", "2026-11-21T07:04:00.000000+00:00", '["张三","李四"]', FULL.title)
    ]


def test_the_same_page_stores_nothing_new(store, path):
    run = begun(store)
    outcomes = [store.settle(run, [stored(f"{HOME}a")], now=at)[0].outcome for at in (NOW, LATER)]
    assert outcomes == ["new", "unchanged"]
    assert rows(path, "SELECT count(*) FROM articles") == [(1,)]
    assert store.versions(article(f"{HOME}a").id) == []
    summary = store.summary(run)
    assert (summary.new, summary.changed, summary.count(State.UNCHANGED)) == (1, 0, 1)


def test_a_changed_page_updates_and_keeps_what_was(store):
    run = begun(store)
    texts = ("One.", "Two.", "Three.")
    for number, text in enumerate(texts):
        at = NOW + timedelta(hours=number)
        store.settle(run, [stored(f"{HOME}a", text, at=at)], now=at)
    key = article(f"{HOME}a").id
    assert store.article(key).body_text == "Three."
    versions = store.versions(key)
    assert [version.article for version in versions] == [article(f"{HOME}a", text) for text in texts[:2]]
    assert [version.replaced_at for version in versions] == [NOW + timedelta(hours=1), LATER]
    assert (store.summary(run).new, store.summary(run).changed) == (1, 2)


def test_the_same_article_at_another_address_is_one_article(store, path):
    run = begun(store)
    twin = stored(f"{HOME}twin", "Other text.", id=article(f"{HOME}a").id)
    first, second = store.settle(run, [stored(f"{HOME}a"), twin], now=NOW)
    assert (second.state, second.reason) == (State.UNCHANGED, "same article at another address")
    assert rows(path, "SELECT url FROM articles") == [(f"{HOME}a",)]
    assert rows(path, "SELECT target FROM urls WHERE url LIKE '%twin'") == [(f"{HOME}a",)]
    assert store.article(f"{HOME}twin").id == first.article_id


def test_a_page_whose_id_changed_stays_one_article(store, path):
    run = begun(store)
    store.settle(run, [stored(f"{HOME}a"), stored(f"{HOME}a", "New text.", id="f" * 16)], now=NOW)
    assert rows(path, "SELECT id, body_text FROM articles") == [("f" * 16, "New text.")]
    assert [version.article.body_text for version in store.versions("f" * 16)] == ["Text."]


@pytest.mark.parametrize("order", ["abcd", "dcba", "cabd"])
@pytest.mark.parametrize("together", [True, False])
def test_articles_of_one_text_are_one_story_with_their_twins(store, order, together):
    """a and c have one text; b and c have one native key; d is short, and like nothing by chance."""
    long = "A text that is long enough to be the same on purpose. " * 3
    texts = {"a": long, "b": "Another text.", "c": long, "d": "Short."}
    natives = {"a": "s9", "b": "s5", "c": "s5", "d": "s7"}
    pages = [stored(f"{HOME}{name}", texts[name], story_id=natives[name]) for name in order]
    run = begun(store)
    for group in [pages] if together else [[page] for page in pages]:
        store.settle(run, group, now=NOW)
    assert {one.url.removeprefix(HOME): one.story_id for one in store.articles()} == {
        "a": "s5", "b": "s5", "c": "s5", "d": "s7",
    }  # fmt: skip
    assert sorted(one.url for one in store.story("s5")) == [f"{HOME}{name}" for name in "abc"]


def test_short_articles_of_one_text_are_not_one_story(store):
    run = begun(store)
    store.settle(run, [stored(f"{HOME}a", "Short."), stored(f"{HOME}b", "Short.")], now=NOW)
    assert len({one.story_id for one in store.articles()}) == 2


def test_twins_in_one_group_are_one_article(store, path):
    run = begun(store)
    pages = [
        stored(f"{HOME}a", "One."),
        stored(f"{HOME}a2", "One.", id=article(f"{HOME}a").id),
        stored(f"{HOME}a", "Two."),
    ]
    assert [one.outcome for one in store.settle(run, pages, now=NOW)] == ["new", "unchanged", "changed"]
    assert rows(path, "SELECT url, body_text FROM articles") == [(f"{HOME}a", "Two.")]


def test_articles_are_read_by_site_category_and_date(store):
    run = begun(store)
    store.settle(
        run,
        [
            stored(f"{HOME}new", "1", published_at=NOW),
            stored(f"{HOME}undated", "2", published_at=None),
            stored(f"{HOME}old", "3", published_at=NOW - timedelta(days=9), category="sport"),
        ],
        now=NOW,
    )

    def names(**wanted: object) -> list[str]:
        return [one.url.removeprefix(HOME) for one in store.articles(**wanted)]  # type: ignore[arg-type]

    assert names() == names(site="example") == ["old", "new", "undated"]
    assert names(category="sport") == ["old"]
    assert names(since=NOW - timedelta(days=1)) == ["new", "undated"]
    assert names(site="other") == []


def test_reading_goes_on_while_pages_are_stored(store):
    run = begun(store)
    store.settle(run, [stored(f"{HOME}{n}", str(n)) for n in range(300)], now=NOW)
    reading = store.articles()
    next(reading)
    store.settle(run, [stored(f"{HOME}more", "more")], now=NOW)
    assert sum(1 for _ in reading) == 299


@pytest.mark.parametrize(
    "text", ["half \ud800 a pair", "NUL \0 inside", "'); DROP TABLE articles; --", "\u202e\x1b[2J"]
)
def test_text_of_a_page_can_break_nothing(store, text):
    run = begun(store)
    hostile = stored(f"{HOME}a", "Fine.", title=text, tags=(text,), provenance={text: Provenance(text, text, text)})
    fine = stored(f"{HOME}b", "Fine too.")
    broken = result(f"{HOME}c", Kind.ARTICLE, State.QUARANTINED, reason=text, article=article(f"{HOME}c", text))
    assert [one.state for one in store.settle(run, [hostile, fine, broken], now=NOW)] == [
        State.STORED, State.STORED, State.QUARANTINED,
    ]  # fmt: skip
    expected = text.replace("\0", "\ufffd").replace("\ud800", "?")
    assert store.article(f"{HOME}a").title == expected
    assert store.check() == []


# what a page leads to


def test_links_articles_and_states_come_together(store):
    run = begun(store)
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW)
    (settled,) = store.settle(run, [read(LISTING, "a", "b", "a")], now=NOW)
    assert (settled.state, settled.links) == (State.READ, 2)
    crawl(store, run, {})
    summary = store.summary(run)
    assert (summary.scheduled, summary.count(State.STORED), summary.count(State.READ)) == (4, 2, 2)
    assert summary.holds


def test_a_broken_result_leaves_nothing_of_its_group(store, path):
    run = begun(store)
    store.schedule(run, links("a", "b"), now=NOW)
    store.lease(run, now=NOW, limit=2)
    naive = stored(f"{HOME}b", "Text of b", published_at=datetime(2026, 1, 1))
    with pytest.raises(Exception, match="without a zone"):
        store.settle(run, [stored(f"{HOME}a"), naive], now=NOW)
    assert rows(path, "SELECT count(*) FROM articles") == [(0,)]
    assert rows(path, "SELECT DISTINCT state FROM urls WHERE kind = 'article'") == [("leased",)]
    store.settle(run, [stored(f"{HOME}a")], now=NOW)
    assert store.summary(run).holds


def test_what_a_sender_says_about_use_is_kept(store, path):
    run = begun(store)
    page = stored(f"{HOME}a")
    page.page.headers = {"x-robots-tag": "noai", "tdm-reservation": "1", "server": "x"}  # type: ignore[union-attr]
    store.settle(run, [page], now=NOW)
    ((conduct,),) = rows(path, "SELECT conduct FROM articles")
    assert json.loads(conduct) == {"x-robots-tag": "noai", "tdm-reservation": "1"}


def test_the_summary_as_a_program_reads_it(store):
    run = begun(store)
    store.schedule(run, [link("world/", Kind.LISTING)], now=NOW)
    site = {LISTING: read(LISTING, "a", "b", "c")}
    site[f"{HOME}b"] = result(f"{HOME}b", Kind.ARTICLE, State.GONE, reason="404", status=404, seconds=0.5)
    site[f"{HOME}c"] = result(f"{HOME}c", Kind.ARTICLE, State.QUARANTINED, reason="FieldMissing: title")
    crawl(store, run, site)
    found = store.summary(run).as_dict()
    assert (found["holds"], found["new"], found["failures"]) == (True, 1, 1)
    world = next(group for group in found["groups"] if group["category"] == "world")
    assert sum(world[state] for state in State) == world["scheduled"] == 4
    assert world["reasons"] == {"gone: 404": 1, "quarantined: FieldMissing: title": 1}
    assert (world["requests"], world["bytes"], world["seconds"]) == (4, 16, 0.5)
    json.dumps(found)
    ended(store, run)
    second = begun(store)
    assert store.summary(second).failures == store.summary(second).new == 0
    assert store.site_summary("example").run_id == second.id


def test_the_latest_come_first_and_are_found_by_an_index(store, path):
    run = begun(store)
    ages = {"a": 3, "b": 1, "c": None, "d": 2, "e": None}
    for name, hours in ages.items():
        at = None if hours is None else NOW - timedelta(hours=hours)
        store.settle(run, [stored(f"{HOME}{name}", published_at=at)], now=NOW)
    undated = sorted((f"{HOME}c", f"{HOME}e"), key=lambda url: article(url).id)
    assert [one.url for one in store.latest(9)] == [f"{HOME}b", f"{HOME}d", f"{HOME}a", *undated]
    assert [one.url for one in store.latest(2)] == [f"{HOME}b", f"{HOME}d"]
    for where in ("IS NOT NULL ORDER BY published_utc DESC, id DESC", "IS NULL ORDER BY id"):
        with sqlite3.connect(path) as db:
            plan = db.execute(f"EXPLAIN QUERY PLAN SELECT title FROM articles WHERE published_utc {where} LIMIT 20")
            steps = str(plan.fetchall())
        assert "articles_by_time" in steps
        assert "TEMP B-TREE" not in steps


def test_summary_counts_the_articles_of_the_site_whatever_state_their_rows_are_in(store):
    run = begun(store)
    store.settle(run, [stored(f"{HOME}a"), stored(f"{HOME}b")], now=NOW)
    store.settle(run, [result(f"{HOME}a", Kind.ARTICLE, State.UNCHANGED)], now=LATER)
    told = store.summary(run)
    assert (told.articles, told.count(State.STORED), told.count(State.UNCHANGED)) == (2, 1, 1)


# quarantine


def test_quarantine_keeps_what_was_recovered(store, path):
    run = begun(store)
    bad = result(
        f"{HOME}a", Kind.ARTICLE, State.QUARANTINED, reason="FieldMissing: title", body=b"<p>\xff\x00",
        headers={"content-type": "text/html"}, article=replace(FULL, title=""),
    )  # fmt: skip
    store.settle(run, [bad], now=NOW)
    (kept,) = store.quarantined(site="example")
    assert (kept.url, kept.reason, kept.body) == (f"{HOME}a", "FieldMissing: title", b"<p>\xff\x00")
    assert (kept.article, kept.headers["content-type"]) == (replace(FULL, title=""), "text/html")
    assert list(store.articles()) == []
    assert list(store.quarantined(site="other")) == []
    store.settle(run, [stored(f"{HOME}a")], now=LATER)
    assert list(store.quarantined()) == []


# articles of several pages


def page_of(name: str, text: str, *pages: str, first: bool = False):
    kind = Kind.ARTICLE if first else Kind.PART
    url = f"{HOME}{name}"
    found = [link(page, Kind.PART) for page in pages]
    state = State.STORED if first else State.PART
    return result(url, kind, state, article=article(url, text), links=found)


def test_pages_are_joined_by_the_last_one(store, path):
    run = begun(store)
    store.schedule(run, links("a"), now=NOW)
    store.lease(run, now=NOW, limit=9)
    (first,) = store.settle(run, [page_of("a", "One.", "a", "a_2", "a_3", first=True)], now=NOW)
    assert (first.state, first.outcome, first.links) == (State.PART, "", 2)
    assert [row.parent for row in store.lease(run, now=NOW, limit=9)] == [f"{HOME}a"] * 2
    (third,) = store.settle(run, [page_of("a_3", "Three.", "a", "a_2", "a_3")], now=NOW)
    assert (third.state, third.article) == (State.PART, None)
    assert rows(path, "SELECT count(*) FROM articles") == [(0,)]
    (second,) = store.settle(run, [page_of("a_2", "Two.", "a", "a_2", "a_3")], now=NOW)
    assert second.outcome == "new"
    assert second.article.body_text == "One.\n\nTwo.\n\nThree."
    assert [one.body_text for one in store.articles()] == ["One.\n\nTwo.\n\nThree."]
    assert rows(path, "SELECT count(*) FROM parts") == [(0,)]
    summary = store.summary(run)
    assert (summary.count(State.STORED), summary.count(State.PART), summary.new) == (1, 2, 1)


def test_all_pages_in_one_group(store):
    run = begun(store)
    pages = [page_of("a", "One.", "a_2", first=True), page_of("a_2", "Two.", "a")]
    store.settle(run, pages[:1], now=NOW)
    (settled,) = store.settle(run, pages[1:], now=NOW)
    assert settled.article.body_text == "One.\n\nTwo."


def test_a_missing_page_is_a_warning_until_it_comes(store):
    run = begun(store)
    store.settle(run, [page_of("a", "One.", "a_2", "a_3", first=True)], now=NOW)
    store.settle(run, [page_of("a_3", "Three.")], now=NOW)
    at = NOW
    for _ in range(3):
        assert list(store.articles()) == []
        store.lease(run, now=at, limit=9)
        (settled,) = store.settle(run, [result(f"{HOME}a_2", Kind.PART, State.FAILED, body=None)], now=at)
        at = settled.retry_at or at
    assert store.article(f"{HOME}a").warnings == ("page 2",)
    at += timedelta(hours=2)
    store.requeue(run, now=at)
    (settled,) = store.settle(run, [page_of("a_2", "Two.")], now=at)
    assert settled.outcome == "changed"
    assert store.article(f"{HOME}a").body_text == "One.\n\nTwo.\n\nThree."
    assert store.article(f"{HOME}a").warnings == ()


def test_further_pages_are_fetched_again_with_the_first(store):
    run = begun(store)
    store.settle(run, [page_of("a", "One.", "a_2", first=True)], now=NOW)
    store.settle(run, [page_of("a_2", "Two.")], now=NOW)
    store.settle(run, [page_of("a", "Uno.", "a_2", first=True)], now=LATER)
    (row,) = store.lease(run, now=LATER, limit=9)
    assert (row.url, row.kind, row.etag) == (f"{HOME}a_2", Kind.PART, None)
    (settled,) = store.settle(run, [page_of("a_2", "Dos.")], now=LATER)
    assert settled.outcome == "changed"
    assert store.article(f"{HOME}a").body_text == "Uno.\n\nDos."
    assert store.summary(run).holds


def test_a_page_that_waits_as_an_article_becomes_a_further_page(store):
    run = begun(store)
    store.schedule(run, links("a_2"), now=NOW)
    store.settle(run, [page_of("a", "One.", "a_2", first=True)], now=NOW)
    (row,) = store.lease(run, now=NOW, limit=9)
    assert (row.kind, row.parent) == (Kind.PART, f"{HOME}a")
    assert store.summary(run).holds


def test_a_further_page_that_moved(store):
    run = begun(store)
    store.settle(run, [page_of("a", "One.", "a_2", first=True)], now=NOW)
    to = f"{HOME}b_2"
    moved = result(f"{HOME}a_2", Kind.PART, State.MOVED, status=301, target=to, links=[Link(to, Kind.PART)])
    store.settle(run, [moved], now=NOW)
    (row,) = store.lease(run, now=NOW, limit=9)
    assert (row.url, row.kind, row.parent) == (to, Kind.PART, f"{HOME}a")
    (settled,) = store.settle(run, [page_of("b_2", "Two.")], now=NOW)
    assert settled.article.body_text == "One.\n\nTwo."


# takedown


def test_what_is_forgotten_is_gone_and_stays_away(store, path):
    run = begun(store)
    secret = "An unmistakable secret"
    store.settle(run, [stored(f"{HOME}a", f"{secret} one"), stored(f"{HOME}b", "Other.")], now=NOW)
    store.settle(run, [stored(f"{HOME}a", f"{secret} two")], now=NOW)
    bad = result(f"{HOME}q", Kind.ARTICLE, State.QUARANTINED, reason="x", body=f"{secret} three".encode())
    store.settle(run, [bad], now=NOW)
    store.settle(run, [page_of("m", f"{secret} four", "m_2", first=True)], now=NOW)
    (path.parent / "news.db.bak-1").write_text(secret)
    for name in ("a", "q", "m"):
        assert store.forget(f"{HOME}{name}", reason="a court's order", now=LATER) > 0
    assert store.article(f"{HOME}a") is None
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert secret.encode() not in left
    store.schedule(run, links("a", "q"), now=LATER, again=True)
    assert [row.url for row in store.lease(run, now=LATER, limit=9)] == []
    again = stored(f"{HOME}a", secret)
    assert [one.state for one in store.settle(run, [again], now=LATER)] == [State.REFUSED]
    same_id = stored(f"{HOME}elsewhere", secret, id=article(f"{HOME}a").id)
    assert store.settle(run, [same_id], now=LATER)[0].reason == "forgotten"
    assert [one.url for one in store.articles()] == [f"{HOME}b"]
    assert store.summary(run).holds
    assert rows(path, "SELECT DISTINCT reason FROM tombstones") == [("a court's order",)]


def test_what_was_never_had_can_be_forbidden(store):
    run = begun(store)
    assert store.forget(f"{HOME}never", reason="asked", now=NOW) == 0
    store.schedule(run, links("never", "a"), now=NOW)
    assert [row.url for row in store.lease(run, now=NOW, limit=9)] == [f"{HOME}a"]
    assert store.summary(run).holds


# files that cannot be used


def test_a_file_that_is_no_database(path):
    path.write_bytes(b"This is a diary, not a database." * 50)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="is no database"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_database_of_something_else(path):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (name)")
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="database of something else"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_folder_and_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StoreUnusable, match="it is a folder"):
        Store.open(tmp_path)
    with pytest.raises(StoreUnusable, match="there is no folder"):
        Store.open(tmp_path / "none" / "news.db")


def test_an_empty_file_becomes_a_database(path):
    path.touch()
    with opened(path) as store:
        assert store.check() == []


UNPRIVILEGED = """
import os, sys
from crawler.store import Store
from crawler.errors import StoreUnusable
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    Store.open(sys.argv[1])
except StoreUnusable as error:
    print(error)
else:
    print("opened")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("there", [True, False])
def test_a_read_only_folder(there):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        if there:
            opened(path).close()
            path.chmod(0o444)
        Path(folder).chmod(0o555)
        try:
            done = subprocess.run(
                [sys.executable, "-c", UNPRIVILEGED, str(path)], capture_output=True, text=True, timeout=60
            )
        finally:
            Path(folder).chmod(0o755)
    assert "cannot be written" in done.stdout or "cannot be read or written" in done.stdout, done.stdout + done.stderr


def test_a_full_disk_loses_nothing(store, path):
    run = begun(store)
    store.settle(run, [stored(f"{HOME}first", "x" * 1000)], now=NOW)
    pages = store._writer.exec_driver_sql("PRAGMA page_count").scalar()
    store._writer.rollback()
    driver = store._writer.connection.driver_connection
    driver.execute(f"PRAGMA max_page_count = {pages + 60}")
    pages_of_text = [stored(f"{HOME}{n}", f"{n}" * 20_000) for n in range(100)]
    with pytest.raises(StoreUnusable, match="the disk is full"):
        all(store.settle(run, [page], now=NOW) for page in pages_of_text)
    done = sum(1 for _ in store.articles()) - 1
    assert done >= 1
    driver.execute("PRAGMA max_page_count = 1000000")
    assert store.check() == []
    assert store.summary(run).count(State.STORED) == 1 + done
    store.settle(run, pages_of_text[done : done + 1], now=NOW)
    assert store.summary(run).count(State.STORED) == 2 + done
    assert store.summary(run).holds


def test_a_database_that_another_process_locks(path, monkeypatch):
    with opened(path) as store:
        run = begun(store)
        store._writer.connection.driver_connection.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnusable, match="locked by another process"):
            store.settle(run, [stored(f"{HOME}a")], now=NOW)
        other.execute("ROLLBACK")
        other.close()
        assert store.settle(run, [stored(f"{HOME}a")], now=NOW)[0].outcome == "new"


def test_durable_means_a_flush_per_commit(path):
    with Store.open(path, durable=True) as store:
        assert store._writer.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        store._writer.rollback()
    with Store.open(path) as store:
        assert store._writer.exec_driver_sql("PRAGMA synchronous").scalar() == 1


# kills

CRAWL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tests.stores import HOME, begun, link, links, opened, read, stored, allow
from crawler.store import Terms
from crawler.items import Kind
store = opened(Path(sys.argv[1]))
now = datetime.now(UTC)
run = store.begin_run("example", command="", now=now, holder=f"elsewhere:{sys.argv[2]}", terms=Terms(delay_s=0))
allow(store, run, at=now)
store.schedule(run, [link("list/0", Kind.LISTING)], now=now)
while rows := store.lease(run, now=now, limit=8):
    results = []
    for row in rows:
        if "/list/" in row.url:
            n = int(row.url.rsplit("/", 1)[1])
            names = [f"{n}-{i}" for i in range(20)]
            results.append(read(row.url, *names, next_page=f"list/{n + 1}" if n < 9 else ""))
        else:
            results.append(stored(row, f"Text of {row.url} " * 50))
    store.settle(run, results, now=now)
    print(*[one.url for one in results if "/list/" not in one.url], flush=True)
store.end_run(run, now=now, requests=0, bytes=0, reason="finished")
print("done", flush=True)
"""


def test_kills_lose_nothing_and_store_nothing_twice(path):
    """200 articles; kills at random moments, until a run ends by itself."""
    chance = random.Random(7)
    acknowledged: list[str] = []
    kills, root = 0, Path(__file__).parent.parent
    for number in range(40):
        child = subprocess.Popen(
            [sys.executable, "-c", CRAWL, str(path), str(number)], stdout=subprocess.PIPE, text=True, cwd=root
        )
        if kills < 8:
            child.stdout.readline()  # type: ignore[union-attr]
            time.sleep(chance.random() * 0.02)
            child.send_signal(signal.SIGKILL)
            kills += 1
        out, _ = child.communicate(timeout=60)
        if path.exists():
            with sqlite3.connect(path) as db:  # what is silent is dead: as if the minute had passed
                db.execute("UPDATE runs SET heartbeat_at = '2020-01-01T00:00:00.000000+00:00' WHERE ended_at IS NULL")
        complete = [line for line in out.splitlines(keepends=True) if line.endswith("\n")]
        acknowledged += "".join(complete).split()
        if acknowledged and acknowledged[-1] == "done":
            break
    assert acknowledged.pop() == "done"
    assert kills == 8
    assert len(acknowledged) == len(set(acknowledged))  # settled once each: nothing was handed out after its commit
    with opened(path) as store:
        assert store.check() == []
        assert sum(1 for _ in store.articles()) == 200
        summary = store.site_summary("example")
        assert summary.holds
        assert (summary.count(State.STORED), summary.count(State.READ)) == (200, 11)


def test_after_a_cut_of_the_log_a_prefix_of_commits_is_there(path, tmp_path):
    """Articles and frontier together: as many articles as rows that say stored."""
    with opened(path) as store:
        driver = store._writer.connection.driver_connection
        driver.execute("PRAGMA wal_autocheckpoint = 0")
        run = begun(store)
        for n in range(30):
            store.settle(run, [stored(f"{HOME}{n}", f"Text {n} " * 30)], now=NOW)
        log = path.with_name("news.db-wal").read_bytes()
        base = path.read_bytes()
    counts = []
    for cut in range(0, len(log) + 1, max(1, len(log) // 25)):
        copy = tmp_path / f"cut{cut}.db"
        copy.write_bytes(base)
        copy.with_name(f"{copy.name}-wal").write_bytes(log[:cut])
        if not rows(copy, "SELECT name FROM sqlite_master"):
            counts.append(0)
            continue
        with opened(copy) as store:
            assert store.check() == []
            counts.append(sum(1 for _ in store.articles()))
            if counts[-1]:
                assert store.site_summary("example").count(State.STORED) == counts[-1]
    assert counts == sorted(counts)
    assert counts[-1] >= 28
    assert len(set(counts)) > 10


def test_a_story_does_not_depend_on_the_order_of_arrival(tmp_path):
    from itertools import permutations

    text, other = "One text of two stories. " * 8, "The text of a twin. " * 8
    pages = [("a", text, "s1"), ("b", text, "s2"), ("c", other, "s2"), ("d", other, "s3")]
    for number, order in enumerate(permutations(pages)):
        with opened(tmp_path / f"{number}.db") as store:
            run = begun(store)
            for name, body, story in order:
                store.settle(run, [stored(f"{HOME}{name}", body, story_id=story)], now=NOW)
            assert {article.story_id for article in store.articles()} == {"s1"}, order


def test_what_the_page_itself_says_of_its_use_is_kept_and_kept_up(store):
    run = begun(store)
    head = "<meta name='robots' content='noarchive'><meta name='TDM-Reservation' content='1'>"
    for markup, headers, said in (
        (head, {"x-robots-tag": "noai"}, {"x-robots-tag": "noai", "robots": "noarchive", "tdm-reservation": "1"}),
        (head, {"tdm-reservation": "0"}, {"robots": "noarchive", "tdm-reservation": "0"}),
        ("", {}, {}),
    ):
        page = stored(f"{HOME}a")
        assert page.page is not None
        page.page = replace(page.page, body=f"<html><head>{markup}</head><p>Text.</html>".encode(), headers=headers)
        (settled,) = store.settle(run, [page], now=NOW)
        assert store.conduct(settled.article_id) == said
