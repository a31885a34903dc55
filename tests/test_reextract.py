"""Today's code over archived pages: what changes is shown, and nothing else; what is applied loses nothing."""

import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from crawler import reextract
from crawler.archive import Archive, folder_for
from crawler.items import Kind
from crawler.page import Page
from crawler.path import process
from crawler.reextract.changes import changes
from crawler.sites import load_site
from crawler.store import Store, holder_name
from crawler.store.articles import pack
from crawler.store.index import SavedIndex
from tests.loopback import ROOT, environment
from tests.stores import article

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
SITE = '''"""A site of a test."""

from crawler.site import Site

SITE = Site(
    name="paper",
    hosts=("paper.example",),
    article_url=r"/a/(?P<key>\\d+)\\.html$",
    parts="a.more::attr(href)",
    title="h1::text",
    published="time::text",
    source={source!r},
    body="div.body",
    junk={junk!r},
    timezone="Asia/Shanghai",
)
'''
EDITED = (3, 7, 11)  # articles that end in an editor's line


def page_of(number: int) -> str:
    editor = "<p>责任编辑：王辉</p>" if number in EDITED else ""
    title = f"<h1>第{number}篇报道的标题</h1>" if number != 13 else ""
    return (
        f"<!DOCTYPE html><html><body>{title}<time>2026-11-20 08:{number:02}</time><cite>某报</cite><div class=body>"
        f"<p>这是第{number}篇的第一段，写得足够长，可以当作正文来读。</p><p class=note>编者按：读者来信。</p>"
        f"<p>这是第{number}篇的第二段，也写得足够长，可以当作正文来读。</p>{editor}</div></body></html>"
    )


def write_site(path: Path, *, source: str = "cite::text", junk: tuple[str, ...] = (".note",)) -> Path:
    path.write_text(SITE.format(source=source, junk=junk), "utf-8")
    return path


def crawled(folder: Path, count: int = 20) -> reextract.Options:
    """A database with its archive, as a crawl leaves them; number 13 is in quarantine for want of a title."""
    site_file = write_site(folder / "paper.py")
    site, db = load_site(str(site_file)), folder / "news.db"
    with Store.open(db) as store, SavedIndex(store) as index, Archive(folder_for(db), "paper", index) as archive:
        run = store.begin_run("paper", command="crawl", now=NOW, holder=holder_name())
        for number in range(count):
            url = f"https://paper.example/a/{number}.html"
            page = Page(url, page_of(number).encode(), {"content-type": "text/html"}, NOW + timedelta(seconds=number))
            result = process(site, page, url=url, kind=Kind.ARTICLE)
            result.request_headers = {"user-agent": "newscrawl"}
            result.saved = archive.write(result, now=NOW)
            store.settle(run, [result], now=NOW)
        store.end_run(run, now=NOW, requests=count, bytes=0, reason="finished")
    return reextract.Options(db=db, site=str(site_file), site_name="paper", workers=2)


def again(options: reextract.Options, **more: Any) -> reextract.Report:
    return reextract.run(replace(options, **more), now=NOW + timedelta(days=1))


def titles(options: reextract.Options) -> set[str]:
    with sqlite3.connect(options.db) as db:
        return {title for (title,) in db.execute("select title from articles")}


def test_the_same_code_changes_nothing(tmp_path: Path) -> None:
    report = again(crawled(tmp_path))
    assert (report.articles, report.touched, report.missing) == (19, [], 0)
    assert report.headline().endswith("no change")
    assert not report.exceeds(0.0)
    assert "1 pages stay in quarantine" in str(report)


def test_a_changed_site_is_shown_by_field(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    write_site(tmp_path / "paper.py", source="", junk=())
    report = again(options)
    assert report.kinds == {("body_text", "paragraph added"): 19, ("source", "removed"): 19}
    assert len(report.touched) == 19
    assert report.share == 1.0
    (example, change) = report.examples["body_text", "paragraph added"][0]
    assert change.lines == (("+", "编者按：读者来信。"),)
    assert example.title.startswith("第")
    assert titles(options) == {f"第{number}篇报道的标题" for number in range(20) if number != 13}
    with sqlite3.connect(options.db) as db:  # shown, not stored
        assert db.execute("select count(*) from versions").fetchone() == (0,)


def test_what_is_applied_keeps_what_was(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    write_site(tmp_path / "paper.py", junk=())
    report = again(options, apply=True)
    assert report.applied == 19
    with Store.open(options.db) as store:
        for found in store.articles():
            (former,) = store.versions(found.id)
            assert "编者按" in found.body_text
            assert "编者按" not in former.article.body_text
            assert former.article.title == found.title
            assert former.article.fetched_at == found.fetched_at
    assert again(options).touched == []
    assert again(options, apply=True).applied == 0


def test_an_article_that_was_fetched_anew_is_left_alone(tmp_path: Path) -> None:
    from crawler.store.revising import revise

    options = crawled(tmp_path, 2)
    with Store.open(options.db) as store:
        first = next(store.articles())
        late = replace(first, title="Old reading", fetched_at=NOW - timedelta(days=1))
        assert revise(store, [late], now=NOW) == 0
        assert store.article(first.id) == first


def test_quarantine_is_looked_at_again(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    text = (
        (tmp_path / "paper.py")
        .read_text("utf-8")
        .replace('"h1::text"', "lambda page: page.css('h1::text').get() or page.css('time::text').get()")
    )
    (tmp_path / "paper.py").write_text(text, "utf-8")
    report = again(options)
    assert report.counts["found"] == 1
    assert report.kinds == {("article", "an article at last"): 1}
    assert again(options, apply=True).applied == 1
    assert "2026-11-20 08:13" in titles(options)


def test_what_is_no_article_any_more_is_told_and_kept(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    before = titles(options)
    write_site(tmp_path / "paper.py", junk=("p",))
    report = again(options, apply=True)
    assert report.counts["lost"] == 19, str(report)
    assert "BadField: body" in str(report)
    assert report.exceeds(0.005)
    assert titles(options) == before


def test_pages_that_are_gone_are_counted(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    for path in folder_for(options.db).iterdir():
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
    report = again(options)
    assert 0 < report.articles < 19
    assert report.touched == []
    assert "could not be read from the archive" in str(report)


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    seen: list[int] = []

    class Stopped(Exception):
        pass

    def stop(done: int) -> None:
        seen.append(done)
        if len(seen) == 2:
            raise Stopped

    small = 5
    original, reextract.UNIT = reextract.UNIT, small  # type: ignore[misc]
    try:
        with pytest.raises(Stopped):
            again(options, progress=stop)
        notes = options.db.with_suffix(".reextract.jsonl")
        assert len(notes.read_text("utf-8").splitlines()) == 3  # the key, and two units
        done_before = seen[-1]
        seen.clear()
        report = again(options, progress=seen.append)
    finally:
        reextract.UNIT = original  # type: ignore[misc]
    assert seen[0] > done_before
    assert report.articles == 19
    assert not notes.exists()


def test_notes_of_other_code_are_not_used(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    notes = options.db.with_suffix(".reextract.jsonl")
    notes.write_text('{"key": "of another"}\n{"number": 0, "counts": {"changed": 999}, "touched": []}\n', "utf-8")
    assert again(options).counts["changed"] == 0


def test_since_and_site(tmp_path: Path) -> None:
    options = crawled(tmp_path)
    report = again(options, since=datetime(2026, 11, 20, 0, 10, tzinfo=UTC))
    assert report.articles == 9
    with pytest.raises(Exception, match="elsewhere"):
        again(options, site="elsewhere", site_name="paper")


def test_a_rule_that_is_taken_out_touches_its_articles_alone(tmp_path: Path) -> None:
    """Editor lines are kept by a copy of the code; checked against a comparison of every article in whole."""
    options = crawled(tmp_path)
    tree = tmp_path / "tree"
    shutil.copytree(ROOT / "crawler", tree / "crawler", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "fixtures", tree / "fixtures", ignore=lambda *_: {"finews", "chinadaily", "eastmoney"})
    cleaning = tree / "crawler" / "cleaning" / "__init__.py"
    text = cleaning.read_text("utf-8")
    assert text.count("    take_credits,\n") >= 1
    cleaning.write_text(text.replace("    take_credits,\n", ""), "utf-8")
    script = (
        "import json, sys\nfrom datetime import datetime, UTC\nfrom pathlib import Path\n"
        "from crawler import reextract\n"
        "if __name__ == '__main__':\n"
        "    options = reextract.Options(db=Path(sys.argv[1]), site=sys.argv[2], site_name='paper', workers=2)\n"
        "    report = reextract.run(options, now=datetime.now(UTC))\n"
        "    print(json.dumps([[line.url, line.what] for line in report.touched]))\n"
    )
    (tree / "run.py").write_text(script, "utf-8")
    done = subprocess.run(
        [sys.executable, str(tree / "run.py"), str(options.db), str(options.site)],
        env=environment() | {"PYTHONPATH": str(tree)}, capture_output=True, text=True, cwd=tree, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = {url for url, _ in json.loads(done.stdout)}
    assert shown == {f"https://paper.example/a/{number}.html" for number in EDITED}
    assert all(what.startswith("body_text") for _, what in json.loads(done.stdout))


# the comparison and the page -------------------------------------------------------------------------------------


def packed(text: str, **more: object) -> dict[str, Any]:
    return pack(article("https://e.example/1", text, **more))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (packed("a\n\nb"), packed("a\n\nb"), []),
        (packed("a\n\nb"), packed("a\n\nb\n\nc"), [("body_text", "paragraph added")]),
        (packed("a\n\nb"), packed("b"), [("body_text", "paragraph removed")]),
        (packed("a\n\nb"), packed("a\n\nB"), [("body_text", "paragraph changed")]),
        (packed("a\n\nb"), packed("ab"), [("body_text", "white space")]),
        (packed("a"), packed("a", body_html="<p><b>a</b></p>"), [("body_html", "changed")]),
        (packed("a", source=None), packed("a", source="x"), [("source", "added")]),
        (packed("a", tags=("x",)), packed("a"), [("tags", "removed")]),
        (packed("a"), packed("a", fetched_at=NOW), []),
    ],
)
def test_changes(before: dict[str, Any], after: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert [(change.field, change.kind) for change in changes(before, after)] == found


def test_the_page_runs_nothing_and_shows_all(tmp_path: Path) -> None:
    options = crawled(tmp_path, 4)
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    with sqlite3.connect(options.db) as db:
        db.execute("update articles set title = ?, source = ?", (attack, attack))
        db.commit()
    report = again(options)
    text = reextract.html_page(report)
    tree = html.fromstring(text)
    assert not tree.xpath("//script | //img | //link | //iframe | //@onerror | //@href[not(starts-with(., '#'))]")
    assert "default-src 'none'" in tree.xpath("//meta[@http-equiv]/@content")[0]
    assert attack in {node.text_content() for node in tree.xpath("//del")}
    assert len(tree.xpath("//h2[starts-with(., 'All')]/following-sibling::table//tr")) == 5
    assert len(tree.xpath("//article")) == 8
