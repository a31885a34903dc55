"""Articles into files: which format goes into one file, which into a folder."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from crawler.errors import CrawlerError
from crawler.export import atom, csv, jekyll, jsonl, text
from crawler.export.names import Names, key, stem
from crawler.items import Article

FORMATS = ("jsonl", "csv", "jekyll", "text", "atom")
FOLDERS = ("jekyll", "atom")
STDOUT = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What some of the formats leave open."""

    tail: bool = False  # jekyll: footer, share link and back links too
    one_line: bool = False  # text: without paragraphs
    reduce: text.Reduction | None = None  # text: only some characters
    by: atom.By = "site"  # atom: what a feed holds


PLAIN = Options()


def write(format: str, articles: Iterable[Article], path: str | Path, options: Options = PLAIN) -> int:  # noqa: A002
    """Write `articles` to `path` and say how many they were. Raises CrawlerError for a format we do not have.

    jsonl, csv: one file, or `-` for standard output. jekyll: a folder, a post an article. text: a folder with a file an
    article, or one file where `path` ends in `.txt`, is a file or `-`. atom: a folder with its feeds. Files appear
    whole or not at all. In a folder an article has the same name every time, and a post that is not its own is left
    alone.
    """
    path = Path(path)
    if path == STDOUT and format in FOLDERS:
        raise CrawlerError(f"{format} makes several files: name a folder, not -")
    count = _Count(articles)
    as_text = partial(text.document, one_line=options.one_line, reduce=options.reduce)
    match format:
        case "jsonl":
            _one_file(path, (f"{jsonl.line(article)}\n" for article in count))
        case "csv":
            _one_file(path, csv.rows(count))
        case "jekyll":
            _folder(path, count, ".md", partial(jekyll.post, tail=options.tail))
        case "text" if path == STDOUT or path.is_file() or path.suffix.lower() == ".txt":
            _one_file(path, _apart(as_text(article) for article in count))
        case "text":
            _folder(path, count, ".txt", as_text)
        case "atom":
            _feeds(path, count, options.by)
        case _:
            raise CrawlerError(f"no export format named {format}; there are {', '.join(FORMATS)}")
    return count.seen


class _Count:
    """Articles as they come, counted."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles, self.seen = articles, 0

    def __iter__(self) -> Iterator[Article]:
        for article in self._articles:
            self.seen += 1
            yield article


def _apart(documents: Iterable[str]) -> Iterator[str]:
    """Documents of one file: a blank line between them, nothing after the last."""
    before = ""
    for document in documents:
        if before:
            yield "\n" if before.endswith("\n") else "\n\n"
        yield document
        before = document


def _one_file(path: Path, parts: Iterable[str]) -> None:
    if path == STDOUT:
        for part in parts:
            sys.stdout.write(part)
        sys.stdout.flush()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _whole(path) as file:
        file.writelines(parts)


def _folder(folder: Path, articles: Iterable[Article], suffix: str, shape: Callable[[Article], str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = Names()
    for article in articles:
        free = suffix != ".md" or not _holds_another(folder / f"{stem(article)}.md", article)
        with _whole(folder / f"{names.give(article, free=free)}{suffix}") as file:
            file.write(shape(article))


def _holds_another(path: Path, article: Article) -> bool:
    """Whether a post of this name is there that is not this article's: a person's own, or another site's."""
    if not path.exists():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return jekyll.id_line(article) not in file.read(4096)


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """A text file that takes its place when it is complete."""
    part = path.with_name(f".{path.name}.part")
    try:
        # "replace": half a character, which a page's JSON may hold, cannot be written as UTF-8.
        with part.open("w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _feeds(folder: Path, articles: Iterable[Article], by: atom.By) -> None:
    """Entries are collected in a file a feed, since the head of a feed states the newest of them."""
    folder.mkdir(parents=True, exist_ok=True)
    newest: dict[str, datetime] = {}
    parts: dict[str, Path] = {}
    try:
        for article in articles:
            name = atom.group(article, by)
            part = parts.setdefault(name, folder / f".{_feed_name(name)}.part")
            with part.open("a" if name in newest else "w", encoding="utf-8", errors="replace", newline="") as file:
                file.write(atom.entry(article))
            newest[name] = max(newest.get(name, atom.updated(article)), atom.updated(article))
        for name, part in parts.items():
            with _whole(folder / f"{_feed_name(name)}.xml") as file, part.open(encoding="utf-8", newline="") as entries:
                file.write(atom.head(name, newest[name]))
                file.writelines(entries)
                file.write(atom.FOOT)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _feed_name(name: str) -> str:
    """A file name that people can read, with a mark that keeps two feeds apart."""
    safe = re.sub(r"[^A-Za-z0-9\u4e00-\u9fff]+", "-", name).strip("-")[:20]
    return f"{safe}-{key(Article(url=name))[:8]}" if safe != name else safe
