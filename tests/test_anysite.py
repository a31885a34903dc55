# ruff: noqa: E501  (markup reads better on one line)
"""The any-site engine on small pages of every kind it has to tell apart."""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import pytest
from lxml import etree

import crawler
from crawler.body import visible_text
from crawler.cases import Case, fixtures_root, load_cases
from crawler.errors import BadField, CrawlerError, FieldMissing
from crawler.extraction import anysite
from crawler.extraction.anysite import PageKind
from crawler.extraction.anysite.facts.language import language
from crawler.extraction.anysite.hints import Hint, of_name
from crawler.extraction.anysite.scripts import script_article
from crawler.extraction.anysite.structured import loads
from crawler.extraction.anysite.title import without_site
from crawler.items import Article, Kind, State
from crawler.path import process
from crawler.site import Site, undescribed
from crawler.sites import load_site
from tests.pages_for_tests import html_page

TEXT = (
    "The harbour board voted on Tuesday to raise the old quay by forty centimetres, after three winters of floods.",
    "Work will start in August, the engineer in charge said, and it should be done before the storms come back.",
    "Shopkeepers along the front welcomed the plan, although some of them fear for their trade in the meantime.",
    "“We have waited long enough,” said one of them, who has mopped her floor eleven times since the new year.",
)
HAN = (
    "本报讯（记者 周明）五月十九日，港务局宣布，旧码头将整体抬高四十厘米，工程预计八月开工。",
    "工程负责人表示，施工将避开汛期，力争在明年春天之前完成全部主体结构。",
    "沿街商户对此表示欢迎，也有人担心施工期间的生意，希望道路不要全部封闭。",
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def story(body: str, *, head: str = "", top: str = "", bottom: str = "", lang: str = "en") -> str:
    return (
        f"<html lang='{lang}'><head><title>Quay to rise by forty centimetres | The Example</title>"
        f"<meta property='og:site_name' content='The Example'>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<main><h1>Quay to rise by forty centimetres</h1>{top}<div class='article-body'>{body}</div>{bottom}</main>"
        "<footer>© The Example</footer></body></html>"
    )


def text_of(markup: str, url: str = "https://www.example.com/news/2026/05/19/story.html") -> str:
    body = anysite.read(html_page(markup, url)).body
    return "" if body is None else visible_text(body)


# the body


@pytest.mark.parametrize(
    ("box", "gone"),
    [
        ("<aside><p>Read our other story about harbours, it is long and good.</p></aside>", "other story"),
        (
            "<div class='related-articles'><h3>More</h3><p><a href='/b'>Another story about the sea</a></p></div>",
            "Another story",
        ),
        ("<div class='share-bar'>Share on Facebook</div>", "Facebook"),
        (
            "<div class='newsletter-signup'><p>Sign up to our newsletter, it comes every day, and it is free.</p></div>",
            "newsletter",
        ),
        ("<p><a href='/c'>Read also: The town that moved uphill</a></p>", "moved uphill"),
        ("<p>Advertisement</p>", "Advertisement"),
        ("<section class='comments'><p>First! I say, this is a fine plan, and I like it.</p></section>", "First!"),
        ("<p hidden>Not for readers, this sentence, not at all.</p>", "Not for readers"),
        (
            "<ul><li><a href='/1'>One more story here</a></li><li><a href='/2'>And one more there</a></li></ul>",
            "One more story",
        ),
        ("<h3>Related stories</h3><ul><li><a href='/1'>One more story here</a></li></ul>", "Related stories"),
    ],
)
def test_what_is_not_the_article_is_cut_and_told(box: str, gone: str) -> None:
    reading = anysite.read(html_page(story(paragraphs(*TEXT[:2]) + box + paragraphs(*TEXT[2:]))))
    body = reading.body
    assert body is not None
    assert all(text in visible_text(body) for text in TEXT)
    assert gone not in visible_text(body)
    assert any(gone in row.text for row in reading.removed)


@pytest.mark.parametrize(
    "kept",
    [
        "<h2>What the neighbours say</h2>",
        "<h2 id='nav_what_the_neighbours_share'>What the neighbours say</h2>",
        "<blockquote><p>We shall see, she said, and went back to work.</p></blockquote>",
        "<ul><li>forty centimetres of new stone</li><li>two new pumps</li></ul>",
        "<table><tr><th>Year</th><th>Floods</th></tr><tr><td>2024</td><td>7</td></tr></table>",
        "<p>The plan is on show in the <a href='/hall'>town hall</a> until June.</p>",
        "<p>图片来源：港务局年度统计报告</p>",
    ],
)
def test_what_belongs_to_the_text_stays(kept: str) -> None:
    text = text_of(story(paragraphs(*TEXT[:2]) + kept + paragraphs(*TEXT[2:])))
    assert visible_text(etree.fromstring(f"<div>{kept}</div>")) in text


def test_an_article_split_over_sections_is_put_together() -> None:
    body = (
        "<section class='text'>"
        + paragraphs(*TEXT[:2])
        + "</section><div class='ad'>Buy</div><section class='text'>"
        + paragraphs(*TEXT[2:])
    )
    assert all(text in text_of(story(body + "</section>")) for text in TEXT)


def test_lines_beside_a_long_list_belong_to_the_article() -> None:
    items = "".join(f"<li>{text}</li>" for text in TEXT)
    body = text_of(story(f"<p>Four questions to the town</p><p>Host: the harbour office</p><ol>{items}</ol>"))
    assert "Host: the harbour office" in body
    assert all(text in body for text in TEXT)


def test_a_list_that_lays_out_the_page_is_no_part_of_the_article() -> None:
    side = "<p>Forecasts for the week, and a word on tides.</p><p>Search</p>"
    body = text_of(f"<html><body><div><ul><li>{paragraphs(*TEXT)}</li><li>Tides</li></ul>{side}</div></body></html>")
    assert TEXT[0] in body
    assert "Search" not in body


def test_lines_beside_most_of_the_text_belong_to_the_body() -> None:
    lines = "".join(f"<div>{text}</div>" for text in (TEXT[0], "- the first pump", "- the second pump"))
    body = text_of(story(f"<div>{paragraphs(*TEXT[1:] * 3)}</div>{lines}"))
    assert "- the second pump" in body
    assert TEXT[0] in body


def test_comments_longer_than_the_article_are_not_the_article() -> None:
    thread = (
        "<div class='comments'>"
        + paragraphs(*(f"Comment {n}: I think so too, and I said so before, often." for n in range(40)))
        + "</div>"
    )
    text = text_of(story(paragraphs(*TEXT), bottom=thread))
    assert TEXT[0] in text
    assert "Comment 7" not in text


def test_teasers_with_summaries_are_not_the_article() -> None:
    teasers = "".join(
        f"<div class='item'><h3><a href='/{n}'>A headline of another story, number {n}</a></h3><p>{TEXT[n % 4]} And so on, and so on.</p></div>"
        for n in range(12)
    )
    text = text_of(
        f"<html><body><main><h1>Quay to rise</h1><div class='entry'>{paragraphs(*TEXT)}</div><div class='stream'>{teasers}</div></main></body></html>"
    )
    assert TEXT[3] in text
    assert "another story" not in text


def test_bare_text_and_line_breaks_in_table_cells() -> None:
    cell = "<br>　　".join(HAN)
    markup = f"<html><body><table><tr><td><a href='/'>首页</a> <a href='/n'>新闻</a></td></tr><tr><td>　　{cell}</td></tr></table></body></html>"
    assert all(text in text_of(markup) for text in HAN)


def test_a_name_on_the_whole_page_condemns_nothing() -> None:
    markup = f"<html><body class='has-sidebar comments-open'><div class='newsletter-page'>{paragraphs(*TEXT)}</div></body></html>"
    assert all(text in text_of(markup) for text in TEXT)


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src='/quay.jpg' alt='The quay'><figcaption>The quay in winter. Photo: A. Brook</figcaption></figure>",
        "<div class='image'><img src='/quay.jpg' alt='The quay'><p class='caption'>The quay in winter. Photo: A. Brook</p></div>",
        "<div class='pic'><picture><source srcset='/quay.jpg 800w'><img src='data:image/gif;base64,R0' data-src='/quay.jpg'></picture>"
        "<span>The quay in winter. Photo: A. Brook</span></div>",
    ],
)
def test_an_image_stays_in_its_place_with_its_caption(picture: str) -> None:
    markup = story(paragraphs(*TEXT[:2]) + picture + paragraphs(*TEXT[2:]))
    article = crawler.extract(markup, "https://www.example.com/2026/05/19/quay")
    assert [(image.url, image.caption, image.position) for image in article.images] == [
        ("https://www.example.com/quay.jpg", "The quay in winter. Photo: A. Brook", 2)
    ]
    assert article.body_text == "\n\n".join(TEXT)


def test_pictures_of_other_articles_are_not_the_articles() -> None:
    box = (
        "<div class='box'><a href='/1'><img src='/1.jpg'></a><a href='/1'>The town that moved uphill</a>"
        "<a href='/2'><img src='/2.jpg'></a><a href='/2'>Pumps for the old harbour</a></div>"
    )
    article = crawler.extract(story(paragraphs(*TEXT) + box), "https://www.example.com/2026/05/19/quay")
    assert article.images == ()
    assert "uphill" not in article.body_html


def test_a_lead_picture_may_be_a_link() -> None:
    lead = "<div class='pic'><a href='/quay/photos'><img src='/quay.jpg'> The quay in winter, two pictures</a></div>"
    article = crawler.extract(story(lead + paragraphs(*TEXT)), "https://www.example.com/2026/05/19/quay")
    assert [image.url for image in article.images] == ["https://www.example.com/quay.jpg"]


def test_an_article_behind_a_curtain_is_read_to_its_end() -> None:
    curtain = f"<div class='paywall' style='display:none'>{paragraphs(*TEXT[1:], *TEXT)}</div>"
    article = crawler.extract(story(f"<p>{TEXT[0]}</p>{curtain}"), "https://www.example.com/2026/05/19/quay")
    assert all(f"{article.digest}\n{article.body_text}".count(text) == 2 for text in TEXT)


def test_a_standfirst_is_given_without_its_label_and_never_twice() -> None:
    said = "码头要加高四十厘米，新泵房年内完工，港务局昨天说。"
    markup = story(paragraphs(*HAN), top=f"<p class='summary'>摘要：{said}</p>")
    assert anysite.read(html_page(markup)).digest == said
    markup = story(paragraphs(said + "工程从五月开始，到冬天结束。", *HAN), top=f"<p class='summary'>摘要：{said}</p>")
    assert anysite.read(html_page(markup)).digest is None


def test_the_standfirst_beside_the_body_is_the_digest() -> None:
    reading = anysite.read(
        html_page(
            story(
                paragraphs(*TEXT), top="<p class='standfirst'>Three winters of floods were enough, the board found.</p>"
            )
        )
    )
    assert reading.digest == "Three winters of floods were enough, the board found."
    assert reading.body is not None
    assert "Three winters of floods were enough" not in visible_text(reading.body)


def test_every_word_of_the_container_is_in_the_body_or_in_removed_once() -> None:
    box = "<aside>Aside, aside.</aside><p>Advertisement</p><div class='share'>Share <b>this</b> now</div> tail text <h3>Related</h3><p><a href='/x'>Elsewhere</a></p>"
    markup = story(paragraphs(*TEXT[:2]) + box + paragraphs(*TEXT[2:]))
    page = html_page(markup)
    container = page.tree.find(".//div[@class='article-body']")
    before = _words(visible_text(container))
    reading = anysite.read(page)
    assert reading.body is not None
    after = _words(visible_text(reading.body))
    for row in reading.removed:
        after += _words(row.text)
    assert after == before
    assert visible_text(container) == " ".join(visible_text(container).split())  # the page's tree stays whole


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


# bodies in scripts


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{"props":{"article":{"title":"码头抬高","content":"CONTENT"}}}</script>',
        '<script>var allData = {"docData":{"title":"码头抬高","contentData":{"contentList":[{"data":"CONTENT","type":"text"}]}}};</script>',
        '<script>window.__INITIAL_STATE__={"detail":{"title":"码头抬高","body":"CONTENT"}};(function(){})()</script>',
        '<script>window.DATA = JSON.parse("{\\"title\\":\\"码头抬高\\",\\"html\\":\\"CONTENT\\"}")</script>',
    ],
)
def test_a_body_held_in_a_script(script: str) -> None:
    content = "".join(f"<p>{text}</p>" for text in HAN * 2).replace('"', "")
    page = html_page(f"<html><body><div id='app'></div>{script.replace('CONTENT', content)}</body></html>")
    found = script_article(page.tree)
    assert found is not None
    assert found.title == "码头抬高"
    body = anysite.read(page).body
    assert body is not None
    assert all(text in visible_text(body) for text in HAN)


def test_texts_of_a_gallery_in_a_string_of_an_object() -> None:
    state = json.dumps({"count": 4, "abstracts": list(TEXT)})
    markup = f"<html><body><script>var DATA = {{a: 'b'}}; DATA.info = {{title: 'Quay', gallery: JSON.parse({json.dumps(state)})}}</script></body></html>"
    found = script_article(html_page(markup).tree)
    assert found is not None
    assert found.markup.count("<p>") == len(TEXT)


def test_paragraphs_in_a_list_of_a_script_are_one_body() -> None:
    blocks = ",".join(f'{{"type":"text","text":"{text}"}}' for text in HAN * 2)
    page = html_page(f'<html><body><script>window.STATE = {{"blocks":[{blocks}]}}</script></body></html>')
    assert all(text in visible_text(anysite.read(page).body) for text in HAN)  # type: ignore[arg-type]


def test_a_tree_that_holds_the_article_is_not_left_for_a_script() -> None:
    other = (
        '<script type="application/json">{"teaser":"' + "".join(f"<p>{text}</p>" for text in HAN * 20) + '"}</script>'
    )
    assert TEXT[0] in text_of(story(paragraphs(*TEXT * 3), bottom=other))


# title


@pytest.mark.parametrize(
    ("text", "names", "title"),
    [
        ("Quay to rise | The Example", {"theexample"}, "Quay to rise"),
        ("Quay to rise - The Example", {"theexample"}, "Quay to rise"),
        ("The Example: Quay to rise", {"theexample"}, "The Example: Quay to rise"),
        ("The Example | Quay to rise", {"theexample"}, "Quay to rise"),
        ("码头将抬高_中国新闻网", {"中国新闻网"}, "码头将抬高"),
        ("码头将抬高-中国新闻网", {"中国新闻网"}, "码头将抬高"),
        ("Left - right - left", {"theexample"}, "Left - right - left"),
    ],
)
def test_a_title_without_the_site(text: str, names: set[str], title: str) -> None:
    assert without_site(text, names) == title


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Quay to rise | The Example</title>", "<h1>Quay to rise</h1>", "Quay to rise"),
        ("<title>Quay to rise | The Example</title>", "<h1>The Example</h1><h2>Quay to rise</h2>", "Quay to rise"),
        ("<title>Quay to rise</title>", "<h1><span>Harbour</span>Quay to rise</h1>", "Quay to rise"),
        (
            "<title>码头将抬高四十厘米_要闻_某某网</title>",
            "<h1>要闻</h1><div>码头将抬高四十厘米</div>",
            "码头将抬高四十厘米",
        ),
        ("<meta property='og:title' content='Quay to rise'>", "<p>No headline is printed here.</p>", "Quay to rise"),
    ],
)
def test_the_printed_headline(head: str, body: str, title: str) -> None:
    markup = f"<html><head>{head}<meta property='og:site_name' content='The Example'></head><body>{body}{paragraphs(*TEXT)}</body></html>"
    assert anysite.read(html_page(markup)).title == title


def stating(json_ld: str, og: str, head: str) -> str:
    item = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{json_ld}"}}</script>'
    return f'<title>{head}</title><meta property="og:title" content="{og}">' + (item if json_ld else "")


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        # the h1 is the last step of the trail of sections, the headline a rank lower, with a kicker
        (
            stating("Quay plan: Town to raise the front", "Why the old quay will rise", "Quay plan | The Example"),
            "<nav><h1>Quay plan: Town to raise the front</h1></nav><h2><span>Opinion</span> Why the old quay will rise</h2>"
            "<div class='stream'><h3>Quay plan: Town to raise the front</h3></div>",
            "Why the old quay will rise",
        ),
        # of two ways to set a kicker in line, the colon
        (
            stating("The harbour - Quay to rise", "The harbour: Quay to rise", "The harbour: Quay to rise"),
            "<h1><span>The harbour</span> Quay to rise</h1>",
            "The harbour: Quay to rise",
        ),
        # the same letters in another order are another headline
        (
            stating("Board lauds harbour-plan and warns", "Harbour: Board lauds plan and warns", "Harbour"),
            "<h2>Board lauds harbour-plan and warns</h2>",
            "Board lauds harbour-plan and warns",
        ),
        # stated twice to the letter: the publisher's own quotes
        (stating("The board's plan", "The board's plan", "The board's plan"), "<h1>The board’s plan</h1>", "The board's plan"),
        (stating("", "The board's plan", "The board's plan"), "<h1>The board’s plan</h1>", "The board’s plan"),
        # marks of a statement that set nothing apart
        (stating("", "A quay ... rises", "A quay ... rises"), "<h1>A quay … rises</h1>", "A quay … rises"),
        (stating("", "*Quay* to rise", "*Quay* to rise"), "<h1>Quay to rise</h1>", "Quay to rise"),
        ("<title>Quay to rise |</title>", "<p>No headline is printed here.</p>", "Quay to rise"),
        # written for search engines
        (stating("", "Best Old Quays 2026 - A Guide", "Best Old Quays 2026 - A Guide"), "<h1>The best old quays of Europe</h1>", "The best old quays of Europe"),
        (
            stating("", "港の朝市が三年ぶりに再開", "港の朝市が三年ぶりに再開"),
            "<h1><ruby>港<rt>みなと</rt></ruby>の<ruby>朝市<rt>あさいち</rt></ruby>が<ruby>三年<rt>さんねん</rt></ruby>ぶりに<ruby>再開<rt>さいかい</rt></ruby></h1>",
            "港の朝市が三年ぶりに再開",
        ),
        # a head that a broken page has in its body prints nothing
        ("<title>码头将抬高四十厘米-北港财经</title>", "<div>码头将抬高四十厘米</div><title>码头将抬高四十厘米-北港财经</title>", "码头将抬高四十厘米"),
        # what is short before a separator is a section
        ("<title>大话北港-[原创]码头将抬高四十厘米</title>", "<div>大话北港</div>", "大话北港-[原创]码头将抬高四十厘米"),
    ],
)  # fmt: skip
def test_a_headline_that_statements_and_print_tell_differently(head: str, body: str, title: str) -> None:
    markup = f"<html><head>{head}<meta property='og:site_name' content='The Example'></head><body>{body}{paragraphs(*TEXT)}</body></html>"
    assert anysite.read(html_page(markup)).title == title


@pytest.mark.parametrize(
    ("stated", "body", "title"),
    [
        # a house or an office behind a blank
        ("港务局抬高旧码头四十厘米，工程八月开工 北港市立第二医院", "<table><tr><td>港务局抬高旧码头四十厘米，工程八月开工</td></tr></table>", "港务局抬高旧码头四十厘米，工程八月开工"),
        ("港务局抬高旧码头四十厘米，工程八月开工 西区办事处_北港网", "<table><tr><td><b>港务局抬高旧码头四十厘米，工程八月开工</b><br>来源于：西区办事处</td></tr></table>", "港务局抬高旧码头四十厘米，工程八月开工"),
        # two clauses of one headline
        ("港务局抬高旧码头四十厘米 沿街商户表示欢迎", "<div>港务局抬高旧码头四十厘米</div>", "港务局抬高旧码头四十厘米 沿街商户表示欢迎"),
        # the number of a gazette behind it, and a line that goes on otherwise
        ("港务局关于抬高旧码头及调整沿街道路的决定__2026年第5号公报_北港政府网", "<p>港务局<br>关于抬高旧码头及<br>调整沿街道路的决定<br>（2026年5月19日港务会议通过）</p>", "港务局关于抬高旧码头及调整沿街道路的决定"),
        # <title> has the section
        ("新闻动态--北港学会官网", "<div>首页 - 新闻动态</div><h5>2026年旧码头学术年会在北港举行！</h5><div>发布时间：2026-05-19 来源：北港学会</div>", "2026年旧码头学术年会在北港举行！"),
        ("码头法--北港政府网", "<div>首页 &gt; 法规 &gt; 码头法</div><div>码头法</div><div>发布时间：2026-05-19</div>", "码头法"),
        ("", "<div>港务局抬高旧码头四十厘米</div><div>2026-05-19 15:04 来源：港口报</div>", "港务局抬高旧码头四十厘米"),
        ("", "<p>“旧码头是北港人的，也是北港的。”</p><p>——港务局长</p><p>2026-05-19</p>", None),
        # a column in front of it
        ("北港潮汐预测--港务局抬高旧码头四十厘米，工程八月开工", "<div>港务局抬高旧码头四十厘米，工程八月开工</div>", "港务局抬高旧码头四十厘米，工程八月开工"),
        ("港务局抬高旧码头--四十厘米", "<div>四十厘米</div>", "港务局抬高旧码头--四十厘米"),
        # the print is cut short, a statement is not
        ("港务局抬高旧码头，沿街商户表示欢迎_北港网", "<h1>港务局抬高旧码头，沿街...</h1>", "港务局抬高旧码头，沿街商户表示欢迎"),
        ("港务局抬高旧码头，沿街..._政务_北港网", "<h1>港务局抬高旧码头，沿街...</h1>", "港务局抬高旧码头，沿街..."),
    ],
)  # fmt: skip
def test_a_chinese_headline_that_no_heading_marks(stated: str, body: str, title: str | None) -> None:
    markup = f"<html lang='zh'><head><title>{stated}</title></head><body>{body}{paragraphs(*HAN)}</body></html>"
    assert anysite.read(html_page(markup, "https://www.example.cn/a/1")).title == title


# dates


@pytest.mark.parametrize(
    ("head", "top", "published", "zone_from"),
    [
        (
            "<meta property='article:published_time' content='2026-05-19T14:46:12+02:00'>",
            "",
            "2026-05-19T14:46:12+02:00",
            "page",
        ),
        (
            '<script type=\'application/ld+json\'>{"@type":"NewsArticle","datePublished":"2026-05-18T07:01:00Z"}</script>',
            "",
            "2026-05-18T07:01:00+00:00",
            "page",
        ),
        (
            "<meta name='publishdate' content='2026-05-19'>",
            "<p>2026-05-19 15:04 来源：港口报</p>",
            "2026-05-19T15:04:00+00:00",
            "inferred",
        ),
        ("", "<p class='date'>May 19, 2026 at 3:04 p.m.</p>", "2026-05-19T15:04:00+00:00", "inferred"),
        ("", "<span id='pubtime_baidu'>2026-05-19 15:04:05</span>", "2026-05-19T15:04:05+00:00", "inferred"),
        (
            "",
            "<p>Updated 20 May 2026 08:00</p><p>Published 19 May 2026 07:30</p>",
            "2026-05-19T07:30:00+00:00",
            "inferred",
        ),
        ("", "", "2026-05-19T00:00:00+00:00", "inferred"),  # of the URL
    ],
)
def test_publication(head: str, top: str, published: str, zone_from: str) -> None:
    moment = anysite.read(html_page(story(paragraphs(*TEXT), head=head, top=top))).published
    assert moment is not None
    assert moment.at.isoformat() == published
    assert moment.zone_from == zone_from


def test_a_statement_that_the_page_contradicts_loses() -> None:
    head = "<meta property='article:published_time' content='2026-05-20T01:00:00Z'>"
    markup = story(paragraphs(*TEXT), head=head, top="<p class='date'>3 March 2024, 10:15</p>")
    moment = anysite.read(html_page(markup, "https://www.example.com/news/story")).published
    assert moment is not None
    assert moment.at.isoformat() == "2024-03-03T10:15:00+00:00"


def test_a_moment_in_utc_is_told_in_the_publishers_own_zone() -> None:
    head = "<meta property='article:published_time' content='2026-05-19T01:48:19Z'>"
    markup = story(paragraphs(*TEXT), head=head, top="<p class='date'>May 18, 2026 at 8:48 p.m.</p>")
    moment = anysite.read(html_page(markup, "https://www.example.com/news/story")).published
    assert moment is not None
    assert moment.at.isoformat() == "2026-05-18T20:48:19-05:00"


def test_a_chinese_page_runs_on_chinese_time() -> None:
    markup = story(paragraphs(*HAN), top="<p>2026-05-19 15:04　来源：港口报</p>", lang="zh")
    reading = anysite.read(html_page(markup))
    assert reading.published is not None
    assert reading.published.at.isoformat() == "2026-05-19T15:04:00+08:00"
    assert reading.published.zone_from == "inferred"
    assert reading.source == "港口报"
    assert reading.language == "zh"


DATED = '<script type=\'application/ld+json\'>{"@type":"NewsArticle","datePublished":"%s","dateModified":"%s"}</script>'


@pytest.mark.parametrize(
    ("said", "edited", "top", "published"),
    [
        # The only day that is printed is not the one that is stated, and the page states it as well.
        ("2026-05-15T14:18:00Z", "2026-05-17T17:23:00Z", "Sunday 17 May 2026 17:23", "2026-05-17T17:23:00+00:00"),
        ("2024-11-25T08:00:00Z", "2026-05-17T06:20:00-04:00", "May 17, 2026", "2026-05-17T06:20:00-04:00"),
        # An edit within days is an edit; a guide of the year before last is dated anew.
        ("2026-05-13T11:09:00-04:00", "2026-05-17T10:48:00-04:00", "Updated May 17, 2026", "2026-05-13T11:09:00-04:00"),
        ("2024-05-13T11:09:00-04:00", "2026-05-17T10:48:00-04:00", "Updated May 17, 2026", "2026-05-17T10:48:00-04:00"),
        # The stated day is printed somewhere, or no statement names the printed one.
        (
            "2024-05-13T11:09:00Z",
            "2026-05-17T10:48:00Z",
            "May 13, 2024</p><p>May 17, 2026",
            "2024-05-13T11:09:00+00:00",
        ),
        ("2024-05-13T11:09:00Z", "2024-05-14T10:48:00Z", "May 17, 2026", "2024-05-13T11:09:00+00:00"),
        # One day on the publisher's clock, two in Greenwich.
        ("2026-05-16T22:03:00Z", "2026-05-17T00:20:00Z", "May 17, 2026 - 10:20AM", "2026-05-16T22:03:00+00:00"),
        # "1 day ago" tells how fresh a page is, not what day it is of.
        ("2024-05-13T11:09:00Z", "2026-05-19T10:48:00Z", "1 day ago", "2024-05-13T11:09:00+00:00"),
    ],
)
def test_a_page_that_prints_another_day_as_its_own(said: str, edited: str, top: str, published: str) -> None:
    markup = story(paragraphs(*TEXT), head=DATED % (said, edited), top=f"<p>{top}</p>")
    moment = anysite.read(html_page(markup, "https://www.example.com/news/story")).published
    assert moment is not None
    assert moment.at.isoformat() == published


def test_the_printed_publication_beats_a_statement_that_is_the_update() -> None:
    head = "<meta property='article:published_time' content='2026-05-12'>"
    top = "<p>Published Apr 26, 2024</p><p>Updated May 12, 2026</p>"
    moment = anysite.read(
        html_page(story(paragraphs(*TEXT), head=head, top=top), "https://www.example.com/a")
    ).published
    assert moment is not None
    assert moment.at.date().isoformat() == "2024-04-26"


def test_a_day_in_a_sentence_gives_way_to_that_of_the_url() -> None:
    sentence = "The rise will help some in the old town more than others, say those who have to pay from May 1, 2025."
    markup = story(paragraphs(sentence * 2, *TEXT))
    moment = anysite.read(html_page(markup, "https://www.example.com/2024/12/20/story.html")).published
    assert moment is not None
    assert moment.at.date().isoformat() == "2024-12-20"


def test_a_box_of_months_is_no_dateline() -> None:
    months = " ".join(f"{month:02}/01/2024 - {month + 1:02}/01/2024" for month in range(1, 8))
    markup = story(paragraphs(*HAN), top=f"<p>{months}</p><p>2026-05-14 03:25:55</p>", lang="zh")
    moment = anysite.read(html_page(markup, "https://www.example.com/a")).published
    assert moment is not None
    assert moment.at.isoformat() == "2026-05-14T03:25:55+08:00"


def test_the_statement_settles_which_number_is_the_month() -> None:
    head = "<meta property='article:published_time' content='2026-02-06T12:48:06+00:00'>"
    markup = story(paragraphs(*HAN), head=head, top="<p>发表时间： 06/02/2026 - 13:48</p>", lang="zh")
    moment = anysite.read(html_page(markup, "https://www.example.com/a")).published
    assert moment is not None
    assert moment.at.isoformat() == "2026-02-06T13:48:06+01:00"


def chinese(body: str, *, head: str = "", title: str = "码头将抬高四十厘米_北港网") -> str:
    return f"<html lang='zh'><head><title>{title}</title>{head}</head><body><h1>码头将抬高四十厘米</h1>{body}</body></html>"


@pytest.mark.parametrize(
    ("top", "script", "published"),
    [
        ("<em id='publish_time'>昨天</em>", 'var ct = "1581517074";', "2020-02-12T22:17:54+08:00"),
        ("", "var createTime = '2020-02-12 11:24';", "2020-02-12T11:24:00+08:00"),
        ("", 'var create_time = "2020-02-13"; window.publish_time = "2020-02-12";', "2020-02-12T00:00:00+08:00"),
        ("<p>10-08 12:00</p>", "var pubDate='2019-10-08 12:00:57'", "2019-10-08T12:00:57+08:00"),
        ("<p>10-09 12:00</p>", "var pubDate='2019-10-08 12:00:57'", "2025-10-09T12:00:00+08:00"),
        ("<p>2020-02-11 08:00</p>", 'var ct = "1581517074";', "2020-02-11T08:00:00+08:00"),
        ("<em>昨天</em>", 'var svr_time = "1581517074"; var dct = "1581517074"', "2026-05-19T00:00:00+08:00"),
    ],
)
def test_a_date_that_a_script_is_to_print(top: str, script: str, published: str) -> None:
    markup = chinese(f"{top}{paragraphs(*HAN[1:])}<script>{script}</script>")
    moment = anysite.read(html_page(markup, "https://www.example.cn/a/1")).published
    assert moment is not None
    assert moment.at.isoformat() == published


def test_an_edit_tells_the_year_of_a_printed_day() -> None:
    markup = chinese(
        f"<p>10-08 12:00</p>{paragraphs(*HAN[1:])}", head="<meta itemprop='dateUpdate' content='2019-10-08 12:00:57'>"
    )
    moment = anysite.read(html_page(markup, "https://www.example.cn/a/1")).published
    assert moment is not None
    assert moment.at.isoformat() == "2019-10-08T12:00:57+08:00"


def test_a_labelled_day_below_the_text_beats_one_in_a_sentence() -> None:
    text = "2019年2月27日下午，港务局宣布，旧码头将整体抬高四十厘米，工程预计八月开工，施工将避开汛期，道路不会封闭。"
    markup = chinese(paragraphs(text, *HAN[1:] * 10) + "<p>发布日期：2019-03-06 责任编辑：李兰</p>")
    moment = anysite.read(html_page(markup, "https://www.example.cn/a/1")).published
    assert moment is not None
    assert moment.at.date().isoformat() == "2019-03-06"


@pytest.mark.parametrize("line", ["5月20日起，旧码头封闭施工。", "（2007年6月29日港务会议第二次会议通过）"])
def test_a_day_of_the_matter_is_not_that_of_publication(line: str) -> None:
    head = "<meta name='firstpublishedtime' content='2007-08-20-08:30:00'>"
    moment = anysite.read(
        html_page(chinese(f"<p>{line}</p>{paragraphs(*HAN[1:])}", head=head), "https://www.example.cn/a/1")
    ).published
    assert moment is not None
    assert moment.at.date().isoformat() == "2007-08-20"
    bare = chinese(f"<p>5月20日起，旧码头封闭施工。</p>{paragraphs(*HAN[1:])}")
    assert anysite.read(html_page(bare, "https://www.example.cn/a/1")).published is None


# people


@pytest.mark.parametrize(
    ("head", "top", "authors"),
    [
        (
            '<script type=\'application/ld+json\'>{"@type":"Article","author":[{"name":"Mara Linden"},{"name":"The Example"}]}</script>',
            "",
            ("Mara Linden",),
        ),
        ("<meta name='author' content='Mara Linden and Tom Reyes'>", "", ("Mara Linden", "Tom Reyes")),
        ("<meta name='author' content='佚名'>", "", ()),
        ("<meta name='author' content='The Example'>", "", ()),
        ("<meta name='author' content='mara@example.com'>", "", ()),
        ("", "<p class='byline'>By Mara Linden, Tom Reyes</p>", ("Mara Linden", "Tom Reyes")),
        ("", "<p>作者：周明 李兰</p>", ("周明", "李兰")),
        ("", "<p><a rel='author' href='/m'>Mara Linden</a></p>", ("Mara Linden",)),
        (
            '<script type=\'application/ld+json\'>{"@type":"Article","author":{"name":"Mara Linden"}}</script>',
            "<p class='byline'>By Mara Linden and Tom Reyes</p>",
            ("Mara Linden", "Tom Reyes"),
        ),
    ],
)
def test_authors_are_people(head: str, top: str, authors: tuple[str, ...]) -> None:
    assert anysite.read(html_page(story(paragraphs(*TEXT), head=head, top=top))).authors == authors


@pytest.mark.parametrize(
    ("top", "authors"),
    [
        ("<p class='byline'>By <a>Cam E. Linden</a>, Harbour Staff Writer</p>", ("Cam E. Linden",)),
        ("<p>By <a>Mara Linden</a>, Politics Reporter</p>", ("Mara Linden",)),
        ("<p>By Mara Linden, Deputy CTO, Quay Technologies</p>", ("Mara Linden",)),
        ("<p>By Mara Linden MS, RDN, CFP</p>", ("Mara Linden",)),
        ("<p>By Mara Linden and Tom Reyes, Associated Press</p>", ("Mara Linden", "Tom Reyes")),
        ("<p>By <a>The Example</a> with agencies</p><p>Mara Linden/Tom Reyes</p>", ("Mara Linden", "Tom Reyes")),
        ("<p>By<span>Mara Linden</span><span>Staff Writer</span></p>", ("Mara Linden",)),
        ("<p>ByMara Linden</p>", ("Mara Linden",)),
        ("<p>By Team Example</p>", ()),
        ("<div><div>Written By:</div><div><a href='/m'>Mara Linden</a></div></div>", ("Mara Linden",)),
        ("<p>Do 25.04.26 | 14:07 Uhr | Von Mara Linden</p>", ("Mara Linden",)),
        ("<p class='author'>Mara Linden 4 August 2010</p>", ("Mara Linden",)),
        ("<p class='meta'><a href='/category/sea'>Sea Stories</a></p><p class='author'>Mara Linden</p>", ("Mara Linden",)),
        ("<p><span>Mara Linden</span> in <a href='/sea'>sea</a></p>", ("Mara Linden",)),
        ("<div class='share'>Get Quay News</div>", ()),
    ],
)  # fmt: skip
def test_a_byline_without_what_stands_beside_the_names(top: str, authors: tuple[str, ...]) -> None:
    assert anysite.read(html_page(story(paragraphs(*TEXT), top=top))).authors == authors


@pytest.mark.parametrize(
    ("head", "top", "text", "authors"),
    [
        ("", "", "北港五月十九日电（记者周明、李兰 通讯员王小五）港务局宣布，旧码头将抬高，工程八月开工。", ("周明", "李兰", "王小五")),
        ("", "", "本报记者周明发自北港 五月十九日，港务局宣布，旧码头将整体抬高四十厘米，工程预计八月开工，明年春天完成。", ("周明",)),
        ("", "<p>本报实习生 刘栋 周明</p><p>本报记者 李兰</p>", "", ("刘栋", "周明", "李兰")),
        ("", "<p>作者：周明 时间：2026-05-19 阅读(12)</p>", "", ("周明",)),
        ("", "<p>作者： 周明 出自[北港出版社]</p>", "", ("周明",)),
        ("<meta name='author' content='大港网络'>", "<p>作者：周明</p>", "", ("周明",)),
        ("", "<p>quaywalker 发表于 2026-5-19 11:46:00</p>", "", ("quaywalker",)),
    ],
)  # fmt: skip
def test_chinese_bylines(head: str, top: str, text: str, authors: tuple[str, ...]) -> None:
    body = paragraphs(text or HAN[1], *HAN[1:])
    assert anysite.read(html_page(story(body, head=head, top=top, lang="zh"))).authors == authors


@pytest.mark.parametrize(
    ("last", "authors"),
    [
        ("（周明）", ("周明",)),
        ("（周明 常书香）", ("周明", "常书香")),
        ("道路不会全部封闭。（周明 北港报道）", ("周明",)),
        ("北港商报记者周明/文 受访者供图", ("周明",)),
        ("新港报记者 周明 北港报道", ("周明",)),
        ("执笔人：周明 李兰", ("周明", "李兰")),
        ("（房产）", ()),
        ("（江苏）", ()),
        ("（成都市）", ()),
        ("Written by Mara Linden", ("Mara Linden",)),
        ("By the end of the month, all of it is done.", ()),
    ],
)
def test_bylines_at_the_end(last: str, authors: tuple[str, ...]) -> None:
    assert anysite.read(html_page(story(paragraphs(*HAN[1:], last), lang="zh"))).authors == authors


@pytest.mark.parametrize(
    ("title", "author", "authors"),
    [
        ("码头将抬高四十厘米_北易财经", "北易", ()),
        ("码头将抬高四十厘米-要闻-新湾号", "新湾", ()),
        ("码头将抬高四十厘米_周明的博客", "周明", ("周明",)),
        ("码头将抬高四十厘米_周明专栏", "周明", ("周明",)),
        ("码头将抬高四十厘米_北易财经", "李兰", ("李兰",)),
        ("码头将抬高四十厘米", "name, email@example.com", ()),
        ("码头将抬高四十厘米", "admin", ()),
        ("码头将抬高四十厘米", "本站原创", ()),
        ("码头将抬高四十厘米", "综合编译", ()),
        ("码头将抬高四十厘米", "系统管理员", ()),
    ],
)
def test_a_stated_author_who_is_no_person(title: str, author: str, authors: tuple[str, ...]) -> None:
    markup = chinese(paragraphs(*HAN[1:]), head=f"<meta name='author' content='{author}'>", title=title)
    assert anysite.read(html_page(markup)).authors == authors


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        (("港口报讯（记者 陆一夫）五月十九日，港务局宣布，旧码头将整体抬高四十厘米，工程预计八月开工。", HAN[1]), ("陆一夫",)),
        ((HAN[1], HAN[2], "港口报记者 陆一夫"), ("陆一夫",)),
        (("北港五月十九日讯（记者陈智 整合）港务局宣布，旧码头将整体抬高四十厘米，工程八月开工。", HAN[1]), ("陈智",)),
        (("作者：网络整理", HAN[1], HAN[2]), ()),
        (("来源：港口报作者：周明责编：李兰", HAN[1], HAN[2]), ("周明",)),
        (("发表于2026-05-19 21:30| 1164次阅读| 0 条评论| 作者魏星", HAN[1], HAN[2]), ("魏星",)),
        (("【文/港口网专栏作者 王文】", HAN[1], HAN[2]), ("王文",)),
        (("陆一夫/港口青年报", HAN[1], HAN[2]), ("陆一夫",)),
        (("作者：港务局机关党支部", "本站讯（通讯员 李琴雯 刘会）为推进港口建设，五月十九日港务局举办了大赛。", HAN[1]), ("李琴雯", "刘会")),
        (("资料图：市民在码头散步。港口社记者 贾天勇 摄", HAN[1], HAN[2]), ()),
        (("资料图：市民在码头散步。港口社记者 贾天勇 周明 摄影", HAN[1], HAN[2]), ()),
        ((HAN[1], HAN[2], "青年优秀论文颁奖典礼"), ()),
        ((HAN[1], HAN[2], "港务局的记者见面会"), ()),
    ],
)  # fmt: skip
def test_who_a_chinese_page_names_in_print(lines: tuple[str, ...], authors: tuple[str, ...]) -> None:
    assert anysite.read(html_page(chinese(paragraphs(*lines)))).authors == authors


@pytest.mark.parametrize(
    "named",
    [
        "<meta property='og:site_name' content='北易新闻'>",
        "<body><a href='/'><img src='/i/logo.png' alt='北易网'></a>",
        "<body><img class='site-logo' alt='北易科技频道'>",
    ],
)
def test_a_stated_author_by_whom_the_site_is_called(named: str) -> None:
    markup = chinese(
        paragraphs(*HAN[1:]), head=f"<meta name='author' content='北易'>{named}", title="码头将抬高四十厘米"
    )
    assert anysite.read(html_page(markup)).authors == ()


def test_buttons_beside_a_date_are_nobody() -> None:
    top = "<div class='post_author'><span>2026-05-19 21:30</span> <span>来源: 港口报</span> <span>北京</span> <span>举报</span></div>"
    assert anysite.read(html_page(chinese(top + paragraphs(*HAN[1:])))).authors == ()


@pytest.mark.parametrize(
    ("head", "top", "source"),
    [
        ("<meta name='source' content='来源：港口网-文化频道 原创稿'>", "", "港口网-文化频道"),
        ("<meta name='source' content='本站原创'>", "", None),
        ("", "<p>来源：本站原创</p>", None),
        ("", "<p>出处：港口报</p>", "港口报"),
        ("", "<p>转载自：港口报</p>", "港口报"),
        ("", "<p>2026-05-19 10:56:28 北港时报网</p>", "北港时报网"),
        ("", "<p>北港网 2026-05-19 10:56:28</p>", "北港网"),
        ("", "<p>周明/北港青年报</p><p>2026-05-19 10:56</p>", "北港青年报"),
        ("", "<p>发表于2026-05-19 21:30| 1164次阅读| 来源QUAY| 0 条评论</p>", "QUAY"),
        ("", "<p>来源于：西区办事处</p>", "西区办事处"),
        ("", "<p>周明 2026-05-19 10:56:28</p>", None),
    ],
)
def test_the_source_of_a_chinese_page(head: str, top: str, source: str | None) -> None:
    assert anysite.read(html_page(chinese(top + paragraphs(*HAN[1:]), head=head))).source == source


def test_an_editor_of_a_latin_name() -> None:
    assert anysite.read(html_page(chinese("<p>责编：Mara Linden</p>" + paragraphs(*HAN[1:])))).editors == (
        "Mara Linden",
    )


def test_an_account_is_no_editor() -> None:
    assert anysite.read(html_page(chinese("<p>责任编辑：系统管理员</p>" + paragraphs(*HAN[1:])))).editors == ()


def test_a_first_title_is_kept_without_the_marks_around_it() -> None:
    reading = anysite.read(html_page(chinese("<p>原标题：《旧码头将抬高……》</p>" + paragraphs(*HAN[1:]))))
    assert reading.original_title == "旧码头将抬高……"


def test_a_stated_name_of_great_length_is_not_read_to_its_end() -> None:
    """A search for addresses in text without a blank takes the square of its length."""
    item = json.dumps({"@type": "NewsArticle", "author": ["记者" * 10_000] * 40}, ensure_ascii=False)
    markup = chinese(paragraphs(*HAN), head=f'<script type="application/ld+json">{item}</script>')
    reading = anysite.read(html_page(markup))
    assert reading.title
    start = time.process_time()
    assert reading.authors == ("周明",)
    assert time.process_time() - start < 1


# kinds


def thin(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"


ROWS = "".join(
    f"<li><a href='/2026/05/{day:02}/a-story-of-the-day.html'>A headline about day {day} of the month</a> <span>May {day}</span></li>"
    for day in range(1, 20)
)


@pytest.mark.parametrize(
    ("markup", "url", "kind"),
    [
        (story(paragraphs(*TEXT)), "https://a.example/2026/05/19/quay.html", PageKind.ARTICLE),
        (story(paragraphs("The captcha is twenty years old, and nobody loves it.", *TEXT * 2)), "https://a.example/1", PageKind.ARTICLE),
        (thin("Just a moment...", "<p>Checking your browser before accessing.</p>"), "https://a.example/1", PageKind.CHALLENGE),
        (thin("百度安全验证", "<p>请完成下方验证</p>"), "https://a.example/1", PageKind.CHALLENGE),
        (thin("404", "<p>您访问的页面不存在</p>"), "https://a.example/1", PageKind.MISSING),
        (thin("Oops - 404", "<p>Try the home page.</p>"), "https://a.example/1", PageKind.MISSING),
        (thin("The 404 1,310: A walk on Route 404", "<p>Now on air.</p>"), "https://a.example/1", PageKind.ARTICLE),
        (thin("Page not found", "<p>Sorry, we could not find it.</p>"), "https://a.example/1", PageKind.MISSING),
        (thin("Quay to rise", "<p>The board voted.</p><p>This article is for subscribers only.</p>"), "https://a.example/1", PageKind.PAYWALL),
        (thin("登录", "<form><input type='text'><input type='password'></form>"), "https://a.example/login", PageKind.LOGIN),
        (thin("Quay, seen from above", "<p>Watch.</p>", "<meta property='og:type' content='video.other'>"), "https://a.example/video/1", PageKind.VIDEO),
        (thin("The quay in pictures", "<img src='/1.jpg'>" * 8), "https://a.example/gallery/1", PageKind.GALLERY),
        (thin("News", f"<ul>{ROWS}</ul>"), "https://a.example/news/", PageKind.LISTING),
    ],
)  # fmt: skip
def test_page_kind(markup: str, url: str, kind: PageKind) -> None:
    assert anysite.read(html_page(markup, url)).kind is kind


# small parts


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("article-body", Hint.BODY),
        ("c-article__relatedArticles", Hint.FOREIGN | Hint.OTHERS),
        ("field--label-hidden", Hint.NONE),
        ("hidden", Hint.HIDDEN),
        ("has-sidebar", Hint.NONE),
        ("md:hidden [&>p]:share", Hint.NONE),
        ("post tag-newsletter category-podcast", Hint.NONE),
        ("article-comments", Hint.COMMENTS),
        ("she-also-kept-the-share-of-her-sister", Hint.NONE),
    ],
)
def test_names(name: str, hint: Hint) -> None:
    told = Hint(of_name(name))
    assert told & ~(Hint.LEAD | Hint.BYLINE) == hint


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '<!-- {"a": 1} -->',
        '//<![CDATA[\n{"a": 1}\n//]]>',
        '{"a": 1,}',
        '{"a":\n1}',
        "{&quot;a&quot;: 1}",
        '{"a": 1};',
    ],
)
def test_broken_structured_data_is_mended(text: str) -> None:
    assert loads(text) == {"a": 1}


@pytest.mark.parametrize(
    ("stated", "text", "tag"),
    [
        (["en-US"], "The board voted on Tuesday.", "en-US"),
        (["en"], "".join(HAN), "zh"),
        (["zh_CN"], "".join(HAN), "zh-CN"),
        ([None, "de_DE"], "Der Rat stimmte ab.", "de-DE"),
        (["en"], "港町の朝市が三年ぶりに再開しました。とてもにぎやかです。", "ja"),
        ([], "The board voted.", None),
    ],
)
def test_language(stated: list[str | None], text: str, tag: str | None) -> None:
    assert language(stated, text) == tag


# hostile pages


def test_a_tag_with_very_many_attributes_holds_nobody() -> None:
    attributes = " ".join(f'a{n}="{n}"' for n in range(60_000))
    page = html_page(f"<html><body><p {attributes}>first</p>{paragraphs(*TEXT)}</body></html>")
    assert page.tree.find(".//p").attrib == {}
    assert TEXT[0] in visible_text(page.tree)


def test_one_long_attribute_is_no_attack() -> None:
    page = html_page(f"<html><body><div id='keep' data-x='{'y' * 200_000}'>{paragraphs(*TEXT)}</div></body></html>")
    assert page.tree.find(".//div").get("id") == "keep"


def test_text_nested_deeper_than_the_parser_keeps_is_noticed() -> None:
    with pytest.raises(BadField, match="nested"):
        _ = html_page("<html><body>" + "<div>" * 3000 + "deep").tree


def test_a_page_of_very_many_elements_is_refused_by_name() -> None:
    reading = anysite.read(html_page(f"<html><body>{'<p>One, of many.</p>' * 70_000}</body></html>"))
    with pytest.raises(BadField, match="more than 60,000 elements"):
        _ = reading.body


# described sites, read as if nobody had described them


def read_article(case: Case, site: Site) -> Article | None:
    try:
        result = process(site, case.page, url=site.canonical(case.page.url), kind=Kind.ARTICLE)
    except CrawlerError:
        return None
    return result.article if result.state is State.STORED else None


def whole_text(article: Article) -> Counter[str]:
    """Digest and body, as what four characters in a row it has."""
    text = "".join("".join(part for part in (article.digest, article.body_text) if part).split())
    return Counter(text[at : at + 4] for at in range(len(text) - 3))


@pytest.mark.parametrize("name", ["finews", "chinadaily", "eastmoney"])
def test_described_articles_read_the_same_without_their_description(name: str) -> None:
    site = load_site(name)
    read = 0
    for case in load_cases(fixtures_root() / name):
        if case.kind is not Kind.ARTICLE or case.page.body[:1] == b"{":
            continue
        known = read_article(case, site)
        if known is None:
            continue
        read += 1
        found = read_article(case, replace(undescribed(case.page.url), timezone=site.timezone))
        assert found is not None, case.name
        assert found.title == known.title, case.name
        if case.name != "en-impossible-year":  # the printed year is 2569; the site's file knows the address's
            assert found.published_at == known.published_at, case.name
        one, other = whole_text(known), whole_text(found)
        assert 2 * (one & other).total() >= 0.98 * (one.total() + other.total()), case.name
    assert read >= 15


@pytest.mark.parametrize(
    "head",
    [
        "<div class='i'><div>2026年05月19日 08:15</div><div>北港商报</div></div>",
        "<div class='i'><div><img src='/logo.png'></div><div>2026年05月19日 10:02</div><div>来源：北港商报</div></div>",
        "<div class='a'><div>摘要</div></div>",
    ],
)
def test_lines_between_headline_and_text_are_not_the_text(head: str) -> None:
    markup = f"<html lang='zh'><body><div><h1>旧码头将抬高四十厘米</h1>{head}<div id='c'>{paragraphs(*HAN)}</div></div></body></html>"
    result = process(
        undescribed("https://a.example/1"), html_page(markup), url="https://a.example/1", kind=Kind.ARTICLE
    )
    assert result.article is not None
    assert result.article.body_text == "\n\n".join(HAN)


def test_a_flash_that_repeats_its_headline_keeps_its_text() -> None:
    markup = "<html><body><section><small>2026-05-19 14:03:41</small><h1>北港新城股价周二日内跌幅达5%</h1><p>北港新城股价周二日内跌幅达5%。</p></section></body></html>"
    assert text_of(markup).strip() == "北港新城股价周二日内跌幅达5%。"


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<html></html>",
        "<html><body></body></html>",
        "<div>" * 900 + TEXT[0],
        "<a>" * 500 + TEXT[0],
        "<p>" + "word " * 200_000,
        "<span>x</span>" * 30_000,
        "<script type='application/ld+json'>" + "[" * 5_000 + "</script>",
        "<script>var a = " + '{"b":' * 3_000 + "</script>",
        "<title>" + "<h1>" * 50,
        "<title>" + "a | " * 100_000 + "</title><h1>a</h1>",
        '<script type="application/ld+json">{"@type":"Article","author":' + "[" * 900 + "]" * 900 + "}</script>",
        '<script type="application/ld+json">{"@type":"Article","headline":'
        + '{"name":' * 300
        + '"x"'
        + "}" * 301
        + "</script>",
        "<meta name='author' content='" + "and " * 50_000 + "'>",
        f"<h1>Quay to rise</h1><div class='share'>{'text ' * 60}by someone</div>{paragraphs(*TEXT)}",
    ],
)
def test_hostile_pages_are_read_without_a_crash(markup: str) -> None:
    reading = anysite.read(html_page(markup))
    assert reading.title is None or isinstance(reading.title, str)
    assert isinstance(reading.authors, tuple)
    _ = reading.body, reading.published, reading.kind, reading.digest, reading.tags
    assert anysite.listing(html_page(markup)).entries is not None


# Python


def test_extract_reads_a_page_of_a_site_nobody_described() -> None:
    article = crawler.extract(
        story(paragraphs(*TEXT), top="<p class='byline'>By Mara Linden</p>"), "https://www.example.com/2026/05/19/quay"
    )
    assert article.title == "Quay to rise by forty centimetres"
    assert article.authors == ("Mara Linden",)
    assert article.body_text == "\n\n".join(TEXT)
    assert article.published_at is not None
    assert crawler.extract(story(paragraphs(*HAN)).encode("gb18030"), "https://www.example.com/1").body_text.startswith(
        "本报讯"
    )


def test_extract_says_what_a_page_lacks() -> None:
    with pytest.raises((FieldMissing, BadField)):
        crawler.extract("<html><body></body></html>", "https://www.example.com/1")


def test_extract_imports_quickly_and_without_an_engine() -> None:
    code = (
        "import sys, time; start = time.perf_counter(); from crawler import extract; took = time.perf_counter() - start;"
        "extract('<html><body><h1>A headline</h1><p>Some text, of some length, that is here. And more of it, too.</p></body></html>', 'https://a.example/1');"
        "assert 'scrapy' not in sys.modules and 'twisted' not in sys.modules; print(took)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 0.3
