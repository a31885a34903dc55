"""Existing documents: what people kept as .md posts and .txt files comes back as articles, or says why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import export
from crawler.importing import LOST, Document, read_documents
from crawler.items import Article, Kind, State
from crawler.page import Page
from crawler.path import process
from crawler.sites import load_site

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared" / "data"
SEED_PAGE = SHARED / "finews/site/renminyoudianbao/2022/01/07/NW202201072239888526.html"

POST = """---
layout: post
title: "两家企业签约 5G﹢项目"
date: 2022-01-07 11:33:54 +0800
categories: zhengquanshibao
tags: 证券时报新闻
---
<p>第一段，说的是 5G 和 IT 的事情，写得足够长，好让人相信这是一段正文。</p>
 <p>第二段“引用”、顿号，和<a href="http://example.com/x">链接</a>。 </p><p class="em_media">（文章来源：证券时报）</p>

<http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202201072239888526>

[返回证券时报新闻](//finews.withounder.com/category/zhengquanshibao.html)｜[返回首页](//finews.withounder.com/)"""

ROLLING = """---
layout: post
title: "央行：保持流动性合理充裕"
date: 2021-12-08 10:20:31
categories: emnews
tags: 东财滚动新闻
---
央行今日公告称，将保持流动性合理充裕，并继续做好跨周期设计，支持实体经济的发展。（财联社）

<http://finance.eastmoney.com/news/1350,202112082206703990.html>

[返回东财滚动新闻](//finews.withounder.com/emnews/)
[返回首页](//finews.withounder.com/)
"""


def read_one(folder: Path, name: str, text: str | bytes) -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (document,) = read_documents([path], now=NOW)
    return document


def article_of(folder: Path, name: str, text: str | bytes) -> Article:
    document = read_one(folder, name, text)
    assert document.article is not None, document.reason
    return document.article


def test_a_post(tmp_path: Path) -> None:
    article = article_of(tmp_path, "2022-01-07-NW202201072239888526.md", POST)
    assert article.title == "两家企业签约 5G﹢项目"
    assert article.url == "https://finews.withounder.com/zhengquanshibao/2022/01/07/NW202201072239888526.html"
    assert (article.site, article.category, article.source) == ("finews", "zhengquanshibao", "证券时报")
    assert article.upstream_id == "NW202201072239888526"
    assert article.tags == ("证券时报新闻",)
    assert article.published_at == datetime.fromisoformat("2022-01-07T11:33:54+08:00")
    assert article.share_url == "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202201072239888526"
    assert [line[:4] for line in article.body_text.split("\n\n")] == ["第一段，", "第二段“"]
    assert '<a href="http://example.com/x">链接</a>' in article.body_html
    assert article.fetched_at == NOW


def test_the_name_may_be_lost(tmp_path: Path) -> None:
    named = article_of(tmp_path, "2022-01-07-NW202201072239888526.md", POST)
    assert article_of(tmp_path, "seed.txt", POST) == named


@pytest.mark.parametrize("text", [f"\ufeff{POST}", f"\n\n{POST}", POST.replace("\n", "\r\n"), POST.encode("gb18030")])
def test_how_the_file_was_saved_does_not_matter(text: str | bytes, tmp_path: Path) -> None:
    plain = article_of(tmp_path, "2022-01-07-NW202201072239888526.md", POST)
    other = article_of(tmp_path, "2022-01-07-NW202201072239888526.md", text)
    if isinstance(text, bytes):  # GB 18030 has no ﹢ of its own in every table; the rest is the same
        plain, other = (replace(a, title="", content_hash="", provenance={}, removed=()) for a in (plain, other))
    assert other.body_text == plain.body_text
    assert (other.id, other.title, other.published_at, other.source) == (
        plain.id,
        plain.title,
        plain.published_at,
        plain.source,
    )


def test_rolling_news_without_zone(tmp_path: Path) -> None:
    article = article_of(tmp_path, "2021-12-08-202112082206703990.md", ROLLING)
    assert (article.kind, article.upstream_id, article.category) == ("rolling", "202112082206703990", "emnews")
    assert article.published_at == datetime.fromisoformat("2021-12-08T10:20:31+08:00")
    assert article.zone_from == "site"
    assert article.body_text.endswith("（财联社）")
    assert "返回" not in article.body_text
    assert article.share_url == "http://finance.eastmoney.com/news/1350,202112082206703990.html"


def test_a_digest_stands_apart(tmp_path: Path) -> None:
    body = "> 这是导语，一句话说完。\n\n<p>正文第一段，足够长，说的是另外一件事情，和导语没有关系。</p>"
    article = article_of(tmp_path, "2022-01-07-202201072239307540.md", ROLLING.split("央行今日")[0] + body)
    assert article.digest == "这是导语，一句话说完。"
    assert article.body_text.startswith("正文第一段")


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ('"他说"不行"，又说"行""', '他说"不行"，又说"行"'),
        ('"a \\"quoted\\" word \\u4e2d"', 'a "quoted" word 中'),
        ("'it''s'", "it's"),
        ("没有引号: 冒号", "没有引号: 冒号"),
        ('"C:\\Windows"', "C:\\Windows"),
    ],
)
def test_titles(raw: str, title: str, tmp_path: Path) -> None:
    text = POST.replace('"两家企业签约 5G﹢项目"', raw)
    assert article_of(tmp_path, "2022-01-07-NW202201072239888526.md", text).title == title


def test_a_post_without_front_matter_is_quarantined(tmp_path: Path) -> None:
    document = read_one(tmp_path, "2021-12-08-202112082206703990.md", POST.split("---\n")[2])
    assert document.article is None
    assert document.result is not None
    assert document.result.state is State.QUARANTINED
    assert document.reason == document.result.reason == "FieldMissing: title"


def test_a_folder_leaves_nothing_out(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "2022-01-07-NW202201072239888526.md").write_text(POST, "utf-8")
    (tmp_path / "binary.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "note.txt").write_text("a shopping list\nmilk\nbread\n", "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    documents = list(read_documents([tmp_path, tmp_path / "missing.md"], now=NOW))
    assert [d.path.name for d in documents] == [
        "binary.md", "2022-01-07-NW202201072239888526.md", "empty.md", "note.txt", "missing.md",
    ]  # fmt: skip
    assert [d.path.name for d in documents if d.article] == ["2022-01-07-NW202201072239888526.md"]
    assert all(d.reason for d in documents if not d.article)
    assert next(d for d in documents if d.path.name == "missing.md").reason == "No such file or directory"


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    (document,) = read_documents([tmp_path], now=NOW)
    assert "no .md or .txt" in document.reason


TEXT = "潜心耕耘绘制吴江范本\n2021/2/1 15:04\n" + "吴江工信局凝心聚力，抢抓国家战略叠加机遇，全面打赢收官之战。" * 5


@pytest.mark.parametrize(
    ("end", "source"), [("中国日报江苏记者站", "中国日报江苏记者站"), ("（某某晚报）", "某某晚报"), ("", None)]
)
def test_a_normalised_text(end: str, source: str | None, tmp_path: Path) -> None:
    article = article_of(tmp_path, "004.txt", f"{TEXT}{end}")
    assert article.title == "潜心耕耘绘制吴江范本"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2021-02-01T15:04:00+08:00"
    assert article.source == source
    assert article.body_text == TEXT.split("\n")[2]
    assert (LOST in article.warnings) == ("（" not in end)


def test_a_text_that_lost_nothing_has_no_warning(tmp_path: Path) -> None:
    article = article_of(tmp_path, "a.txt", f"{TEXT}\n第二段：5G、“引用”。\n")
    assert article.warnings == ()
    assert article.body_text.split("\n\n")[1] == "第二段：5G、“引用”。"


def test_a_text_goes_out_as_it_came_in(tmp_path: Path) -> None:
    data = f"{TEXT}中国日报江苏记者站".encode()
    export.write("text", [article_of(tmp_path, "a.txt", data)], tmp_path / "out.txt", export.Options(reduce="han"))
    assert (tmp_path / "out.txt").read_bytes() == data


@pytest.mark.parametrize("tail", [True, False])
def test_our_own_posts_come_back(tail: bool, tmp_path: Path) -> None:
    article = article_of(tmp_path, "2022-01-07-NW202201072239888526.md", POST)
    other = replace(
        article,
        site="chinadaily",
        url="https://china.chinadaily.com.cn/a/202311/17/WS655711c2a310d5acd876f2a0.html",
        canonical_url="https://china.chinadaily.com.cn/a/202311/17/WS655711c2a310d5acd876f2a0.html",
        title='标题 "引号" {{ page.x }}',
        body_html="<h2>小标题</h2>\n<p>一段正文，有 {{ 花括号 }}，也有<strong>强调</strong>，写得够长。</p>",
        editors=("王辉",),
        authors=("甲", "乙"),
        source_url="https://example.com/",
        subtitle="副题",
        modified_at=datetime(2022, 1, 8, 9, 0, tzinfo=UTC) + timedelta(hours=1),
    )
    for n, wanted in enumerate((article, other)):
        folder = tmp_path / str(n)
        export.write("jekyll", [wanted], folder, export.Options(tail=tail))
        (document,) = read_documents([folder], now=NOW)
        got = document.article
        assert got is not None, document.reason
        for name in (
            "site", "url", "title", "published_at", "category", "tags", "source", "source_url", "share_url", "subtitle",
            "authors", "editors", "modified_at", "body_html", "language", "kind",
        ):  # fmt: skip
            assert getattr(got, name) == getattr(wanted, name), name


needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the reference data (../shared/data) is not beside this checkout"
)


def page_article() -> Article:
    page = Page(
        "https://finews.withounder.com/renminyoudianbao/2022/01/07/NW202201072239888526.html",
        SEED_PAGE.read_bytes(),
        {"content-type": "text/html"},
        NOW,
    )
    site = load_site("finews")
    result = process(site, page, url=site.canonical(page.url), kind=Kind.ARTICLE)
    assert result.article is not None
    assert result.state is State.STORED
    return result.article


@needs_shared
def test_the_page_of_the_first_seed_becomes_the_seed(tmp_path: Path) -> None:
    export.write("jekyll", [page_article()], tmp_path, export.Options(tail=True))
    (path,) = tmp_path.iterdir()
    lines = path.read_text("utf-8").split("\n")
    extra = [line for line in lines if line.startswith(tuple(f"{key}:" for key in export.EXTRA_KEYS))]
    seed = (SHARED / "seeds/000_5566965b75a8270c.txt").read_bytes().decode("utf-8").split("\n")
    assert [line for line in lines if line not in extra] == seed
    assert extra


@needs_shared
def test_both_seeds_come_back() -> None:
    post, text = (d.article for d in read_documents([SHARED / "seeds"], now=NOW))
    assert post is not None
    assert text is not None
    page = page_article()
    for name in (
        "id", "story_id", "upstream_id", "site", "url", "title", "published_at", "category", "category_name", "source",
        "share_url", "tags", "body_html", "body_text", "content_hash", "kind",
    ):  # fmt: skip
        assert getattr(post, name) == getattr(page, name), name
    assert text.title.startswith("潜心耕耘励志进取")
    assert text.source == "中国日报江苏记者站"
    assert text.body_text.endswith("促进工业互联网与实体经济的深度融合。")
    assert text.published_at == datetime.fromisoformat("2021-02-01T15:04:00+08:00")
    assert text.warnings == (LOST,)


@needs_shared
def test_the_second_seed_goes_out_as_it_came_in(tmp_path: Path) -> None:
    seed = SHARED / "seeds/004_962fe81baea8aa62.txt"
    (document,) = read_documents([seed], now=NOW)
    assert document.article is not None
    export.write("text", [document.article], tmp_path / "out.txt", export.Options(reduce="han"))
    assert (tmp_path / "out.txt").read_bytes() == seed.read_bytes()
