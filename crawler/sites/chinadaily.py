"""China Daily (中国日报), https://www.chinadaily.com.cn and its Chinese and regional hosts: static pages.

Seen: Chinese articles of the templates up to 2024 and of 2025, Chinese and English listings. Not seen, hence tolerant:
an English article page, a page of js.chinadaily.com.cn, an article in several parts. A hidden h1 stands first on all.
"""

import re

from parsel import Selector

from crawler.site import Site, first, text_of

DATE = re.compile(r"\d{4}[-/年]\s?\d{1,2}[-/月]\s?\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?")
BYLINE = ".fenx .xinf-le, .Artical_Share_Source, .info_l, p.main_title3, #source"
ARTICLE_PATH = re.compile(r"/(?:WS[0-9a-f]{24}|content_\d+)\.html?$")
STATION = re.compile(r"[（(]?\s*((?:中国日报|中國日報)\w{0,8}[记記]者站)\s*[）)]?$")
NEXT = re.compile(r"下一[页頁]|^Next$")


def title(page: Selector) -> str | None:
    visible = ("h1.dabiaoti", ".Artical_Title h1", ".lft_art h1", ".main_art h1", "span.main_title1", "#title h1")
    return first(page, *visible, "meta[property='og:title']::attr(content)")


def published(page: Selector) -> str | None:
    # "Updated:" is the only time that English pages show.
    lines = (text_of(line) for line in page.css(f".Artical_Share_Date, #pubtime, {BYLINE}"))
    found = next((match[0] for line in lines if (match := DATE.search(line))), None)
    return found or first(page, "meta[name=publishdate]::attr(content)")


def source(page: Selector) -> str | None:
    # A first link may hold a logo only, and a comment beside it says 来源： too.
    if station := next((match for line in last_lines(page) if (match := STATION.search(line))), None):
        return station[1]
    for line in page.css(BYLINE):
        if "来源" in text_of(line) or "來源" in text_of(line):
            named = [text for link in line.css("a") if (text := text_of(link))]
            return named[-1] if named else _after_colon(text_of(line))
        if "Updated:" in text_of(line):
            return next((part for part in english_byline(page) if not part.startswith("By ")), None)
    return first(page, "meta[name=source]::attr(content)")


def last_lines(page: Selector) -> list[str]:
    return [text for p in page.css("#Content p, div.article p") if (text := text_of(p))][-3:]


def _after_colon(line: str) -> str | None:
    match = re.search(r"[来來]源\s*[：:]\s*([^\s|]+)", line)
    return None if match is None or DATE.match(match[1]) else match[1]


def english_byline(page: Selector) -> list[str]:
    """`By NAME | China Daily | Updated: 2022-04-22 11:07` -> the parts before the time."""
    line = first(page, ".info_l") or ""
    return [part.strip() for part in line.partition("Updated:")[0].split("|") if part.strip()]


def authors(page: Selector) -> list[str]:
    if by := next((part for part in english_byline(page) if part.startswith("By ")), None):
        return re.split(r",\s*|\s+and\s+", re.sub(r"^By\s+|\s+in\s+[A-Z].*$", "", by))
    match = re.search(r"作者\s*[：:]\s*(.+?)\s*(?:[来來]源|$)", first(page, ".fenx .xinf-le") or "")
    return re.split(r"[\s、，]+", match[1]) if match else []


def category_name(page: Selector) -> str | None:
    crumbs = [text_of(crumb).strip("> /") for crumb in page.css(".da-bre a, .Nav_Div a, #bread-nav a")]
    return crumbs[-1] if crumbs else None


def article_links(page: Selector) -> list[str]:
    lists = ".left-liebiao h3 a, [class^=busBox] h3 a, .tw2 a, .tw3_01_2 h4 a, .gy_box a, ul.content_list li a"
    links = page.css(lists) or page.css("h2 a, h3 a, h4 a, li a")  # a front page
    return links.css("::attr(href)").getall()


def next_page(page: Selector) -> str | None:
    links = page.css("#div_currpage a, .selectpage a, a.pagestyle")
    return next((link.attrib.get("href") for link in links if NEXT.search(text_of(link))), None)


def parts(page: Selector) -> list[str]:
    hrefs = page.css("#div_currpage a::attr(href), .selectpage a::attr(href)").getall()
    return [href for href in hrefs if re.search(r"_\d+\.html?$", href) and "/page_" not in href]


def body(page: Selector) -> Selector | None:
    found = (page.css(rule) for rule in ("#Content", "div.article", "#artibody", ".main_art"))
    return next((nodes[0] for nodes in found if nodes), None)


# Sections go by a name or by 24 hex digits. Of js. no section was seen, so it is the front page.
SECTIONS = """
shizheng 时政要闻 china/5bd5639ca3101a87ca8ff636, pinglun 评论 china/5bd5639ca3101a87ca8ff634,
world 独家 world/5bd55927a3101a87ca8ff618, caijing C财经 caijing/5b7620c4a310030f813cf452,
zhuangao 中国日报专稿 cn/5b753f9fa310030f813cf408/5bd54dd6a3101a87ca8ff5f8/5bd54e59a3101a87ca8ff606,
fujian 福建 fj/5bd5875fa3101a87ca8ff77c, jiangsu 江苏 js/, policy Policy www/china/governmentandpolicy,
economy Economy www/business/economy, china-us China-US www/world/china-us"""
CATEGORIES = [(*section.split()[:2], *section.split()[2].split("/", 1)) for section in SECTIONS.split(",")]

SITE = Site(
    name="chinadaily",
    hosts=("www.chinadaily.com.cn", "*.chinadaily.com.cn"),
    timezone="Asia/Shanghai",
    categories={slug: f"https://{host}.chinadaily.com.cn/{path}" for slug, _, host, path in CATEGORIES},
    category_names={slug: name for slug, name, _, _ in CATEGORIES},
    article_url=r"/(?P<date>\d{4}-?\d\d/\d\d)/(?P<key>WS[0-9a-f]{24}|content_\d+)\.html?$",
    article_links=article_links,
    next_page=next_page,
    parts=parts,
    title=title,
    published=published,
    source=source,
    category_name=category_name,
    authors=authors,
    editors="meta[name=editor]::attr(content)",
    body=body,
    junk=("#div_currpage", ".selectpage", "#prope", ".fenx", ".urlShareArea", ".xiangguan"),
)
