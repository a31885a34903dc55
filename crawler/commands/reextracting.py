"""reextract: what today's code would make of every archived page, shown as text and as a page, and stored on demand."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from crawler.commands.storing import database
from crawler.commands.terminal import console, printable, write_out
from crawler.sites import load_site

OVER: Final = 3  # more articles change than --fail-over allows


def reextract(args: Namespace) -> int:
    """Nothing is stored without --apply. Exit code 3 when more changes than --fail-over allows."""
    from crawler import reextract as work

    out = console()
    site = load_site(args.site) if args.site else None
    with out.status("reading the archive") as status:  # shown on a terminal alone
        options = work.Options(
            db=database(args, must_exist=True),
            archive=args.archive,
            site=args.site,
            site_name=site.name if site else None,
            since=args.since,
            apply=args.apply,
            workers=args.workers,
            progress=lambda done: status.update(f"{done:,} pages read"),
        )
        report = work.run(options, now=datetime.now(UTC))
    write_out(printable(str(report), lines=True))
    if args.diff:
        Path(args.diff).write_text(work.html_page(report), "utf-8")
        out.print(f"all of it: {args.diff}", soft_wrap=True)
    return OVER if args.fail_over is not None and report.exceeds(args.fail_over) else 0
