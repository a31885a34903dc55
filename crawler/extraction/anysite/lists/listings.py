"""Listings without rules: the repeated record that holds articles, and the link to the next page."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.body import visible_text
from crawler.dates import read_date
from crawler.extraction.anysite.facts.zones import guessed_zone
from crawler.extraction.anysite.lists.addresses import is_home, publisher_of, shape_of, url_score
from crawler.extraction.anysite.lists.links import FOREIGN, HIDDEN, Places, heading_at, name_of
from crawler.extraction.anysite.lists.pager import next_page
from crawler.extraction.anysite.lists.rankings import is_ranked, is_ranking_page
from crawler.page import Page
from crawler.urls import join


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a listing."""

    url: str  # absolute, as printed
    title: str
    published: datetime | None = None  # aware


@dataclass(frozen=True, slots=True)
class Listing:
    entries: tuple[Entry, ...]  # in page order, each URL once
    next_page: str | None = None  # absolute


@dataclass(slots=True)
class _Anchor:
    element: etree._Element
    url: str
    text: str
    index: int  # in page order
    path: int = 0  # of the names of the elements above it: records of one list share it
    foreign: bool = False  # inside something that is named navigation, ranking, related, share
    hidden: bool = False  # in a tab or a part that is not open
    ranked: bool = False  # under a heading that speaks of a ranking or a recommendation

    @property
    def shape(self) -> str:
        return shape_of(self.url)


@dataclass(slots=True)
class _Group:
    """Links at the same place of records of one make."""

    anchors: list[_Anchor] = field(default_factory=list)
    score: float = 0.0

    @property
    def urls(self) -> set[str]:
        return {anchor.url for anchor in self.anchors}

    @property
    def is_shown(self) -> bool:
        """Whether a reader sees any of it: tabs of one make are one group, and one of them is open."""
        return not all(anchor.hidden for anchor in self.anchors)


_DATE_SIGN = re.compile(
    r"\d{1,4}[-./年月]\s?\d|\d{1,2}:\d\d|\d\s*(?:分钟|小时|天|分|時間|日)前|昨天|今天|\bago\b"
    r"|\b[A-Z][a-z]{2,8}\.? \d{1,2}\b"
    r"|\d{1,2}\.? [A-Z][a-z]{2,8}\b"
)
_FEWEST = 3
_FAIR_TITLE = 0.4
_LONGEST_TITLE = 150  # characters; more is a summary
_MOST_ANCHORS = 6000
_RECORD_LEVELS = 7
_COLUMN_LEVELS = 2  # from a list up to the column it stands in
_MOST_CANDIDATES = 20  # groups whose headings are looked at
_FEW_OF_A_SHAPE = 0.05
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def listing(page: Page) -> Listing:
    """The articles that a page lists, and its next page. Raises NotHtml."""
    root = page.tree
    anchors = list(_anchors(page, root))
    groups = _groups(anchors)
    chosen = _chosen(groups, page)
    return Listing(tuple(_entries(chosen, page)), next_page(page, root))


def _anchors(page: Page, root: etree._Element) -> Iterator[_Anchor]:
    """Links to other pages of the same publisher, in page order."""
    base, publisher = page.base_url, publisher_of(page.url)
    own = page.url.split("#")[0]
    places = Places()
    for index, element in enumerate(root.iter("a")):
        if index >= _MOST_ANCHORS:
            return
        href = (element.get("href") or "").strip()
        if not href or href[0] == "#" or href.startswith(("javascript:", "mailto:", "tel:", "data:")):
            continue
        url = join(base, href)
        if url is None or url.split("#")[0] == own or publisher_of(url) != publisher or is_home(url):
            continue
        hint, path = places.of(element)
        anchor = _Anchor(element, url.split("#")[0], name_of(element), index, path)
        anchor.foreign, anchor.hidden = bool(hint & FOREIGN), bool(hint & HIDDEN)
        yield anchor


def _groups(anchors: Sequence[_Anchor]) -> list[_Group]:
    """Best first."""
    by_path: dict[int, _Group] = defaultdict(_Group)
    for anchor in anchors:
        by_path[anchor.path].anchors.append(anchor)
    groups = list(by_path.values())
    for group in groups:
        group.score = _score(group)
    ranked: dict[etree._Element, bool] = {}
    for group in sorted(groups, key=lambda group: -group.score)[:_MOST_CANDIDATES]:
        for anchor in group.anchors:
            anchor.ranked = is_ranked(anchor.element, ranked)
        group.score *= 1.0 - 0.7 * sum(anchor.ranked for anchor in group.anchors) / len(group.anchors)
    return sorted(groups, key=lambda group: -group.score)


def _score(group: _Group) -> float:
    """How much a group of links looks like the articles of a listing."""
    titled = [anchor for anchor in group.anchors if anchor.text]
    if not titled:
        return 0.0
    count = len({anchor.url for anchor in titled})
    titles = sum(_title_score(anchor.text) for anchor in titled) / len(titled)
    urls = sum(url_score(anchor.url) for anchor in titled) / len(titled)
    foreign = sum(anchor.foreign for anchor in titled) / len(titled) if group.is_shown else 1.0
    size: float = min(count, 60) ** 0.8
    return size * titles * urls * (1.0 - 0.9 * foreign)


def _title_score(text: str) -> float:
    length = len(text) + 1.5 * len(_HAN.findall(text))
    if length < 10:
        return 0.05
    return min(1.0, length / 30) if length < 300 else 0.7


def _chosen(groups: Sequence[_Group], page: Page) -> list[_Anchor]:
    """The links of the best group, and of those that are of its kind beside it."""
    if not groups or groups[0].score <= 0:
        return []
    best = groups[0]
    shapes = _shapes(best)
    alike_all = {a.url for group in groups for a in group.anchors if a.text and not a.foreign and a.shape in shapes}
    # A home page lists articles all over, and none of its lists is most of them.
    is_front = urlsplit(page.url).path in ("", "/") and len(best.urls) < 0.6 * len(alike_all)
    unranked = [anchor for anchor in best.anchors if anchor.text and not anchor.ranked]
    is_ranking = len(unranked) < 0.5 * len(best.anchors) or is_ranking_page(page)
    chosen = [anchor for anchor in best.anchors if anchor.text] if is_ranking else unranked
    heading = _title_score_of(best)
    above, first = _common(best.anchors), best.anchors[0].index
    for group in groups[1:]:
        kept = [
            anchor
            for anchor in group.anchors
            if anchor.text and not anchor.foreign and (is_ranking or not anchor.ranked)
        ]
        if not kept or not (is_front or group.is_shown):
            continue
        alike = sum(anchor.shape in shapes for anchor in kept) / len(kept)
        if alike > 0.6 and _title_score_of(group) > 0.55 * heading and (is_front or _beside(kept, above, first)):
            chosen.extend(kept)
    # The lists of a home page name the hubs of running stories as well.
    return [anchor for anchor in chosen if anchor.shape in shapes] if is_front and not is_ranking else chosen


def _shapes(group: _Group) -> set[str]:
    """The shapes of a group's addresses, without those of a few."""
    counts = Counter(anchor.shape for anchor in group.anchors)
    return {shape for shape, count in counts.items() if count >= _FEW_OF_A_SHAPE * len(group.anchors)} or set(counts)


def _title_score_of(group: _Group) -> float:
    titled = [_title_score(anchor.text) for anchor in group.anchors if anchor.text]
    return sum(titled) / len(titled) if titled else 0.0


def _beside(anchors: Sequence[_Anchor], above: Sequence[etree._Element], first: int) -> bool:
    """Whether links belong to the list in the elements `above`, lowest first, that starts at link number `first`.

    They do in its own element, or before it in the same part of the page: the lead story stands over a list in other
    markup; what follows beside it are boxes of other lists.
    """
    if not above:
        return True
    if all(above[0] in anchor.element.iterancestors() for anchor in anchors):
        return True
    part = next((element for element in above if element.tag == "main"), None)
    if part is None:
        column = [element for element in above[: _COLUMN_LEVELS + 1] if element.tag not in ("body", "html")]
        part = column[-1] if column else above[0]
    is_before = anchors[-1].index < first
    return is_before and all(part in anchor.element.iterancestors() for anchor in anchors)


def _common(anchors: Sequence[_Anchor]) -> list[etree._Element]:
    """The elements that hold them all, the lowest first."""
    common = list(anchors[0].element.iterancestors())
    for anchor in anchors[1:]:
        known = set(anchor.element.iterancestors())
        common = [element for element in common if element in known]
    return common


def _entries(chosen: Sequence[_Anchor], page: Page) -> Iterator[Entry]:
    """One entry a URL in page order, with its headline and date."""
    by_url: dict[str, list[_Anchor]] = {}
    for anchor in sorted(chosen, key=lambda anchor: anchor.index):
        by_url.setdefault(anchor.url, []).append(anchor)
    records = _records(by_url)
    zone = guessed_zone(page.url, page.tree.get("lang"))
    for url, anchors in by_url.items():
        title = _title_of(anchors)
        names = sorted({title, *(visible_text(anchor.element) for anchor in anchors)}, key=len, reverse=True)
        yield Entry(url, title, _date_of(records.get(url), names, page, zone))


def _title_of(anchors: Sequence[_Anchor]) -> str:
    """The headline among the links of one record: picture, summary, "read more" and comments lead there as well."""
    for anchor in anchors:
        if headline := heading_at(anchor.element):
            return headline
    texts = [anchor.text for anchor in anchors]
    fair = (text for text in texts if _title_score(text) >= _FAIR_TITLE and len(text) <= _LONGEST_TITLE)
    return next(fair, max(texts, key=len))


def _records(by_url: dict[str, list[_Anchor]]) -> dict[str, etree._Element]:
    """For each URL the largest element around its link that holds no other of the URLs."""
    holds: dict[etree._Element, set[str]] = defaultdict(set)
    for url, anchors in by_url.items():
        for anchor in anchors:
            for up in islice(anchor.element.iterancestors(), _RECORD_LEVELS):
                holds[up].add(url)
    found: dict[str, etree._Element] = {}
    for url, anchors in by_url.items():
        record = anchors[0].element
        for up in islice(anchors[0].element.iterancestors(), _RECORD_LEVELS):
            if len(holds[up]) > 1 or up.tag == "body":
                break
            record = up
        found[url] = record
    return found


def _date_of(record: etree._Element | None, names: Sequence[str], page: Page, zone: str | None) -> datetime | None:
    """The date of a record, from what it says besides the texts of its links: a headline may speak of another day."""
    if record is None:
        return None
    stated = next((time.get("datetime") for time in record.iter("time") if time.get("datetime")), None)
    text = stated or reduce(lambda rest, name: rest.replace(name, " ", 1), names, visible_text(record))[:400]
    if not _DATE_SIGN.search(text):
        return None
    moment = read_date(text, timezone=zone, now=page.fetched_at)
    return moment.at if moment else None
