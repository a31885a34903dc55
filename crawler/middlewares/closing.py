"""The last resort: a page that our own code could not take ends in a state as any other."""

import logging
from typing import TYPE_CHECKING

from crawler.items import State
from crawler.result import PageResult
from crawler.store import Row

if TYPE_CHECKING:
    from scrapy.http import Response

_log = logging.getLogger(__name__)


class Closing:
    """An exception in a callback becomes a failed result, which goes its way to the store."""

    def process_spider_exception(self, response: "Response", exception: Exception) -> list[PageResult]:
        row = response.meta["row"]
        assert isinstance(row, Row)
        _log.error("%s could not be read", row.url, exc_info=exception)
        return [
            PageResult(
                site=row.site,
                url=row.url,
                kind=row.kind,
                state=State.FAILED,
                reason=f"error: {type(exception).__name__}",
                category=row.category,
            )
        ]
