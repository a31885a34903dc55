"""What rules have read inside of a container, kept out of the body."""

from lxml import etree

from crawler.body import Body
from crawler.items import Removed

_FIELD_NAMES = {"published": "published_at", "modified": "modified_at"}


def path_in(outer: etree._Element, node: etree._Element) -> list[int] | None:
    """Child indexes from an element down to one below it; None when it is not below."""
    path: list[int] = []
    while node is not outer:
        parent = node.getparent()
        if parent is None:
            return None
        path.append(parent.index(node))
        node = parent
    return path[::-1] or None


def taken_out(tree: etree._Element, taken: list[tuple[str, list[int]]]) -> list[Removed]:
    """Take out what the rules have read, so that nothing stands in a field and in the body."""
    found = []
    for name, path in taken:
        element = tree
        for index in path:
            element = element[index]
        found.append((name, element))
    body = Body(tree, "")
    for name, element in found:
        if element.getparent() is not None and tree in element.iterancestors():
            body.remove(element, "take_fields", _FIELD_NAMES.get(name, name))
    return body.removed
