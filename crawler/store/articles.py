"""Articles and their former versions: between `Article` and rows."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, or_, select

from crawler.items import Article, Image, Provenance, Removed
from crawler.store.records import Version
from crawler.store.schema import articles, parts, quarantine, urls, versions

TIMES = ("published_at", "modified_at", "fetched_at")
LISTS = ("authors", "editors", "tags", "warnings")
FIELDS = tuple(field.name for field in fields(Article))
_WHOLE = select(*(articles.c[name] for name in FIELDS))


def whole(text: str) -> str:
    """Text that every database takes: no NUL, no half of a surrogate pair, both of which pages can contain."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def pack(article: Article) -> dict[str, Any]:
    """As JSON has it: times in ISO 8601 with their zone, tuples as lists."""
    packed: dict[str, Any] = {name: _packed(getattr(article, name)) for name in FIELDS}
    packed["provenance"] = {whole(name): _packed(value) for name, value in article.provenance.items()}
    return packed


def _packed(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_packed(item) for item in value]
    if isinstance(value, (Image, Removed, Provenance)):
        return {name: _packed(getattr(value, name)) for name in value.__slots__}
    return value


def unpack(packed: Mapping[str, Any]) -> Article:
    """The inverse of `pack`; fields that a later version added get their defaults."""
    known: dict[str, Any] = {name: packed[name] for name in FIELDS if name in packed}
    for name in TIMES:
        known[name] = datetime.fromisoformat(known[name]) if known.get(name) else None
    for name in LISTS:
        known[name] = tuple(known.get(name) or ())
    known["images"] = tuple(Image(**image) for image in known.get("images") or ())
    known["removed"] = tuple(Removed(**line) for line in known.get("removed") or ())
    known["provenance"] = {name: Provenance(**where) for name, where in (known.get("provenance") or {}).items()}
    return Article(**known)


# reading


def one(db: Connection, id_or_url: str) -> Article | None:
    found = db.execute(_WHOLE.where(or_(articles.c.id == id_or_url, articles.c.url == id_or_url))).first()
    if found is None:
        by_row = _WHOLE.join(urls, urls.c.article_id == articles.c.id).where(urls.c.url == id_or_url)
        found = db.execute(by_row).first()
    return None if found is None else unpack(found._asdict())


def many(db: Connection, *, site: str | None, category: str | None, since: datetime | None) -> Iterator[Article]:
    """By publication; the undated after the dated."""
    wanted = _WHOLE
    if site is not None:
        wanted = wanted.where(articles.c.site == site)
    if category is not None:
        wanted = wanted.where(articles.c.category == category)
    dated = wanted.where(articles.c.published_utc.is_not(None))
    if since is not None:
        dated = dated.where(articles.c.published_utc >= since)
    undated = wanted.where(articles.c.published_utc.is_(None)).order_by(articles.c.id)
    for statement in (dated.order_by(articles.c.published_utc, articles.c.id), undated):
        for row in db.execution_options(yield_per=100).execute(statement):
            yield unpack(row._asdict())


def latest(db: Connection, number: int) -> list[Article]:
    """The newest first, by publication; then undated ones. Both by an index."""
    dated = _WHOLE.where(articles.c.published_utc.is_not(None))
    dated = dated.order_by(articles.c.published_utc.desc(), articles.c.id.desc()).limit(number)
    found = db.execute(dated).all()
    if len(found) < number:
        undated = _WHOLE.where(articles.c.published_utc.is_(None)).order_by(articles.c.id)
        found = [*found, *db.execute(undated.limit(number - len(found)))]
    return [unpack(row._asdict()) for row in found]


def story(db: Connection, story_id: str) -> list[Article]:
    found = _WHOLE.where(articles.c.story_id == story_id).order_by(articles.c.published_utc, articles.c.id)
    return [unpack(row._asdict()) for row in db.execute(found)]


def conduct(db: Connection, article_id: str) -> dict[str, str]:
    return dict(db.execute(select(articles.c.conduct).where(articles.c.id == article_id)).scalar() or {})


def former(db: Connection, article_id: str) -> list[Version]:
    found = select(versions.c.article, versions.c.replaced_at, versions.c.run_id)
    found = found.where(versions.c.article_id == article_id).order_by(versions.c.id)
    return [Version(unpack(article), at, run_id) for article, at, run_id in db.execute(found)]


def erase(db: Connection, article_ids: set[str], row_ids: set[int]) -> None:
    """Every copy of these articles and of what these rows held."""
    db.execute(delete(versions).where(versions.c.article_id.in_(article_ids)))
    db.execute(delete(articles).where(articles.c.id.in_(article_ids)))
    db.execute(delete(quarantine).where(quarantine.c.url_id.in_(row_ids)))
    db.execute(delete(parts).where(or_(parts.c.url_id.in_(row_ids), parts.c.parent_id.in_(row_ids))))
