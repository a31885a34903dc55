"""Dates as news pages print them, read to the minute with their zone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime  # aware
    raw: str  # the characters it was read from
    zone_from: Literal["page", "site", "inferred"]  # printed on the page, the site's known zone, or a guess
    precision: Literal["day", "minute", "second"]


def read_date(text: str, *, timezone: str | None, now: datetime) -> Moment | None:
    """The first date in `text`, or None. `timezone` is the site's IANA zone, None when it is not known (then UTC,
    inferred); `now` (aware) is the fetch time, which relative forms and forms without a year are read against.
    """
    raise NotImplementedError
