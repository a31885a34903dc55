"""How long pages are kept, and how they go: the archive and the store in step."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from crawler.archive import folder_for, keeping
from crawler.errors import StoreUnusable
from crawler.store import Store, holder_name
from crawler.store.index import SavedIndex


def prune(
    db: Path, *, archive: Path | None = None, older_than: datetime | None = None, max_bytes: int | None = None
) -> keeping.Pruned:
    """Remove old files of the archive, then the oldest until it is no larger. Raises StoreUnusable."""
    folder = archive or folder_for(db)
    with Store.open(db) as store, SavedIndex(store) as index:
        try:
            return keeping.prune(folder, index, older_than=older_than, max_bytes=max_bytes)
        except OSError as error:
            raise StoreUnusable(f"{folder}: {error.strerror}") from error


def forget(db: Path, id_or_url: str, *, reason: str, now: datetime, archive: Path | None = None) -> int:
    """Take an article out of database and archive, for good; the number of its addresses.

    Raises StoreUnusable, also while its site is being crawled: then nothing was done.
    """
    folder = archive or folder_for(db)
    with Store.open(db) as store, SavedIndex(store) as index, ExitStack() as held:
        rows = index.addresses(id_or_url)
        for site in sorted({site for _, site in rows}):
            run = store.begin_run(site, command="forget", now=now, holder=holder_name(), alone=True)
            held.callback(store.end_run, run, now=now, requests=0, bytes=0, reason="finished")
        if folder.is_dir():
            try:
                keeping.forget(folder, index, {url for url, _ in rows})
            except OSError as error:
                raise StoreUnusable(f"{folder}: {error.strerror}") from error
        return store.forget(id_or_url, reason=reason, now=now)
