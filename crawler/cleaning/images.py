"""Steps on images: the real address of a lazy one, tracking pixels, captions."""

import re

from lxml import etree

from crawler.body import Body
from crawler.credits import line_credits
from crawler.urls import join

_LAZY = (
    "data-src", "data-original", "data-original-src", "data-lazy-src", "data-lazyload", "data-lazy", "data-url",
    "data-actualsrc", "data-echo", "data-backup-src", "data-ratio-src", "original", "lazy-src", "lazysrc", "lazyload",
    "_src", "zoomfile", "file", "data-croporisrc", "data-srcset", "srcset", "data-hi-res-src", "data-full-src",
)  # fmt: skip
_NO_ADDRESS = ("data:", "about:", "javascript:")
_PLACEHOLDER = re.compile(
    r"/(?:blank|space|spacer|pixel|placeholder|loading|lazy(?:load)?|grey|gray|"
    r"transparent|default|none|dot|1x1|1px)[\w.-]{0,12}\.(?:gif|png|svg|jpe?g|webp)(?:$|[?#])",
    re.IGNORECASE,
)
_IMAGE_URL = re.compile(r"^(?:https?:)?//|^/|\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|[?!@#])", re.IGNORECASE)
_CAPTION = re.compile(r"(?:图为|图片来源|图源|图片说明|图片|资料图|图注|图[一二三四五六七八九十\d]|[▲△↑▼↓])")
_CAPTION_CHARS = 80
_SENTENCE_END = "。！？"


def resolve_images(body: Body) -> None:
    """Give lazy images the address that a script would, and drop placeholders and tracking pixels.

    <img src="data:image/gif;base64,R0" data-src="//a.com/b.jpg">  ->  <img src="https://a.com/b.jpg">
    <img src="https://count.com/p.gif" width="1" height="1">  ->
    """
    for image in [image for image in body.tree.iter("img", "amp-img") if not _is_unseen(image)]:
        if image.tag != "img":
            image.tag = "img"
        url = _address(image) or _for_no_script(image)
        absolute = join(body.base_url, url) if url else None
        if absolute is None or _is_pixel(image):
            body.remove(image, "resolve_images")
        else:
            image.set("src", absolute)


def set_captions(body: Body) -> None:
    """Give an image the centred or 图为… line under it as its caption; the line stays text. After flatten.

    <figure><img></figure><p>图为现场。</p>  ->  <figure><img data-caption="图为现场。"></figure><p>图为现场。</p>
    """
    for figure in body.tree.iterchildren("figure"):
        line = figure.getnext()
        if line is None or line.tag != "p" or figure.find("figcaption") is not None or not _is_caption(line):
            continue
        for image in figure.iter("img"):
            image.set("data-caption", "".join(line.itertext()))
    etree.strip_attributes(body.tree, "data-centred")


def _address(image: etree._Element) -> str | None:
    shown = (image.get("src") or "").strip()
    address = shown if shown and not _is_placeholder(shown) else None
    said = frozenset(image.keys())
    for name in _LAZY if not said.isdisjoint(_LAZY) else ():
        if name not in said or (address and "srcset" in name):
            continue
        value = (image.get(name) or "").strip()
        if value and (lazy := _first_of(value, "srcset" in name)):
            return lazy
    return address


def _is_placeholder(url: str) -> bool:
    return url[:11].lower().startswith(_NO_ADDRESS) or _PLACEHOLDER.search(url) is not None


def _for_no_script(image: etree._Element) -> str | None:
    """The address in the noscript after an image that a script would fill."""
    after = image.getnext()
    inner = after.find(".//img") if after is not None and after.tag == "noscript" else None
    return _address(inner) if inner is not None else None


def _first_of(value: str, is_set: bool) -> str | None:
    """An address, or the largest of a srcset."""
    if is_set:
        value = max(re.split(r",\s+", value), key=_width).split()[0] if value.strip(", ") else ""
    return value if value and _IMAGE_URL.search(value) and not _is_placeholder(value) else None


def _width(candidate: str) -> float:
    size = re.search(r"\s(\d{1,5}(?:\.\d+)?)[wx]\s*$", candidate, re.ASCII)
    return float(size[1]) if size else 0.0


def _is_unseen(image: etree._Element) -> bool:
    return next(image.iterancestors("noscript", "template"), None) is not None


def _is_pixel(image: etree._Element) -> bool:
    sizes = [(image.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    return all(size in ("0", "1", "2") for size in sizes)


def _is_caption(line: etree._Element) -> bool:
    text = "".join(line.itertext()).strip()
    if not text or len(text) > _CAPTION_CHARS or line.find("br") is not None or line.find(".//img") is not None:
        return False
    if line_credits(text):
        return False
    if _CAPTION.match(text):
        return True
    return line.get("data-centred") is not None and text[-1] not in _SENTENCE_END and line.find("strong") is None
