"""Articles of one transaction on their way in: looked up together, written together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from crawler import __version__
from crawler.items import Article
from crawler.store import prepared, quarantined, sqlite
from crawler.store.articles import FIELDS, pack
from crawler.store.records import Outcome, Run
from crawler.store.schema import articles, stories, versions

SAME_TEXT_MIN = 100  # characters: shorter texts are alike by chance
CHUNK = 300

_HELD = select(
    articles.c.id, articles.c.url, articles.c.canonical_url, articles.c.content_hash, articles.c.story_id
).where(
    or_(
        articles.c.id.in_(bindparam("ids", expanding=True)),
        articles.c.url.in_(bindparam("addresses", expanding=True)),
        articles.c.canonical_url.in_(bindparam("canonical", expanding=True)),
    )
)
_SAME_TEXT = select(articles.c.content_hash, articles.c.story_id).where(
    articles.c.content_hash.in_(bindparam("hashes", expanding=True)), articles.c.body_length >= SAME_TEXT_MIN
)
_ADD = insert(articles)
_RENAMED = select(stories.c.name, stories.c.story_id).where(stories.c.name.in_(bindparam("names", expanding=True)))
_RENAME = sqlite.insert(stories)
_RENAME = _RENAME.on_conflict_do_update(index_elements=[stories.c.name], set_={"story_id": _RENAME.excluded.story_id})


@dataclass(frozen=True, slots=True)
class Held:
    """What the store has of an article."""

    id: str
    url: str
    canonical_url: str
    content_hash: str
    story_id: str


@dataclass(frozen=True, slots=True)
class Put:
    """What became of an article."""

    outcome: Outcome
    article: Article
    held_at: str  # canonical address


class Shelf:
    """New articles are written by `save`, all at once; a changed one at once, its former state kept."""

    def __init__(self, db: Connection, run: Run) -> None:
        self._db = db
        self._run = run
        self._by_key: dict[str, Held] = {}  # id, address or canonical address
        self._stories: dict[str, str] = {}  # content hash -> story
        self._renamed: dict[str, str] = {}  # story -> the one that it is part of
        self._new: dict[str, dict[str, Any]] = {}  # by id
        self._released: set[int] = set()

    def look(self, wanted: Iterable[Article]) -> None:
        """Read what is held of these, before they are put."""
        unseen = [article for article in wanted if article.id not in self._by_key]
        for start in range(0, len(unseen), CHUNK):
            some = unseen[start : start + CHUNK]
            keys = {
                "ids": [article.id for article in some],
                "addresses": [article.url for article in some],
                "canonical": [article.canonical_url for article in some],
            }
            self._renamed.update(self._db.execute(_RENAMED, {"names": [one.story_id for one in some]}).all())
            for row in self._db.execute(_HELD, keys):
                self._hold(Held(*row))
            hashes = [one.content_hash for one in some if len(one.body_text) >= SAME_TEXT_MIN]
            if hashes:
                for text, story in self._db.execute(_SAME_TEXT, {"hashes": hashes}):
                    self._stories.setdefault(text, story)

    def put(self, article: Article, *, now: datetime, conduct: Mapping[str, str]) -> Put:
        """Take what is new or changed. `look` has seen the article."""
        held = self._held(article)
        if held is not None and (
            held.canonical_url != article.canonical_url or held.content_hash == article.content_hash
        ):
            self._say(held, article, conduct)
            return Put("unchanged", article, held.canonical_url)
        article = self._in_story(article, held)
        values = self._values(article, conduct)
        if held is None:
            self._new[article.id] = values | {"stored_at": now, "changed_at": None}
        else:
            self.save()
            self._keep(held.id, now)
            changed = update(articles).where(articles.c.id == held.id)
            self._db.execute(changed.values(values | {"changed_at": now}))
        self._hold(Held(article.id, article.url, article.canonical_url, article.content_hash, article.story_id))
        return Put("new" if held is None else "changed", article, article.canonical_url)

    def _say(self, held: Held, article: Article, conduct: Mapping[str, str]) -> None:
        """The words about its use may change while the article does not."""
        if held.canonical_url == article.canonical_url and held.id not in self._new:
            said = update(articles).where(articles.c.id == held.id, articles.c.conduct != dict(conduct))
            self._db.execute(said.values(conduct=dict(conduct)))

    def release(self, row_id: int) -> None:
        """The page is an article now: what quarantine has of it goes."""
        self._released.add(row_id)

    def save(self) -> None:
        if self._new:
            prepared.write(self._db, _ADD, list(self._new.values()))
            self._new.clear()
        if self._released:
            quarantined.release(self._db, self._released)
            self._released.clear()

    def _hold(self, held: Held) -> None:
        for key in (held.id, held.url, held.canonical_url):
            self._by_key.setdefault(key, held)
        self._by_key[held.id] = held

    def _held(self, article: Article) -> Held | None:
        keys = (article.id, article.canonical_url, article.url)
        held = next((self._by_key[key] for key in keys if key in self._by_key), None)
        return None if held is None else self._by_key.get(held.id, held)

    def _in_story(self, article: Article, held: Held | None) -> Article:
        """Articles of one text are one story, with their twins. Of two names the smaller stays: no order decides."""
        own = self._renamed.get(article.story_id, article.story_id)
        names = {own, held.story_id if held is not None else own}
        if len(article.body_text) >= SAME_TEXT_MIN and article.content_hash:
            names.add(self._stories.get(article.content_hash, own))
        story = min(names)
        for other in names - {story}:
            self._rename(other, story)
        if len(article.body_text) >= SAME_TEXT_MIN:
            self._stories[article.content_hash] = story
        return article if article.story_id == story else replace(article, story_id=story)

    def _rename(self, story: str, to: str) -> None:
        """A twin that comes later still has the old name: it is kept, with what it leads to."""
        self._db.execute(update(articles).where(articles.c.story_id == story).values(story_id=to))
        self._db.execute(update(stories).where(stories.c.story_id == story).values(story_id=to))
        self._db.execute(_RENAME, {"name": story, "story_id": to})
        self._renamed = {name: to if led == story else led for name, led in self._renamed.items()} | {story: to}
        for values in self._new.values():
            if values["story_id"] == story:
                values["story_id"] = to
        for text, name in self._stories.items():
            if name == story:
                self._stories[text] = to

    def _values(self, article: Article, conduct: Mapping[str, str]) -> dict[str, Any]:
        return pack(article) | {
            "published_utc": article.published_at,
            "body_length": len(article.body_text),
            "run_id": self._run.id,
            "code": __version__,
            "conduct": dict(conduct),
        }

    def _keep(self, article_id: str, now: datetime) -> None:
        """The present state becomes a version."""
        former = self._db.execute(select(articles).where(articles.c.id == article_id)).one()._mapping
        packed = {name: former[name] for name in FIELDS}
        kept = {"content_hash": former["content_hash"], "code": former["code"], "article": packed}
        self._db.execute(insert(versions).values(article_id=article_id, replaced_at=now, run_id=self._run.id, **kept))
