"""export, import: articles out of the database as files, and existing documents into it."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime

from crawler.commands import report
from crawler.commands.storing import database, keep
from crawler.commands.terminal import complain, console
from crawler.errors import CrawlerError
from crawler.export import write
from crawler.importing import Document, read_documents
from crawler.items import Article
from crawler.result import PageResult
from crawler.store import Store


def export(args: Namespace) -> int:
    """Write what the database holds; nothing to write is said, and is no failure."""
    with Store.open(database(args, must_exist=True)) as store:
        articles = _chosen(store, args)
        number = write(
            args.format, articles, args.output, tail=args.tail, one_line=args.one_line, reduce=args.reduce, by=args.by
        )
    console().print(f"{number} articles -> {args.output}", soft_wrap=True)
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
