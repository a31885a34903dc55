"""Who wrote it: people by name, without roles, addresses, or the name of the site."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from lxml import etree

from crawler.extraction.anysite import structured
from crawler.extraction.anysite.evidence import Evidence, pieces
from crawler.extraction.anysite.hints import Hint
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
_BY = re.compile(
    r"^\W*(?:(?:story|words|written|reporting|posted|reviewed|published|article|text|opinion|analysis|review"
    r"|guest post|interview|report|video|photos?)\s+)*by[:\s]+|^\W*(?:von|par|por|di|door|av|af|oleh|text|texte"
    r"|texto|autor(?:in)?|auteur|autore|author|writer|skrevet av|tekst|автор)s?[:\s]+",
    re.I,
)
_ZH_BY = re.compile(
    r"(?:作\s*者|撰\s*文|撰稿|文字|(?<![\u4e00-\u9fff])文)\s*[:：/／|｜丨]\s*(?P<names>[^\s:："
    r"|｜，。；/／()（）【】\[\]<>]{1,20}(?:[\s、,，]+[\u4e00-\u9fff·]{2,4}(?![\u4e00-\u9fff]))*)"
    r"|(?:本报|本刊|本网|见习|实习|特约|首席|高级|新华社|新京报|中新社|中新网|[\u4e00-\u9fff]{2,8}网)?(?:记者"
    r"|特派员|通讯员|評論員|评论员"
    r"|記者)[\s:：]+(?P<named>[\u4e00-\u9fff·]{2,4}(?:[\s、]+[\u4e00-\u9fff·]{2,4})*)"
)
_CLOSING = re.compile(
    r"[（(【\[]?\s*(?:(?:[\u4e00-\u9fff·]{0,12})(?:记者|通讯员|記者|评论员|特约撰稿人?)|文)[\s:：/／"
    r"|]*(?P<names>[\u4e00-\u9fff·]{2,4}(?:[\s、，]+(?!通讯员|摄影|编辑|责编)[\u4e00-\u9fff·]{2,4})*)"
    r"(?:[\s、，]*(?:通讯员|摄影|文/图|图|报道|编辑|责编)[^）)】\]]{0,30})?\s*[）)】\]。]?\s*$"
)
_AUTHOR_MARKS = ('rel="author', "rel='author", "rel=author", 'itemprop="author', "itemprop='author", "itemprop=author")
_MARKED = etree.XPath("//*[@rel='author' or @itemprop='author']")
_AUTHOR_URL = re.compile(
    r"author|autor|auteur|staff|people|profil|contributor|columnist|journalist|writer|/by/|reporter|team",
    re.I,
)
_WESTERN_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽА-Я][\w.'’-]*\s+){1,3}(?:(?:de|van|von|der|den|la|da|di|du|bin|al|el|ter|ten"
    r"|le)\s+)*[A-ZÀ-ÖØ-ÞĀ-ŽА-Я][\w'’.-]+"
)
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_DATED = re.compile(
    r"(?:\b(?:\w{3,9}\.?,?\s+)?\d{1,2}(?:st|nd|rd|th|\.)?,?\s+(?:de\s+)?\w{3,10}\.?,?\s+(?:de\s+)?\d{4}"
    r"|\b\w{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,4}日?"
    r"|\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?|\d+\s?(?:min(?:ute)?s?|Minuten|hours?|days?|views|shares"
    r"|comments)(?:\s+(?:read|ago))?|\b(?:USA TODAY|NETWORK|Staff Writer|Staff)\b.*$)",
)
_PARTS = re.compile(r"\s*[•·|⋅●,;/\n]\s*|\s+[-–—]\s*|\s{2,}|\b(?:on|am|at|in|le|el|il)\s*$")
_SPLIT = re.compile(
    r"\s*(?:[,;，；、/|｜&•·]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bog\b|\boch\b|\ben\b|\bwith\b|\bdan\b|\bи\b|\n)\s*",
    re.I,
)
_SPLIT_WIDE = re.compile(r"[\s\u3000]*[,;，；、/|｜&][\s\u3000]*|[\s\u3000]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]{0,60}[)）\]】]")
_AFTER = re.compile(
    r"\s*(?:[|–—•·⋅●]|\s-\s|\bfor\b|\bin\b|\bat\b|\bfrom\b|\bupdated\b|\bpublished\b|\bposted\b|\bon\b (?=\w+)"
    r"|\d{1,2}[:./]\d|\d{4}|\d+ (?:min|hours?|days?)\b).*$",
    re.I | re.S,
)
_ROLE = re.compile(
    r"^(?:(?:senior|staff|special|chief|associate|assistant|deputy|managing|executive|contributing|freelance"
    r"|national|political|sports?|science|health|technology|tech|business|news|breaking|foreign|investigative"
    r"|guest|digital|features?|entertainment|culture|editorial|multimedia|data|video|photo|copy|web|lead|editor-in"
    r"|in|the)[\s-]+)*"
    r"(?:reporters?|writers?|editors?|correspondents?|contributors?|columnists?|journalists?|producers?|staff"
    r"|author|critic|intern|fellow|desk|team|bureau|chief|director|redakteur(?:in)?|reporter(?:in)?|autor(?:in)?"
    r"|redaktion|redazione|redacción|rédaction|redaktor|redactie|admin|administrator|guest|user|webmaster|newsroom"
    r"|newsdesk|editorial|superuser|web desk|sponsored|promoted|partner content)$"
    r"|\bstaff(?: reporters?| writers?)?$|\b(?:news ?desk|web ?desk|redaktion|newsroom|editorial board"
    r"|media relations)$",
    re.I,
)
_TITLES = re.compile(
    r"^(?:view all posts by|posts? by|by|von|par|por|di|door|av|af|oleh|dr\.?|prof\.?|mr\.?|mrs\.?|ms\.?|rev\.?|记者"
    r"|作者|文|撰文|编辑)[\s:：]+",
    re.I,
)
_NOBODY = frozenset(
    loose(name)
    for name in (
        "佚名 匿名 网络 未知 不详 本站 本网 本站原创 原创 转载 小编 编辑 记者 新闻 作者 管理员 综合 互联网 来源 "
        "admin administrator none null unknown anonymous n/a editor author user guest webmaster root system undefined "
        "false true"
    ).split()
)
_LONGEST_LIST = 500  # characters of a list of names
_LONGEST_NAME = 60
_MOST = 12


def authors(evidence: Evidence, source: str | None) -> tuple[tuple[str, ...], Provenance] | None:
    """The people who wrote the article, in order, each once; None when the page names none."""
    ban = _banned(evidence, source)
    for rule, values in _stated(evidence):
        found = tuple(_people(values, ban))
        if not found:
            continue
        # Structured data may name the first of several authors alone; the byline names all.
        if rule.startswith("json-ld"):
            printed = tuple(_people(_printed(evidence.margin), ban))
            if (
                len(printed) > len(found)
                and {loose(n) for n in found} < {loose(n) for n in printed}
                and all(map(_is_name, printed))
            ):
                return printed, Provenance("printed byline", None, "; ".join(printed))
        return found, Provenance(rule, None, "; ".join(values)[:300])
    return None


def cleaned(values: Iterable[str], evidence: Evidence) -> Iterator[str]:
    """Names of people in values from elsewhere."""
    return _people(values, _banned(evidence, None))


def _banned(evidence: Evidence, source: str | None) -> set[str]:
    """What is no person: the site by any of its names, the source, 佚名."""
    names = {loose(name) for name in (*evidence.site_names, source or "") if name}
    return names | _NOBODY | _host_words(evidence.page.url)


def _stated(evidence: Evidence) -> Iterator[tuple[str, list[str]]]:
    """Where a page names its authors, most certain first."""
    item = evidence.item
    for key in ("author", "creator"):
        if values := structured.names(_resolved(item.get(key), evidence)):
            yield f"json-ld {key}", values
    if values := _marked(evidence):
        yield "marked author", values
    for name in AUTHOR_META:
        content = evidence.meta.get(name)
        if content and not content.startswith(("http", "/", "www.")):
            yield f"meta {name}", _split(content[:_LONGEST_LIST])
    if values := _printed(evidence.margin):
        yield "printed byline", values
    if values := _closing(evidence.last_lines):
        yield "closing byline", values
    if values := _bare_names(evidence):
        yield "name by the headline", values


def _resolved(value: object, evidence: Evidence) -> object:
    """JSON-LD may name an author by reference: {"@id": "…#person"} for an object elsewhere on the page."""
    if isinstance(value, list):
        return [_resolved(member, evidence) if isinstance(member, dict) else member for member in value]
    if isinstance(value, dict) and "name" not in value and (key := value.get("@id")):
        return next((item for item in evidence.items if item.get("@id") == key and "name" in item), value)
    return value


def _marked(evidence: Evidence) -> list[str]:
    """Names that the markup calls authors: rel=author, itemprop=author; those by the headline, else the first."""
    text = evidence.page.text
    if not any(mark in text for mark in _AUTHOR_MARKS):  # a search of the text takes a tenth of one of the tree
        return []
    near = {block.element for block in evidence.margin}
    found: list[tuple[bool, list[str]]] = []
    for element in _MARKED(evidence.root)[:40]:
        named = element.xpath("descendant-or-self::*[@itemprop='name']")
        text = " ".join("".join((named[0] if named else element).itertext()).split()) or element.get("content") or ""
        if text and len(text) < 100:
            close = element in near or any(up in near for _, up in zip(range(3), element.iterancestors(), strict=False))
            found.append((close, _split(_BY.sub("", text))))
    chosen = [names for close, names in found if close] or [names for _, names in found[:1]]
    return list(dict.fromkeys(name for names in chosen for name in names))


def _printed(near: Sequence[Block]) -> list[str]:
    """Names in a byline by the headline: "By A and B", 作者：甲, or a short line that is named so."""
    for block in near:
        text = block.text
        if block.own_weight > 240 or block.own_prose > 120 or block.tag in ("h1", "h2", "h3"):
            continue
        if match := _ZH_BY.search(text):
            return [name for name in _SPLIT_WIDE.split(match["names"] or match["named"]) if name]
        if match := _BY.match(text):
            return _split(_AFTER.sub("", text[match.end() :]))
    return []


def _closing(lines: Sequence[Block]) -> list[str]:
    """Names in brackets or on a line at the end of the text: （记者 胡晓蓉）."""
    for block in reversed(lines):
        if match := _CLOSING.search(block.text[-60:]):
            return [name for name in _SPLIT_WIDE.split(match["names"]) if name]
    return []


def _bare_names(evidence: Evidence) -> list[str]:
    """A short line between headline and text that is a name, or names and a date: "Gregor Meier • 27. Januar 2026"."""
    head = evidence.headline.block.index if evidence.headline and evidence.headline.block else None
    for block in evidence.margin:
        if block.own_prose > 150 and head is not None and block.index > head:
            return []
        if block.own_weight > 120 or block.tag in ("h1", "h2", "h3") or CREDIT.match(block.text.lower()):
            continue
        named = block.hint & _BYLINE
        if not named and (head is None or not -2 <= block.index - head <= 12 or _HAN.search(block.text)):
            continue
        if not named and block.own_link_weight and not _leads_to_author(block):
            continue  # a category, a button
        parts = [_BY.sub("", part.strip()) for part in _PARTS.split(_DATED.sub(" • ", "\n".join(pieces(block))))]
        names = [part for part in parts if _is_name(part)]
        others = [part for part in parts if part and part not in names and not part.endswith(":") and len(part) > 4]
        if names and (named or not others):
            return names[:1] if len(names) > 3 else names
    return []


def _leads_to_author(block: Block) -> bool:
    return any(_AUTHOR_URL.search(link.get("href") or "") for link in block.element.iter("a"))


def _is_name(text: str) -> bool:
    """Whether a text has the form of a person's name: two to four capitalised words, or two to four Han."""
    return _WESTERN_NAME.fullmatch(text) is not None or _HAN_NAME.fullmatch(text) is not None


def _split(text: str) -> list[str]:
    text = _ADDRESS.sub(" ", _BRACKETS.sub(" ", " ".join(text.split())))
    form = _SPLIT_WIDE if len(_HAN.findall(text)) * 2 > len(text.replace(" ", "")) else _SPLIT
    return [part for part in form.split(text) if part]


def _people(values: Iterable[str], ban: set[str]) -> Iterator[str]:
    """The values that are names of people, cleaned, each once."""
    seen: set[str] = set()
    for value in values:
        for part in _split(value) if len(value) > 25 or re.search(r"[,;&/|、，]|\band\b", value) else [value]:
            name = _TITLES.sub("", _BRACKETS.sub(" ", _ADDRESS.sub(" ", part))).strip(" .,;:-–—|/·、，。：")
            name = " ".join(name.split())
            bare = loose(name)
            if len(bare) < 2 or len(name) > _LONGEST_NAME or bare in ban or bare in seen or _ROLE.search(name):
                continue
            if name.isupper() and any(bare.startswith(word) for word in ban if len(word) > 2):
                continue
            if any(char.isdigit() for char in name) and not _HAN.search(name):
                continue
            seen.add(bare)
            yield name
            if len(seen) >= _MOST:
                return


def _host_words(url: str) -> set[str]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return {loose(host), loose(host.split(".")[0])} - {""}
