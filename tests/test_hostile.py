"""What a page says is data: in the store, in files, in a terminal and in a log it does nothing."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from crawler.body import visible_text
from crawler.cases import load_cases, save_case
from crawler.items import Kind, State
from crawler.page import Page
from crawler.path import process
from crawler.result import PageResult
from crawler.site import Site, undescribed
from tests.loopback import ROOT, Answer, Crawls, Web, environment, listing, served

NAUGHTY = ROOT.parent / "shared/data/hostile/naughty-strings/blns.json"

STRINGS = (
    "\x1b[2J\x1b]0;owned\x07\x1b[31mred", "\x9b31m eight bit", "bell\x07 back\x08space \x7f delete", "a\rb\nc\vd\fe",
    "‮evil‬ ⁦isolate⁩", "zero​width ﻿mark", "'; DROP TABLE articles; --", '" OR 1=1 --', "%s%n%x %(name)s {0} {{7*7}}",
    "${jndi:ldap://x}", "../../../etc/passwd", "..\\..\\boot.ini", "C:\\con\\nul", "=cmd|' /C calc'!A0", "@SUM(1)",
    "--- !!python/object/apply:os.system ['true']", "- a: b", "<script>alert(1)</script>", "]]><!--", "&lt;b&gt;",
    "[bold red]rich[/] [link=file:///etc]x[/link]", ":skull:", "\ud83d half", "Ｔｅｓｔ ﷽ ௵", "𠮷野家 👩‍👩‍👧", "", " ",
    "null", "NaN", "1e999", "%00", "$(touch owned)", "`id`", "\u0085next\u2028line",
)  # fmt: skip


def naughty(every: int = 15) -> list[str]:
    """A sample in CI; all of the public set is taken where every is 1."""
    public = json.loads(NAUGHTY.read_text(encoding="utf-8"))[::every] if NAUGHTY.exists() else []
    return [*STRINGS, *public]


CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def page_of(text: str) -> bytes:
    """A page that says this wherever a page can say something."""
    safe = escape(text)
    return (
        f'<!doctype html><html lang="{safe}"><head><title>{safe}</title><meta name="author" content="{safe}">'
        f'<meta name="keywords" content="{safe}"><meta property="og:image" content="{safe}"></head><body>'
        f'<h1>{safe} of the title</h1><p class="by">{safe}</p><time datetime="{safe}">{safe}</time>'
        f'<div class="body"><p>{safe} is said in the text.</p><p><a href="{safe}">{safe}</a>'
        f'<img src="{safe}" alt="{safe}">'
        f"</p><pre>{safe}</pre><p>（文章来源：{safe}）</p></div></body></html>"
    ).encode("utf-8", "surrogatepass")


@pytest.fixture
def web() -> Iterator[Web]:
    with served(Web()) as web:
        yield web


def test_no_string_of_a_page_drives_a_terminal_a_log_or_a_file(web: Web, tmp_path: Path) -> None:
    texts = naughty()
    paths = [f"/art/{number}" for number in range(len(texts))]
    web.pages["/list/0"] = Answer(
        "".join(
            f'<li><a class="art" href="{path}">{escape(text)}</a></li>' for path, text in zip(paths, texts, strict=True)
        ).encode("utf-8", "surrogatepass")
    )
    web.pages["/sport/0"] = Answer(listing("/art/%1b[2J", "/art/x%0d%0ay", "/art/a\x1b[31mb", "/art/%E2%80%AE"))
    for path, text in zip(paths, texts, strict=True):
        web.pages[path] = Answer(page_of(text), headers={"ETag": '"\x9b31m"', "X-Robots-Tag": "\x1b[2J"})
    crawls = Crawls(web, tmp_path, concurrency=4)
    fields = 'authors=".by", tags="meta[name=keywords]::attr(content)", source=".by",'
    crawls.site.write_text(crawls.site.read_text().replace('body="div.body",', f'body="div.body", {fields}'))
    log = tmp_path / "crawl.log"
    loud = [word for word in crawls.command("--log-file", str(log), "-v") if word != "--quiet"]
    said = run(loud, codes=(0, 3))
    with sqlite3.connect(crawls.db) as db:
        states = dict(db.execute("select url, state from urls").fetchall())
        ids = [key for (key,) in db.execute("select id from articles")]
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    left = {url: states[web.url + url] for url in paths if states[web.url + url] not in ("stored", "quarantined")}
    assert left == {}
    assert len(ids) > len(texts) * 0.9
    ours = [sys.executable, "-m", "crawler"]
    near = ["--db", str(crawls.db)]
    for words in (["show"], ["status"], ["show", ids[0], "--why"], ["show", ids[3], "--json"], ["sites"]):
        said += run([*ours, *words, *([] if words == ["sites"] else near)])
    for form in ("jsonl", "csv", "atom", "jekyll", "text"):
        said += run([*ours, "export", form, "-o", str(tmp_path / "out" / form), *near])
    for name in ("'; drop table articles; --", "../../x", "\x1b[2J", "%", "_"):
        said += run([*ours, "show", name, *near], codes=(1, 2, 3))
        said += run([*ours, "crawl", str(crawls.site), "-c", name, *near], codes=(2,))
    assert not (found := CONTROLS.findall(said)), found
    assert not (found := CONTROLS.findall(log.read_text(encoding="utf-8"))), found
    inside = {file.resolve() for file in (tmp_path / "out").rglob("*")}
    assert all(file.is_relative_to(tmp_path / "out") for file in inside)
    assert {file.name for file in tmp_path.iterdir()} >= {"out", "news.db", "little.py"}
    assert len([file for file in inside if file.suffix == ".md"]) == len(ids)


def run(words: list[str], codes: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, timeout=120)
    assert done.returncode in codes, done.stderr.decode()[-2000:]
    assert b"Traceback" not in done.stderr
    return done.stdout.decode() + done.stderr.decode()


def test_names_of_cases_stay_in_their_folder(tmp_path: Path) -> None:
    """`record` names a case for its address."""
    for number, path in enumerate(("../../../up.html", "%2e%2e/%2e%2e/up", "..\\..\\up", "a\x00b", "con", "." * 300)):
        url = f"https://news.example/{path}"
        page = Page(url, b"<h1>x</h1>", {"content-type": "text/html"}, datetime(2026, 11, 1, tzinfo=UTC))
        case = save_case(tmp_path / "cases", page, kind=Kind.ARTICLE, category="../..", why="\x1b[2J")
        assert case.folder.resolve().parent == (tmp_path / "cases").resolve(), path
        assert len(list((tmp_path / "cases").iterdir())) == number + 1
    assert [file.name for file in tmp_path.iterdir()] == ["cases"]
    assert len(load_cases(tmp_path)) == 6
    shutil.rmtree(tmp_path / "cases")


# markup

ALLOWED = frozenset(
    "p h2 h3 h4 ul ol li blockquote figure figcaption table tbody tr td th pre a em strong sub sup code br img".split()
)
ATTRIBUTES = frozenset("href src alt width height colspan rowspan".split())

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=data:text/html,x>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mi><mglyph><style><img src=x onerror=alert(1)>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<form action=javascript:alert(1)><button>x</form>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<table background=javascript:alert(1)><tr><td>x</table>",
    "<base href=//evil.example/>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<object data=javascript:alert(1)></object>",
    "<template><script>alert(1)</script></template>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<p/onclick=alert(1)>x</p>",
    "<img srcset='javascript:alert(1) 1x'>",
    "<video poster=javascript:alert(1) src=x></video>",
    "<blockquote cite=javascript:x>x",
    "<a href='//evil.example' target=_blank onmouseover=alert(1)>x</a>",
    "<embed src=//evil.example/x.swf>",
    "<![CDATA[<script>x]]>",
    "<pre><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>",
    "<td><a href=vbscript:x>y</a></td>",
    "<link rel=stylesheet href=x>",
    "<h2 id=x name=y class=z>t</h2>",
    "<textarea></p><script>alert(1)</script>",
    "<title><img src=x onerror=alert(1)></title>",
)


class Parts(HTMLParser):
    """What a page would do more with than show it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.found.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.found.append(f"{tag}@{name}")
            elif name in ("href", "src") and not (value or "").startswith(("http://", "https://")):
                self.found.append(f"{tag}@{name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"declaration {data}")


def read(markup: str, *, described: bool) -> PageResult:
    url = "https://news.example/a/1.html"
    text = "The council decided on Tuesday that the bridge is to be closed for two months. " * 3
    page = f"<h1>Bridge closed</h1><article><p>{text}</p><div>{markup}</div><p>{text}</p></article>"
    site = Site(name="x", hosts=("news.example",), title="h1::text", body="article") if described else undescribed(url)
    there = Page(url, page.encode(), {"content-type": "text/html; charset=utf-8"}, datetime(2026, 11, 1, tzinfo=UTC))
    return process(site, there, url=url, kind=Kind.ARTICLE)


@pytest.mark.parametrize("described", [True, False])
@pytest.mark.parametrize("markup", ATTACKS)
def test_nothing_in_a_body_acts(markup: str, described: bool) -> None:
    article = read(markup, described=described).article
    assert article is not None
    assert Parts(article.body_html).found == []


def test_the_oracle_sees_what_acts() -> None:
    seen = [markup for markup in ATTACKS if Parts(markup).found]
    assert len(seen) > len(ATTACKS) * 0.9


# broken pages

BROKEN = (
    b"",
    b" ",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<",
    b"<html",
    b"<html><head>",
    b"<p" + b" a=1" * 9_000 + b">x",
    b"<div>" * 9_000 + b"x",
    b"<table>" * 900 + b"x",
    b"<a href=x>" * 3_000,
    b"&#x110000; &#xD800; &#0;" * 99,
    b"{",
    b"[",
    b"{}",
    b"[]",
    b"null",
    b'{"a": ' * 900 + b"1" + b"}" * 900,
    b"[" * 100_000,
    b'{"a": NaN, "b": 1e999}',
    b"<?xml version='1.0'?>",
    b"<?xml version='1.0'?><rss>",
    b"<rss><channel><item>",
    b"<feed><entry><link/></entry></feed>",
    b"<urlset><url><loc>&x;</loc></url></urlset>",
    b'<!DOCTYPE a [<!ENTITY x "y">]><rss><channel><item><link>&x;</link>',
    b"<script>" * 999,
    b'<script type=\'application/ld+json\'>{"@graph": [1, null, {"@type": 7}]}</script><h1>x</h1>',
    b"<script type='application/ld+json'>" + b"[" * 50_000 + b"</script><h1>x</h1>",
    b"<meta charset=utf-7>+ADw-script+AD4-",
    b"<meta charset=idna><p>x",
    b"<meta charset='\x00'><p>x",
    b"\x1f\x8b\x08\x00",
    b"<base href='http://[::1'><a href='/x'>y</a>",
    b"<base href='javascript:x'><a href=y>y</a><p>z",
    b"<time datetime='99999-99-99T99:99:99+99:99'>9999999999999999999999</time><h1>x</h1><article>y</article>",
    b"<h1>3000 years ago</h1><time>3000 years ago</time><article><p>y</p></article>",
)
TYPES = ("text/html", "application/json", "application/rss+xml", "text/html; charset=\x00", "")


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body><article><p>First.</p></article></body></html><article><p>Last.</p></article>",
        "<html><body><article><p>First.</p></body></html><p>Last.</p></article>",
        "<html><body><p>First.</p></body></html><html><head><title>x</title></head><body><p>Last.</p></body></html>",
        "<p>First.</html><!-- </html> --><script>'</html>'</script>Last.",
    ],
)
def test_nothing_after_the_end_of_a_page_is_lost(markup: str) -> None:
    page = Page(
        "https://news.example/", markup.encode(), {"content-type": "text/html"}, datetime(2026, 11, 1, tzinfo=UTC)
    )
    text = visible_text(page.tree)
    assert "First." in text
    assert "Last." in text


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: repr(body[:24]))
def test_no_page_breaks_the_path(body: bytes) -> None:
    """Every kind of page of every kind of site ends in a state: an exception that is no CrawlerError is a fault."""
    from crawler.sites import load_site, site_names

    url = "https://news.example/a/1.html"
    described = Site(name="x", hosts=("news.example",), title="h1::text", body="article", article_links="a", parts="a")
    pages = [(described, url), (undescribed(url), url)]
    pages += [(site, next(iter(site.categories.values()))) for site in map(load_site, site_names())]
    for site, address in pages:
        for kind in (Kind.ARTICLE, Kind.PART, Kind.LISTING, Kind.FEED, Kind.SITEMAP):
            for sort in TYPES:
                page = Page(address, body, {"content-type": sort}, datetime(2026, 11, 1, tzinfo=UTC))
                result = process(site, page, url=site.canonical(address), kind=kind)
                assert result.state in State
                assert result.state is not State.STORED or (result.article is not None and result.article.body_html)
