"""Which database a command works on."""

from argparse import Namespace
from pathlib import Path

from crawler.errors import StoreUnusable

DEFAULT = Path("news.db")


def database(args: Namespace, *, must_exist: bool = False) -> Path:
    """The path that was named, else news.db. Raises StoreUnusable where a reader would make an empty one."""
    path: Path = args.db or DEFAULT
    if must_exist and not path.exists():
        raise StoreUnusable(f"{path}: no such database; name it with --db PATH, or make one: newscrawl demo")
    return path
