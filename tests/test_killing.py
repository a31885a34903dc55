"""demo --kill: the ledger, and that it would find what it says it looks for."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.commands.killing import compared
from tests.loopback import ROOT, environment


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The database that two kills left, and what was said of it."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "crawler", "demo", "--kill", "2", "--json", "--db", str(folder / "killed.db")]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=200)
    assert done.returncode in (0, 4), done.stderr
    return folder / "killed.db", json.loads(done.stdout.splitlines()[-1])


def test_two_kills_lose_nothing(crawled: tuple[Path, dict[str, object]]) -> None:
    told = crawled[1]
    assert (told["kills"], told["lost"], told["twice"], told["differences"]) == (2, 0, 0, [])
    assert int(str(told["articles"])) > 50
    assert int(str(told["fetched_again"])) <= 2 * 17


@pytest.mark.parametrize(
    ("damage", "lost", "twice", "differs"),
    [
        ("DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)", 1, 0, 1),
        ("UPDATE articles SET title = 'other' WHERE id = (SELECT min(id) FROM articles)", 0, 0, 1),
        ("UPDATE urls SET state = 'waiting' WHERE id = (SELECT min(id) FROM urls)", 0, 0, 1),
        ("UPDATE urls SET attempts = 7, settled_at = NULL", 0, 0, 0),
    ],
)
def test_damage_is_seen(
    crawled: tuple[Path, dict[str, object]], tmp_path: Path, damage: str, lost: int, twice: int, differs: int
) -> None:
    other = tmp_path / "other.db"
    shutil.copy(crawled[0], other)
    with sqlite3.connect(other) as db:
        db.execute(damage)
    ledger = compared(crawled[0], other, kills=1, fetched_again=0)
    assert (ledger.lost, ledger.twice, len(ledger.differences)) == (lost, twice, differs)
    assert ledger.is_clean == (not lost + twice + differs)


def test_a_database_that_is_there_is_left_alone(crawled: tuple[Path, dict[str, object]]) -> None:
    command = [sys.executable, "-m", "crawler", "demo", "--kill", "1", "--db", str(crawled[0])]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, "is there already" in done.stderr) == (1, True)
