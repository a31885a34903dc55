"""HTML, text and Markdown of a clean body, and its images."""

from functools import cache

import nh3
from lxml import etree

from crawler.body import Body
from crawler.cleaning.texts import Texts, text_of, texts_of
from crawler.items import Image

_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "figure", "figcaption", "table", "tbody", "tr", "td", "th",
    "pre", "a", "em", "strong", "sub", "sup", "code", "br", "img",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}


def render_html(body: Body) -> str:
    """The blocks one per line, sanitised; the only serialisation of a body."""
    blocks = "\n".join(etree.tostring(block, encoding="unicode", method="html", with_tail=False) for block in body.tree)
    return _sanitiser().clean(blocks)


@cache
def _sanitiser() -> nh3.Cleaner:
    """Made once: to build it costs half as much as to clean a page. Addresses are absolute, by http(s) alone."""
    return nh3.Cleaner(
        tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, url_relative="deny", link_rel=None
    )


def render_texts(body: Body) -> Texts:
    """Text and Markdown, a blank line between blocks.

    In the text, captions belong to their images, unless there is no other text: the text of a photo story is under its
    photos.
    """
    found = texts_of(body.tree)
    if found.text:
        return found
    captions = (text_of(caption) for caption in body.tree.iter("figcaption"))
    return Texts("\n\n".join(caption for caption in captions if caption), found.markdown)


def images_of(body: Body) -> tuple[Image, ...]:
    """The images in reading order, each with the index of its block."""
    found = []
    for image in body.tree.iter("img"):
        block = image
        while (outer := block.getparent()) is not body.tree and outer is not None:
            block = outer
        caption = next(block.iterchildren("figcaption"), None)
        said = text_of(caption) if caption is not None else image.get("data-caption")
        found.append(Image(image.get("src", ""), image.get("alt") or None, said or None, body.tree.index(block)))
    return tuple(found)
