"""archive prune: old files of the archive go. record --from-archive: a case out of a page that was kept."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive import folder_for
from crawler.archive.fetch import Unreadable
from crawler.archive.keeping import prune as prune_files
from crawler.archive.reader import read_at
from crawler.cases import save_case
from crawler.commands.storing import database
from crawler.commands.terminal import console
from crawler.errors import CrawlerError
from crawler.store import Store
from crawler.store.index import SavedIndex


def prune(args: Namespace) -> int:
    """Files go whole, the oldest first; what a later record refers to is kept."""
    if args.older_than is None and args.max_size is None:
        raise CrawlerError("say what may go: --older-than AGE, --max-size SIZE, or both")
    db = database(args, must_exist=True)
    limit = datetime.now(UTC) - args.older_than if args.older_than else None
    with Store.open(db) as store, SavedIndex(store) as index:
        gone = prune_files(args.archive or folder_for(db), index, older_than=limit, max_bytes=args.max_size)
    out = console()
    out.print(f"{len(gone.files)} files with {gone.records} records removed, {gone.bytes / (1 << 20):.1f} MiB freed")
    if gone.carried:
        out.print(f"{gone.carried} records that later ones refer to were kept in new files")
    if gone.in_use:
        out.print(f"{len(gone.in_use)} files were written to a moment ago and stay; stop the crawl, or try again later")
    return 0


def record_from_archive(args: Namespace) -> int:
    """The newest page that the archive has of an address, or of an article, becomes a case."""
    db = database(args, must_exist=True)
    folder = args.archive or folder_for(db)
    with Store.open(db) as store, SavedIndex(store) as index:
        found = index.newest_source(args.from_archive)
        if found is None:
            raise CrawlerError(f"{args.from_archive}: the archive of {db} has no page of it")
        try:
            page = read_at(folder / found.file, found.offset).page(found.url)
        except (Unreadable, OSError) as error:
            raise CrawlerError(f"{folder / found.file}: {error}") from error
    to: Path = args.to or Path("fixtures", found.site)
    case = save_case(
        to, page, kind=found.kind, category=found.category, why=f"from the archive, {page.fetched_at:%Y-%m-%d}"
    )
    console().print(f"{case.folder}; name the folder for why it is kept", soft_wrap=True)
    return 0
