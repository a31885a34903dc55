"""newscrawl against its peers on public article sets: body, title, date, authors, footers left, CPU.

    python tests/benchmarks/extraction.py [--peers PYTHON] [--sets fundus n4k] [--write]
    python tests/benchmarks/extraction.py --bench FOLDER --sets mine

PYTHON is the interpreter of an environment with `tests/benchmarks/peers.txt` installed; without one, newscrawl runs
alone. The sets and the scorer are read from ../shared beside the repository; without them this says so and ends.
A set of your own is a folder FOLDER/mine with pages and a gold.jsonl of the same form.
"""

import argparse
import cProfile
import gzip
import importlib.util
import json
import pstats
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from lxml import etree

from crawler.errors import CrawlerError
from crawler.items import Article, Kind
from crawler.page import Page
from crawler.path import process
from crawler.site import undescribed

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SETS = ("fundus", "n4k", "wcxb", "magic", "cwced")
PEERS = ("trafilatura", "readability", "newspaper4k", "gne", "resiliparse")
FETCHED = datetime(2026, 7, 15, tzinfo=UTC)  # after every page of the sets; relative dates are read against it

_NAME = r"[^\s。，；！？：“”]{1,24}"
FOOTERS = tuple(
    re.compile(form)
    for form in (
        rf"[（(【\[]?\s*(?:文章|本文|稿件|信息|新闻)?(?:来源|來源|稿源|转自|转载自)\s*[:：]\s*{_NAME}.{{0,40}}",
        r".{0,30}[（(【\[]?\s*(?:本文)?(?:责任编辑|責任編輯|责编|編輯|编辑|值班编辑|网络编辑|校对|审核|编审)"
        rf"\s*[:：/丨｜]\s*{_NAME}.{{0,30}}",
        r"[（(【\[]?\s*(?:本文)?原标题\s*[:：].{2,120}",
        r"(?:分享到|分享至|分享给|扫一扫|微信扫码|扫描二维码|用微信扫).{0,60}",
        r".{0,30}(?:返回搜狐，查看更多|返回腾讯网首页.{0,6}|举报/反馈|打开网易新闻.{0,20}|海量资讯、精准解读.{0,20})",
    )
)
"""Whole lines, among the first two and the last six of a body, that a reader would not call the article."""

_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Result:
    """One extractor on one set."""

    name: str
    predictions: dict[str, dict[str, Any]] = field(default_factory=dict)
    ratios: list[float] = field(default_factory=list)  # CPU per page, in lxml parses of that page
    slowest_ms: float = 0.0  # beyond one parse


@dataclass(frozen=True)
class Document:
    gold: dict[str, Any]
    page: Page
    parse_s: float = 0.0

    @property
    def id(self) -> str:
        return str(self.gold["id"])


def main() -> int:
    options = _options()
    if options.split:
        print(_split(options.bench))
        return 0
    bench, scorer = options.bench, SHARED / "tools" / "score" / "score.py"
    if not bench.is_dir() or not scorer.is_file():
        print(f"skipped: no public sets at {bench}, or no scorer at {scorer}", file=sys.stderr)
        return 0
    score = _module(scorer)
    sections, ratios = [], []
    for name in options.sets:
        documents = list(_documents(bench / name))
        results = [_newscrawl(documents)]
        ratios += results[0].ratios
        results += [found for peer in PEERS if options.peers and (found := _peer(peer, options.peers, documents))]
        section = _section(name, documents, results, score)
        print(section, flush=True)
        sections.append(section)
        if name == "magic":
            chinese = [doc for doc in documents if _is_chinese(doc.gold["body"])]
            sections.append(_section("magic, Chinese pages", chinese, results, score))
            print(sections[-1], flush=True)
    sections.append(f"Over all {len(ratios)} pages newscrawl's median is {statistics.median(ratios):.1f} parses.\n")
    print(sections[-1])
    if options.write:
        target = ROOT / "docs" / "extraction.md"
        target.write_text(_page(sections), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", help="Python interpreter of an environment with the peers installed")
    parser.add_argument("--bench", type=Path, default=SHARED / "data" / "bench", metavar="FOLDER")
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--write", action="store_true", help="write docs/extraction.md")
    parser.add_argument("--split", action="store_true", help="only the parts of the time, on n4k, by the profiler")
    return parser.parse_args()


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _documents(folder: Path) -> Iterator[Document]:
    for line in (folder / "gold.jsonl").open(encoding="utf-8"):
        gold = json.loads(line)
        body = gzip.decompress((folder / gold["file"]).read_bytes())
        page = Page(gold["url"] or "https://example.com/", body, {"content-type": "text/html"}, FETCHED)
        yield Document(gold, page, _parse_seconds(page))


def _parse_seconds(page: Page) -> float:
    """CPU of one lxml parse, the best of three."""
    raw = page.text.encode("utf-8", "replace")

    def parse() -> None:
        etree.fromstring(raw, etree.HTMLParser(encoding="utf-8", huge_tree=True))

    return min(_timed(parse) for _ in range(3))


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _newscrawl(documents: list[Document]) -> Result:
    result = Result("newscrawl")
    for document in documents:
        seconds = []
        for _ in range(3):
            page = Page(document.page.url, document.page.body, document.page.headers, FETCHED)
            _ = page.tree  # the parse is given; decoding with it
            seconds.append(_timed(lambda page=page: result.predictions.update({document.id: _read(page)})))  # noqa: B023
        result.ratios.append(min(seconds) / document.parse_s)
        result.slowest_ms = max(result.slowest_ms, min(seconds) * 1000)
    return result


PARTS = {
    "the headline, asked for first": ("evidence.py", "headline"),
    "in it the walk over the tree": ("walk.py", "__init__"),
    "the container": ("evidence.py", "choice"),
    "dates": ("reading.py", "published"),
    "names": ("reading.py", "authors"),
    "what to cut": ("prune.py", "run"),
    "the container copied and cut": ("assemble.py", "assemble"),
    "steps on the body": ("path.py", "clean_body"),
    "in them flattening": ("blocks.py", "flatten"),
    "footers and heads": ("path.py", "strip_tail"),
    "renderings, words, hash": ("path.py", "normalise"),
    "in them sanitising": ("render.py", "render_html"),
}
"""Functions by whose time, with what they call, the whole is told; each stands once in its file."""


def _split(bench: Path) -> str:
    """Shares of the whole, each with all it calls: the profiler makes calls dear, so they are no times."""
    profile = cProfile.Profile()
    for document in _documents(bench / "n4k"):
        for is_counted in (False, True):
            page = Page(document.page.url, document.page.body, document.page.headers, FETCHED)
            _ = page.tree
            (profile.enable if is_counted else profile.disable)()
            _read(page)
            profile.disable()
    spent: dict[tuple[str, str], float] = {}
    for (file, _, function), (_, _, _, seconds, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        spent[Path(file).name, function] = max(seconds, spent.get((Path(file).name, function), 0.0))
    whole = spent["path.py", "process"]
    return "\n".join(f"{100 * spent[key] / whole:5.1f} %  {part}" for part, key in PARTS.items())


def _read(page: Page) -> dict[str, Any]:
    site = undescribed(page.url)
    try:
        outcome = process(site, page, url=site.canonical(page.url), kind=Kind.ARTICLE)
    except CrawlerError as error:
        return {"error": repr(error)}
    article = outcome.article
    return {"error": outcome.reason} if article is None else _as_prediction(article)


def _as_prediction(article: Article) -> dict[str, Any]:
    at = article.published_at
    is_day = any("a day without a time" in warning for warning in article.warnings)
    return {
        "title": article.title,
        "published_at": None if at is None else at.date().isoformat() if is_day else at.isoformat(),
        "authors": list(article.authors),
        "body": "\n\n".join(part for part in (article.digest, article.body_text) if part),
    }


def _peer(name: str, python: str, documents: list[Document]) -> Result | None:
    """A peer's answers, from a process of its own; None when it is not installed."""
    lines = "".join(
        json.dumps({"id": doc.id, "url": doc.gold["url"], "html": doc.page.text}) + "\n" for doc in documents
    )
    ran = subprocess.run(
        [python, str(Path(__file__).with_name("peers.py")), name],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ran.returncode != 0:
        print(f"{name}: not run ({ran.stderr.strip().splitlines()[-1:] or ran.returncode})", file=sys.stderr)
        return None
    result = Result(name, {row["id"]: row for row in map(json.loads, ran.stdout.splitlines())})
    for document in documents:
        seconds = result.predictions.get(document.id, {}).get("seconds", 0.0)
        result.ratios.append(seconds / document.parse_s)
        result.slowest_ms = max(result.slowest_ms, (seconds - document.parse_s) * 1000)
    return result


def _section(name: str, documents: list[Document], results: list[Result], score: ModuleType) -> str:
    head = (
        "| extractor | body F1 | P | R | near | title | day | minute | authors | footers left "
        "| CPU, x parse | slowest, ms |"
    )
    rows = [head, "|---" * 12 + "|"]
    scored = {result.name: _scores(result, documents, score) for result in results}
    for result in results:
        rows.append(_row(result, scored[result.name]))
    lead = _lead(scored)
    return f"## {name}: {len(documents)} pages\n" + "\n".join(rows) + (f"\n\n{lead}" if lead else "") + "\n"


@dataclass
class Scores:
    body: list[tuple[float | None, float | None, float]]
    summary: dict[str, float]
    title: list[bool]
    day: list[bool]
    minute: list[bool]
    authors: list[bool]
    footers: list[bool]


def _scores(result: Result, documents: list[Document], score: ModuleType) -> Scores:
    body, title, day, minute, authors, footers = [], [], [], [], [], []
    for document in documents:
        gold, found = document.gold, result.predictions.get(document.id, {})
        if gold["body"]:
            body.append(score.prf(gold["body"], found.get("body")))
        if gold["title"]:
            title.append(score.title_match(gold["title"], found.get("title"))[0])
        if gold["published"] and score.parse_date(gold["published"]):
            same_day, same_minute = score.date_match(gold["published"], found.get("published_at"))
            day.append(same_day)
            minute.extend([same_minute] if same_minute is not None else [])
        if gold["authors"]:
            authors.append(score.authors_match(gold["authors"], found.get("authors")))
        if gold.get("language") == "zh" or _is_chinese(gold["body"]):
            footers.append(has_footer(found.get("body") or ""))
    return Scores(body, score.body_summary(body) if body else {}, title, day, minute, authors, footers)


def has_footer(body: str) -> bool:
    """Whether a source, editor, first-title or share line stands at the head or the tail of a body."""
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    return any(form.fullmatch(line) for line in (*lines[:2], *lines[-6:]) for form in FOOTERS)


def _row(result: Result, scores: Scores) -> str:
    summary = scores.summary
    shown = (
        [f"{summary[name]:.4f}" for name in ("F1", "P", "R")] + [f"{100 * summary['near']:.1f} %"]
        if summary
        else 4 * "-"
    )
    return (
        f"| {result.name} | {' | '.join(shown)}"
        f" | {_share(scores.title)} | {_share(scores.day)} | {_share(scores.minute)} | {_share(scores.authors)}"
        f" | {_share(scores.footers)} | {statistics.median(result.ratios):.1f} | {result.slowest_ms:.0f} |"
    )


def _share(values: list[bool]) -> str:
    return f"{100 * sum(values) / len(values):.1f} %" if values else "-"


def _lead(scored: dict[str, Scores]) -> str:
    """How far newscrawl's body F1 is ahead of the best peer's, with a paired bootstrap over pages."""
    peers = {name: scores for name, scores in scored.items() if name != "newscrawl" and scores.body}
    if not peers:
        return ""
    best = max(peers, key=lambda name: peers[name].summary["F1"])
    ours, theirs = scored["newscrawl"].body, peers[best].body
    gain = scored["newscrawl"].summary["F1"] - peers[best].summary["F1"]
    draw = random.Random(1)
    wins = 0
    for _ in range(2000):
        pick = [draw.randrange(len(ours)) for _ in ours]
        wins += _f1([ours[at] for at in pick]) > _f1([theirs[at] for at in pick])
    return f"Body F1 {gain:+.4f} against the best peer ({best}); ahead in {wins / 20:.1f} % of 2,000 paired resamples."


def _f1(rows: list[tuple[float | None, float | None, float]]) -> float:
    precision = [row[0] for row in rows if row[0] is not None]
    recall = [row[1] for row in rows if row[1] is not None]
    p, r = sum(precision) / max(1, len(precision)), sum(recall) / max(1, len(recall))
    return 2 * p * r / (p + r) if p + r else 0.0


def _is_chinese(text: str | None) -> bool:
    return bool(text) and len(_HAN.findall(text)) > 0.4 * len(text)


_HEAD = """# Extraction, measured

Written by `tests/benchmarks/extraction.py --write`; do not edit. All extractors get the same decoded text of the same
public pages. Body: multiset of 4-token shingles, one token a CJK character; precision and recall averaged over pages,
F1 of the two means; near: pages with F1 of at least 0.98. newscrawl's body is the digest and the body text, captions
apart. newscrawl knows none of these sites: every page is read by the any-site engine. CPU is the median over pages of
the time from the parsed tree to the finished article (clean, sanitised, three renderings), in lxml parses of the same
page, each the best of three; for the peers it is their whole call, their own parse in it. Slowest: the page that took
longest, beyond a parse.
"""

_NOTES = """
## What stands in the way
- **Day on n4k and wcxb.** Of the n4k misses, six golds have the wrong year, five stand nowhere on the page, one is the
  date of a caption; one page prints "updated" four days after the publication that only its structured data states,
  and the publication is what is wanted. Where a page dates itself anew (a guide, a ranking: a later full date printed
  and stated, the first publication neither printed nor in the address), newscrawl gives the printed day.
- **Titles on fundus.** The gold is og:title; where that is a shortened or rewritten headline, newscrawl gives what is
  printed.
- **Authors.** Golds that name the site as the author ("nieuwsblad.be", "BBC News") are missed on purpose: authors are
  people. On cwced the gold is often the editor in charge, who is an editor, or the name of a forum's poster.
- **Body.** Forums and blogs with several posts on one page (cwced), shopping guides whose records are linked products
  (wcxb, n4k), podcasts and video pages with a line of text (magic).
- **CPU.** By `--split` a third of the time is the one walk over the tree with its weights, a tenth the cuts and the one
  copy of the container, an eighth flattening, a tenth the three renderings (a third of that nh3), the rest dates and
  names, headline, structured data and the named steps. It grows with the text that is kept, a parse with the markup
  that is not: pages that are mostly article (wcxb, cwced, small pages) cost five to ten parses, those of news sites
  three to four; between runs the figure moved by half a parse (3.0 to 3.7 on n4k).

## Pages nobody had read
The rules were made while reading these sets, so they are no hold-out. Two others were taken from the source archives of
other projects (`tests/benchmarks/unseen.py`) and measured before anybody looked at them:

| pages | newscrawl | best peer |
|---|---|---|
| 23 test pages of newspaper4k 0.9.6, ten languages: body F1 / near | 0.974 / 69.6 % | readability 0.955 / 43.5 % |
| 62 Chinese test pages of gne 0.4.3, 30 sites: footers left | 4.8 % | resiliparse 24.2 %, trafilatura 30.6 % |

newspaper4k leaves 8.1 %, and finds a third of the text (its recall on the Chinese pages above is 0.36). What was found
there was mended afterwards: 1.6 % of those Chinese pages now keep a footer.
"""


def _page(sections: list[str]) -> str:
    forms = "\n".join(f"- `{form.pattern}`" for form in FOOTERS)
    footers = (
        "\n## Footers\nA Chinese page counts as having a footer left when one of its first two or last six lines is, "
        "as a\nwhole line:\n\n"
    )
    return f"{_HEAD}\n" + "\n".join(sections) + _NOTES + footers + forms + "\n"


if __name__ == "__main__":
    sys.exit(main())
