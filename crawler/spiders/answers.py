"""What an HTTP answer, or none, means for the URL that was asked for."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
)

from crawler.errors import BadField
from crawler.items import Kind, Link, State
from crawler.page import Page
from crawler.path import read_page
from crawler.result import PageResult
from crawler.site import Site
from crawler.store import Row
from crawler.urls import join

_REDIRECTS = (301, 302, 303, 307, 308)
_NO_ANSWER: tuple[tuple[type[BaseException], str], ...] = (
    (ResponseDataLossError, "cut short"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "connection refused"),
    (CannotResolveHostError, "unknown host"),
    (DownloadFailedError, "connection lost"),
    (NotSupported, "no download handler"),  # it could not be loaded: the log says why
)


def utc_now() -> datetime:
    return datetime.now(UTC)


def answered(site: Site, row: Row, page: Page) -> PageResult:
    """The result of an answer, whatever its status."""
    if page.status in _REDIRECTS:
        return _moved(site, row, page)
    if row.kind is Kind.ROBOTS:
        return _robots(row, page)
    if 200 <= page.status < 300 and not page.body:
        return _result(row, page, State.FAILED, "empty answer")
    return read_page(site, page, url=row.url, kind=row.kind, category=row.category)


def unanswered(row: Row, error: BaseException | None) -> PageResult:
    """The result of a request without an answer. An IgnoreRequest of ours has a `state`; its text is the reason."""
    if isinstance(error, DownloadCancelledError):
        return _result(row, None, State.REFUSED, "too large")
    if isinstance(error, IgnoreRequest):
        return _result(row, None, getattr(error, "state", State.REFUSED), str(error))
    named = next((reason for kind, reason in _NO_ANSWER if isinstance(error, kind)), "")
    return _result(row, None, State.FAILED, named or f"error: {type(error).__name__}")


def _robots(row: Row, page: Page) -> PageResult:
    """RFC 9309: a 4xx says that all is allowed, a 5xx that nothing is, for now. 429 asks for time, as 503 does."""
    if page.status >= 500 or page.status == 429:
        return _result(row, page, State.FAILED, f"robots {page.status}")
    return _result(row, page, State.READ, str(page.status) if page.status >= 400 else "")


def _moved(site: Site, row: Row, page: Page) -> PageResult:
    """The target becomes a row of its own, and this one names it."""
    try:
        target = site.canonical(join(page.url, page.headers.get("location", "")) or "")
    except BadField:
        return _result(row, page, State.FAILED, "redirect without a usable target")
    if target == row.url:
        return _result(row, page, State.FAILED, "redirect to itself")
    result = _result(row, page, State.MOVED, str(page.status))
    result.target = target
    if not site.has_host(urlsplit(target).hostname or ""):
        result.state, result.reason = State.REFUSED, "redirect off the site"
    else:
        kind = row.kind if row.kind in (Kind.ROBOTS, Kind.PART) else site.kind_of(target) or row.kind
        result.links = (Link(target, kind, category=row.category, page=row.page),)
    return result


def _result(row: Row, page: Page | None, state: State, reason: str = "") -> PageResult:
    return PageResult(
        site=row.site, url=row.url, kind=row.kind, state=state, reason=reason, category=row.category, page=page
    )
