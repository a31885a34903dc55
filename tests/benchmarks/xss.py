"""Attack markup through the whole path of a page: what of it is left active in a body?

    python tests/benchmarks/xss.py [--chromium]

The payloads are those of ../shared/data/hostile (payloadbox, DOMPurify, html5lib, feedparser). Each stands in the body
of a page, once of a described site and once of an unknown one. A static oracle parses each body as a browser does
(html5lib) and looks for elements, attributes and URL schemes that do something; with --chromium the bodies are also
put into a page of a headless browser, which counts what calls alert() and the like. Needs html5lib.
"""

import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = ROOT.parent / "shared" / "data" / "hostile"
URL = "https://news.example/a/1.html"
ALLOWED = frozenset(
    "html head body p h2 h3 h4 ul ol li blockquote figure figcaption table tbody tr td th pre a em strong sub sup code"
    " br img".split()
)
ATTRIBUTES = frozenset("href src alt width height colspan rowspan".split())
CONTROL = (
    "<img src=x onerror=alert(1)>", "<svg onload=alert(1)></svg>", "<p onclick=alert(1)>x</p>",
    "<b onmouseover=confirm(1)>x</b>", "<video><source onerror=prompt(1)></video>", "<input onfocus=alert(1)>",
)  # fmt: skip
IN_ONE_PAGE = 400


def payloads() -> Iterator[tuple[str, str]]:
    """(set, markup)"""
    bulk = HOSTILE / "xss-payloadbox/Intruder/xss-payload-list.txt"
    for line in bulk.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip():
            yield "payloadbox", line
    for case in json.loads((HOSTILE / "dompurify/expect.json").read_text(encoding="utf-8")):
        yield "dompurify", str(case["payload"])
    tests = HOSTILE / "html5lib-sanitizer/html5lib/tests/sanitizer-testdata/tests1.dat"
    for case in json.loads(tests.read_text(encoding="utf-8")):
        yield "html5lib", str(case["input"])
    for file in sorted((HOSTILE / "feedparser/tests/wellformed/sanitize").rglob("*.xml")):
        text = file.read_text(encoding="utf-8", errors="replace")
        for inner in re.findall(r"<(?:content|summary|description|title)\b[^>]*>(.*?)</", text, re.DOTALL):
            yield "feedparser", html.unescape(inner)


def bodies(markup: str) -> Iterator[tuple[str, str, str]]:
    """(title, HTML, Markdown) of pages that hold this."""
    sys.path.insert(0, str(ROOT))
    from crawler.items import Kind
    from crawler.page import Page
    from crawler.path import process
    from crawler.site import Site, undescribed

    text = "The council decided on Tuesday that the bridge is to be closed for two months. " * 3
    page = (
        f"<html><head><title>Bridge closed</title></head><body><h1>Bridge closed</h1><article><p>{text}</p>"
        f"<div>{markup}</div><p>{text}</p></article></body></html>"
    )
    described = Site(name="x", hosts=("news.example",), title="h1::text", body="article")
    for site in (described, undescribed(URL)):
        now = datetime(2026, 11, 1, tzinfo=UTC)
        there = Page(URL, page.encode("utf-8", "replace"), {"content-type": "text/html; charset=utf-8"}, now)
        result = process(site, there, url=URL, kind=Kind.ARTICLE)
        if result.article is not None:
            yield result.article.title, result.article.body_html, result.article.body_markdown


def active(markup: str) -> list[str]:
    """What a browser would do more with than show it."""
    import html5lib

    tree = html5lib.parse(f"<!doctype html><body>{markup}", namespaceHTMLElements=True, treebuilder="lxml")
    found = []
    for element in tree.getroot().iter():
        if not isinstance(element.tag, str):
            found.append("comment")
            continue
        namespace, _, name = element.tag.rpartition("}")
        if name not in ALLOWED or not namespace.endswith("xhtml"):
            found.append(element.tag)
        for attribute, value in element.attrib.items():
            if attribute not in ATTRIBUTES:
                found.append(f"{name}@{attribute}")
            elif attribute in ("href", "src") and not value.strip().lower().startswith(("http://", "https://")):
                found.append(f"{name}@{attribute}={value[:40]}")
    return found


def executed(markups: list[str]) -> list[int]:
    """Which of these a headless Chromium runs. Every one is put into a page, and every event of it is fired."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        raise SystemExit("--chromium: no chromium on the PATH")
    hits: list[int] = []
    for start in range(0, len(markups), IN_ONE_PAGE):
        hits += [start + number for number in _run(browser, markups[start : start + IN_ONE_PAGE])]
    return hits


_SCRIPT = """
<!doctype html><meta charset=utf-8><body><pre id=result></pre><div id=stage></div><script>
const hits = new Set(); let now = -1;
for (const name of ["alert", "confirm", "prompt", "print", "eval", "open"]) window[name] = () => { hits.add(now); };
window.onerror = () => true;
const markups = JSON.parse(document.querySelector("#markups")?.textContent || "[]");
</script>
"""


def _run(browser: str, markups: list[str]) -> list[int]:
    given = json.dumps(markups).replace("<", "\\u003c")
    script = _SCRIPT.replace('JSON.parse(document.querySelector("#markups")?.textContent || "[]")', given).replace(
        "</script>",
        """
(async () => {
  const stage = document.getElementById("stage");
  for (now = 0; now < markups.length; now++) {
    stage.innerHTML = markups[now];
    for (const element of stage.querySelectorAll("*"))
      for (const type of ["click", "mouseover", "mouseenter", "focus", "load", "error", "toggle", "animationstart"])
        try { element.dispatchEvent(new Event(type, {bubbles: true, cancelable: true})); } catch {}
    await new Promise(done => setTimeout(done, 5));
  }
  document.getElementById("result").textContent = "HITS " + JSON.stringify([...hits]) + " OF " + markups.length;
})();
</script>""",
    )
    with tempfile.TemporaryDirectory(prefix="newscrawl-xss-") as folder:
        page = Path(folder, "page.html")
        page.write_text(script, encoding="utf-8")
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        # Nothing leaves the machine: payloads name hosts of other people.
        flags += ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=30000", "--dump-dom"]
        done = subprocess.run([browser, *flags, page.as_uri()], capture_output=True, text=True, timeout=180)
    found = re.search(r"HITS (\[[\d,-]*\]) OF (\d+)", done.stdout)
    if found is None or int(found[2]) != len(markups):
        raise SystemExit(f"the browser did not finish: {done.stderr[-500:]}")
    return [int(number) for number in json.loads(found[1])]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--chromium", action="store_true")
    arguments.add_argument("--every", type=int, default=1, help="of payloadbox only each Nth")
    asked = arguments.parse_args()
    taken = [pair for n, pair in enumerate(payloads()) if pair[0] != "payloadbox" or n % asked.every == 0]
    rendered: list[str] = []
    bad: list[tuple[str, list[str], str]] = []
    for name, markup in taken:
        for _, body, _ in bodies(markup):
            rendered.append(body)
            if found := active(body):
                bad.append((name, found, markup))
    print(f"{len(taken)} payloads, {len(rendered)} bodies, active in {len(bad)}")
    for name, found, markup in bad[:20]:
        print(f"  {name}: {found[:3]} from {markup[:100]!r}")
    if asked.chromium:
        distinct = sorted(set(rendered))
        print(f"executed in Chromium: {len(executed(distinct))} of {len(distinct)} different bodies")
        print(f"  control, without sanitising: {len(executed(list(CONTROL)))} of {len(CONTROL)}")


if __name__ == "__main__":
    main()
