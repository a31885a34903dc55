"""The archive: what a crawl writes, what others can read of it, and what we read of others."""

import gzip
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.checker import Checker

from crawler.archive import Archive, Limits, folder_for
from crawler.archive.fetch import Fetch, Unreadable
from crawler.archive.keeping import forget, prune
from crawler.archive.reader import read, read_at, warc_files
from crawler.archive.scan import Trouble
from crawler.errors import StoreUnusable
from crawler.items import Kind, State
from crawler.page import Page
from crawler.result import PageResult, Saved
from crawler.store.index import SavedIndex
from tests.stores import HOME, NOW, begun, opened, stored

SHARED = Path(__file__).parents[2] / "shared" / "data" / "hostile"
HEADERS = {"content-type": "text/html; charset=utf-8", "etag": '"1"', "content-length": "7", "x-note": "caf\xe9 \u4e2d"}


class Kept:
    """One database, its archive, and a run that writes to both."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.store = opened(folder / "news.db")
        self.index = SavedIndex(self.store)
        self.run = begun(self.store)
        self.folder = folder_for(folder / "news.db")
        self.limits = limits or Limits()
        self.archive = Archive(self.folder, "example", self.index, limits=self.limits)

    def fetched(self, name: str, body: bytes = b"<p>page</p>", *, at: datetime = NOW, **more: object) -> Saved:
        url = f"{HOME}{name}"
        page = Page(url, body, more.pop("headers", HEADERS), at, more.pop("status", 200))  # type: ignore[arg-type]
        return self.keep(replace(stored(url, body.decode("utf-8", "replace")), page=page), at)

    def failed(self, name: str, reason: str) -> Saved:
        return self.keep(PageResult("example", f"{HOME}{name}", Kind.ARTICLE, State.FAILED, reason), NOW)

    def keep(self, result: PageResult, at: datetime, *, settle: bool = True) -> Saved:
        result.request_headers = {"user-agent": "newscrawl/0 (+https://example.com)", "cookie": "secret"}
        result.saved = self.archive.write(result, now=at)
        if settle:
            self.store.settle(self.run, [result], now=at)
        assert result.saved is not None
        return result.saved

    def again(self) -> None:
        """As a later run does."""
        self.archive.close()
        self.archive = Archive(self.folder, "example", self.index, limits=self.limits)

    def read(self, saved: Saved) -> Fetch:
        return read_at(self.folder / saved.file, saved.offset)

    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())

    def close(self) -> None:
        self.archive.close()
        self.index.close()
        self.store.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    kept.close()


def independent(path: Path) -> Counter[str]:
    """Records by type as FastWARC reads them; a wrong digest fails."""
    kinds: Counter[str] = Counter()
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            kinds[str(record.record_type).rpartition(".")[2]] += 1
            assert record.verify_block_digest()
    return kinds


def checked(path: Path) -> bool:
    """By warcio's own check."""
    from argparse import Namespace

    checker = Checker(Namespace(inputs=[str(path)], verbose=False))
    checker.process_all()
    return bool(checker.exit_value == 0)


def test_others_can_read_what_we_write(kept: Kept) -> None:
    for number in range(20):
        kept.fetched(f"{number}?a=\u4e2d&b={{x}}", f"<p>{number} \u4e2d\u6587</p>".encode())
    kept.again()
    kept.fetched("1?a=\u4e2d&b={x}", "<p>1 \u4e2d\u6587</p>".encode())
    kept.fetched("2?a=\u4e2d&b={x}", b"", status=304)
    kept.fetched("moved", b"", status=301, headers={"location": "/\u4e2d"})
    kept.failed("lost", "timeout")
    kept.fetched("private", b"<meta name='Robots' content='noindex, NoArchive'>")
    (file,) = kept.files()
    assert checked(file)
    assert independent(file) == {"warcinfo": 1, "request": 25, "response": 21, "revisit": 2, "metadata": 2}
    raw = gzip.decompress(file.read_bytes())
    assert b"cookie" not in raw.lower()
    assert raw.startswith(b"WARC/1.1\r\n")
    assert b"GET /1?a=%E4%B8%AD&b=%7Bx%7D HTTP/1.1\r\n" in raw


@pytest.mark.parametrize(
    "headers", [HEADERS, {"content-type": "text/html"}, {"content-encoding": "gzip", "transfer-encoding": "chunked"}]
)
def test_a_page_comes_back_as_it_was(kept: Kept, headers: dict[str, str]) -> None:
    body = bytes(range(256)) * 40
    at = NOW + timedelta(microseconds=123457)
    saved = kept.fetched("page", body, at=at, headers=headers)
    fetch = kept.read(saved)
    page = fetch.page(saved.url)
    assert (page.body, page.status, page.fetched_at) == (body, 200, at)
    assert page.headers == headers
    assert kept.index.of_url(saved.url) == [saved]


def test_an_equal_payload_is_kept_once(kept: Kept) -> None:
    first = kept.fetched("page")
    kept.again()  # a first run has nothing to compare with, and asks for each page once
    second = kept.fetched("page", at=NOW + timedelta(hours=1))
    third = kept.fetched("page", b"", status=304)
    other = kept.fetched("other")  # another address: forgetting one must not lose the other
    assert [one.type for one in (first, second, third, other)] == ["response", "revisit", "revisit", "response"]
    assert second.digest == third.digest == first.digest
    fetch = kept.read(second)
    assert (fetch.status, fetch.body, fetch.refers_to) == (200, b"", first.url)
    assert second.length < 600


def test_a_failure_is_kept_with_its_reason(kept: Kept) -> None:
    fetch = kept.read(kept.failed("lost", "connection\r\nrefused"))
    assert (fetch.status, fetch.state, fetch.reason) == (None, "failed", "connection refused")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"x-robots-tag": "noarchive"}, b"secret"),
        ({"x-robots-tag": "otherbot: noindex, NOARCHIVE"}, b"secret"),
        ({"content-type": "text/html"}, b"<html><head><META NAME=ROBOTS CONTENT='noarchive'></head>secret"),
    ],
)
def test_noarchive_keeps_no_body(kept: Kept, headers: dict[str, str], body: bytes) -> None:
    saved = kept.fetched("private", body, headers=headers)
    fetch = kept.read(saved)
    assert (saved.type, fetch.state, fetch.reason) == ("metadata", "refused", "noarchive")
    assert b"secret" not in gzip.decompress(kept.files()[0].read_bytes())


def test_the_word_noarchive_in_a_text_keeps_nothing_out(kept: Kept) -> None:
    assert kept.fetched("page", b"<html><body><p>What noarchive means</p></body></html>").type == "response"


def test_what_was_never_asked_for_is_not_written(kept: Kept) -> None:
    refused = PageResult("example", f"{HOME}x", Kind.ARTICLE, State.REFUSED, "robots")
    assert kept.archive.write(refused, now=NOW) is None


def test_files_are_rolled_by_size_and_day(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Limits(file_bytes=15_000))
    noise = random.Random(1)
    for number in range(6):
        kept.fetched(f"{number}", noise.randbytes(9_000))
    kept.fetched("tomorrow", at=NOW + timedelta(days=1))
    names = [path.name for path in kept.files()]
    assert names == [*(f"example-20261121-{n:05}.warc.gz" for n in (1, 2, 3)), "example-20261122-00001.warc.gz"]
    assert all(checked(path) for path in kept.files())
    kept.again()
    assert kept.fetched("later", at=NOW + timedelta(days=1)).file == names[-1]
    kept.close()


def test_what_is_not_indexed_is_cut_off(kept: Kept) -> None:
    first = kept.fetched("one")
    lost = PageResult("example", f"{HOME}two", Kind.ARTICLE, State.STORED, page=Page(f"{HOME}two", b"two", {}, NOW))
    kept.keep(lost, NOW, settle=False)  # as if the process died before its transaction
    (file,) = kept.files()
    with file.open("ab") as torn:
        torn.write(b"\x1f\x8b\x08half a member")
    kept.again()
    assert file.stat().st_size == first.offset + first.length
    assert [note for note in kept.archive.notes if "cut back by" in note and file.name in note]
    assert kept.fetched("three").offset > first.offset
    assert checked(file)


def test_the_index_may_not_know_a_file(kept: Kept, tmp_path: Path) -> None:
    strange = kept.folder / "example-20261121-00007.warc.gz"
    strange.write_bytes(b"another database's")
    saved = kept.fetched("page")
    assert saved.file == "example-20261121-00008.warc.gz"
    kept.again()
    assert strange.read_bytes() == b"another database's"


def test_a_file_that_lost_its_end_is_named(kept: Kept) -> None:
    kept.fetched("one")
    (file,) = kept.files()
    file.write_bytes(file.read_bytes()[:-10])
    kept.again()
    assert any("10 bytes shorter" in note for note in kept.archive.notes)
    file.unlink()
    kept.again()
    assert any("missing" in note for note in kept.archive.notes)


def test_the_disk_is_not_filled(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="archive prune"):
        Kept(tmp_path, Limits(free_bytes=1 << 60))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "news.archive").write_text("a file")
    with pytest.raises(StoreUnusable, match="archive"):
        Kept(tmp_path)


# keeping less ----------------------------------------------------------------------------------


def aged(kept: Kept) -> None:
    """All files look as if nobody writes to them."""
    import os

    for path in kept.files():
        os.utime(path, (0, 0))


def test_old_files_go(kept: Kept, tmp_path: Path) -> None:
    old, new = kept.fetched("old"), kept.fetched("new", at=NOW + timedelta(days=40))
    before = prune(kept.folder, kept.index, older_than=NOW + timedelta(days=1), max_bytes=None)
    assert before.in_use == (old.file,)  # written a moment ago: a crawl may have it open
    aged(kept)
    gone = prune(kept.folder, kept.index, older_than=NOW + timedelta(days=1), max_bytes=None)
    assert (gone.files, gone.records, gone.carried) == ((old.file,), 1, 0)
    assert [path.name for path in kept.files()] == [new.file]
    assert kept.index.of_url(old.url) == []
    assert kept.read(new).body == b"<p>page</p>"


def test_the_oldest_files_go_until_the_rest_fits(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Limits(file_bytes=1))
    saved = [kept.fetched(f"{n}", at=NOW + timedelta(seconds=n)) for n in range(4)]
    aged(kept)
    newest = sum(path.stat().st_size for path in kept.files()[2:])
    gone = prune(kept.folder, kept.index, older_than=None, max_bytes=newest)
    assert gone.files == (saved[0].file, saved[1].file)
    assert gone.bytes > 0
    kept.close()


def test_what_a_later_record_refers_to_is_carried_over(kept: Kept) -> None:
    first = kept.fetched("page")
    gone = kept.fetched("gone")
    kept.again()
    later = kept.fetched("page", at=NOW + timedelta(days=40))
    assert later.type == "revisit"
    aged(kept)
    pruned = prune(kept.folder, kept.index, older_than=NOW + timedelta(days=1), max_bytes=None)
    assert pruned.carried == 1
    (now, revisit) = kept.index.of_url(first.url)
    assert (revisit, now.type) == (later, "response")
    assert kept.read(now).body == b"<p>page</p>"
    assert kept.index.of_url(gone.url) == []
    assert all(checked(path) for path in kept.files())


def test_a_page_is_taken_out_again(kept: Kept) -> None:
    secret = kept.fetched("secret", b"<p>my name is known</p>")
    kept.fetched("secret", b"<p>my name is known</p>", at=NOW + timedelta(hours=1))
    other = kept.fetched("other", b"<p>of somebody else</p>")
    kept.archive.close()
    assert forget(kept.folder, kept.index, {secret.url}) == 4  # requests and answers
    (file,) = kept.files()
    raw = gzip.decompress(file.read_bytes())
    assert b"my name" not in raw
    assert b"/secret" not in raw
    assert checked(file)
    assert independent(file) == {"warcinfo": 1, "request": 1, "response": 1}
    assert kept.index.of_url(secret.url) == []
    (moved,) = kept.index.of_url(other.url)
    assert kept.read(moved).body == b"<p>of somebody else</p>"


# files of others -------------------------------------------------------------------------------


def contents(path: Path, scratch: Path) -> tuple[list[Fetch], Trouble]:
    trouble = Trouble()
    scratch.mkdir(exist_ok=True)
    return list(read(path, trouble, scratch=scratch)), trouble


SAMPLES = {
    "example.warc": (2, {}),
    "example.warc.gz": (2, {}),
    "example.arc": (1, {}),
    "example.arc.gz": (1, {}),
    "example-bad-non-chunked.warc.gz": (2, {}),  # the whole file in one gzip member
    "example-bad.warc.gz.bad": (3, {}),
    "example-iana.org-chunked.warc": (1, {}),
    "example-trunc.warc": (1, {"payload digest differs": 1}),
    "example-wrong-chunks.warc.gz": (0, {"cut short": 1, "broken record": 1}),
    "example-space-in-url.arc": (0, {"cut short": 1}),
    "example-wget-bad-target-uri.warc.gz": (1, {}),
    "bad.arc": (0, {"empty record": 2, "no HTTP status": 1}),
    "post-test.warc.gz": (3, {}),
    "cc.warc.gz": (1, {}),
    "IAH-urls-wget.warc": (16, {}),
    "IAH-urls-wget.warc.gz": (16, {}),
    "IAH-20080430204825-00000-blackbook-truncated.arc": (4, {"broken record": 4}),
    "double-single-inflate-error.gz": (0, {"broken record": 1}),
    "empty.gz": (0, {"no record": 1}),
    "abcd.gz": (0, {"no WARC or ARC file": 1}),
    "LICENSE.upstream": (0, {"no WARC or ARC file": 1}),
}


@pytest.mark.skipif(not SHARED.exists(), reason="the samples (../shared/data/hostile) are not beside this checkout")
@pytest.mark.parametrize("name", SAMPLES)
def test_samples_of_other_readers(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = next(path for path in sorted(SHARED.rglob(name)) if path.parts[-2] != "hostile")
    fetches, trouble = contents(path, tmp_path / "scratch")
    count, reasons = SAMPLES[name]
    assert (len(fetches), dict(trouble.reasons)) == (count, reasons)
    assert all(read_at(fetch.file, fetch.offset).body == fetch.body for fetch in fetches)
    assert all(path.name in place for place in trouble.places)
    assert capsys.readouterr() == ("", "")  # warcio writes bytes of the file to stderr


@pytest.mark.skipif(not SHARED.exists(), reason="the samples (../shared/data/hostile) are not beside this checkout")
def test_all_samples_are_survived(tmp_path: Path) -> None:
    seen = 0
    for suite in ("warcio", "jwarc", "ia-web-commons"):
        for path in sorted(path for path in (SHARED / suite).rglob("*") if path.is_file()):
            contents(path, tmp_path / "scratch")
            seen += 1
    assert seen >= 32


def member(head: str, block: bytes = b"") -> bytes:
    return gzip.compress(f"WARC/1.0\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n")


def response(url: str, http: bytes, date: str = "2020-01-01T00:00:00Z") -> bytes:
    head = f"WARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\nContent-Type: application/http\r\n"
    return member(head, http)


GOOD = response("http://e.example/good", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhello")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (response("dns:e.example", b"20200101 e.example. A 127.0.0.1"), "scheme dns"),
        (response("../../etc/passwd", b"HTTP/1.1 200 OK\r\n\r\nx"), "scheme ..?..?etc?passwd"),
        (response("http://e.example/\x1b[31m", b"HTTP/1.1 200 OK\r\n\r\nx", date="yesterday"), "no date"),
        (response("http://e.example/", b""), "empty record"),
        (response("http://e.example/", b"no http at all"), "no HTTP status"),
        (response("http://e.example/", b"HTTP/1.1 999 What\r\n\r\n"), "no HTTP status"),
        (response("http://e.example/", b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nx"), "content encoding zstd"),
        (member("WARC-Type: response\r\nWARC-Target-URI: http://e.example/\r\n")[:40], "broken"),
        (gzip.compress(b"not a record\n" * 5), "broken record"),
        (b"\x1f\x8b\x08" + b"\xff" * 60, "broken"),
        (b"plain text between members\n", "broken"),
        (
            gzip.compress(
                b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://e.example/\r\n"
                b"WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Length: 9999\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx"
            ),
            "cut short",
        ),
    ],
)
def test_a_broken_record_hides_no_good_one(bad: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(GOOD + bad + GOOD + bad + GOOD)
    fetches, trouble = contents(path, tmp_path / "scratch")
    assert [fetch.body for fetch in fetches] == [b"hello"] * 3, trouble
    assert any(name.startswith(reason) for name in trouble.reasons), trouble
    assert "\x1b" not in str(trouble)


def test_a_file_cut_at_any_byte_is_read_up_to_there(kept: Kept, tmp_path: Path) -> None:
    ends = [kept.fetched(f"{n}", f"<p>{n}</p>".encode() * 30) for n in range(3)]
    whole = kept.files()[0].read_bytes()
    path = tmp_path / "cut.warc.gz"
    for size in [*range(0, len(whole), 97), *(one.offset + one.length for one in ends)]:
        path.write_bytes(whole[:size])
        fetches, _ = contents(path, tmp_path / "scratch")
        assert len(fetches) == sum(one.offset + one.length <= size for one in ends)


def test_a_body_may_not_unfold_without_end(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(64 << 20), 9)
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(
        response("http://e.example/bomb", b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + bomb) + GOOD
    )
    fetches, trouble = contents(path, tmp_path / "scratch")
    assert [fetch.body for fetch in fetches] == [b"hello"]
    assert dict(trouble.reasons) == {"larger than 16 MiB": 1}


def test_no_record_at_an_offset(kept: Kept) -> None:
    kept.fetched("page")
    (file,) = kept.files()
    with pytest.raises(Unreadable):
        read_at(file, 0)  # the file's opening says nothing of a URL
    with pytest.raises(Unreadable):
        read_at(file, file.stat().st_size)
    with pytest.raises(Unreadable):
        read_at(file, 3)


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc", "c.arc.gz", "d.warc.gz.open", "notes.txt", "x.cdxj"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in warc_files(tmp_path)] == ["a.warc", "b.warc.gz", "c.arc.gz", "d.warc.gz.open"]


def test_times_are_aware(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(response("http://e.example/", b"HTTP/1.1 200 OK\r\n\r\nx", date="2020-01-01T08:00:00"))
    (fetch,) = contents(path, tmp_path / "scratch")[0]
    assert fetch.at == datetime(2020, 1, 1, 8, tzinfo=UTC)
