"""Real pages of the three sites, which lie beside the checkout, against what a person reads on them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from parsel import Selector

from crawler.items import Article, Kind, State
from crawler.page import Page
from crawler.path import process
from crawler.result import PageResult
from crawler.sites import load_site
from tests.conftest import REFERENCE

FINEWS = REFERENCE / "finews"
PAGES = REFERENCE / "pages"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
AMBIGUOUS = ("202112082206703990", "-202205262391921712")  # no front matter; never rendered


def golds(folder: Path) -> list[Any]:
    if not folder.is_dir():
        return [pytest.param({"file": "none"}, marks=pytest.mark.skip(reason=f"no reference pages at {folder}"))]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
    return [gold for gold in found if not any(name in gold["file"] for name in AMBIGUOUS)]


def read(site: str, file: Path, url: str, *, kind: Kind = Kind.ARTICLE, content_type: str = "text/html") -> PageResult:
    if not file.is_file():
        pytest.skip(f"no reference page at {file}")
    page = Page(url, file.read_bytes(), {"content-type": content_type}, NOW)
    return process(load_site(site), page, url=load_site(site).canonical(url), kind=kind)


def article(result: PageResult) -> Article:
    assert result.state is State.STORED, result.reason
    assert result.article is not None
    return result.article


def finews(root: Path, path: str, kind: Kind = Kind.ARTICLE) -> PageResult:
    url = f"https://finews.withounder.com{quote(path)}"
    content_type = "application/xml" if path.endswith(".xml") else "text/html"
    return read("finews", root / "site" / path.lstrip("/"), url, kind=kind, content_type=content_type)


def lines(found: Article) -> list[str]:
    """The body's paragraphs as the gold has them: captions are lines, tables are apart."""
    body = Selector(text=f"<div>{found.body_html}</div>")
    blocks = body.xpath("//p | //h2 | //h3 | //h4 | //pre | //figcaption | //ul | //ol | //blockquote")
    texts = (" ".join("".join(block.xpath("string()").getall()).split()) for block in blocks)
    return [text for text in texts if text]


@pytest.mark.parametrize("gold", golds(FINEWS / "gold"), ids=lambda gold: gold["file"])
def test_finews_page_equals_its_gold(gold: Any) -> None:
    found = article(finews(FINEWS, gold["url_path"]))
    assert found.published_at is not None
    assert {
        "title": found.title,
        "published": found.published_at.isoformat(),
        "digest": found.digest,
        "body": lines(found),
        "source": found.source,
        "share_url": found.share_url,
        "category": found.category,
        "images": [image.url for image in found.images],
        "warnings": found.warnings,
    } == {
        "title": gold["title"],
        "published": gold["published_at_on_page"],
        "digest": gold["digest"],
        "body": [" ".join(line.split()) for line in gold["body"]],
        "source": gold["source"] or gold["source_hint"],
        "share_url": gold["share_url"],
        "category": gold["category"],
        "images": [image["src"] for image in gold["images"] if image["kind"] == "content"],
        "warnings": (),
    }


def test_finews_without_front_matter_is_kept_apart() -> None:
    result = finews(FINEWS, "/2021/12/08/202112082206703990.html")
    assert (result.state, result.reason) == (State.QUARANTINED, "FieldMissing: title")
    assert result.article is not None
    assert result.article.upstream_id == "202112082206703990"
    assert result.article.published_at is None


def test_finews_listings_lead_to_all_its_linked_posts() -> None:
    root = FINEWS / "site"
    if not root.is_dir():
        pytest.skip(f"no reference pages at {root}")
    listings = ["/index.html", "/emnews/index.html", "/feed.xml"]
    listings += [f"/category/{file.name}" for file in (root / "category").iterdir()]
    found: set[str] = set()
    for path in listings:
        kind = Kind.FEED if path.endswith(".xml") else Kind.LISTING
        found |= {link.url for link in finews(FINEWS, path, kind).links if link.kind is Kind.ARTICLE}
    posts = {file.relative_to(root).as_posix() for file in root.rglob("20*/*/*/*.html")}
    assert len(found) == 37
    assert {url.partition(".com/")[2] for url in found} == posts - {"2021/12/08/202112082206703990.html"}


@pytest.mark.parametrize(
    ("path", "links"),
    [("/index.html", 13), ("/emnews/index.html", 29), ("/category/emnews.html", 29), ("/feed.xml", 10)],
)
def test_finews_listing(path: str, links: int) -> None:
    kind = Kind.FEED if path.endswith(".xml") else Kind.LISTING
    result = finews(FINEWS, path, kind)
    assert result.state is State.READ
    assert sum(link.kind is Kind.ARTICLE for link in result.links) == links


# What cannot be read from the page, because the upstream template or Markdown has changed it before.
TYPOGRAPHY = ("202201102241000010", "202201102241000013")
UNREADABLE = ("NW202201102241000001", "NW202201102241000006")  # front matter broken; no text at all


@pytest.mark.parametrize("gold", golds(FINEWS / "hazards" / "gold"), ids=lambda gold: gold["file"])
def test_finews_hazard_is_right_or_kept_apart(gold: Any) -> None:
    path = gold["url_path"]
    if "NW202201102241000001" in path:
        path = "/2026/11/21/2022-01-10-NW202201102241000001.html"
    result = finews(FINEWS / "hazards", path)
    if any(name in path for name in UNREADABLE):
        assert result.state is State.QUARANTINED
        return
    found = article(result)
    assert found.published_at is not None
    assert found.published_at.isoformat() == gold["published_at_on_page"]
    assert found.share_url == gold["share_url"]
    assert found.category == gold["category"]
    for word in ("返回", "NewsShare", "文章来源", "<script", "<iframe", "var x"):
        assert word not in found.body_html
    if not any(name in path for name in TYPOGRAPHY):
        assert found.digest == gold["digest"]


def test_finews_broken_post_is_recovered_as_far_as_it_goes() -> None:
    result = finews(FINEWS / "hazards", "/2026/11/21/2022-01-10-NW202201102241000001.html")
    assert result.reason == "FieldMissing: title"
    kept = result.article
    assert kept is not None
    assert (kept.upstream_id, kept.source, kept.published_at) == ("NW202201102241000001", "证券日报", None)
    assert kept.body_text == "标题里有半角双引号，前言解析失败。"


def test_finews_404_page_is_no_article() -> None:
    result = finews(FINEWS, "/404.html")
    assert result.article is None
    assert result.state is State.GONE


CHINADAILY = PAGES / "chinadaily.com.cn"


def test_chinadaily_article_of_2023() -> None:
    file = CHINADAILY / "newspaper4k__chinese_article_001.html"
    found = article(
        read("chinadaily", file, "https://china.chinadaily.com.cn/a/202311/17/WS65571297a310d5acd876f404.html")
    )
    assert found.title == "外国专家：中美合作共赢符合国际社会利益"
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2023-11-17T15:13:00+08:00"
    assert (found.source, found.editors, found.authors) == ("中国日报网", ("严玉洁", "王辉"), ())
    assert found.category_name == "海外观察"
    paragraphs = lines(found)
    assert len(paragraphs) == 11
    assert paragraphs[0].startswith("在美国旧金山举行的中美元首会晤")
    assert paragraphs[1] == "中美合作共赢是大势所趋"
    assert paragraphs[-1].endswith("并采取更多令人安心的行动。")
    assert found.language in ("zh", "zh-CN")
    assert found.images == ()


def test_chinadaily_article_of_2025() -> None:
    file = CHINADAILY / "chinadaily_zh_article_2025.html"
    found = article(
        read("chinadaily", file, "https://cn.chinadaily.com.cn/a/202510/16/WS68f0d4f2a310c4deea5ecb6a.html")
    )
    assert found.title == '2025年珠江流域水工程调度实现"双赢"目标'
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2025-10-16T19:19:00+08:00"
    assert (found.source, found.editors) == ("中国日报", ("韩丰",))
    assert found.category_name == "中国日报专稿"
    paragraphs = lines(found)
    assert len(paragraphs) == 17
    assert paragraphs[0].startswith("中国日报10月16日电 金秋十月，")
    assert paragraphs[2] == "未雨绸缪，下好备汛“先手棋”".replace("“", '"').replace("”", '"')
    assert paragraphs[-1].endswith("保障珠江水安全提供有力保障。（完）")


def test_chinadaily_article_of_2019_with_author() -> None:
    file = CHINADAILY / "chinadaily_zh_2019_fenx_xinfle.fragment.html"
    found = article(
        read("chinadaily", file, "https://cn.chinadaily.com.cn/a/201912/14/WS5df3c4b9a31099ab995f1a1a.html")
    )
    assert found.title == "美国众议院司法委员会投票通过弹劾特朗普条款"
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2019-12-14T00:54:00+08:00"
    assert (found.source, found.authors) == ("央视新闻客户端", ("王晋燕",))
    assert lines(found)[-1].endswith("（央视记者 王晋燕）")


def test_chinadaily_body_of_2018_keeps_every_picture_and_line() -> None:
    file = CHINADAILY / "chinadaily_zh_body_2018.fragment.html"
    result = read("chinadaily", file, "https://cn.chinadaily.com.cn/a/201811/14/WS5bebe863a3101a87ca943f3a.html")
    assert (result.state, result.reason) == (State.QUARANTINED, "FieldMissing: title")
    assert result.article is not None
    assert len(result.article.images) == 11
    assert result.article.body_text.startswith("“安享和平是人民之福")
    assert result.article.body_text.endswith("您的精彩故事将会分享给更多网友")


@pytest.mark.parametrize(
    ("name", "url", "count", "first", "last", "following"),
    [
        (
            "chinadaily_zh_list_2025.html",
            "https://cn.chinadaily.com.cn/5b753f9fa310030f813cf408/5bd54dd6a3101a87ca8ff5f8/5bd54e59a3101a87ca8ff606",
            30,
            "https://cn.chinadaily.com.cn/a/202510/16/WS68f0d4f2a310c4deea5ecb6a.html",
            "https://cn.chinadaily.com.cn/a/202510/16/WS68f05380a310c4deea5ec895.html",
            "/page_2.html",
        ),
        (
            "chinadaily_en_list.html",
            "https://www.chinadaily.com.cn/world/china-us",
            25,  # five in the block on top, twenty below
            "https://www.chinadaily.com.cn/a/201901/11/WS5c37cfaea3106c65c34e3c9e.html",
            "https://www.chinadaily.com.cn/a/201901/04/WS5c2f5a42a31068606745ef86.html",
            "/page_2.html",
        ),
    ],
)
def test_chinadaily_listing(name: str, url: str, count: int, first: str, last: str, following: str) -> None:
    result = read("chinadaily", CHINADAILY / name, url, kind=Kind.LISTING)
    articles = [link.url for link in result.links if link.kind is Kind.ARTICLE]
    assert (len(articles), articles[0], articles[-1]) == (count, first, last)
    assert [link.url for link in result.links if link.kind is not Kind.ARTICLE] == [url + following]
    assert result.links[-1].page


EASTMONEY = PAGES / "eastmoney.com"


def test_eastmoney_list_api() -> None:
    file = EASTMONEY / "api_list_column344.abridged.json"
    site = load_site("eastmoney")
    result = read("eastmoney", file, site.categories["ccjdd"], kind=Kind.LISTING, content_type="application/json")
    assert [link.url for link in result.links if not link.page] == [
        "http://finance.eastmoney.com/a/202609183878840472.html",
        "http://caifuhao.eastmoney.com/news/202609213880203046",
    ]
    assert "page_index=2&" in result.links[-1].url


def test_eastmoney_article_api() -> None:
    file = EASTMONEY / "api_article_202609183878840472.abridged.json"
    url = "https://newsinfo.eastmoney.com/kuaixun/v2/api/article/202609183878840472?guid=a"
    found = article(read("eastmoney", file, url, content_type="application/json"))
    assert found.title == "美股三大指数小幅走低 欧股三大指数均跌超1% 比特币回升至8万美元"
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-09-19T01:09:08+08:00"
    assert found.source == "东方财富Choice数据"
    assert found.images == ()
    assert found.body_text.split("\n\n") == [
        "美东时间周五，美股三大指数小幅走低。截至发稿，道指跌0.36%，纳指跌0.08%，标普500指数跌0.17%。",
        "全球要闻",
        "中方领导人是否将访问美国？外交部：中美就年内元首互访保持着沟通",
        "据美国汽车协会（AAA）的数据显示，周四全美普通汽油平均价格为每加仑4.44美元。",
    ]
    page = "https://finance.eastmoney.com/a/202609183878840472.html"
    shell = EASTMONEY / "composed_article_shell.html"
    assert found.id == article(read("eastmoney", shell, page)).id


def test_eastmoney_article_of_2026() -> None:
    url = "https://finance.eastmoney.com/a/202601043608880472.html"
    found = article(read("eastmoney", EASTMONEY / "composed_article_shell.html", url))
    assert found.title == "多家机构提示春季行情"
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-01-04T17:46:00+08:00"
    assert found.source == "第一财经"
    paragraphs = lines(found)
    assert len(paragraphs) == 3
    assert paragraphs[1] == "①中信证券：开年后市场震荡向上的概率更高"
    assert paragraphs[2].endswith("有些偏游资风格的品种也属于这一类别。")
    assert "quote.eastmoney.com" not in found.body_html


@pytest.mark.parametrize(
    ("name", "source", "text"),
    [
        ("eastmoney_body_2026_cls_ad", "财联社", ["多股异动，鼎通科技快速拉升。"]),
        (
            "eastmoney_body_2026_dongfang_diaoyan",
            "证券时报网",
            [
                "近5日机构合计调研203家公司，杰瑞股份、美埃科技等被多家机构扎堆调研。",
                "机构调研榜单中，杰瑞股份最受关注，参与调研的机构达到255家。",
                "近5日机构调研股一览",
                "| 证券代码 | 证券简称 | 机构调研次数 |\n| --- | --- | --- |\n| 002353 | 杰瑞股份 | 2 |",
            ],
        ),
    ],
)
def test_eastmoney_body_of_2026(name: str, source: str, text: list[str]) -> None:
    url = "https://finance.eastmoney.com/a/202606133770624126.html"
    result = read("eastmoney", EASTMONEY / f"{name}.fragment.html", url)
    assert result.reason == "FieldMissing: title"  # a fragment has none
    assert result.article is not None
    assert result.article.source == source
    assert result.article.body_text.split("\n\n") == text


def test_eastmoney_html_list() -> None:
    file = EASTMONEY / "eastmoney_roll_list_2026.fragment.html"
    result = read("eastmoney", file, "https://finance.eastmoney.com/yaowen.html", kind=Kind.LISTING)
    assert [link.url for link in result.links] == [
        "https://finance.eastmoney.com/a/202606133770624126.html",
        "https://fund.eastmoney.com/a/202606133770617971.html",
    ]
