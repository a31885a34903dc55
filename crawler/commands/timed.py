"""due, run-due: what should run now, and running it; for cron, a systemd timer, a CI job."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.commands.crawling import options_of, run
from crawler.commands.listings import minute
from crawler.commands.storing import database, how_to_look
from crawler.commands.terminal import complain, console, json_text, printable, write_out
from crawler.due import Due, due
from crawler.errors import UnknownSite
from crawler.site import Site
from crawler.sites import load_site
from crawler.store import Store

HELD = 6


def print_due(args: Namespace) -> int:
    """Each site: why it is due, or when it will be."""
    found = [answer for _, answer in _found(args)]
    if args.json:
        write_out(json_text([_record(one) for one in found]))
        return 0
    out = console(sys.stdout)
    for one in found:
        out.print(f"{printable(one.site)}  {_said(one)}", soft_wrap=True)
        for listing in one.listings:
            when = minute(listing.due_at) if listing.due_at is not None else ""
            out.print(f"  {printable(listing.category) or '–'}  {printable(listing.url)}  since {when}", soft_wrap=True)
    return 0


def run_due(args: Namespace) -> int:
    """Crawl what is due, and end. A site that another run has is left to it."""
    found = _found(args)
    held = [answer for _, answer in found if answer.holder is not None]
    for answer in held:
        complain(f"{answer.site} is being crawled by {answer.holder}; left to it")
    several = [
        replace(options_of(args, site, database(args)), command="run-due", listings=answer.urls())
        for site, answer in found
        if answer.reasons and answer.holder is None
    ]
    if not several:
        if not held and not args.quiet:
            console().print("nothing is due")
        return HELD if held else 0
    code = run(args, several, next_step=how_to_look(args))
    return code or (HELD if held else 0)


def _found(args: Namespace) -> list[tuple[Site, Due]]:
    """The sites that were named; without names, those that the database has crawled and that have a file here."""
    now = datetime.now(UTC)
    with Store.open(database(args, must_exist=not args.sites)) as store:
        sites = [load_site(name) for name in args.sites] or _crawled(store.sites())
        return [(site, due(store, site, now=now)) for site in sites]


def _crawled(names: Sequence[str]) -> list[Site]:
    sites = []
    for name in names:
        try:
            sites.append(load_site(name))
        except UnknownSite:
            complain(f"{name}: crawled with a site file of your own; name its path to have it looked at")
    return sites


def _said(one: Due) -> str:
    if one.holder is not None:
        return f"being crawled by {printable(one.holder)}"
    if one.reasons:
        return f"due: {', '.join(one.reasons)}"
    return f"next {minute(one.next_at)}" if one.next_at is not None else "nothing to do"


def _record(one: Due) -> dict[str, Any]:
    return {
        "site": one.site, "due": bool(one.reasons) and one.holder is None, "reasons": list(one.reasons),
        "holder": one.holder, "next_at": one.next_at and one.next_at.isoformat(timespec="seconds"),
        "listings": [listing.as_dict() for listing in one.listings],
    }  # fmt: skip
