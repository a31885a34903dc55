"""金融消息, https://finews.withounder.com: three days of finance news, rendered by Jekyll from Eastmoney's lists.

Posts older than three days answer 404. The page is in `section`: an older layout spills a second copy of the body out
of its og:description, before `div.wrapper`. Three host names were used over time; the latest stands for all.
"""

import re
from urllib.parse import unquote

from parsel import Selector

from crawler.site import Site, first, page_url, text_of

FOOTER = re.compile(r"[（(]\s*(?:文章)?来源\s*[：:]\s*(.+?)\s*[）)]")
# The medium in the last bracket of a plain post; （01810.HK）, （名单） and figures belong to the sentence.
BRACKET = re.compile(r"[（(]([^（）()\d]{2,20})[）)]\s*$")
NO_MEDIUM = re.compile(r"^(?:记者|编辑|作者|文/|图)|名单|附股|\.[A-Z]{2}$|[：:，。、；]")
BROKEN_TITLE = re.compile(r"(?:\d{4}-\d\d-\d\d-)?(?:NW)?\d{18}")
DATED_PATH = re.compile(r"//[^/]+/(?:(?P<category>.+)/)?\d{4}/\d\d/\d\d/[^/]+$")


def title(page: Selector) -> str | None:
    # Front matter that YAML cannot read gives an empty title or the file's name, and an address without category:
    # such a post has lost what it said, and its address and time change with every build.
    heading = first(page, "section > h1") or ""
    path = DATED_PATH.search(page_url(page))
    broken = not heading or BROKEN_TITLE.fullmatch(heading) or (path is not None and not path["category"])
    return None if broken else heading


def published(page: Selector) -> str | None:
    # Of a broken post it is the time of the build.
    return page.css("section > small").xpath("string()").get() if title(page) else None


def kind(page: Selector) -> str:
    path = page_url(page)
    if "/sitenews/" in path:
        return "site"
    return "rolling" if "/emnews/" in path else "market"


def tag(page: Selector) -> str | None:
    # A medium with a space in its name comes as two tags.
    return " ".join(text_of(em) for em in page.css("section > small:last-of-type > em")).strip() or None


def source(page: Selector) -> str | None:
    footers = [match for p in page.css("section p.em_media") if (match := FOOTER.fullmatch(text_of(p)))]
    if footers:
        return footers[-1][1]
    if (label := tag(page)) and label.endswith("新闻") and label != "东财滚动新闻":
        return label.removesuffix("新闻")
    return closing_bracket(page)


def closing_bracket(page: Selector) -> str | None:
    """Of the digest, or of a plain post, which is one paragraph."""
    match = BRACKET.search(first(page, "section > h1 + blockquote", "section > h1 + p") or "")
    return None if match is None or NO_MEDIUM.search(match[1]) else match[1]


def category(page: Selector) -> str | None:
    # Addresses of posts are in lower case, and a space in the slug splits them; the link back has it as it is.
    slugs = page.css("section > p a[href*='/category/']::attr(href)").re(r"/category/(.+)\.html$")
    return unquote(slugs[-1]) if slugs else None


def article_links(page: Selector) -> list[str]:
    # One version of /emnews/ was indented by four, which Markdown takes for code: its links are text there.
    escaped = page.css("section pre").xpath("string()").re(r"""href=["']([^"']+)["']""")
    return [*page.css("section li > a::attr(href)").getall(), *escaped]


ROOT = "https://finews.withounder.com"
# A slug is the medium's name in pinyin, spaces and capitals kept. About 2,000 come and go; posts link to theirs.
MEDIA = """
emnews 东财滚动新闻, sitenews 站长消息, 21shijijingjibaodao 21世纪经济报道新闻, ABS ABS新闻, caifuhao 财富号新闻,
dongfangcaifuyanjiuzhongxin 东方财富研究中心新闻, quanshangzhongguo 券商中国新闻, quanzhouwanbao 泉州晚报新闻,
renminyoudianbao 人民邮电报新闻, xinhuashe 新华社新闻, yangshi 央视新闻, zhengquanribao 证券日报新闻,
zhengquanshibao 证券时报新闻, zhongguozhengquanbao 中国证券报新闻"""
NAMES = {
    "21shijijingjibaodao 21caijingAPP": "21世纪经济报道 21财经APP新闻",
    **dict(entry.split() for entry in MEDIA.split(",")),
}

SITE = Site(
    name="finews",
    hosts=("finews.withounder.com",),
    host_aliases={"finews.zning.me": "finews.withounder.com", "finnews.zning.me": "finews.withounder.com"},
    timezone="Asia/Shanghai",
    language="zh-CN",
    categories={slug: f"{ROOT}/category/{slug}.html".replace(" ", "%20") for slug in NAMES},
    category_names=NAMES,
    entries=(f"{ROOT}/", f"{ROOT}/emnews/", f"{ROOT}/feed.xml"),
    article_url=r"^https?://[^/]+/(?:(?P<category>.+)/)?(?P<date>\d{4}/\d\d/\d\d)/"
    r"(?:(?:\d{4}-\d\d-\d\d-)?(?P<key>(?:NW)?(?P<story>\d{18}))|[^/]+)\.html$",
    # Not every …/emnews/: the first posts link back by relative addresses, which lead to /emnews/2021/12/emnews/.
    listing_url=r"^https?://[^/]+/(?:category/(?P<category>[^/]+)\.html|emnews/)$",
    feed_url=r"^https?://[^/]+/feed\.xml$",
    article_links=article_links,
    kind=kind,
    title=title,
    digest="section > h1 + blockquote",
    published=published,
    source=source,
    category=category,
    category_name=tag,
    tags="section > small:last-of-type > em",
    body="section",
    junk=("section > small", "section > h1", "img[src*='/GetPic.aspx']", "a[href*='acttg.eastmoney.com']"),
    unwrap=("a.keytip", "a.infokey"),
)
