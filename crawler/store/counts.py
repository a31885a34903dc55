"""The counts of a run, and the check that nothing is missing: the states of the rows against the ledger."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, Row, bindparam, func, select, text

from crawler.items import State
from crawler.store import sqlite
from crawler.store.records import Group, Summary
from crawler.store.schema import TROUBLE, articles, ledger, run_groups, runs, urls

_ROWS = select(urls.c.category, urls.c.state, urls.c.reason, func.count()).where(urls.c.site == bindparam("site"))
_ROWS = _ROWS.group_by(urls.c.category, urls.c.state, urls.c.reason)
_SCHEDULED = select(ledger.c.category, ledger.c.scheduled).where(ledger.c.site == bindparam("site"))
_OF_RUN = select(run_groups).where(run_groups.c.run_id == bindparam("run"))
_FAILURES = select(func.count()).select_from(urls).where(urls.c.settled_run_id == bindparam("run"), TROUBLE)
_ARTICLES = select(func.count()).select_from(articles).where(articles.c.site == bindparam("site"))
_SUMS = ("new", "changed", "requests", "bytes", "seconds")
_ADDED = sqlite.insert(run_groups)
_ADD = _ADDED.on_conflict_do_update(
    index_elements=[run_groups.c.run_id, run_groups.c.category],
    set_={name: run_groups.c[name] + _ADDED.excluded[name] for name in _SUMS},
)


class Tally:
    """What one transaction adds to the counts of its run, by category."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(_SUMS, 0))

    def add(self, category: str, name: str, number: float = 1) -> None:
        self._sums[category][name] += number

    def save(self, db: Connection, run_id: int) -> None:
        rows = [{"run_id": run_id, "category": category, **sums} for category, sums in self._sums.items()]
        if rows:
            db.execute(_ADD, rows)


def summary(db: Connection, site: str, run_id: int) -> Summary:
    states: dict[str, dict[State, int]] = defaultdict(lambda: dict.fromkeys(State, 0))
    reasons: dict[str, dict[str, int]] = defaultdict(dict)
    for category, state, reason, number in db.execute(_ROWS, {"site": site}):
        states[category][State(state)] += number
        if reason:
            reasons[category][f"{state}: {reason}"] = number
    scheduled = dict(db.execute(_SCHEDULED, {"site": site}).all())
    of_run = {row.category: row for row in db.execute(_OF_RUN, {"run": run_id})}
    groups = tuple(
        _group(site, category, scheduled.get(category, 0), states[category], reasons[category], of_run.get(category))
        for category in sorted({*states, *scheduled})
        if any(states[category].values()) or scheduled.get(category)
    )
    failures = db.execute(_FAILURES, {"run": run_id}).scalar_one()
    return Summary(site, run_id, groups, failures, articles=db.execute(_ARTICLES, {"site": site}).scalar_one())


def _group(
    site: str, category: str, scheduled: int, states: Mapping[State, int], reasons: Mapping[str, int],
    of_run: "Row[tuple[int, ...]] | None",
) -> Group:  # fmt: skip
    sums = {name: of_run._mapping[name] for name in _SUMS} if of_run is not None else {}
    return Group(site, category, scheduled, dict(states), reasons=dict(reasons), **sums)


def last_run(db: Connection, site: str) -> int:
    return db.execute(select(func.max(runs.c.id)).where(runs.c.site == site)).scalar() or 0


def differences(db: Connection) -> list[str]:
    """Where the ledger and the rows disagree, over all sites."""
    counted = text(
        "SELECT site, category, sum(scheduled), sum(there) FROM ("
        " SELECT site, category, scheduled, 0 AS there FROM ledger"
        " UNION ALL SELECT site, category, 0, count(*) FROM urls GROUP BY site, category"
        ") AS counted GROUP BY site, category HAVING sum(scheduled) <> sum(there)"
    )
    return [f"{site} {category}: {said} scheduled, {there} rows" for site, category, said, there in db.execute(counted)]
