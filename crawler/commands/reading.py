"""sites, show: what there is to crawl, and what was crawled."""

import re
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from crawler.commands.history import changes, print_history
from crawler.commands.storing import database
from crawler.commands.terminal import console, cut, json_text, printable, program, wrapped, write_out
from crawler.errors import CrawlerError, UnknownSite
from crawler.export.record import record
from crawler.items import Article
from crawler.site import Site
from crawler.sites import load_site, site_for, site_names
from crawler.store import Store

LISTED = 20
COLUMNS = 88  # of running text: longer lines are hard to read
_CLOSING_MEDIUM = re.compile(r"[（(][^（）()]{1,20}[）)]\s*$")


def sites(args: Namespace) -> int:
    """Each known site, its hosts and where each category is listed."""
    known = [load_site(name) for name in site_names()]
    if args.json:
        write_out(json_text([_site_record(site) for site in known], indent=2))
        return 0
    out = console(sys.stdout)
    for site in known:
        _print_site(out, site)
    return 0


def _site_record(site: Site) -> dict[str, object]:
    return {
        "name": site.name,
        "hosts": list(site.hosts),
        "language": site.language,
        "timezone": site.timezone,
        "categories": dict(site.categories),
        "entries": list(site.entries),
    }


def _print_site(out: Console, site: Site) -> None:
    hosts = f"  {', '.join(site.hosts)}  {site.timezone}"
    out.print(Text(site.name, style="bold").append(hosts, style="not bold dim"), soft_wrap=True)
    _print_columns(
        out, [(f"  {slug}", site.category_names.get(slug, ""), url) for slug, url in site.categories.items()]
    )
    out.print()


def _print_columns(out: Console, rows: Sequence[tuple[str, ...]]) -> None:
    """Cells below each other, as wide as they are; the last is whole, since it may be there to be copied."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for *cells, last in rows:
        line = "  ".join(set_cell_size(cell, width) for cell, width in zip(cells, widths[:-1], strict=True))
        out.print(f"{line}  {last}", soft_wrap=True)


def show(args: Namespace) -> int:
    """One article to read, or the latest that are stored."""
    out = console(sys.stdout)
    with Store.open(database(args, must_exist=True)) as store:
        if args.article is None:
            _print_latest(out, store)
            return 0
        article = _article(store, args.article)
        versions = store.versions(article.id) if args.history else []
        if args.json:
            told = {"history": [change.as_dict() for change in changes(versions, article)]} if args.history else {}
            write_out(json_text(record(article) | told, indent=2))
            return 0
        _print_article(out, article)
        _print_story(out, store, article)
        _print_conduct(out, store, article)
    if args.history:
        print_history(out, versions, article)
    if args.why:
        _print_why(out, article)
    return 0


def _article(store: Store, id_or_url: str) -> Article:
    found = store.article(id_or_url) or store.article(canonical(id_or_url))
    if found is None:
        raise CrawlerError(f"no stored article has the id or URL {id_or_url}; newscrawl show lists the latest")
    return found


def canonical(url: str) -> str:
    try:
        return site_for(url).canonical(url)
    except CrawlerError:
        return url


def _print_latest(out: Console, store: Store) -> None:
    latest = store.latest(LISTED)
    if not latest:
        raise CrawlerError("the database holds no articles yet; newscrawl demo or newscrawl crawl SITE brings some")
    rows = [(a.id, _when(a.published_at, a), a.site, printable(a.title)) for a in latest]
    if out.is_terminal:
        room = max(out.width - sum(max(cell_len(row[n]) for row in rows) + 2 for n in range(3)), 20)
        rows = [(*row[:3], cut(row[3], room)) for row in rows]
    _print_columns(out, rows)
    sys.stderr.write(f"to read one: {program()} show ID; with --why: where each field was read\n")


def _when(moment: datetime | None, article: Article) -> str:
    """As the site's readers see it."""
    if moment is None:
        return "undated"
    try:
        zone: ZoneInfo | None = ZoneInfo(load_site(article.site).timezone)
    except UnknownSite:  # crawled with a site file of the user's own
        zone = None
    return moment.astimezone(zone or moment.tzinfo).strftime("%Y-%m-%d %H:%M %z")


def _print_article(out: Console, article: Article) -> None:
    for text, style in _head(article):
        _print_wrapped(out, text, style)
    out.print()
    for block in printable(article.body_text, lines=True).split("\n\n"):
        for line in block.split("\n"):
            _print_wrapped(out, line)
        out.print()
    for text in _foot(article):
        _print_wrapped(out, text, "dim")


def _print_wrapped(out: Console, text: str, style: str = "", *, indent: int = 0) -> None:
    lines = wrapped(printable(text), min(out.width, COLUMNS) - indent).split("\n")
    for line in lines:
        out.print(Text(" " * indent + line, style=style), soft_wrap=True)


def _head(article: Article) -> Iterator[tuple[str, str]]:
    yield article.title, "bold"
    if article.subtitle:
        yield article.subtitle, "italic"
    named = [article.source, *article.authors, _when(article.published_at, article), article.category_name]
    yield " · ".join(filter(None, named)), "cyan"
    yield article.url, "dim"
    if article.digest and not _is_repeated(article.digest, article.body_text):
        yield "", ""
        yield article.digest, "italic"


def _is_repeated(digest: str, text: str) -> bool:
    """Whether a text says its digest again, word for word but for the medium at the digest's end: …。（券商中国）"""
    return _CLOSING_MEDIUM.sub("", digest).strip() in text


def _foot(article: Article) -> Iterator[str]:
    for image in article.images:
        yield " ".join(filter(None, ("image:", image.caption or image.alt, image.url)))
    if article.editors:
        yield f"editors: {', '.join(article.editors)}"
    if article.share_url:
        yield f"shared from: {article.share_url}"
    for warning in article.warnings:
        yield f"warning: {warning}"
    yield f"{article.id} · {article.word_count} words"


def _print_story(out: Console, store: Store, article: Article) -> None:
    for twin in store.story(article.story_id) if article.story_id else ():
        if twin.id != article.id:
            _print_wrapped(out, f"same story: {twin.id} {twin.url}", "dim")


def _print_conduct(out: Console, store: Store, article: Article) -> None:
    """What the sender says about the use of it."""
    for name, value in store.conduct(article.id).items():
        _print_wrapped(out, f"{name}: {value}", "yellow")


def _print_why(out: Console, article: Article) -> None:
    """A field: its value, then the rule, the node and the raw string that it was read from."""
    out.print("\nwhere each field was read", style="bold")
    values = record(article)
    values["body"] = article.body_text
    for name, origin in article.provenance.items():
        out.print(Text(printable(name), style="bold cyan"), soft_wrap=True)
        _print_wrapped(out, _short(values.get(name)), indent=2)
        for label, value in (("rule", origin.rule), ("node", origin.node), ("raw", origin.raw)):
            if value:
                _print_wrapped(out, f"{label}  {_short(value)}", "dim", indent=4)
    out.print("\nwhat was taken out of the body", style="bold")
    for line in article.removed:
        to = f" -> {line.field}" if line.field else ""
        out.print(Text(printable(f"{line.step}{to}"), style="bold cyan"), soft_wrap=True)
        _print_wrapped(out, _short(line.text) or "(no text)", "dim", indent=4)


def _short(value: object, most: int = 200) -> str:
    """One line of a value, cut where it is long."""
    text = " ".join(printable(value if isinstance(value, str) else json_text(value)).split())
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
