"""The command line: what it takes, what it says of wrong use, and how fast it is there."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.cli import arguments, main
from crawler.export import FORMATS

CHECKOUT = Path(__file__).parent.parent


def run(*words: str, cwd: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    """The command in its own process, as a person or a script calls it."""
    return subprocess.run(
        [sys.executable, "-m", "crawler", *words],
        cwd=cwd,
        env={"PYTHONPATH": str(CHECKOUT), "PATH": "", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def best_of_five(*command: str) -> float:
    """Seconds; the best, since the machine may be busy with other things."""
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=CHECKOUT, check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return min(taken)


def test_help_is_there_at_once() -> None:
    assert best_of_five("-m", "crawler", "--help") < 0.3


def test_import_is_cheap() -> None:
    assert best_of_five("-c", "import crawler") < 0.15


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from crawler.cli import arguments; arguments(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True, capture_output=True, text=True)
    heavy = {"scrapy", "twisted", "sqlalchemy", "lxml", "parsel", "rich", "asyncio"}
    assert heavy & set(loaded.stdout.split()) == set()


@pytest.mark.parametrize("name", arguments().command_names)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main([name, "--help"])
    assert done.value.code == 0
    assert name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crwal", "finews"], "did you mean 'crawl'?"),
        (["https://example.com/a"], "newscrawl fetch https://example.com/a"),
        (["crawl"], "required: SITE"),
        (["crawl", "finews", "chinadaily"], "unrecognized arguments: chinadaily"),
        (["crawl", "finews", "--limit", "0"], "'0' is not a whole number from 1"),
        (["crawl", "finews", "--limit", "-3"], "'-3' is not a whole number from 1"),
        (["crawl", "finews", "--lim", "3"], "unrecognized arguments"),
        (["crawl", "finews", "--since", "yesterday"], "'yesterday' is not a date such as"),
        (["crawl", "finews", "--delay", "1e9"], "'1e9' is not a number of seconds"),
        (["crawl", "finews", "--delay", ""], "'' is not a number of seconds"),
        (["crawl", "finews", "--contact", "me"], "'me' is neither a URL nor a mail address"),
        (["crawl", "finews", "--contact", "a@b.example\r\nX: y"], "is neither a URL nor a mail address"),
        (["crawl", "finews", "--connect-to", "localhost:8000"], "is not HOST:PORT:ADDR:PORT"),
        (["crawl", "finews", "--connect-to", "::1:80:a:b"], "is not HOST:PORT:ADDR:PORT"),
        (["fetch", "file:///etc/passwd"], "is not an http or https URL"),
        (["export", "yaml", "-o", "x"], "invalid choice: 'yaml'"),
        (["extract", "page.html"], "required: --url"),
        (["show", "\x1b[31mx", "y"], "unrecognized arguments: y"),
    ],
)
def test_wrong_use_is_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(words)
    except SystemExit as done:
        code = int(done.code or 0)
    err = capsys.readouterr().err
    assert code == 2
    assert said in err
    assert err.startswith("newscrawl: ")
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_no_command_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "newscrawl demo" in capsys.readouterr().err


@pytest.mark.parametrize("good", ["::127.0.0.1:8000", "a.example:443:[::1]:80", "[::1]:80:localhost:9", ":443:host:1"])
def test_connect_to_takes_what_curl_takes(good: str) -> None:
    assert arguments().parse_args(["crawl", "x", "--connect-to", good]).connect_to == [good]


def test_dates_without_a_zone_are_utc() -> None:
    since = arguments().parse_args(["crawl", "x", "--since", "2026-11-21"]).since
    assert since.isoformat() == "2026-11-21T00:00:00+00:00"


def test_formats_are_those_that_export_has() -> None:
    for name in (*FORMATS, "quarantine"):
        assert arguments().parse_args(["export", name, "-o", "-"]).format == name
