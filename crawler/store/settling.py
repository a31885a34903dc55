"""What becomes of fetched pages, in one transaction: articles, links as rows, validators, clocks, states."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from crawler.errors import CrawlerError
from crawler.items import Article, Kind, Link, State
from crawler.page import Page
from crawler.result import PageResult
from crawler.store import articles, hosts, links, listings, parts, prepared, quarantined, robots, traps, walks
from crawler.store.counts import Tally
from crawler.store.frontier import (
    ATTEMPTS,
    LISTINGS,
    RUN_TRIES,
    SETTLED,
    Record,
    Wanted,
    add,
    before,
    forgotten,
    records,
    save,
    too_old,
)
from crawler.store.records import Join, Outcome, Run, Settled
from crawler.store.returning import retry_at
from crawler.store.runs import must_live
from crawler.store.schema import responses
from crawler.store.shelf import Shelf

_ARCHIVED = insert(responses)


@dataclass(slots=True)
class _Fate:
    """One result on its way."""

    result: PageResult
    row: Record
    outcome: Outcome = ""
    stored: Article | None = None
    links: int = 0
    news: bool = False  # it led to an article that was not known
    listings: list[str] = field(default_factory=list)  # that were not known


@dataclass(slots=True)
class Settling:
    """One transaction over a group of results."""

    db: Connection
    run: Run
    now: datetime
    join: Join | None
    tally: Tally = field(default_factory=Tally)
    shelf: Shelf = field(init=False)
    linked: set[int] = field(default_factory=set)  # rows that the pages lead to

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.db, self.run)

    def settle(self, results: Sequence[PageResult]) -> list[Settled]:
        must_live(self.db, self.run)
        rows = self._rows(results)
        keys = [key for result in results for key in (result.url, result.article.id if result.article else "") if key]
        dead = forgotten(self.db, keys)
        fates = [_Fate(result, rows[result.url]) for result in results]
        self.shelf.look(_addressed(fate.result.article, fate.row) for fate in fates if fate.result.article is not None)
        for fate in fates:
            self._outcome(fate, dead)
        self._clocks(fates)
        save(self.db, list({fate.row.id: fate.row for fate in fates}.values()))
        self._links(fates)
        self._wholes(fates)
        self._walks(fates)
        self.shelf.save()
        self._archived(fates)
        self.tally.save(self.db, self.run.id)
        return [self._settled(fate) for fate in fates]

    def _rows(self, results: Sequence[PageResult]) -> dict[str, Record]:
        """Those of the results; one that nobody scheduled (a replay, an import) gets its row now."""
        rows = {row.url: row for row in records(self.db, (result.url for result in results))}
        missing = [
            Wanted(Link(result.url, result.kind, result.category), "") for result in results if result.url not in rows
        ]
        if missing:
            added = add(self.db, self.run, missing, self.now)
            rows |= {row.url: row for row in records(self.db, added.new)}
        return rows

    # the row and its article

    def _outcome(self, fate: _Fate, dead: Mapping[str, str]) -> None:
        row, result = fate.row, fate.result
        self._count(row, result)
        row.state, row.reason, row.target = result.state, articles.whole(result.reason), result.target
        row.run_id, row.not_before = None, None
        row.settled_at, row.settled_run_id = self._at(result), self.run.id
        if row.url in dead or (result.article is not None and result.article.id in dead):
            row.state, row.reason = State.REFUSED, "forgotten"
            result.links, result.article, result.page = (), None, None
        elif row.state == State.QUARANTINED:
            row.etag = row.last_modified = None
            quarantined.keep(self.db, self.run, row, result, self._at(result))
        elif row.state == State.FAILED:
            self._fail(fate)
        else:
            row.attempts = row.tries = row.lost = 0
            self._succeed(fate)

    def _at(self, result: PageResult) -> datetime:
        """When a page was had: a crawl and its replay write the same times."""
        return result.page.fetched_at if result.page is not None else self.now

    def _count(self, row: Record, result: PageResult) -> None:
        size = result.bytes or (len(result.page.body) if result.page is not None else 0)
        asked = result.page is not None or result.state is State.FAILED
        self.tally.add(row.category, "requests", asked)
        self.tally.add(row.category, "bytes", size)
        self.tally.add(row.category, "seconds", result.seconds)
        row.requests += asked
        row.bytes, row.seconds = size, result.seconds
        row.status = result.page.status if result.page is not None else None

    def _succeed(self, fate: _Fate) -> None:
        row, page = fate.row, fate.result.page
        if page is not None and row.state != State.MOVED:
            _keep_validators(row, page)
        if row.kind == Kind.ROBOTS:
            robots.answered(self.db, self.run, row, page, self.now)
        if fate.result.article is not None and row.state in (State.STORED, State.PART, State.UNCHANGED):
            self._article(fate, fate.result.article)
        if row.kind in LISTINGS and row.state in (State.READ, State.UNCHANGED):
            row.walk_id = walks.walk_of(self.db, self.run, row, self._at(fate.result))

    def _article(self, fate: _Fate, article: Article) -> None:
        row, conduct = fate.row, _conduct(fate.result.page)
        article = _addressed(article, row)
        row.published = article.published_at
        if row.kind == Kind.PART and row.parent_id is not None:
            row.state = State.PART
            parts.keep(self.db, row, row.parent_id, article, conduct)
        elif too_old(self.run, article.published_at):
            row.state, row.reason = State.REFUSED, before(self.run.terms.since)
            row.etag = row.last_modified = None
            fate.result.links = ()
        elif any(link.kind is Kind.PART and link.url != row.url for link in fate.result.links):
            row.state, row.reason = State.PART, "waits for its further pages"
            parts.drop(self.db, row.id)
            parts.keep(self.db, row, row.id, article, conduct)
        else:
            self._store(fate, row, article, conduct)

    def _store(self, fate: _Fate, row: Record, article: Article, conduct: Mapping[str, str]) -> None:
        if row.requests > 1:  # it may have been in quarantine
            self.shelf.release(row.id)
        put = self.shelf.put(article, now=self._at(fate.result), conduct=conduct)
        row.article_id, row.content_hash = article.id, article.content_hash
        row.state, row.reason = State.STORED, ""
        if put.outcome == "unchanged":
            row.state = State.UNCHANGED
        if put.held_at != row.url:
            row.reason, row.target = "same article at another address", put.held_at
        if put.outcome in ("new", "changed"):
            self.tally.add(row.category, put.outcome)
            fate.stored = put.article
        fate.outcome = put.outcome

    def _fail(self, fate: _Fate) -> None:
        """Wait and try again, until the budget of the run is spent; a later run goes on from there."""
        row, page = fate.row, fate.result.page
        row.attempts += 1
        row.tries += 1
        at = retry_at(row, self.now)
        held = hosts.retry_after(page, self.now) if page is not None else None
        if held is not None and page is not None:
            hosts.hold(self.db, row.host, held, str(page.status))
        row.not_before = max(at, held or at)
        if row.tries < RUN_TRIES and row.attempts < ATTEMPTS:
            row.state = State.WAITING
        elif row.kind == Kind.ROBOTS:
            robots.answered(self.db, self.run, row, page, self.now)

    def _clocks(self, fates: Sequence[_Fate]) -> None:
        """The pause begins with the answer: by then the host has seen the request, however slow the way there was.

        A host that answers slowly is left alone for as long as it took.
        """
        delays = hosts.crawl_delays(self.db, list({fate.row.host for fate in fates}))
        times: dict[str, datetime] = {}
        for fate in fates:
            delay = max(self.run.terms.delay_s, delays.get(fate.row.host) or 0.0)
            took = fate.result.seconds
            if delay and took:
                next_at = self._at(fate.result) + timedelta(seconds=max(delay, min(took, hosts.SLOWER_MOST_S)))
                times[fate.row.host] = max(next_at, times.get(fate.row.host, next_at))
        hosts.slow(self.db, times)

    # its links

    def _links(self, fates: Sequence[_Fate]) -> None:
        wanted = [(fate, want) for fate in fates for want in links.wanted(self.db, fate.row, fate.result)]
        ids: dict[str, int] = {}
        if wanted:
            added = add(self.db, self.run, [want for _, want in wanted], self.now)
            ids = added.ids
            self.linked.update(ids.values())
            for fate, want in wanted:
                if want.link.url in added.new:
                    added.new.discard(want.link.url)
                    fate.links += 1
                    fate.news = fate.news or want.link.kind is Kind.ARTICLE
                    if want.link.kind in LISTINGS:
                        fate.listings.append(want.link.url)
        for fate in fates:
            row, result = fate.row, fate.result
            if row.kind in LISTINGS and row.state in (State.READ, State.UNCHANGED) and row.walk_id is not None:
                self._trapped(fate)
                entries = tuple(dict.fromkeys(link.url for link in result.links if link.kind is Kind.ARTICLE))
                pages = tuple(link for link in result.links if link.page)
                same = result.state is State.UNCHANGED
                reading = listings.Reading(row, row.listing_id or row.id, row.walk_id, entries, pages, same)
                further = listings.record(self.db, self.run, reading, ids, self._at(result))
                self.linked.update(further.ids.values())
                fate.links += len(further.new)

    def _trapped(self, fate: _Fate) -> None:
        if fate.news:
            traps.fruitful(self.db, fate.row)
        elif fate.listings:
            traps.bound(self.db, fate.row, fate.listings)

    # what ends with it

    def _wholes(self, fates: Sequence[_Fate]) -> None:
        """Articles whose last page is now in."""
        of_page = {fate.row.id: fate for fate in fates}
        firsts = {
            fate.row.parent_id if fate.row.kind == Kind.PART else fate.row.id: fate
            for fate in fates
            if fate.row.kind == Kind.PART or fate.row.state == State.PART
        }
        for first_id, last in firsts.items():
            if first_id is None:
                continue
            if self.join is None:
                raise ValueError("a store that settles articles of several pages is opened with join=")
            fate = of_page.get(first_id)
            row = fate.row if fate is not None else records(self.db, [first_id], by_id=True)[0]
            try:
                found = parts.joined(self.db, first_id, self.join)
            except CrawlerError as error:
                row.state, row.reason = State.QUARANTINED, articles.whole(f"{type(error).__name__}: {error}")
                save(self.db, [row])
                continue
            if found is not None:
                self.shelf.look([found[0]])
                self._store(fate or last, row, *found)
                save(self.db, [row])

    def _walks(self, fates: Sequence[_Fate]) -> None:
        """Walks that have read their last page, once all pages of this transaction are in."""
        unread = (State.GONE, State.REFUSED, State.FAILED, State.MOVED, State.QUARANTINED)
        touched: dict[int, bool] = {}
        for row in (fate.row for fate in fates):
            if row.walk_id is not None and row.kind in LISTINGS and row.state in SETTLED:
                touched[row.walk_id] = touched.get(row.walk_id, False) or row.state in unread
        for walk, lost in touched.items():
            walks.end(self.db, self.run, walk, self.now, lost=lost)

    def _archived(self, fates: Sequence[_Fate]) -> None:
        """The index of the archive."""
        saved = [
            {"url_id": fate.row.id, "run_id": self.run.id} | asdict(fate.result.saved)
            for fate in fates
            if fate.result.saved is not None and fate.row.reason != "forgotten"
        ]
        if saved:
            prepared.write(self.db, _ARCHIVED, saved)

    def _settled(self, fate: _Fate) -> Settled:
        row = fate.row
        return Settled(
            url=row.url, state=State(row.state), reason=row.reason, outcome=fate.outcome, article_id=row.article_id,
            article=fate.stored, links=fate.links, retry_at=row.not_before if row.state == State.WAITING else None,
        )  # fmt: skip


def _addressed(article: Article, row: Record) -> Article:
    if article.url and article.canonical_url == row.url:
        return article
    return replace(article, url=article.url or row.url, canonical_url=row.url)


def _keep_validators(row: Record, page: Page) -> None:
    etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
    if page.status == 304:
        row.etag, row.last_modified = etag or row.etag, modified or row.last_modified
    else:
        row.etag, row.last_modified = etag, modified


def _conduct(page: Page | None) -> dict[str, str]:
    if page is None:
        return {}
    return {name: articles.whole(value) for name, value in page.conduct.items()}
