"""robots.txt by RFC 9309: what a host lets us fetch, how fast, and what it says of use.

Fetching, caching and what an unreachable file means are the frontier's; this reads the text alone.
"""

import codecs
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

READ_BYTES: Final = 500 * 1024
"""What RFC 9309 wants read at least; the rest of a longer file is not looked at."""

LINE_LENGTH: Final = 16_663  # as Google's parser: eight times the longest URL of a browser
DELAY_MAX_S: Final = 60.0

_KEYS: Final = {
    "user-agent": "user-agent",
    "useragent": "user-agent",
    "user agent": "user-agent",
    "allow": "allow",
    "disallow": "disallow",
    "dissallow": "disallow",
    "dissalow": "disallow",
    "disalow": "disallow",
    "diasllow": "disallow",
    "disallaw": "disallow",
    "crawl-delay": "crawl-delay",
    "crawldelay": "crawl-delay",
    "sitemap": "sitemap",
    "site-map": "sitemap",
    "content-usage": "content-usage",
}
"""Field names, with the misspellings that Google's parser accepts too."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[A-Za-z_-]*")
_DIRECTORY_INDEX = re.compile(r"/index\.html?$")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A path with `*` for anything and `$` for the end. Matched from left to right without going back."""

    parts: tuple[str, ...]
    anchored: bool
    length: int  # octets as written: the longer of two rules decides

    @classmethod
    def of(cls, text: str) -> Self:
        anchored = text.endswith("$")
        return cls(tuple(text.removesuffix("$").split("*")), anchored, len(text))

    def matches(self, path: str) -> bool:
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        at = len(first)
        if not rest:
            return not self.anchored or at == len(path)
        for part in rest[:-1]:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if self.anchored:
            return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at
        return path.find(rest[-1], at) >= 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow line, in two readings of its percent-encoding: as it stands, and with every octet that
    needs no escape written plainly (RFC 9309, 2.2.2).
    """

    allow: bool
    as_written: Pattern
    plain: Pattern

    @classmethod
    def of(cls, allow: bool, path: str) -> Self:
        escaped = _escaped(path)
        return cls(allow, Pattern.of(escaped), Pattern.of(_plain(escaped)))

    def matches(self, path: str, plain_path: str) -> bool:
        """The readings differ for `/%62` against `/b`, and for an address that is not escaped at all. A disallow then
        counts and an allow does not: nothing is fetched that one of them forbids.
        """
        if self.as_written.matches(path):
            return True
        return not self.allow and self.plain.matches(plain_path)


@dataclass(slots=True)
class Group:
    """The lines of one user agent, gathered over the whole file."""

    rules: list[Rule] = field(default_factory=list)  # when read: longest first, allow before disallow
    delay_s: float | None = None
    usage: list[tuple[Pattern, str]] = field(default_factory=list)


@dataclass(slots=True)
class Rules:
    """One robots.txt."""

    groups: dict[str, Group] = field(default_factory=dict)  # product token in lower case, or "*"
    sitemaps: list[str] = field(default_factory=list)  # as written, in file order

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """Never fails: lines that are not understood are passed over, and do not end a group."""
        rules = cls()
        rules._take(_fields(_decoded(text)))
        for group in rules.groups.values():
            group.rules.sort(key=lambda rule: (-rule.as_written.length, not rule.allow))
        return rules

    def allows(self, url: str, token: str) -> bool:
        """Whether the product `token` may fetch an absolute URL. The longest matching rule decides; of two as long
        the allow.
        """
        path = _path(url)
        plain_path = _plain(_escaped(path))
        return next((rule.allow for rule in self._group(token).rules if rule.matches(path, plain_path)), True)

    def crawl_delay(self, token: str) -> float | None:
        """Seconds between two requests, at most a minute. Not part of RFC 9309, but meant."""
        return self._group(token).delay_s

    def content_usage(self, url: str, token: str) -> str | None:
        """What the host says of the use of a page (IETF aipref), of the longest path that matches: `train-ai=n`."""
        path = _escaped(_path(url))
        matching = [(pattern.length, usage) for pattern, usage in self._group(token).usage if pattern.matches(path)]
        return max(matching, key=lambda item: item[0])[1] if matching else None

    def _group(self, token: str) -> Group:
        return self.groups.get(token.lower()) or self.groups.get("*") or Group()

    def _take(self, fields: Iterable[tuple[str, str]]) -> None:
        current: list[Group] = []
        open_for_agents = False
        for key, value in fields:
            if key == "user-agent":
                current = current if open_for_agents else []
                open_for_agents = True
                if agent := _agent(value):
                    current.append(self.groups.setdefault(agent, Group()))
            elif key == "sitemap":
                self.sitemaps.append(value)
            else:
                open_for_agents = open_for_agents and key not in ("allow", "disallow")
                for group in current:
                    _add(group, key, value)


def _add(group: Group, key: str, value: str) -> None:
    if key in ("allow", "disallow"):
        allow = key == "allow"
        if value:
            group.rules.append(Rule.of(allow, value))
        if allow and (index := _DIRECTORY_INDEX.search(value)):
            group.rules.append(Rule.of(True, value[: index.start() + 1] + "$"))
    elif key == "crawl-delay":
        group.delay_s = _delay(value) if group.delay_s is None else group.delay_s
    elif key == "content-usage":
        path, blank, usage = value.partition(" ")
        has_path = bool(blank) and path.startswith(("/", "*"))
        group.usage.append((Pattern.of(_escaped(path if has_path else "/")), usage.strip() if has_path else value))


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")[:READ_BYTES]
    text = text[:READ_BYTES]
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return text.decode("utf-16", errors="replace")
    # A byte order mark that was cut short is still one.
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF8[:2], codecs.BOM_UTF8[:1]):
        text = text.removeprefix(mark)
    return text.decode("utf-8", errors="replace")


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Known fields and their values, in file order."""
    for line in _LINE_END.split(text):
        line = line[:LINE_LENGTH].partition("#")[0].strip()
        key, colon, value = line.partition(":")
        if not colon:
            # "disallow /path": a forgotten colon is forgiven where there are just two words.
            words = line.split()
            key, value = words if len(words) == 2 else ("", "")
        if (name := _KEYS.get(key.strip().lower())) is not None:
            yield name, value.strip()


def _agent(value: str) -> str:
    if value == "*" or value.startswith(("* ", "*\t")):
        return "*"
    match = _TOKEN.match(value)
    return match[0].lower() if match else ""


def _delay(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return min(seconds, DELAY_MAX_S) if math.isfinite(seconds) and seconds >= 0 else None


def _path(url: str) -> str:
    """Path and query of a URL, as written."""
    rest = url.partition("#")[0]
    _, scheme_end, after = rest.partition("//")
    rest = after if scheme_end else rest
    start = next((at for at, char in enumerate(rest) if char in "/?;"), None)
    if start is None:
        return "/"
    path = rest[start:]
    return path if path.startswith("/") else "/" + path


def _escaped(text: str) -> str:
    """Octets above ASCII escaped, escapes in upper case."""
    if not text.isascii():
        text = "".join(
            char if char < "\x80" else "".join(f"%{octet:02X}" for octet in char.encode("utf-8", "surrogatepass"))
            for char in text
        )
    return _ESCAPE.sub(lambda match: match[0].upper(), text) if "%" in text else text


def _plain(text: str) -> str:
    """Escapes taken away from octets that need none."""
    return _ESCAPE.sub(_plain_octet, text) if "%" in text else text


def _plain_octet(match: re.Match[str]) -> str:
    char = chr(int(match[0][1:], 16))
    return char if char in _UNRESERVED else match[0]
