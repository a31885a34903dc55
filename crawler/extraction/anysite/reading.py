"""Reading: what a page of a site nobody described says, field by field, each worked out when it is asked for."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from lxml import etree

from crawler.dates import Moment
from crawler.extraction.anysite import credits, lead, moments, people, structured
from crawler.extraction.anysite.assemble import assemble
from crawler.extraction.anysite.evidence import Evidence
from crawler.extraction.anysite.language import language
from crawler.extraction.anysite.prune import Pruner
from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.zones import guessed_zone
from crawler.items import Provenance, Removed
from crawler.page import Page


class PageKind(StrEnum):
    """What a page is. Only an article is stored as one; the value is the reason of the rest."""

    ARTICLE = "article"
    LISTING = "listing"
    GALLERY = "gallery"
    VIDEO = "video"
    LIVE = "live blog"
    CHALLENGE = "challenge"
    MISSING = "soft 404"
    PAYWALL = "paywall"


@dataclass(eq=False)
class Reading:
    """The answers; `None` or empty where the page has no such thing. Asking for one field costs that field alone.

    `provenance` and `warnings` fill as fields are asked for.
    """

    page: Page
    timezone: str | None = None  # of dates that state no zone
    site_language: str | None = None
    provenance: dict[str, Provenance] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)  # what was cut out of `body` before it was handed over

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(self.page)

    @cached_property
    def kind(self) -> PageKind:
        return PageKind.ARTICLE

    @cached_property
    def title(self) -> str | None:
        """The printed headline, without the site's name."""
        found = self.evidence.headline
        if found is None:
            return None
        node = self._path(found.block.element) if found.block is not None and found.rule in ("h1", "headline") else None
        self.provenance["title"] = Provenance(found.rule, node, found.text)
        return found.text

    @cached_property
    def subtitle(self) -> str | None:
        """A second headline, where the structured data names one."""
        text = structured.string(self.evidence.item.get("alternativeHeadline"))
        return text if text and loose(text) != loose(self.title or "") else None

    @cached_property
    def digest(self) -> str | None:
        """A standfirst that is shown outside the body."""
        evidence = self.evidence
        if evidence.choice is None:
            return None
        head = evidence.headline.block if evidence.headline else None
        titles = [self.title or "", *(said.text for said in evidence.titles)]
        blocks = lead.leads(evidence.walk, evidence.choice, head, evidence.descriptions, titles)
        if not blocks:
            return None
        text = "\n".join(block.text for block in blocks)
        self.provenance["digest"] = Provenance("standfirst", self._path(blocks[0].element), text[:300])
        return text

    @cached_property
    def published(self) -> Moment | None:
        """First publication, not the last edit."""
        return self._dated("published", moments.published(self.evidence, self._clock))

    @cached_property
    def modified(self) -> Moment | None:
        return self._dated("modified", moments.modified(self.evidence, self._clock))

    @cached_property
    def authors(self) -> tuple[str, ...]:
        return self._named("authors", people.authors(self.evidence, self.source))

    @cached_property
    def editors(self) -> tuple[str, ...]:
        return self._named("editors", credits.editors(self.evidence))

    @cached_property
    def source(self) -> str | None:
        """The medium the page names as its source."""
        return self._said("source", credits.source(self.evidence))

    @cached_property
    def original_title(self) -> str | None:
        return self._said("original_title", credits.original_title(self.evidence))

    @cached_property
    def language(self) -> str | None:
        """BCP 47: stated, unless the letters of the text say otherwise."""
        root, meta = self.evidence.root, self.evidence.meta
        item = self.evidence.item.get("inLanguage")
        stated = [
            root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
            item if isinstance(item, str) else None,
            meta.get("og:locale"),
            meta.get("content-language"),
            meta.get("dc.language"),
            self.site_language,
        ]
        return language(stated, self._sample)

    @cached_property
    def tags(self) -> tuple[str, ...]:
        return credits.tags(self.evidence)

    @cached_property
    def body(self) -> etree._Element | None:
        """An element of its own (not in the page's tree) that holds the article's blocks in reading order."""
        choice = self.evidence.choice
        if choice is None:
            return None
        headline = self.evidence.headline
        titles = [self.title or "", *(said.text for said in self.evidence.titles)]
        cuts = Pruner(choice.parts, titles, headline.block if headline else None, self.authors).run()
        body, removed = assemble(choice.parts, cuts)
        self.removed.extend(removed)
        self.provenance["body"] = Provenance("any site", self._path(choice.main.element))
        return body

    @cached_property
    def _clock(self) -> moments.Clock:
        zone = guessed_zone(self.page.url, self.language) if self.timezone is None else None
        return moments.Clock(self.evidence, self.timezone, zone, self.language)

    @cached_property
    def _sample(self) -> str:
        """Some of the article's own text, to tell its language by."""
        choice = self.evidence.choice
        blocks = choice.main.subtree() if choice is not None else iter(self.evidence.walk.blocks)
        texts, size = [self.evidence.headline.text if self.evidence.headline else ""], 0
        for block in blocks:
            if block.own_prose:
                texts.append(block.text[:1000])
                size += len(block.text)
            if size > 1000:
                break
        return " ".join(texts)

    def _dated(self, name: str, found: moments.Dated | None) -> Moment | None:
        if found is None:
            return None
        self.provenance[name] = found[1]
        return found[0]

    def _named(self, name: str, found: tuple[tuple[str, ...], Provenance] | None) -> tuple[str, ...]:
        if found is None:
            return ()
        self.provenance[name] = found[1]
        return found[0]

    def _said(self, name: str, found: tuple[str, Provenance] | None) -> str | None:
        if found is None:
            return None
        self.provenance[name] = found[1]
        return found[0]

    def _path(self, element: etree._Element) -> str:
        return str(element.getroottree().getpath(element))
