"""A crawl that is replayed from its archive comes to the same articles and states, and asks nobody."""

import io
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.loopback import ROOT, Answer, Crawls, Hit, Web, article, environment, listing, served

# Which run did it, and when that run asked. All else of a row is what the pages say.
OF_THE_RUN = {
    "articles": {"run_id"},
    "urls": {
        "id", "run_id", "settled_run_id", "walk_id", "parent_id", "listing_id", "attempts", "tries", "lost",
        "scheduled_at", "seconds", "bytes", "not_before",
    },
    "versions": {"id", "run_id"},
    "quarantine": {"url_id", "run_id"},
    "ledger": set(),
}  # fmt: skip


def rows(db: Path, table: str) -> list[str]:
    with sqlite3.connect(db) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(f"select * from {table}")]
    for row in found:
        for name in OF_THE_RUN[table]:
            row.pop(name, None)
        if row.get("reason") == "robots":
            del row["settled_at"]  # nobody was asked, so no record tells when
    return sorted(json.dumps(row, default=bytes.hex, ensure_ascii=False, sort_keys=True) for row in found)


def replayed(source: Path, db: Path, site: Path, *, archive: Path | None = None) -> subprocess.CompletedProcess[str]:
    script = (
        "import sys; from pathlib import Path\n"
        "from crawler.replay import Options, run; from crawler.sites import load_site\n"
        "source, db, site, archive = sys.argv[1:]\n"
        "done = run(Options(path=Path(source), db=Path(db), sites=(load_site(site),), "
        "archive=Path(archive) if archive else None))\n"
        "print([summary.new for summary in done.summaries], dict(done.trouble.reasons), dict(done.skipped))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script, str(source), str(db), str(site), str(archive or "")],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def same(crawls: Crawls, tmp_path: Path) -> Path:
    """Replay the crawls of a server that is gone, and compare all that is not of the run."""
    db = tmp_path / "again.db"
    done = replayed(crawls.db, db, crawls.site)
    assert done.returncode == 0, done.stderr
    for table in OF_THE_RUN:
        for one, other in zip(rows(db, table), rows(crawls.db, table), strict=True):
            assert json.loads(one) == json.loads(other), table
    return db


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    web.pages["/list/0"] = Answer(listing("/art/1", "/art/2", "/art/gone", "/art/moved", following="/list/1"))
    web.pages["/list/1"] = Answer(listing("/art/3", "/art/untitled"))
    web.pages["/sport/0"] = Answer(listing("/art/4"))
    web.pages["/art/moved"] = Answer(status=301, headers={"Location": "/art/5"})
    web.pages["/art/untitled"] = Answer("<html><body><div class='body'><p>No title here.</p></div></body></html>")
    for number in range(1, 6):
        web.pages[f"/art/{number}"] = Answer(article(f"Story {number}"), headers={"ETag": f'"{number}"'})
    with served(web):
        yield web


def test_a_crawl_again(web: Web, tmp_path: Path) -> None:
    web.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /art/2\n", headers={"Content-Type": "text/plain"})
    crawls = Crawls(web, tmp_path)
    crawls.run()
    asked = len(web.hits)
    db = same(crawls, tmp_path)
    assert len(web.hits) == asked
    with sqlite3.connect(db) as connection:
        states = dict(connection.execute("select state, count(*) from urls group by 1"))
    assert states == {"stored": 4, "read": 4, "gone": 1, "moved": 1, "refused": 1, "quarantined": 1}


def test_two_runs_again(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path)
    crawls.run()
    web.pages["/list/1"] = Answer(listing("/art/3", "/art/6"))
    web.pages["/art/6"] = Answer(article("Story 6"))
    crawls.run()
    web.pages["/art/1"] = Answer(article("Story 1", text="Corrected: it is longer than it was, by a good deal."))
    web.pages["/art/2"] = Answer(status=304)
    assert crawls.run(f"{web.url}/art/1", f"{web.url}/art/2", name="fetch").code == 0
    db = same(crawls, tmp_path)
    with sqlite3.connect(db) as connection:
        assert connection.execute("select count(*) from versions").fetchone() == (1,)


def test_a_run_that_did_not_come_to_its_end_again(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path)
    crawls.run("--limit", "2")
    assert ("waiting", "") in crawls.states().values()
    same(crawls, tmp_path)
    (tmp_path / "again.db").unlink()
    crawls.run("-c", "news", "--limit", "1")
    crawls.run()
    same(crawls, tmp_path)


def test_failures_again(web: Web, tmp_path: Path) -> None:
    def late(hit: Hit) -> Answer:
        first = web.paths().count("/art/4") == 1
        return Answer(status=503) if first else Answer(article("Story 4"))

    web.pages = {"/sport/0": Answer(listing("/art/4", "/art/silent", "/art/cut")), "/art/4": late}
    web.pages["/art/silent"] = Answer(raw=b"")
    web.pages["/art/cut"] = Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<html>")
    crawls = Crawls(web, tmp_path)
    crawls.run("-c", "sport")
    assert crawls.states()["/art/silent"] == ("failed", "connection lost")
    assert crawls.states()["/art/4"] == ("stored", "")
    same(crawls, tmp_path)


def test_what_may_not_be_kept_is_refused_in_a_replay(web: Web, tmp_path: Path) -> None:
    web.pages["/art/4"] = Answer(article("Story 4"), headers={"X-Robots-Tag": "noarchive"})
    crawls = Crawls(web, tmp_path)
    crawls.run("-c", "sport")
    assert crawls.titles() == ["Story 4"]
    db = tmp_path / "again.db"
    assert replayed(crawls.db, db, crawls.site).returncode == 0
    with sqlite3.connect(db) as connection:
        (row,) = connection.execute("select state, reason from urls where kind = 'article'")
    assert row == ("refused", "noarchive")


def test_a_database_without_an_archive_says_so(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path)
    crawls.run("--no-archive", "-c", "sport")
    assert not (tmp_path / "news.archive").exists()
    done = replayed(crawls.db, tmp_path / "again.db", crawls.site)
    assert done.returncode != 0
    assert "has no archive" in done.stderr


def test_a_lost_file_is_refused_page_by_page(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path)
    crawls.run("-c", "sport")
    for path in (tmp_path / "news.archive").iterdir():
        path.unlink()
    db = tmp_path / "again.db"
    assert replayed(crawls.db, db, crawls.site).returncode == 0
    with sqlite3.connect(db) as connection:
        states = set(connection.execute("select state, reason from urls where kind = 'listing'"))
    assert states == {("refused", "archive cannot be read")}


# files of others -------------------------------------------------------------------------------------------------


UNDESCRIBED = (
    "<html lang=en><head><title>Tram line opens - Elsewhere</title></head><body><main><h1>Tram line opens</h1>"
    + "<p>The first tram left the depot at six in the morning, the city said, and was full by the second stop.</p>" * 6
    + "</main></body></html>"
)


def record(writer: WARCWriter, url: str, body: str, date: str = "2026-10-01T00:00:00Z", status: str = "200 OK") -> None:
    headers = StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.0")
    data = body.encode()
    made = writer.create_warc_record(
        url, "response", payload=io.BytesIO(data), length=len(data), http_headers=headers,
        warc_headers_dict={"WARC-Date": date},
    )  # fmt: skip
    writer.write_record(made)


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_folder_of_warc_files(gzipped: bool, tmp_path: Path) -> None:
    crawls = Crawls(Web(), tmp_path)
    folder = tmp_path / "warcs" / "deep"
    folder.mkdir(parents=True)
    with (folder / f"a.warc{'.gz' if gzipped else ''}").open("wb") as file:
        writer = WARCWriter(file, gzip=gzipped)
        writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "another"}))
        record(writer, "https://news.example/list/0", listing("/art/1", "/art/2"))
        record(writer, "https://news.example/art/1", article("Story 1"))
        record(writer, "https://elsewhere.example/", "<p>of a site that nobody described</p>")
        record(writer, "https://elsewhere.example/2026/10/tram", UNDESCRIBED)
        record(writer, "https://news.example/about", "<p>no article of the site</p>")
        record(writer, "https://[broken/", "<p>at no address</p>")
        file.write(b"\x1f\x8b\x08broken" if gzipped else b"broken")
    with (folder / "b.warc").open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        # Nobody links to it; that it was captured is enough.
        record(writer, "https://news.example/art/9", article("Story 9"))
        first = "https://news.example/art/1"
        same_as = writer.create_revisit_record(
            "https://news.example/art/8", "sha1:XYZ", first, "2026-10-01T00:00:00Z",
            http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0"),
        )  # fmt: skip
        writer.write_record(same_as)
    db = tmp_path / "again.db"
    done = replayed(tmp_path / "warcs", db, crawls.site)
    assert done.returncode == 0, done.stderr
    assert "'broken record': 1" in done.stdout or "'broken gzip': 1" in done.stdout
    assert "'no page of its site': 1" in done.stdout
    assert "'no web address': 1" in done.stdout
    with sqlite3.connect(db) as connection:
        rows = connection.execute("select url, state, reason from urls where host = 'news.example'")
        states = {url[20:]: row for url, *row in rows}
        times = set(connection.execute("select fetched_at from articles"))
        others = dict(connection.execute("select url, state from urls where host = 'elsewhere.example'"))
    assert states == {
        "/robots.txt": ["read", "404"],
        "/list/0": ["read", ""],
        "/art/1": ["stored", ""],
        "/art/2": ["refused", "not archived"],
        "/art/8": ["refused", "not archived"],
        "/art/9": ["stored", ""],
    }
    assert times == {("2026-10-01T00:00:00+00:00",)}
    assert others["https://elsewhere.example/2026/10/tram"] == "stored"
    assert others["https://elsewhere.example/"] in ("read", "refused", "quarantined")


def test_nothing_to_replay(tmp_path: Path) -> None:
    crawls = Crawls(Web(), tmp_path)
    empty = tmp_path / "a.warc.gz"
    empty.write_bytes(b"")
    done = replayed(empty, tmp_path / "again.db", crawls.site)
    assert done.returncode == 0, done.stderr
    assert "'empty file': 1" in done.stdout
