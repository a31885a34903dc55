"""The path of one page: which state it ends in, what the article holds, and how parts are joined."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler import path
from crawler.items import Article, Kind, State
from crawler.page import Page
from crawler.result import PageResult
from crawler.site import Site

NOW = datetime(2026, 6, 1, tzinfo=UTC)
URL = "https://news.example.com/2026/05/30/a1.html"
SITE = Site(
    name="example",
    hosts=("news.example.com",),
    timezone="Asia/Shanghai",
    article_url=r"/(?P<date>\d{4}/\d\d/\d\d)/(?P<key>\w+)\.html$",
    listing_url=r"/list/",
    article_links="h3 a",
    title="h1",
    published="time",
    source=".from",
    body=".body",
    junk=(".ad",),
)
BODY = """<h1>标题</h1><time>2026-05-30 15:04</time><p class=from>来源：新华网</p><div class=body>
<p>　　第一段 5G﹢。</p><p>图一：<img src=i.jpg alt=图></p><div class=ad>广告</div><p>（编辑：张三）</p></div>"""


def result_of(
    markup: str = BODY,
    *,
    status: int = 200,
    kind: Kind = Kind.ARTICLE,
    site: Site = SITE,
    head: str = "",
    **headers: str,
) -> PageResult:
    text = f"<html><head>{head}</head><body>{markup}</body></html>"
    page = Page(URL, text.encode(), {"content-type": "text/html; charset=utf-8", **headers}, NOW, status)
    return path.process(site, page, url=URL, kind=kind, category="world")


def test_an_article() -> None:
    result = result_of()
    assert (result.state, result.reason) == (State.STORED, "")
    article = result.article
    assert article is not None
    assert article.body_html == (
        "<p>第一段 5G﹢。</p>\n<p>图一：</p>\n"
        '<figure><img src="https://news.example.com/2026/05/30/i.jpg" alt="图"></figure>'
    )
    assert article.body_text == "第一段 5G﹢。\n\n图一："
    assert article.body_markdown.endswith("![图](https://news.example.com/2026/05/30/i.jpg)")
    assert (article.category, article.source, article.editors) == ("world", "新华网", ("张三",))
    assert [(image.url[-5:], image.alt, image.position) for image in article.images] == [("i.jpg", "图", 2)]
    assert article.word_count == 6
    assert article.language == "zh"
    assert len(article.content_hash) == 64
    assert [(row.text, row.step) for row in article.removed] == [
        ("广告", "take_site_junk"),
        ("（编辑：张三）", "take_credits"),
    ]
    assert article.provenance["editors"].rule == "take_credits"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is - plainly - 3.5 % of all", 6),
        ("“It’s naïve”, said the café owner—twice…so", 8),
        ("a\u00a0b&#8195;c\u2014d", 3),  # a wide space joins, a narrow one does not
        ("第一段 5G﹢，iPhone手机", 7),
        ("long before the first one " * 20 + "said 新华社", 104),
    ],
)
def test_words_are_counted(text: str, words: int) -> None:
    article = result_of(f"<h1>Title</h1><time>2026-05-30 15:04</time><div class=body><p>{text}</p></div>").article
    assert article is not None
    assert article.word_count == words


def test_the_same_page_gives_the_same_article() -> None:
    assert result_of().article == result_of().article


STATES = [
    (404, State.GONE, "404"),
    (410, State.GONE, "410"),
    (403, State.REFUSED, "403"),
    (451, State.REFUSED, "451"),
    (429, State.FAILED, "429"),
    (503, State.FAILED, "503"),
    (304, State.UNCHANGED, "304"),
    (400, State.FAILED, "400"),
]


@pytest.mark.parametrize(("status", "state", "reason"), STATES)
@pytest.mark.parametrize("kind", [Kind.ARTICLE, Kind.LISTING, Kind.FEED])
def test_states_by_status(status: int, state: State, reason: str, kind: Kind) -> None:
    result = result_of(status=status, kind=kind)
    assert (result.state, result.reason, result.article, result.links) == (state, reason, None, ())


def test_a_redirect_names_its_target() -> None:
    result = result_of(status=302, location="/b.html")
    assert (result.state, result.target) == (State.MOVED, "https://news.example.com/b.html")
    assert result_of(status=302).state is State.FAILED


BROKEN = [
    ("<div class=body><p>正文。</p></div>", "FieldMissing: title"),
    ("<h1>a1</h1><div class=body><p>正文。</p></div>", "BadField: title: is the page's file name"),
    ("<h1>标题</h1><div class=body><p class=ad>广告</p></div>", "BadField: body: nothing is left of it"),
]


@pytest.mark.parametrize(("markup", "reason"), BROKEN)
def test_a_page_without_title_or_body_is_quarantined_with_what_it_has(markup: str, reason: str) -> None:
    result = result_of(markup)
    assert (result.state, result.reason) == (State.QUARANTINED, reason)
    assert result.article is not None
    assert result.article.upstream_id == "a1"
    if "广告" in markup:
        assert [row.text for row in result.article.removed] == ["广告"]
    if "正文" in markup:
        assert result.article.body_text == "正文。"


MISSING = [
    "404 Not Found",
    "404 | 金融消息",
    "页面不存在 - 某网",
    "您访问的页面不存在或已删除！",
    "Page not found – Example",
    "错误 404",
]


@pytest.mark.parametrize("title", MISSING)
def test_a_page_that_says_it_is_missing_is_gone(title: str) -> None:
    result = result_of("<h1>404</h1><p>抱歉</p>", head=f"<title>{title}</title>")
    assert (result.state, result.reason, result.article) == (State.GONE, "soft 404", None)


@pytest.mark.parametrize(
    "title", ["404团伙覆灭记", "Why 404 pages matter", "失踪者：找不到的人", "“内容不存在”背后的生意"]
)
def test_a_story_about_missing_pages_is_a_story(title: str) -> None:
    assert result_of(head=f"<title>{title} - 某网</title>").state is State.STORED


def test_a_broken_page_says_what_it_lacks_first() -> None:
    result = result_of("<div class=body><p class=ad>广告</p></div>")
    assert (result.state, result.reason) == (State.QUARANTINED, "FieldMissing: title")


def test_a_listing_that_says_it_is_missing_is_gone() -> None:
    assert result_of("", kind=Kind.LISTING, head="<title>404 Not Found</title>").state is State.GONE


def test_listings() -> None:
    result = result_of("<h3><a href=/2026/05/30/b2.html>b</a></h3>", kind=Kind.LISTING)
    assert (result.state, result.reason, len(result.links)) == (State.READ, "", 1)
    assert result_of("", kind=Kind.LISTING).reason == "no links"


@pytest.mark.parametrize("kind", [Kind.ARTICLE, Kind.LISTING])
def test_what_is_no_text_is_refused(kind: Kind) -> None:
    page = Page(URL, b"%PDF-1.7\n\x00\x01\x02\xff\xfe", {"content-type": "application/pdf"}, NOW)
    result = path.process(SITE, page, url=URL, kind=kind)
    assert (result.state, result.reason) == (State.REFUSED, "NotHtml")


def test_a_missing_date_is_a_warning() -> None:
    url = "https://news.example.com/a1.html"
    page = Page(url, BODY.replace("2026-05-30 15:04", "").encode(), {}, NOW)
    result = path.process(replace(SITE, article_url=r"/(?P<key>\w+)\.html$"), page, url=url, kind=Kind.ARTICLE)
    assert result.state is State.STORED
    assert result.article is not None
    assert "published: no date on the page" in result.article.warnings


def test_the_line_at_the_end_of_the_text_names_the_source_better_than_the_header() -> None:
    article = result_of(BODY.replace("（编辑：张三）", "（中国日报江苏记者站）")).article
    assert article is not None
    assert article.source == "中国日报江苏记者站"
    assert article.provenance["source"].raw == "（中国日报江苏记者站）"


def test_a_date_line_in_the_body_dates_a_page_that_states_none_elsewhere() -> None:
    site = replace(SITE, article_url=r"/(?P<key>\w+)\.html$", published="")
    article = result_of("<h1>标题</h1><div class=body><p>2021-02-01 15:04</p><p>正文。</p></div>", site=site).article
    assert article is not None
    assert article.published_at is not None
    assert article.body_text == "正文。"
    assert article.published_at.isoformat() == "2021-02-01T15:04:00+08:00"


def test_content_hash_is_of_what_a_reader_reads() -> None:
    first = result_of().article
    dressed = result_of(BODY.replace("<p>　　第一段", "<p style=color:red><b></b>第一段")).article
    other = result_of(BODY.replace("第一段", "第二段")).article
    hashes = [article.content_hash for article in (first, dressed, other) if article]
    assert hashes[0] == hashes[1] != hashes[2]


LANGUAGES = [("en", "zh"), ("zh-TW", "zh-TW"), ("zh_CN", "zh-CN"), ("", "zh"), ("x!", "zh")]


@pytest.mark.parametrize(("declared", "language"), LANGUAGES)
def test_language_is_the_pages_word_unless_the_script_says_otherwise(declared: str, language: str) -> None:
    text = f"<html lang='{declared}'><body>{BODY}</body></html>"
    page = Page(URL, text.encode(), {"content-type": "text/html; charset=utf-8"}, NOW)
    article = path.process(SITE, page, url=URL, kind=Kind.ARTICLE).article
    assert article is not None
    assert article.language == language


def part(text: str, **facts: Any) -> Article:
    return Article(title="标题", url=URL, body_html=f"<p>{text}</p>", **facts)


def test_parts_are_joined_in_order() -> None:
    joined = path.join_parts(part("一"), [part("二", editors=("张三",)), part("三", source="新华社")])
    assert joined.body_text == "一\n\n二\n\n三"
    assert joined.body_html == "<p>一</p>\n<p>二</p>\n<p>三</p>"
    assert (joined.editors, joined.source, joined.warnings, joined.word_count) == (("张三",), "新华社", (), 3)


def test_a_missing_part_is_a_warning() -> None:
    joined = path.join_parts(part("一"), [part("二"), None])
    assert joined.body_text == "一\n\n二"
    assert joined.warnings == ("body: page 3 is missing",)


def test_a_further_page_needs_no_title() -> None:
    result = result_of("<div class=body><p>二</p></div>", kind=Kind.PART)
    assert result.state is State.PART
    assert result.article is not None
    assert result.article.body_text == "二"
