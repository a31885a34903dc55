"""Articles that a page holds in a script, for its own code to draw: the general shape behind the names of it.

`__NEXT_DATA__`, `window.__INITIAL_STATE__`, `allData` and the like are JSON with one long text in it, or one list of
short ones. The names differ from site to site and year to year; the shape does not.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

_LONGEST = 4_000_000  # characters of a script that are read
_MOST_VALUES = 60_000  # JSON values that are looked at on a page
_SHORTEST = 240  # bytes of text that make an article
_ASSIGNED = re.compile(
    r"(?:^|[;\s])(?:(?:var|let|const)\s+)?(?:window\.|self\.|globalThis\.)?[\w$.\[\]'\"]{1,60}\s*=\s*(?=[{\[]"
    r"|JSON\.parse\(|decodeURIComponent\()|[\w$]{1,60}\s?:\s?(?=JSON\.parse\()"
)
_QUOTED = re.compile(
    r"(?:JSON\.parse|decodeURIComponent)\(\s*(?:decodeURIComponent\(\s*)?(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]"
    r"|\\.)*')"
)
_LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.){400,400000})\"")
_MARKUP = re.compile(r"<(?:p|br|div|section|h[2-4])\b|&lt;p&gt;", re.I)
_TAG = re.compile(r"<[^>]{0,2000}>")
_MARKS = re.compile(r"[.!?。！？][\"”’」』)]?(?:\s|<|$)|[，。；]")
_BLOCK_KEYS = ("text", "content", "html", "value", "paragraph", "body", "data", "desc", "copy", "Content", "Text")
_TITLE_KEYS = ("title", "headline", "Title", "newsTitle", "articleTitle")
_TIME_KEYS = (
    "publishTime", "publish_time", "publishedAt", "published_at", "datePublished", "pubDate", "pubtime", "pubTime",
    "ptime", "newsTime", "firstPublished", "firstPublishDate", "createTime", "create_time", "created_at", "ctime",
    "releaseDate", "publishDate", "date",
)  # fmt: skip
_SOURCE_KEYS = ("source", "media", "mediaName", "media_name", "src", "origin")
_AUTHOR_KEYS = ("author", "authors", "byline", "author_name", "authorName")
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class ScriptArticle:
    """An article as a script holds it; strings as they stand there."""

    markup: str  # HTML
    weight: int  # bytes of text
    title: str | None = None
    published: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()


def script_article(root: etree._Element) -> ScriptArticle | None:
    """The longest article in the page's scripts, or None."""
    best: ScriptArticle | None = None
    for text in _texts(root):
        for found in _articles(text):
            if best is None or found.weight > best.weight:
                best = found
    return best


def as_element(article: ScriptArticle) -> etree._Element:
    """The article's markup as a `div` of its own."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(b"<html><body>" + article.markup.encode("utf-8", "replace") + b"</body></html>", parser)
    body = root.find("body") if root is not None else None
    element = body if body is not None else etree.Element("div")
    element.tag = "div"
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
    return element


def _texts(root: etree._Element) -> Iterator[str]:
    for script in root.iter("script"):
        text, kind = script.text, (script.get("type") or "").lower()
        if text and len(text) > _SHORTEST and "ld+json" not in kind and "template" not in kind:
            yield text[:_LONGEST]


def _articles(script: str) -> Iterator[ScriptArticle]:
    values = list(_values(script))
    for value in values:
        yield from _in_value(value)
    if not values:
        yield from _in_literals(script)


def _values(script: str) -> Iterator[Any]:
    """The JSON values of a script: the script itself, or what it assigns."""
    stripped = script.strip()
    if stripped[:1] in ("{", "["):
        value = _decoded(stripped, 0)
        if value is not None:
            yield value
            return
    for match in _ASSIGNED.finditer(script):
        start = match.end()
        quoted = _QUOTED.match(script, start)
        value = _unquoted(quoted["text"]) if quoted else _decoded(script, start)
        if isinstance(value, dict | list):
            yield value


def _decoded(text: str, start: int) -> Any:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def _unquoted(literal: str) -> Any:
    """The value in JSON.parse("…"): a string of JavaScript that holds JSON."""
    inner = literal[1:-1]
    if literal[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    try:
        text = json.loads(f'"{inner}"', strict=False)
        return json.loads(unquote(text) if text.startswith("%") else text, strict=False)
    except (ValueError, RecursionError):
        return None


def _in_literals(script: str) -> Iterator[ScriptArticle]:
    """Long strings of a script that is no JSON: `__NUXT__=(function(a,b){return {…}}(…))`."""
    for match in _LITERAL.finditer(script):
        try:
            text = json.loads(f'"{match[1]}"', strict=False)
        except ValueError:
            continue
        if found := _as_article(text, {}):
            yield found


def _in_value(value: Any) -> Iterator[ScriptArticle]:
    """Articles in a JSON value, each with what the objects around it say."""
    seen = 0
    stack: list[tuple[Any, tuple[dict[str, Any], ...]]] = [(value, ())]
    while stack and seen < _MOST_VALUES:
        current, around = stack.pop()
        seen += 1
        if isinstance(current, str):
            if len(current) >= _SHORTEST // 3 and (found := _as_article(current, around)):
                yield found
        elif isinstance(current, dict) and len(around) < _DEEPEST:
            stack.extend(
                (member, (*around, current)) for member in current.values() if isinstance(member, str | dict | list)
            )
        elif isinstance(current, list):
            if len(current) > 2 and (found := _as_article(_joined(current), around)):
                yield found
            stack.extend((member, around) for member in current if isinstance(member, str | dict | list))


def _joined(members: list[Any]) -> str:
    """The paragraphs of a list of strings or of objects with a text."""
    parts = []
    for member in members:
        text = member
        if isinstance(member, dict):
            text = next((member[key] for key in _BLOCK_KEYS if isinstance(member.get(key), str)), "")
        if isinstance(text, str) and text.strip() and not text.startswith(("http", "//", "{")):
            parts.append(text if _MARKUP.search(text) else f"<p>{html.escape(html.unescape(text), quote=False)}</p>")
    return "".join(parts) if len(parts) > 2 else ""


def _as_article(text: str, around: Any) -> ScriptArticle | None:
    """A string as an article: marked up or long, and made of sentences."""
    if "&lt;p" in text:
        text = html.unescape(text)
    marked = _MARKUP.search(text) is not None
    plain = _TAG.sub(" ", text) if marked else text
    weight = len(plain.encode("utf-8", "replace"))
    if weight < _SHORTEST or (not marked and weight < 3 * _SHORTEST):
        return None
    marks = len(_MARKS.findall(plain))
    if marks < 3 or weight > 600 * marks or plain.count("{") > 5 or plain.lstrip()[:1] in ("{", "["):
        return None
    if not marked:
        text = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n") if line.strip())
    return ScriptArticle(
        text,
        weight,
        title=_said(around, _TITLE_KEYS),
        published=_said(around, _TIME_KEYS),
        source=_said(around, _SOURCE_KEYS),
        authors=tuple(filter(None, (_said(around, _AUTHOR_KEYS),))),
    )


def _said(around: Any, keys: tuple[str, ...]) -> str | None:
    """The first of the keys in the nearest object around that has one with a short value."""
    for holder in list(reversed(around))[:4]:
        for key in keys:
            value = holder.get(key)
            if isinstance(value, dict):
                value = value.get("name") or value.get("text")
            if isinstance(value, int | float) and not isinstance(value, bool) and value > 10**9:
                return str(int(value))
            if isinstance(value, str) and 1 < len(value.strip()) < 300:
                return html.unescape(_TAG.sub("", value)).strip()
    return None
