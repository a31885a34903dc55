"""crawl, fetch, record: what goes out to the sites."""

import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.commands import report
from crawler.commands.progress import progress
from crawler.commands.storing import database, how_to_look, result_place
from crawler.commands.terminal import console
from crawler.crawl import CrawlOptions, Interrupted, run_crawls
from crawler.errors import UnknownSite
from crawler.site import Site
from crawler.sites import load_site, site_at
from crawler.store import Summary

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
INTERRUPTED = 130
STDOUT = "-"


def crawl(args: Namespace) -> int:
    """Listings of a site, then their articles."""
    if args.any and not _ADDRESS.match(args.site):
        raise UnknownSite(f"{args.site}: --any takes the address of a listing; a site with a file needs no --any")
    if not args.any and _ADDRESS.match(args.site):
        raise UnknownSite(f"{args.site} is an address; for a site without a file: newscrawl crawl --any {args.site}")
    options = replace(
        options_of(args, load_site(args.site), database(args)),
        categories=tuple(args.category),
        limit=args.limit,
        since=args.since,
        recheck=args.recheck,
        archive=args.archive,
        no_archive=args.no_archive,
        output=_output(args),
    )
    return run(args, [options], next_step=how_to_look(args))


def fetch(args: Namespace) -> int:
    """Single pages, whatever site they are of; with `-o -` and no database named, nothing is kept."""
    wanted: dict[str, tuple[Site, list[str]]] = {}
    for url in args.urls:
        site = load_site(args.site) if args.site else site_at(url)
        wanted.setdefault(site.name, (site, []))[1].append(url)
    with _place(args) as (db, next_step):
        several = [
            replace(
                options_of(args, site, db),
                command="fetch",
                urls=tuple(urls),
                archive=args.archive,
                no_archive=args.no_archive,
                output=_output(args),
            )
            for site, urls in wanted.values()
        ]
        return run(args, several, next_step=next_step)


def record(args: Namespace) -> int:
    """A crawl whose pages are kept as cases and whose articles are not; or a page that the archive has."""
    if args.from_archive:
        from crawler.commands.archiving import record_from_archive

        return record_from_archive(args)
    if not args.site:
        raise UnknownSite("record needs a SITE, or --from-archive ID|URL")
    site = load_site(args.site)
    folder: Path = args.to or Path("fixtures", site.name)
    with TemporaryDirectory(prefix="newscrawl-") as scratch:
        options = replace(
            options_of(args, site, Path(scratch, "news.db")),
            command="record",
            categories=tuple(args.category),
            limit=args.limit,
            no_archive=True,
            record_to=folder,
        )
        code = run(args, [options], next_step="")
    console().print(f"cases are in {folder}; keep those that differ, and name each folder for why", soft_wrap=True)
    return code


@contextmanager
def _place(args: Namespace) -> Iterator[tuple[Path, str]]:
    """Printed articles need no database that was not named."""
    if args.output == STDOUT:
        with result_place(args) as place:
            yield place
    else:
        yield database(args), how_to_look(args)


def _output(args: Namespace) -> Path | None:
    return Path(args.output) if args.output else None


def options_of(args: Namespace, site: Site, db: Path) -> CrawlOptions:
    """What the arguments of every crawl say."""
    return CrawlOptions(
        site=site,
        db=db,
        contact=args.contact,
        delay_s=args.delay,
        connect_to=tuple(args.connect_to),
        allow_private=tuple(args.allow_private),
        log_file=args.log_file,
        log_level="DEBUG" if args.verbose or args.log_file else None,
    )


def run(args: Namespace, several: Sequence[CrawlOptions], *, next_step: str) -> int:
    """Crawl, show how it goes and what came of it; the exit code."""
    return run_and_tell(args, several, next_step=next_step)[0]


def run_and_tell(
    args: Namespace, several: Sequence[CrawlOptions], *, next_step: str
) -> tuple[int, tuple[Summary, ...]]:
    """The same, with the summaries."""
    err = console()
    try:
        with progress(err, quiet=args.quiet or args.verbose) as show:
            summaries = run_crawls([replace(options, progress=show) for options in several])
            if show is not None:  # the end, which the last look may have missed
                for summary in summaries:
                    show(summary)
        code = report.exit_code(summaries)
    except Interrupted as stopped:
        summaries, code = stopped.summaries, INTERRUPTED
        next_step = "stopped; the same command goes on from here"
    report.tell(args, err, summaries, next_step=next_step)
    return code, summaries
