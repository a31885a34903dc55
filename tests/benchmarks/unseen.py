"""Sets for `extraction.py` from pages that no rule was made on: the test pages of two other projects.

    python tests/benchmarks/unseen.py FOLDER
    python tests/benchmarks/extraction.py --bench FOLDER --sets newspaper4k gne [--peers PYTHON]

Fetches their source archives from the package index, the very ones by their digests, and writes FOLDER/newspaper4k
(pages with the text they hold, ten languages) and FOLDER/gne (Chinese pages without gold: only footers are counted).
"""

import argparse
import gzip
import io
import json
import re
import tarfile
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin

INDEX = "https://pypi.org/pypi/"
ARCHIVES = {
    "newspaper4k": ("0.9.6", "a3f2f0e017dddb6f1019ee77aaa8980e13e6ecea0b949abc7167aae4770d2d0e"),
    "gne": ("0.4.3", "26ed77fc2b96d5e9dd28b288ebfdeaf6bf7f034a92b8f75067c64eefffd0b4a9"),
}
_CANONICAL = re.compile(
    rb"""(?:rel=["']canonical["'][^>]*href|property=["']og:url["'][^>]*content)=["'](https?:[^"']+)"""
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for name, golds in (("newspaper4k", _newspaper4k), ("gne", _gne)):
        _write(folder / name, golds(_files(name)))


def _files(name: str) -> dict[PurePosixPath, bytes]:
    """The files of a source archive by their paths below its root. Raises SystemExit for another archive."""
    version, digest = ARCHIVES[name]
    with urllib.request.urlopen(f"{INDEX}{name}/json", timeout=60) as answer:
        urls = json.load(answer)["releases"][version]
    address = urljoin(f"https://pypi.org/simple/{name}/", next(u["url"] for u in urls if u["packagetype"] == "sdist"))
    with urllib.request.urlopen(address, timeout=300) as answer:
        packed = answer.read()
    if sha256(packed).hexdigest() != digest:
        raise SystemExit(f"{address}: not the archive that the figures are of")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = [member for member in archive if member.isfile()]
        return {PurePosixPath(*PurePosixPath(m.name).parts[1:]): archive.extractfile(m).read() for m in members}  # type: ignore[union-attr]


def _newspaper4k(files: dict[PurePosixPath, bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    data = PurePosixPath("tests/data")
    for path in sorted(files):
        page = files.get(data / "html" / f"{path.stem}.html")
        if path.parent == data / "txt" and page is not None:
            about = json.loads(files.get(data / "metadata" / f"{path.stem}.json", b"{}"))
            url = str(about.get("url") or "")
            yield _gold(path.stem, url if url.startswith("http") else "", body=files[path].decode()), page


def _gne(files: dict[PurePosixPath, bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    for path in sorted(files):
        if path.match("tests/*/*.html"):
            stated = _CANONICAL.search(files[path])
            url = stated[1].decode() if stated else f"https://www.{path.parent.name}.com/"
            yield _gold(f"{path.parent.name}-{path.stem}", url, language="zh"), files[path]


def _gold(name: str, url: str, *, body: str | None = None, language: str | None = None) -> dict[str, Any]:
    known = {"id": name, "file": f"{name}.html.gz", "url": url, "language": language, "body": body}
    return known | {"title": None, "published": None, "authors": None}


def _write(folder: Path, pages: Iterator[tuple[dict[str, Any], bytes]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "gold.jsonl").open("w", encoding="utf-8") as golds:
        for gold, page in pages:
            (folder / gold["file"]).write_bytes(gzip.compress(page))
            golds.write(json.dumps(gold, ensure_ascii=False) + "\n")
    print(f"{folder}: {len(list(folder.glob('*.gz')))} pages")


if __name__ == "__main__":
    main()
