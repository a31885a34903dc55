# ruff: noqa: E501  (markup reads better on one line)
"""Listings without rules: links and next page, against gold that was written before the engine."""

import json
from pathlib import Path

import pytest

from crawler.cases import Case, load_cases
from crawler.extraction.anysite import PageKind, listing, read
from tests.pages_for_tests import html_page

PAGES = Path(__file__).parent / "pages" / "listings"
CASES = load_cases(PAGES)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_listing(case: Case) -> None:
    gold = json.loads((case.folder / "expected.json").read_text(encoding="utf-8"))
    found = listing(case.page)
    urls = [entry.url for entry in found.entries]
    right = len(set(urls) & set(gold["links"]))
    assert len(urls) == len(set(urls))
    assert right >= 0.95 * len(urls), set(urls) - set(gold["links"])
    assert right >= 0.95 * len(gold["links"]), set(gold["links"]) - set(urls)
    assert found.next_page == gold["next"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_listing_asked_for_as_an_article_is_told(case: Case) -> None:
    assert read(case.page).kind is PageKind.LISTING


def test_entries_stand_in_page_order_with_their_headlines_and_dates() -> None:
    case = next(case for case in CASES if case.name == "chinanews-scroll")
    found = listing(case.page)
    gold = json.loads((case.folder / "expected.json").read_text(encoding="utf-8"))
    assert [entry.url for entry in found.entries] == gold["links"]
    assert all(entry.published is not None and entry.published.tzinfo is not None for entry in found.entries)
    assert all(entry.title and not entry.title.startswith("[") for entry in found.entries)


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<a href="/l/2">下一页</a>', "https://a.example/l/2"),
        ('<div class="page"><b>1</b><a href="p2.html">2</a><a href="p3.html">3</a></div>', "https://a.example/p2.html"),
        (
            '<div class="pages"><a href="/">1</a><span class="current">2</span><a href="/3">3</a></div>',
            "https://a.example/3",
        ),
        ('<div class="pagination"><a href="/list?p=2">›</a></div>', "https://a.example/list?p=2"),
        ('<a href="/l/2" rel="next">Show more</a>', "https://a.example/l/2"),
        ('<a href="https://b.example/2">Next</a>', None),  # another host
        ('<a href="javascript:next()">下一页</a>', None),
        ('<p><a href="/story">More</a></p>', None),  # outside of a pager
        ("", None),
    ],
)
def test_next_page(pager: str, following: str | None) -> None:
    rows = "".join(
        f'<li><a href="/2026/05/{day:02}/story-of-the-day.html">A headline of day {day} in May</a></li>'
        for day in range(1, 9)
    )
    page = html_page(f"<ul>{rows}</ul>{pager}", "https://a.example/list")
    assert listing(page).next_page == following


def test_links_to_other_sites_frames_and_rankings_are_no_entries() -> None:
    rows = "".join(
        f'<li><a href="/2026/05/{day:02}/story-of-the-day.html">A headline of day {day} in May</a></li>'
        for day in range(1, 9)
    )
    page = html_page(
        f"<nav><a href='/2026/05/09/navigation-that-looks-like-one.html'>Navigation that looks like a headline</a></nav><ul>{rows}</ul>"
        "<ul><li><a href='https://ads.example/2026/05/10/buy-this-now-and-here.html'>An advertisement somewhere else</a></li></ul>"
        "<h3>Most read</h3><ol><li><a href='/2026/05/11/a-story-that-many-read.html'>A story that many people read</a></li></ol>",
        "https://a.example/list",
    )
    assert [entry.url for entry in listing(page).entries] == [
        f"https://a.example/2026/05/{day:02}/story-of-the-day.html" for day in range(1, 9)
    ]


def test_a_page_without_links_lists_nothing() -> None:
    assert listing(html_page("<p>Nothing here.</p>", "https://a.example/list")).entries == ()


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real pages at {SHARED}")
@pytest.mark.parametrize(
    ("file", "url", "count", "own"),
    [
        (
            "163.com/gerapyautoextractor__netease_international_news.html",
            "https://news.163.com/world/",
            140,
            "163.com/",
        ),
        ("163.com/gerapyautoextractor__netease_rolling_news.html", "https://news.163.com/latest/", 40, "163.com/"),
        ("qq.com/gerapyautoextractor__tencent_important_news.html", "https://news.qq.com/", 10, "https://new.qq.com/"),
    ],
)
def test_real_listings(file: str, url: str, count: int, own: str) -> None:
    """The counts are of the records that a reader sees in the list."""
    found = listing(html_page((SHARED / file).read_bytes(), url))
    assert len(found.entries) == count
    assert all(own in entry.url for entry in found.entries)
