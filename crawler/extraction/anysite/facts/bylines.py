"""Bylines: the forms in which a page prints who wrote it, by the headline and at the end of the text."""

import re
from collections.abc import Iterator, Sequence

from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.evidence import pieces
from crawler.extraction.anysite.facts.names import is_name, split, split_wide, without_company
from crawler.extraction.anysite.hints import Hint

_BYLINE = int(Hint.BYLINE)
_BY_WORDS = (
    r"^\W*(?:(?:(?:story|words|written|reporting|posted|published|article|text|opinion|analysis|review"
    r"|guest post|guide|feature|column|essay|interview|report|video|photos?)\s+)*by"
    r"|(?:von|par|por|di|door|av|af|oleh|text|texte|texto|autor(?:in)?|auteur|autore|author|writer|skrevet av"
    r"|tekst|автор)s?)"
)
_MAY_BE_BY = re.compile(_BY_WORDS, re.I)
BY = re.compile(rf"{_BY_WORDS}(?:[:\s]+|$|(?-i:(?<=[Bb]y)(?=[A-Z])))", re.I)
_BY_AFTER_A_DATE = re.compile(r"(?:[|•·]|\d{4}|\bUhr)\s*(?:by|von|par|por)[:\s]+", re.I)
_HAN_LABEL = (
    r"(?:通讯员|实习|摄影|编辑|责编|责任|译|时间|日期|来源|出自|阅读|点击|浏览|评论|发布|发表|更新|字号|报道|分享|转载"
    r"|[\u4e00-\u9fff]{2,8}(?:报道|发自))"
)
_HAN_REST = rf"(?:[\s、,，]+(?!{_HAN_LABEL})[\u4e00-\u9fff·]{{2,4}}(?![\u4e00-\u9fff:：(（\[]))*"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊陆郝孔白崔康邱秦史顾侯邵孟龙段雷钱汤尹黎易乔贺赖龚庞樊殷施洪翟倪严俞章鲁葛韦毕聂柳邢"
    "骆岳齐梅庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄裴屈鲍覃霍翁隋植甘薄司柏宁柯阮桂闵柴冉闫肖江金"
)
_OTHER_SURNAMES = "常武毛牛文安时万向焦曲项席查成单景强解包车房边华路游阳卫支尚连温"
"""That begin common words as well: of names of three characters only."""
_HAN_PERSON = (
    rf"(?:(?!高清|高考|江苏|江西|江南|金融|宁夏|甘肃|方言|白描|康复|关注|管理)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
    rf"|[{_OTHER_SURNAMES}][\u4e00-\u9fff]{{2}})(?<![省市县区])"
)
"""A name that nothing but its form tells."""
_PICTURED = r"(?:摄|供图|制图|拍摄|图$)"
"""After a name: the photographer's, under a picture."""
_ZH_BY = re.compile(
    r"(?:作\s*者|撰\s*文|撰稿|执笔人?|文字|(?<![\u4e00-\u9fff])文)\s*[:：/／|｜丨]\s*(?!\w+=)"
    rf"(?P<names>[^\s:：\"=|｜，。；/／()（）【】\[\]<>]{{1,20}}{_HAN_REST})"
    rf"|(?:^|[|｜]\s?)作者(?P<glued>{_HAN_PERSON})(?=\s?(?:$|[|｜]))"
    r"|(?:记者|特派员|通讯员|实习生|評論員|评论员|記者)[\s:：]+"
    rf"(?P<named>(?!{_HAN_LABEL})[\u4e00-\u9fff·]{{2,4}}+(?![\u4e00-\u9fff]){_HAN_REST}+)(?!\s?[/／]?\s?{_PICTURED})"
    rf"|^(?P<lent>{_HAN_PERSON}(?:\s{_HAN_PERSON})?)\s?[/／]\s?[\u4e00-\u9fff]{{1,8}}[报報网網社台刊]$"
    r"|记者\s?(?P<sent>[\u4e00-\u9fff·]{2,4})(?:发自|[/／]文)"
    r"|(?P<posted>[^\s:：\]]{2,16})\s+发表于\s*[:：]?\s*\d{4}"
)
_ZH_MARKS = ("者", "文", "员", "稿", "笔", "生", "員", "发", "/", "／")
"""One of these is in each form of a Chinese byline."""
_DATELINE = re.compile(r"[（(][\u4e00-\u9fff]{0,8}(?:记者|通讯员)[\s:：]*(?P<names>[\u4e00-\u9fff·\s、]{2,40})[）)]")
_DATELINE_END = 80  # characters into a paragraph
_CORRESPONDENT = re.compile(r"[\u4e00-\u9fff]{0,6}(?:记者|通讯员|实习生)")
_PERSON = re.compile(_HAN_PERSON)
_CLOSING = re.compile(
    r"[（(【\[]?\s*(?:(?:[\u4e00-\u9fff·]{0,12})(?:记者|通讯员|記者|评论员|特约撰稿人?)|(?<![\u4e00-\u9fff])文|作者|执笔人?|撰稿人?)"
    rf"(?:[\s:：/／|]+|(?={_HAN_PERSON}))"
    rf"(?P<names>[\u4e00-\u9fff·]{{2,4}}{_HAN_REST})"
    r"(?:[\s、，/／]*(?:通讯员|摄影(?!\s*[）)】\]。]?\s*$)|文|图|报道|编辑|责编|[\u4e00-\u9fff]{2,8}报道)[^）)】\]]{0,30})?"
    r"\s*[）)】\]。]?\s*$"
    rf"|[（(]\s*(?P<bare>{_HAN_PERSON}(?:[\s、]+{_HAN_PERSON})*)"
    r"(?:\s+[\u4e00-\u9fff]{2,8}报道)?\s*[）)]\s*$"
)
_CLOSING_MARKS = ("者", "员", "文", "稿", "笔", "）", ")")
_AFTER = re.compile(
    r"\s*(?:[|–—•·⋅●]|\s-\s|\bfor\b|\bin\b|\bat\b|\bfrom\b|\bupdated\b|\bpublished\b|\bposted\b|\bon\b\s(?=\w)"
    r"|\d{1,2}[:./]\d|\d{4}|\d+ (?:min(?:ute)?s?|hours?|days?)\b).*$",
    re.I | re.S,
)
_LONGEST_BYLINE = 240  # bytes
_LONGEST_CLOSED = 600  # bytes of a byline with the page's tools beside it


def has_person_form(name: str) -> bool:
    """Whether Han have the form of a name that begins with a surname."""
    return _PERSON.fullmatch(name) is not None


def printed(near: Sequence[Block]) -> Iterator[list[str]]:
    """Names in each byline by the headline: "By A and B", 作者：甲, or in the head of the first paragraph."""
    for at, block in enumerate(near):
        if block.own_prose > 120 or block.own_weight > (_LONGEST_CLOSED if block.closed else _LONGEST_BYLINE):
            if names := _in_dateline(block.text):
                yield names
        elif block.tag not in ("h1", "h2", "h3") and (names := _chinese(near, at) or _after_by(near, at)):
            yield names


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
    if match := BY.match(text):
        if match.end() < len(text):
            after = text[match.end() :][:_LONGEST_BYLINE]
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


def closing(lines: Sequence[Block]) -> list[str]:
    """Names in brackets or on a line at the end of the text: （记者 胡晓蓉）, Written by Mara Linden."""
    for block in reversed(lines):
        text = block.text
        tail = "" if text.isascii() else text[-60:]
        if any(mark in tail for mark in _CLOSING_MARKS) and (match := _CLOSING.search(tail)):
            return split_wide(match["names"] or match["bare"])
        if block.own_weight < 100 and (match := BY.match(text)):
            names = split(text[match.end() :])
            if names and all(map(is_name, names)):
                return names
    return []
