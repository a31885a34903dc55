"""What should run now, and why: listings at their own pace, what failed, what waits, articles to look at again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.site import Site
from crawler.store import Coverage, Store
from crawler.store.records import Backlog


@dataclass(frozen=True, slots=True)
class Due:
    """One site."""

    site: str
    reasons: tuple[str, ...]  # why it should run now; none: it need not
    listings: tuple[Coverage, ...] = ()  # to be read now
    next_at: datetime | None = None  # when the next listing is due; None: not known, or now
    holder: str | None = None  # of the run that has the site
    is_first: bool = False  # it was never crawled: all of it is due

    def urls(self) -> frozenset[str] | None:
        """The listings that a run is to read again; None: all."""
        return None if self.is_first else frozenset(listing.url for listing in self.listings)


def bounds(site: Site) -> tuple[timedelta, timedelta]:
    """The shortest and the longest time between two polls of a listing."""
    shortest, longest = site.poll_s
    return timedelta(seconds=shortest), timedelta(seconds=longest)


def due(store: Store, site: Site, *, now: datetime) -> Due:
    """Whether the site should run at `now`."""
    backlog = store.backlog(site.name, now=now, recheck_h=site.recheck_h)
    runs = store.runs(site.name, limit=1)
    if not runs:
        return Due(site.name, ("never crawled",), holder=backlog.holder, is_first=True)
    listings = store.coverage(site.name, bounds=bounds(site))
    ready = tuple(listing for listing in listings if listing.due_at is not None and listing.due_at <= now)
    later = [listing.due_at for listing in listings if listing.due_at is not None and listing.due_at > now]
    reasons = tuple(_reasons(len(ready), backlog))
    return Due(site.name, reasons, ready, min(later, default=None), backlog.holder)


def _reasons(listings: int, backlog: Backlog) -> list[str]:
    counts = (
        (listings, "listings due"),
        (backlog.waiting, "pages waiting"),
        (backlog.failed, "failed pages to try again"),
        (backlog.recheck, "articles to look at again"),
    )
    return [f"{what}: {number}" for number, what in counts if number]
