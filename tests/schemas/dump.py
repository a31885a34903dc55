"""Write the dump of the newest schema: `python -m tests.schemas.dump`. Once per schema, before its release.

tests/test_migrations.py opens every dump and finds in it what is put in here.
"""

import sqlite3
import tempfile
from datetime import timedelta
from pathlib import Path

from crawler.items import Kind, State
from crawler.store.migrations import newest
from tests.stores import HOME, NOW, article, begun, ended, link, links, opened, read, result, stored

TITLE = "标题 “5G﹢”"


def main() -> None:
    target = Path(__file__).with_name(f"{newest()}.sql")
    if target.exists():
        raise SystemExit(f"{target} is there: a schema that was released is not written again")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        _fill(path)
        with sqlite3.connect(path) as db:
            target.write_text("\n".join(db.iterdump()) + "\n", encoding="utf-8")


def _fill(path: Path) -> None:
    with opened(path) as store:
        run = begun(store)
        store.schedule(run, [link("world/", Kind.LISTING)], now=NOW)
        store.settle(run, [read(f"{HOME}world/", "a", "b", next_page="p2")], now=NOW)
        pages = [stored(f"{HOME}{name}", f"Text of {name}.", title=TITLE) for name in "abc"]
        pages.append(
            result(
                f"{HOME}q", Kind.ARTICLE, State.QUARANTINED, reason="FieldMissing: title", body=b"<p>\xff\x00",
                article=article(f"{HOME}q", title=""),
            )
        )  # fmt: skip
        pages.append(result(f"{HOME}gone", Kind.ARTICLE, State.GONE, reason="404", status=404))
        store.settle(run, pages, now=NOW)
        changed = NOW + timedelta(hours=1)
        store.settle(run, [stored(f"{HOME}{name}", f"New text of {name}.", title=TITLE) for name in "abc"], now=changed)
        store.schedule(run, links("later"), now=changed)
        ended(store, run, at=changed)


if __name__ == "__main__":
    main()
