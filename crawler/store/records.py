"""What the store hands out: a run, a row, what became of a page, the counts. Times are aware, UTC."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from crawler.coverage import Verdict
from crawler.items import Article, Kind, State

Join = Callable[[Article, Sequence[Article | None]], Article]
"""First page and its further pages in order (None: one that could not be had) -> the whole article."""

Outcome = Literal["", "new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run may be handed, and how fast."""

    delay_s: float = 1.0  # between two requests to one host, at least
    since: datetime | None = None  # articles published before it are refused
    categories: frozenset[str] | None = None  # slugs; None: all
    alone: bool = False  # only rows that were scheduled or linked to in this run
    listings: frozenset[str] | None = None  # URLs of those that are read again, of what was read before; None: all


@dataclass(frozen=True, slots=True)
class Run:
    """One live crawl of one site."""

    id: int
    site: str
    holder: str  # "host:pid"
    command: str
    started_at: datetime
    terms: Terms = Terms()
    began_at: datetime | None = None  # of the first run of a crawl that this one takes up; None: it takes up none

    @property
    def resumed(self) -> bool:
        """Whether it takes up the crawl of a run that died a short while ago."""
        return self.began_at is not None

    def is_of(self, at: datetime | None) -> bool:
        """Whether a time is within this crawl, the runs included that it takes up."""
        return at is not None and at >= (self.began_at or self.started_at)


@dataclass(frozen=True, slots=True)
class Row:
    """A URL that was handed out."""

    id: int
    url: str  # canonical
    kind: Kind
    site: str
    category: str  # slug; "" for robots.txt and pages of no category
    host: str  # with its port, if that is not the scheme's own
    parent: str | None = None  # URL of the page that led here; of a part: the article's first page
    attempts: int = 0  # requests that failed before this one
    etag: str | None = None
    last_modified: str | None = None
    page: bool = False  # a further page of a listing


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one result."""

    url: str
    state: State  # that of the row now: WAITING when it is to be tried again
    reason: str = ""
    outcome: Outcome = ""  # of the article, where there is one
    article_id: str | None = None
    article: Article | None = None  # what was stored (new or changed): of a multi-page article the whole
    links: int = 0  # rows that are new
    retry_at: datetime | None = None  # of a row that goes back to waiting


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's robots.txt as it was last had."""

    host: str
    status: int  # HTTP status; 0: no answer
    body: bytes
    fetched_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Counts of one category of a site."""

    site: str
    category: str
    scheduled: int  # kept at insertion, apart from the rows
    states: Mapping[State, int]  # of the rows, all runs; every state is there
    new: int = 0  # from here on: this run
    changed: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    reasons: Mapping[str, int] = field(default_factory=dict)  # "state: reason" -> rows, all runs

    @property
    def holds(self) -> bool:
        return sum(self.states.values()) == self.scheduled

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the states stand beside the other counts, each by its name."""
        return {
            "site": self.site,
            "category": self.category,
            "scheduled": self.scheduled,
            **{state.value: self.states[state] for state in State},
            "new": self.new,
            "changed": self.changed,
            "requests": self.requests,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "reasons": dict(sorted(self.reasons.items())),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """Where the URLs of a run's site stand."""

    site: str
    run_id: int
    groups: tuple[Group, ...]  # by category
    failures: int = 0  # rows that this run left failed or quarantined
    articles: int = 0  # that the store holds of the site, those of this run included
    listings: tuple["Coverage", ...] = ()  # what is proved of each, once the run has ended

    @property
    def holds(self) -> bool:
        """Whether in every group the states add up to what was scheduled."""
        return all(group.holds for group in self.groups)

    @property
    def new(self) -> int:
        return sum(group.new for group in self.groups)

    @property
    def changed(self) -> int:
        return sum(group.changed for group in self.groups)

    @property
    def scheduled(self) -> int:
        return sum(group.scheduled for group in self.groups)

    def count(self, *states: State) -> int:
        return sum(group.states[state] for group in self.groups for state in states)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: site, run, holds, failures and the groups, each with its states by name."""
        return {
            "site": self.site,
            "run": self.run_id,
            "holds": self.holds,
            "scheduled": self.scheduled,
            "new": self.new,
            "changed": self.changed,
            "failures": self.failures,
            "articles": self.articles,
            "groups": [group.as_dict() for group in self.groups],
        }


@dataclass(frozen=True, slots=True)
class Version:
    """A former state of an article."""

    article: Article
    replaced_at: datetime
    run_id: int | None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A page that is no article, kept with what was recovered of it."""

    url: str
    site: str
    reason: str
    at: datetime
    article: Article | None
    body: bytes
    headers: Mapping[str, str]
    status: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Between these two polls of a listing entries may have come and gone unseen."""

    after: datetime  # the poll before
    until: datetime  # the poll that did not reach down to it
    newest_before: str  # URL of the first entry of the one
    oldest_now: str  # URL of the last entry of the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is proved of one listing, feed or sitemap."""

    id: int
    url: str
    kind: Kind
    category: str
    state: State  # of its row
    verdict: Verdict = Verdict.UNKNOWN  # of the last walk that ended
    why: str = ""
    polls: int = 0  # walks that ended
    polled_at: datetime | None = None  # the last of them
    since: datetime | None = None  # proved: nothing was missed from then on
    gap: Gap | None = None  # the last that was found, even if all is proved since
    page: int = 0  # entries on its first page
    new: int = 0  # of the last poll
    overlap: int = 0  # entries of the unbroken run that it shared with the one before
    new_per_hour: float | None = None  # measured; None: not yet
    interval: timedelta  # to the next poll: they then share half a page, within the site's bounds

    @property
    def due_at(self) -> datetime | None:
        """None: it was never read, or is not to be had any more."""
        had = self.state not in (State.GONE, State.REFUSED)
        return self.polled_at + self.interval if self.polled_at is not None and had else None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        gap = self.gap and {name: _iso(getattr(self.gap, name)) for name in Gap.__slots__}
        rate = self.new_per_hour
        return {
            "url": self.url, "kind": self.kind.value, "category": self.category, "coverage": self.verdict.value,
            "why": self.why, "since": _iso(self.since), "gap": gap, "polls": self.polls,
            "polled_at": _iso(self.polled_at), "page": self.page, "new": self.new, "overlap": self.overlap,
            "new_per_hour": None if rate is None else round(rate, 3), "interval_s": self.interval.total_seconds(),
            "due_at": _iso(self.due_at),
        }  # fmt: skip


def _iso(value: datetime | str | None) -> str | None:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a site's rows wait for, apart from its listings."""

    waiting: int = 0  # rows that can be fetched now
    failed: int = 0  # whose backoff is over
    recheck: int = 0  # articles that are due to be looked at again
    holder: str | None = None  # of the run that has the site now


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that was, for reports and health."""

    id: int
    site: str
    command: str
    holder: str
    started_at: datetime
    heartbeat_at: datetime
    ended_at: datetime | None
    reason: str | None
    requests: int
    bytes: int
    new: int
    changed: int
    states: Mapping[str, int]  # rows that it settled, by state
    presence: Mapping[str, float]  # article field -> share of its new and changed articles that have it
    articles: int  # those
    body_length: int | None  # characters of body text, median
