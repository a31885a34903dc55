"""From one schema to the next. A new database is made at the newest; an older one goes through every step between.

A migration is never edited after a release, and it uses no table of schema.py: those are of the newest version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from crawler.errors import StoreUnusable
from crawler.store import sqlite
from crawler.store.schema import metadata, schema_version

_WAY_OUT = "name another file with --db, or move this one away"


@dataclass(frozen=True, slots=True)
class Migration:
    """What turns schema `version - 1` into `version`, in one transaction."""

    version: int
    why: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        2,
        "stories that became part of others, so that a twin that comes later finds them; listings at hand",
        (
            "CREATE TABLE stories (name TEXT NOT NULL, story_id TEXT NOT NULL, PRIMARY KEY (name))",
            "CREATE INDEX stories_of_story ON stories (story_id)",
            "CREATE INDEX urls_listings ON urls (site, category, id)"
            " WHERE kind IN ('listing', 'feed', 'sitemap') AND listing_id IS NULL",
        ),
    ),
)


def newest(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    return migrations[-1].version if migrations else 1


def migrate(engine: Engine, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring the database to the newest schema; the version it had (0: it is new).

    Before each step the whole file is copied to `<file>.bak-<version>`. A process that dies in a step leaves the
    database as it was before that step. Raises StoreUnusable for a newer schema and for a database that is not ours.
    """
    found = _created(engine, path, newest(migrations))
    for migration in migrations:
        if found and migration.version > found:
            _apply(engine, path, migration)
    if found:
        _must_be_whole(engine, path)
    return found


def _created(engine: Engine, path: Path, version: int) -> int:
    with engine.connect() as connection, connection.begin():
        found = _version(connection, path)
        if found > version:
            raise StoreUnusable(
                f"{path} has schema {found}, this newscrawl knows {version}: use a newer newscrawl, or another file"
            )
        if found == 0:
            metadata.create_all(connection)
            connection.execute(schema_version.insert().values(version=version))
        return found


def _version(connection: Connection, path: Path) -> int:
    """0 for an empty database."""
    there = sqlite.columns(connection)
    if not there:
        return 0
    if "version" not in there.get("schema_version", ()):
        raise _foreign(path, "it has no table schema_version")
    version = connection.execute(schema_version.select()).scalar()
    if version is None:
        raise StoreUnusable(f"{path} does not say which schema it has: its table schema_version is empty; {_WAY_OUT}")
    if not isinstance(version, int) or version < 1:
        raise _foreign(path, f"its schema_version is {version!r}")
    return version


def _must_be_whole(engine: Engine, path: Path) -> None:
    """Raises StoreUnusable for a database that has the number of our schema without having all of it."""
    with engine.connect() as connection, connection.begin():
        there = sqlite.columns(connection)
    for table in metadata.sorted_tables:
        missing = [column.name for column in table.columns if column.name not in there.get(table.name, ())]
        if missing:
            raise _foreign(path, f"it has no {table.name}.{missing[0]}")


def _foreign(path: Path, why: str) -> StoreUnusable:
    return StoreUnusable(
        f"{path} is a database of something else, or of a newscrawl before its first release: {why}; {_WAY_OUT}"
    )


def _apply(engine: Engine, path: Path, migration: Migration) -> None:
    sqlite.backup(path, path.with_name(f"{path.name}.bak-{migration.version - 1}"))
    with engine.connect() as connection, connection.begin():
        if _version(connection, path) >= migration.version:
            return  # another process was faster
        for statement in migration.statements:
            _change(connection, path, statement)
        connection.execute(schema_version.update().values(version=migration.version))


def _change(connection: Connection, path: Path, statement: str) -> None:
    try:
        connection.exec_driver_sql(statement)
    except DatabaseError as error:
        if sqlite.is_of_schema(error):
            raise _foreign(path, str(error.orig)) from error
        raise
