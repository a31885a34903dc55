"""The report as one HTML page: no script, nothing loaded from anywhere, every text of a page escaped."""

from collections.abc import Iterator
from html import escape
from typing import Final

from crawler.reextract.changes import Change
from crawler.reextract.report import Report
from crawler.reextract.work import CHANGED, FOUND, LOST, UNCHANGED, Touched

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE: Final = """
:root { color-scheme: light dark; --line: #d8d8d8; --soft: #6a6a6a; --add: #e3f6e6; --del: #fde8e6; }
@media (prefers-color-scheme: dark) { :root { --line: #444; --soft: #aaa; --add: #17381d; --del: #441c19; } }
body { font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif;
  max-width: 60rem; margin: 2rem auto 6rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.soft { color: var(--soft); } .tiles { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0; padding: 0; }
.tiles li { list-style: none; border: 1px solid var(--line); border-radius: .6rem; padding: .7rem 1.1rem;
  min-width: 8rem; }
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem; vertical-align: top;
  border-bottom: 1px solid var(--line); } td.n { text-align: right; font-variant-numeric: tabular-nums; width: 6rem; }
meter { width: 8rem; }
article { border: 1px solid var(--line); border-radius: .6rem; padding: .7rem 1rem; margin: .8rem 0; }
article h3 { font-size: 1rem; margin: 0 0 .4rem; } article h3 span { font-weight: normal; }
.url, .id { font-size: .85rem; word-break: break-all; }
ins, del { display: block; text-decoration: none; padding: .2rem .6rem; margin: .15rem 0; border-radius: .3rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
ins { background: var(--add); border-left: .25rem solid #2f9e44; } ins::before { content: "+ "; }
del { background: var(--del); border-left: .25rem solid #d6453d; } del::before { content: "\\2212 "; }
"""


def html_page(report: Report, *, title: str = "Re-extraction") -> str:
    """The whole page."""
    return "\n".join(_lines(report, title)) + "\n"


def _lines(report: Report, title: str) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{escape(title)}</h1>\n<p>{escape(report.headline())}</p>"
    yield from _tiles(report)
    yield from (f'<p class="soft">{escape(note)}.</p>' for note in report.notes())
    if report.kinds:
        yield from _kinds(report)
        yield from _examples(report)
        yield from _all(report)
    yield "</body>\n</html>"


def _tiles(report: Report) -> Iterator[str]:
    tiles = ((UNCHANGED, "stay as they are"), (CHANGED, "change"), (LOST, "are lost"), (FOUND, "are found"))
    shown = "".join(f"<li><b>{report.counts[name]:,}</b>{label}</li>" for name, label in tiles)
    yield f'<ul class="tiles">{shown}</ul>'


def _kinds(report: Report) -> Iterator[str]:
    yield "<h2>What changes</h2>\n<table><tr><th>field<th>kind of change<th>articles<th>share</tr>"
    for number, ((name, kind), count) in enumerate(_ordered(report)):
        share = count / max(report.articles, 1)
        yield (
            f'<tr><td><a href="#k{number}">{escape(name)}</a><td>{escape(kind)}<td class="n">{count:,}'
            f'<td><meter value="{share:.4f}">{share:.2%}</meter> {share:.2%}</tr>'
        )
    yield "</table>"


def _ordered(report: Report) -> list[tuple[tuple[str, str], int]]:
    return sorted(report.kinds.items(), key=lambda item: (-item[1], item[0]))


def _examples(report: Report) -> Iterator[str]:
    for number, (key, count) in enumerate(_ordered(report)):
        examples = report.examples[key]
        yield f'<h2 id="k{number}">{escape(key[0])}: {escape(key[1])}</h2>'
        if count > len(examples):
            yield f'<p class="soft">{len(examples)} of {count:,} articles</p>'
        for touched, change in examples:
            yield from _example(touched, change)


def _example(touched: Touched, change: Change) -> Iterator[str]:
    yield f'<article><h3>{escape(touched.title)}</h3><p class="url soft">{escape(touched.url)}</p>'
    for sign, text in change.lines:
        tag = "ins" if sign == "+" else "del"
        yield f"<{tag}>{escape(text)}</{tag}>"
    yield "</article>"


def _all(report: Report) -> Iterator[str]:
    yield f"<h2>All {len(report.touched):,} articles</h2>\n<table><tr><th>article<th>what changes</tr>"
    for line in report.touched:
        yield (
            f'<tr><td>{escape(line.title)}<br><span class="id soft">{escape(line.id)} {escape(line.url)}</span>'
            f"<td>{escape(line.what)}</tr>"
        )
    yield "</table>"
