"""The demo and the commands end to end: real HTTP over loopback, real databases, each command in its own process."""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.cases import Case, fixtures_root, load_cases
from crawler.demo import Web, serve
from crawler.items import Kind, State
from crawler.path import process
from crawler.sites import load_site

CHECKOUT = Path(__file__).parent.parent
CASES = load_cases(fixtures_root())
STATES = [state.value for state in State]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serve(Web(CASES)) as at:
        yield at


def start(cwd: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "LANG": "C.UTF-8", **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "crawler", *words],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def run(cwd: Path, *words: str, **settings: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    process = start(cwd, *words, **settings)
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def here(port: int) -> list[str]:
    return ["--connect-to", f"::127.0.0.1:{port}", "--delay", "0"]


def query(db: Path, sql: str) -> list[Any]:
    with sqlite3.connect(db) as connection:
        return connection.execute(sql).fetchall()


def summary(out: str) -> dict[str, Any]:
    """The last line of standard output, with the law that holds for every summary."""
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    for counts in [told, *told["sites"].values()]:
        assert sum(counts[state] for state in STATES) == counts["scheduled"]
    for site in told["sites"].values():
        for counts in site["categories"].values():
            assert sum(counts[state] for state in STATES) == counts["scheduled"]
            assert counts["new"] + counts["changed"] <= counts["stored"] + counts["part"]
    return told


# The little web


def ask(port: int, host: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host, **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def good_case() -> Case:
    """A page of finews that is an article."""
    for case in CASES:
        if case.site == "finews" and case.kind is Kind.ARTICLE:
            result = process(load_site("finews"), case.page, url=case.page.url, kind=Kind.ARTICLE)
            if result.state is State.STORED:
                return case
    raise AssertionError("fixtures/finews holds no article")


def test_saved_pages_are_served_byte_for_byte_and_revalidated(port: int) -> None:
    case = good_case()
    host, _, path = case.page.url.removeprefix("https://").partition("/")
    path = f"/{path}"
    status, headers, served = ask(port, host, path)
    assert (status, served) == (200, case.page.body)
    assert ask(port, host, path, **{"If-None-Match": f'"x", W/{headers["etag"]}'})[::2] == (304, b"")
    assert ask(port, host, path, **{"If-None-Match": '"x"'})[0] == 200


def test_content_types_are_those_of_the_saved_pages() -> None:
    web = Web(CASES)
    for case in CASES:
        if case.page.status == 200 and "content-type" in case.page.headers:
            assert web.answer(case.page.url).headers["content-type"] == case.page.headers["content-type"]


@pytest.mark.parametrize(
    "host", ["finews.withounder.com", "unknown.example", "", "[::1", "finews.withounder.com:99999"]
)
def test_what_is_not_there_is_404(port: int, host: str) -> None:
    assert ask(port, host, "/no/such/page")[0] == 404


# The demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str, float]:
    """A first run: its folder, standard output and error, seconds."""
    folder = tmp_path_factory.mktemp("demo")
    begun = time.monotonic()
    code, out, err = run(folder, "demo", "--json")
    assert code == 0, err
    return folder, out, err, time.monotonic() - begun


def test_demo_crawls_every_site_and_says_how_to_look(demo: tuple[Path, str, str, float]) -> None:
    folder, out, err, seconds = demo
    told = summary(out)
    assert set(told["sites"]) == {case.site for case in CASES}
    assert all(site["new"] > 2 for site in told["sites"].values())
    assert told["new"] == query(folder / "news.db", "select count(*) from articles")[0][0]
    assert (told["waiting"], told["leased"], told["failed"], told["holds"]) == (0, 0, 0, True)
    assert f"{told['new']} new, 0 known" in err
    assert "show" in err.splitlines()[-1]
    assert seconds < 60


def test_demo_table_has_site_category_states_and_seconds(demo: tuple[Path, str, str, float]) -> None:
    _, out, err, _ = demo
    told = summary(out)
    heading = next(line.split() for line in err.splitlines() if line.startswith("site"))
    assert heading[:3] == ["site", "category", "new"]
    assert heading[-1] == "seconds"
    assert {state for state in STATES if told[state]} <= set(heading)
    total = next(line.split() for line in err.splitlines() if line.startswith("total"))
    assert total[1 + heading[2:].index("stored")] == str(told["stored"])


def test_demo_keeps_the_broken_post_apart(demo: tuple[Path, str, str, float]) -> None:
    folder, out, err, _ = demo
    assert summary(out)["quarantined"] >= 1
    assert "quarantined: FieldMissing" in err
    assert query(folder / "news.db", "select count(*) from articles where title = '' or body_html = ''") == [(0,)]


def test_what_is_in_quarantine_is_listed_and_exported(demo: tuple[Path, str, str, float]) -> None:
    folder, out, _, _ = demo
    code, listed, _ = run(folder, "export", "quarantine", "-o", "-")
    assert (code, len(listed.splitlines())) == (0, summary(out)["quarantined"])
    assert json.loads(listed.splitlines()[0])["reason"].startswith("FieldMissing")
    code, _, err = run(folder, "export", "quarantine", "-o", "broken")
    assert (code, err) == (0, "1 page -> broken\n")
    (page,) = (folder / "broken").rglob("page.html")
    assert page.stat().st_size == query(folder / "news.db", "select length(body) from quarantine")[0][0]
    assert run(folder, "replay", "broken", "--db", "again.db")[0] == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--site", "finew"), "'finews'"), (("-c", "emnew"), "'emnews'"), (("--site", "finews", "-c", "wrld"), "'wrld'")],
)
def test_export_of_what_is_not_there_names_the_nearest(
    demo: tuple[Path, str, str, float], words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(demo[0], "export", "jsonl", *words, "-o", "-")
    assert (code, out, said in err) == (2, "", True), err


def test_second_demo_finds_nothing_new(demo: tuple[Path, str, str, float]) -> None:
    folder, out, _, _ = demo
    first = summary(out)
    code, out, err = run(folder, "demo", "--json")
    second = summary(out)
    assert code == 0
    assert f"\n0 new, {first['new']} known\n" in err
    assert (second["new"], second["changed"], second["scheduled"]) == (0, 0, first["scheduled"])
    assert second["requests"] <= first["read"]


def test_stored_articles_are_those_of_the_cases(demo: tuple[Path, str, str, float]) -> None:
    folder = demo[0]
    stored = dict(query(folder / "news.db", "select canonical_url, title from articles"))
    expected = {}
    for case in CASES:
        article = json.loads((case.folder / "expected.json").read_text(encoding="utf-8"))
        if case.kind is Kind.ARTICLE and isinstance(article, dict) and article.get("title"):
            expected[article["canonical_url"]] = article["title"]
    assert len(stored) > 20
    assert {url: expected.get(url) for url in stored} == stored


# Commands


def test_crawl_of_one_category(port: int, tmp_path: Path) -> None:
    words = ["crawl", "finews", "-c", "renminyoudianbao", "-o", "out.jsonl", "--json", "-q"]
    code, out, err = run(tmp_path, *words, *here(port))
    told = summary(out)
    articles = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (code, err) == (0, "")
    assert told["new"] == len(articles) >= 1
    assert {article["category"] for article in articles} == {"renminyoudianbao"}


def test_limit_counts_stored_articles(port: int, tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, "crawl", "finews", "--limit", "3", "--json", *here(port))
    assert (code, summary(out)["new"]) == (0, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crawl", "finew"], "finews"),
        (["crawl", "finews", "-c", "renminyoudianba"], "renminyoudianbao"),
        (["crawl", "./nothing.py"], "nothing.py"),
        (["crawl", "finews"], "--contact"),
        (["crawl", "finews", "--contact", "a@b.example", "--delay", "0"], "--delay"),
        (
            ["fetch", "https://unknown.example/a.html", "--site", "finews", "--contact", "a@b.example"],
            "unknown.example",
        ),
        (["show", "0123456789abcdef", "--db", "demo.db"], "0123456789abcdef"),
    ],
)
def test_wrong_use_names_the_thing(
    words: list[str], said: str, tmp_path: Path, demo: tuple[Path, str, str, float]
) -> None:
    (tmp_path / "demo.db").write_bytes((demo[0] / "news.db").read_bytes())
    code, out, err = run(tmp_path, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("newscrawl: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [["show"], ["export", "jsonl", "-o", "-"], ["demo"]])
def test_what_is_no_database_is_said(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"this is a text, and a long one at that; " * 100)
    code, _, err = run(tmp_path, *words)
    assert code == 1
    assert "news.db" in err
    assert (tmp_path / "news.db").read_bytes().startswith(b"this is a text")


def test_a_reader_makes_no_database(tmp_path: Path) -> None:
    code, _, err = run(tmp_path, "show")
    assert code == 1
    assert "no such database" in err
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_stores_what_is_in_hand(port: int, tmp_path: Path) -> None:
    slow = ["--connect-to", f"::127.0.0.1:{port}", "--delay", "0.2"]
    process = start(tmp_path, "crawl", "finews", "--json", *slow)
    for _ in range(300):
        time.sleep(0.1)
        if (tmp_path / "news.db").exists() and stored(tmp_path / "news.db"):
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    told = summary(out)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert (told["leased"], told["stored"]) == (0, stored(tmp_path / "news.db"))
    assert told["waiting"] > 0
    _, out, _ = run(tmp_path, "crawl", "finews", "--json", *here(port))
    assert summary(out)["waiting"] == 0
    assert summary(out)["new"] == stored(tmp_path / "news.db") - told["stored"]


def stored(db: Path) -> int:
    try:
        return int(query(db, "select count(*) from articles")[0][0])
    except sqlite3.OperationalError:
        return 0


def test_fetch_prints_without_a_database(port: int, tmp_path: Path) -> None:
    url = good_case().page.url
    code, out, _ = run(tmp_path, "fetch", url, "-o", "-", *here(port))
    assert code == 0
    assert json.loads(out)["url"] == url
    assert list(tmp_path.iterdir()) == []


def test_fetch_stores(port: int, tmp_path: Path) -> None:
    url = good_case().page.url
    code, out, _ = run(tmp_path, "fetch", url, "--json", *here(port))
    assert (code, summary(out)["new"]) == (0, 1)
    assert query(tmp_path / "news.db", "select url from articles") == [(url,)]


def test_extract_reads_a_saved_page_as_the_crawl_does(tmp_path: Path) -> None:
    case = good_case()
    expected = json.loads((case.folder / "expected.json").read_text(encoding="utf-8"))
    code, out, _ = run(tmp_path, "extract", str(case.folder / "page.html"), "--url", case.page.url)
    article = json.loads(out)
    assert code == 0
    assert {name: article[name] for name in ("title", "body_html", "source")} == {
        name: expected.get(name) for name in ("title", "body_html", "source")
    }
    with (case.folder / "page.html").open("rb") as page:
        piped = subprocess.run(
            [sys.executable, "-m", "crawler", "extract", "-", "--url", case.page.url],
            cwd=CHECKOUT, stdin=page, capture_output=True, check=True,
        )  # fmt: skip
    assert json.loads(piped.stdout)["body_html"] == article["body_html"]


def test_extract_of_what_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<p>nothing</p>", encoding="utf-8")
    url = "https://finews.withounder.com/emnews/2022/05/30/202205302396671291.html"
    code, out, err = run(tmp_path, "extract", "empty.html", "--url", url)
    assert (code, out) == (3, "")
    assert "FieldMissing" in err
    assert run(tmp_path, "extract", "missing.html", "--url", url)[0] == 1


def test_replay_gives_what_the_cases_say(tmp_path: Path) -> None:
    folder = fixtures_root() / "finews"
    code, out, err = run(tmp_path, "replay", str(folder), "-o", "out.jsonl", "--json")
    told = summary(out)
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert code == (3 if told["quarantined"] or told["failed"] else 0), err
    assert len(lines) == told["new"] + told["changed"]
    assert told["new"] > 10


def test_record_saves_pages_and_no_articles(port: int, tmp_path: Path) -> None:
    words = ["record", "finews", "-c", "renminyoudianbao", "--limit", "1", *here(port)]
    assert run(tmp_path, *words)[0] == 0
    saved = load_cases(tmp_path / "fixtures" / "finews")
    originals = {case.page.url: case.page.body for case in CASES}
    assert {Kind.ROBOTS, Kind.LISTING, Kind.ARTICLE} <= {case.kind for case in saved}
    for case in saved:
        assert originals.get(case.page.url, case.page.body) == case.page.body
        assert set(case.page.headers) <= {"content-type"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["fixtures"]


def test_show_lists_reads_and_explains(demo: tuple[Path, str, str, float], tmp_path: Path) -> None:
    folder = demo[0]
    identity, url, title, rule = query(
        folder / "news.db",
        "select id, url, title, json_extract(provenance, '$.title.rule') from articles where site = 'finews'"
        " and json_array_length(removed) > 0 limit 1",
    )[0]
    listed = run(folder, "show")[1]
    assert len(listed.splitlines()) == 20
    by_id, by_url = run(folder, "show", identity), run(folder, "show", url)
    assert by_id == by_url
    assert title in by_id[1].replace("\n", "")
    why = run(folder, "show", identity, "--why")[1]
    assert rule in why
    assert "take_" in why
    assert json.loads(run(folder, "show", identity, "--json")[1])["id"] == identity


def test_show_does_not_say_a_digest_twice(demo: tuple[Path, str, str, float]) -> None:
    folder = demo[0]
    found = query(folder / "news.db", "select id, digest, body_text from articles where digest like '%（%'")
    repeated = [(identity, digest, text) for identity, digest, text in found if digest.rpartition("（")[0] in text]
    assert repeated
    for identity, digest, text in repeated[:3]:
        start, shown = digest[:15], "".join(run(folder, "show", identity)[1].split())
        assert shown.count(start) == text.count(start)


def test_sites_are_listed(tmp_path: Path) -> None:
    assert "renminyoudianbao" in run(tmp_path, "sites")[1]
    assert [site["name"] for site in json.loads(run(tmp_path, "sites", "--json")[1])] == sorted({c.site for c in CASES})


def test_export_and_import(demo: tuple[Path, str, str, float], tmp_path: Path) -> None:
    db = str(demo[0] / "news.db")
    assert run(tmp_path, "export", "jekyll", "--site", "finews", "-o", "posts", "--db", db)[0] == 0
    posts = list((tmp_path / "posts").glob("*.md"))
    assert len(posts) == query(Path(db), "select count(*) from articles where site = 'finews'")[0][0]
    assert run(tmp_path, "import", "posts")[0] == 0
    assert stored(tmp_path / "news.db") == len(posts)
    assert run(tmp_path, "import", "nowhere")[0] != 0


# What reaches the terminal


def test_no_control_character_of_a_page_reaches_the_terminal(tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202etxet [red]not markup[/red] :smile:"
    page = f"<section><h1>Title {evil}</h1><p>Body {evil}</p></section>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    url = "https://finews.withounder.com/emnews/2022/05/30/202205302396671291.html"
    case = tmp_path / "cases" / "finews" / "evil"
    case.mkdir(parents=True)
    (case / "page.html").write_text(page, encoding="utf-8")
    meta = {"url": url, "status": 200, "headers": {"Content-Type": "text/html; charset=utf-8"},
            "fetched": "2022-05-30T00:00:00+00:00", "why": "hostile"}  # fmt: skip
    (case / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    run(tmp_path, "replay", "cases")
    shown = [
        run(tmp_path, "extract", "page.html", "--url", url),
        run(tmp_path, "show", FORCE_COLOR="1"),
        run(tmp_path, "show", url, "--why", NO_COLOR="1", FORCE_COLOR="1", TERM="xterm"),
        run(tmp_path, "show", url, "--json"),
        run(tmp_path, "show", "\x1b[31m"),
    ]
    for _, out, err in shown:
        text = out + err
        assert "\x1b]" not in text
        assert "\x1b[2J" not in text
        assert not set("\x07\x9b\u202e") & set(text)
    assert "[red]not markup[/red] :smile:" in shown[2][1].replace("\n", " ")


def test_no_color_is_honoured(demo: tuple[Path, str, str, float]) -> None:
    assert "\x1b[" in run(demo[0], "show", FORCE_COLOR="1", TERM="xterm")[1] + run(demo[0], "sites", FORCE_COLOR="1")[1]
    assert "\x1b[3" not in run(demo[0], "sites", FORCE_COLOR="1", NO_COLOR="1")[1]
