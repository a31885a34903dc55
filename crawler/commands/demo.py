"""demo: the main job on one's own machine."""

from argparse import Namespace
from contextlib import nullcontext
from pathlib import Path

from crawler.cases import fixtures_root, load_cases
from crawler.commands import report
from crawler.commands.crawling import run_and_tell
from crawler.commands.killing import kill_demo
from crawler.commands.storing import database, how_to_look
from crawler.commands.terminal import console
from crawler.crawl import CrawlOptions
from crawler.demo import Web, serve
from crawler.items import State
from crawler.sites import load_site


def demo(args: Namespace) -> int:
    """Crawl all sites over HTTP, out of saved pages that this process serves under their own host names.

    One of the pages is broken on purpose and ends in quarantine: that is what the demo shows, not a failure of it.
    """
    cases = load_cases(fixtures_root())
    if args.kill:
        return kill_demo(args, cases)
    web, sites = Web(cases), sorted({case.site for case in cases})
    with nullcontext(args.port) if args.port else serve(web) as port:
        if not args.quiet:
            console().print(
                f"{len(web)} saved pages of {len(sites)} sites, one broken on purpose, served on http://127.0.0.1:{port}"
            )
        several = [_options(args, site, database(args), port) for site in sites]
        code, summaries = run_and_tell(args, several, next_step=how_to_look(args))
    only_quarantined = not any(summary.count(State.FAILED) for summary in summaries)
    return report.DONE if code == report.INCOMPLETE and only_quarantined else code


def _options(args: Namespace, site: str, db: Path, port: int) -> CrawlOptions:
    return CrawlOptions(
        site=load_site(site),
        db=db,
        command="demo",
        delay_s=0.01 if args.port else 0.0,  # one that is to be killed takes its time
        connect_to=(f"::127.0.0.1:{port}",),
        log_file=args.log_file,
        log_level="DEBUG" if args.verbose or args.log_file else None,
    )
