"""robots.txt: Google's own cases, and what they leave out."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.robots import DELAY_MAX_S, READ_BYTES, Rules

CASES = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile" / "robots-google" / "cases.json"


@pytest.mark.skipif(not CASES.exists(), reason="needs ../shared/data/hostile/robots-google")
def test_google_cases() -> None:
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    wrong = [
        # The file holds one octet a character.
        (name, text, agent, url)
        for name, text, agent, url, allowed in cases
        if Rules.parse(text.encode("latin-1")).allows(url, agent) is not allowed
    ]
    assert len(cases) == 140
    assert wrong == []


RULES = (
    # pattern, path, whether it matches
    ("/", "/anything", True),
    ("/fish", "/fish.html", True),
    ("/fish", "/Fish", False),
    ("/fish*", "/fishheads/yummy.html", True),
    ("/fish/", "/fish", False),
    ("/*.php", "/folder/any.php.file.html", True),
    ("/*.php$", "/filename.php?parameters", False),
    ("/*.php$", "/a.php", True),
    ("/fish*.php", "/fishheads/catfish.php?parameters", True),
    ("/a$b", "/a$bc", True),
    ("*", "/x", True),
    ("/*/*/x", "/a/b/x", True),
    ("/a**b", "/axb", True),
    ("/ab$", "/ab", True),
    ("/a*b$", "/ab", True),
    ("/ab*b$", "/ab", False),
    ("/中文", "/%E4%B8%AD%E6%96%87/x", True),
    ("/%e4%b8%ad", "/%E4%B8%AD/x", True),
    ("/%62", "/b", True),
    ("/a%2Fb", "/a/b", False),
)


@pytest.mark.parametrize(("pattern", "path", "matches"), RULES)
def test_disallow(pattern: str, path: str, matches: bool) -> None:
    rules = Rules.parse(f"user-agent: *\ndisallow: {pattern}\n")
    assert rules.allows("https://news.example.com" + path, "newscrawl") is not matches


OWN = "user-agent: newscrawl\n"

FILES = (
    ("longest rule", "user-agent: *\ndisallow: /a\nallow: /a/b\n", "/a/b/c", True),
    ("allow wins a tie", "user-agent: *\ndisallow: /a\nallow: /a\n", "/a", True),
    ("own group, not the star's", "user-agent: *\ndisallow: /\nuser-agent: newscrawl\ndisallow: /x\n", "/y", True),
    ("own group empty", "user-agent: *\ndisallow: /\n\nuser-agent: newscrawl\ndisallow:\n", "/y", True),
    ("two agents, one group", "user-agent: a\nuser-agent: NewsCrawl/1.0\ndisallow: /\n", "/", False),
    ("groups merge", f"{OWN}disallow: /a\nuser-agent: b\nallow: /\n{OWN}disallow: /b", "/b", False),
    ("unknown lines do not close a group", f"{OWN}foo: bar\nsitemap: x\nuser-agent: b\ndisallow: /\n", "/", False),
    ("crawl-delay does not close a group", f"{OWN}crawl-delay: 1\nuser-agent: b\ndisallow: /\n", "/", False),
    ("another token", "user-agent: newscrawlbot\ndisallow: /\n", "/", True),
    ("rules before any agent", "disallow: /\n", "/", True),
    ("byte order mark", "\ufeffuser-agent: *\ndisallow: /\n", "/", False),
    ("CR lines", "user-agent: *\rdisallow: /\r", "/", False),
    ("comment", "user-agent: * # all\ndisallow: /a # not that\n", "/a", False),
    ("no colon", "user-agent *\ndisallow /a\n", "/a", False),
    ("query", "user-agent: *\ndisallow: /*?*id=\n", "/a?x=1&id=2", False),
    ("no path in the address", "user-agent: *\ndisallow: /$\n", "", False),
    ("garbage", "\x00\xff<html>", "/", True),
    ("empty", "", "/", True),
)


@pytest.mark.parametrize(("why", "text", "path", "allowed"), FILES)
def test_files(why: str, text: str, path: str, allowed: bool) -> None:
    for form in (text, text.encode()):
        assert Rules.parse(form).allows("https://news.example.com" + path, "newscrawl") is allowed, why


def test_utf16() -> None:
    assert not Rules.parse("user-agent: *\ndisallow: /\n".encode("utf-16")).allows("https://a.example/", "newscrawl")


@pytest.mark.parametrize(
    ("value", "seconds"), [("5", 5.0), ("0.5", 0.5), ("3600", DELAY_MAX_S), ("-1", None), ("inf", None), ("x", None)]
)
def test_crawl_delay(value: str, seconds: float | None) -> None:
    assert Rules.parse(f"user-agent: *\ncrawl-delay: {value}\n").crawl_delay("newscrawl") == seconds


def test_sitemaps_and_usage() -> None:
    rules = Rules.parse(
        "Sitemap: https://a.example/s.xml\nuser-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /open train-ai=y\n"
        "sitemap: https://a.example/news.xml\n"
    )
    assert rules.sitemaps == ["https://a.example/s.xml", "https://a.example/news.xml"]
    assert rules.content_usage("https://a.example/x", "newscrawl") == "train-ai=n"
    assert rules.content_usage("https://a.example/open/x", "newscrawl") == "train-ai=y"
    assert Rules.parse("").content_usage("https://a.example/x", "newscrawl") is None


def test_long_file_is_read_to_its_limit() -> None:
    filler = "# padding\n" * (READ_BYTES // 10)
    assert not Rules.parse("user-agent: *\ndisallow: /a\n" + filler).allows("https://a.example/a", "newscrawl")
    assert Rules.parse(filler + "#\nuser-agent: *\ndisallow: /a\n").allows("https://a.example/a", "newscrawl")


def test_hostile_pattern_is_fast() -> None:
    rules = Rules.parse("user-agent: *\n" + ("disallow: /" + "*a" * 500 + "b$\n") * 400)
    start = time.perf_counter()
    assert rules.allows("https://a.example/" + "a" * 100_000, "newscrawl")
    assert time.perf_counter() - start < 2


@given(st.binary(max_size=300), st.text(max_size=40))
def test_never_fails(body: bytes, path: str) -> None:
    rules = Rules.parse(b"user-agent: *\ndisallow: " + body)
    rules.allows("https://a.example/" + path, "newscrawl")
    rules.content_usage("https://a.example/" + path, "newscrawl")
