"""The one path of a page: extraction and cleaning, shared by a crawl, a replay, a test and `extract`."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lxml import etree, html

from crawler import cleaning
from crawler.body import Body, Found, visible_text
from crawler.dates import read_date
from crawler.errors import BadField, CrawlerError, FieldMissing, NotHtml
from crawler.extraction import PageKind, draft, is_missing, page_kind, page_links, read_listing
from crawler.items import Article, Kind, Link, Provenance, State
from crawler.page import Page
from crawler.result import PageResult
from crawler.site import Site
from crawler.sites import site_at
from crawler.urls import join

_GONE = frozenset((404, 410))
_REFUSED = frozenset((401, 402, 403, 407, 451))
_PLAIN_KINDS = {PageKind.MISSING: State.GONE, PageKind.CHALLENGE: State.REFUSED, PageKind.LISTING: State.READ}
_HAN_OR_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_RUNS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_KANA_RUNS = re.compile(r"[\u3040-\u30ff]+")
_LETTER_RUNS = re.compile(r"[^\W\d_]+")
_SAMPLE_CHARS = 600  # enough to tell a script by


def read_page(site: Site, page: Page, *, url: str, kind: Kind, category: str = "") -> PageResult:
    """What a response says: an article with its body tree (not yet cleaned), or the links of a listing.

    `url` is the canonical address it was asked for. A page that cannot be read gives a result with state and reason.
    """
    result = PageResult(site.name, url, kind, State.READ, category=category, page=page)
    if not 200 <= page.status < 300:
        _by_status(result, page)
    elif kind is not Kind.ROBOTS:
        try:
            read = _read_article if kind in (Kind.ARTICLE, Kind.PART) else _read_listing
            read(site, page, result)
        except NotHtml:
            result.state, result.reason = State.REFUSED, "NotHtml"
        except CrawlerError as error:
            result.state, result.reason = State.QUARANTINED, f"{type(error).__name__}: {error}"
            _ask_witness(site, result)
    return result


def clean_body(result: PageResult) -> None:
    """What the CleanBody pipeline does. Raises CrawlerError."""
    if result.body is not None:
        cleaning.clean_body(result.body)


def strip_tail(result: PageResult) -> None:
    """What the StripTail pipeline does. Raises CrawlerError."""
    if result.body is not None:
        cleaning.strip_tail(result.body)


def normalise(result: PageResult) -> None:
    """What the Normalise pipeline does: renderings, dates, hash, required fields. Raises FieldMissing, BadField."""
    article, body = result.article, result.body
    if article is None:
        return
    if body is not None:
        article = result.article = _finished(article, body, result)
        if not article.body_text and not article.images:
            raise BadField("body: nothing is left of it")
    for name in ("url", "title", "body_html"):
        if not getattr(article, name) and not (name == "title" and result.kind is Kind.PART):
            raise FieldMissing(name.removesuffix("_html"))


def process(site: Site, page: Page, *, url: str, kind: Kind, category: str = "") -> PageResult:
    """A page through the whole path but the store, as the pipelines would take it."""
    result = read_page(site, page, url=url, kind=kind, category=category)
    return result.through(clean_body).through(strip_tail).through(normalise)


def article_of(markup: bytes | str, url: str) -> Article:
    """The article on one page at hand, by its site's file or, where there is none, by the any-site engine.

    Raises NotHtml, FieldMissing, BadField.
    """
    body = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    headers = {"content-type": "text/html; charset=utf-8"} if isinstance(markup, str) else {}
    page = Page(url, body, headers, datetime.now(UTC))
    site = site_at(url)
    result = process(site, page, url=site.canonical(url), kind=Kind.ARTICLE)
    if result.article is not None and result.state is State.STORED:
        return result.article
    raise _as_error(result)


def _as_error(result: PageResult) -> CrawlerError:
    """What stopped a page, as the error it was."""
    name, _, said = result.reason.partition(": ")
    kinds = {kind.__name__: kind for kind in (FieldMissing, NotHtml)}
    return kinds.get(name, BadField)(said or f"not an article: {result.reason}")


def join_parts(first: Article, parts: Sequence[Article | None]) -> Article:
    """An article of several pages: the blocks of its first page, then those of `parts` in order.

    None stands for a page that could not be had: the article says so in `warnings`.
    """
    missing = [number for number, part in enumerate(parts, start=2) if part is None]
    there = [part for part in parts if part is not None]
    tree, images = etree.Element("div"), []
    for piece in (first, *there):
        images += [replace(image, position=image.position + len(tree)) for image in piece.images]
        tree.extend(list(html.fragment_fromstring(piece.body_html, create_parent="div")))
    body = Body(tree, first.url, title=first.title)
    joined = replace(
        first,
        editors=tuple(dict.fromkeys((*first.editors, *(name for part in there for name in part.editors)))),
        source=first.source or next((part.source for part in there if part.source), None),
        removed=(*first.removed, *(row for part in there for row in part.removed)),
        warnings=tuple(dict.fromkeys((*first.warnings, *(f"body: page {number} is missing" for number in missing)))),
    )
    return replace(joined, **{**_rendered(joined, joined.digest, body), "images": tuple(images)})


def _by_status(result: PageResult, page: Page) -> None:
    result.reason = str(page.status)
    if page.status in _GONE:
        result.state = State.GONE
    elif page.status in _REFUSED:
        result.state = State.REFUSED
    elif page.status == 304:
        result.state = State.UNCHANGED
    elif 300 <= page.status < 400 and (target := join(page.url, page.headers.get("location", ""))):
        result.state, result.target = State.MOVED, target
    else:
        result.state = State.FAILED


def _read_listing(site: Site, page: Page, result: PageResult) -> None:
    result.links = read_listing(site, page)
    if result.links:
        return
    result.reason = "no links"
    kind = PageKind.MISSING if is_missing(page) else page_kind(page)
    if kind in (PageKind.MISSING, PageKind.CHALLENGE):  # served with status 200 all the same
        result.state, result.reason = _PLAIN_KINDS[kind], kind.value


def _read_article(site: Site, page: Page, result: PageResult) -> None:
    read = draft(site, page)
    kind = PageKind.MISSING if is_missing(page) else read.kind
    if kind in (PageKind.MISSING, PageKind.CHALLENGE) or (kind is not PageKind.ARTICLE and not site.body):
        result.state, result.reason = _PLAIN_KINDS.get(kind, State.REFUSED), kind.value
        if kind is PageKind.LISTING:
            result.links = read_listing(site, page)
        return
    result.state = State.PART if result.kind is Kind.PART else State.STORED
    result.article = replace(read.article, category=read.article.category or result.category)
    result.body = read.body
    result.links = page_links(site, page)
    if site.witness is not None and read.body is not None and _is_blank(read.body):
        result.body = None
        raise FieldMissing("body")
    if read.problem is not None and not _is_bodily_part(result, read.problem):
        _recover(result)
        raise read.problem


def _ask_witness(site: Site, result: PageResult) -> None:
    """A page without text is the way to its witness, as a redirect is; one that lacks less leads there, too."""
    address = site.witness(result.url) if site.witness is not None and result.kind is Kind.ARTICLE else None
    if address is None:
        return
    link = Link(site.canonical(address), Kind.ARTICLE, result.category)
    if result.body is not None:
        result.links = (*result.links, link)
        return
    result.state, result.reason, result.target = State.MOVED, "the text is elsewhere", link.url
    result.article, result.links = None, (link,)


def _is_blank(body: Body) -> bool:
    return not visible_text(body.tree) and next(body.tree.iter("img", "video", "audio"), None) is None


def _is_bodily_part(result: PageResult, problem: CrawlerError) -> bool:
    """A further page of an article need not repeat the title."""
    return result.kind is Kind.PART and str(problem).startswith("title")


def _recover(result: PageResult) -> None:
    """What could be read of a page that is no article, cleaned and rendered as far as it goes."""
    if result.article is None or result.body is None:
        return
    cleaning.clean_body(result.body)
    cleaning.strip_tail(result.body)
    result.article = _finished(result.article, result.body, result)


def _finished(article: Article, body: Body, result: PageResult) -> Article:
    """The article with what its body's own lines say, and with the body itself."""
    said = _said(article, body.found, result)
    return replace(article, **said, **_rendered(article, said["digest"], body))


def _said(article: Article, found: Found, result: PageResult) -> dict[str, Any]:
    """Fields of an article that its body's own lines may fill.

    A source named at the end of the text beats the one of the page's header: it tells the desk or the medium that the
    text is from. For the other fields the site's rule comes first; editors are all that are named.
    """
    said: dict[str, Any] = {
        "digest": article.digest or found.digest,
        "source": found.source or article.source,
        "share_url": article.share_url or found.share_url,
        "original_title": article.original_title or found.original_title,
        "authors": article.authors or found.authors,
        "editors": tuple(dict.fromkeys((*article.editors, *found.editors))),
    }
    if article.published_at is None and found.published and result.page is not None:
        moment = read_date(found.published, timezone=None, now=result.page.fetched_at)
        if moment is not None:
            said |= {"published_at": moment.at, "published_raw": moment.raw, "zone_from": moment.zone_from}
    rows = reversed(result.body.removed if result.body else [])
    taken = {row.field: Provenance(row.step, None, row.text) for row in rows if row.field}
    changed = {
        name: taken[name] for name, value in said.items() if name in taken and value and value != getattr(article, name)
    }
    return {**said, "provenance": {**article.provenance, **changed}}


def _rendered(article: Article, digest: str | None, body: Body) -> dict[str, Any]:
    """Fields of an article that hold its body in three renderings, and what is counted on them."""
    text, markdown = cleaning.render_texts(body)
    title = article.title
    return {
        "body_html": cleaning.render_html(body),
        "body_text": text,
        "body_markdown": markdown,
        "images": cleaning.images_of(body),
        "word_count": cleaning.word_count(text),
        "content_hash": hashlib.sha256("\n".join((title, digest or "", text)).encode()).hexdigest(),
        "language": _language(article.language, text or title),
        "removed": (*article.removed, *body.removed),
    }


def _language(declared: str | None, text: str) -> str | None:
    """The page's own word, unless its text is plainly of another script."""
    script = _script(text[:_SAMPLE_CHARS])
    tidy = (declared or "").strip().replace("_", "-")
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", tidy):
        return script
    if script and tidy[:2].lower() not in ("zh", "ja", "yu"):
        return script
    return unicodedata.normalize("NFC", tidy)


def _script(text: str) -> str | None:
    """The language that a text's letters tell; None for those that many languages use."""
    if text.isascii() or _HAN_OR_KANA.search(text) is None:
        return None
    letters = _length(_LETTER_RUNS, text)
    if _length(_KANA_RUNS, text) * 20 > letters:
        return "ja"
    return "zh" if _length(_HAN_RUNS, text) * 3 > letters else None


def _length(runs: re.Pattern[str], text: str) -> int:
    """How many characters the runs of a text have together."""
    return sum(map(len, runs.findall(text)))
