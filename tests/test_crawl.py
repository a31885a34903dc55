"""Whole crawls over loopback HTTP: what each kind of answer comes to, and what a run leaves behind."""

import gzip
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.loopback import ROOT, Answer, Crawls, Hit, Web, article, environment, finished, listing, served


@pytest.fixture
def web() -> Iterator[Web]:
    with served(Web()) as web:
        web.pages["/list/0"] = Answer(listing("/art/1", "/art/2", following="/list/1"))
        web.pages["/list/1"] = Answer(listing("/art/3"))
        web.pages["/sport/0"] = Answer(listing("/art/4"))
        for number in range(1, 5):
            web.pages[f"/art/{number}"] = Answer(article(f"Story {number}"))
        yield web


@pytest.fixture
def crawls(web: Web, tmp_path: Path) -> Crawls:
    return Crawls(web, tmp_path)


def test_a_site_is_crawled_once(web: Web, crawls: Crawls) -> None:
    first = crawls.run()
    assert first.code == 0, first.errors
    assert first.states() == {"stored": 4, "read": 4}  # three listings and robots.txt
    assert first.summary["new"] == 4
    assert crawls.titles() == ["Story 1", "Story 2", "Story 3", "Story 4"]
    assert web.paths()[0] == "/robots.txt"
    web.hits.clear()
    second = crawls.run()
    assert second.code == 0
    assert second.summary["new"] == 0
    assert not [path for path in web.paths() if path.startswith("/art/")]


def test_a_category_alone(web: Web, crawls: Crawls) -> None:
    done = crawls.run("-c", "sport")
    assert done.code == 0
    assert crawls.titles() == ["Story 4"]
    assert "/list/0" not in web.paths()


def test_an_unknown_category_names_the_nearest(crawls: Crawls) -> None:
    done = crawls.run("-c", "sports")
    assert done.code == 2
    assert "'sport'" in done.errors


def test_fetch_takes_one_page_and_leaves_the_rest_alone(web: Web, crawls: Crawls) -> None:
    crawls.run("--limit", "1")
    web.hits.clear()
    done = crawls.run(f"{web.url}/art/4", name="fetch")
    assert done.code == 0
    assert "Story 4" in crawls.titles()
    assert web.paths() == ["/art/4"]


def test_fetch_of_a_listing_takes_its_articles(web: Web, crawls: Crawls) -> None:
    done = crawls.run(f"{web.url}/list/0", name="fetch")
    assert done.code == 0
    assert crawls.titles() == ["Story 1", "Story 2"]
    assert "/list/1" not in web.paths()


def test_the_limit_is_never_passed(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path, concurrency=4)
    done = crawls.run("--limit", "2")
    assert done.code == 0
    assert done.summary["new"] == 2
    assert done.summary["leased"] == 0
    again = crawls.run("--limit", "1")
    assert again.summary["new"] == 1
    assert len(crawls.titles()) == 3


def test_since_goes_by_publication(web: Web, crawls: Crawls) -> None:
    web.pages["/art/2"] = Answer(article("Story 2", published="2020-01-01T08:00:00+08:00"))
    assert crawls.run("--since", "2026-01-01").code == 0
    assert crawls.titles() == ["Story 1", "Story 3", "Story 4"]
    assert crawls.states()["/art/2"][0] == "refused"
    crawls.run()
    assert "Story 2" in crawls.titles()


def test_the_output_holds_the_articles_of_the_run(crawls: Crawls, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    crawls.run("-c", "sport", "-o", str(output))
    lines = output.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert '"published_at": "2026-11-01T08:00:00+08:00"' in lines[0]


# redirects


def test_a_redirect_is_moved_and_its_target_a_row(web: Web, crawls: Crawls) -> None:
    web.pages["/art/2"] = Answer(status=301, headers={"Location": "/art/9"})
    web.pages["/art/9"] = Answer(article("Story 9"))
    assert crawls.run().code == 0
    states = crawls.states()
    assert states["/art/2"][0] == "moved"
    assert states["/art/9"][0] == "stored"


def test_a_redirect_to_nowhere_ends_in_a_state(web: Web, crawls: Crawls) -> None:
    where = {
        "itself": ("/art/itself", "failed"),
        "elsewhere": ("http://other.example/art/2", "refused"),
        "file": ("file:///etc/hostname", "failed"),
        "unreadable": ("http://[::1/x", "failed"),
        "nothing": ("", "failed"),
    }
    web.pages["/sport/0"] = Answer(listing(*(f"/art/{name}" for name in where)))
    for name, (location, _) in where.items():
        web.pages[f"/art/{name}"] = Answer(status=302, headers={"Location": location})
    done = crawls.run("-c", "sport")
    states = crawls.states()
    assert {name: states[f"/art/{name}"][0] for name in where} == {name: state for name, (_, state) in where.items()}
    assert done.code == 3
    assert done.summary["waiting"] == done.summary["leased"] == 0


def test_a_loop_of_redirects_ends(web: Web, crawls: Crawls) -> None:
    web.pages["/art/1"] = Answer(status=302, headers={"Location": "/art/2"})
    web.pages["/art/2"] = Answer(status=302, headers={"Location": "/art/1"})
    crawls.run("-c", "news")
    assert [crawls.states()[path][0] for path in ("/art/1", "/art/2")] == ["moved", "moved"]
    assert web.paths().count("/art/1") == 1


def test_a_long_chain_of_redirects_is_cut(web: Web, crawls: Crawls) -> None:
    for number in range(20):
        web.pages[f"/art/hop{number}"] = Answer(status=302, headers={"Location": f"/art/hop{number + 1}"})
    web.pages["/sport/0"] = Answer(listing("/art/hop0"))
    crawls.run("-c", "sport")
    asked = [path for path in web.paths() if path.startswith("/art/hop")]
    assert len(asked) == 11
    assert crawls.states()["/art/hop11"][0] == "refused"


# answers that are no pages


NO_PAGES = {
    "missing": (Answer(status=404), "gone", "404"),
    "removed": (Answer(status=410), "gone", "410"),
    "forbidden": (Answer(status=403), "refused", "403"),
    "broken": (Answer(status=500), "failed", "500"),
    "empty": (Answer(), "failed", "empty answer"),
    "silent": (Answer(raw=b""), "failed", "connection lost"),
    "cut": (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<html>"), "failed", "cut short"),
    "cut-gzip": (
        Answer(gzip.compress(b"<p>x</p>" * 99)[:-9], headers={"Content-Encoding": "gzip"}),
        "failed",
        "compressed body cut short",
    ),
    "wrong-gzip": (
        Answer(gzip.compress(b"<p>x</p>" * 99)[:-8] + bytes(8), headers={"Content-Encoding": "gzip"}),
        "failed",
        "broken compressed body",
    ),
    "image": (Answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9), "refused", "NotHtml"),
    "huge": (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\n<html>"), "refused", "too large"),
    "bomb": (Answer(gzip.compress(b" " * (17 << 20)), headers={"Content-Encoding": "gzip"}), "refused", "too large"),
}


def test_what_is_no_page_ends_in_a_state(web: Web, crawls: Crawls) -> None:
    web.pages["/sport/0"] = Answer(listing(*(f"/art/{name}" for name in NO_PAGES)))
    web.pages |= {f"/art/{name}": answer for name, (answer, _, _) in NO_PAGES.items()}
    done = crawls.run("-c", "sport")
    states = crawls.states()
    assert {name: states[f"/art/{name}"] for name in NO_PAGES} == {
        name: (state, reason) for name, (_, state, reason) in NO_PAGES.items()
    }
    assert crawls.titles() == []
    assert done.code == 3


def test_a_whole_compressed_page_is_read(web: Web, crawls: Crawls) -> None:
    page = article("Story 4").encode()
    web.pages["/art/4"] = Answer(
        gzip.compress(page[:90]) + gzip.compress(page[90:]), headers={"Content-Encoding": "gzip"}
    )
    crawls.run("-c", "sport")
    assert crawls.titles() == ["Story 4"]


def test_a_busy_host_is_left_alone_as_long_as_it_asks(web: Web, crawls: Crawls) -> None:
    def busy_once(hit: Hit) -> Answer:
        first = web.paths().count("/art/4") == 1
        return Answer(status=503, headers={"Retry-After": "3"}) if first else Answer(article("Story 4"))

    web.pages["/art/4"] = busy_once
    assert crawls.run("-c", "sport").code == 0
    first, second = (hit.at for hit in web.hits if hit.path == "/art/4")
    assert second - first >= 3
    assert web.hits[web.hits.index(next(hit for hit in web.hits if hit.path == "/art/4")) + 1].at - first >= 3


def test_a_long_pause_outlives_the_run(web: Web, crawls: Crawls) -> None:
    web.pages["/art/4"] = Answer(status=429, headers={"Retry-After": "3600"})
    done = crawls.run("-c", "sport")
    assert done.seconds < 20
    web.hits.clear()
    crawls.run("-c", "sport")
    assert web.hits == []


def test_unchanged_listings_are_not_sent_again(web: Web, crawls: Crawls) -> None:
    def page(hit: Hit) -> Answer:
        tag = {"ETag": '"one"', "Cache-Control": "no-cache"}
        return (
            Answer(status=304, headers=tag)
            if hit.headers.get("if-none-match") == '"one"'
            else Answer(listing("/art/4"), headers=tag)
        )

    web.pages["/sport/0"] = page
    crawls.run("-c", "sport")
    done = crawls.run("-c", "sport")
    assert done.code == 0
    assert crawls.states()["/sport/0"] == ("unchanged", "304")


# conduct


def test_robots_txt_is_obeyed(web: Web, crawls: Crawls) -> None:
    web.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /art/2\n", headers={"Content-Type": "text/plain"})
    assert crawls.run().code == 0
    assert crawls.states()["/art/2"] == ("refused", "robots")
    assert "/art/2" not in web.paths()
    web.hits.clear()
    crawls.run()
    assert "/robots.txt" not in web.paths()  # kept for a day


def test_without_robots_txt_for_the_moment_nothing_is_asked(web: Web, crawls: Crawls) -> None:
    web.pages["/robots.txt"] = Answer(status=500)
    done = crawls.run()
    assert set(web.paths()) == {"/robots.txt"}
    assert done.code == 3
    assert done.summary["waiting"] == 2


def test_a_robots_txt_that_moved_counts(web: Web, crawls: Crawls) -> None:
    web.pages["/robots.txt"] = Answer(status=301, headers={"Location": "/other.txt"})
    web.pages["/other.txt"] = Answer(
        "User-agent: newscrawl\nDisallow: /list/\n", headers={"Content-Type": "text/plain"}
    )
    crawls.run()
    assert crawls.states()["/list/0"] == ("refused", "robots")
    assert crawls.titles() == ["Story 4"]


def test_pauses_are_kept_and_wake_the_engine(web: Web, tmp_path: Path) -> None:
    web.pages["/list/0"] = Answer(listing(*(f"/art/{number}" for number in range(1, 19))))
    for number in range(1, 19):
        web.pages[f"/art/{number}"] = Answer(article(f"Story {number}"))
    crawls = Crawls(web, tmp_path, delay_s=0.5)
    done = crawls.run("-c", "news")
    assert done.code == 0
    assert len(web.hits) == 20
    times = [hit.at for hit in web.hits]
    assert times[-1] - times[0] < 11  # of the 12 s that all of it may take; the rest is Python's start
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.5


def test_crawl_delay_is_honoured(web: Web, crawls: Crawls) -> None:
    web.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 1\n", headers={"Content-Type": "text/plain"})
    crawls.run("-c", "sport")
    times = [hit.at for hit in web.hits]
    assert len(times) == 3
    assert min(later - earlier for earlier, later in pairwise(times)) >= 1


def test_one_connection_to_a_host(web: Web, tmp_path: Path) -> None:
    asked: list[int] = []

    def slow(hit: Hit) -> Answer:
        asked.append(1)
        together = len(asked)
        time.sleep(0.2)
        asked.pop()
        return Answer(article(f"Story {hit.path} {together}"))

    for number in range(1, 5):
        web.pages[f"/art/{number}"] = slow
    crawls = Crawls(web, tmp_path)
    crawls.run()
    assert [title[-1] for title in crawls.titles()] == ["1"] * 4


def test_nobody_crawls_others_without_a_contact(crawls: Crawls) -> None:
    text = crawls.site.read_text().replace(f"{crawls.web.url}/list/0", "https://news.example/list/0")
    crawls.site.write_text(text)
    done = crawls.run()
    assert done.code not in (0, 3)
    assert "--contact" in done.errors
    done = crawls.run("--contact", "https://crawl.example/", "--delay", "0")
    assert done.code not in (0, 3)
    assert "--delay" in done.errors


def test_connect_to_keeps_the_real_address(web: Web, crawls: Crawls) -> None:
    crawls.site.write_text(crawls.site.read_text().replace(web.url, "https://news.example"))
    done = crawls.run("-c", "sport", "--connect-to", f"news.example:443:127.0.0.1:{web.port}", "--delay", "0")
    assert done.code == 0, done.errors
    assert set(crawls.states()) == {f"https://news.example{path}" for path in ("/robots.txt", "/sport/0", "/art/4")}
    assert {hit.headers["host"] for hit in web.hits} == {"news.example"}


def test_private_addresses_are_refused(web: Web, crawls: Crawls) -> None:
    words = [word for word in crawls.command() if word not in ("--allow-private", "127.0.0.1")]
    done = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert web.hits == []
    assert {state for state, _ in crawls.states().values()} <= {"refused"}
    assert "private address" in done.stdout


# ends


def test_ctrl_c_stores_what_is_in_hand(web: Web, tmp_path: Path) -> None:
    paths = [f"/art/{number}" for number in range(100, 160)]
    web.pages["/list/0"] = Answer(listing(*paths))
    for path in paths:
        web.pages[path] = Answer(article(path))
    crawls = Crawls(web, tmp_path, delay_s=0.1)
    process = crawls.start("-c", "news")
    while len(web.hits) < 10:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    done = finished(process.returncode, output, errors)
    assert done.code == 130
    assert done.summary["leased"] == 0
    assert done.summary["stored"] == len(crawls.titles()) >= 7
    assert done.summary["waiting"] > 0
    web.hits.clear()
    assert crawls.run("-c", "news", "--delay", "0").code == 0
    assert len(crawls.titles()) == 60
    assert len(web.paths()) <= 60 - done.summary["stored"] + 1


def test_a_site_has_one_run_at_a_time(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path, delay_s=1)
    process = crawls.start()
    while not web.hits:
        time.sleep(0.02)
    second = crawls.run()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert second.code not in (0, 3)
    assert str(process.pid) in second.errors


def test_scrapy_lists_and_crawls_the_sites(web: Web, tmp_path: Path) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    names = subprocess.run([*scrapy, "list"], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert "finews" in names.stdout.split()
    web.pages["/category/renminyoudianbao.html"] = Answer("<a href='/renminyoudianbao/2022/01/07/NW1.html'>x</a>")
    out = tmp_path / "out.jsonl"
    words = ["crawl", "finews", "-a", "category=renminyoudianbao", "-O", str(out), "-s", f"DB={tmp_path / 'news.db'}"]
    routed = ["-s", f"CONNECT_TO=::127.0.0.1:{web.port}", "-s", "DELAY_S=0"]
    done = subprocess.run(
        [*scrapy, *words, *routed], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert web.paths()[:2] == ["/robots.txt", "/category/renminyoudianbao.html"]
    assert [json.loads(line) for line in out.read_text().splitlines()] == []
