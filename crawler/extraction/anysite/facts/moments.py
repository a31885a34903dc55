"""When the article was published: structured data where the page does not contradict it, else what is printed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import chain

from crawler.dates import Moment
from crawler.extraction.anysite.evidence import Evidence
from crawler.extraction.anysite.facts import stated_dates
from crawler.extraction.anysite.facts.printed_dates import Printed, anywhere, marked, printed, printed_with
from crawler.extraction.anysite.facts.stated_dates import Clock, Dated, modified, scripted, url_date
from crawler.items import Provenance

__all__ = ["Clock", "Dated", "modified", "published"]

_FARTHEST_ZONE, _ZONE_STEP = timedelta(hours=14), timedelta(minutes=30)
_ZONE_SLACK = timedelta(hours=26)  # two printings of one moment in zones that are not told
_REDATED = timedelta(days=30)  # an edit of the news comes within days; a guide is dated anew after months


def published(evidence: Evidence, clock: Clock) -> Dated | None:
    """The moment of first publication, and where it was read."""
    statements = stated_dates.published(evidence, clock)
    edited = modified(evidence, clock)
    by_url = url_date(evidence.page.url)
    if (sure := _undisputed(evidence, clock, statements, edited, by_url)) is not None:
        return sure
    is_stated = any(_is_exact(moment) for moment, _ in statements)
    near = statements[0][0] if statements else None

    def is_enough(entry: Printed) -> bool:
        return near is None and entry.is_likely and by_url in (None, entry.moment.at.date().isoformat())

    shown = printed(evidence, clock, named=not is_stated, near=near, enough=is_enough)
    if statements:
        best = _best_stated(statements, edited, shown, by_url)
        if best is not None:
            return best
    told = _in_place_of(shown, evidence, clock, edited) if by_url is None else None
    if told is None and by_url is None and shown and shown[0].in_prose:
        told = anywhere(evidence, clock, labelled=True)  # below the text, where those of the text are read first
    return told or _best_printed(shown, by_url) or _of_url(clock, by_url) or anywhere(evidence, clock)


def _in_place_of(shown: Sequence[Printed], evidence: Evidence, clock: Clock, edited: Dated | None) -> Dated | None:
    """What a page says elsewhere, where it prints no date, or one that only the day of the reading tells the year of.

    "昨天" is told from the day a page was drawn, which a saved one does not show; "10-08 12:00" lacks its year.
    """
    first = shown[0] if shown else None
    if first is not None and first.has_year:
        return None
    if first is None or first.is_relative:
        return next(scripted(evidence, clock), None)
    day = (first.moment.at.month, first.moment.at.day)
    others = chain([edited] if edited else [], scripted(evidence, clock))
    return next((other for other in others if (other[0].at.month, other[0].at.day) == day), None)


def _undisputed(
    evidence: Evidence, clock: Clock, statements: Sequence[Dated], edited: Dated | None, by_url: str | None
) -> Dated | None:
    """The first statement, where it is to the minute and sides are taken for it: by others, or by what is printed.

    Most pages end here, with a block or two read.
    """
    if not statements or not _is_exact(statements[0][0]):
        return None
    first = statements[0][0]
    is_settled = _is_settled(statements, edited, by_url)
    if is_settled and (own := _in_own_zone(statements)) is not None:
        return own
    numbers = _minutes(first) if is_settled else _days(first)
    shown: list[Printed] = []
    for entry in printed_with(evidence, clock, numbers, first):
        shown.append(entry)
        is_seen = _is_shown_as(entry.moment, first)
        is_settled = is_settled or (is_seen and entry.label != "updated")
        if is_settled and is_seen and (first.at.utcoffset() or _is_exact(entry.moment)):
            break
    if not is_settled:
        return None
    local = _in_local_zone(statements[0], [*statements, *(entry.dated for entry in shown)])
    if local[0].at.utcoffset():
        return local
    return _in_local_zone(local, [entry.dated for entry in marked(evidence, clock, named=False)])


def _minutes(moment: Moment) -> frozenset[str]:
    """What a clock shows of the minute, whatever its zone; at the full hour no minute need be printed."""
    numbers = frozenset(f"{(moment.at.minute + ahead) % 60:02}" for ahead in (0, 30))
    return numbers | _days(moment) if "00" in numbers else numbers


def _days(moment: Moment) -> frozenset[str]:
    """The day of the month as calendars of all zones show it."""
    days = {(moment.at + timedelta(days=ahead)).day for ahead in (-1, 0, 1)}
    return frozenset(text for day in days for text in (str(day), f"{day:02}"))


def _is_settled(statements: Sequence[Dated], edited: Dated | None, by_url: str | None) -> bool:
    """Whether nothing printed can change the first statement but its zone: another statement of the same minute or the
    URL sides with it, and none names another day.
    """
    first = statements[0][0]
    if by_url is not None and _is_on_day(first, by_url):
        return True
    others = [moment for moment, _ in statements[1:4]]
    if not any(abs(moment.at - first.at) < timedelta(minutes=1) for moment in others):
        return False
    named = [*others, edited[0]] if edited else others
    return all(moment.at.astimezone(first.at.tzinfo).date() == first.at.date() for moment in named)


def _in_own_zone(statements: Sequence[Dated]) -> Dated | None:
    """The first statement in the publisher's own zone: as it is, as another states it, as another's clock shows it."""
    first = statements[0][0].at
    for moment, where in statements:
        if moment.zone_from == "page" and moment.at.utcoffset() and abs(moment.at - first) < timedelta(minutes=1):
            return moment, where
    local = _in_local_zone(statements[0], statements)
    return local if local[0].at.utcoffset() else None


def _best_stated(
    statements: Sequence[Dated], edited: Dated | None, shown: Sequence[Printed], by_url: str | None
) -> Dated | None:
    """The first statement that the page does not contradict, to the minute if any of the same day is."""
    agreed = len({dated[0].at.astimezone(UTC).date() for dated in statements[:3]}) == 1 and len(statements) > 1
    chosen = next((dated for dated in statements if agreed or not _is_contradicted(dated[0], shown, by_url)), None)
    if chosen is None:
        return None
    others = [d for d in (*statements, edited) if d and abs(d[0].at - chosen[0].at) >= timedelta(minutes=1)]
    if (again := _dated_anew(chosen[0], others, shown, by_url)) is not None:
        return again
    witnesses = [*statements, *(entry.dated for entry in shown)]
    exact = next((d for d in (chosen, *witnesses) if _same_day(d[0], chosen[0]) and _is_exact(d[0])), chosen)
    return _in_local_zone(exact, witnesses)


def _best_printed(shown: Sequence[Printed], by_url: str | None) -> Dated | None:
    """The printed date that the URL's day agrees with, where one does; else the first that is no part of a sentence."""
    if by_url is None:
        return shown[0].dated if shown else None
    agreeing = (entry for entry in shown if entry.moment.at.date().isoformat() == by_url)
    first = next(agreeing, None) or next((entry for entry in shown if not entry.in_prose), None)
    return first.dated if first else None


def _of_url(clock: Clock, by_url: str | None) -> Dated | None:
    if by_url is None or (moment := clock.read(by_url)) is None:
        return None
    return moment, Provenance("url", None, by_url)


def _in_local_zone(chosen: Dated, others: Sequence[Dated]) -> Dated:
    """The same moment in the publisher's own zone, where the page shows that beside a moment in UTC.

    2023-12-23T01:48Z stated and "December 22, 2023 at 8:48 p.m." printed: 2023-12-22T20:48-05:00
    """
    moment, where = chosen
    if moment.zone_from != "page" or moment.at.utcoffset() or not _is_exact(moment):
        return chosen
    for other, _ in others:
        if not _is_exact(other):
            continue
        if other.zone_from == "page":
            if other.at.utcoffset() and abs(other.at - moment.at) < timedelta(minutes=1):
                return replace(moment, at=moment.at.astimezone(other.at.tzinfo)), where
            continue
        ahead = _ahead(other, moment)
        if ahead:
            return replace(moment, at=moment.at.astimezone(timezone(ahead))), where
    return chosen


def _ahead(local: Moment, moment: Moment) -> timedelta | None:
    """How far ahead of UTC the clock runs that shows `moment` as `local`; None where no clock does."""
    ahead = local.at.replace(tzinfo=UTC, second=0, microsecond=0) - moment.at.replace(second=0, microsecond=0)
    return ahead if abs(ahead) <= _FARTHEST_ZONE and ahead % _ZONE_STEP == timedelta(0) else None


def _is_contradicted(moment: Moment, shown: Sequence[Printed], by_url: str | None) -> bool:
    """Whether the page prints an earlier day as its own, and the URL does not side with the statement."""
    if not shown or (by_url is not None and _is_on_day(moment, by_url)):
        return False
    said = [entry for entry in shown if entry.label == "published" and entry.is_day] or shown
    if any(abs(entry.moment.at - moment.at) <= _ZONE_SLACK for entry in said):
        return False
    # A page may print the day of its last change alone; then it is the later one.
    return said[0].moment.at < moment.at


def _dated_anew(chosen: Moment, others: Sequence[Dated], shown: Sequence[Printed], by_url: str | None) -> Dated | None:
    """The later date that the page prints as its own, where it shows the stated one nowhere and states both.

    A story of Friday that the page dates Sunday; a buying guide of 2019 that it dates last week. A date printed as
    that of an update is taken for the page's own only where the first is long past: the news is edited within days.
    """
    if (by_url is not None and _is_on_day(chosen, by_url)) or any(
        _is_shown_as(entry.moment, chosen) for entry in shown
    ):
        return None
    for entry in shown:
        if not entry.is_day or entry.in_prose or entry.moment.at - chosen.at < timedelta(0):
            continue
        if entry.label == "updated" and entry.moment.at - chosen.at < _REDATED:
            continue
        witness = next((dated for dated in others if _same_day(dated[0], entry.moment)), None)
        if witness is not None and entry.moment.at.date() > _last_day(chosen, entry.moment, witness[0]):
            return _to_the_minute(entry, witness)
    return None


def _is_shown_as(shown: Moment, chosen: Moment) -> bool:
    """Whether a printed date can be the chosen moment, on some clock."""
    if _is_exact(shown) and _is_exact(chosen):
        if shown.zone_from == "page":
            return abs(shown.at - chosen.at) < timedelta(days=1)
        return _ahead(shown, replace(chosen, at=chosen.at.astimezone(UTC))) is not None
    return shown.at.date() == chosen.at.date()


def _last_day(chosen: Moment, shown: Moment, witness: Moment) -> date:
    """The latest day that the chosen moment can be on the page's clock, as far as that is known."""
    at = chosen.at.astimezone(UTC)
    if _is_exact(shown) and _is_exact(witness) and shown.zone_from != "page":
        ahead = _ahead(shown, replace(witness, at=witness.at.astimezone(UTC)))
        if ahead is not None:
            return (at + ahead).date()
    return (at + _FARTHEST_ZONE).date()


def _to_the_minute(shown: Printed, witness: Dated) -> Dated:
    """A printed day with the time of day of the statement that names it too."""
    moment = _in_local_zone(witness, [shown.dated])[0]
    if _is_exact(moment) and moment.at.date() == shown.moment.at.date():
        return replace(moment, raw=shown.moment.raw), shown.dated[1]
    return shown.dated


def _same_day(one: Moment, other: Moment) -> bool:
    return one.at.date() == other.at.date() or abs(one.at - other.at) < timedelta(hours=14)


def _is_on_day(moment: Moment, day: str) -> bool:
    return abs((moment.at.replace(tzinfo=None) - datetime.fromisoformat(day)).days) <= 1


def _is_exact(moment: Moment) -> bool:
    """Whether a time of day was given; midnight to the second is how machines write a day."""
    at = moment.at
    return moment.precision != "day" and (at.hour, at.minute, at.second) != (0, 0, 0)
