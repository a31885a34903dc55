"""What Scrapy's log says of a page: nothing of its text. The store's pipeline logs address and state, once."""

# ruff: noqa: ARG002 - Scrapy's signatures
import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

if TYPE_CHECKING:
    from scrapy.logformatter import LogFormatterResult


class PageLog(LogFormatter):
    """Scrapy would print whole items, which are pages of other people. None: no line."""

    def crawled(self, request: Any, response: Any, spider: Any) -> "LogFormatterResult":
        return None  # type: ignore[return-value]

    def scraped(self, item: Any, response: Any, spider: Any) -> "LogFormatterResult":
        return None  # type: ignore[return-value]

    def dropped(self, item: Any, exception: Any, response: Any, spider: Any) -> "LogFormatterResult":
        return None  # type: ignore[return-value]

    def item_error(self, item: Any, exception: Any, response: Any, spider: Any) -> "LogFormatterResult":
        url = getattr(item, "url", type(item).__name__)
        return {"level": logging.ERROR, "msg": "error in a pipeline: %(url)s", "args": {"url": url}}
