# ruff: noqa: E501  (markup reads better on one line)
"""What a page is: the listings and articles of all cases and of saved real pages, and what tells them apart."""

import json
from pathlib import Path

import pytest

from crawler.cases import Case, fixtures_root, load_cases
from crawler.extraction import page_kind
from crawler.extraction.anysite import PageKind
from crawler.items import Kind
from tests.pages_for_tests import html_page

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages"
KINDS = {Kind.LISTING: PageKind.LISTING, Kind.ARTICLE: PageKind.ARTICLE}
# A list shown as code, an empty list, a list of one link of three characters.
UNTOLD = {"emnews-as-code", "category-21shijijingjibaodao-21caijingapp", "category-zhengquanribao"}
TEXT = (
    "The board of the harbour voted on Tuesday to raise the quay by half a metre, officials said. "
    "Work begins in spring, and the port stays open, the mayor told reporters."
)
TITLES = ("Quay to rise by half a metre before spring", "Night trains return to the northern line", "Ferry company fined over lifeboats")  # fmt: skip


def is_plain(case: Case) -> bool:
    """Whether a case is a listing or an article that can be read."""
    if case.page.type != "html" or case.kind not in KINDS or case.name in UNTOLD:
        return False
    expected = json.loads((case.folder / "expected.json").read_text(encoding="utf-8"))
    return not (isinstance(expected, dict) and "error" in expected)


CASES = [case for site in sorted(fixtures_root().iterdir()) if site.is_dir() for case in load_cases(site)]


@pytest.mark.parametrize("case", list(filter(is_plain, CASES)), ids=lambda case: f"{case.site}-{case.name}")
def test_cases_of_described_sites(case: Case) -> None:
    assert page_kind(case.page) is KINDS[case.kind]


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real pages at {SHARED}")
def test_real_pages() -> None:
    """Most have no address here, so that it tells nothing."""
    wrong = []
    for line in (SHARED / "index.jsonl").open(encoding="utf-8"):
        entry = json.loads(line)
        if entry["kind"] in ("article", "listing"):
            page = html_page((SHARED / entry["file"]).read_bytes(), entry["url"] or "https://example.com/")
            if (kind := page_kind(page)).value != entry["kind"]:
                wrong.append((entry["file"], kind))
    assert wrong == []


def record(number: int, *, summary: str = TEXT, folder: str = "/a/2026/05/19/") -> str:
    title = TITLES[number % len(TITLES)]
    return f'<div class="item"><h3><a href="{folder}story-{number}-of-the-day">{title}</a></h3><p>{summary}</p></div>'


def records(count: int, *, summary: str = TEXT, folder: str = "/a/2026/05/19/") -> str:
    return "".join(record(number, summary=summary, folder=folder) for number in range(count))


OG_ARTICLE = "<meta property='og:type' content='article'>"
KEY = "/5b753f9fa310030f813cf408"
STORY = f"<h1>{TITLES[0]}</h1><p>{TEXT * 3}</p>"


@pytest.mark.parametrize(
    ("body", "path", "kind"),
    [
        # records of headline and summary, however long the text is together and whatever the address looks like
        (f"<div>{records(12)}</div>", KEY, PageKind.LISTING),
        (f"<div>{records(2)}</div>", "/world", PageKind.LISTING),
        (f"<div>{records(1)}</div>", KEY, PageKind.LISTING),
        (f"<h1>World</h1><div>{records(3)}</div>", "/world", PageKind.LISTING),
        # blog software calls the pages of categories articles
        (f"{OG_ARTICLE}<div>{records(12)}</div>", "/world", PageKind.LISTING),
        (f"{OG_ARTICLE}<div>{records(2)}</div>", "/world", PageKind.ARTICLE),
        # a list without any text
        (f"<ul>{records(2, summary='')}</ul>", "/world", PageKind.LISTING),
        # the same records under a story
        (f"<title>{TITLES[0]}</title>{STORY}<div class='list'>{records(4)}</div>", "/a/1", PageKind.ARTICLE),
        # a page that stands among the pages it links to
        (f"<div>{records(12)}</div>", "/a/2026/05/09/story-9-of-the-day", PageKind.ARTICLE),
        (f"<div>{records(12, folder='/')}</div>", "/local-government-news", PageKind.LISTING),
        # a round-up of linked headlines under one of its own
        (f"<title>{TITLES[0]}</title><h1>{TITLES[0]} and all that was said</h1><div>{records(5)}</div>", "/a/2026/roundup", PageKind.ARTICLE),
        # a short story between long lists of links
        (f"<title>Forum</title><table><tr><td>{records(9, summary='')}</td><td>{TEXT * 2}</td></tr></table>", "/", PageKind.ARTICLE),
        # a note at the foot is no story
        (f"<ul>{records(12, summary='')}</ul><div>{TEXT[:130]}.</div>", "/world", PageKind.LISTING),
    ],
    ids=["records", "two", "one", "section", "category", "og article", "headlines", "story", "kin", "root", "round-up", "forum", "note"],
)  # fmt: skip
def test_listing_or_article(body: str, path: str, kind: PageKind) -> None:
    markup = body if body.startswith("<title>") else f"<title>World</title>{body}"
    assert page_kind(html_page(markup, f"https://a.example{path}")) is kind
