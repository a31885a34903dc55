"""robots.txt at the moment a row is handed out (RFC 9309); the store sees that it is read first."""

from datetime import datetime, timedelta

from crawler.items import Kind
from crawler.robots import Rules
from crawler.store import Row, Store

TOKEN = "newscrawl"  # our name in robots.txt, as in the user agent


class Gate:
    """The rules of each host, parsed once from what the store has."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rules: dict[str, Rules | None] = {}
        self.slowest_s = 0.0  # the longest pause that a host asks for

    def allows(self, row: Row) -> bool:
        if row.kind is Kind.ROBOTS:
            return True
        if row.host not in self._rules:
            self._read(row.host)
        rules = self._rules[row.host]
        return rules is None or rules.allows(row.url, TOKEN)

    def heard(self, host: str, now: datetime) -> None:
        """A host's robots.txt was read: its pause begins with this answer, and others may have been sent to it."""
        self._rules.clear()
        if delay_s := self._read(host):
            self._store.hold_host(host, now + timedelta(seconds=delay_s), reason="crawl-delay")

    def _read(self, host: str) -> float:
        """Keep the host's rules (None: no robots.txt, all is allowed); the pause that they ask for, in seconds."""
        robots = self._store.robots(host)
        has_rules = robots is not None and 200 <= robots.status < 300
        rules = Rules.parse(robots.body) if robots is not None and has_rules else None
        delay_s = rules.crawl_delay(TOKEN) if rules is not None else None
        self._rules[host] = rules
        self._store.set_crawl_delay(host, delay_s)
        self.slowest_s = max(self.slowest_s, delay_s or 0.0)
        return delay_s or 0.0
