"""The day that an address or a key states, and the time of day beside a day that is wrong."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from crawler.dates import Moment

_CLOCK = re.compile(r"\b(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?", re.ASCII)


def day_of(text: str) -> date | None:
    digits = re.sub(r"\D", "", text)
    if len(digits) == 6:
        digits = "20" + digits
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def clock_of(moment: Moment | None, zone: ZoneInfo, raw: str | None) -> tuple[int, int, int]:
    """The time of day that a page states beside a day that is wrong."""
    if moment is not None and moment.precision != "day":
        at = moment.at.astimezone(zone)
        return at.hour, at.minute, at.second
    if (match := _CLOCK.search(raw or "")) and int(match[1]) < 24 and int(match[2]) < 60:
        return int(match[1]), int(match[2]), min(int(match[3] or 0), 59)
    return 0, 0, 0
