"""extract, replay: saved pages, no network."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from crawler.cases import Case, load_cases
from crawler.commands import report
from crawler.commands.progress import progress
from crawler.commands.storing import keep, result_place
from crawler.commands.terminal import complain, console, json_text, write_out
from crawler.errors import CrawlerError
from crawler.export import write
from crawler.export.record import record
from crawler.items import Kind, State
from crawler.page import Page
from crawler.path import process
from crawler.replay import Options, is_archive
from crawler.replay import run as run_replay
from crawler.result import PageResult
from crawler.sites import load_site, site_at

STDIN = "-"


def extract(args: Namespace) -> int:
    """Print the article of a saved page as one line of JSON."""
    site = load_site(args.site) if args.site else site_at(args.url)
    url = site.canonical(args.url)
    result = process(site, _page(args.file, args.url), url=url, kind=site.kind_of(url) or Kind.ARTICLE)
    if result.article is None or result.state is State.QUARANTINED:
        complain(f"{args.file}: no article: {result.state} {result.reason}".rstrip())
        return report.INCOMPLETE
    write_out(json_text(record(result.article)))
    return report.DONE


def _page(file: str, url: str) -> Page:
    """The page as fetched when the file was saved: what it says of "today" is meant of that day."""
    if file == STDIN:
        return Page(url=url, body=sys.stdin.buffer.read(), headers={}, fetched_at=datetime.now(UTC))
    path = Path(file)
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Page(url=url, body=path.read_bytes(), headers={}, fetched_at=saved_at)


def replay(args: Namespace) -> int:
    """Saved cases, WARC files or a database with its archive, through the path of a crawl, without network."""
    if not args.path.exists():
        raise CrawlerError(f"{args.path}: there is nothing to replay")
    with result_place(args) as (db, next_step):
        if is_archive(args.path):
            return _replay_archive(args, db, next_step)
        return _replay_cases(args, db, next_step)


def _replay_cases(args: Namespace, db: Path, next_step: str) -> int:
    """What the cases lead to is not fetched, and waits."""
    kept = keep(db, map(_result, load_cases(args.path)), command="replay")
    if args.output:
        write("jsonl", kept.articles, Path(args.output))
    report.tell(args, console(), kept.summaries, next_step=next_step)
    return report.exit_code(kept.summaries)


def _replay_archive(args: Namespace, db: Path, next_step: str) -> int:
    err = console()
    with progress(err, quiet=args.quiet) as show:
        output = Path(args.output) if args.output else None
        options = Options(path=args.path, archive=args.archive, db=db, output=output, progress=show)
        replayed = run_replay(options)
    report.tell(args, err, replayed.summaries, next_step=next_step)
    if replayed.trouble.reasons:
        complain(f"could not be read: {replayed.trouble}")
    if replayed.skipped:
        complain(f"left out: {', '.join(f'{count} x {why}' for why, count in replayed.skipped.most_common())}")
    return report.exit_code(replayed.summaries) or (report.INCOMPLETE if replayed.trouble.reasons else report.DONE)


def _result(case: Case) -> PageResult:
    site = load_site(case.site)
    return process(site, case.page, url=site.canonical(case.page.url), kind=case.kind, category=case.category)
