"""What a page is: only an article is stored as one.

Little text of its own comes first: a story about captchas is a story. What a thin page says then tells what it is.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from lxml import etree

from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.body.container import is_teaser_list
from crawler.extraction.anysite.evidence import Evidence
from crawler.extraction.anysite.lists.addresses import shape_of, url_score
from crawler.extraction.anysite.lists.listings import listing


class PageKind(StrEnum):
    """The value is the reason that a page which is no article is not stored."""

    ARTICLE = "article"
    LISTING = "listing"
    GALLERY = "gallery"
    VIDEO = "video"
    LIVE = "live blog"
    CHALLENGE = "challenge"
    MISSING = "soft 404"
    PAYWALL = "paywall"
    LOGIN = "login"


_CHALLENGE = re.compile(
    r"just a moment|attention required|access denied|are you (?:a )?(?:robot|human)|not a robot"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|captcha|checking your browser"
    r"|pardon our interruption|unusual (?:traffic|activity)|enable javascript and cookies|security check"
    r"|bot protection|请完成(?:安全)?验证|安全验证|人机验证|验证码|滑动验证|访问(?:过于|太)频繁"
    r"|请输入验证|百度安全|ddos-guard|request (?:blocked|unsuccessful)|press (?:&|and) hold|human verification"
    r"|robot check",
    re.I,
)
_MISSING = re.compile(
    r"(?:^|[-|_:：–—]\s*|error:?\s*|错误[:：]?\s*|页面\s*)404\s*"
    r"(?:$|[-|_:：–—.。!！]|error|not found|page|页|错误|找不到)"
    r"|(?:page|article|story|content|url)[^.]{0,30}(?:not (?:be )?found|doesn['’]t exist|does not exist"
    r"|no longer (?:available|exists)|has been (?:removed|deleted))|not found"
    r"|(?:页面|网页|文章|内容|新闻|信息|链接)[^。]{0,8}(?:不存在|未找到|没有找到|找不到|已(?:被)?删除|已失效"
    r"|已下线|走丢)|您访问的(?:页面|内容)"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)"
    r"|página no encontrada|página não encontrada|pagina non trovata|nie znaleziono|страница не найдена"
    r"|ページが見つかりません|お探しのページ",
    re.I | re.M,
)
_PAYWALL = re.compile(
    r"subscribe to (?:continue|keep|read)|(?:for|to) subscribers only|subscriber[- ]only|already a (?:subscriber"
    r"|member)|this (?:article|story|content) is (?:only )?(?:for|available to) (?:subscribers|members)"
    r"|to (?:continue|keep) reading|unlock this (?:article|story)|read the full (?:article|story)"
    r"|sign in to (?:read|continue)|log ?in to (?:read|continue)|register to (?:read|continue)"
    r"|jetzt weiterlesen|weiterlesen mit|mit .{0,20}abo (?:weiter)?lesen|diesen artikel .{0,30}abonnenten"
    r"|réservé aux abonnés|abonnez-vous pour|para suscriptores|suscríbete para|conteúdo exclusivo para assinantes"
    r"|riservato agli abbonati|tylko dla (?:abonentów|prenumeratorów)|登录后(?:查看|阅读)|付费(?:阅读|内容|文章)"
    r"|会员(?:专享|可读)|订阅后"
    r"|购买后阅读|剩余\d+%|有料会員|会員限定|続きを読むには|残り\d+文字",
    re.I,
)
_LIVE_URL = re.compile(r"/live(?:-?(?:blog|updates?|news|ticker|report))?(?:[/_-]|$)|liveblog|live-?ticker|zhibo", re.I)
_GALLERY_URL = re.compile(
    r"/(?:gallery|galleries|photos?|fotos?|galeria|galerie|bildergalerie|fotostrecke|slideshow|pictures|tupian"
    r"|tuji|p(?:ic|hoto))/",
    re.I,
)
_VIDEO_URL = re.compile(r"/(?:video|videos|watch|tv)/", re.I)
_LISTING_URL = re.compile(r"/(?:categor(?:y|ies)|tags?|topics?|channels?|sections?|archives?|columns?|lists?)/", re.I)
_ROOT_WORDS = re.compile(r"^[^/]*/s/?$")
_COLLECTIONS = {"CollectionPage", "SearchResultsPage"}
_THIN = 900  # bytes of prose; less than three paragraphs
_FEW = 350
_NOTE = 400  # a copyright note
_HARDLY_ANY = 150
_MANY_ENTRIES, _FEW_ENTRIES = 8, 3
_ALL_LINKS = 0.66  # share of a page's text
_LED_LINKS, _TEASER_LINKS = 0.15, 0.05  # shares of a list's text that its headlines are; where its markup shows records
_LINES_BETWEEN = 3
_SHORTEST_TITLE, _LONGEST_LABEL = 10, 40  # bytes
_MANY_IMAGES = 5
_ARTICLE_URL = 0.9
_SAID = 3000  # characters of a thin page that are read for what it says
_PASSWORD = etree.XPath("boolean(//input[@type='password'])")


def page_kind(evidence: Evidence, script_weight: int = 0) -> PageKind:
    """What the page is. `script_weight`: bytes of an article that it holds in a script."""
    prose = max(evidence.prose, float(script_weight))
    types = set(_types(evidence))
    if "LiveBlogPosting" in types or (prose >= _THIN and _is_live(evidence)):
        return PageKind.LIVE
    kind = _by_words(evidence, prose, types) or _by_media(evidence, prose, types) if prose < _THIN else None
    return kind or _listing_or_article(evidence, prose, types)


def _types(evidence: Evidence) -> Iterator[str]:
    for item in evidence.items:
        kinds = item.get("@type")
        yield from (kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))


def _is_article(evidence: Evidence, types: set[str]) -> bool:
    """Whether the page calls itself an article."""
    return _is_surely_article(evidence, types) or evidence.meta.get("og:type", "").startswith("article")


def _is_surely_article(evidence: Evidence, types: set[str]) -> bool:
    """Whether it does so by more than its Open Graph type, which blog software gives to the pages of categories too."""
    return any(kind.endswith(("Article", "Posting")) for kind in types) or "article:published_time" in evidence.meta


def _by_words(evidence: Evidence, prose: float, types: set[str]) -> PageKind | None:
    """What a thin page says of itself, in its title and headline first."""
    titles = "\n".join((evidence.head_title or "", evidence.headline.text if evidence.headline else ""))
    is_bare = prose < _FEW
    text = _said(evidence, open_only=True)[:_SAID] if is_bare else ""
    if _CHALLENGE.search(titles) or _CHALLENGE.search(text):
        return PageKind.CHALLENGE
    if _MISSING.search(titles) or _MISSING.search(text[:600]):
        return PageKind.MISSING
    is_paid = str(evidence.item.get("isAccessibleForFree", "")).lower() == "false"
    if (is_paid and is_bare) or ((is_paid or is_bare) and _PAYWALL.search(_said(evidence)[: 4 * _SAID])):
        return PageKind.PAYWALL
    is_short = evidence.walk.root.weight < 10 * _FEW
    if is_short and is_bare and _PASSWORD(evidence.root) and not _is_article(evidence, types):
        return PageKind.LOGIN
    return None


def _said(evidence: Evidence, *, open_only: bool = False) -> str:
    return " ".join(block.text for block in evidence.walk.blocks if block.text and not (open_only and block.closed))


def _by_media(evidence: Evidence, prose: float, types: set[str]) -> PageKind | None:
    """A page whose matter is a video or pictures."""
    path, says = urlsplit(evidence.page.url).path, evidence.meta.get("og:type", "").lower()
    if prose < _FEW and (
        says.startswith("video")
        or ("VideoObject" in types and (_VIDEO_URL.search(path) or not _is_article(evidence, types)))
    ):
        return PageKind.VIDEO
    images = evidence.choice.main.images if evidence.choice else evidence.walk.root.images
    is_named = "ImageGallery" in types or says.endswith("gallery") or _GALLERY_URL.search(path) is not None
    if is_named and images >= _MANY_IMAGES:
        return PageKind.GALLERY
    return None


def _is_live(evidence: Evidence) -> bool:
    """Many short reports, each with its own time, on a page whose address says so."""
    if not _LIVE_URL.search(urlsplit(evidence.page.url).path):
        return False
    return sum(1 for _ in evidence.root.iter("time")) >= _MANY_ENTRIES


def _listing_or_article(evidence: Evidence, prose: float, types: set[str]) -> PageKind:
    """An article unless its text stands in records under links, and the page itself is none of what they link to.

    The worse mistake is an article called a listing: it is lost. A listing called an article has no body and fails.
    """
    if _is_surely_article(evidence, types):
        return PageKind.ARTICLE
    claims_article = _is_article(evidence, types) and not types & _COLLECTIONS
    needed = _fewest_entries(evidence, prose)
    if needed is None and not claims_article and _has_note_alone(evidence, prose):
        needed = _MANY_ENTRIES
    if needed is None:
        return PageKind.ARTICLE
    if claims_article:
        needed = max(needed, _MANY_ENTRIES)
    entries = [entry for entry in listing(evidence.page).entries if len(entry.title.encode()) > _SHORTEST_TITLE]
    is_listing = len(entries) >= needed and not _is_kin(evidence.page.url, [entry.url for entry in entries])
    return PageKind.LISTING if is_listing else PageKind.ARTICLE


def _is_kin(url: str, others: Sequence[str]) -> bool:
    """Whether an address is made like one of the others; a few words at the root may name a category or a story."""
    shape = shape_of(url)
    return not _ROOT_WORDS.search(shape) and any(shape_of(other) == shape for other in others)


def _fewest_entries(evidence: Evidence, prose: float) -> int | None:
    """How many records make the page a listing; None where its text is its own."""
    if prose == 0:  # no sentence outside of links
        is_bare = evidence.walk.root.link_share > _ALL_LINKS and not (_is_printed(evidence) and _is_named(evidence))
        return 1 if is_bare and not _has_article_url(evidence) else _MANY_ENTRIES
    summaries = _summaries(evidence.choice.main) if evidence.choice is not None else 0  # None: its text is in a script
    if not summaries:
        return None
    if _is_named(evidence) or url_score(evidence.page.url) == 1.0:
        return _MANY_ENTRIES if summaries >= _FEW_ENTRIES else None
    return _FEW_ENTRIES if _is_printed(evidence) else 1


def _has_note_alone(evidence: Evidence, prose: float) -> bool:
    """Whether a page of links has no text but a note: on copyright, on risk."""
    if evidence.choice is None or (_is_printed(evidence) and _is_named(evidence)):
        return False
    is_note = prose < _HARDLY_ANY or (prose < _NOTE and _is_behind(evidence.choice.main, evidence.walk.blocks))
    return is_note and evidence.walk.root.link_share > _ALL_LINKS


def _is_printed(evidence: Evidence) -> bool:
    return evidence.headline is not None and evidence.headline.rule in ("h1", "headline")


def _is_named(evidence: Evidence) -> bool:
    """Whether the headline is more than the name of a category."""
    return evidence.headline is not None and len(evidence.headline.text.encode()) > _LONGEST_LABEL


def _has_article_url(evidence: Evidence) -> bool:
    url = evidence.page.url
    return url_score(url) >= _ARTICLE_URL and not _LISTING_URL.search(urlsplit(url).path)


def _summaries(main: Block) -> int:
    """How many runs of text stand under a linked line, where nearly all do; 0 for running text.

    The line of a date, a medium or an author may stand between. Links to other articles inside a story have text under
    them too, but not all of it.
    """
    count, text_under, since_link = 0, 0.0, _LINES_BETWEEN + 1
    for block in main.subtree():
        if block.closed or not block.text:
            continue
        if block.is_linked_line:
            since_link = 0
        elif not block.own_prose:
            since_link += 1
        else:
            if since_link <= _LINES_BETWEEN:
                count += 1
                text_under += block.own_prose
            since_link = _LINES_BETWEEN + 1
    if text_under >= 0.9 * main.prose and main.link_share >= _LED_LINKS:
        return count
    return _FEW_ENTRIES if main.link_share >= _TEASER_LINKS and is_teaser_list(main) else 0


def _is_behind(main: Block, blocks: Sequence[Block]) -> bool:
    """Whether nearly all the links of a page stand before its text: a note at the foot."""
    before = sum(block.own_link_weight for block in blocks if block.index < main.index)
    return before >= 0.9 * sum(block.own_link_weight for block in blocks)
