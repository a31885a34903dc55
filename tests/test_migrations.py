"""Schemas: every earlier one opens and becomes the newest; nothing is lost on the way, wherever the process dies."""

import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.errors import StoreUnusable
from crawler.items import State
from crawler.store import Store, sqlite
from crawler.store.migrations import MIGRATIONS, Migration, migrate, newest
from crawler.store.schema import metadata
from tests.stores import HOME, NOW, begun, links, opened, stored

ROOT = Path(__file__).parent.parent
DUMPS = sorted((ROOT / "tests" / "schemas").glob("*.sql"), key=lambda path: int(path.stem))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def restore(dump: Path, path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.executescript(dump.read_text(encoding="utf-8"))


def shape(path: Path) -> dict[str, object]:
    """Tables with their columns, and indexes; the order of columns may differ."""
    with sqlite3.connect(path) as db:
        names = db.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        tables = {
            name: sorted(row[1:4] + row[5:] for row in db.execute(f"PRAGMA table_info({name})"))
            for type_, name, _ in names
            if type_ == "table"
        }
        return tables | {name: " ".join(sql.split()) for type_, name, sql in names if type_ == "index"}


def version(path: Path) -> int:
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT version FROM schema_version").fetchone()[0])


def test_there_is_a_dump_of_every_schema():
    assert [int(dump.stem) for dump in DUMPS] == list(range(1, newest() + 1))
    assert [migration.version for migration in MIGRATIONS] == list(range(2, newest() + 1))


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_every_earlier_schema_opens_and_keeps_its_rows(dump: Path, path: Path, tmp_path: Path):
    restore(dump, path)
    with opened(path) as store:
        assert store.check() == []
        summary = store.site_summary("example")
        assert summary.holds
        assert {state: summary.count(state) for state in (State.STORED, State.WAITING, State.QUARANTINED)} == {
            State.STORED: 3, State.WAITING: 2, State.QUARANTINED: 1,
        }  # fmt: skip
        assert [one.title for one in store.articles()] == ["标题 “5G﹢”"] * 3
        assert len(store.versions(next(store.articles()).id)) == 1
        assert [one.body for one in store.quarantined()] == [b"<p>\xff\x00"]
        run = begun(store)
        assert store.settle(run, [stored(f"{HOME}new", "New.")], now=NOW)[0].outcome == "new"
    opened(tmp_path / "fresh.db").close()
    assert shape(path) == shape(tmp_path / "fresh.db")
    assert version(path) == newest()


def test_a_newer_schema_is_refused_and_untouched(path: Path):
    opened(path).close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE schema_version SET version = 999")
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match=rf"has schema 999, this newscrawl knows {newest()}: use a newer newscrawl"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_version_table_without_a_version_is_refused(path: Path):
    opened(path).close()
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM schema_version")
    with pytest.raises(StoreUnusable, match="does not say which schema"):
        Store.open(path)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (("ALTER TABLE urls DROP COLUMN barren",), r"it has no urls\.barren"),
        (("DROP TABLE listed",), r"it has no listed\."),
        (("DROP TABLE schema_version",), "it has no table schema_version"),
        (("DROP TABLE schema_version", "CREATE TABLE schema_version (number)"), "it has no table schema_version"),
        (("UPDATE schema_version SET version = 'three'",), "its schema_version is 'three'"),
        (("UPDATE schema_version SET version = 0",), "its schema_version is 0"),
        (("UPDATE schema_version SET version = 1", "DROP TABLE urls"), "no such table: main.urls"),
    ],
)
def test_a_database_that_is_not_quite_ours_is_refused(path: Path, changes: tuple[str, ...], why: str):
    opened(path).close()
    with sqlite3.connect(path) as db:
        for change in changes:
            db.execute(change)
        if "version = 1" in changes[0]:
            db.execute("DROP TABLE stories")
        before = list(db.iterdump())
    with pytest.raises(StoreUnusable, match=rf"news\.db is a database of something else.*{why}.*name another file"):
        Store.open(path)
    with sqlite3.connect(path) as db:
        assert list(db.iterdump()) == before


# the machinery, on migrations of our own

RENAME = Migration(newest() + 1, "one change", ("ALTER TABLE articles ADD COLUMN mood TEXT",))
TWO = Migration(newest() + 2, "two changes", ("CREATE TABLE moods (name TEXT)", "UPDATE articles SET mood = 'calm'"))
BROKEN = Migration(newest() + 2, "fails half way", ("CREATE TABLE moods (name TEXT)", "UPDATE no_such_table SET a = 1"))


def filled(path: Path) -> None:
    with opened(path) as store:
        run = begun(store)
        store.schedule(run, links("a", "b"), now=NOW)
        store.settle(run, [stored(f"{HOME}a")], now=NOW)


def moved(path: Path, *migrations: Migration) -> int:
    engine = sqlite.engine_for(path, durable=False)
    with sqlite.usable(path):
        return migrate(engine, path, (*MIGRATIONS, *migrations))


def test_each_step_makes_a_copy_first(path: Path):
    filled(path)
    assert moved(path, RENAME, TWO) == newest()
    assert version(path) == newest() + 2
    first, second = (path.with_name(f"news.db.bak-{newest() + step}") for step in (0, 1))
    assert (version(first), version(second)) == (newest(), newest() + 1)
    with opened(first) as store:
        assert [one.url for one in store.articles()] == [f"{HOME}a"]
    assert moved(path, RENAME, TWO) == newest() + 2
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT mood FROM articles").fetchall() == [("calm",)]


def test_a_step_that_fails_changes_nothing(path: Path):
    filled(path)
    with pytest.raises(Exception, match="no such table"):
        moved(path, RENAME, BROKEN)
    assert version(path) == newest() + 1
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT name FROM sqlite_master WHERE name = 'moods'").fetchall() == []
    assert moved(path, RENAME, TWO) == newest() + 1


SLOW = """
import sys
from pathlib import Path
from crawler.store import sqlite
from crawler.store.migrations import MIGRATIONS, Migration, migrate, newest
number = newest() + 1
numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT i FROM n"
slow = f"INSERT INTO moods {numbers}"
steps = ("CREATE TABLE moods (name TEXT)", *[slow] * 4, "ALTER TABLE articles ADD COLUMN mood TEXT")
path = Path(sys.argv[1])
engine = sqlite.engine_for(path, durable=False)
print("ready", flush=True)
migrate(engine, path, (*MIGRATIONS, Migration(number, "slow", steps)))
print("done", flush=True)
"""


def test_a_kill_in_the_middle_leaves_what_was_before(path: Path):
    filled(path)
    before = shape(path)
    killed = 0
    for delay_s in (0.0, 0.02, 0.05, 0.1, 0.2, 0.3):
        child = subprocess.Popen([sys.executable, "-c", SLOW, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay_s)
        child.send_signal(signal.SIGKILL)
        said, _ = child.communicate(timeout=60)
        assert "done" not in said
        killed += 1
        assert version(path) == newest()
        assert shape(path) == before
        with opened(path) as store:
            assert store.check() == []
            assert [one.url for one in store.articles()] == [f"{HOME}a"]
    assert killed == 6
    done = subprocess.run([sys.executable, "-c", SLOW, str(path)], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert "done" in done.stdout, done.stderr
    assert version(path) == newest() + 1


def test_a_copy_that_was_not_finished_is_not_taken_for_one(path: Path):
    filled(path)
    copy = path.with_name("news.db.bak-7")
    copy.with_name("news.db.bak-7.part").write_bytes(b"half")
    sqlite.backup(path, copy)
    assert version(copy) == newest()
    assert not copy.with_name("news.db.bak-7.part").exists()


def test_two_processes_open_a_new_database_at_once(path: Path):
    script = "import sys; from crawler.store import Store; Store.open(sys.argv[1]).close(); print('fine')"
    children = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(3)
    ]
    assert [child.communicate(timeout=60)[0].strip() for child in children] == ["fine"] * 3
    with opened(path) as store:
        assert store.check() == []


def test_the_documents_tell_every_table_and_column():
    text = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_0-9]+)`", text)) | set(re.findall(r"^## (.+)$", text, re.M)[0].split(", "))
    headings = {name for line in re.findall(r"^## (.+)$", text, re.M) for name in line.split(", ")}
    for table in metadata.tables.values():
        assert table.name in named | headings, table.name
        missing = [column.name for column in table.columns if column.name not in named]
        assert not missing, f"{table.name}: {missing}"
