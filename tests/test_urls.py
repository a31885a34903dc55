"""URL identity: what is one page becomes one URL, what may be two never does."""

import json
import timeit
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BadField
from crawler.urls import TRACKING, canonical_url, host_of, join

WHATWG = Path(__file__).resolve().parents[2] / "shared/data/hostile/whatwg-url/tests/wpt/urltestdata.json"

A = "https://news.example.com/a/1.html"

SAME = (
    (A, "https://news.example.com:443/a/1.html"),
    (A, "HTTPS://News.Example.COM/a/1.html"),
    (A, "https://news.example.com./a/1.html"),
    (A, "https://news.example.com/a/1.html#comments"),
    (A, "https://news.example.com/b/../a/./1.html"),
    (A, "https://news.example.com/a/1.html?"),
    (A, "https://news.example.com/a/1.html?utm_source=x&utm_medium=y"),
    (A, "https://news.example.com/a/1.html?UTM_Campaign=x"),
    (A, "https://news.example.com/a/1.html?spm=C73544894212.P59511941341.0.0"),
    (A, "https://news.example.com/a/1.html?fbclid=IwAR0&gclid=1"),
    (A, "https://news.example.com/a/1.html;jsessionid=0A1B2C?mc_cid=1"),
    (A, "https://news.example.com/a/1.html?PHPSESSID=0123"),
    (A, "https://news.example.com/%61/1.html"),
    (A, "  https://news.example.com/a/1.html\n"),
    (A, "https://news.example.com\\a\\1.html"),
    ("https://news.example.com/", "https://news.example.com"),
    ("https://news.example.com/?id=1", "https://news.example.com/?utm_term=a&id=1&"),
    ("https://news.example.com/%E4%B8%AD", "https://news.example.com/中"),
    ("https://news.example.com/%E4%B8%AD", "https://news.example.com/%e4%b8%ad"),
    ("https://xn--fiqs8s.example/", "https://中国.example/"),
    ("http://127.0.0.1/", "http://2130706433/"),
    ("http://news.example.com:81/", "http://news.example.com.:81/"),
    ("http://news.example.com/", "http://news.example.com:80/"),
)

DIFFERENT = (
    (A, "https://news.example.com/A/1.html"),
    (A, "https://news.example.com/a/1.html/"),
    (A, "http://news.example.com/a/1.html"),
    (A, "https://www.news.example.com/a/1.html"),
    (A, "https://news.example.com:8443/a/1.html"),
    (A, "https://news.example.com/a/1.html?id=1"),
    (A, "https://news.example.com/a/1.html?from=wap"),
    (A, "https://news.example.com/a/1.html?page=2"),
    ("https://a.example/?id=1", "https://a.example/?id=2"),
    ("https://a.example/?id=1", "https://a.example/?ID=1"),
    ("https://a.example/?a=1&b=2", "https://a.example/?b=2&a=1"),
    ("https://a.example/?id", "https://a.example/?id="),
    ("https://a.example/?q=a+b", "https://a.example/?q=a%2Bb"),
    ("https://a.example/a%2Fb", "https://a.example/a/b"),
    ("https://a.example/a//b", "https://a.example/a/b"),
    ("https://a.example/a%20b", "https://a.example/a+b"),
    ("https://a.example/news;id=1", "https://a.example/news;id=2"),
    ("https://a.example/?ref=1", "https://a.example/?ref=2"),
    ("https://a.example/?source=1", "https://a.example/?source=2"),
    ("https://a.example/?sid=1", "https://a.example/?sid=2"),
    ("https://a.example/%C4%E3", "https://a.example/%C4%E4"),
    ("https://a.example/100%", "https://a.example/100%25"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_page(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_what_a_site_says() -> None:
    url = "https://a.example/?from=wap&b=2&a=1&a=0"
    assert canonical_url(url, drop=("from",)) == "https://a.example/?b=2&a=1&a=0"
    # Values of one name keep their order: that order may mean something.
    assert canonical_url(url, drop=("from",), sort_query=True) == "https://a.example/?a=1&a=0&b=2"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/a",
        "a.html",
        "ftp://a.example/",
        "mailto:a@b.example",
        "javascript:x()",
        "http://",
        "http://[::1",
        "\ud800",
    ],
)
def test_no_http_url(url: str) -> None:
    with pytest.raises(BadField):
        canonical_url(url)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/x", "https://a.example/x"),
        ("x?y#z", "https://a.example/b/x?y#z"),
        ("//other.example/x", "https://other.example/x"),
        ("\n  /x y \u3000", "https://a.example/x%20y"),
        ("../../x", "https://a.example/x"),
        ("?p=2", "https://a.example/b/c?p=2"),
        ("", None),
        ("   ", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("\ud800", None),
    ],
)
def test_join(href: str, url: str | None) -> None:
    assert join("https://a.example/b/c", href) == url


def test_host_of() -> None:
    assert host_of("https://USER@News.Example.com.:8443/a") == "news.example.com"
    with pytest.raises(BadField):
        host_of("news.example.com/a")


def test_tracking_names_are_specific() -> None:
    """Names that select the page on some site must never be dropped everywhere."""
    assert not TRACKING & {
        "from",
        "ref",
        "source",
        "id",
        "sid",
        "cid",
        "page",
        "p",
        "share",
        "type",
        "code",
        "ts",
        "for",
    }


@pytest.mark.skipif(not WHATWG.exists(), reason="needs ../shared/data/hostile/whatwg-url")
def test_whatwg() -> None:
    """Every valid http(s) address of the web platform's tests is read as there, every other one is refused."""
    cases = [case for case in json.loads(WHATWG.read_text(encoding="utf-8")) if isinstance(case, dict)]
    wrong = [case for case in cases if _differs(case)]
    assert wrong == []


def _differs(case: dict[str, str]) -> bool:
    base, href = case.get("base"), case["input"]
    base = None if base in (None, "about:blank") else base
    if case.get("failure"):
        return base is None and _canonical(href) is not None
    if not case["href"].startswith(("http:", "https:")):
        return False
    if base is not None and href.strip(" \t\n") == "":
        return join(base, href) is not None  # a link to nowhere, which is no page of its own
    read = join(base, href) if base is not None else join("about:blank", href)
    return read != case["href"] or _canonical(case["href"]) is None


def _canonical(url: str) -> str | None:
    try:
        return canonical_url(url)
    except BadField:
        return None


@pytest.mark.skipif(not WHATWG.exists(), reason="needs ../shared/data/hostile/whatwg-url")
def test_whatwg_idempotent() -> None:
    for case in json.loads(WHATWG.read_text(encoding="utf-8")):
        if isinstance(case, dict) and (once := _canonical(case.get("href", ""))) is not None:
            assert canonical_url(once) == once


@given(
    st.builds(
        "{}://{}/{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP"]),
        st.sampled_from(["a.example", "A.example.:80", "u:p@a.example:443", "[::1]", "1.2.3.4.", "中国.example", "."]),
        st.text(alphabet="aZ0/.;:%24é中 \\=jsessionid", max_size=30),
        st.text(alphabet="aZ0=&%24+;é中utm_spm[]", max_size=30),
        st.text(max_size=5),
    ),
    st.booleans(),
)
def test_idempotent(url: str, sort_query: bool) -> None:
    once = _canonical(url)
    if once is not None:
        assert canonical_url(once) == once
        ordered = canonical_url(once, sort_query=sort_query)
        assert canonical_url(ordered, sort_query=sort_query) == ordered


@given(st.text(max_size=60), st.text(max_size=60))
def test_never_another_error(base: str, href: str) -> None:
    _canonical(href)
    join(base, href)
    join("https://a.example/", href)


def test_fast() -> None:
    url = "https://finance.example.com/a/202102011790123456.html?spm=1&id=2"
    assert min(timeit.repeat(lambda: canonical_url(url), number=1000, repeat=5)) / 1000 < 20e-6
