"""What a run tells: the table, the summary object, the exit code, the progress."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len
from rich.console import Console

from crawler.commands import report
from crawler.commands.listings import in_short
from crawler.commands.listings import table as listings_table
from crawler.commands.progress import Lines, progress
from crawler.commands.terminal import console, cut, wrapped
from crawler.coverage import Verdict
from crawler.items import Kind, State
from crawler.store import Coverage, Group, Summary

NONE = dict.fromkeys(State, 0)


def group(category: str, *, site: str = "example", new: int = 0, **states: int) -> Group:
    counts = NONE | {State(name): number for name, number in states.items()}
    return Group(site, category, sum(counts.values()), counts, new=new, requests=3, bytes=4096, seconds=1.25)


GOOD = Summary("example", 7, (group("", read=2), group("world", new=12, stored=230, gone=1, unchanged=4)))
BAD = Summary(
    "other", 8, (replace(group("a" * 40, site="other", quarantined=2, failed=1), reasons={"failed: 500": 1}),), 3
)


def shown(summaries: tuple[Summary, ...], width: int) -> list[str]:
    out = Console(file=io.StringIO(), width=width, markup=False)
    out.print(report.table(summaries, width=width))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("summaries", "code"),
    [
        ((GOOD,), 0),
        ((BAD,), 3),
        ((GOOD, BAD), 3),
        ((replace(GOOD, groups=(replace(GOOD.groups[0], scheduled=3),)), BAD), 4),
        ((), 0),
    ],
)
def test_exit_code(summaries: tuple[Summary, ...], code: int) -> None:
    assert report.exit_code(summaries) == code


def test_table_shows_the_states_that_occur() -> None:
    heading, first, second, total = (line.split() for line in shown((GOOD,), 160))
    assert heading == ["site", "category", "new", "stored", "unchanged", "read", "gone", "seconds"]
    assert first == ["example", "–", "·", "·", "·", "2", "·", "1.25"]
    assert second == ["world", "12", "230", "4", "·", "1", "1.25"]
    assert total == ["total", "12", "230", "4", "2", "1", "2.50"]


@pytest.mark.parametrize("width", [80, 90, 100, 120, 200])
def test_a_narrow_table_cuts_categories_and_no_number(width: int) -> None:
    every = {state.value: 12345 for state in (State.STORED, State.READ, State.GONE, State.QUARANTINED)}
    rows = shown((Summary("example", 1, (group("品" * 30, new=12345, **every),)),), width)
    assert max(map(cell_len, rows)) <= width
    assert rows[-2].split()[-6:] == ["12345"] * 5 + ["1.25"]


def test_summary_object_adds_up_at_every_level() -> None:
    told = report.as_json((GOOD, BAD))
    levels = [
        told,
        *told["sites"].values(),
        *(c for site in told["sites"].values() for c in site["categories"].values()),
    ]
    for level in levels:
        assert sum(level[state.value] for state in State) == level["scheduled"]
    assert {name: told[name] for name in ("scheduled", "new", "requests", "bytes", "seconds", "failures", "holds")} == {
        "scheduled": 240, "new": 12, "requests": 9, "bytes": 12288, "seconds": 3.75, "failures": 3, "holds": True,
    }  # fmt: skip
    assert told["reasons"] == {"failed: 500": 1}
    assert told["sites"]["example"]["categories"]["world"]["stored"] == 230


def test_headline_counts_articles() -> None:
    assert report.headline((replace(GOOD, articles=230), replace(BAD, articles=7))) == "12 new, 225 known"
    looked_at_again = replace(GOOD, groups=(group("world", unchanged=234),), articles=230)
    assert report.headline((looked_at_again,)) == "0 new, 230 known"
    changed = replace(GOOD, groups=(replace(GOOD.groups[1], new=0, changed=2),), articles=230)
    assert report.headline((changed,)) == "0 new, 230 known (2 changed)"


@pytest.mark.parametrize("width", [80, 100, 160])
def test_a_narrow_table_of_listings_cuts_reasons_and_no_number(width: int) -> None:
    proved = replace(listing(Verdict.PROVED), since=datetime(2026, 11, 21, 8, 0, tzinfo=UTC), new_per_hour=12.0)
    unknown = replace(proved, verdict=Verdict.UNKNOWN, why="long " * 30, since=None, polled_at=proved.since)
    out = Console(file=io.StringIO(), width=width)
    out.print(listings_table([proved, unknown], width=width))
    assert isinstance(out.file, io.StringIO)
    *_, first, second = out.file.getvalue().splitlines()
    assert first.split()[1:] == ["proved", "2026-11-21", "08:00Z", "12"]
    assert second.split()[1:5] == ["unknown", "12", "1", "h"]
    assert second.rstrip().endswith("…")


def listing(verdict: Verdict, state: State = State.READ, category: str = "") -> Coverage:
    return Coverage(
        id=1, url="https://news.example.com/world/?page=1", kind=Kind.LISTING, category=category, state=state,
        verdict=verdict, interval=timedelta(hours=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("proved", "gaps", "unknown", "gone", "said"),
    [
        (0, 0, 45, 0, "coverage: 45 listings, none proved yet"),
        (40, 2, 3, 5, "coverage: 40 of 45 listings proved; 2 gaps"),
        (0, 1, 0, 0, "coverage: 1 listing, none proved yet; 1 gap"),
        (1, 0, 0, 0, "coverage: 1 of 1 listing proved"),
        (0, 0, 0, 3, ""),
    ],
)
def test_coverage_of_a_run_is_one_line(proved: int, gaps: int, unknown: int, gone: int, said: str) -> None:
    listings = [
        *[listing(Verdict.PROVED)] * proved,
        *[listing(Verdict.GAP)] * gaps,
        *[listing(Verdict.UNKNOWN)] * unknown,
        *[listing(Verdict.UNKNOWN, State.GONE)] * gone,
    ]
    assert in_short(listings) == said


def test_a_listing_is_named_by_its_category_and_a_further_one_by_its_address() -> None:
    several = [listing(Verdict.UNKNOWN, category=name) for name in ("", "world", "world", "a\x1b[31m")]
    out = Console(file=io.StringIO(), width=160)
    out.print(listings_table(several, width=160))
    assert isinstance(out.file, io.StringIO)
    names = [line.split()[0] for line in out.file.getvalue().splitlines()[2:]]
    assert names == ["news.example.com/world/?page=1", "world", "news.example.com/world/?page=1", "a"]


def test_reasons_are_those_of_what_went_wrong() -> None:
    told = replace(BAD.groups[0], reasons={"failed: 500": 1, "gone: 404": 9, "quarantined: FieldMissing: \x1b[1mt": 2})
    assert report.reasons((replace(BAD, groups=(told,)),)) == ["2 quarantined: FieldMissing: t", "1 failed: 500"]


def test_progress_is_plain_lines_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    tell = Lines(console(out), every_s=0)
    tell(GOOD)
    tell(BAD)
    assert out.getvalue().splitlines() == [
        "example: 237 of 237 pages, 12 new articles",
        "other: 3 of 3 pages, 0 new articles, 3 failed or quarantined",
    ]


def test_progress_says_nothing_at_first_nor_when_quiet() -> None:
    out = io.StringIO()
    with progress(console(out)) as tell:
        assert tell is not None
        tell(GOOD)
    with progress(console(out), quiet=True) as silent:
        assert silent is None
    assert out.getvalue() == ""


def test_progress_on_a_terminal_is_a_bar_per_site() -> None:
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=100, color_system=None, markup=False)
    with progress(terminal) as tell:
        assert tell is not None
        tell(replace(GOOD, site="\x1b[31mexample"))
        tell(BAD)
    assert "example" in out.getvalue()
    assert "237/237" in out.getvalue()
    assert "\x1b[31m" not in out.getvalue()


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("一二三四五六", 6, ["一二三", "四五六"]),
        ("一二三，四五六", 6, ["一二", "三，四", "五六"]),
        ("他说“好”。", 6, ["他说", "“好”。"]),
        ("5G﹢工业互联网 in 2026", 8, ["5G﹢工业", "互联网", "in 2026"]),
        ("https://a.example/very/long", 10, ["https://a.example/very/long"]),
        ("", 10, [""]),
    ],
)
def test_wrapping_breaks_where_a_line_may_break(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width).split("\n") == lines


def test_cut_marks_what_is_left_out() -> None:
    assert cut("一二三四", 8) == "一二三四"
    assert cell_len(cut("一二三四", 7)) <= 7
    assert cut("一二三四", 7).endswith("…")
