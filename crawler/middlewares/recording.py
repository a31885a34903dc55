"""Saves what is fetched as cases for the tests; off unless RECORD_TO names a folder."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.cases import save_case
from crawler.page import Page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.store import Row


class Recording:
    """One case per answer, redirects and error pages too. A case keeps no cookies and no request headers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        folder = crawler.settings.get("RECORD_TO")
        if not folder:
            raise NotConfigured
        recording = cls(Path(folder))
        crawler.signals.connect(recording.save, signal=signals.response_received)
        return recording

    def save(self, response: Response, request: Request) -> None:
        row: Row = request.meta["row"]
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        now = datetime.now(UTC)
        page = Page(response.url, response.body, {"content-type": content_type}, now, response.status)
        why = f"recorded {now:%Y-%m-%d}; say here what it shows, and name the folder for it"
        save_case(self._folder, page, kind=row.kind, category=row.category, why=why)
