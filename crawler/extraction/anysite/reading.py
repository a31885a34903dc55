"""Reading: what a page of a site nobody described says, field by field, each worked out when it is asked for."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from lxml import etree

from crawler.dates import Moment
from crawler.errors import BadField
from crawler.extraction.anysite import structured
from crawler.extraction.anysite.block import Block
from crawler.extraction.anysite.body import lead
from crawler.extraction.anysite.body.assemble import assemble
from crawler.extraction.anysite.body.prune import Pruner
from crawler.extraction.anysite.evidence import Evidence
from crawler.extraction.anysite.facts import authors, moments, origin
from crawler.extraction.anysite.facts.language import language
from crawler.extraction.anysite.facts.zones import guessed_zone
from crawler.extraction.anysite.kinds import PageKind, page_kind
from crawler.extraction.anysite.scripts import ScriptArticle, as_element, script_article
from crawler.extraction.anysite.text import loose
from crawler.extraction.anysite.walk import MAX_ELEMENTS
from crawler.items import Provenance, Removed
from crawler.page import Page

T = TypeVar("T")

_ENOUGH_PROSE = 600  # bytes; a page with more holds its article in its tree


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
        """What the page is; only an article is to be stored."""
        return page_kind(self.evidence, self._script.weight if self._script else 0)

    @cached_property
    def _script(self) -> ScriptArticle | None:
        """The article that the page holds in a script, where its tree has less."""
        prose = self.evidence.prose
        if prose > _ENOUGH_PROSE:
            return None
        found = script_article(self.evidence.root)
        return found if found is not None and found.weight > max(_ENOUGH_PROSE, 2.5 * prose) else None

    @cached_property
    def title(self) -> str | None:
        """The printed headline, without the site's name."""
        found = self.evidence.headline
        if found is None:
            return self._said_in_script("title", self._script.title if self._script else None)
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
        if evidence.choice is None or self._script is not None:
            return None
        blocks = lead.leads(evidence.walk, evidence.choice, evidence.head, evidence.descriptions, self._titles)
        text = lead.unlabelled("\n".join(block.text for block in blocks))
        if not text or lead.opens(text, evidence.choice, self._cuts):
            return None
        self.provenance["digest"] = Provenance("standfirst", self._path(blocks[0].element), text[:300])
        return text

    @cached_property
    def published(self) -> Moment | None:
        """First publication, not the last edit."""
        found = moments.published(self.evidence, self._clock)
        raw = self._script.published if self._script else None
        if raw and (found is None or found[0].precision == "day") and (moment := self._clock.read(raw)) is not None:
            found = moment, Provenance("script", None, raw)
        return self._noted("published", found)

    @cached_property
    def modified(self) -> Moment | None:
        return self._noted("modified", moments.modified(self.evidence, self._clock))

    @cached_property
    def authors(self) -> tuple[str, ...]:
        found = self._noted("authors", authors.authors(self.evidence, self.source)) or ()
        if not found and self._script is not None:
            return tuple(authors.cleaned(self._script.authors, self.evidence))
        return found

    @cached_property
    def editors(self) -> tuple[str, ...]:
        return self._noted("editors", origin.editors(self.evidence, lines=self._is_east_asian)) or ()

    @cached_property
    def source(self) -> str | None:
        """The medium the page names as its source."""
        found = self._noted("source", origin.source(self.evidence, lines=self._is_east_asian))
        return found or self._said_in_script("source", self._script.source if self._script else None)

    @cached_property
    def original_title(self) -> str | None:
        return self._noted("original_title", origin.original_title(self.evidence)) if self._is_east_asian else None

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
        return origin.tags(self.evidence)

    @cached_property
    def body(self) -> etree._Element | None:
        """An element of its own (not in the page's tree) that holds the article's blocks in reading order.

        Raises BadField for a page of more elements than are looked at.
        """
        choice = self.evidence.choice
        if self._script is not None:
            self.provenance["body"] = Provenance("script")
            return as_element(self._script)
        if choice is None:
            if self.evidence.walk.cut:
                raise BadField(f"body: more than {MAX_ELEMENTS:,} elements on the page")
            return None
        body, removed = assemble(choice.parts, self._cuts)
        self.removed.extend(removed)
        self.provenance["body"] = Provenance("any site", self._path(choice.main.element))
        return body

    @cached_property
    def _cuts(self) -> dict[Block, str]:
        """What of the chosen blocks is not of the article, with the rule that says so."""
        evidence = self.evidence
        if evidence.choice is None:
            return {}
        return Pruner(evidence.choice.parts, self._titles, evidence.head, self.authors).run()

    @property
    def _titles(self) -> list[str]:
        """All forms of the title that the page has: none of them is text."""
        return [self.title or "", *(said.text for said in self.evidence.titles)]

    @cached_property
    def _is_east_asian(self) -> bool:
        return (self.language or "zh")[:2] in ("zh", "ja", "ko")

    @cached_property
    def _clock(self) -> moments.Clock:
        zone = guessed_zone(self.page.url, self.language) if self.timezone is None else None
        return moments.Clock(self.evidence, self.timezone, zone, self.language)

    @cached_property
    def _sample(self) -> str:
        """Some of the article's own text, to tell its language by."""
        choice = self.evidence.choice
        blocks = choice.main.subtree() if choice is not None else self.evidence.walk.blocks
        texts, size = [self.evidence.headline.text if self.evidence.headline else ""], 0
        for block in blocks:
            if block.own_prose:
                texts.append(block.text[:1000])
                size += len(block.text)
            if size > 1000:
                break
        return " ".join(texts)

    def _noted(self, name: str, found: tuple[T, Provenance] | None) -> T | None:
        """What was found for a field, its origin kept."""
        if found is None:
            return None
        self.provenance[name] = found[1]
        return found[0]

    def _said_in_script(self, name: str, value: str | None) -> str | None:
        if value:
            self.provenance[name] = Provenance("script", None, value)
        return value

    def _path(self, element: etree._Element) -> str:
        return str(element.getroottree().getpath(element))
