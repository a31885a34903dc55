"""The address guard: 0 connections to addresses that are not the open internet, by whatever way a crawl gets there."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy.utils.datatypes import LocalCache

from crawler.middlewares.addresses import GuardedResolver, is_public
from crawler.urls import canonical_url
from tests.loopback import ROOT, Answer, Web, article, environment, served

PRIVATE = (
    # this host, loopback, private networks, carriers' networks, link-local
    "0.0.0.0 0.1.2.3 127.0.0.1 127.0.0.2 127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1"
    " 100.64.0.1 169.254.1.1"
    # what clouds tell a machine about itself
    " 169.254.169.254 169.254.170.2 100.100.100.200 168.63.129.16 192.0.0.192 fd00:ec2::254 fd20:ce::254"
    # documentation, benchmarks, former relays, multicast, reserved, broadcast
    " 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255"
    # IPv6: the same kinds
    " :: ::1 fe80::1 fe80::1%eth0 ::1%lo fec0::1 fc00::1 fdff::1 ff02::1 100::1 2001:db8::1 3fff::1 2001:2::1 2001::1"
    " 5f00::1"
    # an IPv4 address inside of an IPv6 one
    " ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::7f00:1 ::ffff:0:127.0.0.1"
    " 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a9fe:a9fe:: 2001:0:7f00:1::"
    " 2001:0:808:808:0:0:80ff:fffe"
).split()

HOSTS = (
    # other ways to write 127.0.0.1 and 169.254.169.254 into a URL
    "2130706433 0x7f000001 017700000001 0177.0.0.1 0x7f.0.0.1 0x7f.0x0.0x0.0x1 127.1 127.0.1 127.0x1 0 0x0 "
    "127.000.000.001 00000177.0.0.1 127.0.0.1. %31%32%37.0.0.1 １２７.0.0.1 127。0。0。1 127．0．0．1 127｡0｡0｡1"
    " ①②⑦.⓪.⓪.①"
    " 2852039166 0xA9FEA9FE 169.254.43518 0251.0376.0251.0376 [::1] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::ffff:7f00:1]"
    " [::ffff:169.254.169.254] [::ffff:0:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [::]"
    # names
    " localhost localhost. LOCALHOST ⓛocalhost loc­alhost sub.localhost inner.example. metadata.google.internal"
    " mixed.example later.example user:word@inner.example inner.example\\@news.example"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_not_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    "1.1.1.1 8.8.8.8 114.114.114.114 172.15.0.1 172.32.0.1 100.63.0.1 192.167.0.1 2606:4700::1111 2400:3200::1"
    " ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::".split(),
)
def test_the_open_internet(address: str) -> None:
    assert is_public(address)


class Receiver:
    """What a connection would be made to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:
        pass


class Names:
    """A name server whose answers change: for each question the next of its list, the last for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *_: object) -> object:
        from twisted.internet.address import IPv4Address, IPv6Address

        receiver.resolutionBegan(self)
        for address in self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]:
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()
        return self


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Any:
    from scrapy import resolver

    monkeypatch.setattr(resolver, "dnscache", LocalCache(100))

    def ask(names: Names, host: str = "a.example", times: int = 1, port: int = 80, **allowed: Any) -> list[list[str]]:
        guard = GuardedResolver(SimpleNamespace(nameResolver=names), 100, **allowed)  # type: ignore[arg-type]
        answers = []
        for _ in range(times):
            receiver = Receiver()
            guard.resolveHostName(receiver, host, port)
            answers.append(receiver.hosts)
            resolver.dnscache.clear()
        return answers

    return ask


def test_a_name_that_changes_its_address_changes_nothing(resolved: Any) -> None:
    assert resolved(Names(["93.184.216.34"], ["127.0.0.1"], ["::ffff:127.0.0.1"]), times=3) == [
        ["93.184.216.34"], [], []
    ]  # fmt: skip


def test_of_mixed_answers_the_public_ones_are_left(resolved: Any) -> None:
    assert resolved(Names(["10.0.0.1", "93.184.216.34", "::1"])) == [["93.184.216.34"]]


def test_what_was_named_is_let_through_and_nothing_beside_it(resolved: Any) -> None:
    inner = Names(["10.0.0.1"])
    assert resolved(inner, host="A.example", allowed=["a.example"]) == [["10.0.0.1"]]
    assert resolved(inner, host="b.a.example", allowed=["a.example"]) == [[]]
    assert resolved(inner, host="10.0.0.1", endpoints=[("10.0.0.1", 8080)], port=8080) == [["10.0.0.1"]]
    assert resolved(inner, host="10.0.0.1", endpoints=[("10.0.0.1", 8080)], port=80) == [[]]
    assert resolved(inner, host="c.example", endpoints=[("10.0.0.1", 80)]) == [[]]


def test_a_refusal_is_kept_apart_from_a_name_that_is_unknown(resolved: Any) -> None:
    guard = GuardedResolver(SimpleNamespace(nameResolver=Names(["10.0.0.1"], [])), 100)  # type: ignore[arg-type]
    for host in ("inner.example", "nobody.example"):
        guard.resolveHostName(Receiver(), host)
    assert set(guard.refused) == {"inner.example"}


# a whole crawl

CRAWL = '''"""A crawl whose name server lies, with every connection written down."""

import json, sys
from pathlib import Path
from twisted.internet import asyncioreactor
asyncioreactor.install()
from twisted.internet import reactor
from twisted.internet.address import IPv4Address, IPv6Address

folder, port, hosts, urls = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), json.loads(sys.argv[4])
answers = {"news.example": ["127.0.0.1"], "mixed.example": ["10.0.0.1", "::1", "169.254.169.254"]}
asked, connected = [], []


class Names:
    def __init__(self, real):
        self.real = real

    def resolveHostName(self, receiver, host, at=0, *rest):
        asked.append(host)
        if host.replace(".", "").isdigit() or ":" in host:
            return self.real.resolveHostName(receiver, host, at, *rest)
        receiver.resolutionBegan(self)
        for address in answers.get(host, ["127.0.0.1"]):
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, at))
        receiver.resolutionComplete()
        return self


reactor.installNameResolver(Names(reactor.nameResolver))
connect = reactor.connectTCP


def spied(host, at, *args, **kwargs):
    connected.append([host, at])
    return connect(host, at, *args, **kwargs)


reactor.connectTCP = spied
from crawler.crawl import CrawlOptions, run_crawl
from crawler.site import Site

base = f"http://news.example:{port}"
links = lambda page: page.jmespath("items[].url").getall() or page.css("a::attr(href)").getall()
site = Site(
    name="inner", hosts=("news.example", *hosts), title="h1::text", body="div.body", delay_s=0.001, concurrency=8,
    categories={"html": base + "/list/html", "api": base + "/list/api"}, entries=(base + "/feed", base + "/map"),
    listing_url=r"/list/|/nested", feed_url=r"/feed$", sitemap_url=r"/map", article_url=r"/art/", article_links=links,
)
run_crawl(CrawlOptions(
    site=site, db=folder / "news.db", urls=tuple(urls), contact="https://crawl.example/", no_archive=True,
    allow_private=("news.example",), settings={"PATIENCE_S": 0.5},
))
(folder / "seen.json").write_text(json.dumps({"asked": asked, "connected": connected}))
'''


@pytest.fixture
def web() -> Iterator[Web]:
    with served(Web()) as web:
        yield web


def crawled(web: Web, folder: Path, targets: Sequence[str], urls: Sequence[str] = ()) -> dict[str, Any]:
    script = folder / "crawl.py"
    script.write_text(CRAWL)
    hosts = sorted({urlsplit(canonical_url(url)).hostname or "" for url in targets})
    words = [sys.executable, str(script), str(folder), str(web.port), json.dumps(hosts), json.dumps(list(urls))]
    done = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads((folder / "seen.json").read_text())
    return seen


def test_no_way_leads_to_an_inner_address(web: Web, tmp_path: Path) -> None:
    """Links of a listing, an API, a feed and a sitemap (of pages and of sitemaps), and redirects."""
    forms = [f"http://{host}:{web.port}" for host in HOSTS]
    ways = {way: [f"{form}/art/{way}{number}" for number, form in enumerate(forms)] for way in ("html", "api", "feed")}
    maps = [f"{form}/map/{number}" for number, form in enumerate(forms)]
    xml = {"Content-Type": "application/xml"}
    moved = [f"/art/moved{number}" for number in range(len(forms))]
    web.pages["/list/html"] = Answer("".join(f'<p><a href="{url}">x</a>' for url in [*ways["html"], *moved]))
    web.pages["/list/api"] = Answer(
        json.dumps({"items": [{"url": url} for url in ways["api"]]}), headers={"Content-Type": "application/json"}
    )
    items = "".join(f"<item><title>x</title><link>{url}</link></item>" for url in ways["feed"])
    web.pages["/feed"] = Answer(f'<rss version="2.0"><channel>{items}</channel></rss>', headers=xml)
    locations = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in maps)
    web.pages["/map"] = Answer(f"<sitemapindex>{locations}</sitemapindex>", headers=xml)
    for path, form in zip(moved, forms, strict=True):
        web.pages[path] = Answer(status=302, headers={"Location": f"{form}/art/there".encode().decode("latin-1")})
    seen = crawled(web, tmp_path, [*forms])
    assert {hit.headers["host"] for hit in web.hits} == {f"news.example:{web.port}"}
    assert len(set(seen["asked"])) > 12  # of the many forms these are the hosts that differ
    assert len(seen["connected"]) == len(web.hits) or {host for host, _ in seen["connected"]} == {"127.0.0.1"}
    assert {hit.path for hit in web.hits} >= {"/list/html", "/list/api", "/feed", "/map", *moved}
    assert not {hit.path for hit in web.hits} & {f"/art/{way}{n}" for way in ways for n in range(len(forms))}


def test_no_start_leads_to_an_inner_address(web: Web, tmp_path: Path) -> None:
    forms = [f"http://{host}:{web.port}/art/{number}" for number, host in enumerate(HOSTS)]
    forms += [f"http://{f'[{address}]' if ':' in address else address}:{web.port}/art/{address}" for address in PRIVATE
              if "%" not in address]  # fmt: skip
    web.pages |= {f"/art/{number}": Answer(article("inner")) for number in range(len(forms))}
    seen = crawled(web, tmp_path, forms, forms)
    assert web.hits == []
    assert seen["connected"] == []
    assert len(set(seen["asked"])) > 50
