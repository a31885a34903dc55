"""The frontier when things go wrong beside the web: our own code, other people's pipelines, the disk, the database."""

import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crawler.errors import CrawlerError
from crawler.scheduler.engine import Engine
from tests.loopback import ROOT, Answer, Crawls, Web, article, environment, finished, listing, served


@pytest.fixture
def web() -> Iterator[Web]:
    with served(Web()) as web:
        paths = [f"/art/{number:02}" for number in range(30)]
        web.pages["/list/0"] = Answer(listing(*paths))
        for path in paths:
            web.pages[path] = Answer(article(f"Story {path[-2:]}", text=f"What happened at {path}. " * 300))
        yield web


@pytest.mark.parametrize("slot", [None, SimpleNamespace(), SimpleNamespace(nextcall=SimpleNamespace(schedule=print))])
def test_another_engine_inside_scrapy_is_said_aloud(slot: Any) -> None:
    crawler = SimpleNamespace(engine=SimpleNamespace(_slot=slot))
    with pytest.raises(CrawlerError, match="another engine"):
        Engine(cast(Any, crawler))


def test_a_rule_that_breaks_fails_its_page_alone(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path)
    rule = "lambda page: str(1 / (page.css('h1::text').get() != 'Story 07'))"
    crawls.site.write_text(crawls.site.read_text().replace('"h1::text"', rule))
    done = crawls.run("-c", "news")
    assert done.code == 3
    assert crawls.states()["/art/07"] == ("failed", "error: ZeroDivisionError")
    assert done.states() == {"stored": 29, "read": 2, "failed": 1}


OTHERS = """
import sys
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import DropItem
from scrapy.settings import Settings
from crawler.sites import load_site
from crawler.spiders import spider_for


class Drops:
    def process_item(self, item):
        if item.url.endswith("/art/03"):
            raise DropItem("not for us")
        return item


class Raises:
    def process_item(self, item):
        if item.url.endswith("/art/05"):
            raise ValueError("a bug")
        return item


settings = Settings()
settings.setmodule("crawler.settings", priority="project")
settings["ITEM_PIPELINES"].update({Drops: 50, Raises: 850})
settings.setdict({"DB": sys.argv[2], "ALLOW_PRIVATE": ("127.0.0.1",), "LOG_ENABLED": False}, priority="cmdline")
process = AsyncCrawlerProcess(settings)
process.crawl(spider_for(load_site(sys.argv[1])), category="news")
process.start()
"""


def test_what_other_pipelines_drop_or_break_is_settled(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path, concurrency=4)
    command = [sys.executable, "-c", OTHERS, str(crawls.site), str(crawls.db)]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, timeout=60)
    states = crawls.states()
    assert states["/art/03"] == ("failed", "error: DropItem")
    assert states["/art/05"] == ("failed", "error: ValueError")
    assert sum(state == "stored" for state, _ in states.values()) == 28
    assert not {state for state, _ in states.values()} & {"leased", "waiting"}


def test_a_full_disk_loses_nothing_that_was_stored(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path)
    assert crawls.run("-c", "news", "--limit", "3").code == 0
    most = max(file.stat().st_size for file in tmp_path.iterdir()) + 20_000

    def no_larger_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    full = subprocess.run(
        crawls.command("-c", "news"),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=no_larger_files,
    )
    assert full.returncode == 1
    assert "news.db" in full.stderr
    assert "Traceback" not in full.stderr
    with sqlite3.connect(crawls.db) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    before = crawls.titles()
    assert len(before) >= 3
    done = crawls.run("-c", "news")
    assert done.code == 0
    assert set(before) < set(crawls.titles())
    assert len(crawls.titles()) == 30


def test_sigterm_is_as_kind_as_ctrl_c(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path, delay_s=0.1)
    process = crawls.start("-c", "news")
    while len(web.hits) < 8:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    done = finished(process.returncode, output, errors)
    assert done.code == 130
    assert done.summary["leased"] == 0
    assert done.summary["stored"] == len(crawls.titles()) > 0


def test_a_run_that_died_is_taken_up_where_it_was(web: Web, tmp_path: Path) -> None:
    crawls = Crawls(web, tmp_path, delay_s=0.1)
    process = crawls.start("-c", "news")
    while len(web.hits) < 8:
        time.sleep(0.02)
    process.kill()
    process.wait()
    began = time.monotonic()
    done = crawls.run("-c", "news", "--delay", "0")
    assert time.monotonic() - began < 30  # a lease that had to run out would take a minute
    assert done.states() == {"stored": 30, "read": 2}
    assert web.paths().count("/list/0") == 1
    assert len(web.hits) <= 32 + 1
