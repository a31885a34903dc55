"""Source, editors, first title and tags, as pages name them around an article."""

import re
from collections.abc import Iterator

from lxml import etree

from crawler.credits import SOURCE
from crawler.extraction.anysite import structured
from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.evidence import Evidence
from crawler.extraction.anysite.facts.names import is_nobody
from crawler.extraction.anysite.text import loose
from crawler.items import Provenance

Found = tuple[str, Provenance]
_NAMED_SOURCES = etree.XPath("id('source_baidu ne_article_source media_name source')")

_SOURCE_META = (
    "source",
    "mediaid",
    "contentsource",
    "article:source",
    "og:source",
    "dc.source",
    "weibo: article:source",
    "copyright-holder",
)
_EDITOR_META = ("editor", "contenteditor", "dc.contributor", "article:editor", "responsible-editor")
_SOURCE = re.compile(
    rf"(?<![\u4e00-\u9fff]){SOURCE}于?\s*[:：]\s*(?P<name>[^\s:：|｜,，;；。<>()（）【】\[\]]{{2,24}})"
)
_SOURCE_SIGNS = ("来", "來", "源", "自", "处")
"""One of these is in each label of a source."""
_EDITOR = re.compile(
    r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯|值班编辑|网络编辑|编审)\s*[:：/／丨｜|]\s*(?P<names>[A-Z][a-z.'’]{1,14}(?:\s[A-Z][a-z.'’]{1,14}){1,2}|[^\s:："
    r"|｜,，;；。<>()（）【】\[\]]{2,14}(?:[\s、]+[\u4e00-\u9fff]{2,4}(?=[\s、)）】\]]|$))*)"
)
_FIRST_TITLE = re.compile(
    r"[（(【\[]?\s*原(?:文)?标题\s*[:：]\s*"
    r"(?P<title>(?:(?!\s[（(【\[]?\s*(?:责任编辑|责编|编辑|来源|作者)\s*[:：])[^）)】\]]){4,120})"
)
_SOURCE_LABEL = re.compile(rf"^{SOURCE}\s*[:：]\s*")
_SOURCE_NOTE = re.compile(r"[\s—-]+(?:原创稿?|原创文章|转载稿?|投稿|独家|首发)$")
_BESIDE_A_DATE = re.compile(
    r"(?P<before>[^\s:：|｜]{2,16}\s+)?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s{0,2}\d{1,2}[:：]\d\d(?::\d\d)?"
    r"(?P<after>\s+[^\s:：|｜]{2,16})?"
)
_BEHIND_A_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}(?:\s[\u4e00-\u9fff]{2,3})?\s?[/／]\s?([\u4e00-\u9fff]{2,9})")
_BETWEEN_BARS = re.compile(r"(?:^|[|｜])\s?来源([^\s:：|｜]{2,16})\s?[|｜]")
_A_MEDIUM = re.compile(r"[\u4e00-\u9fff·]{1,10}(?:网|網|报|報|社|电视台|杂志|周刊|时报|新闻|客户端|通讯社)")
_GLUED = re.compile(r"(?:作者|编辑|责编|时间|日期|发布|字号|参与互动|分享|评论|记者|点击|阅读|浏览|\d{4}[-年]).*$")
_NOT_A_SOURCE = re.compile(
    r"https?://|www\.|@|^\d+$|^(?:未知|不详|网络|互联网|本站|本网|(?:本站|本网)?(?:原创|转载|整理)|其他|网友)$"
)
_TAG_META = ("keywords", "news_keywords", "article:tag", "parsely-tags", "sailthru.tags")
_BETWEEN_NAMES = re.compile(r"[\s、,，;；]+")
_BETWEEN_LATIN = re.compile(r"\s*[,;]\s*")
_BOOK_MARKS = re.compile(r"《(?P<title>[^《》]+)》")
_LONGEST_DATELINE = 120  # bytes
_MOST_TAGS = 20


def source(evidence: Evidence, *, lines: bool) -> Found | None:
    """The medium that the page names as its source. `lines`: a printed line too; the East Asian press has one."""
    for name in _SOURCE_META:
        stated = evidence.meta.get(name, "").strip()
        value = _SOURCE_NOTE.sub("", _SOURCE_LABEL.sub("", stated)) if len(stated) <= 40 else ""
        if value and not _NOT_A_SOURCE.search(value):
            return value, Provenance(f"meta {name}", None, stated)
    if not lines:
        return None
    for block in [*evidence.margin, *reversed(evidence.last_lines)]:
        match = _SOURCE.search(block.text) if any(map(block.text.__contains__, _SOURCE_SIGNS)) else None
        if match and block.own_prose < 400:
            name = _GLUED.sub("", match["name"]).strip()
            if len(name) >= 2 and not _NOT_A_SOURCE.search(name):
                return name, Provenance("source line", None, match[0])
    for element in _NAMED_SOURCES(evidence.root)[:2]:
        text = " ".join("".join(element.itertext()).split())
        name = _SOURCE.sub(r"\g<name>", text).strip()
        if 2 <= len(name) <= 24 and not _NOT_A_SOURCE.search(name):
            return name, Provenance("source element", element.get("id"), text)
    return _in_dateline(evidence)


def _in_dateline(evidence: Evidence) -> Found | None:
    """The medium beside a date, a name or bars alone: 2019-09-26 10:56:28 某某时报网; 周明/某某时报; | 来源某某网 |."""
    for block in evidence.margin:
        if block.weight > _LONGEST_DATELINE or block.text.isascii():
            continue
        if labelled := _BETWEEN_BARS.search(block.text):
            name, is_medium = labelled[1].strip(), True
        else:
            match = _BESIDE_A_DATE.fullmatch(block.text) or _BEHIND_A_NAME.fullmatch(block.text)
            name = next(filter(None, match.groups()), "").strip() if match else ""
            is_medium = _A_MEDIUM.fullmatch(name) is not None
        if is_medium and not _NOT_A_SOURCE.search(name):
            return name, Provenance("dateline", None, block.text)
    return None


def editors(evidence: Evidence, *, lines: bool) -> tuple[tuple[str, ...], Provenance] | None:
    """Editors in charge, where the page names them beside the body; those at its end are found by cleaning."""
    for name in _EDITOR_META:
        value = evidence.meta.get(name, "").strip()
        named = _editors_in(value) if value and len(value) <= 40 and not _NOT_A_SOURCE.search(value) else ()
        if named:
            return named, Provenance(f"meta {name}", None, value)
    if values := structured.names(evidence.item.get("editor")):
        return tuple(dict.fromkeys(values)), Provenance("json-ld editor", None, "; ".join(values))
    for block in _around(evidence) if lines else ():
        if "编" in block.text and block.weight < 400 and (match := _EDITOR.search(block.text)):
            named = _editors_in(match["names"])
            return (named, Provenance("editor line", None, match[0])) if named else None
    return None


def _editors_in(text: str) -> tuple[str, ...]:
    form = _BETWEEN_LATIN if text.isascii() else _BETWEEN_NAMES
    return tuple(part for part in form.split(text.strip()) if part and not is_nobody(part))


def original_title(evidence: Evidence) -> Found | None:
    """A first title named in the margin; one inside the body is found by cleaning."""
    for block in evidence.margin:
        if block.weight < 400 and (match := _FIRST_TITLE.search(block.text)):
            named = match["title"].strip()
            whole = _BOOK_MARKS.fullmatch(named)
            return whole["title"] if whole else named, Provenance("first title line", None, match[0])
    return None


def tags(evidence: Evidence) -> tuple[str, ...]:
    """Keywords, each once; those of the whole site (its own name) left out."""
    found = _tag_metas(evidence.root) if "article:tag" in evidence.meta else []
    if not found:
        found = _keywords(evidence.item.get("keywords"))
    if not found:
        found = next((_keywords(value) for name in _TAG_META if (value := evidence.meta.get(name))), [])
    ban = {loose(name) for name in evidence.site_names}
    title = loose(evidence.headline.text) if evidence.headline else ""
    kept = (tag for tag in dict.fromkeys(found) if 1 < len(tag) <= 60 and loose(tag) not in ban and loose(tag) != title)
    return tuple(kept)[:_MOST_TAGS]


def _tag_metas(root: etree._Element) -> list[str]:
    """Of the head, a tenth of the tree; of all of it, where a page has them in its body."""
    head = root.find("head")
    found = structured.all_of_meta(head, "article:tag") if head is not None else []
    return found or structured.all_of_meta(root, "article:tag")


def _keywords(value: object) -> list[str]:
    if isinstance(value, list | dict):
        return [part for name in structured.names(value) for part in _keywords(name)]
    return [part for part in re.split(r"\s*[,，;；、|]\s*", value.strip()) if part] if isinstance(value, str) else []


def _around(evidence: Evidence) -> Iterator[Block]:
    yield from evidence.margin
    end = evidence.choice.parts[-1] if evidence.choice else None
    if end is None:
        return
    last = max(block.index for block in end.subtree())
    yield from (block for block in evidence.walk.blocks[max(0, last - 6) : last + 20] if block.text)
