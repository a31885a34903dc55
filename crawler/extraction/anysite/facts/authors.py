"""Who wrote it: where a page names its authors."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from lxml import etree

from crawler.extraction.anysite import structured
from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.body.phrases import CREDIT
from crawler.extraction.anysite.evidence import Evidence, pieces
from crawler.extraction.anysite.facts.bylines import BY, closing, has_person_form, printed
from crawler.extraction.anysite.facts.names import is_name, people, split
from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.text import loose
from crawler.items import Provenance

AUTHOR_META = (
    "author", "article:author_name", "byl", "byline", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "dc.creator.personalname", "citation_author", "article:author", "og:author",
    "twitter:creator:name", "cxenseparse:author", "authors", "og:article:author",
)  # fmt: skip

_BYLINE = int(Hint.BYLINE)
_AUTHOR_MARKS = (b'rel="', b"rel='", b"rel=", b'itemprop="', b"itemprop='", b"itemprop=")
_MARKED = etree.XPath("//@rel[. = 'author']/.. | //@itemprop[. = 'author']/..")
_AUTHOR_URL = re.compile(
    r"author|autor|auteur|staff|people|profil|contributor|columnist|journalist|writer|/by/|reporter|team",
    re.I,
)
_SECTION_URL = re.compile(r"/(?:category|categories|tags?|topics?|sections?|rubrik|thema)/", re.I)
_DATED = re.compile(
    r"(?:\b(?:\w{3,9}[.,]{1,2}\s+|(?i:mon|tues|wednes|thurs|fri|satur|sun)day\s+)?"
    r"\d{1,2}(?:st|nd|rd|th|\.)?,?\s+(?:de\s+)?\w{3,10}\.?,?\s+(?:de\s+)?\d{4}"
    r"|\b\w{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,4}日?"
    r"|\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?|\d+\s?(?i:min(?:ute)?s?|Minuten|hours?|days?|views|shares"
    r"|comments)(?:\s+(?:read|ago))?|\b(?:USA TODAY|NETWORK|Staff Writer|Staff)\b.*$)"
)
_PARTS = re.compile(r"\s*[•·|⋅●,;/\n]\s*|\s+[-–—]\s*|\s{2,}|\b(?:on|am|at|in|le|el|il)\s*$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_IN_A_SECTION = re.compile(r"\s+in\s+\S[^.!?]{1,40}$")
_TITLE_PARTS = re.compile(r"\s*[-–—_|｜]+\s*")
_DESK = re.compile(
    r".{0,2}(?:网|報|报|新闻|财经|科技|体育|娱乐|汽车|房产|教育|时尚|女人|旅游|健康|军事|数码|手机|家居|文化|历史|时政|社会"
    r"|国内|国际|订阅|号|频道|资讯|视频|中心|在线|门户|客户端|论坛|首页|评论|专题|公益|游戏|股票|证券|媒体|平台)"
)
"""What follows the name of a medium in that of one of its parts: 财经 in 某某财经."""
_OWN = re.compile(r"的|博客|专栏|空间|主页|微博|日志|个人|工作室")
"""What follows a person's name in that of a page of their own."""
_LONGEST_DESK = 6  # characters
_LONGEST_LIST = 500  # characters of a list of names
_LONGEST_MARKED = 100  # characters
_MOST_MARKED = 40
_FURTHEST = 40  # blocks below the headline


def authors(evidence: Evidence, source: str | None) -> tuple[tuple[str, ...], Provenance] | None:
    """The people who wrote the article, in order, each once; None when the page names none."""
    ban = _banned(evidence, source)
    for rule, values in _stated(evidence, ban):
        found = people(values, ban)
        if rule.startswith(("json-ld", "meta")):
            found = [name for name in found if not _is_medium(evidence, name)]
        if not found:
            continue
        if rule.startswith("json-ld") and (more := _printed_beside(evidence, found, ban)):
            return tuple(more), Provenance("printed byline", None, "; ".join(more))
        return tuple(found), Provenance(rule, None, "; ".join(values)[:300])
    return None


def _printed_beside(evidence: Evidence, known: Sequence[str], ban: set[str]) -> list[str]:
    """The byline's names, where it has others beside all that are known.

    Structured data may name the first of several authors alone.
    """
    last = known[0].split()[-1]
    if not any(last in block.text or last.upper() in block.text for block in evidence.margin):
        return []
    found = people(next(printed(evidence.margin), ()), ban)
    more = len(found) > len(known) and set(map(loose, known)) < set(map(loose, found))
    return found if more and all(map(is_name, found)) else []


def cleaned(values: Iterable[str], evidence: Evidence) -> list[str]:
    """Names of people in values from elsewhere."""
    return people(values, _banned(evidence, None))


def _banned(evidence: Evidence, source: str | None) -> set[str]:
    """What is no person: the site by any of its names, the source."""
    names = {loose(name) for name in (*evidence.site_names, source or "") if name}
    return names | _host_words(evidence.page.url)


def _is_medium(evidence: Evidence, name: str) -> bool:
    """Whether a stated author is the site's own name, cut short: 某某 where <title> ends in _某某财经."""
    return _HAN.match(name) is not None and any(_is_part_of(own, name) for own in _own_names(evidence))


def _is_part_of(own: str, name: str) -> bool:
    if not own.startswith(name):
        return False
    rest = own[len(name) :].strip()
    if len(rest) <= _LONGEST_DESK and _DESK.fullmatch(rest):
        return True
    return not has_person_form(name) and not _OWN.match(rest) and len(rest) <= _LONGEST_DESK


def _own_names(evidence: Evidence) -> Iterator[str]:
    """What the site calls itself and its desks: Open Graph, the end of <title>, the words of its logo."""
    yield from evidence.site_names
    yield from _TITLE_PARTS.split(evidence.head_title or "")[1:][-1:]
    for image in evidence.root.iter("img"):
        if (alt := image.get("alt")) and any(
            "logo" in (image.get(name) or "").lower() for name in ("class", "id", "src")
        ):
            yield alt.strip()


def _stated(evidence: Evidence, ban: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Where a page names its authors, most certain first."""
    item = evidence.item
    for key in ("author", "creator"):
        if values := structured.names(_resolved(item.get(key), evidence)):
            yield f"json-ld {key}", values
    if values := _marked(evidence.margin):
        yield "marked author", values
    for name in AUTHOR_META:
        content = evidence.meta.get(name)
        if content and not content.startswith(("http", "/", "www.")):
            yield f"meta {name}", split(content[:_LONGEST_LIST])
    for values in printed(evidence.margin):
        yield "printed byline", values
    for values in printed(_bylines(evidence)):
        yield "printed byline", values
    if values := _marked_elsewhere(evidence):
        yield "marked author", values
    if values := closing(evidence.last_lines):
        yield "closing byline", values
    if values := _bare_names(evidence, ban):
        yield "name by the headline", values


def _resolved(value: object, evidence: Evidence) -> object:
    """JSON-LD may name an author by reference: {"@id": "…#person"} for an object elsewhere on the page."""
    if isinstance(value, list):
        return [_resolved(member, evidence) if isinstance(member, dict) else member for member in value]
    if isinstance(value, dict) and "name" not in value and (key := value.get("@id")):
        return next((item for item in evidence.items if item.get("@id") == key and "name" in item), value)
    return value


def _marked(near: Sequence[Block]) -> list[str]:
    """Names by the headline that the markup calls authors: rel=author, itemprop=author."""
    found: dict[str, None] = {}
    for block in near:
        if not len(block.element) and not block.hint & _BYLINE:
            continue
        for element in block.element.iter():
            if element.get("rel") == "author" or element.get("itemprop") == "author":
                found |= dict.fromkeys(_names_of(element))
    return list(found)


def _marked_elsewhere(evidence: Evidence) -> list[str]:
    """The first names of the page that the markup calls an author's."""
    if not _marks_authors(evidence.page.utf8):  # a search of the text takes a fifth of one of the tree
        return []
    return next((names for element in _MARKED(evidence.root)[:_MOST_MARKED] if (names := _names_of(element))), [])


def _names_of(element: etree._Element) -> list[str]:
    named = element.xpath("descendant-or-self::*[@itemprop='name']")
    text = " ".join("".join((named[0] if named else element).itertext()).split()) or element.get("content") or ""
    return split(BY.sub("", text)) if len(text) < _LONGEST_MARKED else []


def _marks_authors(text: bytes) -> bool:
    at = text.find(b"author")
    while at >= 0:
        if text.endswith(_AUTHOR_MARKS, 0, at):
            return True
        at = text.find(b"author", at + 6)
    return False


def _bylines(evidence: Evidence) -> list[Block]:
    """Blocks that are named so, further below the headline: under a picture with a long caption."""
    head = evidence.headline.block if evidence.headline else None
    if head is None:
        return []
    below = evidence.walk.blocks[head.index : head.index + _FURTHEST]
    return [block for block in below if block.hint & _BYLINE and block.text and not block.closed]


def _bare_names(evidence: Evidence, ban: set[str]) -> list[str]:
    """A short line between headline and text that is a name, or names and a date: "Gregor Meier • 27. Januar 2026"."""
    head = evidence.headline.block.index if evidence.headline and evidence.headline.block else None
    for block in evidence.margin:
        if block.own_prose > 150 and head is not None and block.index > head:
            return []
        if block.own_weight > 120 or block.tag in ("h1", "h2", "h3"):
            continue
        named = block.hint & _BYLINE
        if not named and (
            block.closed or head is None or not -2 <= block.index - head <= 12 or _HAN.search(block.text)
        ):
            continue
        if CREDIT.match(block.text.lower()):
            continue
        if not named and " in " in block.text and is_name(text := _IN_A_SECTION.sub("", block.text)):
            return [text]  # Mara Linden in Harbours
        if block.own_link_weight and (_leads_to(block, _SECTION_URL) if named else not _leads_to(block, _AUTHOR_URL)):
            continue  # a category, a button
        parts = [BY.sub("", part.strip()) for part in _PARTS.split(_DATED.sub(" • ", "\n".join(pieces(block))))]
        names = [part for part in parts if is_name(part) and loose(part) not in ban]
        if sum(map(bool, parts)) > 1:  # a medium, a place and a button may stand beside a date
            names = [name for name in names if not _HAN.match(name) or has_person_form(name)]
        others = [part for part in parts if len(part) > 4 and part not in names and not part.endswith(":")]
        others = [part for part in others if not any(len(name) > 6 and name in loose(part) for name in ban)]
        if names and (named or not others):
            return names[:1] if len(names) > 3 else names
    return []


def _leads_to(block: Block, form: re.Pattern[str]) -> bool:
    return any(form.search(link.get("href") or "") for link in block.element.iter("a"))


def _host_words(url: str) -> set[str]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return {loose(host), loose(host.split(".")[0])} - {""}
