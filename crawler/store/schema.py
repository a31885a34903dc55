"""The tables. People query them: docs/schema.md tells each column, and a change here is a migration."""

from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from crawler.store.columns import Json, Utc

metadata = MetaData()


# SQLite takes a partial index only where the query repeats its condition word for word, so each stands here once.
READY = text("urls.state = 'waiting' AND urls.not_before IS NULL")
DELAYED = text("urls.state = 'waiting' AND urls.not_before IS NOT NULL")
LEASED = text("urls.state = 'leased'")
FAILED = text("urls.state = 'failed'")
TROUBLE = text("urls.state IN ('failed', 'quarantined')")
ROBOTS = text("urls.kind = 'robots'")
A_LISTING = text("urls.kind IN ('listing', 'feed', 'sitemap') AND urls.listing_id IS NULL")
IN_WALK = text("urls.walk_id IS NOT NULL")


def _partial(name: str, *columns: str, where: Any) -> Index:
    condition = text(where.text.replace("urls.", ""))
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("heartbeat_at", Utc, nullable=False),
    Column("began_at", Utc),
    Column("ended_at", Utc),
    Column("reason", Text),
    Column("requests", Integer, nullable=False, server_default="0"),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("articles", Integer, nullable=False, server_default="0"),
    Column("body_length", Integer),
    Column("states", Json),
    Column("presence", Json),
    Index("runs_of_site", "site", "started_at"),
)

run_groups = Table(
    "run_groups",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("category", Text, primary_key=True),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("site", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("scheduled", Integer, nullable=False),
)

urls = Table(
    "urls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("site", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("target", Text),
    Column("parent_id", Integer, ForeignKey("urls.id")),
    Column("listing_id", Integer, ForeignKey("urls.id")),
    Column("walk_id", Integer, ForeignKey("walks.id")),
    Column("number", Integer, nullable=False),
    Column("barren", Integer, nullable=False),
    Column("hops", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("not_before", Utc),
    Column("run_id", Integer, ForeignKey("runs.id")),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("published", Utc),
    Column("scheduled_at", Utc, nullable=False),
    Column("settled_at", Utc),
    Column("settled_run_id", Integer, ForeignKey("runs.id")),
    Column("status", Integer),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("content_hash", Text),
    Column("article_id", Text),
    Column("requests", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Index("urls_of_group", "site", "category", "state", "reason"),
    Index("urls_of_article", "article_id"),
    Index("urls_of_parent", "parent_id", "kind"),
    _partial("urls_ready", "site", "host", "priority", "id", where=READY),
    _partial("urls_ready_of_category", "site", "category", "host", "priority", "id", where=READY),
    _partial("urls_delayed", "site", "not_before", where=DELAYED),
    _partial("urls_leased", "site", where=LEASED),
    _partial("urls_failed", "site", "not_before", where=FAILED),
    _partial("urls_trouble", "settled_run_id", where=TROUBLE),
    _partial("urls_robots", "target", where=ROBOTS),
    _partial("urls_listings", "site", "category", "id", where=A_LISTING),
    _partial("urls_in_walk", "walk_id", "state", where=IN_WALK),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    Column("next_at", Utc),
    Column("hold_until", Utc),
    Column("hold_reason", Text),
    Column("crawl_delay_s", Float),
    Column("robots_status", Integer),
    Column("robots_body", LargeBinary),
    Column("robots_fetched_at", Utc),
    Column("robots_expires_at", Utc),
)

walks = Table(
    "walks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("listing_id", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("read_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("reason", Text),
    Column("before_id", Integer, ForeignKey("walks.id")),
    Column("verdict", Text),
    Column("why", Text),
    Column("page", Integer),
    Column("entries", Integer),
    Column("new", Integer),
    Column("overlap", Integer),
    Column("newest_before", Integer),
    Column("oldest_now", Integer),
    Column("calm", Integer),
    Column("broken", Integer),
    Column("late", Integer),
    Index("walks_of_listing", "listing_id", "ended_at"),
)

listed = Table(
    "listed",
    metadata,
    Column("listing_id", Integer, primary_key=True),
    Column("url_id", Integer, primary_key=True),
    Column("walk_id", Integer, ForeignKey("walks.id"), nullable=False),
    sqlite_with_rowid=False,
)

polls = Table(
    "polls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("listing_id", Integer, nullable=False),
    Column("url_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("walk_id", Integer, ForeignKey("walks.id"), nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("entries", Json),
    Column("same_as", Integer, ForeignKey("polls.id")),
    Index("polls_of_walk", "walk_id"),
    Index("polls_of_page", "url_id", "id"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("category_name", Text),
    Column("kind", Text, nullable=False),
    Column("story_id", Text, nullable=False),
    Column("upstream_id", Text),
    Column("title", Text, nullable=False),
    Column("subtitle", Text),
    Column("digest", Text),
    Column("authors", Json, nullable=False),
    Column("editors", Json, nullable=False),
    Column("source", Text),
    Column("source_url", Text),
    Column("share_url", Text),
    Column("original_title", Text),
    Column("published_at", Text),
    Column("published_utc", Utc),
    Column("published_raw", Text),
    Column("zone_from", Text),
    Column("modified_at", Text),
    Column("fetched_at", Text),
    Column("language", Text),
    Column("tags", Json, nullable=False),
    Column("word_count", Integer, nullable=False),
    Column("body_length", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("conduct", Json, nullable=False),
    Column("code", Text, nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id")),
    Column("stored_at", Utc, nullable=False),
    Column("changed_at", Utc),
    # Long ones last: SQLite reads a row from its start, and what only looks at the columns above leaves these alone.
    Column("images", Json, nullable=False),
    Column("warnings", Json, nullable=False),
    Column("body_text", Text, nullable=False),
    Column("body_html", Text, nullable=False),
    Column("body_markdown", Text, nullable=False),
    Column("provenance", Json, nullable=False),
    Column("removed", Json, nullable=False),
    UniqueConstraint("url", name="articles_url"),
    UniqueConstraint("canonical_url", name="articles_canonical_url"),
    Index("articles_of_site", "site", "published_utc", "id"),
    Index("articles_by_time", "published_utc", "id"),
    Index("articles_of_story", "story_id"),
    Index("articles_of_run", "run_id"),
    Index("articles_of_content", "content_hash"),
)

stories = Table(
    "stories",
    metadata,
    Column("name", Text, primary_key=True),
    Column("story_id", Text, nullable=False),
    Index("stories_of_story", "story_id"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "article_id",
        Text,
        ForeignKey("articles.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("content_hash", Text, nullable=False),
    Column("replaced_at", Utc, nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id")),
    Column("code", Text, nullable=False),
    Column("article", Json, nullable=False),
)

parts = Table(
    "parts",
    metadata,
    Column("url_id", Integer, ForeignKey("urls.id"), primary_key=True),
    Column("parent_id", Integer, ForeignKey("urls.id"), nullable=False, index=True),
    Column("article", Json, nullable=False),
    Column("conduct", Json, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("url_id", Integer, ForeignKey("urls.id"), primary_key=True),
    Column("site", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id")),
    Column("status", Integer, nullable=False),
    Column("headers", Json, nullable=False),
    Column("article", Json),
    Column("body", LargeBinary, nullable=False),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Utc, nullable=False),
)

responses = Table(
    "responses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url_id", Integer, ForeignKey("urls.id")),
    Column("run_id", Integer, ForeignKey("runs.id")),
    Column("url", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Integer),
    Column("file", Text, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("digest", Text),
    Index("responses_of_url", "url", "at"),
    Index("responses_of_file", "file", "offset"),
    Index("responses_of_digest", "digest"),
)
