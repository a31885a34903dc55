"""What only SQLite can do: opening, its settings, its errors, the backup and the integrity check."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from crawler.errors import StoreUnusable

__all__ = [
    "backup", "columns", "engine_for", "insert", "integrity", "is_of_schema", "sync_folder", "usable",
    "wipe_free_pages",
]  # fmt: skip

BUSY_TIMEOUT_S = 10.0
CACHE_KIB = 16 * 1024  # pages held in memory, whatever the size of the database

_COLUMNS = """
SELECT tables.name, columns.name FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""

# `insert` is the dialect's own: it knows on_conflict_do_update and on_conflict_do_nothing, as PostgreSQL's does.


def engine_for(path: Path, *, durable: bool, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine whose transactions take the write lock when they begin, so that none fails half way for it."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": busy_timeout_s})
    synchronous = "FULL" if durable else "NORMAL"

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins too late, and not at all before DDL
        if _is_ours(connection):
            connection.execute("PRAGMA journal_mode = WAL")  # which is written into the file
        for pragma in (
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            "secure_delete = FAST",
            f"cache_size = -{CACHE_KIB}",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))

    return engine


def _is_ours(connection: Any) -> bool:
    """Whether it is empty or has a table that says its version: a file that was named by mistake stays as it is."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return not names or "schema_version" in names


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """Turn what the database file makes impossible into StoreUnusable, said so that a person can act on it."""
    try:
        yield
    except (DBAPIError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        message = _explained(path, cause)
        if message is None:
            raise
        raise StoreUnusable(message) from error


def _explained(path: Path, cause: BaseException | None) -> str | None:
    """None for errors that are a fault of ours."""
    name = getattr(cause, "sqlite_errorname", None) or ""
    if name == "SQLITE_NOTADB":
        return f"{path} is no database: name another file"
    if name.startswith("SQLITE_CORRUPT"):
        return f"{path} is damaged ({cause}); a copy is beside it as {path.name}.bak-N if it was ever migrated"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is locked by another process; nothing was changed, try again when it has ended"
    if name == "SQLITE_FULL":
        return f"the disk is full: {path} could not be written; what was stored before is safe"
    if name.startswith("SQLITE_READONLY"):
        return f"{path} or its folder cannot be written"
    if name.startswith("SQLITE_CANTOPEN"):
        return f"{path} cannot be opened: {_why_not_opened(path)}"
    if name.startswith("SQLITE_IOERR"):
        return f"{path} could not be read or written ({cause}); what was stored before is safe"
    return None


def _why_not_opened(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    if path.is_dir():
        return "it is a folder"
    return "the file or its folder cannot be read or written"


def is_of_schema(error: DBAPIError) -> bool:
    """Whether a statement does not fit the tables that are there."""
    return getattr(error.orig, "sqlite_errorname", None) == "SQLITE_ERROR"


def columns(connection: Connection) -> dict[str, set[str]]:
    """Of each table."""
    found: dict[str, set[str]] = {}
    for table, column in connection.exec_driver_sql(_COLUMNS):
        found.setdefault(table, set()).add(column)
    return found


def backup(path: Path, copy: Path) -> None:
    """A whole copy of the database as `copy`; it appears complete or not at all."""
    partial = copy.with_name(f"{copy.name}.part")
    partial.unlink(missing_ok=True)
    source, target = sqlite3.connect(path), sqlite3.connect(partial)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(copy)
    sync_folder(copy.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in it survive a power cut; Windows cannot open folders and needs not."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def integrity(connection: Connection) -> list[str]:
    """What SQLite finds wrong with the file; empty: nothing."""
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    broken = [f"foreign key: {tuple(row)}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    return [line for line in found if line != "ok"] + broken


def wipe_free_pages(connection: Connection) -> None:
    """Leave no deleted text in the file or its log."""
    driver = connection.connection.driver_connection  # VACUUM runs in no transaction, and SQLAlchemy always begins one
    if driver is not None:
        driver.execute("VACUUM")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
