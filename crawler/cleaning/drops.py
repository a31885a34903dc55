"""Steps that take out what is no text of the article, before the blocks are made."""

import re
from functools import lru_cache

from cssselect import HTMLTranslator
from lxml import etree

from crawler.body import Body, drop, is_short, visible_text

_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_WIDGETS = (
    "form", "iframe", "frame", "frameset", "object", "embed", "applet", "video", "audio", "canvas", "svg", "math",
    "button", "select", "input", "textarea", "map", "nav", "dialog", "marquee",
)  # fmt: skip
_SHARE_NAME = re.compile(
    r"(?:^|[-_\s])(?:share|shares|sharing|sharebox|sharebar|share[-_]?(?:bar|box|list|btn|icon|tools?|core|area|links?)"
    r"|bdshare\w*|bdsharebuttonbox|bshare\w*|jiathis\w*|social[-_]?(?:share|bar|links|icons)?|addthis\w*|moreshare"
    r"|qr[-_]?code|erweima|ewm|weixin[-_]?qr\w*|urlshare\w*|fenxiang)(?:$|[-_\s])",
    re.IGNORECASE,
)
_SHARE_WORDS = ("shar", "social", "qr", "addthis", "jiathis", "erweima", "ewm", "fenxiang")
_SHARE_CHARS = 160  # a share bar says less than this; an element that says more is not one, whatever its name


def take_site_junk(body: Body) -> None:
    """Drop what the site says is junk in its bodies (`Site.junk`).

    <p>a</p><div class="ad">b</div>  ->  <p>a</p>
    """
    for selector in body.junk:
        for element in _selected(selector)(body.tree):
            if element is not body.tree and _is_inside(element, body.tree):
                body.remove(element, "take_site_junk")


def unwrap_site_terms(body: Body) -> None:
    """Leave only the text of what the site dresses up by itself (`Site.unwrap`): the names of stocks, terms.

    <p>a<a class="stock" href="/b">b</a>c</p>  ->  <p>abc</p>
    """
    for selector in body.unwrap:
        for element in _selected(selector)(body.tree):
            if element is not body.tree:
                element.tag = "span"  # which flatten unwraps


def drop_code(body: Body) -> None:
    """Drop comments, scripts and styles: no reader sees them, so nothing is reported. After resolve_images.

    <p>a<!-- b --></p><script>c</script>  ->  <p>a</p>
    """
    etree.strip_elements(body.tree, "script", "style", "template", "noscript", etree.Comment, with_tail=False)
    etree.strip_tags(body.tree, etree.ProcessingInstruction)


def drop_hidden(body: Body) -> None:
    """Drop what the page hides. The container itself may be hidden until a script shows it.

    <p style="display:none">a</p><p hidden>b</p><p>c</p>  ->  <p>c</p>
    """
    for element in _hidden(body.tree):
        if element is not body.tree and _is_inside(element, body.tree):
            body.remove(element, "drop_hidden")


def drop_widgets(body: Body) -> None:
    """Drop forms, frames, players, drawings and navigation.

    <p>a</p><form><button>b</button></form>  ->  <p>a</p>
    """
    for element in list(body.tree.iter(*_WIDGETS)):
        if element is not body.tree and _is_inside(element, body.tree):
            body.remove(element, "drop_widgets")


def drop_share_bars(body: Body) -> None:
    """Drop share buttons and QR codes, told by the name of a short element without paragraphs.

    <p>a</p><div class="bdsharebuttonbox"><a href="#">微博</a></div>  ->  <p>a</p>
    """
    if not _may_name_share(" ".join((*_CLASSES(body.tree), *_NUMBERS(body.tree)))):
        return
    named = ((element, element.get("class")) for element in _CLASSED(body.tree))
    numbered = ((element, element.get("id")) for element in _NUMBERED(body.tree))
    for element, name in (*named, *numbered):
        if element.tag == "img" or not _names_share(name) or not _is_inside(element, body.tree):
            continue
        if is_short(element, _SHARE_CHARS) and "。" not in (text := visible_text(element)):
            body.note(text, "drop_share_bars")
            drop(element)


def _names_share(name: str) -> bool:
    return _may_name_share(name) and _SHARE_NAME.search(name) is not None


def _may_name_share(names: str) -> bool:
    """Whether any word of the form is there: to look for the form itself takes a hundred times as long."""
    names = names.lower()
    return any(word in names for word in _SHARE_WORDS)


def _hidden(tree: etree._Element) -> list[etree._Element]:
    if not _HIDDEN(tree) and not any(map(_hides, _STYLES(tree))):
        return []
    return [
        element
        for element in tree.iter("*")
        if ((style := element.get("style")) and _hides(style)) or element.get("hidden") is not None
    ]


def _hides(style: str) -> bool:
    words = style.lower()
    return ("display" in words or "visibility" in words) and _HIDDEN_STYLE.search(style) is not None


# The values alone, for most bodies have none that matters: elements take three times as long.
_HIDDEN = etree.XPath("descendant::*/@hidden", smart_strings=False)
_STYLES = etree.XPath("descendant::*/@style", smart_strings=False)
_CLASSES = etree.XPath("descendant::*/@class", smart_strings=False)
_NUMBERS = etree.XPath("descendant::*/@id", smart_strings=False)
# One condition each: libxml2 takes five times as long for an "or" of them.
_CLASSED = etree.XPath(".//*[@class]")
_NUMBERED = etree.XPath(".//*[@id]")


def _is_inside(element: etree._Element, tree: etree._Element) -> bool:
    """Whether an element still hangs in the tree: one that was found may be gone with an outer one."""
    outer: etree._Element | None = element
    while outer is not None and outer is not tree:
        outer = outer.getparent()
    return outer is tree


@lru_cache(maxsize=512)
def _selected(selector: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector, prefix="descendant-or-self::"))
