# ruff: noqa: E501  (markup reads better on one line)
"""Listings without rules: links and next page, against gold that was written before the engine."""

import json
import re
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from lxml import etree

from crawler.cases import Case, load_cases
from crawler.extraction.anysite import PageKind, listing, read
from crawler.page import Page
from crawler.urls import canonical_url, join
from tests.pages_for_tests import html_page

PAGES = Path(__file__).parent / "pages" / "listings"
CASES = load_cases(PAGES)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


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
    ("name", "headline"),
    [
        ("bbc-sections", "Harbour authority approves wider channel after two-year inquiry"),  # summary in the link
        ("spiegel-teasers", "Hafenausbau: Gericht weist Klage der Umweltverbände ab"),  # a kicker, a linked summary
        ("german-teasers", "Stadtrat beschließt neue Radwege an der Uferstraße"),  # a kicker without a title
        ("ths-two-links", "新版药品目录谈判启动 罕见病用药单独分组"),  # a linked summary, no heading
        ("guardian-overlays", "Search for missing hikers resumes as fog lifts"),  # no text
        ("ministry-list", "地铁六号线北延段空载试运行 预计春节前开通"),  # cut short
        ("kr36-flow", "跨境电商综试区再扩容 二十二城入围"),
        ("promo-cards", "Volunteers rebuild a footbridge in eleven days"),
    ],
)
def test_headline_of_an_entry(name: str, headline: str) -> None:
    case = next(case for case in CASES if case.name == name)
    assert listing(case.page).entries[0].title == headline


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


def rows(*days: int, tag: str = "li") -> str:
    return "".join(
        f'<{tag}><a href="/2026/05/{day:02}/story-of-the-day.html">A headline of day {day} in May</a></{tag}>'
        for day in days
    )


def entries(markup: str, url: str = "https://a.example/list") -> list[int]:
    """The days of the entries."""
    return [int(entry.url.split("/")[5]) for entry in listing(html_page(markup, url)).entries]


@pytest.mark.parametrize(
    ("markup", "days"),
    [
        # an overlay link has no text but a label
        (
            "<ul>"
            + "".join(
                f'<li><a href="/2026/05/{day:02}/a-story-of-it.html" aria-label="A headline of day {day}"></a>'
                f"<h3>A headline of day {day}</h3></li>"
                for day in range(1, 6)
            )
            + "</ul>",
            [1, 2, 3, 4, 5],
        ),
        # a ranking longer than the list, and one heading over all its tabs
        (
            f"<div class='list'>{rows(1, 2, 3, 4, tag='p')}</div><div class='side'><p>日榜 周榜</p>"
            f"<ul>{rows(5, 6, 7, 8, 9)}</ul><ul>{rows(10, 11, 12, 13, 14)}</ul></div>",
            [1, 2, 3, 4],
        ),
        # a record that speaks of a ranking heads nothing
        (
            "<ul><li><a href='/2026/05/01/a-story-of-it.html'>Most read books of May</a></li>"
            + rows(2, 3, 4)
            + "</ul>",
            [1, 2, 3, 4],
        ),
        # tabs of one make, one of them open
        (
            f"<div><ul class='tab'>{rows(1, 2, 3)}</ul><ul class='tab' style='display:none'>{rows(4, 5, 6)}</ul></div>",
            [1, 2, 3, 4, 5, 6],
        ),
        # the slides over the list, in its column
        (
            f"<div class='col'><div class='a'><div class='slides'>{rows(1, 2, tag='p')}</div></div>"
            f"<div class='b'><ul>{rows(3, 4, 5, 6)}</ul></div></div><div class='c'>{rows(7, 8, tag='p')}</div>",
            [1, 2, 3, 4, 5, 6],
        ),
        # the names of sites and channels
        (f"<h1><a href='/'>The Daily Example of the Harbour</a></h1><ul>{rows(1, 2, 3)}</ul>", [1, 2, 3]),
        # the page itself is a ranking
        (
            f"<title>Most read - A</title><div><h2>Most read today</h2><ul class='x'>{rows(1, 2, 3)}</ul>"
            f"<h2>This week</h2><ul class='y'>{rows(4, 5, 6, 7)}</ul></div>",
            [1, 2, 3, 4, 5, 6, 7],
        ),
    ],
    ids=["label", "ranking", "record", "tabs", "slides", "home", "ranking page"],
)
def test_records_of_a_listing(markup: str, days: list[int]) -> None:
    assert entries(markup) == days


def test_a_page_of_thousands_of_makes_is_read_in_time() -> None:
    def row(number: int, name: str = "") -> str:
        return (
            f'<li class="{name}"><a href="/2026/05/19/story-{number}-of-it.html">A headline of number {number}</a></li>'
        )

    names = ("".join(letters) for letters in product("abcdefghijklmno", repeat=3))
    others = "".join(row(number, f"make-{name}") for number, name in zip(range(2000, 4000), names, strict=False))
    page = html_page(f"<ul>{''.join(map(row, range(2000)))}{others}</ul>", "https://a.example/list")
    start = time.process_time()
    assert len(listing(page).entries) == 4000
    assert time.process_time() - start < 2.0  # a tenth of a second; every group against every link takes five


def test_a_page_without_links_lists_nothing() -> None:
    assert listing(html_page("<p>Nothing here.</p>", "https://a.example/list")).entries == ()


@dataclass(frozen=True)
class RealPage:
    """A saved page of a real site, kept outside of the repository; the gold was written from what a reader sees."""

    file: str
    url: str
    links: str  # XPath of the links in the part of the page that lists
    articles: str  # what the addresses of its articles look like
    count: int  # of the articles, by hand
    next: str | None
    why: str

    @property
    def page(self) -> Page:
        return html_page((SHARED / self.file).read_bytes(), self.url)

    def gold(self, page: Page) -> set[str]:
        hrefs = [str(link.get("href") or "").strip() for link in elements(page, self.links)]
        urls = [url for href in hrefs if (url := join(page.base_url, href)) is not None]
        return {comparable(url) for url in urls if re.search(self.articles, url)}


def elements(page: Page, xpath: str) -> list[etree._Element]:
    found = page.tree.xpath(xpath)
    assert isinstance(found, list)
    return [element for element in found if isinstance(element, etree._Element)]


def comparable(url: str) -> str:
    """Without fragment and the parameters that say where a link was clicked."""
    return canonical_url(url, drop=("_f", "scm", "_trans_"))


REAL = [RealPage(**entry) for entry in json.loads((PAGES.parent / "real-listings.json").read_text(encoding="utf-8"))]


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real pages at {SHARED}")
@pytest.mark.parametrize("real", REAL, ids=lambda real: real.file)
def test_real_listing(real: RealPage) -> None:
    page = real.page
    gold = real.gold(page)
    assert len(gold) == real.count, "the gold no longer says what was counted by hand"
    found = listing(page)
    urls = {comparable(entry.url) for entry in found.entries}
    right = len(urls & gold)
    assert right >= 0.95 * len(urls), sorted(urls - gold)
    assert right >= 0.95 * len(gold), sorted(gold - urls)
    assert found.next_page == real.next
