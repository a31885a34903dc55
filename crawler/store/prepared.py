"""Statements that are run for every page: compiled once per connection, and then handed to the driver as they are.

SQLAlchemy's own way of executing looks at every value of every row; that cost more than what SQLite does with them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.expression import UpdateBase

_Adapt = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Prepared:
    sql: str
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]  # of a row, in the order of the placeholders
    fixed: Mapping[str, Any]  # what the statement says itself
    adapt: tuple[tuple[int, _Adapt], ...]  # the values that the driver does not take as they are

    def row(self, given: Mapping[str, Any]) -> list[Any]:
        values = list(self.values({**self.fixed, **given} if self.fixed else given))
        for at, adapt in self.adapt:
            values[at] = adapt(values[at])
        return values


def write(db: Connection, statement: UpdateBase, rows: Sequence[Mapping[str, Any]]) -> None:
    """`db.execute(statement, rows)`. All rows have the same names, more than one of them."""
    key = (statement, *rows[0])
    prepared: _Prepared = db.info.get(key) or db.info.setdefault(key, _prepare(db, statement, list(rows[0])))
    db.exec_driver_sql(prepared.sql, [tuple(prepared.row(row)) for row in rows])


def _prepare(db: Connection, statement: UpdateBase, names: list[str]) -> _Prepared:
    compiled: Any = statement.compile(dialect=db.dialect, column_keys=names)
    places: list[str] = compiled.positiontup
    fixed = {name: compiled.params[name] for name in places if name not in names}
    adapts = [compiled.binds[name].type.dialect_impl(db.dialect).bind_processor(db.dialect) for name in places]
    adapt = tuple((at, one) for at, one in enumerate(adapts) if one is not None)
    return _Prepared(str(compiled), itemgetter(*places), fixed, adapt)
