"""A new reading of a page that was fetched before: the article is written anew, what it was before stays a version."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from crawler import __version__
from crawler.items import Article
from crawler.store import Store
from crawler.store.articles import pack
from crawler.store.schema import articles, urls, versions


def revise(store: Store, revised: list[Article], *, now: datetime) -> int:
    """Write them in one transaction; how many were. One that was fetched anew since it was read is left alone."""
    with store._write() as db:
        return sum(_revise(db, article, now) for article in revised)


def _revise(db: Connection, article: Article, now: datetime) -> bool:
    former = db.execute(select(articles).where(articles.c.id == article.id)).first()
    packed = pack(article)
    if former is None or former.fetched_at != packed["fetched_at"]:
        return False
    kept = {name: former._mapping[name] for name in packed}
    db.execute(
        insert(versions).values(
            article_id=article.id,
            replaced_at=now,
            run_id=None,
            content_hash=former.content_hash,
            code=former.code,
            article=kept,
        )
    )
    derived = {"published_utc": article.published_at, "body_length": len(article.body_text), "code": __version__}
    changed = update(articles).where(articles.c.id == article.id)
    db.execute(changed.values(packed | derived | {"changed_at": now}))
    db.execute(update(urls).where(urls.c.article_id == article.id).values(content_hash=article.content_hash))
    return True
