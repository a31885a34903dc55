"""The forms of a credit: a line, or the end of one, that names a source, an editor, an author or a first title.

A credit is told by its whole form, never by a word: 来源于… opens a sentence, 责任编辑 may be what a story is about.
"""

import re
from dataclasses import dataclass
from typing import Literal

Field = Literal["source", "editors", "authors", "original_title", "published"]

_OPEN = r"[（(【\[〔［｛{<〈《「]?"
_COLON = r"\s*[：:︰﹕∶]\s*"
_BAR = r"[丨｜|︱│]"
SOURCE = (
    r"(?:(?:文章|本文|稿件|信息|新闻|消息|内容|原文|资讯)?(?:来源|來源|出处|來自|来自)"
    r"|稿源|转自|转载自|轉載自|来源网站)"
)
_DUTY = (
    r"(?:(?:本文|本期|本版|责任|責任|值班|网络|网站|执行|新媒体|见习|实习|助理|图片|视觉|文字|当班|主任|内容|微信)?"
    r"(?:编辑|編輯|小编)|责编|責編|责任编|编审|编校|校对|校對|校審|校审|审核|審核|审校|审读|审稿|审签|初审|复审|终审|一审|二审|三审"
    r"|一校|二校|三校|监制|監製|总监制|监审|(?:副|执行|值班|总|責任)?(?:主编|总编|总编辑)|制片人|出品人|出品|总策划|策划|统筹|排版|美编"
    r"|制作|制图|编发|编排|签发|核稿)"
)
_ENGLISH_EDITOR = r"(?:edited\s+by|editors?|web\s+editors?|sub-?editors?)"
_WRITER = (
    r"(?:(?:本文|文章)?作者|撰文|撰稿|文字|供稿|来稿|投稿|通讯员"
    r"|(?<![\u4e00-\u9fff])文(?=\s*[/／丨｜|︱│]\s*(?!图)))"
)
_HELPER = r"(?:译者|翻译|编译|摄影|摄像|图片|视频|剪辑|文案|海报|设计|视觉|音频|后期|配音)"
_FIRST_TITLE = r"(?:本文|文章)?原(?:文)?(?:标题|标題|題目|题目|题|題)"

_DATE = (
    r"\d{2,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"(?:\s*\d{1,2}\s*[:：时]\s*\d{1,2}(?:\s*[:：分]\s*\d{1,2}\s*秒?)?)?"
)
_STATION = r"中[国國]日[报報][^\s，。；：、（）()]{0,8}?[记記]者站"

_LABEL = re.compile(
    rf"(?P<open>{_OPEN})\s*"
    rf"(?:(?P<title>{_FIRST_TITLE})|(?P<source>{SOURCE})|(?P<editors>{_DUTY})|(?P<authors>{_WRITER})"
    rf"|(?P<helper>{_HELPER})|(?P<english>{_ENGLISH_EDITOR}|source))"
    rf"(?P<colon>{_COLON}|(?<!文字|内容)\s*{_BAR}\s*|(?<=[辑輯编文影稿])\s*[/／]\s*|(?<=[题題])(?P<named>[为為是]?)\s*(?=《))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"《(?P<inner>[^《》]+)》")
_FROM = re.compile(
    r"\s*[（(【\[]\s*(?:本文)?(?:综合|整理|编译|编辑|摘|选|转|改编){1,2}自\s*[：:]?\s*(?P<media>[^。，；！？“”（）()]{2,40})[）)】\]]\s*"
)
_HAN_NAMES = r"[\u4e00-\u9fff·]{2,4}(?:[\s、]+[\u4e00-\u9fff·]{2,4}){0,4}"
_BARE = re.compile(rf"\s*(?:(?P<editors>{_DUTY})|{_WRITER}|文)\s+(?P<names>{_HAN_NAMES})\s*")  # no colon
_BARE_EDITORS = re.compile(
    rf"\s*[（(【\[]\s*(?:[\w·]{{2,10}}[报報网社台端刊])?(?P<editors>{_DUTY})\s+(?P<names>{_HAN_NAMES})\s*[）)】\]]\s*"
)
_DUTY_LABEL, _HELPER_LABEL = re.compile(_DUTY), re.compile(_HELPER)
_ROLE = r"(?:实习|特约)?记者|通讯员|实习生|摄影"
_ROLES = re.compile(_ROLE)
_REPORTER = re.compile(
    rf"\s*[（(【\[]?\s*[\w·]{{0,16}}?(?:记者|通讯员|实习生)[\s：:]+(?P<names>{_HAN_NAMES})\s*[）)】\]]?\s*"
)
_SUPPLIED = re.compile(r"\s*[（(【\[]?\s*[\w、·]{2,40}供稿\s*")
"""Who gave the text to the medium, before other credits: an office more often than a person."""
BETWEEN_NAMES = re.compile(r"\s*[、,，/／;；|｜&]\s*|\s+")
"""Names of Han."""
_NAMES_LABEL = re.compile(
    rf"^\s*{_OPEN}\s*(?:{_WRITER}|{_DUTY}|记者|文|[Bb]y)(?:{_COLON}|\s*[/／丨｜|]\s*|(?<=[Bb]y)\s+)"
)
_CODE = r"[A-Z]{1,4}\d{2,8}"
_NAME = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,4}}|[\u4e00-\u9fff]{{1,8}}·[\u4e00-\u9fff·]{{1,12}}"
    rf"|[\u4e00-\u9fff]{{2,10}}(?:部|组|中心|网|室|社|频道|工作室)"
    rf"|[A-Za-z][A-Za-z.'’-]{{0,20}}(?:\s[A-Za-z][A-Za-z.'’-]{{0,20}}){{0,3}}|\d{{1,6}})?(?:[_\s(（]*{_CODE}[)）]?)?"
)
_NAME_SEPARATOR = re.compile(r"\s*[、,，/／;；|｜︱&]\s*|[\s\u3000]+(?![A-Z]{1,4}\d)")
_MEDIUM_END = re.compile(r"[。；！？!?;“”\"]|，|,\s*(?=[\u4e00-\u9fff])")
_MEDIUM_REPORTER = re.compile(rf"(?<=\S)\s*(?:记者|通讯员)[\s：:]+{_HAN_NAMES}$")
_BRACKETS = ("）", ")", "】", "]")
_BEFORE_NAME = rf"(?:[\s|｜/／、]*(?:{_ROLE})\s*[：:]?\s*|[\s|｜/／、]+)"
_CLOSING_STATION = re.compile(
    rf"(?:^|(?<=[。！？…”’」』）)\]】]))\s*(?P<all>[（(【\[]?\s*(?P<station>{_STATION})"
    rf"(?P<people>(?:{_BEFORE_NAME}[\u4e00-\u9fff·]{{2,4}}(?![\u4e00-\u9fff])){{0,9}}(?:\s*记者)?)\s*[）)】\]]?)$"
)
_CLOSING_BRACKET = re.compile(
    r"(?P<ended>[。！？…”’」』）)\]】!?.])?\s*(?P<all>[（(【\[][^（(【\[）)】\]]{3,60}[）)】\]])$"
)
_MEDIUM_CHARS = 40
_TITLE_CHARS = 120


@dataclass(frozen=True, slots=True)
class Credit:
    field: Field | None  # None: a label without a name
    values: tuple[str, ...]
    start: int  # in the line
    end: int


def line_credits(line: str) -> list[Credit]:
    """The credits that a line is made of, in order; none when anything else stands on it.

    本文来源：新京报 责任编辑：杜硕_NB12556  ->  source 新京报, editors 杜硕_NB12556
    """
    if (media := _FROM.fullmatch(line)) is not None:
        return [Credit("source", (media["media"].strip(),), 0, len(line))]
    if not _may_start_with_label(line):
        bare = _bare_credits(line)
        return [] if bare and _LABEL.search(line) else bare
    labels = _outermost(list(_LABEL.finditer(line)))
    if not labels:
        return _bare_credits(line)
    before = line[: labels[0].start()]
    reporter = _REPORTER.fullmatch(before)
    is_supplied = _SUPPLIED.fullmatch(before) is not None
    if before.strip() and reporter is None and not is_supplied:
        return []
    ends = [label.start() for label in labels[1:]] + [len(line)]
    found = [_credit(line, label, end) for label, end in zip(labels, ends, strict=True)]
    known = [credit for credit in found if credit is not None]
    if len(known) < len(found) or all(label["helper"] for label in labels):
        return []
    first = [Credit("authors", tuple(_split(reporter["names"])), 0, len(before))] if reporter else []
    supplied = [Credit(None, (), 0, len(before))] if is_supplied and reporter is None else []
    return [*first, *supplied, *known]


def _may_start_with_label(line: str) -> bool:
    """Whether a line has a label at its start, or behind a reporter. Most have not, and are not searched for more."""
    if _LABEL.match(line, len(line) - len(line.lstrip())):
        return True
    return any(word in line for word in ("记者", "通讯员", "实习生", "供稿"))


def _bare_credits(line: str) -> list[Credit]:
    """Credits without a colon: 编辑 周褶褶 ｜ 排版 魏蔚."""
    if not (_BARE.match(line) or _BARE_EDITORS.match(line)):
        return []
    found: list[Credit] = []
    start = 0
    for part in re.split(r"(?<=[｜|丨/])", line):
        match = _BARE.fullmatch(part.rstrip("｜|丨/")) or _BARE_EDITORS.fullmatch(part)
        if match is None:
            return []
        field: Field = "editors" if match["editors"] else "authors"
        found.append(Credit(field, _named(match["names"]), start, start + len(part)))
        start += len(part)
    return found


def _named(text: str) -> tuple[str, ...]:
    """The names of a run of them, up to a label of another field: 刘晓阳 校对 李铭 摄影 周褶  ->  刘晓阳, 李铭."""
    found: list[str] = []
    for name in _split(text):
        if _HELPER_LABEL.fullmatch(name):
            break
        if not _DUTY_LABEL.fullmatch(name):
            found.append(name)
    return tuple(found)


def closing_credits(line: str) -> list[Credit]:
    """Credits in one pair of brackets at the end of a line, after the end of a sentence; or a correspondents' station
    there, with or without them.

    …产生积极影响。（中国日报青岛记者站 记者 解超）  ->  source 中国日报青岛记者站, authors 解超
    """
    text = line.rstrip()
    match = _CLOSING_STATION.search(text) if "者站" in text else None
    if match is not None:
        source = Credit("source", (match["station"],), match.start("all"), len(line))
        people = tuple(_split(_ROLES.sub(" ", match["people"])))
        return [source, Credit("authors", people, match.start("people"), len(line))] if people else [source]
    match = _CLOSING_BRACKET.search(text) if text[-1:] in _BRACKETS else None
    if match is not None:
        inner = line_credits(match["all"])
        # A source or an editor may follow a last line without a full stop: a date, a table, a list of names.
        sure = match["ended"] is not None or all(credit.field in ("source", "editors") for credit in inner)
        if len(inner) == 1 and inner[0].values and sure:
            return [Credit(inner[0].field, inner[0].values, match.start("all"), len(line))]
    return []


def source_name(text: str) -> str | None:
    """The medium in a source line of any form, or in a bare name: 来源： 新华网  ->  新华网."""
    text = " ".join(text.split())
    for credit in line_credits(text):
        if credit.field == "source":
            return credit.values[0] if credit.values else None
    match = re.search(rf"{SOURCE}{_COLON}(?P<name>[^\s|｜，。；]+)", text)
    name = match["name"] if match else text.strip("|｜-—:： ")
    return name.strip("（）()【】[] ") or None


def names(text: str) -> tuple[str, ...]:
    """Names in a line of names, without its label: （编辑：严玉洁 王辉）  ->  严玉洁, 王辉."""
    for credit in line_credits(" ".join(text.split())):
        if credit.field in ("editors", "authors"):
            return credit.values
    text = _NAMES_LABEL.sub("", text, count=1)
    return tuple(_split(text.strip("（）()【】[]｜| \u3000\xa0")))


def _split(text: str) -> list[str]:
    if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text):
        parts = BETWEEN_NAMES.split(text)
    else:
        parts = re.split(r"\s*[,;/|&]\s*|\s+and\s+", text)
    return [part for part in (part.strip() for part in parts) if part]


def _outermost(labels: list[re.Match[str]]) -> list[re.Match[str]]:
    """Labels that open a credit; not one inside the title that 原标题 names."""
    for index, label in enumerate(labels):
        if label["title"]:
            return labels[: index + 1]
    return labels


def _credit(line: str, label: re.Match[str], end: int) -> Credit | None:
    """The credit from a label to the next one; None when its value is no name."""
    raw = line[label.end() : end].strip()
    if label["open"] and raw and raw[-1] in "）)】]〕］｝}>〉》」":
        raw = raw[:-1].strip()
    elif raw and raw[-1] in _BRACKETS and not re.search(r"[（(【\[]", raw):
        raw = raw[:-1]  # the bracket was opened before another credit of the line
    raw = raw.strip("|｜丨 \u3000\xa0")
    field = _field(label)
    if label["named"] is not None and _QUOTED.fullmatch(raw) is None:
        return None  # 原题为《…》的文章: a sentence
    if not raw:
        return Credit(None, (), label.start(), end)
    values = _values(field, raw)
    if label["helper"]:  # named beside the others, and no field of an article
        return Credit(None, (), label.start(), end) if values else None
    return Credit(field, values, label.start(), end) if values else None


def _field(label: re.Match[str]) -> Field:
    if label["title"]:
        return "original_title"
    if label["source"] or (label["english"] or "").lower() == "source":
        return "source"
    return "authors" if label["authors"] else "editors"


def _values(field: Field, raw: str) -> tuple[str, ...]:
    if field == "original_title":
        quoted = _QUOTED.fullmatch(raw)
        return (quoted["inner"] if quoted else raw,) if len(raw) <= _TITLE_CHARS else ()
    if field == "source":
        medium = _MEDIUM_REPORTER.sub("", re.sub(rf"\s*{_DATE}\s*", " ", raw).strip())
        return (medium,) if medium and len(medium) <= _MEDIUM_CHARS and not _MEDIUM_END.search(medium) else ()
    found = tuple(_split(raw)) if raw.isascii() else tuple(name for name in _NAME_SEPARATOR.split(raw) if name)
    return found if len(found) <= 8 and all(_NAME.fullmatch(name) for name in found) else ()
