"""What a page says of itself for machines: JSON-LD, meta elements. None of it is believed unseen."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

Item = dict[str, Any]

_ARTICLE_TYPES = (
    "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle",
    "ReviewNewsArticle", "Article", "BlogPosting", "Report", "LiveBlogPosting", "TechArticle", "Review",
    "SocialMediaPosting", "AdvertiserContentArticle", "SatiricalArticle", "ScholarlyArticle",
    "MedicalScholarlyArticle", "ClaimReview",
)  # fmt: skip
_OTHER_TYPES = ("WebPage", "ItemPage", "CollectionPage", "VideoObject", "ImageGallery")
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$|;\s*$")
_LONGEST_JSON = 2_000_000  # characters
_LONGEST_VALUE = 20_000  # characters
_MOST_NAMES = 50
_DEEPEST = 12


def meta_of(root: etree._Element) -> dict[str, str]:
    """Content by name, property or itemprop, in lower case; the first one of a name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        if not content:
            continue
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name:
            found.setdefault(name.strip().lower(), content)
    return found


def all_of_meta(root: etree._Element, name: str) -> list[str]:
    """All contents of the meta elements of a name, in page order."""
    return [
        content.strip()
        for element in root.iter("meta")
        if (element.get("property") or element.get("name") or "").lower() == name
        and (content := element.get("content"))
    ]


def items_of(root: etree._Element) -> list[Item]:
    """All JSON-LD objects of a page, the members of lists and of @graph each on its own."""
    found: list[Item] = []
    for script in root.iter("script"):
        kind = script.get("type")
        if kind and "ld+json" in kind and script.text:
            found.extend(_objects(loads(script.text), 0))
    return found


def loads(text: str) -> Any:
    """JSON as pages hold it: broken in the ways that templates break it. None when it cannot be read."""
    text = text[:_LONGEST_JSON]
    for mend in (_as_it_is, _without_wrapping, _without_controls, _without_commas, _unescaped):
        text = mend(text)
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _as_it_is(text: str) -> str:
    return text


def _without_wrapping(text: str) -> str:
    return _WRAPPING.sub("", _WRAPPING.sub("", text.strip()))


def _without_controls(text: str) -> str:
    return _CONTROLS.sub(" ", text)


def _without_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&quot;" in text else re.sub(r'\\(?!["\\/bfnrtu])', r"\\\\", text)


def _objects(value: Any, depth: int) -> Iterator[Item]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for member in value:
            yield from _objects(member, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed"):
            if isinstance(inner := value.get(key), dict | list):
                yield from _objects(inner, depth + 1)


def article_of(items: list[Item]) -> Item:
    """The object that describes the page's article: the kind of most use, and of those the fullest; {} for none."""
    best: tuple[int, int] | None = None
    chosen: Item = {}
    for item in items:
        rank = _rank(item)
        if rank is None:
            continue
        score = (-rank, len(item))
        if best is None or score > best:
            best, chosen = score, item
    return chosen


def _rank(item: Item) -> int | None:
    types = item.get("@type")
    names = [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
    names = [name.rsplit("/", 1)[-1] for name in names]
    if any(name in _ARTICLE_TYPES or name.endswith("Article") for name in names):
        return 0
    return 1 if any(name in _OTHER_TYPES for name in names) else None


def string(value: Any, depth: int = 0) -> str | None:
    """The string in a JSON-LD value: itself, its first member, or its name."""
    if isinstance(value, str):
        return html.unescape(value[:_LONGEST_VALUE]).strip() or None
    if depth > _DEEPEST:
        return None
    if isinstance(value, list) and value:
        return string(value[0], depth + 1)
    if isinstance(value, dict):
        return string(value.get("name") or value.get("@value") or value.get("headline"), depth + 1)
    return None


def names(value: Any, depth: int = 0) -> list[str]:
    """The names in a JSON-LD author or publisher."""
    if depth > _DEEPEST:
        return []
    if isinstance(value, list):
        return [name for member in value[:_MOST_NAMES] for name in names(member, depth + 1)]
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("alternateName")
        return names(value, depth + 1) if value is not None else []
    return [html.unescape(value[:_LONGEST_VALUE]).strip()] if isinstance(value, str) and value.strip() else []
