"""status, due, run-due, check, forget and show --history, as a person or a timer calls them."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from crawler.cli import main
from crawler.items import Kind
from crawler.store import RunRecord, Store, Terms, holder_name
from crawler.store.schema import runs as run_rows
from tests.loopback import Answer, Crawls, Web, article, finished, listing, served
from tests.stores import link, opened, stored
from tests.test_health import history
from tests.test_walks import page

NOW = datetime.now(UTC)
SITE = "from crawler.site import Site\nSITE = Site(name='example', hosts=('news.example.com',), poll_s=(60, 7200))\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("example.py").write_text(SITE)
    return tmp_path / "news.db"


@pytest.fixture
def web() -> Iterator[Web]:
    with served(Web()) as web:
        yield web


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def poll(store: Store, entries: str, *, at: datetime) -> None:
    run = store.begin_run("example", command="crawl", now=at, holder=holder_name(), terms=Terms(delay_s=0))
    store.schedule(run, [link("world/", Kind.LISTING)], now=at, again=True)
    store.settle(run, [page("world/", entries, "", at=at)], now=at)
    store.settle(run, [stored(f"https://news.example.com/{name}") for name in entries], now=at)
    store.end_run(run, now=at, requests=1, bytes=1, reason="finished")


# health, through the store


def lived(db: Path, runs: list[RunRecord]) -> None:
    """A database in which these runs took place."""
    with opened(db) as store, store._write() as connection:
        for run in runs:
            columns = {name: getattr(run, name) for name in RunRecord.__dataclass_fields__ if name != "id"}
            connection.execute(insert(run_rows).values(columns))


def spoiled(runs: list[RunRecord], change: Callable[[RunRecord], RunRecord]) -> list[RunRecord]:
    since = runs[-1].started_at - timedelta(hours=12)
    return [change(run) if run.started_at > since else run for run in runs]


def test_status_check_is_calm_on_a_quiet_sunday(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = history()
    assert runs[-1].started_at.weekday() == 6
    lived(place, [*runs[:-1], replace(runs[-1], new=0, articles=0, presence={}, body_length=None)])
    assert said(capsys, "status", "--check")[:2] == (0, "all as usual\n")


def test_status_check_names_site_field_and_time_when_authors_vanish(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = history()[:-9]
    broken = spoiled(runs, lambda run: replace(run, presence={**run.presence, "authors": 0.0} if run.new else {}))
    lived(place, broken)
    code, out, _ = said(capsys, "status", "example", "--check")
    assert code == 5
    assert out.startswith("broken: example: authors 0, usually 0.8")
    code, out, _ = said(capsys, "status", "--check", "--json")
    (found,) = json.loads(out)["breaks"]
    assert (code, found["site"], found["field"], found["found"]) == (5, "example", "authors", 0)
    assert datetime.fromisoformat(found["since"]) >= runs[-1].started_at - timedelta(hours=12)


def test_what_was_fetched_by_hand_is_no_break(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = history()[:-12]
    by_hand = [replace(run, command="fetch", new=0, articles=0, presence={}) for run in runs[-40:]]
    lived(place, [*runs, *by_hand])
    assert said(capsys, "status", "--check")[0] == 0


# status and due


def test_status_tells_coverage_gap_and_pace(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = "zyxwvutsrqponmlkjihgfedcba"
    with opened(place) as store:
        for number in range(6):
            poll(store, log[-10 - number :][:6], at=NOW - timedelta(hours=10 - number))
        code, out, _ = said(capsys, "status", "example")
        assert code == 0
        words = next(line for line in out.splitlines() if "proved" in line).split()
        assert words == ["world", "proved", *f"{NOW - timedelta(hours=8):%Y-%m-%d %H:%M}Z".split(), "1", "2.5", "h"]
        poll(store, "zyxw", at=NOW - timedelta(hours=3))
    _, out, _ = said(capsys, "status")
    after, until = (f"{NOW - timedelta(hours=hours):%Y-%m-%d %H:%M}Z" for hours in (5, 3))
    (line,) = (line for line in out.splitlines() if "between" in line)
    assert line.split()[:2] == ["world", "gap"]
    assert line.rstrip().endswith(f"between {after} and {until}")
    told = json.loads(said(capsys, "status", "--json")[1])["sites"]["example"]
    (world,) = told["listings"]
    assert (world["coverage"], world["category"], world["polls"]) == ("gap", "world", 7)
    assert world["gap"]["newest_before"] == "https://news.example.com/o"
    assert world["gap"]["oldest_now"] == "https://news.example.com/w"
    assert (told["holds"], len(told["runs"])) == (True, 5)


def test_due_follows_the_rate_within_the_bounds_of_the_site(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def due() -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(said(capsys, "due", "example.py", "--json")[1])
        return found[0]

    assert (due()["due"], due()["reasons"]) == (True, ["never crawled"])
    with opened(place) as store:
        poll(store, "fedcba", at=NOW - timedelta(hours=1, minutes=40))
        assert due()["reasons"] == ["listings due: 1"]
        poll(store, "gfedcb", at=NOW - timedelta(minutes=40))
        found = due()
        # 2 new an hour at most, a page of 6: half of it in an hour and a half
        assert (found["due"], found["next_at"][:16]) == (False, (NOW + timedelta(minutes=50)).isoformat()[:16])
        poll(store, "nmlkji", at=NOW - timedelta(minutes=30))
        assert due()["listings"][0]["interval_s"] < 3600
        run = store.begin_run("example", command="crawl", now=datetime.now(UTC), holder=holder_name())
        assert (due()["due"], due()["holder"]) == (False, holder_name())
        store.end_run(run, now=NOW, requests=0, bytes=0, reason="finished")
    code, out, _ = said(capsys, "due", "example.py")
    assert code == 0
    assert out.startswith("example  ")


def test_a_database_that_is_not_there_is_not_made(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("due",), ("status",), ("run-due",), ("forget", "x", "--reason", "y")):
        code, _, err = said(capsys, *words)
        assert (code, "no such database" in err) == (1, True)
    assert not place.exists()


def test_polls_at_the_adapted_interval_share_a_third_to_two_thirds(tmp_path: Path) -> None:
    """A listing with 6 new entries an hour, then 30, of 20 on a page."""
    shares: dict[int, list[float]] = {6: [], 30: []}
    rng = random.Random(5)
    at, published, log = NOW - timedelta(days=30), NOW - timedelta(days=30), [f"s{number}" for number in range(40)]
    with opened(tmp_path / "news.db") as store:
        for number in range(40):
            rate = 6 if number < 20 else 30
            while (published := published + timedelta(hours=rng.expovariate(rate))) <= at:
                log.insert(0, f"e{len(log)}")
            run = store.begin_run("example", command="crawl", now=at, holder=holder_name(), terms=Terms(delay_s=0))
            store.schedule(run, [link("world/", Kind.LISTING)], now=at, again=True)
            store.settle(run, [page("world/", log[:20], "", at=at)], now=at)
            store.end_run(run, now=at, requests=1, bytes=1, reason="finished")
            (found,) = store.coverage("example")
            if number % 20 >= 6:
                shares[rate].append(found.overlap / 20)
            assert found.due_at is not None
            at = found.due_at
    for each in shares.values():
        assert 1 / 3 <= sum(each) / len(each) <= 2 / 3
        assert sum(1 / 3 <= share <= 2 / 3 for share in each) >= 0.6 * len(each)  # 10 that come at random vary by 3


# run-due, over HTTP


def near(crawls: Crawls) -> list[str]:
    return ["--db", str(crawls.db), "--allow-private", "127.0.0.1", "--quiet"]


def test_run_due_reads_what_is_due_and_nothing_else(web: Web, tmp_path: Path) -> None:
    web.pages |= {f"/art/{name}": Answer(article(name)) for name in "abcd"}
    web.pages |= {"/list/0": Answer(listing("/art/a", "/art/b")), "/sport/0": Answer(listing("/art/c"))}
    crawls = Crawls(web, tmp_path)
    first = run(crawls, "run-due")
    assert (first.code, crawls.titles()) == (0, ["a", "b", "c"])
    web.hits.clear()
    assert (run(crawls, "run-due").code, web.paths()) == (0, [])
    aged(crawls.db)
    past = datetime.now(UTC) - timedelta(days=1)
    with opened(crawls.db) as store, store._write() as db:
        db.exec_driver_sql(
            "UPDATE walks SET read_at = ? WHERE listing_id IN (SELECT id FROM urls WHERE url LIKE '%/list/0')",
            (past.isoformat(timespec="microseconds"),),
        )
    web.pages["/list/0"] = Answer(listing("/art/d", "/art/a", "/art/b"))
    assert run(crawls, "run-due").code == 0
    assert [path for path in web.paths() if path != "/robots.txt"] == ["/list/0", "/art/d"]


def run(crawls: Crawls, name: str, *words: str) -> Any:
    import subprocess
    import sys

    from tests.loopback import ROOT, environment

    command = [sys.executable, "-m", "crawler", name, str(crawls.site), *near(crawls), *words]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    return finished(done.returncode, done.stdout, done.stderr)


def test_a_held_site_is_an_exit_code_of_its_own(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path)
    with opened(crawls.db) as store:
        store.begin_run("little", command="crawl", now=datetime.now(UTC), holder="elsewhere:7")
        for command in ("crawl", "run-due"):
            done = run(crawls, command)
            assert done.code == 6, done.errors
            assert "little is being crawled by elsewhere:7" in done.errors


# check


def test_check_shows_each_field_and_keeps_nothing(web: Web, tmp_path: Path) -> None:
    web.pages |= {f"/art/{name}": Answer(article(f"Story {name}")) for name in "ab"}
    web.pages["/list/0"] = Answer(listing("/art/a", "/art/b", following="/list/1"))
    crawls = Crawls(web, tmp_path)
    done = checked(crawls)
    assert done.returncode == 0, done.stderr
    assert [path for path in web.paths() if path != "/robots.txt"] == ["/list/0", "/art/a"]
    assert "2 articles, 0 further listings" in done.stdout
    assert f"next page: {web.url}/list/1" in done.stdout
    assert "title          Story a   [h1::text]" in done.stdout
    assert "authors        –" in done.stdout
    assert not crawls.db.exists()
    told = json.loads(checked(crawls, "--json").stdout)
    assert (told["read"], told["pages"][1]["article"]["title"]) == (True, "Story a")


def test_check_of_a_site_that_changed_asks_for_one_article_only(web: Web, tmp_path: Path) -> None:
    web.pages |= {f"/art/{name}": Answer("<html><body><p>Other markup.</p></body></html>") for name in "abc"}
    web.pages["/list/0"] = Answer(listing("/art/a", "/art/b", "/art/c"))
    done = checked(Crawls(web, tmp_path))
    assert done.returncode == 3
    assert "quarantined (FieldMissing: title)" in done.stdout
    assert [path for path in web.paths() if path != "/robots.txt"] == ["/list/0", "/art/a"]


def checked(crawls: Crawls, *words: str) -> Any:
    import subprocess
    import sys

    from tests.loopback import ROOT, environment

    command = [sys.executable, "-m", "crawler", "check", str(crawls.site), "--allow-private", "127.0.0.1", *words]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)


# looking again, versions, forgetting


def test_recheck_keeps_versions_and_ignores_counters(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "First paragraph of this story."
    web.pages |= {"/list/0": Answer(listing("/art/a")), "/art/a": Answer(story(text, views=1))}
    crawls = Crawls(web, tmp_path)
    assert crawls.run("-c", "news").code == 0
    web.pages["/art/a"] = Answer(story(text, views=2))
    aged(crawls.db)
    done = crawls.run("-c", "news", "--recheck", "7d")
    assert (done.summary["changed"], done.states()["unchanged"]) == (0, 1)
    web.pages["/art/a"] = Answer(story(text, "A correction.", views=3))
    assert crawls.run("-c", "news", "--recheck", "7d").summary["changed"] == 0
    aged(crawls.db)
    assert crawls.run("-c", "news", "--recheck", "7d").summary["changed"] == 1
    assert crawls.run("-c", "news").summary["changed"] == 0
    url = f"{web.url}/art/a"
    code, out, _ = said(capsys, "show", url, "--history", "--db", str(crawls.db))
    assert code == 0
    assert "+ A correction." in out
    assert f"  {text}" in out
    (change,) = json.loads(said(capsys, "show", url, "--history", "--json", "--db", str(crawls.db))[1])["history"]
    assert (change["added"], change["removed"], change["title"]) == (["A correction."], [], None)


def aged(db: Path) -> None:
    """All was fetched ten days ago."""
    past = datetime.now(UTC) - timedelta(days=10)
    with opened(db) as store, store._write() as connection:
        connection.exec_driver_sql("UPDATE urls SET settled_at = ?", (past.isoformat(timespec="microseconds"),))


def story(*paragraphs: str, views: int) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    around = f"<aside><a href='/art/x'>Related {views}</a></aside><span class='views'>{views} views</span>"
    return f"<html><body><h1>Story</h1>{around}<div class='body'>{body}</div>{around}</body></html>"


def test_forget_erases_every_copy_and_stops_a_recrawl(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "Takedown-me-4711 is the name of a private person"
    web.pages |= {"/list/0": Answer(listing("/art/a", "/art/b")), "/art/b": Answer(article("b"))}
    web.pages["/art/a"] = Answer(article("a", text=f"{secret}, of whom this tells."))
    crawls = Crawls(web, tmp_path)
    assert crawls.run("-c", "news").code == 0
    assert crawls.titles() == ["a", "b"]
    code, _, err = said(capsys, "forget", f"{web.url}/art/a", "--reason", "asked by mail", "--db", str(crawls.db))
    assert (code, "1 address and 2 archived records erased" in err) == (0, True)
    aged(crawls.db)
    assert crawls.run("-c", "news", "--recheck", "7d").code == 0
    assert crawls.titles() == ["b"]
    assert crawls.states()["/art/a"] == ("refused", "forgotten")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret.encode() in unpacked(path)]
    assert said(capsys, "show", f"{web.url}/art/a", "--db", str(crawls.db))[0] == 2


def unpacked(path: Path) -> bytes:
    import gzip

    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_forget_waits_for_the_run_of_the_site(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(place) as store:
        poll(store, "ab", at=NOW)
        run = store.begin_run("example", command="crawl", now=datetime.now(UTC), holder="elsewhere:7")
        code, _, err = said(capsys, "forget", "https://news.example.com/a", "--reason", "x")
        assert (code, "elsewhere:7" in err) == (6, True)
        with store._write() as db:
            db.execute(update(run_rows).where(run_rows.c.id == run.id).values(ended_at=NOW))
        assert said(capsys, "forget", "https://news.example.com/a", "--reason", "x")[0] == 0
        assert store.article("https://news.example.com/a") is None
