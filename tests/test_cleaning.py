# ruff: noqa: E501 - the tables below are read row by row
"""Cleaning, step by step: what goes in, what comes out, and what must stay."""

import time

import pytest
from lxml import html
from parsel import Selector

from crawler import cleaning
from crawler.body import Body
from crawler.cleaning import drops, head, images, tail
from crawler.cleaning.blocks import flatten

BASE = "https://news.example.com/a/b.html"


def body_of(markup: str, *, title: str = "", junk: tuple[str, ...] = (), unwrap: tuple[str, ...] = ()) -> Body:
    tree = html.fragment_fromstring(markup, create_parent="div")
    return Body(tree, BASE, junk=junk, unwrap=unwrap, title=title)


def markup_of(body: Body) -> str:
    return cleaning.render_html(body).replace("\n", "")


def cleaned(markup: str, **facts: object) -> Body:
    body = body_of(markup, **facts)  # type: ignore[arg-type]
    cleaning.clean_body(body)
    cleaning.strip_tail(body)
    return body


FLAT = [
    # every wrapper is unwrapped, its text stays where it stood
    ("a<div>b<div><p>c</p></div>d</div>", "<p>a</p><p>b</p><p>c</p><p>d</p>"),
    ("<section><article><p>a</p></article></section>", "<p>a</p>"),
    ("<p>a<font color=red>b</font><span>c</span></p>", "<p>abc</p>"),
    ("<p>a<b>b</b><i>c</i><u>d</u></p>", "<p>a<strong>b</strong><em>c</em>d</p>"),
    ("<strong><p>a</p><p>b</p></strong>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
    ("<b><strong>a</strong></b>", "<p><strong>a</strong></p>"),
    ("<h1>a</h1><h2>b</h2><h5>c</h5>", "<h2>a</h2><h2>b</h2><h4>c</h4>"),
    ("<dl><dt>a</dt><dd>b</dd></dl>", "<p>a</p><p>b</p>"),
    # line breaks
    ("a<br>b", "<p>a<br>b</p>"),
    ("a<br><br>b<br/>\n<br/>c", "<p>a</p><p>b</p><p>c</p>"),
    ("　　a<br>　　b<br>\n　　c", "<p>a</p><p>b</p><p>c</p>"),
    ("a<br>&nbsp;&nbsp;&nbsp;&nbsp;b", "<p>a</p><p>b</p>"),
    ("<b>a<br>　　b</b>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
    ("<b>a<br>b</b>", "<p><strong>a</strong><br><strong>b</strong></p>"),
    ("<br>a<br>", "<p>a</p>"),
    # white space
    ("<p>\u3000\u3000a&nbsp;</p>", "<p>a</p>"),
    ("<p>a \n b</p>", "<p>a b</p>"),
    ("<p>中国\n   日报 5G</p>", "<p>中国日报 5G</p>"),
    ("<p>中国 \r\n\n\t 日报\n5G\t\t是  新</p>", "<p>中国日报 5G 是 新</p>"),
    ("<p>a　b&nbsp;c</p>", "<p>a　b&nbsp;c</p>"),
    ("<p>a <b>b </b>c</p>", "<p>a <strong>b</strong> c</p>"),
    ("<p>5G﹢工业</p>", "<p>5G﹢工业</p>"),
    ("<p>a&#1;<b>&#x8;b</b>&#xFFFE;c</p>", "<p>a<strong>b</strong>c</p>"),
    ("<p>e\u0301</p>", "<p>\u00e9</p>"),
    ("<p> </p><p><b>\u200b</b></p><p>&nbsp;</p><div><br></div><p>a</p>", "<p>a</p>"),
    # links
    ('<p><a href="/c d">a</a></p>', '<p><a href="https://news.example.com/c%20d">a</a></p>'),
    (
        '<p><a href="//x.cn/">a</a><a href="javascript:f()">b</a><a name="c">c</a></p>',
        '<p><a href="https://x.cn/">a</a>bc</p>',
    ),
    ('<a href="/c"><div>a</div></a>', '<p><a href="https://news.example.com/c">a</a></p>'),
    # lists, quotes, pre
    ("<ul><li>a</li><li><p>b</p></li><li> </li></ul>", "<ul><li>a</li><li>b</li></ul>"),
    ("<ol><li>a<ul><li>b</li></ul></li></ol>", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
    ("<ul><li><h3>a</h3><p>b</p></li></ul>", "<h3>a</h3><p>b</p>"),
    ("<ul>a<li>b</li></ul>", "<p>a</p><p>b</p>"),
    ("<blockquote>a<br><br>b</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
    ("<blockquote><blockquote><p>a</p></blockquote></blockquote>", "<blockquote><p>a</p></blockquote>"),
    ("<pre>a\n  b</pre>", "<pre>a  b</pre>"),
    # tables
    (
        "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td><p>d</p></td></tr></table>",
        "<table><tbody><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></tbody></table>",
    ),
    (
        '<table><tr><td colspan="2">a</td></tr><tr><td>c</td><td>d</td></tr></table>',
        '<table><tbody><tr><td colspan="2">a</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>',
    ),
    ("<table><tr><td>a<br>　　b</td></tr></table>", "<p>a</p><p>b</p>"),
    ("<table><tr><td>a</td><td>" + "文" * 400 + "</td></tr></table>", "<p>a</p><p>" + "文" * 400 + "</p>"),
    # images
    ('<center><img src="/i.jpg"></center>', '<figure><img src="https://news.example.com/i.jpg"></figure>'),
    ('<p>a<img src="/i.jpg" width="20">b</p>', '<p>a<img src="https://news.example.com/i.jpg" width="20">b</p>'),
    ('<p><img src="/i.jpg"><br>a</p>', '<figure><img src="https://news.example.com/i.jpg"></figure><p>a</p>'),
    ('<p>a<br><img src="/i.jpg"></p>', '<p>a</p><figure><img src="https://news.example.com/i.jpg"></figure>'),
    ('<p><img src="/i.jpg">a</p>', '<figure><img src="https://news.example.com/i.jpg"></figure><p>a</p>'),
    ('<p>a<img src="/i.jpg"></p>', '<p>a</p><figure><img src="https://news.example.com/i.jpg"></figure>'),
    (
        '<p><a href="/c"><img src="/i.jpg"></a><img src="/j.jpg"></p>',
        '<figure><img src="https://news.example.com/i.jpg"></figure><figure><img src="https://news.example.com/j.jpg"></figure>',
    ),
    (
        '<figure><a href="/c"><img src="/i.jpg"></a><figcaption>a</figcaption></figure>',
        '<figure><img src="https://news.example.com/i.jpg"><figcaption>a</figcaption></figure>',
    ),
]


@pytest.mark.parametrize(("before", "after"), FLAT)
def test_flatten(before: str, after: str) -> None:
    body = body_of(before)
    flatten(body)
    assert markup_of(body) == after


def test_a_layout_table_around_a_data_table_goes_and_the_data_table_stays() -> None:
    body = body_of("<table><tr><td>x<table><tr><td>a</td><td>b</td></tr></table></td></tr></table>")
    flatten(body)
    assert markup_of(body) == "<p>x</p><table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"


def test_deep_nesting_is_read_in_full_and_in_time() -> None:
    for opened in ("<div>", "<p><b>", "<table><tr><td>", "<ul><li>", "<blockquote>", "<figure>", "<a href=/><div>"):
        body = Body(Selector(f"<body>{opened * 600}a").root, BASE)
        flatten(body)
        assert "".join(body.tree.itertext()) == "a"


HOSTILE_SHAPES = {
    "formats": "<b><i>" * 900 + "a<br>" * 3000,
    "lines": "<p>" + "责任编辑 来源<br>" * 30000,
    "spaces": "<p>来源" + "\u3000" * 200000 + "：x</p>",
    "links": "<p><a href=/a>相关</a></p>" * 5000,
    "share": "<div class=share>" * 900 + "<p>" + "a b " * 50000,
    "hidden": "<p hidden>a</p>" * 20000,
    "attributes": "<p class=share-a id=b style='text-align:center' align=left>a</p>" * 60000,
    "line ends": "<p>" + "文 \n" * 100000,
    "images": "<p><img src=/a.jpg>" * 5000,
    "table": "<table>" + "<tr><td>a<td>b" * 5000,
    "list": "<ul>" + "<li>a" * 20000,
    "brackets": "<p>。" + "（" * 100000 + "）" * 100000,
}


@pytest.mark.parametrize("shape", HOSTILE_SHAPES)
def test_no_page_holds_the_loop(shape: str) -> None:
    root = Selector(f"<body><div>x</div>{HOSTILE_SHAPES[shape]}</body>").root
    started = time.process_time()
    body = Body(root, BASE, title="t")
    cleaning.clean_body(body)
    cleaning.strip_tail(body)
    cleaning.render_html(body)
    cleaning.render_texts(body)
    assert time.process_time() - started < 3


DROPS = [
    (
        drops.drop_hidden,
        '<p style="display:none;height:1px">a</p><p hidden>b</p><p style="color:red">c</p>',
        "c",
        ["a", "b"],
    ),
    (drops.drop_hidden, '<div style="visibility: hidden">a</div>b', "b", ["a"]),
    (drops.drop_widgets, "<form>a<button>b</button></form>c<iframe src=x></iframe><nav>d</nav>", "c", ["ab", "", "d"]),
    (drops.drop_share_bars, '<div class="share-bar"><a>微博</a></div>c', "c", ["微博"]),
    (drops.drop_share_bars, '<div class="bdsharebuttonbox"><a>微博</a></div>c', "c", ["微博"]),
    (drops.drop_share_bars, '<div id="qrcode">扫一扫</div>c', "c", ["扫一扫"]),
    (drops.drop_share_bars, '<p class="shareholders">a</p>', "a", []),
    (
        drops.drop_share_bars,
        '<div class="share"><p>他与众人分享了收获的喜悦。</p></div>',
        "他与众人分享了收获的喜悦。",
        [],
    ),
    (drops.drop_code, "<script>a</script><style>b</style><!--c-->d", "d", []),
]


@pytest.mark.parametrize(("step", "before", "after", "removed"), DROPS)
def test_drops(step: cleaning.Step, before: str, after: str, removed: list[str]) -> None:
    body = body_of(before)
    step(body)
    flatten(body)
    assert cleaning.render_texts(body).text == after
    assert [row.text for row in body.removed] == removed
    assert {row.step for row in body.removed} <= {step.__name__}


def test_the_container_itself_may_be_hidden() -> None:
    tree = html.fragment_fromstring('<div id="js_content" style="visibility:hidden"><p>a</p></div>')
    body = Body(tree, BASE)
    cleaning.clean_body(body)
    assert cleaning.render_texts(body).text == "a"


def test_site_junk_goes_and_site_terms_are_unwrapped() -> None:
    body = cleaned(
        '<p>首席<span id="s"><a class="keytip" href="/q">英伟达</a></span>黄</p><div class="ad">广告</div>',
        junk=("div.ad",),
        unwrap=("a.keytip",),
    )
    assert markup_of(body) == "<p>首席英伟达黄</p>"
    assert [(row.text, row.step) for row in body.removed] == [("广告", "take_site_junk")]


LAZY = [
    ('<img src="/blank.gif" data-src="//a.cn/b.jpg">', "https://a.cn/b.jpg"),
    ('<img src="data:image/gif;base64,R0lG" data-original="/b.jpg">', "https://news.example.com/b.jpg"),
    ('<img _src="/b.jpg">', "https://news.example.com/b.jpg"),
    ('<img src="static/none.gif" file="data/b.jpg" zoomfile="data/c.jpg">', "https://news.example.com/a/data/c.jpg"),
    ('<img srcset="/s.jpg 300w, /l.jpg 1200w" src="data:,">', "https://news.example.com/l.jpg"),
    ('<img src="/b.jpg" srcset="/s.jpg 300w">', "https://news.example.com/b.jpg"),
    ('<img src="/b.jpg" data-lazyload="true">', "https://news.example.com/b.jpg"),
    ('<img src="data:image/png;base64,iVBO">', None),
    ('<img src="https://c.cn/count" width="1" height="1">', None),
    ('<img src="javascript:x()">', None),
    ('<img alt="a">', None),
]


@pytest.mark.parametrize(("before", "url"), LAZY)
def test_resolve_images(before: str, url: str | None) -> None:
    body = body_of(before)
    images.resolve_images(body)
    assert [image.get("src") for image in body.tree.iter("img")] == ([url] if url else [])
    assert len(body.removed) == (url is None)


CAPTIONS = [
    ('<center><img src="/i.jpg"></center><p style="text-align:center">市民在看展览</p>', "市民在看展览"),
    ('<p><img src="/i.jpg"></p><p>图为现场。新华社记者 王明 摄</p>', "图为现场。新华社记者 王明 摄"),
    ('<p><img src="/i.jpg"></p><p style="text-align: center;">图片来源：霍尼韦尔官网</p>', "图片来源：霍尼韦尔官网"),
    ('<p><img src="/i.jpg"></p><p>他说，明天会更好。</p>', None),
    ('<p><img src="/i.jpg"></p><p style="text-align:center"><strong>一、开局</strong></p>', None),
    ('<p><img src="/i.jpg"></p><p style="text-align:center">（文章来源：新华社）</p>', None),
]


@pytest.mark.parametrize(("before", "caption"), CAPTIONS)
def test_set_captions(before: str, caption: str | None) -> None:
    body = body_of(before)
    flatten(body)
    images.set_captions(body)
    assert cleaning.images_of(body)[0].caption == caption


# One row: last lines of a body, what is left, what was found.
TAIL = [
    # back links
    ("<p>正文。</p><p><a href='/c'>返回人民邮电报新闻</a>｜<a href='/'>返回首页</a></p>", "正文。", {}),
    ("<p>正文。</p><p><a href='/c'>返回东财滚动新闻</a></p><p><a href='/'>返回首页</a></p>", "正文。", {}),
    ("<p>正文。</p><p>返回搜狐，查看更多</p>", "正文。", {}),
    ("<p>正文。</p><p>&lt;&lt; 返回上一页</p>", "正文。", {}),
    ("<p>正文。返回腾讯网首页>></p>", "正文。", {}),
    # share links
    ("<p>正文。</p><p><a href='http://f.cn/n/1,2.html'>http://f.cn/n/1,2.html</a></p>", "正文。", {"share_url": "http://f.cn/n/1,2.html"}),
    ("<p>正文。</p><p>&lt;&gt;</p>", "正文。", {}),
    # sources
    ("<p>正文。</p><p class='em_media'>（文章来源：人民邮电报）</p>", "正文。", {"source": "人民邮电报"}),
    ("<p>正文。</p><p>（文章来源：中国<span><a href='/q'>证券</a></span><span></span>报）</p>", "正文。", {"source": "中国证券报"}),
    ("<p>正文。</p><p>(文章来源:人民日报)</p>", "正文。", {"source": "人民日报"}),
    ("<p>正文。</p><p>【来源：新华网】</p>", "正文。", {"source": "新华网"}),
    ("<p>正文。</p><p>来源： 新华网</p>", "正文。", {"source": "新华网"}),
    ("<p>正文。</p><p>稿源：中国新闻网</p>", "正文。", {"source": "中国新闻网"}),
    ("<p>正文。（文章来源：财联社）</p>", "正文。", {"source": "财联社"}),
    ("<p>正文。（中国日报青岛记者站）</p>", "正文。", {"source": "中国日报青岛记者站"}),
    ("<p>正文。</p><p>（中國日報湖北記者站）</p>", "正文。", {"source": "中國日報湖北記者站"}),
    ("<p>正文。</p><p>（中国日报山东记者站 记者 赵瑞雪）</p>", "正文。", {"source": "中国日报山东记者站", "authors": ("赵瑞雪",)}),
    ("<p>正文。（中国日报山东记者站记者 赵瑞雪）</p>", "正文。", {"source": "中国日报山东记者站", "authors": ("赵瑞雪",)}),
    ("<p>正文。（中国日报山东记者站 赵瑞雪）</p>", "正文。", {"source": "中国日报山东记者站", "authors": ("赵瑞雪",)}),
    ("<p>正文。</p><p>（来源：新华社 记者 赵瑞雪）</p>", "正文。", {"source": "新华社"}),
    ("<p>正文。</p><p>（中国日报网编辑 李四）</p>", "正文。", {"editors": ("李四",)}),
    ("<p>正文。</p><p>（记者：李四 编辑：张三）</p>", "正文。", {"authors": ("李四",), "editors": ("张三",)}),
    ("<p>正文。</p><p>监制丨张三 主编丨李四</p>", "正文。", {"editors": ("张三", "李四")}),
    ("<p>正文。</p><p>文｜张三 编辑｜李四</p>", "正文。", {"authors": ("张三",), "editors": ("李四",)}),
    ("<p>正文。</p><p>原标题：他晚于阿姆斯特朗</p><p>出品︱网易科学人栏目组 胖胖</p><p>作者︱春春</p>", "正文。", {"original_title": "他晚于阿姆斯特朗", "editors": ("网易科学人栏目组", "胖胖"), "authors": ("春春",)}),
    ("<p>正文。</p><p>作者：Mahdhi Rezvi 译者：前端小智  来源：medium</p><p>原文：https://a.dev/b</p>", "正文。", {"authors": ("Mahdhi Rezvi",), "source": "medium"}),
    ("<p>正文。</p><p>2005年8月25日（来源：上海证券报）</p>", "正文。\n\n2005年8月25日", {"source": "上海证券报"}),
    ("<p>正文。</p><p>文字：李四 摄影：王五 编辑：张三</p>", "正文。", {"authors": ("李四",), "editors": ("张三",)}),
    ("<p>正文。</p><p>第1页/共1页 &lt;&lt; 上一页 | 下一页 &gt;&gt;</p>", "正文。", {}),
    ("<p>正文。</p><p>[上一篇]  [下一篇]</p>", "正文。", {}),
    ("<p>正文。</p><p>游戏专栏投稿信箱：otaku@vip.163.com</p>", "正文。", {}),
    ("<p>正文。</p><p>您还未登录，请登录后进行收藏！</p>", "正文。", {}),
    ("<p>深度融合。中国日报江苏记者站</p>", "深度融合。", {"source": "中国日报江苏记者站"}),
    ("<p>正文。</p><p>Source: Xinhua</p>", "正文。", {"source": "Xinhua"}),
    # editors
    ("<p>正文。</p><p>（责任编辑：周雁）</p>", "正文。", {"editors": ("周雁",)}),
    ("<p>正文。</p><p>（编辑：严玉洁 王辉）</p><div>【责任编辑：严玉洁】</div>", "正文。", {"editors": ("严玉洁", "王辉")}),
    ("<p>正文。</p><p>(责编：萧潇、张妍)</p>", "正文。", {"editors": ("萧潇", "张妍")}),
    ("<p>正文。</p><p>(责任编辑：DF380)</p>", "正文。", {"editors": ("DF380",)}),
    ("<p>正文。</p><p>责任编辑：</p>", "正文。", {}),
    ("<p>正文。</p><p>编辑/倪家宁</p>", "正文。", {"editors": ("倪家宁",)}),
    ("<p>正文。</p><p>编辑 禤志杰</p>", "正文。", {"editors": ("禤志杰",)}),
    ("<p>正文。</p><p>校对：刘威</p>", "正文。", {"editors": ("刘威",)}),
    ("<p>正文。</p><p>本文来源：新京报 责任编辑：杜硕_NB12556</p>", "正文。", {"source": "新京报", "editors": ("杜硕_NB12556",)}),
    ("<p>正文。</p><p>来源：IT之家 作者：骑士 责编：骑士</p>", "正文。", {"source": "IT之家", "authors": ("骑士",), "editors": ("骑士",)}),
    ("<p>正文。<br>责任编辑：周雁</p>", "正文。", {"editors": ("周雁",)}),
    ("<p>正文。</p><p>[作者: 刘满仓 　责任编辑: 杨丹宇 ]</p>", "正文。", {"authors": ("刘满仓",), "editors": ("杨丹宇",)}),
    ("<p>正文。</p><p>作者 王之言 高孜然<br>编辑 周褶褶 ｜ 排版 魏蔚</p>", "正文。", {"authors": ("王之言", "高孜然"), "editors": ("周褶褶", "魏蔚")}),
    ("<p>正文。</p><p>中青报·中青网记者 魏其濛 来源：中国青年报</p>", "正文。", {"authors": ("魏其濛",), "source": "中国青年报"}),
    ("<p>正文。</p><p>【编辑:刘欢】 返回搜狐，查看更多</p>", "正文。", {"editors": ("刘欢",)}),
    ("<p>正文。（编辑：小何）返回搜狐，查看更多</p>", "正文。", {"editors": ("小何",)}),
    # first titles
    ("<p>正文。</p><p>（原标题：美国43城万人游行）</p>", "正文。", {"original_title": "美国43城万人游行"}),
    # disclaimers
    ("<p>正文。</p><p>郑重声明：东方财富网发布此信息的目的在于传播更多信息，与本网站立场无关。</p>", "正文。", {}),
    ("<p>正文。（文章来源：财联社）郑重声明：东方财富发布此内容旨在传播更多信息，与本站立场无关，不构成投资建议。</p>", "正文。", {"source": "财联社"}),
    ("<p>正文。</p><p>特别声明：以上内容(如有图片或视频亦包括在内)为自媒体平台“网易号”用户上传并发布，本平台仅提供信息存储服务。</p>", "正文。", {}),
    ("<p>正文。</p><p>声明：证券时报力求信息真实、准确，文章提及内容仅供参考，不构成实质性投资建议，据此操作风险自担</p>", "正文。", {}),
    # prompts
    ("<p>正文。</p><p>海量资讯、精准解读，尽在新浪财经APP</p>", "正文。", {}),
    ("<p>正文。</p><p>相关资讯请关注：港口专区</p>", "正文。", {}),
    ("<p>正文。</p><p>专注港口新闻，每日推送。扫描下方二维码关注港口汇官方微信(或微信中搜：gangkou)。</p>", "正文。", {}),
    ("<p>正文。</p><p>（责任编辑： HN12）</p><p>【免责声明】本文仅代表作者本人观点，与本网无关，请自行承担责任。</p>", "正文。", {"editors": ("HN12",)}),
    ("<p>正文。</p><p>（原题为《码头要加高四十厘米》）</p>", "正文。", {"original_title": "码头要加高四十厘米"}),
    ("<p>正文。</p><p>编辑 刘小阳 校对 李一铭 摄影 周褶</p>", "正文。", {"editors": ("刘小阳", "李一铭")}),
    ("<p>正文。</p><p>（综合整理自港口报、海事网等）</p>", "正文。", {"source": "港口报、海事网等"}),
    ("<p>正文。</p><p>港务局、工程科供稿　摄影/张小艳　编辑/苏一芳</p>", "正文。", {"editors": ("苏一芳",)}),
    ("<p>正文。</p><p>微信扫一扫，关注我们</p>", "正文。", {}),
    ("<p>正文。</p><p>举报/反馈</p>", "正文。", {}),
    ("<p>正文。</p><p>点击进入专题>></p>", "正文。", {}),
    ("<p>正文。</p><p>（完）</p>", "正文。", {}),
    ("<p>正文。</p><p>更多猛料！欢迎扫描左方二维码关注新浪新闻官方微信（xinlang-xinwen）</p>", "正文。", {}),
    ("<p>正文。</p><p>未经授权不得转载</p>", "正文。", {}),
    ("<p>正文。</p><p>39健康网(www.39.net)专稿，未经书面授权请勿转载。</p>", "正文。", {}),
    ("<p>正文。</p><p>转载请注明:原文链接 - https://a.cn/1</p>", "正文。", {}),
    ("<p>正文。</p><p>投诉举报</p>", "正文。", {}),
    ("<p>正文。</p><p>投资有风险，入市需谨慎</p>", "正文。", {}),
    ("<p>正文。</p><p>【相关阅读】</p><ul><li><a href='/a'>一</a></li></ul><p><a href='/b'>二</a></p>", "正文。", {}),
]  # fmt: skip


@pytest.mark.parametrize(("before", "text", "found"), TAIL)
def test_tail(before: str, text: str, found: dict[str, object]) -> None:
    body = cleaned(before)
    assert cleaning.render_texts(body).text == text
    said = {name: value for name in body.found.__slots__ if (value := getattr(body.found, name))}
    assert said == found
    assert {row.field for row in body.removed if row.field} == set(found)


# A word alone never condemns a line.
STAY = [
    "记者：首先欢迎你来到新华网接受我们的采访，请谈谈这项工作的由来。",
    "图片来源：城市轨道交通2023年度统计和分析报告",
    "房产的增值主要来源于土地的增值。",
    "来源于古希腊语",
    "它的名字来源于古希腊语",
    "来源：这个词在法律上的含义，远比人们想象的复杂，学者们为此争论了几十年，至今没有一个公认的结论。",
    "来源：谁说了算？",
    "美国司法部没有立即发表评论",
    "致电中纪委举报热线进行举报。拨打【12388】",
    "据英国《卫报》4日报道，当地时间周三，议会通过了该法案。",
    "新京报讯（记者 陆一夫）11月25日，新京报记者登录拼多多全球购页面发现。",
    "新华社香港11月25日电 香港特别行政区选举24日举行。",
    "当地已经采取措施。（见本报昨天6版相关报道）",
    "文章的原标题为《宇航员之死》",
    "原题为《宇航员之死》的文章刊于上月",
    "综合自多方消息，码头要加高",
    "本报面向读者征稿，港务局供稿 编辑很忙",
    "多年以后他写下了这段话。（作者：南帆，系福建师范大学文学院教授）",
    "存在快速上涨后大幅回调的风险",
    "公司发布股票交易风险提示公告称，股价短期涨幅较大",
    "监管部门指出，该文件不构成投资建议。",
    "法院认为，免责声明不能免除平台的审查义务。",
    "责任编辑是这个行业里最容易被忽视的人。",
    "责任编辑：一个正在消失的职业",
    "责任编辑的名字印在每一本书的版权页上",
    "他返回首页，又看了一遍。",
    "返回的回收水样已经送检",
    "返回舱安全着陆",
    "他与他人分享",
    "编辑部的故事",
    "央视记者 王晋燕报道了这一消息。（央视记者 王晋燕）",
    "这是今年第三次。（完）",
    "首席执行官黄仁勋表示，公司将继续投资。（财联社）",
    "中国日报江苏记者站成立于2009年。",
    "（通讯员 何一山）",
    "（总台记者 张三 李四）",
    "它很重要。中国日报江苏记者站揭牌仪式，在南京举行",
    "论文｜图书编辑的日常",
    "摄影：李木",
    "翻到下一页，故事才刚刚开始",
    "文学评论与分享会",
    "关注公众号成了一种生意，运营者说。",
    "扫码点餐带来的烦恼，谁来解决？",
    "(声明：文章内容仅供参考，不构成投资建议。投资者据此操作，风险自担。)",
    "新京报：今天的来源：无从查起。",
    "中国经济数据：2023",
    "未经批准不得擅自复工",
    "本报记者 王明 李华",
    "编辑 们说，这份工作不容易",
    "转载需谨慎的年代已经过去",
    "下载反诈APP的人越来越多",
    "热线电话被打爆",
    "返回首页的按钮不见了",
]


@pytest.mark.parametrize("line", STAY)
@pytest.mark.parametrize("form", ["<p>开头一段。</p><p>{}</p>", "<p>{}</p><p>最后一段。</p>"])
def test_what_must_stay(line: str, form: str) -> None:
    body = cleaned(form.format(line))
    assert line in cleaning.render_texts(body).text
    assert body.removed == []


def test_linked_headlines_are_text() -> None:
    headline = "<p><a href='/a/1.html'><strong>外交部：中美保持着沟通</strong></a></p>"
    assert cleaning.render_texts(cleaned(f"<p>要闻</p>{headline}")).text == "要闻\n\n外交部：中美保持着沟通"


HEAD = [
    ("<h2>标题</h2><p>正文。</p>", "正文。", {}),
    ("<p>标 题！</p><p>正文。</p>", "正文。", {}),
    ("<p>来源：新华网 作者：李明</p><p>正文。</p>", "正文。", {"source": "新华网", "authors": ("李明",)}),
    (
        "<p>2021-02-01 15:04 来源：新华网</p><p>正文。</p>",
        "正文。",
        {"source": "新华网", "published": "2021-02-01 15:04"},
    ),
    (
        "<p>2005-04-27 14:32更新 来源：千龙新闻网</p><p>正文。</p>",
        "正文。",
        {"source": "千龙新闻网", "published": "2005-04-27 14:32"},
    ),
    ("<p>原标题：一个更长的标题</p><p>正文。</p>", "正文。", {"original_title": "一个更长的标题"}),
    ("<p>标题</p><p>2021/2/1 15:04</p><p>正文。</p>", "正文。", {"published": "2021/2/1 15:04"}),
    ("<p>分享到：</p><p>T + -</p><p>第1页/共3页 下一页</p><p>标题</p><p>正文。</p>", "正文。", {}),
    ("<p>大</p><p>分享会</p><p>正文。</p>", "大\n\n分享会\n\n正文。", {}),
    ("<p>标题</p>", "标题", {}),
    ("<p>标题。</p><p>（财联社电）又一句。</p>", "标题。\n\n（财联社电）又一句。", {}),
    ("<p>2021年2月1日，会议召开。</p><p>正文。</p>", "2021年2月1日，会议召开。\n\n正文。", {}),
]


@pytest.mark.parametrize(("before", "text", "found"), HEAD)
def test_head(before: str, text: str, found: dict[str, object]) -> None:
    body = cleaned(before, title="标题")
    assert cleaning.render_texts(body).text == text
    assert {name: value for name in body.found.__slots__ if (value := getattr(body.found, name))} == found


def test_steps_are_ordered_once() -> None:
    steps = (*cleaning.BODY_STEPS, *cleaning.TAIL_STEPS, *cleaning.HEAD_STEPS)
    assert len(set(steps)) == len(steps)
    assert {step.__module__ for step in steps} == {module.__name__ for module in (drops, head, images, tail)} | {
        "crawler.cleaning.blocks"
    }
    assert all(step.__doc__ and "->" in step.__doc__ for step in steps if step is not drops.drop_code)


HOSTILE = """<p onclick="x()">a<svg><script>alert(1)</script></svg><a href="javascript:alert(1)">b</a>
<a href=" java\nscript:alert(1)">c</a><img src=x onerror=alert(1)><math><mi>m</mi></math><iframe src=//e.cn></iframe>
<a href="data:text/html,x" target=_blank rel=opener>d</a><style>p{}</style><p style="position:fixed">e</p>
<img src="https://a.cn/i.jpg" srcset="javascript:x 1x" poster="javascript:y"><blockquote cite="javascript:z">q</blockquote>"""


def test_hostile_markup_is_gone() -> None:
    markup = cleaning.render_html(cleaned(HOSTILE)).lower()
    for word in (
        "script",
        "onerror",
        "onclick",
        "svg",
        "<math",
        "iframe",
        "style",
        "data:",
        "srcset",
        "target",
        "rel=",
        "cite",
    ):
        assert word not in markup
    assert '<img src="https://a.cn/i.jpg">' in markup


def test_text_and_markdown() -> None:
    body = cleaned(
        "<h2>一</h2><p>a*b_c [d] &lt;e&gt; <b>粗</b><a href='/x(1)'>链</a></p><p>1. 甲<br># 乙</p>"
        "<ul><li>x</li><li>y<ol><li>z</li></ol></li></ul><blockquote><p>q</p><p>r</p></blockquote>"
        "<table><tr><th>A</th><th>B|C</th></tr><tr><td>1</td><td></td></tr></table>"
        "<figure><img src='/i.jpg' alt='图[1]'><figcaption>说明</figcaption></figure><pre>p\n q</pre><p>H<sub>2</sub>O</p>"
    )
    assert cleaning.render_texts(body).text == (
        "一\n\na*b_c [d] <e> 粗链\n\n1. 甲\n# 乙\n\n- x\n- y\n  1. z\n\nq\n\nr\n\n"
        "| A | B\\|C |\n| --- | --- |\n| 1 |  |\n\np\n q\n\nH2O"
    )
    assert cleaning.images_of(body)[0].caption == "说明"
    assert cleaning.render_texts(body).markdown == (
        "## 一\n\na\\*b\\_c \\[d\\] \\<e\\> **粗**[链](https://news.example.com/x%281%29)\n\n1\\. 甲\\\n\\# 乙\n\n"
        "- x\n- y\n  1. z\n\n> q\n>\n> r\n\n| A | B\\|C |\n| --- | --- |\n| 1 |  |\n\n"
        "![图\\[1\\]](https://news.example.com/i.jpg)\n\n说明\n\n```\np\n q\n```\n\nH<sub>2</sub>O"
    )


def test_the_text_of_a_photo_story_is_under_its_photos() -> None:
    photo = "<figure><img src='/i.jpg'><figcaption>说明</figcaption></figure>"
    assert cleaning.render_texts(cleaned(photo + photo)).text == "说明\n\n说明"
    assert cleaning.render_texts(cleaned(photo + "<p>a</p>")).text == "a"


MERGED = "<table><tr><th rowspan=2>A</th><th colspan=2>B</th></tr><tr><td>c</td><td>d</td></tr><tr><td>e</td><td>f</td><td>g</td></tr></table>"


def test_lines_of_a_cell_stand_on_one() -> None:
    icon = "<img src=/i.jpg width=20>"
    body = cleaned(f"<table><tr><td>a<br>{icon}</td><td>b<br>c</td></tr><tr><td>d</td><td>e</td></tr></table>")
    texts = cleaning.render_texts(body)
    assert texts.text == "| a | b c |\n| --- | --- |\n| d | e |"
    assert texts.markdown == "| a ![](https://news.example.com/i.jpg) | b c |\n| --- | --- |\n| d | e |"


def test_a_link_behind_an_exclamation_mark_is_no_image() -> None:
    body = cleaned('<p>Look!<a href="https://a.example/x">there</a> Now!</p>')
    assert cleaning.render_texts(body).markdown == "Look\\![there](https://a.example/x) Now!"


def test_an_entity_that_is_text_stays_text_in_markdown() -> None:
    assert cleaning.render_texts(cleaned("<p>A&amp;B &amp;lt; &amp;#33;</p>")).markdown == "A&B \\&lt; \\&#33;"


def test_merged_cells_keep_their_columns() -> None:
    assert cleaning.render_texts(cleaned(MERGED)).text == (
        "| A | B |  |\n| --- | --- | --- |\n|  | c | d |\n| e | f | g |"
    )
