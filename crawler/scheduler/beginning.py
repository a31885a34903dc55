"""How a run begins: on which terms, and with which rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.items import Link
from crawler.scheduler.plan import Plan
from crawler.site import Site
from crawler.store import Run, Store, Terms, holder_name

MARGIN_S = 0.005  # added to every pause: the clock of a host is not undercut by the way of a request to it


@dataclass(frozen=True, slots=True)
class Beginning:
    """`spider`: the walk, which says what was asked for."""

    store: Store
    plan: Plan
    spider: Any

    def run(self, now: datetime) -> Run:
        """Raises StoreUnusable, SiteHeld."""
        site: Site = self.spider.site
        run = self.store.begin_run(
            site.name, command=self.plan.command, now=now, holder=holder_name(), terms=self._terms(site)
        )
        due = self.plan.listings
        if due is not None and not run.resumed:
            links = [Link(one.url, one.kind, one.category) for one in self.store.coverage(site.name) if one.url in due]
            self.store.schedule(run, links, now=now, again=True)
        if not self.spider.urls:
            self.store.requeue(run, now=now, recheck_h=site.recheck_h, recheck=self.plan.recheck)
        return run

    def _terms(self, site: Site) -> Terms:
        delay_s = site.delay_s if self.plan.delay_s is None else self.plan.delay_s
        return Terms(
            delay_s=delay_s + MARGIN_S if delay_s else 0.0,
            since=self.plan.since,
            categories=frozenset(self.spider.categories) or None,
            alone=bool(self.spider.urls),
            listings=self.plan.listings,
        )

    def seeds(self, run: Run, seeds: Sequence[Link], now: datetime) -> None:
        """As rows that are read again, but for listings that were not asked for."""
        # A crawl that takes up one that died goes on with it: listings that were read then are not read again.
        anew = () if run.resumed else seeds
        asked = {link.url for link in anew if self.plan.listings is None or link.url in self.plan.listings}
        for again in (True, False):
            some = [link for link in seeds if (link.url in asked) is again]
            self.store.schedule(run, some, now=now, again=again)
