"""The links of one page as rows that are wanted: what each is to the page it stands on."""

from sqlalchemy import Connection

from crawler.items import Kind, Link, State
from crawler.result import PageResult
from crawler.store.frontier import LISTINGS, ROBOTS_HOPS, Record, Wanted, records


def wanted(db: Connection, row: Record, result: PageResult) -> list[Wanted]:
    """Those that become rows whatever they lead to; a listing's pager is left to its walk."""
    if row.state == State.MOVED:
        return [_target(db, row, link) for link in result.links]
    further = [link for link in result.links if not (link.page and row.kind in LISTINGS)]
    others = [Wanted(link, row.category, row) for link in further if link.kind is not Kind.PART]
    return others + _parts(db, row, [link for link in further if link.kind is Kind.PART])


def _parts(db: Connection, row: Record, links: list[Link]) -> list[Wanted]:
    """Further pages of the article. Its first page asks for all of them anew, a further one for what follows it."""
    whose = _first_page(db, row)
    pages = [link for link in links if link.url not in (row.url, whose.url)]
    anew = row.kind != Kind.PART
    start = 1 if anew else row.number + 1
    return [Wanted(link, row.category, whose, anew, number=number) for number, link in enumerate(pages, start)]


def _first_page(db: Connection, row: Record) -> Record:
    if row.kind == Kind.PART and row.parent_id is not None:
        return records(db, [row.parent_id], by_id=True)[0]
    return row


def _target(db: Connection, row: Record, link: Link) -> Wanted:
    """Where a redirect leads takes the place of the row: as a further page, a page of a walk, a robots.txt."""
    again = row.kind == Kind.ROBOTS and row.hops < ROBOTS_HOPS
    parent = _first_page(db, row) if row.kind == Kind.PART else row
    return Wanted(
        link, row.category, parent, again, number=row.number, barren=row.barren,
        walk_id=row.walk_id if row.listing_id is not None else None, listing_id=row.listing_id, hops=row.hops + 1,
    )  # fmt: skip
