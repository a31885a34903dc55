"""What a link of a list is called, and where it stands."""

import re
from functools import lru_cache
from itertools import islice

from lxml import etree

from crawler.body import visible_text
from crawler.extraction.anysite.hints import Hint, hints_of
from crawler.extraction.anysite.walk import HEADINGS

FOREIGN, HIDDEN = int(Hint.FOREIGN | Hint.COMMENTS), int(Hint.HIDDEN)
_FRAME_TAGS = frozenset(("nav", "footer", "aside"))
_NAMES = re.compile(r"[A-Za-z]+")
_NO_SIZE = re.compile(r"(?<![\w-])(?:height|width)\s*:\s*0(?:px)?\s*(?:;|$)|visibility\s*:\s*hidden", re.I)
_STATES = frozenset("first last odd even active current top on hover no alt new clearfix fl fr left right item".split())
_KICKER = 0.4  # of the headline's length, at most


def name_of(link: etree._Element) -> str:
    """A link's text; its label or title where the text is less or more than the headline.

    An overlay has no text, a narrow column cuts it, a kicker stands before it.
    """
    text = visible_text(link)
    label = " ".join((link.get("aria-label") or link.get("title") or "").split())
    cut = text.rstrip(".… ")
    is_cut = len(cut) < len(text) and label.startswith(cut)
    has_kicker = len(label) > 0.5 * len(text) and text.endswith(label)
    return label if not text or is_cut or has_kicker else text


def heading_at(link: etree._Element) -> str:
    """The text of the heading in a link, or of the link in a heading, without a kicker; "" where there is none."""
    for inner in link.iter(*HEADINGS):
        return _without_kicker(inner)
    if not any(up.tag in HEADINGS for up in islice(link.iterancestors(), 2)):
        return ""
    name = name_of(link)
    return name if name != visible_text(link) else _without_kicker(link)


def _without_kicker(element: etree._Element) -> str:
    """<h2><span>Region</span><span>Council votes for lanes</span></h2>  ->  Council votes for lanes."""
    whole = visible_text(element)
    parts = [text for child in element if isinstance(child.tag, str) and (text := visible_text(child))]
    if len(parts) == 2 and len(parts[0]) + len(parts[1]) >= len(whole) - 1 and len(parts[0]) <= _KICKER * len(parts[1]):
        return parts[1]
    return whole


class Places:
    """Where elements stand: the hints of all around them, and the number of their path.

    A path is the names of an element and of those above it; records of one list share it. Every element is looked at
    once, however many links are below it.
    """

    def __init__(self) -> None:
        self._known: dict[etree._Element, tuple[int, int]] = {}
        self._paths: dict[tuple[str, int], int] = {}

    def of(self, element: etree._Element) -> tuple[int, int]:
        chain = []
        hint, path = 0, 0
        up: etree._Element | None = element
        while up is not None and up.tag != "body":
            if up in self._known:
                hint, path = self._known[up]
                break
            chain.append(up)
            up = up.getparent()
        for member in reversed(chain):
            hint |= hints_of(member) & (FOREIGN | HIDDEN) | (FOREIGN if member.tag in _FRAME_TAGS else 0)
            hint |= HIDDEN if _NO_SIZE.search(member.get("style") or "") else 0
            name = f"{member.tag!s}.{_make(member.get('class') or '')}"
            path = self._paths.setdefault((name, path), len(self._paths) + 1)
            self._known[member] = hint, path
        return hint, path


@lru_cache(maxsize=20_000)
def _make(name: str) -> str:
    """The words of a class that say what it is, not which of its kind: "item first-3 odd"  ->  ""."""
    words = [word for word in _NAMES.findall(name.lower().split(" ", 1)[0]) if word not in _STATES]
    return "-".join(words)
