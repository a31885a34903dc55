"""The conservation law of cleaning, and that cleaning twice changes nothing, on every page that we have.

Every visible character of a container is in its text or in `removed`, exactly once. What rendering adds are marks: the
bars and dashes of tables, the signs and numbers of lists.
"""

import copy
import gzip
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree, html
from parsel import Selector

from crawler import cleaning
from crawler.body import Body, visible_text
from crawler.cases import fixtures_root, load_cases
from crawler.decoding import decode
from crawler.errors import NotHtml
from crawler.extraction import draft
from crawler.items import Kind
from crawler.page import Page
from crawler.site import Site
from crawler.sites import load_site

DATA = Path(__file__).parents[1] / ".." / "shared" / "data"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BASE = "https://news.example.com/a/b.html"
MARKS = re.compile(r"[\s|\\0-9.-]")


def visible(text: str) -> Counter[str]:
    """Characters that a reader sees: no white space, controls or zero-width signs."""
    text = unicodedata.normalize("NFC", text)
    return Counter(
        char for char in text if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf", "Cn", "Cs")
    )


def check(body: Body) -> None:
    """Clean a body, hold it against the law, and clean what came out again."""
    before = visible(visible_text(body.tree)) + visible(" ".join(row.text for row in body.removed))
    cleaning.clean_body(body)
    cleaning.strip_tail(body)
    removed = visible(" ".join(row.text for row in body.removed))
    assert before == visible("".join(body.tree.itertext())) + removed
    captions = ["".join(caption.itertext()) for caption in body.tree.iter("figcaption")]
    text = visible(cleaning.render_texts(body).text)
    if text != visible(" ".join(captions)):  # of a photo story they are the text
        text += visible(" ".join(captions))
    left = before - removed
    assert not left - text
    assert all(MARKS.fullmatch(char) for char in text - left)
    markup = cleaning.render_html(body)
    assert visible("".join(html.fragment_fromstring(markup, create_parent="div").itertext())) == left
    again = Body(html.fragment_fromstring(markup, create_parent="div"), body.base_url, title=body.title)
    cleaning.clean_body(again)
    cleaning.strip_tail(again)
    assert again.removed == []
    assert cleaning.render_html(again) == markup
    assert cleaning.render_texts(again).text == cleaning.render_texts(body).text


def saved_pages() -> Iterator[Path]:
    for folder in ("pages", "finews/site", "finews/hazards/site"):
        yield from sorted((DATA / folder).rglob("*.html"))
    yield from sorted((DATA / "bench").rglob("*.html.gz"))[::6]


def bytes_of(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


def test_every_container_of_the_fixtures() -> None:
    checked = 0
    for case in load_cases(fixtures_root()):
        if case.kind not in (Kind.ARTICLE, Kind.PART) or not 200 <= case.page.status < 300:
            continue
        try:
            read = draft(load_site(case.site), case.page)
        except NotHtml:
            continue
        if read.body is not None:
            check(read.body)
            checked += 1
    if not checked:
        pytest.skip("no article among the fixtures")


@pytest.mark.skipif(not DATA.is_dir(), reason="no reference pages beside this checkout")
def test_containers_of_sites_that_nobody_described() -> None:
    site = Site(name="any", hosts=("news.example.com",))
    failed = []
    for file in saved_pages():
        try:
            read = draft(site, Page(BASE, bytes_of(file), {"content-type": "text/html"}, NOW))
            if read.body is not None:
                check(read.body)
        except NotHtml:
            continue
        except AssertionError as error:
            failed.append(f"{file.relative_to(DATA)}: {str(error)[:300]}")
    assert failed == []


@pytest.mark.skipif(not DATA.is_dir(), reason="no reference pages beside this checkout")
def test_whole_pages_as_containers() -> None:
    """No extraction in between: all markup that real pages hold, navigation and broken tables too."""
    failed = []
    for file in saved_pages():
        root = Selector(decode(bytes_of(file))).root
        container = root.find("body") if root is not None else None
        if not isinstance(container, etree._Element):
            continue
        try:
            check(Body(copy.deepcopy(container), BASE))
        except AssertionError as error:
            failed.append(f"{file.relative_to(DATA)}: {str(error)[:300]}")
    assert failed == []
