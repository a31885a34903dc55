"""Crawling a site that has no file: a listing's address is enough."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.sites import load_site
from tests.loopback import Answer, Web, served

LISTING = "https://www.example.org/"
STORY = "The harbour authority said on {n} May that berth {n} would reopen before the summer, after two years of work."


@pytest.fixture
def web() -> Iterator[Web]:
    with served(Web()) as web:
        web.pages["/robots.txt"] = Answer("User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})
        days = range(2, 14)
        items = "".join(
            f'<li class="item"><h3><a href="/2026/05/{n:02}/berth-{n}-reopens-after-repairs">'
            f"Berth {n} reopens after repairs</a></h3><p>Of berth {n}.</p><span>2026-05-{n:02} 08:00</span></li>"
            for n in days
        )
        nav = "".join(
            f'<li><a href="/{name}/">{name.title()}</a></li>' for name in ("news", "sport", "about", "contact")
        )
        web.pages["/"] = Answer(f"<html><body><nav><ul>{nav}</ul></nav><main><ul>{items}</ul></main></body></html>")
        for n in days:
            text = "".join(f"<p>{STORY.format(n=n)} Ship {k} is to be the first.</p>" for k in range(6))
            web.pages[f"/2026/05/{n:02}/berth-{n}-reopens-after-repairs"] = Answer(
                f"<html lang=en><head><title>Berth {n} reopens after repairs - Harbour News</title></head><body>"
                f"<nav><ul>{nav}</ul></nav><header><h1>Berth {n} reopens after repairs</h1>"
                f'<time datetime="2026-05-{n:02}T08:00:00+02:00">{n} May 2026</time></header>'
                f"<article>{text}</article></body></html>"
            )
        yield web


def crawl(web: Web, db: Path) -> int:
    place = f"www.example.org:443:127.0.0.1:{web.port}"
    words = ("crawl", "--any", LISTING, "--db", db, "--delay", "0", "--no-archive", "--connect-to", place)
    return subprocess.run([sys.executable, "-m", "crawler", *words], check=False).returncode


def test_a_listing_is_crawled_without_a_site_file(web: Web, tmp_path: Path) -> None:
    assert crawl(web, tmp_path / "news.db") == 0
    rows = sqlite3.connect(tmp_path / "news.db").execute("select url, title, published_at, body_text from articles")
    found = sorted(rows)
    assert [row[1] for row in found] == [f"Berth {n} reopens after repairs" for n in range(2, 14)]
    url, _, published, body = found[0]
    assert url == "https://www.example.org/2026/05/02/berth-2-reopens-after-repairs"
    assert published == "2026-05-02T08:00:00+02:00"
    assert body.count("\n\n") == 5
    assert body.startswith("The harbour authority")


def test_a_second_run_fetches_the_listing_alone(web: Web, tmp_path: Path) -> None:
    crawl(web, tmp_path / "news.db")
    web.hits.clear()
    assert crawl(web, tmp_path / "news.db") == 0
    assert web.paths() == ["/"]


@pytest.mark.parametrize("words", [["crawl", "--any", "finews"], ["crawl", LISTING]])
def test_wrong_use_is_explained(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--db", str(tmp_path / "news.db")]) == 2
    assert "--any" in capsys.readouterr().err


def test_an_undescribed_site_has_the_hosts_of_its_domain() -> None:
    site = load_site("https://finance.example.com.cn/list/")
    assert site.has_host("www.example.com.cn")
    assert not site.has_host("www.other.com.cn")
    assert site.entries == ("https://finance.example.com.cn/list/",)
