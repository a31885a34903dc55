"""What the documents say is what the code does."""

import argparse
import dataclasses
import io
import json
import re
import shlex
import shutil
import subprocess
import tokenize
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from crawler import items
from crawler.cli import arguments
from crawler.export.record import record
from crawler.items import Article, Kind, State
from crawler.page import Page
from crawler.path import process
from crawler.site import Site
from crawler.sites import load_site, site_names

CHECKOUT = Path(__file__).parent.parent
READMES = (CHECKOUT / "README.md", CHECKOUT / "README.zh.md")
SCHEMA = CHECKOUT / "docs" / "item.schema.json"


# The JSON Schema of an article, from its type and the comments beside its fields


def article_schema() -> dict[str, Any]:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Article",
        "description": "One article of newscrawl, as exported in JSON. Null: the page has no such thing.",
    }
    return head | class_schema(Article)


def class_schema(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    notes = comments(cls)
    names = [field.name for field in dataclasses.fields(cls)]
    described = {
        name: type_schema(hints[name]) | ({"description": notes[name]} if name in notes else {}) for name in names
    }
    return {"type": "object", "properties": described, "required": names, "additionalProperties": False}


def type_schema(hint: Any) -> dict[str, Any]:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [type_schema(one) for one in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple:
        return {"type": "array", "items": type_schema(inner[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": type_schema(inner[1])}
    if dataclasses.is_dataclass(hint):
        return class_schema(typing.cast(type, hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [one.value for one in hint]}
    simple: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        int: {"type": "integer"},
        types.NoneType: {"type": "null"},
        datetime: {"type": "string", "format": "date-time"},
    }
    return simple[hint]


def comments(cls: type) -> dict[str, str]:
    """Field -> the comment behind it in items.py."""
    source = Path(items.__file__).read_text(encoding="utf-8")
    block = source[source.index(f"class {cls.__name__}:") :]
    found: dict[str, str] = {}
    for line in block.splitlines()[1:]:
        if line and not line[0].isspace():
            break
        if (field := re.match(r"    (\w+):", line)) and "#" in line:
            tokens = tokenize.generate_tokens(io.StringIO(line.strip()).readline)
            found[field[1]] = next(token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT)
    return found


def test_schema_is_up_to_date(request: pytest.FixtureRequest) -> None:
    made = json.dumps(article_schema(), ensure_ascii=False, indent=2) + "\n"
    if request.config.getoption("--update", default=False):
        SCHEMA.write_text(made, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == made, "pytest tests/test_docs.py --update writes it"


def test_schema_describes_what_is_exported() -> None:
    at = datetime(2026, 11, 21, 8, tzinfo=UTC)
    article = Article(
        title="t",
        published_at=at,
        images=(items.Image("https://a.example/i.png"),),
        provenance={"title": items.Provenance("h1")},
        removed=(items.Removed("x", "drop_empty"),),
    )
    written = json.loads(json.dumps(record(article)))
    assert list(mismatches(article_schema(), written)) == []
    assert list(mismatches(article_schema(), written | {"zone_from": "moon"})) == [".zone_from"]
    assert list(mismatches(article_schema(), written | {"more": 1})) == ["."]


def mismatches(schema: Mapping[str, Any], value: Any, at: str = "") -> Iterator[str]:
    """Places where a value is not what the schema says; the part of JSON Schema that ours uses."""
    if "anyOf" in schema:
        if all(list(mismatches(one, value, at)) for one in schema["anyOf"]):
            yield at
    elif "enum" in schema:
        if value not in schema["enum"]:
            yield at
    elif schema["type"] == "object" and isinstance(value, dict):
        inner = schema.get("properties", dict.fromkeys(value, schema["additionalProperties"]))
        if set(inner) != set(value):
            yield at or "."
        for name in set(inner) & set(value):
            yield from mismatches(inner[name], value[name], f"{at}.{name}")
    elif schema["type"] == "array" and isinstance(value, list):
        for number, one in enumerate(value):
            yield from mismatches(schema["items"], one, f"{at}[{number}]")
    else:
        python = {"string": str, "integer": int, "null": types.NoneType}.get(schema["type"], ())
        if not isinstance(value, python):
            yield at


# The READMEs


def commands_of(readme: Path) -> dict[str, str]:
    return dict(re.findall(r"<!-- run: (\w+) -->\n```sh\n(.+?)\n```", readme.read_text(encoding="utf-8"), re.S))


def test_both_readmes_give_the_same_two_commands() -> None:
    english, chinese = map(commands_of, READMES)
    assert english == chinese
    assert set(english) == {"demo", "test"}
    assert all(command.startswith("python3 -m venv .venv && ") for command in english.values())


def options(command: str) -> list[str]:
    """Each option in its first form, as the help prints them."""
    groups = next(action for action in arguments()._actions if isinstance(action, argparse._SubParsersAction))
    return [action.option_strings[0] for action in groups.choices[command]._actions if action.option_strings][1:]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_readme_names_every_command_argument_and_state(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    for name in arguments().command_names:
        assert f"`{name}" in text, name
    for option in options("crawl"):
        assert option in text, option
    for state in State:
        assert state.value in text, state
    for site in site_names():
        assert f"`{site}`" in text, site


@pytest.mark.parametrize("page", [*READMES, CHECKOUT / "docs" / "adding-a-site.md"], ids=lambda path: path.name)
def test_commands_that_are_printed_are_commands(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("${{ github.repository }}", "a/b")
    printed = "\n".join(re.findall(r"```(?:sh|crontab|ini|yaml)\n(.+?)```", text, re.S))
    lines = re.findall(r"^(?:.*/bin/|\s*- run: )?newscrawl ([^|\n]+)", printed, re.M)
    assert len(lines) >= 3
    for line in lines:
        arguments().parse_args(shlex.split(line, comments=True))


def test_both_readmes_print_the_same_timers() -> None:
    english, chinese = (
        re.findall(r"```(?:crontab|ini|yaml)\n.+?```", path.read_text("utf-8"), re.S) for path in READMES
    )
    assert english == chinese
    assert len(english) == 4


def test_printed_workflow_is_a_workflow() -> None:
    text = re.findall(r"```yaml\n(.+?)```", READMES[0].read_text(encoding="utf-8"), re.S)[0]
    workflow = yaml.safe_load(text)
    assert workflow["jobs"]["crawl"]["steps"][0]["uses"].startswith("actions/checkout")
    assert workflow[True]["schedule"] == [{"cron": "*/30 * * * *"}]  # YAML 1.1 reads `on` as true


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_printed_timer_is_a_timer(tmp_path: Path) -> None:
    units = re.findall(r"```ini\n# (newscrawl\.\w+)\n(.+?)```", READMES[0].read_text(encoding="utf-8"), re.S)
    assert {name for name, _ in units} == {"newscrawl.service", "newscrawl.timer"}
    for name, text in units:
        # systemd looks for the program too, which the reader's home has and this machine does not.
        (tmp_path / name).write_text(text.replace("%h/newscrawl/.venv/bin/newscrawl", "/bin/true"), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "newscrawl" not in done.stderr, done.stderr


@pytest.mark.parametrize("page", [*READMES, *(CHECKOUT / "docs").glob("*.md")], ids=lambda path: path.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    for target in targets:
        assert (page.parent / target).exists(), target


def test_design_names_every_room() -> None:
    text = (CHECKOUT / "docs" / "design.md").read_text(encoding="utf-8").split("## Rooms")[1]
    contract = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    for layer in contract["contracts"][0]["layers"]:
        for room in re.findall(r"\w+", layer):
            assert re.search(rf"\b{room}\b", text), room


# The worked example


EXAMPLE = CHECKOUT / "docs" / "adding-a-site.md"
ARTICLE_URL = "https://hafen.example/stadt/2026-11-20-neue-faehre"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)\n```", EXAMPLE.read_text(encoding="utf-8"), re.S)


def page(html: str, url: str) -> Page:
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url, html.encode(), headers, datetime(2026, 11, 21, 8, tzinfo=UTC))


@pytest.fixture
def hafen(tmp_path: Path) -> Site:
    file = tmp_path / "hafen.py"
    file.write_text(blocks("python")[0], encoding="utf-8")
    return load_site(str(file))


def test_worked_example_gives_the_article_it_prints(hafen: Site) -> None:
    result = process(hafen, page(blocks("html")[1], ARTICLE_URL), url=ARTICLE_URL, kind=Kind.ARTICLE)
    assert result.state is State.STORED, result.reason
    assert result.article is not None
    made = record(result.article)
    printed = json.loads(blocks("json")[0])
    assert {name: made[name] for name in printed} == printed
    assert [line.text for line in result.article.removed] == ["Anzeige"]


def test_worked_example_gives_the_links_it_prints(hafen: Site) -> None:
    url = hafen.categories["stadt"]
    result = process(hafen, page(blocks("html")[0], url), url=url, kind=Kind.LISTING, category="stadt")
    assert [link.url for link in result.links] == json.loads(blocks("json")[1])


def test_worked_example_is_an_ordinary_site() -> None:
    assert len(blocks("python")[0].splitlines()) <= 30
