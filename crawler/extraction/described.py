"""Articles of a described site: its rules first, the any-site engine for what they leave out or do not find."""

import copy
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from crawler.body import Body
from crawler.credits import names, source_name
from crawler.dates import Moment, read_date
from crawler.errors import BadField, CrawlerError, FieldMissing
from crawler.extraction import anysite
from crawler.extraction.anysite import PageKind
from crawler.extraction.anysite.walk import MAX_ELEMENTS
from crawler.extraction.days import clock_of, day_of
from crawler.extraction.rules import Hit, body_of, folded, many, one
from crawler.extraction.taken import path_in, taken_out
from crawler.items import Article, Provenance, Removed
from crawler.page import Page
from crawler.site import Rule, Site
from crawler.urls import join

T = TypeVar("T")

_DOUBT = timedelta(days=3)  # a page's date this far from its URL's date is wrong
_FIRST_YEAR = 1990
_DATED_KEY = re.compile(r"[A-Za-z]{0,4}(20\d{6})\d{6,12}", re.ASCII)
_COUNTED_BYTES = 1_000_000  # smaller pages hold no more elements than a body may have: cleaning 300,000 takes 10 s
_ELEMENTS = etree.XPath("count(descendant::*)")
_TEXT_FIELDS = ("subtitle", "digest", "original_title", "category", "category_name", "upstream_id")


@dataclass(slots=True)
class Draft:
    """An article as far as its page could be read."""

    article: Article
    body: Body | None = None
    problem: CrawlerError | None = None  # the first required field that could not be read
    kind: PageKind = PageKind.ARTICLE  # another one only where the site's rules do not vouch for the page


def draft(site: Site, page: Page) -> Draft:
    """Everything the page says, whether it is enough for an article or not. Raises NotHtml."""
    reader = _Reader(site, page)
    reader.read()
    return Draft(reader.article, reader.body, reader.problem, _kind(reader))


@dataclass
class _Reader:
    """One page being read."""

    site: Site
    page: Page
    values: dict[str, Any] = field(default_factory=dict)  # of the article
    body: Body | None = None
    problem: CrawlerError | None = None
    warnings: list[str] = field(default_factory=list)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    nodes: list[tuple[str, etree._Element]] = field(default_factory=list)  # what rules read: kept out of the body

    @cached_property
    def guess(self) -> anysite.Reading:
        language = self.site.language
        return anysite.read(self.page, timezone=self.site.timezone, language=language)

    @cached_property
    def url(self) -> str:
        return self.site.canonical(self.page.url)

    @cached_property
    def facts(self) -> dict[str, str]:
        return self.site.facts(self.url)

    def read(self) -> None:
        _ = self.page.selector  # NotHtml comes before anything else
        for step in (self._title, self._texts, self._times, self._people, self._links, self._identity, self._body):
            try:
                step()
            except (BadField, FieldMissing) as problem:
                self.problem = self.problem or problem
        stated = self.page.tree.get("lang") if self.page.type == "html" else None
        language = stated or self.site.language
        if not language and not self.site.body:
            language = self._fallback("language", "", lambda guess: guess.language)
        self._set(language=language)

    @property
    def article(self) -> Article:
        return Article(
            site=self.site.name,
            url=self.page.url,
            canonical_url=self.url,
            fetched_at=self.page.fetched_at,
            warnings=tuple(self.warnings),
            provenance=self.provenance,
            **self.values,
        )

    def _set(self, **values: Any) -> None:
        self.values |= values

    def _one(self, name: str, rule: Rule) -> Hit | None:
        hit = one(rule, self.page.selector) if rule else None
        if hit is not None:
            self._note(name, hit)
        return hit

    def _note(self, name: str, hit: Hit) -> None:
        self.provenance.setdefault(name, hit.provenance)
        if hit.node is not None:
            self.nodes.append((name, hit.node))

    def _fallback(self, name: str, rule: object, ask: Callable[[anysite.Reading], T]) -> T | None:
        """What the any-site engine finds for a field that has no rule, or whose rule finds nothing."""
        if self.page.type != "html" or (callable(rule) and self.problem is not None):
            return None
        value = ask(self.guess)
        if value is not None and value != ():
            self.provenance[name] = self.guess.provenance.get(name, Provenance("any-site"))
            if rule:
                self.warnings.append(f"{name}: the site's rule found nothing, taken from the any-site engine")
        return value

    def _title(self) -> None:
        hit = self._one("title", self.site.title)
        title = hit.value if hit else None
        if not title and not callable(self.site.title):  # a function has looked at the page: its None is the answer
            title = self._fallback("title", self.site.title, lambda guess: guess.title)
        if not title:
            raise FieldMissing("title")
        self._set(title=folded(title))
        if title in _file_names(self.url):
            raise BadField("title: is the page's file name")

    def _texts(self) -> None:
        for name in _TEXT_FIELDS:
            if hit := self._one(name, getattr(self.site, name)):
                self._set(**{name: hit.value})
        if kind := self._one("kind", self.site.kind):
            self._set(kind=kind.value)
        if source := self._one("source", self.site.source):
            self._set(source=source_name(source.value))
        if not self.site.body:
            self._guess_texts()

    def _guess_texts(self) -> None:
        """An undescribed site: every text the any-site engine can tell."""
        if not self.site.digest:
            self._set(digest=self._fallback("digest", "", lambda guess: guess.digest))
        if not self.site.source:
            self._set(source=self._fallback("source", "", lambda guess: guess.source))
        if not self.site.original_title:
            self._set(original_title=self._fallback("original_title", "", lambda guess: guess.original_title))

    def _times(self) -> None:
        moment = self._moment("published", self.site.published)
        stated = self.provenance.get("published")
        if stated is not None:
            moment = self._against_url(moment, stated.raw)
        if moment is None:
            moment = self._guessed_time()
        if moment is None:
            self.warnings.append("published: no date on the page")
        else:
            self._set(published_at=moment.at, published_raw=moment.raw, zone_from=moment.zone_from)
            if moment.precision == "day":
                self.warnings.append("published: a day without a time")
            self._doubt(moment)
        modified = self._moment("modified", self.site.modified)
        if modified is None and not self.site.modified and not self.site.body:
            modified = self._fallback("modified", "", lambda guess: guess.modified)
        if modified is not None:
            self._set(modified_at=modified.at)
        for name in ("published", "modified"):
            if name in self.provenance:
                self.provenance[f"{name}_at"] = self.provenance.pop(name)

    def _guessed_time(self) -> Moment | None:
        """What the any-site engine finds, unless the address states another day: a date in the text dates no page."""
        stated = day_of(self.facts.get("date", ""))
        if stated is not None and self.problem is None and self.page.type == "html":
            guess = self.guess.published
            if guess is None or abs(guess.at.astimezone(ZoneInfo(self.site.timezone)).date() - stated) > _DOUBT:
                return self._against_url(None, None)
        return self._fallback("published", self.site.published, lambda guess: guess.published)

    def _moment(self, name: str, rule: Rule) -> Moment | None:
        hit = self._one(name, rule)
        if hit is None:
            return None
        moment = read_date(hit.value, timezone=self.site.timezone, now=self.page.fetched_at)
        if moment is None:
            self.warnings.append(f"{name}: the site's rule found no date")
        return moment

    def _against_url(self, moment: Moment | None, raw: str | None) -> Moment | None:
        """The day that the URL states beats an impossible year, a far-off day, and none at all."""
        stated = day_of(self.facts.get("date", ""))
        if stated is None or self.problem is not None:  # a page without title is broken, and its address with it
            return moment
        zone = ZoneInfo(self.site.timezone)
        likely = moment is not None and _FIRST_YEAR <= moment.at.year <= self.page.fetched_at.year + 1
        if moment is not None and likely and abs(moment.at.astimezone(zone).date() - stated) <= _DOUBT:
            return moment
        self.warnings.append("published: the day is the address's, the page states " + ("another" if raw else "none"))
        hour, minute, second = clock_of(moment, zone, raw)
        at = datetime(stated.year, stated.month, stated.day, hour, minute, second, tzinfo=zone)
        stated_time = (hour, minute, second) != (0, 0, 0)
        return Moment(at, raw or self.facts["date"], "site", "minute" if stated_time else "day")

    def _doubt(self, moment: Moment) -> None:
        """A key that starts with a day is a second witness: another day means a time without its zone."""
        key = _DATED_KEY.fullmatch(self.facts.get("story") or self.facts.get("key", ""))
        said = day_of(key[1]) if key else None
        if said is not None and said != moment.at.astimezone(ZoneInfo(self.site.timezone)).date():
            self.warnings.append("published: another day than the key's; the time is doubtful")

    def _people(self) -> None:
        selector = self.page.selector
        for name in ("authors", "editors"):
            hits = list(many(getattr(self.site, name), selector))
            for hit in hits:
                self._note(name, hit)
            found = dict.fromkeys(person for hit in hits for person in names(hit.value))
            self._set(**{name: tuple(found)})
        tags = list(many(self.site.tags, selector))
        for hit in tags:
            self._note("tags", hit)
        self._set(tags=tuple(dict.fromkeys(hit.value for hit in tags)))
        if not self.site.body:
            self._guess_people()

    def _guess_people(self) -> None:
        if not self.site.authors:
            self._set(authors=self._fallback("authors", "", lambda guess: guess.authors) or ())
        if not self.site.editors:
            self._set(editors=self._fallback("editors", "", lambda guess: guess.editors) or ())
        if not self.site.tags:
            self._set(tags=self._fallback("tags", "", lambda guess: guess.tags) or ())

    def _links(self) -> None:
        for name in ("source_url", "share_url"):
            if (hit := self._one(name, getattr(self.site, name))) and (url := join(self.page.base_url, hit.value)):
                self._set(**{name: url})

    def _identity(self) -> None:
        upstream = self.values.get("upstream_id") or self.facts.get("key")
        native = self.facts.get("key") or upstream or self.url
        identity = _digest(f"{self.site.name}\n{native}")
        story = self.facts.get("story")
        slug = self.values.get("category") or self.facts.get("category", "")
        self._set(
            id=identity,
            story_id=_digest(f"story\n{story}") if story else identity,
            upstream_id=upstream,
            category=slug,
            category_name=self.values.get("category_name") or self.site.category_names.get(slug),
        )

    def _body(self) -> None:
        found = body_of(self.site.body, self.page.selector) if self.site.body else None
        removed: list[Removed] = []
        if found is not None:
            element, self.provenance["body"] = found
            if len(self.page.body) > _COUNTED_BYTES and _ELEMENTS(element) > MAX_ELEMENTS:
                raise BadField(f"body: more than {MAX_ELEMENTS:,} elements")
            taken = [(name, path) for name, node in self.nodes if (path := path_in(element, node)) is not None]
            tree = copy.deepcopy(element)
            tree.tail = None
            removed = taken_out(tree, taken)
        else:
            guessed = self._fallback("body", self.site.body, lambda guess: guess.body)
            if guessed is None:
                raise FieldMissing("body")
            tree = guessed
            removed = list(self.guess.removed)
        site = self.site
        self.body = Body(
            tree, self.page.base_url, site.junk, site.unwrap, self.values.get("title", ""), removed=removed
        )


def _kind(reader: _Reader) -> PageKind:
    """What a page is, where no rule vouches for it. A described site's page that lacks a field may be a challenge; that
    it looks like a listing says nothing of it.
    """
    if reader.page.type != "html" or (reader.site.body and reader.problem is None):
        return PageKind.ARTICLE
    kind = reader.guess.kind
    return kind if not reader.site.body or kind is PageKind.CHALLENGE else PageKind.ARTICLE


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _file_names(url: str) -> tuple[str, str]:
    """The last part of a URL's path, with and without its suffix."""
    name = unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])
    return (name, name.rsplit(".", 1)[0]) if len(name) > 4 else ("", "")
