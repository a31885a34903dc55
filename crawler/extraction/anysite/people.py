"""Who wrote it: where a page names its authors."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from lxml import etree

from crawler.extraction.anysite import structured
from crawler.extraction.anysite.evidence import Evidence, pieces
from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.names import is_name, people, split, split_wide, without_company
from crawler.extraction.anysite.phrases import CREDIT
from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.walk import Block
from crawler.items import Provenance

AUTHOR_META = (
    "author", "article:author_name", "byl", "byline", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator",
    "dc.creator.personalname", "citation_author", "article:author", "og:author", "twitter:creator:name",
    "cxenseparse:author", "authors",
    "og:article:author",
)  # fmt: skip

_BYLINE = int(Hint.BYLINE)
_BY_WORDS = (
    r"^\W*(?:(?:(?:story|words|written|reporting|posted|published|article|text|opinion|analysis|review"
    r"|guest post|guide|feature|column|essay|interview|report|video|photos?)\s+)*by"
    r"|(?:von|par|por|di|door|av|af|oleh|text|texte|texto|autor(?:in)?|auteur|autore|author|writer|skrevet av"
    r"|tekst|автор)s?)"
)
_MAY_BE_BY = re.compile(_BY_WORDS, re.I)
_BY = re.compile(rf"{_BY_WORDS}(?:[:\s]+|$|(?-i:(?<=[Bb]y)(?=[A-Z])))", re.I)
_BY_AFTER_A_DATE = re.compile(r"(?:[|•·]|\d{4}|\bUhr)\s*(?:by|von|par|por)[:\s]+", re.I)
_HAN_LABEL = (
    r"(?:通讯员|实习|摄影|编辑|责编|责任|译|时间|日期|来源|出自|阅读|点击|浏览|评论|发布|发表|更新|字号|报道|分享|转载"
    r"|[\u4e00-\u9fff]{2,8}(?:报道|发自))"
)
_HAN_REST = rf"(?:[\s、,，]+(?!{_HAN_LABEL})[\u4e00-\u9fff·]{{2,4}}(?![\u4e00-\u9fff:：(（\[]))*"
_ZH_BY = re.compile(
    r"(?:作\s*者|撰\s*文|撰稿|执笔人?|文字|(?<![\u4e00-\u9fff])文)\s*[:：/／|｜丨]\s*(?!\w+=)"
    rf"(?P<names>[^\s:：\"=|｜，。；/／()（）【】\[\]<>]{{1,20}}{_HAN_REST})"
    r"|(?:记者|特派员|通讯员|实习生|評論員|评论员|記者)[\s:：]+"
    rf"(?P<named>(?!{_HAN_LABEL})[\u4e00-\u9fff·]{{2,4}}(?![\u4e00-\u9fff]){_HAN_REST})"
    r"|记者\s?(?P<sent>[\u4e00-\u9fff·]{2,4})(?:发自|[/／]文)"
    r"|(?P<posted>[^\s:：\]]{2,16})\s+发表于\s*[:：]?\s*\d{4}"
)
_ZH_MARKS = ("者", "文", "员", "稿", "笔", "生", "員", "发")
"""One of these is in each form of a Chinese byline."""
_DATELINE = re.compile(r"[（(][\u4e00-\u9fff]{0,8}(?:记者|通讯员)[\s:：]*(?P<names>[\u4e00-\u9fff·\s、]{2,40})[）)]")
_DATELINE_END = 80  # characters into a paragraph
_CORRESPONDENT = re.compile(r"[\u4e00-\u9fff]{0,6}(?:记者|通讯员|实习生)")
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊陆郝孔白崔康邱秦史顾侯邵孟龙段雷钱汤尹黎易乔贺赖龚庞樊殷施洪翟倪严俞章鲁葛韦毕聂柳邢"
    "骆岳齐梅庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄裴屈鲍覃霍翁隋植甘薄司柏宁柯阮桂闵柴冉闫肖江金"
)
_OTHER_SURNAMES = "常武毛牛文安时万向焦曲项席查成单景强解包车房边华路游阳卫支尚连温"
"""That begin common words as well: of names of three characters only."""
_HAN_PERSON = (
    rf"(?:(?!高清|高考|江苏|江西|江南|金融|宁夏|方言|白描|康复|关注|管理)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
    rf"|[{_OTHER_SURNAMES}][\u4e00-\u9fff]{{2}})(?<![省市县区])"
)
"""A name that nothing but its form tells."""
_CLOSING = re.compile(
    r"[（(【\[]?\s*(?:(?:[\u4e00-\u9fff·]{0,12})(?:记者|通讯员|記者|评论员|特约撰稿人?)|文|作者|执笔人?|撰稿人?)"
    r"[\s:：/／|]*"
    rf"(?P<names>[\u4e00-\u9fff·]{{2,4}}{_HAN_REST})"
    r"(?:[\s、，/／]*(?:通讯员|摄影|文|图|报道|编辑|责编|[\u4e00-\u9fff]{2,8}报道)[^）)】\]]{0,30})?"
    r"\s*[）)】\]。]?\s*$"
    rf"|[（(]\s*(?P<bare>{_HAN_PERSON}(?:[\s、]+{_HAN_PERSON})*)"
    r"(?:\s+[\u4e00-\u9fff]{2,8}报道)?\s*[）)]\s*$"
)
_CLOSING_MARKS = ("者", "员", "文", "稿", "笔", "）", ")")
_AUTHOR_MARKS = ('rel="', "rel='", "rel=", 'itemprop="', "itemprop='", "itemprop=")
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
_AFTER = re.compile(
    r"\s*(?:[|–—•·⋅●]|\s-\s|\bfor\b|\bin\b|\bat\b|\bfrom\b|\bupdated\b|\bpublished\b|\bposted\b|\bon\b\s(?=\w)"
    r"|\d{1,2}[:./]\d|\d{4}|\d+ (?:min(?:ute)?s?|hours?|days?)\b).*$",
    re.I | re.S,
)
_IN_A_SECTION = re.compile(r"\s+in\s+\S[^.!?]{1,40}$")
_LONGEST_LIST = 500  # characters of a list of names
_LONGEST_BYLINE = 240  # bytes
_LONGEST_MARKED = 100  # characters
_MOST_MARKED = 40
_LONGEST_CLOSED = 600  # bytes of a byline with the page's tools beside it
_FURTHEST = 40  # blocks below the headline


def authors(evidence: Evidence, source: str | None) -> tuple[tuple[str, ...], Provenance] | None:
    """The people who wrote the article, in order, each once; None when the page names none."""
    ban = _banned(evidence, source)
    for rule, values in _stated(evidence, ban):
        found = people(values, ban)
        if not found:
            continue
        if rule.startswith("json-ld") and (printed := _printed_beside(evidence, found, ban)):
            return tuple(printed), Provenance("printed byline", None, "; ".join(printed))
        return tuple(found), Provenance(rule, None, "; ".join(values)[:300])
    return None


def _printed_beside(evidence: Evidence, known: Sequence[str], ban: set[str]) -> list[str]:
    """The byline's names, where it has others beside all that are known.

    Structured data may name the first of several authors alone.
    """
    last = known[0].split()[-1]
    if not any(last in block.text or last.upper() in block.text for block in evidence.margin):
        return []
    printed = people(_printed(evidence.margin), ban)
    more = len(printed) > len(known) and set(map(loose, known)) < set(map(loose, printed))
    return printed if more and all(map(is_name, printed)) else []


def cleaned(values: Iterable[str], evidence: Evidence) -> list[str]:
    """Names of people in values from elsewhere."""
    return people(values, _banned(evidence, None))


def _banned(evidence: Evidence, source: str | None) -> set[str]:
    """What is no person: the site by any of its names, the source."""
    names = {loose(name) for name in (*evidence.site_names, source or "") if name}
    return names | _host_words(evidence.page.url)


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
    if values := _printed(evidence.margin) or _printed(_bylines(evidence)):
        yield "printed byline", values
    if values := _marked_elsewhere(evidence):
        yield "marked author", values
    if values := _closing(evidence.last_lines):
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
    if not _marks_authors(evidence.page.text):  # a search of the text takes a fifth of one of the tree
        return []
    return next((names for element in _MARKED(evidence.root)[:_MOST_MARKED] if (names := _names_of(element))), [])


def _names_of(element: etree._Element) -> list[str]:
    named = element.xpath("descendant-or-self::*[@itemprop='name']")
    text = " ".join("".join((named[0] if named else element).itertext()).split()) or element.get("content") or ""
    return split(_BY.sub("", text)) if len(text) < _LONGEST_MARKED else []


def _marks_authors(text: str) -> bool:
    at = text.find("author")
    while at >= 0:
        if text.endswith(_AUTHOR_MARKS, 0, at):
            return True
        at = text.find("author", at + 6)
    return False


def _printed(near: Sequence[Block]) -> list[str]:
    """Names in a byline by the headline: "By A and B", 作者：甲, or in the head of the first paragraph."""
    for at, block in enumerate(near):
        if block.own_prose > 120 or block.own_weight > (_LONGEST_CLOSED if block.closed else _LONGEST_BYLINE):
            if names := _in_dateline(block.text):
                return names
        elif block.tag not in ("h1", "h2", "h3") and (names := _chinese(near, at) or _after_by(near, at)):
            return names
    return []


def _bylines(evidence: Evidence) -> list[Block]:
    """Blocks that are named so, further below the headline: under a picture with a long caption."""
    head = evidence.headline.block if evidence.headline else None
    if head is None:
        return []
    below = evidence.walk.blocks[head.index : head.index + _FURTHEST]
    return [block for block in below if block.hint & _BYLINE and block.text and not block.closed]


def _chinese(near: Sequence[Block], at: int) -> list[str]:
    """The names of a Chinese byline, and of those right below it: one line for the trainee, one for the reporter."""
    found: list[str] = []
    for block in near[at:]:
        text = block.text
        if text.isascii() or block.own_weight > _LONGEST_BYLINE or not any(mark in text for mark in _ZH_MARKS):
            break
        names = [name for match in _ZH_BY.finditer(text) for name in split_wide(match[match.lastgroup or 0])]
        if not names:
            break
        found += names
    return found


def _in_dateline(text: str) -> list[str]:
    """本报讯（记者张三、李四 通讯员王五）五月十九日…  ->  张三, 李四, 王五."""
    if "记者" not in (head := text[:_DATELINE_END]) and "通讯员" not in head:
        return []
    if match := _DATELINE.search(head):
        return [name for part in split_wide(match["names"]) if (name := _CORRESPONDENT.sub("", part))]
    return [match["sent"]] if (match := _ZH_BY.search(head)) and match["sent"] else []


def _after_by(near: Sequence[Block], at: int) -> list[str]:
    """The names after "By", by the lines of the layout; those of the next block where "Written by" stands alone."""
    text = near[at].text
    if not _MAY_BE_BY.match(text) and not (_has_by(text) and _BY_AFTER_A_DATE.search(text)):
        return []
    text = "\n".join(pieces(near[at]))
    if match := _BY.match(text):
        if match.end() < len(text):
            after = text[match.end() : _LONGEST_BYLINE]
            return [] if after[0].islower() and not near[at].hint & _BYLINE else _names_in(after)  # By the end of…
        after = near[at + 1].text if at + 1 < len(near) and near[at + 1].own_weight < 100 else ""
    elif match := _BY_AFTER_A_DATE.search(text):
        after = text[match.end() :]
    else:
        return []
    names = _names_in(after)
    return names if all(map(is_name, names)) else []


def _has_by(text: str) -> bool:
    text = text.lower()
    return "by" in text or "von" in text or "par" in text or "por" in text


def _names_in(text: str) -> list[str]:
    return without_company([name for line in _AFTER.sub("", text).split("\n") for name in split(line)])


def _closing(lines: Sequence[Block]) -> list[str]:
    """Names in brackets or on a line at the end of the text: （记者 胡晓蓉）, Written by Mara Linden."""
    for block in reversed(lines):
        text = block.text
        tail = "" if text.isascii() else text[-60:]
        if any(mark in tail for mark in _CLOSING_MARKS) and (match := _CLOSING.search(tail)):
            return split_wide(match["names"] or match["bare"])
        if block.own_weight < 100 and (match := _BY.match(text)):
            names = split(text[match.end() :])
            if names and all(map(is_name, names)):
                return names
    return []


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
        parts = [_BY.sub("", part.strip()) for part in _PARTS.split(_DATED.sub(" • ", "\n".join(pieces(block))))]
        names = [part for part in parts if is_name(part) and loose(part) not in ban]
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
