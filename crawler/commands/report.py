"""What a run tells when it ends: a table for people, one object for programs, and the exit code."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from crawler.commands.listings import in_short
from crawler.commands.storing import look
from crawler.commands.terminal import json_text, printable, write_out
from crawler.coverage import Verdict
from crawler.items import State
from crawler.store import Group, Summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

DONE, INCOMPLETE, BROKEN_SUM = 0, 3, 4

CATEGORY_LEAST = 12  # columns
_FOLDED = {"unchanged": "un-\nchanged", "quarantined": "quaran-\ntined", "seconds": "sec-\nonds"}
_STYLES: dict[str, str] = {
    State.STORED: "green",
    State.FAILED: "red",
    State.QUARANTINED: "yellow",
    State.REFUSED: "magenta",
}


def exit_code(summaries: Iterable[Summary]) -> int:
    """0, 3 when this run left something failed or quarantined, 4 when the states do not add up."""
    found = tuple(summaries)
    if not all(summary.holds for summary in found):
        return BROKEN_SUM
    return INCOMPLETE if any(summary.failures for summary in found) else DONE


def table(summaries: Sequence[Summary], *, width: int) -> "Table":
    """Site, category, what is new, every state that occurs, seconds; a line of totals.

    Where it is wider than `width`, long headings fold, and then categories are cut.
    """
    from rich.table import Table

    groups = [group for summary in summaries for group in summary.groups if group.scheduled]
    states = [state for state in State if state is State.STORED or any(group.states[state] for group in groups)]
    totals = _numbers(groups, states)
    names = max((cell_len(group.site) for group in groups), default=0)
    widest = max((cell_len(printable(group.category)) for group in groups), default=0)
    for folded, gap in (({}, 2), (_FOLDED, 1)):
        headings = [folded.get(name, name) for name in ("new", *states, "seconds")]
        numbers = [
            max(map(len, [*heading.split("\n"), total])) for heading, total in zip(headings, totals, strict=True)
        ]
        left = width - sum(numbers) - names - gap * (len(numbers) + 2)
        if left >= widest:
            break
    made = Table(box=None, padding=(0, gap, 0, 0), header_style="underline", footer_style="bold", show_footer=True)
    made.add_column("site", footer="total", style="bold", no_wrap=True)
    made.add_column("category", no_wrap=True, max_width=max(left, CATEGORY_LEAST))
    for heading, total in zip(headings, totals, strict=True):
        made.add_column(heading, justify="right", style=_STYLES.get(heading), footer=total, no_wrap=True)
    before = ""
    for group in groups:
        name = "" if group.site == before else printable(group.site)
        made.add_row(name, printable(group.category) or "–", *_numbers([group], states))
        before = group.site
    return made


def _numbers(groups: Sequence[Group], states: Sequence[State]) -> list[str]:
    counts = [sum(group.new for group in groups), *(sum(group.states[state] for group in groups) for state in states)]
    return [*(str(count) if count else "·" for count in counts), f"{sum(group.seconds for group in groups):.2f}"]


def reasons(summaries: Iterable[Summary]) -> list[str]:
    """One line per reason of what was refused, failed or quarantined, the commonest first."""
    counts: dict[str, int] = {}
    for summary in summaries:
        for group in summary.groups:
            for reason, count in group.reasons.items():
                if reason.split(":")[0] in (State.REFUSED, State.FAILED, State.QUARANTINED):
                    counts[reason] = counts.get(reason, 0) + count
    return [f"{count} {printable(reason)}" for reason, count in sorted(counts.items(), key=lambda item: -item[1])]


def headline(summaries: Sequence[Summary]) -> str:
    """ "12 new, 230 known": articles that this run stored for the first time, and those that were there before.

    Not by the states of rows: an article that was looked at again is unchanged, and so is a listing.
    """
    new = sum(summary.new for summary in summaries)
    changed = sum(summary.changed for summary in summaries)
    known = sum(summary.articles for summary in summaries) - new
    return f"{new} new, {known} known" + (f" ({changed} changed)" if changed else "")


def as_json(summaries: Sequence[Summary]) -> dict[str, Any]:
    """The summary object: totals, then the same per site and per category; states add up to `scheduled` in each."""
    groups = [group for summary in summaries for group in summary.groups]
    sites = {
        summary.site: {
            **_counts(summary.groups),
            "run": summary.run_id,
            "listings": [listing.as_dict() for listing in summary.listings],
            "categories": {group.category: _counts([group]) for group in summary.groups},
        }
        for summary in summaries
    }
    return {
        **_counts(groups),
        "holds": all(summary.holds for summary in summaries),
        "failures": sum(summary.failures for summary in summaries),
        "sites": sites,
    }


def _counts(groups: Sequence[Group]) -> dict[str, Any]:
    reasons: dict[str, int] = {}
    for group in groups:
        for reason, count in group.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
    return {
        "scheduled": sum(group.scheduled for group in groups),
        **{state.value: sum(group.states[state] for group in groups) for state in State},
        "new": sum(group.new for group in groups),
        "changed": sum(group.changed for group in groups),
        "requests": sum(group.requests for group in groups),
        "bytes": sum(group.bytes for group in groups),
        "seconds": round(sum(group.seconds for group in groups), 3),
        "reasons": dict(sorted(reasons.items(), key=lambda item: -item[1])),
    }


def tell(args: Namespace, err: "Console", summaries: Sequence[Summary], *, next_step: str) -> None:
    """The table for people, unless they want quiet; the summary object for programs, if they ask for it."""
    if not args.quiet:
        _tell_people(args, err, summaries, next_step)
    if args.json:
        write_out(json_text(as_json(summaries)))


def _tell_people(args: Namespace, err: "Console", summaries: Sequence[Summary], next_step: str) -> None:
    err.print()
    err.print(table(summaries, width=err.width))
    err.print()
    for line in reasons(summaries):
        err.print(f"  {line}", soft_wrap=True)
    if any(summary.count(State.QUARANTINED) for summary in summaries):
        err.print(f"  kept apart: {look(args, 'export quarantine -o -')}", soft_wrap=True)
    err.print(headline(summaries), style="bold")
    listings = [listing for summary in summaries for listing in summary.listings]
    if covered := in_short(listings):
        err.print(f"{covered}: {look(args, 'status')}", soft_wrap=True)
        if not any(listing.verdict is Verdict.PROVED for listing in listings):
            err.print("  a listing is proved by a later poll that finds news on it", soft_wrap=True)
    for summary in summaries:
        if not summary.holds:
            err.print(f"{summary.site}: the states do not add up to what was scheduled", style="bold red")
    if next_step:
        err.print(next_step, soft_wrap=True)
