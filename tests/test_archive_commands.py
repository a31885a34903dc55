"""archive prune, reextract, record --from-archive: from the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loopback import ROOT, Answer, Crawls, Web, article, environment, listing, served


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    folder = tmp_path_factory.mktemp("archive")
    with served(Web()) as web:
        web.pages = {"/list/0": Answer(listing("/art/1", "/art/2")), "/sport/0": Answer(listing("/art/1"))}
        web.pages |= {f"/art/{n}": Answer(article(f"Story {n}")) for n in (1, 2)}
        crawls = Crawls(web, folder)
        assert crawls.run().code == 0
    return crawls


def newscrawl(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "crawler", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120)


def test_reextract_prints_and_writes_a_page(crawls: Crawls, tmp_path: Path) -> None:
    page = tmp_path / "diff.html"
    done = newscrawl("reextract", "--db", crawls.db, "--site", crawls.site, "--diff", page, "--fail-over", "0.5%")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 articles read again")
    assert done.stdout.rstrip().endswith("no change")
    assert "no change" in page.read_text("utf-8")


def test_reextract_fails_over_a_limit(crawls: Crawls, tmp_path: Path) -> None:
    other = tmp_path / "little.py"
    other.write_text(
        crawls.site.read_text("utf-8").replace('body="div.body"', 'body="div.body", junk=("p:last-child",)')
    )
    words = ("reextract", "--db", crawls.db, "--site", other)
    shown = newscrawl(*words, "--diff")
    assert shown.returncode == 0
    assert "paragraph removed" in shown.stdout
    assert "    - More of it follows." in shown.stdout
    assert newscrawl(*words, "--fail-over", "50%").returncode == 3
    assert newscrawl(*words, "--fail-over", "100%").returncode == 0


def test_a_case_out_of_the_archive(crawls: Crawls, tmp_path: Path) -> None:
    done = newscrawl("record", "--db", crawls.db, "--from-archive", f"{crawls.web.url}/art/2", "--to", tmp_path)
    assert done.returncode == 0, done.stderr
    (case,) = tmp_path.iterdir()
    assert (case / "page.html").read_text("utf-8") == article("Story 2")
    assert '"category": "news"' in (case / "meta.json").read_text("utf-8")


def test_a_page_that_is_not_in_the_archive(crawls: Crawls, tmp_path: Path) -> None:
    done = newscrawl("record", "--db", crawls.db, "--from-archive", "https://e.example/", "--to", tmp_path)
    assert done.returncode == 2
    assert "has no page of it" in done.stderr
    assert newscrawl("record").returncode == 2


def test_prune(crawls: Crawls) -> None:
    assert newscrawl("archive", "prune", "--db", crawls.db).returncode == 2
    assert newscrawl("archive", "prune", "--db", crawls.db, "--max-size", "lots").returncode == 2
    kept = newscrawl("archive", "prune", "--db", crawls.db, "--max-size", "1G")
    assert kept.stderr.startswith("0 files")
    busy = newscrawl("archive", "prune", "--db", crawls.db, "--max-size", "1K")
    assert "written to a moment ago" in busy.stderr
    for path in crawls.db.with_suffix(".archive").iterdir():
        os.utime(path, (0, 0))
    gone = newscrawl("archive", "prune", "--db", crawls.db, "--max-size", "1K")
    assert gone.stderr.startswith("1 files with 5 records removed")
    assert list(crawls.db.with_suffix(".archive").iterdir()) == []
