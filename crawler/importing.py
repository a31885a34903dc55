"""Existing documents into articles: posts of the finews blog (.md with front matter) and normalised texts (.txt).

A document becomes the page that it was, or would have been, and goes the path of every page: the article has the same
id as if it had been crawled, and is cleaned by the same steps.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crawler.dates import read_date
from crawler.decoding import decode
from crawler.errors import CrawlerError, NotHtml, UnknownSite
from crawler.export import front_matter
from crawler.items import Article, Kind, Removed, State
from crawler.page import Page
from crawler.path import process
from crawler.result import PageResult
from crawler.site import Site
from crawler.sites import load_site

SUFFIXES: Final = (".md", ".markdown", ".txt")
LARGEST: Final = 16 * 1024 * 1024
BEIJING: Final = "Asia/Shanghai"
LOST: Final = "reduced before import: digits, Latin letters and punctuation but ，。 are lost"

Fields = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Document:
    """What became of one file: a result that the store takes, or the reason why there is none."""

    path: Path
    result: PageResult | None
    reason: str = ""  # empty when an article was read

    @property
    def article(self) -> Article | None:
        """The article, where all that an article must have was found."""
        return self.result.article if self.result and self.result.state is State.STORED else None


def read_documents(paths: Iterable[Path], *, now: datetime) -> Iterator[Document]:
    """Every document below `paths`, in the order of their names. None is left out: one that cannot be read says why.

    `now` is the time of the import, which is what `fetched_at` will say.
    """
    for path in paths:
        files = (
            sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            if path.is_dir()
            else [path]
        )
        if not files:
            yield Document(path, None, "no .md or .txt file in this folder")
        for file in files:
            yield _document(file, now)


def _document(path: Path, now: datetime) -> Document:
    try:
        if path.stat().st_size > LARGEST:
            return Document(path, None, f"larger than {LARGEST} bytes")
        data = path.read_bytes()
        text = decode(data, "text/plain")
        result = read_post(text, path.name, now) if _is_post(path, text) else read_text(text, data, now)
    except OSError as error:
        return Document(path, None, error.strerror or type(error).__name__)
    except CrawlerError as error:
        return Document(path, None, f"{type(error).__name__}: {error}")
    return Document(path, result, "" if result.state is State.STORED else result.reason or str(result.state))


def _is_post(path: Path, text: str) -> bool:
    return path.suffix.lower() in (".md", ".markdown") or front_matter.split(text.lstrip("\ufeff \t\r\n")) is not None


# A post of the blog -------------------------------------------------------------------------------------------------

_NAME = re.compile(r"(?:\d{4}-\d\d-\d\d-)?((?:NW)?\d{18})")
_SHARED = re.compile(r"(?:infoCode=|,|/)((?:NW)?\d{18})\b")
_CATEGORY_LINK = re.compile(r"/category/([^)\"'>]+?)\.html")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*([+-]\d{4})?")


def read_post(text: str, name: str, now: datetime) -> PageResult:
    """A finews post, or one that `export jekyll` wrote. `name` is the file's. Raises CrawlerError.

    A post without front matter has no title: its result is quarantined.
    """
    parts = front_matter.split(text.lstrip("\ufeff \t\r\n"))
    fields, body = parts if parts else ({}, text)
    site, url = _address(fields, body, name)
    page = Page(
        url=url,
        body=_rendered(fields, _html(body), blog="original_url" not in fields).encode("utf-8", "replace"),
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=now,
    )
    result = process(site, page, url=site.canonical(url), kind=Kind.ARTICLE)
    if result.article is not None:
        result.article = replace(result.article, **_overrides(fields, result.article, now))
    return result


def _one(fields: Fields, key: str) -> str:
    value = fields.get(key, "")
    return " ".join(value) if isinstance(value, list) else value


def _many(fields: Fields, key: str) -> list[str]:
    """Jekyll's `tags: a b` are two tags, `tags: [a b]` is one."""
    value = fields.get(key, "")
    return value if isinstance(value, list) else value.split()


def _address(fields: Fields, body: str, name: str) -> tuple[Site, str]:
    """The site and the address that the post has or had on it."""
    if original := _one(fields, "original_url"):
        return _as_document(_one(fields, "site")), original
    key = (_NAME.match(name) or _SHARED.search(body) or [None, name.rsplit(".", 1)[0]])[1]
    linked = _CATEGORY_LINK.search(body)
    slug = _one(fields, "categories") or _one(fields, "category") or (linked[1] if linked else "")
    day = _page_day(_one(fields, "date")) or "/".join(name.split("-")[:3])
    folder = "/".join(quote(part) for part in slug.lower().split())
    return load_site(
        "finews"
    ), f"https://finews.withounder.com/{folder + '/' if folder else ''}{day}/{quote(str(key))}.html"


def _page_day(date: str) -> str | None:
    """The day in the page's address. Jekyll reads a date without zone as UTC, and the site stands in Beijing."""
    if (match := _DATE.match(date)) is None:
        return None
    moment = datetime.strptime(f"{match[1]} {match[2] or '+0000'}", "%Y-%m-%d %H:%M:%S %z")
    return f"{moment.astimezone(ZoneInfo(BEIJING)):%Y/%m/%d}"


def _rendered(fields: Fields, body: str, *, blog: bool) -> str:
    """The post's page, with what the site's rules and the steps read; no more of the layout than that."""
    time = _DATE.match(_one(fields, "date"))
    stamp = f"<small>(GMT+8, Asia/Shanghai, CST) {time[1]} &nbsp; </small>" if time and blog else ""
    tags = " - ".join(f"<em>{html.escape(tag)}</em>" for tag in _many(fields, "tags"))
    tail = f"<small>tags: {tags}</small>" if blog else ""
    title = html.escape(_one(fields, "title"))
    return f"<!DOCTYPE html><html><body><section>{stamp}<h1>{title}</h1>\n{body}\n{tail}</section></body></html>"


def _overrides(fields: Fields, article: Article, now: datetime) -> dict[str, Any]:
    """What the front matter says outright, and says better than a page."""
    values: dict[str, Any] = {}
    if moment := read_date(_one(fields, "date"), timezone=BEIJING, now=now):
        values |= {"published_at": moment.at, "published_raw": moment.raw, "zone_from": moment.zone_from}
    for key in ("source", "source_url", "share_url", "category_name", "subtitle", "original_title"):
        if value := _one(fields, key):
            values[key] = value
    for key in ("authors", "editors"):
        if many := fields.get(key):
            values[key] = tuple(many) if isinstance(many, list) else (many,)
    if "original_url" in fields:
        values |= {"category": _one(fields, "categories"), "tags": tuple(_many(fields, "tags"))}
        values |= {"language": _one(fields, "lang") or article.language, "kind": _one(fields, "kind") or article.kind}
    if changed := read_date(_one(fields, "last_modified_at"), timezone=BEIJING, now=now):
        values["modified_at"] = changed.at
    return values


# Markdown, as far as posts use it: kramdown does more, and does harm with it (`...` -> …, `|` makes a table).

_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(\s*([^()\s]*)\s*\)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_EMPTY_LINK = re.compile(r"\A<>\Z")
_MARKUP = re.compile(r"</?[A-Za-z!]")


def _html(markdown: str) -> str:
    return "\n".join(
        _block(block) for block in re.split(r"\n[ \t]*\n", markdown.replace("\r\n", "\n")) if block.strip()
    )


def _block(block: str) -> str:
    block = block.strip("\n")
    if _EMPTY_LINK.match(block.strip()):
        return "<p>&lt;&gt;</p>"
    if block.startswith(">"):
        return f"<blockquote><p>{_inline(re.sub(r'(?m)^> ?', '', block))}</p></blockquote>"
    if _MARKUP.match(block.lstrip()) and not _AUTOLINK.match(block.lstrip()):
        return block
    return f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    text = _AUTOLINK.sub(lambda match: f'<a href="{_attribute(match[1])}">{match[1]}</a>', text)
    return _LINK.sub(lambda match: f'<a href="{_attribute(match[2])}">{_unescaped(match[1])}</a>', text)


def _attribute(url: str) -> str:
    return html.escape(html.unescape(url))


def _unescaped(label: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]<>|])", r"\1", label)


# A document of no known page ----------------------------------------------------------------------------------------

_OF_A_DOCUMENT: Final = {
    "title": "section > h1",
    "digest": "section > h1 + blockquote",
    "published": "section > time",
    "source": "section > cite",
    "body": "section",
    "junk": ("section > h1", "section > time", "section > cite"),
}

PLAIN = Site(name="imported", hosts=("imported.invalid",), timezone=BEIJING, **_OF_A_DOCUMENT)  # type: ignore[arg-type]
"""Texts of which nobody knows the address. The name ends in .invalid (RFC 2606): no crawler can ever fetch it."""


def _as_document(name: str) -> Site:
    """A known site's identity (hosts, keys, time zone) with the rules of a page that we rendered ourselves."""
    try:
        known = load_site(name)
    except UnknownSite:
        return PLAIN
    unset = {
        "kind",
        "subtitle",
        "modified",
        "source_url",
        "share_url",
        "original_title",
        "upstream_id",
        "category_name",
    }
    lists = {"authors", "editors", "tags", "parts"}
    empty: dict[str, Any] = dict.fromkeys(unset | lists, "")
    return replace(known, **empty, **_OF_A_DOCUMENT)  # type: ignore[arg-type]


# A normalised text --------------------------------------------------------------------------------------------------

_DATE_LINE = re.compile(r"\d{4}[/.年-]\d{1,2}[/.月-]\d{1,2}日?(?:[ T\u3000]*\d{1,2}:\d\d(?::\d\d)?)?")
# A medium's name after the last full stop: the source line, glued to the last sentence.
_SIGNED = re.compile(
    r"(?s)(?P<text>.*[。！？”])\s*[（(【]?(?P<source>[\u4e00-\u9fff]{2,24}?(?:记者站|記者站|通讯社|日报|晚报|时报|早报|周刊|网|报|社))[）)】]?\s*"
)
_REDUCED = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3005\u3007，。\s]*")
_MANY = 100  # characters: a short text may well have no digit and no quotation mark


def read_text(text: str, data: bytes, now: datetime) -> PageResult:
    """Title line, date line (may be empty), body. Its address is a hash of the file. Raises NotHtml, CrawlerError."""
    lines = text.replace("\r\n", "\n").lstrip("\ufeff").split("\n", 2)
    title, date, body = (*lines, "", "")[:3]
    if date.strip() and not _DATE_LINE.fullmatch(date.strip()):
        raise NotHtml("no post, and no text with a date on the second line")
    signed = _SIGNED.fullmatch(body)
    url = f"https://imported.invalid/{hashlib.sha256(data).hexdigest()[:32]}"
    page = Page(
        url,
        _text_page(title, date, signed["text"] if signed else body),
        {"content-type": "text/html; charset=utf-8"},
        now,
    )
    result = process(PLAIN, page, url=url, kind=Kind.ARTICLE)
    if result.article is not None:
        result.article = _as_text(result.article, title, body, signed)
    return result


def _text_page(title: str, date: str, body: str) -> bytes:
    paragraphs = "".join(f"<p>{html.escape(line.strip())}</p>" for line in body.split("\n") if line.strip())
    page = (
        f"<!DOCTYPE html><section><h1>{html.escape(title)}</h1><time>{html.escape(date)}</time>{paragraphs}</section>"
    )
    return page.encode("utf-8", "replace")


def _as_text(article: Article, title: str, body: str, signed: re.Match[str] | None) -> Article:
    if signed:
        taken = Removed(signed["source"], "import_signature", "source")
        article = replace(article, source=signed["source"], removed=(*article.removed, taken))
    if len(body) >= _MANY and _REDUCED.fullmatch(title + body):
        article = replace(article, warnings=(*article.warnings, LOST))
    return article


__all__ = ["LOST", "Document", "read_documents", "read_post", "read_text"]
