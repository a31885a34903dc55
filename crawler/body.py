"""Body: the tree that the steps work on, what they found and what they took out."""

import re
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from crawler.items import Removed

UNSEEN = frozenset(("script", "style", "template", "noscript", "title", "head", "link", "meta"))
"""Elements whose content no reader ever sees. Their text is no part of a body, so nobody reports it as removed."""


@dataclass(slots=True)
class Found:
    """What the lines that were taken out of a body say. None: no such line."""

    digest: str | None = None
    source: str | None = None
    share_url: str | None = None
    original_title: str | None = None
    published: str | None = None  # the string, not yet read
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


@dataclass(slots=True)
class Body:
    """The chosen container of one page. Steps change `tree` in place, and say in `removed` what they took."""

    tree: etree._Element  # a copy of the container, or the container itself where nobody reads the page again
    base_url: str  # what relative links in it are relative to
    junk: tuple[str, ...] = ()  # the site's own CSS selectors: what is taken out
    unwrap: tuple[str, ...] = ()  # the same: of what only the text stays
    title: str = ""  # of the article; a body must not repeat it
    found: Found = field(default_factory=Found)
    removed: list[Removed] = field(default_factory=list)

    def remove(self, element: etree._Element, step: str, field: str | None = None) -> None:
        """Take an element out, with all below it; the text after it stays."""
        unseen = any(outer.tag in UNSEEN for outer in element.iterancestors())
        self.note("" if unseen else visible_text(element), step, field)
        drop(element)

    def note(self, text: str, step: str, field: str | None = None) -> None:
        """One row of `removed`, for what a step has taken out itself."""
        self.removed.append(Removed(without_controls(text), step, field))


def drop(element: etree._Element) -> None:
    """Take an element out of its tree. Not `remove`: lxml hangs the text after an element on the element."""
    parent = element.getparent()
    if parent is None:
        return
    if tail := element.tail:
        before = element.getprevious()
        if before is None:
            add_text(parent, "text", tail)
        else:
            add_text(before, "tail", tail)
    parent.remove(element)


def add_text(element: etree._Element, place: Literal["text", "tail"], text: str) -> None:
    """Append to a string of the tree."""
    set_text(element, place, (getattr(element, place) or "") + text)


def set_text(element: etree._Element, place: Literal["text", "tail"], text: str) -> None:
    """Set a string of the tree, without the control characters that lxml refuses and libxml2 lets in."""
    try:
        setattr(element, place, text)
    except ValueError:
        setattr(element, place, without_controls(text))


def without_controls(text: str) -> str:
    return _CONTROLS.sub("", text)


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_short(element: etree._Element, chars: int) -> bool:
    """Whether an element has no more text than this; looks no further than it must."""
    left = chars
    return not any((left := left - len(text.strip())) < 0 for text in element.itertext())


def visible_text(element: etree._Element) -> str:
    """All text at and below an element but scripts, styles and comments; white space folded, ends trimmed."""
    if not len(element):
        return "" if element.tag in UNSEEN else " ".join((element.text or "").split())
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))  # a walk, for pages nest without end
    for event, node in walk:
        if event == "start":
            if node.tag in UNSEEN:
                walk.skip_subtree()
            elif node.text:
                parts.append(node.text)
            continue
        if event == "end" and node.tag in _APART:
            parts.append(" ")
        if node.tail and node is not element:
            parts.append(node.tail)
    return " ".join("".join(parts).split())


# Two of these side by side are two lines to a reader, so their texts must not run together.
_APART = frozenset(
    ("p", "div", "li", "tr", "td", "th", "br", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figure", "figcaption",
     "section", "table", "ul", "ol")
)  # fmt: skip
