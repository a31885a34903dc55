"""The link from one page of a listing to the next."""

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.body import visible_text
from crawler.page import Page
from crawler.urls import join

_NEXT = re.compile(
    r"[\s\[(<【]*(?:下一?[页頁]|后一?页|后页|次の?(?:ページ|へ)|次|다음|next(?: page)?|older(?: posts| entries"
    r"| articles| stories)?"
    r"|more|load more|weiter|nächste(?: seite)?|suivante?|page suivante"
    r"|siguiente|próxim[ao]|seguinte|successiv[ao]|avanti|volgende|næste|neste|nästa|seuraava|następna|dalej|další"
    r"|следующая|вперед|вперёд|далее|sonraki|berikutnya|selanjutnya|trang sau)[\s\])>】›»→▶]*"
    r"|[\s]*(?:[>›»→▶]|>>|››|&gt;)[\s]*",
    re.I,
)
_BARE_ARROW = re.compile(r"\s*(?:[>›»→▶]|>>|››)\s*")
_NUMBER = re.compile(r"\s*\[?(\d{1,4})\]?\s*")
_PAGER_NAME = re.compile(
    r"\bpag(?:es?|ing|ination|er)(?![a-z])|pagination|pagenav|pagebox|fanye|nav-?links|yema|digg|turn",
    re.I,
)
_LAST = re.compile(r"last|end|尾页|末页|disabled|prev", re.I)


def next_page(page: Page, root: etree._Element) -> str | None:
    """The absolute URL of the page after this one, or None at the last."""
    for element in root.iter("link"):
        if "next" in (element.get("rel") or "").lower().split() and (url := _followed(page, element)):
            return url
    numbered: list[tuple[int, etree._Element]] = []
    named: str | None = None
    for element in root.iter("a"):
        if "next" in (element.get("rel") or "").lower().split() and (url := _followed(page, element)):
            return url
        text = visible_text(element) or element.get("title") or element.get("aria-label") or ""
        if len(text) > 24:
            continue
        if (match := _NUMBER.fullmatch(text)) and _in_pager(element):
            numbered.append((int(match[1]), element))
        elif named is None and _NEXT.fullmatch(text) and _is_step(element, text):
            named = _followed(page, element)
    return named or _after_current(page, numbered)


def _followed(page: Page, element: etree._Element) -> str | None:
    href = (element.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:")):
        return None
    url = join(page.base_url, href)
    if (
        url is None
        or url.split("#")[0] == page.url.split("#")[0]
        or urlsplit(url).hostname != urlsplit(page.url).hostname
    ):
        return None
    return url.split("#")[0]


def _is_step(element: etree._Element, text: str) -> bool:
    """Whether a link of that text turns the page: arrows and "more" do so only in a pager."""
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _LAST.search(name):
        return False
    plain = text.strip().lower()
    if _BARE_ARROW.fullmatch(text) or plain in ("more", "next", "次", "weiter", "dalej", "avanti"):
        return _in_pager(element) or (plain == "next" and "next" in name)
    return True


def _in_pager(element: etree._Element) -> bool:
    """Whether a link stands in something that is named a pager, or among links that are numbers."""
    for up in (element, *islice(element.iterancestors(), 3)):
        if _PAGER_NAME.search(" ".join(value for value in up.attrib.values() if len(value) < 200)):
            return True
    parent = element.getparent()
    return (
        parent is not None and sum(_NUMBER.fullmatch(visible_text(link)) is not None for link in parent.iter("a")) >= 2
    )


def _after_current(page: Page, numbered: list[tuple[int, etree._Element]]) -> str | None:
    """The link of number N + 1, where the page of number N is this one: it has no link, or one to itself."""
    if not numbered:
        return None
    links = dict(reversed(numbered))  # the first of a number counts
    parent = numbered[0][1].getparent()
    holder = parent.getparent() if parent is not None and len(parent) == 1 else parent
    current = 1
    for element in holder.iter() if holder is not None else ():
        if isinstance(element.tag, str) and element.tag in ("span", "strong", "b", "em", "li", "a", "i"):
            name = element.get("class") or ""
            is_here = element.tag in ("strong", "b", "em") or re.search(
                r"current|active|\bon\b|\bcur\b|selected|this|here", name
            )
            if is_here and (match := _NUMBER.fullmatch(visible_text(element))):
                current = int(match[1])
                break
    following = links.get(current + 1)
    return _followed(page, following) if following is not None else None
