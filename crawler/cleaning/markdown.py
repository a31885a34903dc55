"""The signs of Markdown: written where they are meant, escaped where they are text."""

import re

from lxml import etree

_SIGNS = "\\`*_[]<>|~&"  # the backslash first: it stands before the others once they are escaped
_START = re.compile(r"(\s*)(?:([#=:>]|[+-](?=[\s+-]|$))|(\d{1,9})(?=[.)](?:\s|$)))")
_MAY_START = frozenset("#=:>+-0123456789 \t\f\v\xa0\u3000")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_MARKS = {
    "strong": ("**", "**"),
    "em": ("*", "*"),
    "code": ("<code>", "</code>"),
    "sub": ("<sub>", "</sub>"),
    "sup": ("<sup>", "</sup>"),
}


def signs_in(text: str) -> str:
    """The signs that a text has, in the order in which they are to be escaped."""
    return "".join(sign for sign in _SIGNS if sign in text)


def escaped(text: str, signs: str = _SIGNS) -> str:
    """Text in which no sign is markup, of the signs that it may have."""
    for sign in signs:
        if sign in text:
            text = _ENTITY.sub(r"\\&", text) if sign == "&" else text.replace(sign, "\\" + sign)
    return text


def with_escaped_start(line: str) -> str:
    """A line that starts with a sign of a heading, list, quote or rule."""
    match = _START.match(line) if line[:1] in _MAY_START else None
    if match is None:
        return line
    at = match.start(2) if match[2] else match.end(3)
    return f"{line[:at]}\\{line[at:]}"


def marked(element: etree._Element, text: str) -> str:
    """The Markdown in an inline element, with the marks for it."""
    if not text or text.isspace():
        return text
    if element.tag == "a":
        return f"[{text}]({_address(element.get('href', ''))})"
    opening, closing = _MARKS[str(element.tag)]
    return f"{opening}{text}{closing}"


def image(node: etree._Element) -> str:
    alt = escaped(" ".join((node.get("alt") or "").split()))
    return f"![{alt}]({_address(node.get('src', ''))})"


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _address(url: str) -> str:
    for sign, code in (("(", "%28"), (")", "%29"), (" ", "%20"), ("<", "%3C"), (">", "%3E")):
        if sign in url:
            url = url.replace(sign, code)
    return url
