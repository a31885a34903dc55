"""Articles in other shapes: read back equal, run nothing, climb out of no folder."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from ruamel.yaml import YAML

from crawler import export
from crawler.cases import load_cases
from crawler.errors import CrawlerError
from crawler.export import front_matter, text
from crawler.export.csv import cell
from crawler.export.jekyll import EXTRA_KEYS
from crawler.export.quarantine import write_pages
from crawler.items import Article, Image, Provenance, Removed

BEIJING = timezone(timedelta(hours=8))
ATOM = "{http://www.w3.org/2005/Atom}"

ARTICLE = Article(
    id="0123456789abcdef",
    site="finews",
    url="https://finews.withounder.com/zhengquanshibao/2022/01/07/NW202201072239888526.html",
    canonical_url="https://finews.withounder.com/zhengquanshibao/2022/01/07/NW202201072239888526.html",
    category="zhengquanshibao",
    category_name="证券时报新闻",
    title="两家企业签约 5G﹢项目",
    source="证券时报",
    share_url="http://example.com/share.html?infoCode=NW202201072239888526",
    published_at=datetime(2022, 1, 7, 9, 3, 54, tzinfo=BEIJING),
    fetched_at=datetime(2022, 1, 7, 4, 0, tzinfo=UTC),
    tags=("证券时报新闻",),
    images=(Image("https://example.com/a.png", alt="图"),),
    body_html="<p>第一段，有 5G 和 IT。</p>\n<h2>小标题</h2>\n<p>第二段“引用”、顿号。</p>",
    body_text="第一段，有 5G 和 IT。\n\n小标题\n\n第二段“引用”、顿号。",
    provenance={"title": Provenance("h1")},
    removed=(Removed("（文章来源：证券时报）", "take_source_line", "source"),),
)

TITLES = (
    'He said "no": it\'s over',
    "key: value # no comment",
    "{{ site.title }} {% raw %} {% endraw %}",
    "next\u0085line",
    "line\u2028separator\u2029",
    "\x00\x01\x1b[31mred\x7f",
    "back\\slash \\n \\u0041",
    "--- \n...\n---",
    "- item",
    "&anchor *alias !tag %directive @at `tick`",
    "null",
    "2022-01-07",
    "1e3",
    "  leading and trailing  ",
    "\ufeffBOM \u200b\u202e override",
    "'single' \"double\"",
    "=cmd|' /C calc'!A0",
    "\ud800 half a character",
    "\ufffe\uffff\U0001f600\U000e0001",
    "[a, b] {c: d}",
    "> folded | literal",
    "tab\there\r\nCRLF",
    "",
)


def with_(**changes: object) -> Article:
    values = {name: getattr(ARTICLE, name) for name in ARTICLE.__dataclass_fields__}
    return Article(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def naughty() -> list[str]:
    path = Path(__file__).parents[2] / "shared/data/hostile/naughty-strings/blns.json"
    extra = json.loads(path.read_text("utf-8")) if path.exists() else []
    if not extra:
        pytest.skip("the list of naughty strings is not beside this checkout (../shared/data/hostile/naughty-strings)")
    return [*TITLES, *extra]


def head_of(path: Path) -> str:
    return path.read_text("utf-8").split("---\n", 2)[1]


def check_titles(folder: Path, titles: list[str]) -> None:
    articles = [
        with_(id=f"{n:016x}", url=f"https://e.example/{n}", canonical_url="", title=t) for n, t in enumerate(titles)
    ]
    assert export.write("jekyll", articles, folder) == len(titles)
    files = {yaml.safe_load(head_of(path))["id"]: path for path in folder.iterdir()}
    assert len(files) == len(titles)
    for n, title in enumerate(titles):
        head = head_of(files[f"{n:016x}"])
        assert yaml.safe_load(head)["title"] == title
        assert YAML(typ="safe", pure=True).load(head)["title"] == title
        ours = front_matter.split(f"---\n{head}---\n")
        assert ours is not None
        assert ours[0]["title"] == title


def test_every_title_reads_back(tmp_path: Path) -> None:
    check_titles(tmp_path, list(TITLES))


def test_every_naughty_title_reads_back(tmp_path: Path, naughty: list[str]) -> None:
    check_titles(tmp_path, naughty)


@pytest.mark.parametrize("field", ["category", "tags", "source", "id", "url"])
def test_any_field_may_be_hostile(field: str, tmp_path: Path) -> None:
    for title in TITLES:
        value = (title, "b") if field == "tags" else title
        export.write("jekyll", [with_(**{field: value})], tmp_path / "one")
        (path,) = (tmp_path / "one").iterdir()
        head = yaml.safe_load(head_of(path))
        assert set(head) <= {"layout", "title", "date", "categories", "tags", *EXTRA_KEYS}
        key = {"category": "categories", "url": "original_url"}.get(field, field)
        got = head.get(key)
        assert got in (value, [title], [title, "b"]) or not title
        path.unlink()


def test_front_matter_of_a_post(tmp_path: Path) -> None:
    export.write("jekyll", [ARTICLE], tmp_path)
    post = (tmp_path / "2022-01-07-NW202201072239888526.md").read_text("utf-8")
    assert post.startswith(
        '---\nlayout: post\ntitle: "两家企业签约 5G﹢项目"\ndate: 2022-01-07 09:03:54 +0800\n'
        "categories: zhengquanshibao\ntags: 证券时报新闻\n"
    )
    assert post.endswith("\n---\n<p>第一段，有 5G 和 IT。</p>\n <h2>小标题</h2>\n <p>第二段“引用”、顿号。</p>\n")
    assert yaml.safe_load(head_of(tmp_path / "2022-01-07-NW202201072239888526.md"))["source"] == "证券时报"


def test_tail_of_a_post(tmp_path: Path) -> None:
    export.write("jekyll", [ARTICLE], tmp_path, export.Options(tail=True))
    (path,) = tmp_path.iterdir()
    assert path.read_text("utf-8").endswith(
        "\n <p>第二段“引用”、顿号。 </p>"
        '<p class="em_media">（文章来源：证券时报）</p>\n\n'
        "<http://example.com/share.html?infoCode=NW202201072239888526>\n\n"
        "[返回证券时报新闻](//finews.withounder.com/category/zhengquanshibao.html)｜[返回首页](//finews.withounder.com/)"
    )


def test_a_source_that_ends_the_body_is_not_said_twice(tmp_path: Path) -> None:
    export.write(
        "jekyll",
        [with_(body_html="<p>文（证券时报）</p>", body_text="文（证券时报）")],
        tmp_path,
        export.Options(tail=True),
    )
    assert "em_media" not in next(tmp_path.iterdir()).read_text("utf-8")


def test_no_liquid_in_a_body(tmp_path: Path) -> None:
    body = "<p>{{ site.x }} {%- endraw -%} {{{{% {%</p>"
    export.write(
        "jekyll",
        [with_(body_html=body, digest="{{ d }}", share_url="http://e/{{x}}")],
        tmp_path,
        export.Options(tail=True),
    )
    post = next(tmp_path.iterdir()).read_text("utf-8")
    below = post.split("---\n", 2)[2]
    assert not re.search(r"\{[{%]", below)
    assert below.replace("&#123;", "{").count("{{ site.x }} {%- endraw -%} {{{{% {%") == 1
    assert "render_with_liquid: false" in post


def test_file_names(tmp_path: Path, naughty: list[str]) -> None:
    articles = [with_(id=t, url=t, canonical_url="", title=t, upstream_id=t, category=t) for t in naughty]
    for kind, suffix in (("jekyll", ".md"), ("text", ".txt")):
        export.write(kind, articles, tmp_path / kind)
        names = [path.relative_to(tmp_path / kind).as_posix() for path in (tmp_path / kind).rglob("*")]
        assert len({name.lower() for name in names}) == len(naughty)
        assert all(re.fullmatch(rf"\d{{4}}-\d\d-\d\d-[A-Za-z0-9_-]{{1,120}}\{suffix}", name) for name in names)


def test_names_differ_in_more_than_case(tmp_path: Path) -> None:
    export.write(
        "text", [with_(url=f"https://e.example/{name}", canonical_url="") for name in ("A1", "a1", "A1")], tmp_path
    )
    assert len({path.name.lower() for path in tmp_path.iterdir()}) == 3


def test_a_persons_own_post_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "2022-01-07-NW202201072239888526.md"
    own.write_text("mine", "utf-8")
    for _ in range(2):
        export.write("jekyll", [ARTICLE], tmp_path)
        assert own.read_text("utf-8") == "mine"
        assert len(list(tmp_path.iterdir())) == 2


def test_text_keeps_everything(tmp_path: Path) -> None:
    export.write("text", [ARTICLE, ARTICLE], tmp_path / "out.txt")
    one = f"两家企业签约 5G﹢项目\n2022/1/7 9:03\n{ARTICLE.body_text}\n"
    assert (tmp_path / "out.txt").read_text("utf-8") == f"{one}\n{one}"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"one_line": True}, "两家企业签约 5G﹢项目\n2022/1/7 9:03\n第一段，有 5G 和 IT。小标题第二段“引用”、顿号。"),
        ({"reduce": "han"}, "两家企业签约项目\n2022/1/7 9:03\n第一段，有和。小标题第二段引用顿号。"),
    ],
)
def test_text_on_three_lines(options: dict[str, object], expected: str, tmp_path: Path) -> None:
    export.write("text", [ARTICLE], tmp_path / "out.txt", export.Options(**options))  # type: ignore[arg-type]
    assert (tmp_path / "out.txt").read_bytes() == expected.encode()


def test_a_signature_ends_a_text_on_one_line() -> None:
    signed = with_(source="某报江苏记者站", removed=(Removed("（某报江苏记者站）", "take_signature", "source"),))
    assert text.document(signed, reduce="han").endswith("顿号。某报江苏记者站")
    assert text.document(signed, one_line=True).endswith("顿号。（某报江苏记者站）")
    assert "记者站" not in text.document(signed)


@pytest.mark.parametrize(
    ("paragraphs", "line"),
    [("a b\n\nc", "a b c"), ("中\n\nc", "中c"), ("a，\n\n中", "a，中"), ("x.\n- y\n- z", "x. - y - z"), ("", "")],
)
def test_joined(paragraphs: str, line: str) -> None:
    assert text.joined(paragraphs) == line


def test_no_cell_is_a_formula(tmp_path: Path, naughty: list[str]) -> None:
    articles = [with_(title=t, source=t, tags=(t,), url=t, subtitle=f"\t{t}") for t in naughty]
    export.write("csv", articles, tmp_path / "out.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_bytes().decode("utf-8"), newline="")))
    assert len(rows) == len(naughty) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[0][0] == "id"


@pytest.mark.parametrize(
    ("value", "expected"), [("=1+1", "'=1+1"), ("1-1", "1-1"), (None, ""), (["a", "b"], "a; b"), (-3, "'-3")]
)
def test_cell(value: object, expected: str) -> None:
    assert cell(value) == expected


def test_jsonl(tmp_path: Path) -> None:
    articles = [with_(title=title) for title in TITLES]
    assert export.write("jsonl", iter(articles), tmp_path / "deep" / "out.jsonl") == len(TITLES)
    lines = (tmp_path / "deep" / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["title"] for line in lines] == list(TITLES)
    first = json.loads(lines[0])
    assert first["published_at"] == "2022-01-07T09:03:54+08:00"
    assert first["images"] == [{"url": "https://example.com/a.png", "alt": "图", "caption": None, "position": 0}]
    assert first["provenance"]["title"]["rule"] == "h1"


def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    def broken() -> object:
        yield ARTICLE
        raise RuntimeError("the database went away")

    target = tmp_path / "out.jsonl"
    export.write("jsonl", [ARTICLE], target)
    before = target.read_bytes()
    with pytest.raises(RuntimeError):
        export.write("jsonl", broken(), target)  # type: ignore[arg-type]
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(CrawlerError, match="jsonl, csv"):
        export.write("docx", [], tmp_path / "x")


def test_atom_is_well_formed_whatever_it_holds(tmp_path: Path, naughty: list[str]) -> None:
    articles = [
        with_(
            id=str(n), title=t, body_html=t, url=t, category=t, tags=(t,), authors=(t,), source=t, language=t, digest=t
        )
        for n, t in enumerate(naughty)
    ]
    for by in ("site", "category", "source"):
        folder = tmp_path / by
        assert export.write("atom", articles, folder, export.Options(by=by)) == len(naughty)  # type: ignore[arg-type]
        feeds = [ElementTree.parse(path).getroot() for path in folder.iterdir()]
        assert all(path.suffix == ".xml" for path in folder.iterdir())
        assert len({feed.findtext(f"{ATOM}id") for feed in feeds}) == len(feeds)
        entries = [entry for feed in feeds for entry in feed.iter(f"{ATOM}entry")]
        assert len(entries) == len(naughty)
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(naughty)


def test_atom_reads_back_and_keeps_its_ids(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        export.write("atom", [ARTICLE, with_(id="2", source="财联社")], tmp_path / folder, export.Options(by="source"))
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["证券时报.xml", "财联社.xml"]
    first, second = (ElementTree.parse(tmp_path / folder / "证券时报.xml").getroot() for folder in ("one", "two"))
    assert first.findtext(f"{ATOM}id") == second.findtext(f"{ATOM}id")
    entry = first.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == ARTICLE.title
    assert entry.findtext(f"{ATOM}content") == ARTICLE.body_html
    assert entry.findtext(f"{ATOM}updated") == "2022-01-07T09:03:54+08:00"


@pytest.mark.parametrize("shape", ["jekyll", "atom"])
def test_several_files_do_not_go_to_standard_output(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CrawlerError, match="folder"):
        export.write(shape, [ARTICLE], "-")
    assert list(tmp_path.iterdir()) == []


# quarantine


@dataclass(frozen=True)
class Kept:
    url: str
    site: str = "example"
    reason: str = "FieldMissing: title"
    at: datetime = datetime(2022, 1, 7, 4, 0, tzinfo=UTC)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    article: Article | None = None
    body: bytes = b""


def test_quarantined_pages_are_cases_with_their_bytes_and_what_was_read(tmp_path: Path) -> None:
    body = "<h1></h1><p>\u7b2c\u4e00\u6bb5".encode("gb18030") + b"\x00\xff"
    headers = {"content-type": "text/html; charset=gbk", "set-cookie": "secret=1"}
    recovered = replace(ARTICLE, title="", body_text="half \ud800 of it")
    pages = [
        Kept(ARTICLE.url, "finews", headers=headers, article=recovered, body=body),
        Kept("https://news.example.com/a", headers={"content-type": "application/json"}, body=b"{"),
    ]
    assert write_pages(tmp_path / "out", pages) == 2
    one, other = sorted(load_cases(tmp_path / "out"), key=lambda case: case.site)
    assert (other.site, other.page.url, other.page.body, other.page.status) == ("finews", ARTICLE.url, body, 200)
    assert (other.why, other.page.headers) == ("FieldMissing: title", {"content-type": "text/html; charset=gbk"})
    assert (one.site, one.page.body) == ("example", b"{")
    told = json.loads((other.folder / "meta.json").read_text(encoding="utf-8"))
    assert (told["reason"], told["article"]["source"]) == ("FieldMissing: title", "\u8bc1\u5238\u65f6\u62a5")
    before = sorted(tmp_path.rglob("*"))
    write_pages(tmp_path / "out", pages)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("site", ["../../up", "/root", "a/b", "..", "\x1b[31m", "", "con\x00"])
def test_no_quarantined_page_leaves_the_folder(site: str, tmp_path: Path) -> None:
    urls = ("https://e.example/../../../x", "https://e.example/%2e%2e/..%2f", f"https://e.example/{'a' * 3000}", "x")
    assert write_pages(tmp_path / "out", [Kept(url, site) for url in urls]) == 4
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 8
    for path in written:
        assert path.relative_to(tmp_path / "out").parts[2] in ("page.html", "meta.json")
        assert re.fullmatch(r"[0-9A-Za-z_-]{1,80}", path.parent.name)
        assert re.fullmatch(r"[0-9A-Za-z_-]+", path.parent.parent.name)
