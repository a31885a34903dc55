"""export, import: articles out of the database as files, and existing documents into it."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches

from crawler.commands import report
from crawler.commands.storing import database, keep
from crawler.commands.terminal import complain, console, json_text, write_out
from crawler.errors import CrawlerError, UnknownSite
from crawler.export import STDOUT, Options, write
from crawler.export.quarantine import meta, write_pages
from crawler.importing import Document, read_documents
from crawler.items import Article
from crawler.result import PageResult
from crawler.sites import load_site, site_names
from crawler.store import Store

QUARANTINE = "quarantine"


def export(args: Namespace) -> int:
    """Write what the database holds; nothing to write is said, and is no failure. Raises UnknownSite."""
    with Store.open(database(args, must_exist=True)) as store:
        _must_be_known(store, args)
        if args.format == QUARANTINE:
            return _export_quarantined(store, args)
        articles = _chosen(store, args)
        options = Options(tail=args.tail, one_line=args.one_line, reduce=args.reduce, by=args.by)
        number = write(args.format, articles, args.output, options)
    console().print(f"{number} article{'' if number == 1 else 's'} -> {args.output}", soft_wrap=True)
    return report.DONE


def _must_be_known(store: Store, args: Namespace) -> None:
    """A site or category that was mistyped would be taken for one without articles."""
    if args.site is not None:
        _one_of(args.site, {*store.sites(), *site_names()}, "site")
    if args.category:
        sites = [args.site] if args.site is not None else store.sites()
        there = {group.category for site in sites for group in store.site_summary(site).groups if group.category}
        there |= {slug for site in sites if site in site_names() for slug in load_site(site).categories}
        for category in args.category:
            # A few articles say another category than the listing that showed them.
            if next(store.articles(site=args.site, category=category), None) is None:
                _one_of(category, there, "category")


def _one_of(name: str, names: set[str], what: str) -> None:
    if name not in names:
        near = get_close_matches(name, sorted(names), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnknownSite(f"the database knows no {what} {name!r}{hint}")


def _export_quarantined(store: Store, args: Namespace) -> int:
    """A folder for each page that is no article; on standard output a line for each, without its bytes."""
    if args.category:
        raise CrawlerError("pages in quarantine are chosen by --site and --since; they may be of no category")
    pages = (page for page in store.quarantined(site=args.site) if args.since is None or page.at >= args.since)
    if args.output == STDOUT:
        for page in pages:
            write_out(json_text(meta(page)))
        return report.DONE
    number = write_pages(args.output, pages)
    console().print(f"{number} page{'' if number == 1 else 's'} -> {args.output}", soft_wrap=True)
    return report.DONE


def _chosen(store: Store, args: Namespace) -> Iterator[Article]:
    for category in args.category or [None]:
        yield from store.articles(site=args.site, category=category, since=args.since)


def import_documents(args: Namespace) -> int:
    """Store documents; each that cannot be read is named with its reason."""
    failed: list[Document] = []

    def results() -> Iterator[PageResult]:
        for document in read_documents(args.paths, now=datetime.now(UTC)):
            if document.article is None:
                failed.append(document)
            if document.result is not None:
                yield document.result

    kept = keep(database(args), results(), command="import")
    for document in failed:
        complain(f"{document.path}: {document.reason}")
    if not kept.summaries and not failed:
        raise CrawlerError(f"no documents in {', '.join(map(str, args.paths))}")
    console().print(f"{len(kept.articles)} articles new or changed, {len(failed)} documents not read")
    return report.INCOMPLETE if failed else report.DONE
