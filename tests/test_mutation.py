"""Every selector of every site file is broken in turn; a case must notice. What none notices is not worth keeping."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeGuard

import pytest

from crawler.cases import Case, fixtures_root, load_cases
from crawler.site import Site
from crawler.sites import load_site, site_names
from tests.outcomes import outcome, result_of

BROKEN = "x-broken"
RULES = ("kind", "title", "subtitle", "digest", "published", "modified", "source", "source_url", "share_url", "body")
RULES += ("original_title", "upstream_id", "category", "category_name", "authors", "editors", "tags", "next_page")
RULES += ("article_links", "parts", "page_parameter")
FORMS = ("article_url", "listing_url", "feed_url", "sitemap_url")


@cache
def cases(site: str) -> list[tuple[Case, Any]]:
    """With what they come to when nothing is broken; that this is right, the replay tests say."""
    return [(case, outcome(result_of(case))) for case in load_cases(fixtures_root() / site)]


def is_noticed(site: Site) -> bool:
    return any(outcome(result_of(case, site)) != known for case, known in cases(site.name))


def source_of(name: str) -> str:
    return inspect.getsource(import_module(f"crawler.sites.{name}"))


def selectors(source: str) -> Iterator[ast.Constant]:
    """String literals that select elements: in calls of css() and first(), in rules of SITE, in constants for them."""
    tree = ast.parse(source)
    places: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "Site":
            places += [word.value for word in node.keywords if word.arg in (*RULES, "junk", "unwrap")]
        elif isinstance(node, ast.Call) and _name(node.func) in ("css", "first"):
            places += node.args
    names = {node.id for place in places for node in ast.walk(place) if isinstance(node, ast.Name)}
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.comprehension) and _name(node.target) in names]
    places += [loop.iter for loop in loops]
    names |= {_name(loop.iter) for loop in loops}
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and _name(node.targets[0]) in names]
    places += [node.value for node in named]
    found = {(node.lineno, node.col_offset): node for place in places for node in ast.walk(place) if _is_text(node)}
    yield from (found[key] for key in sorted(found))


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def mutants(name: str) -> Iterator[tuple[str, str]]:
    """Each selector's own words, and the file with it broken."""
    source = source_of(name)
    lines = source.splitlines(keepends=True)
    for node in selectors(source):
        assert node.end_lineno == node.lineno
        assert node.end_col_offset is not None
        raw = lines[node.lineno - 1].encode()  # ast counts bytes
        literal = raw[node.col_offset : node.end_col_offset].decode()
        for member in literal.strip("\"'").split(", "):
            whole = literal.replace(member, BROKEN, 1)
            line = (raw[: node.col_offset] + whole.encode() + raw[node.end_col_offset :]).decode()
            yield f"{node.lineno}:{member}", "".join([*lines[: node.lineno - 1], line, *lines[node.lineno :]])


@pytest.mark.parametrize(
    ("name", "source"),
    [pytest.param(name, source, id=f"{name}-{words}") for name in site_names() for words, source in mutants(name)],
)
def test_a_broken_selector_is_noticed(name: str, source: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.py"
    file.write_text(source, encoding="utf-8")
    assert is_noticed(load_site(str(file)))


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, field) for name in site_names() for field in (*RULES, *FORMS) if getattr(load_site(name), field)],
)
def test_a_missing_rule_is_noticed(name: str, field: str) -> None:
    blank = "(?!)" if field in FORMS else BROKEN
    assert is_noticed(replace(load_site(name), **{field: blank}))
