"""status: how each site stands, what is proved of its listings, and whether it is as it was."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler import health
from crawler.commands.listings import duration, minute, table
from crawler.commands.storing import database
from crawler.commands.terminal import console, json_text, printable, write_out
from crawler.due import Due, bounds, due
from crawler.errors import CrawlerError, UnknownSite
from crawler.health import Break
from crawler.items import State
from crawler.site import Site
from crawler.sites import load_site
from crawler.store import RunRecord, Store, Summary

BROKEN = 5
CRAWLS = ("crawl", "run-due", "scrapy crawl")
RUNS = 5
HISTORY = 5000  # runs that are compared


def status(args: Namespace) -> int:
    """Sites, last runs, states, listings. With --check only whether something broke, 5 when it did."""
    with Store.open(database(args, must_exist=True)) as store:
        names = [site_name(args.site)] if args.site else store.sites()
        if not names:
            raise CrawlerError("the database holds no crawl yet; newscrawl crawl SITE makes one")
        if unknown := set(names) - set(store.sites()):
            known = ", ".join(store.sites())
            raise UnknownSite(f"{unknown.pop()} was never crawled into this database; crawled were: {known}")
        broken = [found for name in names for found in health.breaks(_crawls(store, name))]
        if args.json:
            sites = {} if args.check else {name: _record(store, name) for name in names}
            write_out(json_text({"breaks": [_break(one) for one in broken], "sites": sites}))
        else:
            _print(store, [] if args.check else names, broken, checked=args.check)
    return BROKEN if broken and args.check else 0


def _crawls(store: Store, name: str) -> list[RunRecord]:
    """The runs that went through the site; what fetched a page, replayed or imported is no measure of it."""
    return [run for run in store.runs(name, limit=HISTORY) if run.command in CRAWLS]


def site_name(name_or_path: str) -> str:
    """A site file's own name; a name that no file claims may still be in the database."""
    try:
        return load_site(name_or_path).name
    except UnknownSite:
        return name_or_path


def described(name: str) -> Site:
    """The site's file, or, of a site whose file is not here, what holds for any."""
    try:
        return load_site(name)
    except UnknownSite:
        return Site(name=name, hosts=())


def _print(store: Store, names: Sequence[str], broken: Sequence[Break], *, checked: bool) -> None:
    out = console(sys.stdout)
    for name in names:
        site = described(name)
        _print_site(out, store.site_summary(name), due(store, site, now=datetime.now(UTC)))
        for run in store.runs(name, limit=RUNS):
            out.print(f"  run {run.id}  {_run(run)}", soft_wrap=True)
        if listings := store.coverage(name, bounds=bounds(site)):
            out.print(table(listings, width=out.width))
        out.print()
    for one in broken:
        out.print(f"broken: {printable(str(one))}", style="bold red", soft_wrap=True)
    if checked and not broken:
        out.print("all as usual")


def _print_site(out: Console, summary: Summary, now: Due) -> None:
    states = ", ".join(f"{summary.count(state)} {state}" for state in State if summary.count(state))
    out.print(Text(printable(summary.site), style="bold").append(f"  {states}", style="not bold"), soft_wrap=True)
    if not summary.holds:
        out.print("  the states do not add up to what was scheduled", style="bold red")
    if now.holder is not None:
        out.print(f"  being crawled by {printable(now.holder)}")
    elif now.reasons:
        out.print(f"  due: {', '.join(now.reasons)}")
    elif now.next_at is not None:
        out.print(f"  next due {minute(now.next_at)}")


def _run(run: RunRecord) -> str:
    if run.ended_at is None:
        return f"{minute(run.started_at)}  {printable(run.command)}  not ended"
    took = duration(run.ended_at - run.started_at)
    counts = f"{run.requests} requests, {run.new} new, {run.changed} changed"
    return f"{minute(run.started_at)}  {printable(run.command)}  {took}, {counts}  {printable(run.reason or '')}"


def _record(store: Store, name: str) -> dict[str, Any]:
    site, summary = described(name), store.site_summary(name)
    now = due(store, site, now=datetime.now(UTC))
    return {
        **{state.value: summary.count(state) for state in State},
        "scheduled": summary.scheduled,
        "holds": summary.holds,
        "holder": now.holder,
        "due": list(now.reasons),
        "runs": [_run_record(run) for run in store.runs(name, limit=RUNS)],
        "listings": [listing.as_dict() for listing in store.coverage(name, bounds=bounds(site))],
    }


def _run_record(run: RunRecord) -> dict[str, Any]:
    names = ("id", "command", "reason", "requests", "bytes", "new", "changed", "articles", "body_length")
    times = {name: at and at.isoformat() for name in ("started_at", "ended_at") for at in [getattr(run, name)]}
    return {name: getattr(run, name) for name in names} | times | {"states": dict(run.states)}


def _break(one: Break) -> dict[str, Any]:
    return {
        "site": one.site, "field": one.field, "since": one.since.isoformat(), "usual": round(one.usual, 4),
        "found": round(one.found, 4),
    }  # fmt: skip
