"""What a run is to do, read from the settings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from crawler.archive import folder_for

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of ours, typed; settings.py says what each means."""

    db: str
    delay_s: float | None
    limit: int
    since: datetime | None
    recheck: timedelta | None
    in_flight: int
    patience_s: float
    progress_s: float
    command: str
    archive: Path | None
    listings: frozenset[str] | None
    limit_fetched: bool

    @classmethod
    def of(cls, settings: "BaseSettings") -> Self:
        delay_s, since, listings = settings.get("DELAY_S"), settings.get("SINCE"), settings.get("LISTINGS")
        recheck_s = settings.getfloat("RECHECK_S")
        return cls(
            db=settings.get("DB"),
            delay_s=None if delay_s is None else float(delay_s),
            limit=settings.getint("LIMIT"),
            since=_moment(since) if since else None,
            recheck=timedelta(seconds=recheck_s) if recheck_s else None,
            in_flight=settings.getint("CONCURRENT_REQUESTS"),
            patience_s=settings.getfloat("PATIENCE_S"),
            progress_s=settings.getfloat("PROGRESS_S"),
            command=settings.get("COMMAND"),
            archive=_archive(settings.get("ARCHIVE"), settings.get("DB")),
            listings=None if listings is None else frozenset(settings.getlist("LISTINGS")),
            limit_fetched=settings.getbool("LIMIT_FETCHED"),
        )


def _archive(folder: str | None, db: str) -> Path | None:
    if folder is None:
        return folder_for(Path(db))
    return Path(folder) if folder else None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
