"""Traps: listings that lead to ever more listings and bring nothing, as calendars and session links do."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, func, select, update

from crawler.items import State
from crawler.store.frontier import LISTINGS, TRAP, Record, records, save
from crawler.store.schema import urls

FREE = 1  # listings in a row without news that any site may have, as a page of sections that leads to sections
MOST = 30  # further listings beyond those, over all of a site

# `barren` of a listing that is no further page of another: how many listings in a row led to it and brought nothing.
_BARREN = select(func.count()).where(
    urls.c.site == bindparam("site"), urls.c.barren > FREE, urls.c.listing_id.is_(None), urls.c.kind.in_(LISTINGS)
)
_FRUITFUL = update(urls).where(urls.c.id == bindparam("row")).values(barren=0)


def fruitful(db: Connection, row: Record) -> None:
    """A listing brought an article that was not known: whatever led to it, it is no trap."""
    if row.barren and row.listing_id is None:
        row.barren = 0
        db.execute(_FRUITFUL, {"row": row.id})


def bound(db: Connection, row: Record, new: Collection[str]) -> None:
    """A listing without news led to these new listings: refuse those beyond the budget."""
    depth = 1 + (row.barren if row.listing_id is None else 0)
    found = records(db, new)
    left = MOST - db.execute(_BARREN, {"site": row.site}).scalar_one() if depth > FREE else len(found)
    for number, listing in enumerate(found):
        listing.barren = depth
        if number >= left:
            listing.state, listing.reason, listing.barren = State.REFUSED, TRAP, 0
    save(db, found)
