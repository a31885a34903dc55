"""Who we say we are, and what a crawl must not begin without."""

from typing import TYPE_CHECKING, Self

from crawler import __version__
from crawler.errors import CrawlerError
from crawler.middlewares.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.crawler import Crawler


class Conduct:
    """Puts the contact into the user agent; a crawl that may not begin fails here, before its first request."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        settings = crawler.settings
        contact = settings.get("CONTACT")
        delay_s = settings.get("DELAY_S")
        check_conduct(
            (link.url for link in crawler.spider.seeds()),  # type: ignore[union-attr]
            contact=contact,
            delay_s=None if delay_s is None else float(delay_s),
            routes=Routes(settings.getlist("CONNECT_TO")),
        )
        settings.set("USER_AGENT", user_agent(contact), priority="addon")
        return cls()


def user_agent(contact: str | None) -> str:
    """Product token, version and, where there is one, the contact."""
    return f"newscrawl/{__version__} (+{contact})" if contact else f"newscrawl/{__version__}"


def check_conduct(urls: "Iterable[str]", *, contact: str | None, delay_s: float | None, routes: Routes) -> None:
    """Raises CrawlerError when a crawl that begins at these URLs may not begin."""
    away = next((url for url in urls if not routes.stays_home(url)), None)
    if away is None:
        return
    if not contact:
        raise CrawlerError(f"{away} is another's machine: say who crawls it, with --contact URL|MAIL")
    if delay_s == 0:
        raise CrawlerError(f"{away} is another's machine: --delay 0 is for loopback and --connect-to")
