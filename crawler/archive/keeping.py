"""What is taken out of an archive again: old files, and the pages of somebody who asks for it."""

import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from crawler.archive.records import Serialiser
from crawler.result import Saved

RESTING_S: Final = 600  # a file that was written to since then may be in use by a crawl
_STEP: Final = 1 << 20


class Index(Protocol):
    """What is asked of the store's index."""

    def saved_ends(self, prefix: str = "") -> Mapping[str, int]: ...
    def of_file(self, file: str) -> list[Saved]: ...
    def of_url(self, url: str) -> list[Saved]: ...
    def move(self, file: str, to: str, places: Mapping[int, int]) -> None: ...
    def drop(self, file: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went."""

    files: tuple[str, ...] = ()
    bytes: int = 0
    records: int = 0
    carried: int = 0  # records that later ones refer to: copied to a new file
    in_use: tuple[str, ...] = ()  # would have gone, but a crawl may be writing them


def prune(folder: Path, index: Index, *, older_than: datetime | None, max_bytes: int | None) -> Pruned:
    """Remove the files whose newest record is older, then the oldest ones until the rest is no larger.

    A response that a record in a file that stays refers to is kept. Raises OSError, StoreUnusable.
    """
    victims = _victims(folder, index, older_than, max_bytes)
    resting = [name for name in victims if time.time() - (folder / name).stat().st_mtime > RESTING_S]
    freed = records = carried = 0
    for name in resting:
        size, held = (folder / name).stat().st_size, index.of_file(name)
        kept = [one for one in held if _is_referred_to(index, one, set(resting))]
        if kept:
            new = _free_name(folder, name)
            index.move(name, new, _copy(folder, name, new, kept))
            freed -= (folder / new).stat().st_size
        else:
            index.drop(name)
        (folder / name).unlink()
        freed, records, carried = freed + size, records + len(held) - len(kept), carried + len(kept)
    return Pruned(tuple(resting), freed, records, carried, tuple(name for name in victims if name not in resting))


def _victims(folder: Path, index: Index, older_than: datetime | None, max_bytes: int | None) -> list[str]:
    """Oldest first."""
    sizes = {name: (folder / name).stat().st_size for name in index.saved_ends() if (folder / name).exists()}
    newest = {name: max(one.at for one in index.of_file(name)) for name in sizes}
    order = sorted(sizes, key=lambda name: (newest[name], name))
    gone = [name for name in order if older_than is not None and newest[name] < older_than]
    total = sum(sizes.values()) - sum(sizes[name] for name in gone)
    for name in order:
        if max_bytes is None or total <= max_bytes:
            break
        if name not in gone:
            gone.append(name)
            total -= sizes[name]
    return gone


def _is_referred_to(index: Index, one: Saved, going: Collection[str]) -> bool:
    """Whether a revisit that stays says: the same as this response."""
    if one.type != "response":
        return False
    rest = [other for other in index.of_url(one.url) if other.file not in going and other.digest == one.digest]
    return any(other.type == "revisit" for other in rest) and all(other.type == "revisit" for other in rest)


def _free_name(folder: Path, name: str) -> str:
    stem = name.removesuffix(".warc.gz").partition("-kept")[0]
    return next(new for n in range(1, 10**6) if not (folder / (new := f"{stem}-kept{n}.warc.gz")).exists())


def _copy(folder: Path, name: str, new: str, kept: list[Saved]) -> dict[int, int]:
    """Old offset -> offset in the new file."""
    places: dict[int, int] = {}
    with (folder / name).open("rb") as source, (folder / new).open("xb") as target:
        target.write(Serialiser().opening(new, "newscrawl", kept[0].at))
        for one in kept:
            source.seek(one.offset)
            places[one.offset] = target.tell()
            target.write(source.read(one.length))
    return places


def forget(folder: Path, index: Index, urls: Collection[str]) -> int:
    """Write every file that holds records of these URLs again, without them; how many records went.

    The caller holds the runs of their sites: nobody writes to the files. Raises OSError, StoreUnusable.
    """
    files = {one.file for url in urls for one in index.of_url(url)}
    return sum(
        _without(folder, index, name, lambda url: url in urls) for name in sorted(files) if (folder / name).exists()
    )


def _without(folder: Path, index: Index, name: str, unwanted: Callable[[str], bool]) -> int:
    """The file is written under a new name, the index moved to it, the old file removed: in that order."""
    places: dict[int, int] = {}
    new, gone = _free_name(folder, name), 0
    with (folder / new).open("xb") as target:
        for offset, member, url in _members(folder / name):
            if unwanted(url):
                gone += 1
            else:
                places[offset] = target.tell()
                target.write(member)
    index.move(name, new, places)
    (folder / name).unlink()
    return gone


def _members(path: Path) -> Iterator[tuple[int, bytes, str]]:
    """Each gzip member of a file of ours: where it begins, its bytes, and the URL it is about."""
    with path.open("rb") as file:
        data, offset = b"", 0
        while True:
            data = data or file.read(_STEP)
            if not data:
                return
            inflate = zlib.decompressobj(31)
            start, pieces = b"", []
            while not inflate.eof:
                piece = inflate.decompress(data)
                start = start if len(start) > _STEP else start + piece
                pieces.append(data[: len(data) - len(inflate.unused_data)])
                data = inflate.unused_data
                if not inflate.eof:
                    data = file.read(_STEP)
                    if not data:
                        return
            member = b"".join(pieces)
            yield offset, member, _target(start)
            offset += len(member)


def _target(start: bytes) -> str:
    head = start.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    lines = (line.partition(":") for line in head.split("\r\n"))
    return next((value.strip().strip("<>") for name, _, value in lines if name.lower() == "warc-target-uri"), "")
