# ruff: noqa: E501 - pages and feeds as strings
"""What a described site's rules read from a page, and the links of listings, feeds and sitemaps."""

from datetime import UTC, datetime
from typing import Any

import pytest
from parsel import Selector

from crawler.errors import BadField, FieldMissing, NotHtml
from crawler.extraction import draft, page_links, read_article, read_listing
from crawler.items import Article, Kind
from crawler.page import Page
from crawler.site import Site

NOW = datetime(2026, 6, 1, tzinfo=UTC)
URL = "https://news.example.com/world/2026/05/30/w-123456.html"


def upper_title(page: Selector) -> str | None:
    return page.css("h1::text").get("").upper()


def site(**facts: Any) -> Site:
    rules: dict[str, Any] = {
        "name": "example",
        "hosts": ("news.example.com", "*.news.example.com"),
        "host_aliases": {"old.example.com": "news.example.com"},
        "timezone": "Asia/Shanghai",
        "language": "zh-CN",
        "article_url": r"/(?P<category>\w+)/(?P<date>\d{4}/\d\d/\d\d)/(?P<key>\w-(?P<story>\d+))(?:_\d+)?\.html$",
        "listing_url": r"/(?P<category>\w+)/(?:page_\d+\.html)?$",
        "category_names": {"world": "World"},
        "title": "h1.main",
        "published": ".date",
        "body": "div.body",
    }
    return Site(**(rules | facts))


def page(body: str, *, url: str = URL, head: str = "", kind: str = "text/html") -> Page:
    markup = body if kind != "text/html" else f"<html lang=zh-CN><head>{head}</head><body>{body}</body></html>"
    return Page(url, markup.encode(), {"content-type": f"{kind}; charset=utf-8"}, NOW)


BODY = "<h1 class=main>标 <b>题</b></h1><p class=date>2026-05-30 15:04</p><div class=body><p>正文。</p></div>"


def read(markup: str = BODY, **facts: Any) -> Article:
    return read_article(site(**facts), page(markup))[0]


def test_fields_come_from_the_rules_with_their_provenance() -> None:
    article = read(BODY + "<i>张三、李四</i><i>王五</i><u>来源： 新华网</u>", authors="i", source="u")
    assert article.title == "标 题"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-05-30T15:04:00+08:00"
    assert article.published_raw == "2026-05-30 15:04"
    assert article.zone_from == "site"
    assert (article.category, article.category_name) == ("world", "World")
    assert article.authors == ("张三", "李四", "王五")
    assert article.source == "新华网"
    assert article.language == "zh-CN"
    assert article.fetched_at == NOW
    said = article.provenance["title"]
    assert (said.rule, said.node, said.raw) == ("h1.main", "/html/body/h1", "标 题")
    assert article.provenance["published_at"].node == "/html/body/p"
    assert article.provenance["body"].node == "/html/body/div"


RULES = [
    ("h1", "first line"),  # the first one with text
    ("h1::text", "first"),
    ("a::attr(title)", "named"),
    ("h2, h1", "first line"),
    (upper_title, "FIRST"),
]


@pytest.mark.parametrize(("rule", "title"), RULES)
def test_forms_of_a_rule(rule: Any, title: str) -> None:
    markup = "<h2> </h2><h1>first<br>line</h1><h1>second</h1><a>x</a><a title=named>y</a><div class=body>t</div>"
    markup = markup.replace("first<br>line", "first <span>line</span>")
    assert read(markup, title=rule).title == title


def test_identity_does_not_depend_on_the_form_of_the_address() -> None:
    forms = [URL, URL + "?utm_source=x#top", URL.replace("news.", "old."), URL.replace("https:", "http:")]
    articles = [read_article(site(), page(BODY, url=url))[0] for url in forms]
    assert len({article.id for article in articles}) == 1
    assert len(articles[0].id) == 16
    assert articles[0].upstream_id == "w-123456"


def test_twins_share_their_story_across_sites() -> None:
    rolling = read_article(site(), page(BODY))[0]
    market = read_article(site(name="other"), page(BODY, url=URL.replace("w-", "m-")))[0]
    assert rolling.id != market.id
    assert rolling.story_id == market.story_id


def test_without_a_key_the_canonical_address_is_the_identity() -> None:
    facts = {"article_url": r"\.html$"}
    one = read_article(site(**facts), page(BODY, head="<link rel=canonical href=/else>"))[0]
    two = read_article(site(**facts), page(BODY, url=URL + "#x"))[0]
    assert one.id == one.story_id == two.id
    assert one.upstream_id is None


def test_what_a_rule_reads_inside_of_the_body_is_kept_out_of_it() -> None:
    markup = "<section><small>2026-05-30 15:04</small><h1>标题</h1><blockquote><p>导语。</p></blockquote><p>正文。</p></section>"
    rules = {"title": "section h1", "published": "section small", "digest": "section blockquote", "body": "section"}
    article, body = read_article(site(**rules), page(markup))
    assert article.digest == "导语。"
    assert "".join(body.tree.itertext()) == "正文。"
    assert {(row.text, row.field) for row in body.removed} == {
        ("2026-05-30 15:04", "published_at"),
        ("标题", "title"),
        ("导语。", "digest"),
    }


def test_reading_leaves_the_page_as_it_was() -> None:
    it = page(BODY)
    _, body = read_article(site(title="h1", junk=("p",)), it)
    body.tree.clear()
    assert read_article(site(), it)[1].tree.findtext("p") == "正文。"


DATES = [
    ("2569-05-30 11:07", "2026-05-30T11:07:00+08:00", True),  # another calendar's year: the address is right
    ("Updated: 2569-05-17 11:07", "2026-05-30T11:07:00+08:00", True),
    ("2021-01-01 08:00", "2026-05-30T08:00:00+08:00", True),
    ("2026-05-31 01:00", "2026-05-31T01:00:00+08:00", False),
    ("", "2026-05-30T00:00:00+08:00", False),
]


@pytest.mark.parametrize(("printed", "at", "warned"), DATES)
def test_the_day_of_the_address_beats_an_impossible_one(printed: str, at: str, warned: bool) -> None:
    article = read(BODY.replace("2026-05-30 15:04", printed))
    assert article.published_at is not None
    assert article.published_at.isoformat() == at
    assert any("address" in warning for warning in article.warnings) == warned


def test_a_day_that_is_not_the_keys_is_doubtful() -> None:
    facts = {"article_url": r"/(?P<key>NW\d{18})\.html$"}
    for printed, doubtful in (("2022-01-11 04:30", True), ("2022-01-10 20:30", False)):
        it = page(BODY.replace("2026-05-30 15:04", printed), url="https://news.example.com/NW202201102241000013.html")
        warnings = read_article(site(**facts), it)[0].warnings
        assert any("doubtful" in warning for warning in warnings) == doubtful


def test_no_date_is_a_warning_and_no_more() -> None:
    it = page(BODY.replace("2026-05-30 15:04", ""), url="https://news.example.com/world/a.html")
    article = read_article(site(article_url=r"\.html$"), it)[0]
    assert article.published_at is None
    assert article.warnings == ("published: no date on the page",)


def test_what_a_selector_does_not_find_is_taken_from_the_page_with_a_warning() -> None:
    text = "<p>" + "这是一段足够长的正文，它说明了事情的来龙去脉，也给出了数据。" * 4 + "</p>"
    markup = f"<h1>页面上的标题</h1><article>{text * 4}</article>"
    article, body = read_article(site(), page(markup, head="<title>页面上的标题</title>"))
    assert article.title == "页面上的标题"
    assert "来龙去脉" in "".join(body.tree.itertext())
    assert {warning.partition(":")[0] for warning in article.warnings} >= {"title", "body"}


def test_a_function_that_finds_no_body_is_helped() -> None:
    text = "<p>" + "这是一段足够长的正文，它说明了事情的来龙去脉，也给出了数据。" * 8 + "</p>"
    article, body = read_article(site(body=lambda _: None), page(BODY + f"<article>{text * 3}</article>"))
    assert "来龙去脉" in "".join(body.tree.itertext())
    assert any(warning.startswith("body:") for warning in article.warnings)


def test_a_function_that_finds_no_title_is_believed() -> None:
    with pytest.raises(FieldMissing, match="title"):
        read(BODY, title=lambda _: None)


def test_a_body_of_very_many_elements_is_refused_by_name() -> None:
    with pytest.raises(BadField, match="more than 60,000 elements"):
        read(BODY.replace("<p>", "<p>One, of many.</p>" * 70_000 + "<p>", 1))


def test_a_title_that_is_the_file_name_is_none() -> None:
    with pytest.raises(BadField, match="title"):
        read(BODY.replace("标 <b>题</b>", "w-123456"))


def test_what_could_be_read_of_a_broken_page_is_kept() -> None:
    it = draft(site(title=lambda _: None, source="u"), page(BODY + "<u>新华社</u>"))
    assert isinstance(it.problem, FieldMissing)
    assert it.article.source == "新华社"
    assert it.article.upstream_id == "w-123456"
    assert it.body is not None


def test_an_article_in_json() -> None:
    facts = {
        "title": lambda it: it.jmespath("title").get(),
        "published": lambda it: it.jmespath("time").get(),
        "body": lambda it: Selector(text=it.jmespath("html").get()),
        "source": ".never",
    }
    answer = '{"title": "标题", "time": "2026/05/30 15:04:05", "html": "<p>一。</p><p>二。</p>"}'
    article, body = read_article(site(**facts), page(answer, kind="application/json"))
    assert article.title == "标题"
    assert article.source is None
    assert [p.text for p in body.tree] == ["一。", "二。"]


def test_a_picture_is_no_page() -> None:
    with pytest.raises(NotHtml):
        read_article(site(), Page(URL, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", {"content-type": "image/png"}, NOW))


LISTING = """<a href="/">home</a>
<ul><li><a href="/world/2026/05/30/w-1.html"><img src=i></a><h3><a href="/world/2026/05/30/w-1.html#c">第一条新闻的标题</a></h3>
<span>2026-05-30 10:00</span><p>2020年1月1日，一件事发生了，至今记忆犹新。</p></li>
<li><h3><a href="//old.example.com/world/2026/05/29/w-2.html?utm_source=x">第二条新闻的标题</a></h3><span>05-29 09:00</span></li>
<li><h3><a href="https://evil.example.org/world/2026/05/29/w-3.html">别处的新闻</a></h3></li>
<li><h3><a href="javascript:void(0)">x</a><a href="mailto:a@b.c">y</a><a href="/world/2026/05/28/w-4.html">第三条新闻的标题</a></h3></li></ul>
<a href="/sport/">体育</a><a href="/world/">本页</a><a class=next href="page_2.html">下一页</a>"""
LIST_URL = "https://news.example.com/world/"


@pytest.mark.parametrize("rule", ["h3 a", "h3", "li", "", lambda it: it.css("h3 a::attr(href)").getall()])
def test_a_listing(rule: Any) -> None:
    links = read_listing(site(article_links=rule, next_page="a.next"), page(LISTING, url=LIST_URL))
    articles = [link for link in links if link.kind is Kind.ARTICLE]
    assert [link.url.rsplit("/", 1)[-1] for link in articles] == ["w-1.html", "w-2.html", "w-4.html"]
    assert [link.title for link in articles] == ["第一条新闻的标题", "第二条新闻的标题", "第三条新闻的标题"]
    assert articles[1].url == "https://news.example.com/world/2026/05/29/w-2.html"
    assert articles[0].category == "world"
    if rule:
        assert articles[0].published is not None
        assert articles[0].published.isoformat() == "2026-05-30T10:00:00+08:00"
    assert [link.url for link in links if link.kind is Kind.LISTING and not link.page] == [
        "https://news.example.com/sport/"
    ]
    assert links[-1].page
    assert links[-1].url == "https://news.example.com/world/page_2.html"


def test_links_stand_once_and_never_on_another_host() -> None:
    links = read_listing(site(article_links="a", next_page="a.next"), page(LISTING, url=LIST_URL))
    assert len({link.url for link in links}) == len(links)
    assert all(link.url.startswith("https://news.example.com/") for link in links)


def test_the_base_element_is_honoured() -> None:
    it = page(
        "<h3><a href='w-1.html'>a</a></h3>",
        url=LIST_URL,
        head="<base href='https://news.example.com/world/2026/05/30/'>",
    )
    assert [link.url for link in read_listing(site(article_links="h3 a"), it)] == [
        "https://news.example.com/world/2026/05/30/w-1.html"
    ]


def test_a_json_list_counts_its_pages() -> None:
    answer = '{"list": [{"url": "/world/2026/05/30/w-1.html"}]}'
    facts = {"article_links": lambda it: it.jmespath("list[].url").getall(), "page_parameter": "page_index"}
    url = "https://api.news.example.com/list?page_index=9&size=20"
    links = read_listing(site(**facts), page(answer, url=url, kind="application/json"))
    assert links[-1].page
    assert links[-1].url == "https://api.news.example.com/list?page_index=10&size=20"
    empty = read_listing(site(**facts), page('{"list": []}', url=url, kind="application/json"))
    assert empty == ()


ENTRY = "https://news.example.com/world/2026/05/30/w-1.html"
FEEDS = [
    f'<?xml version="1.0"?><rss version="2.0"><channel><link>https://news.example.com/</link><item><title>一</title><link>{ENTRY}</link>'
    "<pubDate>Sat, 30 May 2026 10:00:00 +0800</pubDate></item></channel></rss>",
    f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><link href="/feed.xml" rel="self"/><entry><title>一</title>'
    f'<link rel="enclosure" href="/x.mp3"/><link href="{ENTRY}"/><published>2026-05-30T10:00:00+08:00</published></entry></feed>',
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    f'xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="x"><title>一</title><link>{ENTRY}</link>'
    "<dc:date>2026-05-30T10:00:00+08:00</dc:date></item></rdf:RDF>",
    f'<?xml version="1.0"?><rss version="2.0"><channel><item><title>一</title><guid>{ENTRY}</guid>'
    "<pubDate>Sat, 30 May 2026 02:00:00 GMT</pubDate></item></channel></rss>",
    '<?xml version="1.0"?><rss version="2.0" xml:base="https://news.example.com/world/"><channel xml:base="2026/"><item>'
    "<title>一</title><link>05/30/w-1.html</link><pubDate>Sat, 30 May 2026 02:00:00 GMT</pubDate></item></channel></rss>",
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{ENTRY}</loc><news:news><news:title>一</news:title>'
    "<news:publication_date>2026-05-30T10:00:00+08:00</news:publication_date></news:news></url></urlset>",
]


@pytest.mark.parametrize("kind", ["application/xml", "text/html; charset=utf-8"])
@pytest.mark.parametrize("feed", FEEDS)
def test_feeds_and_sitemaps(feed: str, kind: str) -> None:
    (link,) = read_listing(site(), page(feed, url="https://news.example.com/feed.xml", kind=kind))
    assert (link.url, link.kind, link.title) == (ENTRY, Kind.ARTICLE, "一")
    assert link.published == datetime(2026, 5, 30, 2, tzinfo=UTC)


def test_a_sitemap_index_leads_to_sitemaps() -> None:
    index = (
        '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>https://news.example.com/s1.xml</loc></sitemap><sitemap><loc>https://else.org/s.xml</loc></sitemap></sitemapindex>"
    )
    (link,) = read_listing(site(), page(index, url="https://news.example.com/sitemap.xml", kind="application/xml"))
    assert (link.url, link.kind) == ("https://news.example.com/s1.xml", Kind.SITEMAP)


def test_an_article_page_leads_to_its_parts_and_to_listings() -> None:
    markup = (
        BODY
        + "<div id=pages><a href='w-123456_2.html'>2</a><a href='w-123456_3.html'>3</a></div><a href='/sport/'>体育</a>"
    )
    links = page_links(site(parts="#pages a"), page(markup))
    assert [(link.kind, link.url.rsplit("/", 1)[-1]) for link in links] == [
        (Kind.PART, "w-123456_2.html"),
        (Kind.PART, "w-123456_3.html"),
        (Kind.LISTING, ""),
    ]
