"""China Daily (中国日报), https://www.chinadaily.com.cn and its Chinese and regional hosts: static pages.

Seen: Chinese articles of the templates up to 2024 and of 2025, Chinese and English listings. Not seen, hence tolerant:
an English article page, a page of js.chinadaily.com.cn, an article in several parts. A hidden h1 stands first on all.
"""

import re
from functools import lru_cache

from parsel import Selector

from crawler.site import Site, first, text_of

DATE = re.compile(r"\d{4}[-/年]\s?\d{1,2}[-/月]\s?\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?")
BYLINE = ".fenx .xinf-le, .Artical_Share_Source, .info_l, p.main_title3, #pubtime, #source"
TITLES = ("h1.dabiaoti", ".Artical_Title h1", ".lft_art h1", ".main_art h1", "span.main_title1")
SOURCE = re.compile(r"[来來]源\s*[：:]\s*(.*?)\s*(?:[|]|作者|\d{4}[-/年]|$)")
NEXT = re.compile(r"下一[页頁]|Next")
LISTS = "[class^=busBox] h3 a, .tw2 a, .tw3_01_2 h4 a, .gy_box a, ul.content_list li a"


def title(page: Selector) -> str | None:
    return first(page, *TITLES, "meta[property='og:title']::attr(content)")


@lru_cache(maxsize=1)  # four fields of a page are read from them
def bylines(page: Selector) -> list[str]:
    # text_of leaves comments out: one of them says 来源： too.
    return [text for line in page.css(BYLINE) if (text := text_of(line))]


def published(page: Selector) -> str | None:
    # "Updated:" is the only time that English pages show.
    found = next((match[0] for line in bylines(page) if (match := DATE.search(line))), None)
    return found or first(page, "meta[name=publishdate]::attr(content)")


def source(page: Selector) -> str | None:
    found = (match[1] for line in bylines(page) if (match := SOURCE.search(line)) and match[1])
    english = (part for part in english_byline(page) if not part.startswith("By "))
    return next(found, None) or next(english, None) or first(page, "meta[name=source]::attr(content)")


def english_byline(page: Selector) -> list[str]:
    """`By NAME | China Daily | Updated: 2022-04-22 11:07` -> the parts beside the time."""
    line = next((line for line in bylines(page) if "|" in line), "")
    return [part.strip() for part in line.split("|") if part.strip() and not DATE.search(part)]


def authors(page: Selector) -> list[str]:
    if by := next((part for part in english_byline(page) if part.startswith("By ")), None):
        return [re.sub(r"\s+in\s+[A-Z].*", "", name) for name in re.split(r",\s*|\s+and\s+", by[3:])]
    named = (re.search(r"作者\s*[：:]\s*(.+?)\s*(?:[来來]源|$)", line) for line in bylines(page))
    return next((re.split(r"[\s、，]+", match[1]) for match in named if match), [])


def category_name(page: Selector) -> str | None:
    crumbs = [text_of(crumb).strip("> /") for crumb in page.css(".da-bre a, .Nav_Div a, #bread-nav a")]
    return crumbs[-1] if crumbs else None


def article_links(page: Selector) -> list[str]:
    links = page.css(LISTS) or page.css("h2 a, h3 a, h4 a, li a")  # a front page
    return links.css("::attr(href)").getall()


def next_page(page: Selector) -> str | None:
    return next((link.attrib.get("href") for link in page.css("a.pagestyle") if NEXT.search(text_of(link))), None)


def parts(page: Selector) -> list[str]:
    return [href for href in page.css("#div_currpage a::attr(href)").getall() if re.search(r"_\d+\.html?$", href)]


def body(page: Selector) -> Selector | None:
    return next(iter([*page.css("#Content"), *page.css("div.article")]), None)


# Sections go by a name or by 24 hex digits. Of js. no section was seen, so it is the front page.
SECTIONS = """
shizheng 时政要闻 china/5bd5639ca3101a87ca8ff636, pinglun 评论 china/5bd5639ca3101a87ca8ff634,
world 独家 world/5bd55927a3101a87ca8ff618, caijing C财经 caijing/5b7620c4a310030f813cf452,
zhuangao 中国日报专稿 cn/5b753f9fa310030f813cf408/5bd54dd6a3101a87ca8ff5f8/5bd54e59a3101a87ca8ff606,
fujian 福建 fj/5bd5875fa3101a87ca8ff77c, jiangsu 江苏 js/, policy Policy www/china/governmentandpolicy,
economy Economy www/business/economy, china-us China-US www/world/china-us, language 双语 language/thelatest"""
CATEGORIES = [(*section.split()[:2], *section.split()[2].split("/", 1)) for section in SECTIONS.split(",")]

SITE = Site(
    name="chinadaily",
    hosts=("www.chinadaily.com.cn", "*.chinadaily.com.cn"),
    timezone="Asia/Shanghai",
    language="en",  # of pages whose text is not Chinese
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
    junk=("#div_currpage", ".selectpage", "#prope"),
)
