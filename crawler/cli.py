"""newscrawl: the commands a person types.

Arguments are declared here and nothing heavy is imported, so that help is there at once; a command's module is
imported when the command runs.
"""

import argparse
import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from crawler import __version__
from crawler.commands.amounts import share, size
from crawler.commands.terminal import complain
from crawler.errors import CrawlerError, SiteHeld, StoreUnusable

FORMATS = ("jsonl", "csv", "jekyll", "text", "atom")
QUARANTINE = "quarantine"  # no articles: the pages that are kept apart from them

WRONG_USE = 2
UNUSABLE = 1
HELD = 6
INTERRUPTED = 130

EXIT_CODES = """\
exit codes:
  0    nothing failed or was quarantined
  1    the work could not be done: database unusable, disk full, file unreadable
  2    wrong use: unknown command, site, category or argument; no contact given
  3    some pages failed or were quarantined
  4    the states do not add up to what was scheduled
  5    status --check: a site is not as it was
  6    another run has the site; the message says who
  130  stopped by Ctrl-C, after what was in hand was stored
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. Every CrawlerError becomes one line on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = arguments()
    if words and (hint := _not_a_command(words[0], parser)):
        return _complain(hint, WRONG_USE)
    args = parser.parse_args(words)
    if args.run is None:
        parser.print_help(sys.stderr)
        return WRONG_USE
    try:
        return _run(args)
    except SiteHeld as error:
        return _complain(str(error), HELD)
    except StoreUnusable as error:
        return _complain(str(error), UNUSABLE)
    except CrawlerError as error:
        return _complain(str(error), WRONG_USE)
    except OSError as error:
        return _os_error(error)
    except KeyboardInterrupt:
        return _complain("stopped", INTERRUPTED)


def _run(args: Namespace) -> int:
    module, function = args.run.split(".")
    command: Callable[[Namespace], int] = getattr(import_module(f"crawler.commands.{module}"), function)
    code = command(args)
    sys.stdout.flush()
    return code


def _complain(message: str, code: int) -> int:
    complain(message)
    return code


def _os_error(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        # `newscrawl show 1 | head`: the reader has gone. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    place = f"{error.filename}: " if error.filename else ""
    return _complain(f"{place}{error.strerror or error}", UNUSABLE)


def _not_a_command(word: str, parser: "Parser") -> str:
    """What to say when the first word is neither an option nor a command; empty: it is one."""
    names = parser.command_names
    if word.startswith("-") or word in names:
        return ""
    if re.match(r"https?://", word):
        return f"no command given; to fetch one page: newscrawl fetch {word}"
    near = get_close_matches(word, names, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    return f"there is no command {word!r}; {meant}The commands are: {', '.join(names)}"


class Parser(ArgumentParser):
    """Wrong use is one line and the way to the help, not a page of usage."""

    command_names: tuple[str, ...] = ()

    def error(self, message: str) -> NoReturn:
        _complain(f"{message}. See: {self.prog} --help", WRONG_USE)
        raise SystemExit(WRONG_USE)


def arguments() -> Parser:
    """The parser of all commands; `args.run` names the function in crawler/commands that does the work."""
    parser = Parser(
        prog="newscrawl",
        description="Crawl news sites into a database of clean articles. Begin with: newscrawl demo",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"newscrawl {__version__}")
    parser.set_defaults(run=None)
    groups = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)

    def command(name: str, run: str, summary: str) -> Parser:
        added: Parser = groups.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        added.set_defaults(run=run)
        return added

    _crawling(command)
    _offline(command)
    _reading(command)
    _watching(command)
    _keeping(command)
    parser.command_names = tuple(groups.choices)
    return parser


Command = Callable[[str, str, str], Parser]

SITE_HELP = "a known site (see: newscrawl sites), or the path of a site file"


def _crawling(command: Command) -> None:
    demo = command("demo", "demo.demo", "crawl the saved pages of three sites over HTTP on this machine")
    demo.add_argument("--kill", type=positive, metavar="N", help="kill the crawl N times, and compare with a calm one")
    demo.add_argument("--port", type=positive, help=argparse.SUPPRESS)  # where a killing demo serves the pages
    _database(demo)
    _report(demo)

    crawl = command("crawl", "crawling.crawl", "crawl a site: all categories, only what is new")
    crawl.add_argument("site", metavar="SITE", help=SITE_HELP)
    crawl.add_argument("--any", action="store_true", help="SITE is the address of a listing, of a site without a file")
    _choice(crawl)
    crawl.add_argument("--since", type=moment, metavar="DATE", help="only articles published from then on, or undated")
    crawl.add_argument("--recheck", type=age, metavar="AGE", help="look again at articles not fetched for 12h, 7d …")
    _database(crawl)
    _archive(crawl)
    _output(crawl)
    _network(crawl)
    _report(crawl)

    fetch = command("fetch", "crawling.fetch", "fetch single article or listing pages of known sites")
    fetch.add_argument("urls", nargs="+", type=web_address, metavar="URL")
    fetch.add_argument("--site", metavar="SITE", help="whose pages they are; default: by the host of each")
    _database(fetch)
    _archive(fetch)
    _output(fetch)
    _network(fetch)
    _report(fetch)

    record = command("record", "crawling.record", "save what is fetched as new cases for the tests")
    record.add_argument("site", metavar="SITE", nargs="?", help=SITE_HELP)
    record.add_argument("--from-archive", metavar="ID|URL", help="no crawl: the page that the archive has of it")
    record.add_argument("--archive", type=Path, metavar="DIR", help="its WARC files; default: beside the database")
    _database(record)
    _choice(record)
    record.add_argument("--to", type=Path, metavar="FOLDER", help="where the cases go; default: fixtures/SITE")
    _network(record)
    _report(record)


def _offline(command: Command) -> None:
    extract = command("extract", "offline.extract", "read one saved HTML page, print its article as JSON")
    extract.add_argument("file", metavar="FILE", help="the saved page; - reads standard input")
    extract.add_argument("--url", required=True, type=web_address, help="where the page was fetched from")
    extract.add_argument(
        "--site", metavar="SITE", help="whose page it is; default: by the host of the URL, which may be unknown"
    )

    replay = command("replay", "offline.replay", "take saved pages through the same path as a crawl, offline")
    saved = "cases, WARC files, or a database with its archive"
    replay.add_argument("path", type=Path, metavar="PATH", help=saved)
    replay.add_argument("--archive", type=Path, metavar="DIR", help="of a database: its WARC files; default: beside it")
    _database(replay)
    _output(replay)
    _report(replay)

    imports = command("import", "files.import_documents", "store existing documents: finews posts, normalised texts")
    imports.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".md or .txt files, or folders of them")
    _database(imports)


def _reading(command: Command) -> None:
    sites = command("sites", "reading.sites", "list the known sites and their categories")
    sites.add_argument("--json", action="store_true", help="as JSON")

    show = command("show", "reading.show", "read one stored article")
    show.add_argument("article", metavar="ID|URL", nargs="?", help="left out: the latest stored articles are listed")
    show.add_argument("--why", action="store_true", help="where each field was read, and which step took each line")
    show.add_argument("--history", action="store_true", help="its versions, with the paragraphs that came and went")
    show.add_argument("--json", action="store_true", help="as JSON")
    _database(show)

    export = command("export", "files.export", "write stored articles as files, or the pages in quarantine")
    export.add_argument(
        "format",
        metavar="FORMAT",
        choices=(*FORMATS, QUARANTINE),
        help="%(choices)s (pages that are no articles, each in a folder with its bytes; with -o - only listed)",
    )
    export.add_argument("--site", metavar="SITE", help="only of this site")
    export.add_argument("-c", "--category", action="append", default=[], metavar="CATEGORY", help="repeatable")
    export.add_argument("--since", type=moment, metavar="DATE", help="only those published from then on, or undated")
    export.add_argument("-o", "--output", required=True, type=Path, metavar="PATH", help="file or folder; - is stdout")
    export.add_argument("--tail", action="store_true", help="jekyll: append source line, share link and back links")
    export.add_argument("--one-line", action="store_true", help="text: the body in one line")
    export.add_argument("--reduce", choices=("han",), help="text: keep Han characters and ，。 alone")
    export.add_argument(
        "--by", choices=("site", "category", "source"), default="site", help="atom: one feed for each of these"
    )
    _database(export)


def _watching(command: Command) -> None:
    status = command("status", "status.status", "how each site stands, and what is proved of its listings")
    status.add_argument("site", metavar="SITE", nargs="?", help="only this one")
    status.add_argument("--check", action="store_true", help="compare with the site's own past; 5 when something broke")
    status.add_argument("--json", action="store_true", help="as JSON")
    _database(status)

    due = command("due", "timed.print_due", "what should run now, and why")
    due.add_argument("sites", metavar="SITE", nargs="*", help="default: all that the database has crawled")
    due.add_argument("--json", action="store_true", help="as JSON")
    _database(due)

    run_due = command("run-due", "timed.run_due", "crawl what is due, and end: for cron, a systemd timer, a CI job")
    run_due.add_argument("sites", metavar="SITE", nargs="*", help="default: all that the database has crawled")
    _database(run_due)
    _archive(run_due)
    _network(run_due)
    _report(run_due)

    check = command("check", "checking.check", "fetch one listing and one article, show what is found, store nothing")
    check.add_argument("site", metavar="SITE", help=SITE_HELP)
    check.add_argument("-c", "--category", metavar="CATEGORY", help="whose listing; default: the first")
    _network(check)
    _report(check)

    forget = command("forget", "forgetting.forget", "erase an article and every copy of it; it is not fetched again")
    forget.add_argument("article", metavar="ID|URL")
    forget.add_argument("--reason", required=True, metavar="TEXT", help="kept with the address, and with nothing else")
    _database(forget)
    forget.add_argument("--archive", type=Path, metavar="DIR", help="its WARC files; default: beside the database")


def _keeping(command: Command) -> None:
    archive = command("archive", "archiving.prune", "remove old pages from the archive: newscrawl archive prune")
    archive.add_argument("what", choices=("prune",), help="remove files of the archive, the oldest first")
    archive.add_argument("--older-than", type=age, metavar="AGE", help="those whose newest page is older: 90d")
    archive.add_argument("--max-size", type=size, metavar="SIZE", help="then so many that the rest is smaller: 10G")
    archive.add_argument("--archive", type=Path, metavar="DIR", help="its WARC files; default: beside the database")
    _database(archive)

    again = command("reextract", "reextracting.reextract", "what today's code would make of every archived page")
    again.add_argument("--site", metavar="SITE", help=f"only of this site: {SITE_HELP}")
    again.add_argument("--since", type=moment, metavar="DATE", help="only those published from then on, or undated")
    again.add_argument("--diff", nargs="?", const="", metavar="FILE.html", help="show what changes; as a page, too")
    again.add_argument("--apply", action="store_true", help="write new versions; the old ones are kept")
    again.add_argument("--fail-over", type=share, metavar="SHARE", help="exit code 3 when more changes: 0.5%%, for CI")
    again.add_argument("--workers", type=positive, metavar="N", help="processes; default: one a core")
    again.add_argument("--archive", type=Path, metavar="DIR", help="its WARC files; default: beside the database")
    _database(again)


def _choice(parser: Parser) -> None:
    parser.add_argument("-c", "--category", action="append", default=[], metavar="CATEGORY", help="repeatable")
    parser.add_argument("--limit", type=positive, metavar="N", help="stop after N articles were stored in this run")


def _database(parser: Parser) -> None:
    parser.add_argument("--db", type=Path, metavar="PATH", help="SQLite database; default: news.db")


def _archive(parser: Parser) -> None:
    parser.add_argument("--archive", type=Path, metavar="DIR", help="where WARC files go; default: beside the database")
    parser.add_argument("--no-archive", action="store_true", help="keep no WARC files")


def _output(parser: Parser) -> None:
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="also write the articles of this run as JSON lines; - is stdout"
    )


def _network(parser: Parser) -> None:
    parser.add_argument("--contact", type=contact, metavar="URL|MAIL", help="who crawls; goes into the user agent")
    parser.add_argument("--delay", type=seconds, metavar="SECONDS", help="between requests to one host; 0 on loopback")
    parser.add_argument(
        "--connect-to",
        action="append",
        default=[],
        type=connect_to,
        metavar="HOST:PORT:ADDR:PORT",
        help="connect to ADDR:PORT instead, in plain HTTP (as curl's; an empty HOST or PORT matches any)",
    )
    parser.add_argument(
        "--allow-private", action="append", default=[], metavar="HOST", help="permit this host a private address"
    )


def _report(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one summary object as the last line of stdout")
    parser.add_argument("--log-file", type=Path, metavar="FILE", help="write a log")
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="no progress and no table")
    loudness.add_argument("-v", "--verbose", action="store_true", help="log each page to stderr")


def positive(text: str) -> int:
    """A whole number from 1."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def seconds(text: str) -> float:
    """A time from 0, in seconds."""
    if not re.fullmatch(r"[0-9]{0,6}(\.[0-9]{1,6})?", text) or not text:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds such as 0.5")
    return float(text)


def moment(text: str) -> datetime:
    """An ISO 8601 date or time; without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-21 or 2026-11-21T08:00+08:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def age(text: str) -> timedelta:
    """Minutes, hours or days: 30m, 12h, 7d."""
    match = re.fullmatch(r"([0-9]{1,6})([mhd])", text)
    if match is None:
        raise ArgumentTypeError(f"{text!r} is not an age such as 30m, 12h or 7d")
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[match[2]]: int(match[1])})


def web_address(text: str) -> str:
    """An http(s) URL."""
    if not re.match(r"https?://[^/\s]", text):
        raise ArgumentTypeError(f"{text!r} is not an http or https URL")
    return text


def contact(text: str) -> str:
    """A page or mail address at which a site's owner finds the person who crawls."""
    if not re.fullmatch(r"https?://[!-~]+|(mailto:)?[!-~]+@[!-~]+\.[!-~]+", text):
        raise ArgumentTypeError(f"{text!r} is neither a URL nor a mail address")
    return text


def connect_to(text: str) -> str:
    """HOST:PORT:ADDR:PORT; the first two may be empty, an IPv6 address stands in brackets."""
    host = r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]"
    if not re.fullmatch(rf"{host}*):[0-9]*:{host}+):[0-9]+", text):
        raise ArgumentTypeError(f"{text!r} is not HOST:PORT:ADDR:PORT, such as ::127.0.0.1:8000")
    return text
