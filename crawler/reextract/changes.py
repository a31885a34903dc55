"""What two readings of the same page differ in: by field, and by the kind of the change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

Sign = Literal["+", "-"]

# Of the fetch and of the code, not of the article.
_LEFT_OUT: Final = frozenset(("fetched_at", "provenance"))
# Follow from the text; worth a word only where the text is the same.
_OF_THE_TEXT: Final = frozenset(("body_html", "body_markdown", "word_count", "content_hash", "removed"))
_LONGEST: Final = 400  # characters of a value that are shown
_MOST_LINES: Final = 12  # of a body that are shown


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one article."""

    field: str
    kind: str  # added, removed, changed; of a body: paragraph added, paragraph removed, paragraph changed, white space
    lines: tuple[tuple[Sign, str], ...]  # what goes and what comes, cut to a length that people read


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Between two articles as plain data; none where a reader of the articles would see none."""
    found = list(_body(before["body_text"], after["body_text"]))
    same_text = not found
    for name in before:
        if name == "body_text" or name in _LEFT_OUT or (name in _OF_THE_TEXT and not same_text):
            continue
        if before[name] != after[name]:
            found.append(_field(name, before[name], after[name]))
    return found


def _field(name: str, before: Any, after: Any) -> Change:
    if _is_empty(before):
        return Change(name, "added", (("+", _shown(after)),))
    if _is_empty(after):
        return Change(name, "removed", (("-", _shown(before)),))
    return Change(name, "changed", (("-", _shown(before)), ("+", _shown(after))))


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return _cut("; ".join(item if isinstance(item, str) else _named(item) for item in value))
    return _cut(str(value))


def _named(item: Any) -> str:
    return (
        ", ".join(f"{key}: {value}" for key, value in item.items() if value) if isinstance(item, Mapping) else str(item)
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _body(before: str, after: str) -> Iterator[Change]:
    if before == after:
        return
    old, new = before.split("\n\n"), after.split("\n\n")
    if "".join(before.split()) == "".join(after.split()):
        yield Change("body_text", "white space", tuple(_lines(old, new)))
        return
    kinds: dict[str, list[tuple[Sign, str]]] = {}
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            kind = {"insert": "paragraph added", "delete": "paragraph removed"}.get(tag, "paragraph changed")
            kinds.setdefault(kind, []).extend(
                (*(("-", _cut(p)) for p in old[i:j]), *(("+", _cut(p)) for p in new[k:m]))
            )
    for kind, lines in kinds.items():
        yield Change("body_text", kind, tuple(lines[:_MOST_LINES]))


def _lines(old: list[str], new: list[str]) -> Iterator[tuple[Sign, str]]:
    """Only what differs."""
    yield from (("-", _cut(p)) for p in old if p not in new)
    yield from (("+", _cut(p)) for p in new if p not in old)
