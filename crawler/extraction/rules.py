"""Rules of a site file, evaluated on a page: what they say and where it stood."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cssselect import HTMLTranslator
from lxml import etree
from parsel import Selector

from crawler.body import visible_text, without_controls
from crawler.items import Provenance
from crawler.site import BodyRule, ManyRule, Rule

_PSEUDO = re.compile(r"^(?P<css>.*?)::(?:attr\((?P<attribute>[\w:.-]+)\)|(?P<text>text))\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Hit:
    """A value and where it was read."""

    value: str  # NFC, white space folded
    provenance: Provenance
    node: etree._Element | None = None  # the element that says it and nothing else; None for attributes and functions


def one(rule: Rule, page: Selector) -> Hit | None:
    """What the rule says first; an element without text is passed over."""
    return next(many(rule, page), None)


def many(rule: Rule | ManyRule, page: Selector) -> Iterator[Hit]:
    """All that a rule says, in page order."""
    if isinstance(rule, str):
        if rule and isinstance(page.root, etree._Element):
            yield from _selected(rule, page.root)
        return
    said = rule(page)
    for value in [said] if isinstance(said, str) else said or ():
        if text := folded(value):
            yield Hit(text, Provenance(name_of(rule), None, value))


def body_of(rule: BodyRule, page: Selector) -> tuple[etree._Element, Provenance] | None:
    """The element that holds the article's text."""
    if isinstance(rule, str):
        found = elements(rule, page.root) if rule and isinstance(page.root, etree._Element) else []
        # One selector may name the containers of several templates; the first that holds anything is it.
        element = next((element for element in found if len(element) or (element.text or "").strip()), None)
        return (element, Provenance(rule, path_of(element))) if element is not None else None
    said = rule(page)
    root = said.root if said is not None else None
    if not isinstance(root, etree._Element):
        return None
    if root.tag == "html":
        inner = root.find("body")
        root = inner if inner is not None else root
    return root, Provenance(name_of(rule), path_of(root))


def elements(css: str, root: etree._Element) -> list[etree._Element]:
    """Elements in page order."""
    found: list[etree._Element] = _compiled(css)(root)
    return found


def folded(text: str) -> str:
    """NFC; white space folded, ends trimmed, no control characters."""
    return " ".join(without_controls(unicodedata.normalize("NFC", text)).split())


def name_of(rule: Callable[..., object]) -> str:
    return f"{getattr(rule, '__name__', 'function')}()"


def path_of(element: etree._Element) -> str:
    path: str = element.getroottree().getpath(element)
    return path


def _selected(rule: str, root: etree._Element) -> Iterator[Hit]:
    css, what = _parsed(rule)
    for element in elements(css, root):
        for raw in _strings(element, what):
            if text := folded(raw):
                yield Hit(text, Provenance(rule, path_of(element), raw), None if what else element)


def _strings(element: etree._Element, what: str) -> Iterable[str]:
    """All text of an element, its own text (`::text`) or an attribute (`attr`)."""
    if not what:
        return (visible_text(element),)
    if what == "::text":
        return (element.text or "", *(child.tail or "" for child in element))
    return (element.get(what) or "",)


@lru_cache(maxsize=512)
def _parsed(rule: str) -> tuple[str, str]:
    """A selector and what is asked of its elements: "" for all text, `::text`, or an attribute's name."""
    match = _PSEUDO.match(rule)
    return (match["css"], match["attribute"] or "::text") if match else (rule, "")


@lru_cache(maxsize=512)
def _compiled(css: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(css))
