"""The walk of a replay: it begins where the crawl began, and follows no link that the crawl did not."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from scrapy import Request

from crawler.items import Link
from crawler.site import Site
from crawler.spiders import Walk
from crawler.store import Row


def replaying(site: Site, seeds: Sequence[Link], known: Callable[[Sequence[str]], set[str]] | None) -> type[Walk]:
    """The spider class of one replayed run. `known` says which addresses the crawl made rows of; None: all."""

    class Replay(Walk):
        async def start(self) -> AsyncIterator[Request]:
            none: tuple[Request, ...] = ()  # the frontier takes all seeds at once
            for request in none:
                yield request

        def seeds(self) -> tuple[Link, ...]:
            return tuple(seeds)

        def _wanted(self, row: Row, links: Sequence[Link]) -> Iterator[Link]:  # noqa: ARG002 - the walk's signature
            there = None if known is None else known([link.url for link in links])
            return (link for link in links if there is None or link.url in there)

    Replay.name, Replay.site = site.name, site
    return Replay
