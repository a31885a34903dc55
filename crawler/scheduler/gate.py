"""robots.txt at the moment a row is handed out (RFC 9309). It is a row of its own, read before the host's others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from crawler.items import Kind, Link
from crawler.robots import Rules
from crawler.store import Row, Run, Settled, Store

TOKEN = "newscrawl"  # our name in robots.txt, as in the user agent
UNREACHABLE = "robots.txt cannot be had"


@dataclass(slots=True)
class _Host:
    """What we know of one host's robots.txt."""

    expires_at: datetime | None = None  # None: not read yet
    rules: Rules | None = None  # None: all is allowed
    parked: list[Row] = field(default_factory=list)  # handed out by the store before we may ask


class Gate:
    """Lets rows through, refuses them, or keeps them until their host's robots.txt is in."""

    def __init__(self, store: Store, run: Run) -> None:
        self._store = store
        self._run = run
        self._hosts: dict[str, _Host] = {}
        self.is_slow = False  # whether a host asked for pauses

    def lets_through(self, row: Row, now: datetime) -> bool | None:
        """False: disallowed. None: the row is kept until the host's robots.txt is in, which is asked for."""
        if row.kind is Kind.ROBOTS:
            return True
        host = self._known(row.host, now)
        if host.expires_at is None or host.expires_at <= now:
            self._ask(row.url, row.host, now)
            host.parked.append(row)
            return None
        return host.rules is None or host.rules.allows(row.url, TOKEN)

    def introduce(self, url: str, now: datetime) -> None:
        """A page of this host will be wanted: see that its robots.txt comes first."""
        name = urlsplit(url).netloc
        if name not in self._hosts:
            host = self._known(name, now)
            if host.expires_at is None or host.expires_at <= now:
                self._ask(url, name, now)

    def heard(self, settled: Settled, host: str, now: datetime) -> Iterator[Row]:
        """The robots.txt of a host was settled: the rows that waited for it, or for one that it stands for."""
        if settled.retry_at is not None:
            self._store.hold_host(host, settled.retry_at, reason=UNREACHABLE)
            return
        for name, known in self._hosts.items():
            if known.expires_at is None and self._read(name, known, now):
                yield from known.parked
                known.parked = []

    def _known(self, name: str, now: datetime) -> _Host:
        if name not in self._hosts:
            self._hosts[name] = _Host()
            self._read(name, self._hosts[name], now)
        return self._hosts[name]

    def _read(self, name: str, host: _Host, now: datetime) -> bool:
        """What the store has of a robots.txt, if that is fresh and allows anything; else the host is left alone."""
        robots = self._store.robots(name)
        if robots is None or robots.expires_at <= now:
            return False
        if robots.status == 0 or robots.status >= 500 or robots.status == 429:
            self._store.hold_host(name, robots.expires_at, reason=UNREACHABLE)
            return False
        host.expires_at = robots.expires_at
        host.rules = Rules.parse(robots.body) if robots.status < 400 else None
        delay_s = host.rules.crawl_delay(TOKEN) if host.rules is not None else None
        self.is_slow = self.is_slow or bool(delay_s)
        self._store.set_crawl_delay(name, delay_s)
        return True

    def _ask(self, url: str, name: str, now: datetime) -> None:
        host = self._hosts[name]
        if not host.parked:
            host.expires_at, host.rules = None, None
            robots = Link(f"{urlsplit(url).scheme}://{name}/robots.txt", Kind.ROBOTS)
            self._store.schedule(self._run, [robots], now=now, again=True)
