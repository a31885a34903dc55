"""Every saved page through the path that a crawl takes, against what a person has read and found right."""

import pytest
from lxml import html

from crawler import cleaning
from crawler.body import Body
from crawler.cases import Case, fixtures_root, load_cases
from crawler.items import Kind
from tests.outcomes import expected, outcome, result_of, write_expected

CASES = load_cases(fixtures_root())
ARTICLES = [case for case in CASES if case.kind in (Kind.ARTICLE, Kind.PART)]


def case_id(case: Case) -> str:
    return f"{case.site}-{case.name}"


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_case(case: Case, update: bool) -> None:
    got = outcome(result_of(case))
    if update:
        write_expected(case.folder, got)
    assert got == expected(case), case.why


@pytest.mark.parametrize("case", ARTICLES, ids=case_id)
def test_cleaning_twice_changes_nothing(case: Case) -> None:
    result = result_of(case)
    if result.article is None or not result.article.body_html:
        pytest.skip("this page is kept for not being an article")
    article = result.article
    again = Body(html.fragment_fromstring(article.body_html, create_parent="div"), article.url, title=article.title)
    cleaning.clean_body(again)
    cleaning.strip_tail(again)
    assert cleaning.render_html(again) == article.body_html
    assert cleaning.render_texts(again).text == article.body_text
    assert cleaning.render_texts(again).markdown == article.body_markdown


def test_every_case_says_why_it_is_kept() -> None:
    assert all(case.why for case in CASES)
    assert len({(case.site, case.why) for case in CASES if case.kind == "article"}) == sum(
        case.kind == "article" for case in CASES
    )
