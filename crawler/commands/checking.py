"""check: one listing and one article of a site, field by field, for the first minute with it and the day it changes."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler.cases import Case, load_cases
from crawler.commands import report
from crawler.commands.crawling import INTERRUPTED, options_of
from crawler.commands.terminal import console, json_text, printable, write_out
from crawler.crawl import Interrupted, run_crawls
from crawler.export.record import record
from crawler.items import Article, Kind, State
from crawler.path import process
from crawler.result import PageResult
from crawler.site import Site
from crawler.sites import load_site
from crawler.store import Summary

SHOWN = 100  # characters of a value
LINKS = 3  # of the listing
REQUIRED = ("title", "body_text")
# Made by us, or told elsewhere on the screen.
LEFT_OUT = frozenset(
    "provenance removed body_html body_markdown id story_id site url canonical_url content_hash fetched_at"
    " published_raw zone_from".split()
)


def check(args: Namespace) -> int:
    """Fetch, show, and keep nothing; 3 when no article could be read."""
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        options = options_of(args, load_site(args.site), Path(folder, "news.db"))
        site = options.site
        first = args.category or next(iter(site.categories), None)
        options = replace(
            options, command="check", categories=(first,) if first else (),
            limit=1, limit_fetched=True, no_archive=True, record_to=Path(folder, site.name),
        )  # fmt: skip
        try:
            summary = run_crawls([options])[0]
        except Interrupted:
            return INTERRUPTED
        results = _results(site, Path(folder, site.name))
    good = any(result.article is not None and result.state is State.STORED for result in results)
    if args.json:
        write_out(json_text({"site": site.name, "pages": [_record(result) for result in results], "read": good}))
    else:
        _print(console(sys.stdout), results, summary)
    return report.DONE if good else report.INCOMPLETE


def _results(site: Site, folder: Path) -> list[PageResult]:
    """What was fetched, through the whole path, in the order of time; without robots.txt and redirects."""
    cases = load_cases(folder) if folder.is_dir() else []
    pages = [case for case in cases if case.kind is not Kind.ROBOTS and not 300 <= case.page.status < 400]
    return [_result(site, case) for case in sorted(pages, key=lambda case: case.page.fetched_at)]


def _result(site: Site, case: Case) -> PageResult:
    url = site.canonical(case.page.url)
    return process(site, case.page, url=url, kind=case.kind, category=case.category)


def _print(out: Console, results: Sequence[PageResult], summary: Summary) -> None:
    for result in results:
        reason = f" ({printable(result.reason)})" if result.reason else ""
        out.print(Text(f"{result.kind}  {printable(result.url)}", style="bold"), soft_wrap=True)
        out.print(f"  {result.state}{reason}", soft_wrap=True)
        if result.kind in (Kind.ARTICLE, Kind.PART):
            if result.article is not None:
                _print_fields(out, result.article)
        else:
            _print_links(out, result)
        out.print()
    for line in report.reasons([summary]):
        out.print(line, soft_wrap=True)
    if not any(result.kind is Kind.ARTICLE for result in results):
        out.print(
            "no article was fetched: another category (-c) may show some; if none does,"
            " see article_links and article_url of the site",
            soft_wrap=True,
        )


def _print_links(out: Console, result: PageResult) -> None:
    articles = [link for link in result.links if link.kind is Kind.ARTICLE]
    following = next((link.url for link in result.links if link.page), None)
    listings = sum(link.kind not in (Kind.ARTICLE, Kind.PART) and not link.page for link in result.links)
    out.print(f"  {len(articles)} articles, {listings} further listings")
    for link in articles[:LINKS]:
        out.print(f"    {printable(link.url)}  {printable(link.title or '')}", soft_wrap=True)
    out.print(f"  next page: {printable(following) if following else '–'}", soft_wrap=True)


def _print_fields(out: Console, article: Article) -> None:
    """A field: what was found, and by which rule; what is not there is said, and what must be there in red."""
    for name, value, rule in _fields(article):
        found = _short(value)
        style = "" if found else "bold red" if name in REQUIRED else "dim"
        line = Text(f"  {name:<15}", style="cyan").append(found or "–", style=style or "default")
        out.print(line.append(f"   [{printable(rule)}]" if rule else "", style="dim"), soft_wrap=True)


def _fields(article: Article) -> Iterator[tuple[str, Any, str]]:
    for name, value in record(article).items():
        if name not in LEFT_OUT:
            origin = article.provenance.get(name) or article.provenance.get(name.removesuffix("_text"))
            yield name, value, origin.rule if origin is not None else ""


def _short(value: Any) -> str:
    text = " ".join(printable(value if isinstance(value, str) else json_text(value) if value else "").split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text)} characters)"


def _record(result: PageResult) -> dict[str, Any]:
    return {
        "url": result.url, "kind": result.kind.value, "state": result.state.value, "reason": result.reason,
        "articles": [link.url for link in result.links if link.kind is Kind.ARTICLE],
        "next_page": next((link.url for link in result.links if link.page), None),
        "article": record(result.article) if result.article is not None else None,
    }  # fmt: skip
