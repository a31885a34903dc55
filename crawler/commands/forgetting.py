"""forget: an article and every copy of it are erased, and it is not fetched again."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive import folder_for
from crawler.archive.keeping import forget as forget_records
from crawler.commands.reading import canonical
from crawler.commands.storing import database
from crawler.commands.terminal import console
from crawler.store import Run, Store, Terms, holder_name
from crawler.store.index import SavedIndex


def forget(args: Namespace) -> int:
    """Of the database, its copies and the archive. The runs of the site are held meanwhile. Raises SiteHeld."""
    db = database(args, must_exist=True)
    with Store.open(db) as store:
        name = args.article if store.article(args.article) is not None else canonical(args.article)
        held = store.addresses(name)
        runs: list[Run] = []
        try:
            for site in sorted(set(held.values())):
                now, alone = datetime.now(UTC), Terms(alone=True)
                runs.append(store.begin_run(site, command="forget", now=now, holder=holder_name(), terms=alone))
            records = _archived(store, args.archive or folder_for(db), {*held, name})
            store.forget(name, reason=args.reason, now=datetime.now(UTC))
        finally:
            for run in runs:
                store.end_run(run, now=datetime.now(UTC), requests=0, bytes=0, reason="finished")
    addresses = "1 address" if len(held) == 1 else f"{len(held)} addresses"
    what = f"{addresses} and {records} archived records erased" if held else "nothing was held of it"
    console().print(f"{what}; it will not be fetched again")
    return 0


def _archived(store: Store, folder: Path, urls: set[str]) -> int:
    if not folder.is_dir():
        return 0
    with SavedIndex(store) as index:
        return forget_records(folder, index, urls)
