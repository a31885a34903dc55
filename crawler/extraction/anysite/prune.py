"""What stands inside the container and is not the article: cut, with the rule that cut it."""

import re
import unicodedata
from collections.abc import Iterable

from crawler.extraction.anysite.hints import Hint
from crawler.extraction.anysite.walk import HEADINGS, Block

_BYLINE, _CAPTION, _LEAD, _BODY, _EMBED = (int(h) for h in (Hint.BYLINE, Hint.CAPTION, Hint.LEAD, Hint.BODY, Hint.EMBED))

_FOREIGN_HEADING = re.compile(
    r"(?:相关|推荐|延伸|热门|热点|精彩|更多|最新|猜你|为您|为你|编辑推荐|往期|扩展)(?:阅读|新闻|报道|文章|推荐|资讯|内容|链接|喜欢|专题|话题|视频|排行)?.{0,6}"
    r"|(?:related|recommended|read (?:more|also|next)|more (?:on|from|about|stories|news|in|like|articles|coverage|to read)|also (?:read|on|in)|you (?:may|might)|see also|"
    r"don't miss|most (?:read|popular|viewed|shared)|popular|trending|latest|top stories|editor'?s? (?:picks?|choice)|what to read|up next|keep reading|further reading|recommended|"
    r"sign up|subscribe|newsletter|follow us|share (?:this|on)|comments?\b|leave a (?:reply|comment)|about the authors?|about the writer|join the|tags?\b|topics?\b|filed under|"
    r"lesen sie (?:auch|mehr)|mehr zum thema|mehr (?:zu|aus|von|über)|das könnte|auch interessant|lees (?:ook|meer)|lire aussi|à lire|sur le même|en lien|voir aussi|"
    r"te puede|lea también|lee también|ver también|relacionad|más (?:noticias|sobre|en)|leia (?:também|mais)|veja (?:também|mais)|saiba mais|mais (?:sobre|lidas)|leggi anche|"
    r"potrebbe|czytaj (?:też|także|więcej)|zobacz (?:też|także)|polecane|läs (?:också|mer)|les også|læs også|lue myös|читайте|по теме|читать также|також|"
    r"関連|おすすめ|あわせて読みたい|인기|관련|baca juga|simak juga).*",
    re.I | re.S,
)
_READ_ALSO = re.compile(
    r"\W*(?:read (?:more|also|next)|also read|see also|related|recommended|more:|lesen sie|lees (?:ook|meer)|mehr (?:zum|dazu|lesen)|lire aussi|à lire|voir aussi|"
    r"lea también|lee también|te puede|ver también|leia (?:também|mais)|veja (?:também|mais)|leggi anche|czytaj|zobacz|läs (?:också|mer)|les også|læs også|lue myös|"
    r"читайте|читать|watch:?|listen:?|baca juga|simak|>>+|▶|►|→|»|相关(?:阅读|新闻|报道|链接)|延伸阅读|推荐阅读|点击|更多)",
    re.I,
)
_LOOSE = re.compile(r"[\W_]+")


def loose(text: str) -> str:
    """Letters and digits alone: what two printings of one headline share."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text)).casefold()


class Cuts:
    """Blocks to take out, each with the name of the rule."""

    def __init__(self) -> None:
        self.rules: dict[Block, str] = {}

    def add(self, block: Block, rule: str) -> None:
        self.rules.setdefault(block, rule)


def prune(parts: Iterable[Block], title: str) -> dict[Block, str]:
    cuts: dict[Block, str] = {}
    wanted = loose(title)
    parts = list(parts)
    total = sum(part.prose for part in parts)
    for part in parts:
        _prune(part, wanted, total, cuts, top=True)
    return cuts


def _prune(block: Block, title: str, total: float, cuts: dict[Block, str], top: bool = False) -> None:
    rule = None if top else _rule(block, title, total)
    if rule:
        cuts[block] = rule
        return
    foreign = False
    for child in block.children:
        if foreign and _leftover(child):
            cuts[child] = "drop_related"
            continue
        foreign = False
        if (child.tag in HEADINGS or child.weight < 120) and child.text and not child.own_prose and _FOREIGN_HEADING.fullmatch(child.text) and child.weight < 200:
            cuts[child] = "drop_related"
            foreign = True
            continue
        _prune(child, title, total, cuts)


def _leftover(block: Block) -> bool:
    return block.tag not in HEADINGS and (block.link_share > 0.4 or block.prose == 0)


def _rule(block: Block, title: str, total: float) -> str | None:
    small = block.prose < 0.3 * total
    if block.closed:
        return "drop_foreign"
    if block.tag == "aside" and small:
        return "drop_aside"
    if block.tag in ("form", "menu", "search") and small:
        return "drop_form"
    if block.hint & _EMBED and small and block.tag != "p":
        return "drop_embed"
    if block.tag in ("h1", "h2", "h3", "p", "div") and title and block.weight < 600 and loose(block.text) == title:
        return "drop_title"
    if block.hint & _BYLINE and block.weight < 400 and block.prose < 100:
        return "drop_byline"
    if block.tag == "figure" or block.tag == "figcaption" or (block.hint & _CAPTION and block.weight < 600):
        return "drop_caption"
    if block.weight and block.link_share > 0.6:
        if block.tag in ("p", "h2", "h3", "h4", "li", "td"):
            return "drop_link" if _READ_ALSO.match(block.text) else None
        return "drop_links"
    if block.tag == "p" and block.own_link_weight and block.weight < 400 and _READ_ALSO.match(block.text):
        return "drop_read_also"
    return None
