"""东方财富, https://finance.eastmoney.com and its sister hosts: lists from a JSON API, articles as static pages.

One article has many addresses with the same 18 digits: /a/ID.html, /news/COLUMN,ID.html, the article API, and
NewsShare.html?infoCode=NWID, a shell that a script fills from GetNewsText.do. Not seen: wap., caifuhao., summary boxes.
"""

import re

from parsel import Selector

from crawler.errors import BadField
from crawler.site import Site, first, text_of

DATE = re.compile(r"(?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}日?\s*\d{1,2}:\d{2}(?::\d{2})?")
INFOS = ".infos .item, .time, .source, .author, .zwothers"
ADVERT = "a[href*='acttg.eastmoney.com'], .em_handle_adv_close, [class*=ad_context], a.toplink"
# The site's own page names (/a/ccjdd.html), their columns in the API and what they print.
COLUMNS = """ccjdd 344 财经导读, cjjsp 371 经济时评, cgspl 374 股市评论, cgnjj 350 国内经济, cgjjj 351 国际经济,
chgyj 352 宏观研究, czqyw 353 证券聚焦, cssgs 349 沪深公司, ccjxw 355 产经新闻, cdpfx 407 大盘分析, cbkjj 408 板块聚焦,
chyyj 421 行业研究, cmgyw 436 美股要闻, cggyw 532 港股聚焦, clczx 583 理财资讯, czpnc 1207 财经早餐"""
CATEGORIES = [column.split() for column in COLUMNS.split(",")]
LIST = (
    "https://np-listapi.eastmoney.com/comm/web/getNewsByColumns?client=web&biz=web_news_col&column={}&order=1"
    "&needInteractData=0&page_index=1&page_size=20&req_trace=newscrawl"
)


def api(page: Selector, query: str) -> str | None:
    """What the article API or GetNewsText.do answers; None on an HTML page."""
    return (page.jmespath(query).get() or None) if page.type == "json" else None


def infos(page: Selector) -> list[str]:
    return [text for line in page.css(INFOS) if (text := text_of(line))] if page.type != "json" else []


def labelled(page: Selector, label: str) -> str | None:
    """`来源：第一财经 作者：张三` -> the word after one of the labels."""
    form = re.compile(rf"{label}\s*[：:]\s*(.+?)\s*(?:[（(）)|]|作者|来源|责任编辑|编辑|原标题|$)")
    return next((match[1] for line in infos(page) if (match := form.search(line))), None)


def title(page: Selector) -> str | None:
    heading = api(page, "data.Art_Title || news.title || title") or first(page, ".newsContent h1", "h1", "title")
    return re.sub(r"\s*_+\s*(?:财富号_)?东方财富网.*$", "", heading) if heading else None


def published(page: Selector) -> str | None:
    said = [api(page, "data.Art_ShowTime || news.showtime || showtime") or "", *infos(page)]
    return next((match[0] for line in said if (match := DATE.search(line))), None)


def source(page: Selector) -> str | None:
    # Pages of 2024 and later have the bare name beside the time.
    named = api(page, "data.Art_Media_Name || news.source || source") or first(page, ".data-source::attr(data-source)")
    bare = (line for line in infos(page) if not re.search(r"\d:\d\d|：|评论|阅读", line))
    return named or labelled(page, "来源") or next(bare, None)


def authors(page: Selector) -> list[str]:
    return re.split(r"[\s、，,]+", api(page, "data.Art_Author_Name") or labelled(page, "作者") or "")


def editors(page: Selector) -> list[str]:
    return [labelled(page, "编辑") or ""]


def original_title(page: Selector) -> str | None:
    return api(page, "data.Art_OriginalTitle") or labelled(page, "原标题")


def body(page: Selector) -> Selector | None:
    if page.type == "json":
        html = api(page, "data.Art_Content || news.body || content || text")
        return Selector(text=html) if html else None
    found = (page.css(css) for css in ("#ContentBody", "div.Body", "#zwtext", ".article-body"))
    return next((nodes[0] for nodes in found if nodes), None)


def article_links(page: Selector) -> list[str]:
    # uniqueUrl is empty for posts of 财富号.
    if page.type != "json":
        return page.css("li a::attr(href)").getall()
    if str(page.jmespath("code").get()) != "1":  # a parameter was missing: status 200 and no list
        raise BadField("the list API refused the request")
    return [str(url) for url in page.jmespath("data.list[].[uniqueUrl || url][]").getall()]


def witness(url: str) -> str | None:
    key = re.search(r"\d{18}", url)
    if key is None or "/api/article/" in url:
        return None
    if "/html_News/NewsShare.html" in url:
        return url.partition("/html_News/")[0] + f"/NewsData/GetNewsText.do?id=NW{key[0]}"
    return f"https://newsinfo.eastmoney.com/kuaixun/v2/api/article/{key[0]}?guid=newscrawl"


SITE = Site(
    name="eastmoney",
    hosts=("finance.eastmoney.com", "*.eastmoney.com", "finews.zning.xyz"),
    timezone="Asia/Shanghai",
    language="zh-CN",
    categories={slug: LIST.format(column) for slug, column, _ in CATEGORIES},
    category_names={slug: name for slug, _, name in CATEGORIES},
    article_url=r"(?:/a/|/news/(?:\d+,)?|/api/article/|/news/article,|[?&](?:infoCode|id)=(?:NW)?)"
    r"(?P<key>(?P<story>(?P<date>20\d{6})\d{10}))(?:\.s?html|[?&]|$)",
    article_links=article_links,
    page_parameter="page_index",
    title=title,
    published=published,
    source=source,
    original_title=original_title,
    authors=authors,
    editors=editors,
    digest=".b-review, .abstract .txt",
    witness=witness,
    body=body,
    junk=("img[src*='/GetPic.aspx']", ADVERT, "p:contains('在东方财富看资讯行情，选东方财富证券')"),
    unwrap=("a.keytip", "a.infokey", ".em_stock_key_common"),
)
