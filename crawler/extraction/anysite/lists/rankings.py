"""Lists that are headed as a ranking, a recommendation or an advertisement: other articles, again."""

import re

from lxml import etree

from crawler.page import Page

_RANKING = re.compile(
    r"(?:排行|排名|热榜|热搜|榜$|榜单|点击榜|热门|最热|热点推荐|24小时|本周热|一周热|编辑推荐|推荐阅读|相关|专题"
    r"|友情链接|广告|推广|most (?:read|popular|viewed"
    r"|shared|commented)|trending|popular"
    r"|editor['’]?s picks?|sponsored|from our partners|recommended|around the web|meist(?:gelesen|geklickt)"
    r"|les plus lus|lo más (?:leído|visto)|mais lidas|più letti|ランキング|よく読まれ|関連)",
    re.I,
)
_HEADING_LEVELS = 5
_RECORD_TAGS = frozenset(("li", "tr", "td", "dl", "dd", "article"))
_LONGEST_HEADING = 60  # characters
_FEW_LINKS = 3  # of a heading; more are its other tabs, or a menu


def is_ranked(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Whether the heading over a link's list calls it a ranking or a recommendation."""
    up = element
    for _ in range(_HEADING_LEVELS):
        parent = up.getparent()
        if parent is None or parent.tag == "body":
            return False
        up = parent
        if up not in known:
            known[up] = _is_headed_ranking(up, known)
        if known[up]:
            return True
    return False


def _is_headed_ranking(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    before = element.getprevious()
    if before is None or not isinstance(before.tag, str):
        return False
    if before.tag == element.tag and (before.tag in _RECORD_TAGS or before.get("class") == element.get("class")):
        return known.get(before, False)  # a record or a tab like this one: one heading stands over both
    return _RANKING.search(_heading(before)) is not None


def _heading(element: etree._Element) -> str:
    """The text of a heading; its first words where links to other lists follow; nothing where it is none."""
    text = first = ""
    for part in element.itertext():
        text += part.strip()
        first = first or text
        if len(text) >= _LONGEST_HEADING:
            return ""
    return first if len(element.findall(".//a")) > _FEW_LINKS else text


def is_ranking_page(page: Page) -> bool:
    """Whether the page itself is a ranking, by its title without the site's name."""
    title = page.tree.find(".//title")
    return title is not None and _RANKING.search(re.split(r"[-_|–]", title.text or "", maxsplit=1)[0]) is not None
