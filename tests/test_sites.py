"""Site files: found by name, by host and by path; addresses told apart by their form."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.cases import fixtures_root, load_cases, save_case
from crawler.errors import BadField, UnknownSite
from crawler.items import Kind
from crawler.sites import load_site, site_for, site_names
from tests.outcomes import result_of

OWN = """
from crawler.site import Site

SITE = Site(name="{name}", hosts=("news.example.com",), categories={{"world": "https://news.example.com/world/"}})
"""


def test_known_sites() -> None:
    assert {"chinadaily", "eastmoney", "finews"} <= set(site_names())
    assert [load_site(name).name for name in site_names()] == site_names()


@pytest.mark.parametrize(
    ("name", "near"), [("finew", "finews"), ("eastmony", "eastmoney"), ("ChinaDaily", "chinadaily")]
)
def test_an_unknown_name_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownSite, match=f"did you mean {near}"):
        load_site(name)


@pytest.mark.parametrize("name", ["", "..", "sites.finews", "__init__", "finews.py", "/etc/passwd", "no/such.py"])
def test_what_is_no_site(name: str) -> None:
    with pytest.raises(UnknownSite):
        load_site(name)


def test_a_site_file_of_the_users_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(OWN.format(name="mine"), encoding="utf-8")
    site = load_site(str(file))
    assert (site.name, site.hosts) == ("mine", ("news.example.com",))


def test_the_name_is_that_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(OWN.format(name="yours"), encoding="utf-8")
    with pytest.raises(UnknownSite, match="must be the name of its file"):
        load_site(str(file))


def test_a_file_without_a_site(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("SITES = 1\n", encoding="utf-8")
    with pytest.raises(UnknownSite, match="does not define SITE"):
        load_site(str(file))


@pytest.mark.parametrize(
    "text",
    ["SITE = Site(", "import no_such_module", "SITE = Site()", "from crawler.site import Site\nSITE = Site(nam='x')"],
)
def test_a_file_that_cannot_be_read(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnknownSite, match=r"mine\.py is no site file"):
        load_site(str(file))


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://finews.withounder.com/emnews/", "finews"),
        ("http://finnews.zning.me/", "finews"),
        ("https://js.chinadaily.com.cn/a/1", "chinadaily"),
        ("https://chinadaily.com.cn/", "chinadaily"),
        ("http://wap.eastmoney.com/a/202608103836048718.html", "eastmoney"),
        ("http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202201072239888526", "eastmoney"),
    ],
)
def test_site_for(url: str, site: str) -> None:
    assert site_for(url).name == site


def test_no_site_for_a_strange_host() -> None:
    with pytest.raises(UnknownSite, match=r"nearest is finews\.withounder\.com \(finews\)"):
        site_for("https://finews.withonder.com/")
    with pytest.raises(UnknownSite):
        site_for("https://evil-chinadaily.com.cn.example/")


@pytest.mark.parametrize(
    ("site", "url", "kind", "facts"),
    [
        (
            "finews",
            "https://finews.withounder.com/emnews/2022/01/07/202201072239307540.html",
            Kind.ARTICLE,
            {"category": "emnews", "date": "2022/01/07", "key": "202201072239307540", "story": "202201072239307540"},
        ),
        (
            "finews",
            "http://finnews.zning.me/21shijijingjibaodao/21caijingapp/2022/01/10/NW202201102241000004.html",
            Kind.ARTICLE,
            {
                "category": "21shijijingjibaodao 21caijingAPP",
                "date": "2022/01/10",
                "key": "NW202201102241000004",
                "story": "202201102241000004",
            },
        ),
        (
            "finews",
            "https://finews.withounder.com/2026/11/21/2022-01-10-NW202201102241000001.html",
            Kind.ARTICLE,
            {"date": "2026/11/21", "key": "NW202201102241000001", "story": "202201102241000001"},
        ),
        (
            "finews",
            "https://finews.withounder.com/sitenews/2021/12/01/init.html",
            Kind.ARTICLE,
            {"category": "sitenews", "date": "2021/12/01"},
        ),
        ("finews", "https://finews.withounder.com/category/Wind.html", Kind.LISTING, {"category": "Wind"}),
        (
            "finews",
            "https://finews.withounder.com/category/Career In touxing(PEVC).html",
            Kind.LISTING,
            {"category": "Career In touxing(PEVC)"},
        ),
        ("finews", "https://finews.withounder.com/emnews/", Kind.LISTING, {}),
        ("finews", "https://finews.withounder.com/feed.xml", Kind.FEED, {}),
        ("finews", "https://finews.withounder.com/emnews/2021/12/emnews/", None, {}),
        ("finews", "https://finews.withounder.com/404.html", None, {}),
        (
            "chinadaily",
            "https://china.chinadaily.com.cn/a/202311/17/WS65571297a310d5acd876f404.html",
            Kind.ARTICLE,
            {"date": "202311/17", "key": "WS65571297a310d5acd876f404"},
        ),
        ("chinadaily", "https://cn.chinadaily.com.cn/a/202311/17/WS65571297a310d5acd876f404_2.html", None, {}),
        (
            "chinadaily",
            "http://www.chinadaily.com.cn/china/2014-06/17/content_17013298.htm",
            Kind.ARTICLE,
            {"date": "2014-06/17", "key": "content_17013298"},
        ),
        ("chinadaily", "https://china.chinadaily.com.cn/5bd5639ca3101a87ca8ff636/page_2.html", None, {}),
        ("eastmoney", "https://finance.eastmoney.com/a/ccjdd_2.html", None, {}),
        ("eastmoney", "https://guba.eastmoney.com/news,600000,1234567890.html", None, {}),
    ],
)
def test_form_of_an_address(site: str, url: str, kind: Kind | None, facts: dict[str, str]) -> None:
    known = load_site(site)
    address = known.canonical(url)
    assert (known.kind_of(address), known.facts(address)) == (kind, facts)


def test_an_address_of_no_known_form_is_a_listing_once_articles_have_one() -> None:
    site = load_site("chinadaily")
    section = "https://cn.chinadaily.com.cn/hk"
    assert site.kind_of(section) is None
    assert site.guess(section) is Kind.LISTING
    assert replace(site, article_url="").guess(section) is Kind.ARTICLE


def test_a_part_leads_to_its_first_page() -> None:
    site = load_site("chinadaily")
    first = "https://cn.chinadaily.com.cn/a/202311/17/WS65571297a310d5acd876f404.html"
    assert site.whole(first.replace(".html", "_2.html")) == first
    for url in (first, "https://cn.chinadaily.com.cn/hk/page_2.html", "https://cn.chinadaily.com.cn/hk_2.html"):
        assert site.whole(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://finance.eastmoney.com/a/202201072239307540.html",
        "http://stock.eastmoney.com/a/202201072239307540.html?from=mail",
        "http://finance.eastmoney.com/news/1353,202201072239307540.html",
        "http://caifuhao.eastmoney.com/news/202201072239307540",
        "https://wap.eastmoney.com/a/202201072239307540.html",
        "http://wap.eastmoney.com/3g/news/article,202201072239307540.shtml",
        "https://newsinfo.eastmoney.com/kuaixun/v2/api/article/202201072239307540?guid=x",
        "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202201072239307540",
        "http://choicewzp1.eastmoney.com/NewsData/GetNewsText.do?id=NW202201072239307540",
    ],
)
def test_one_eastmoney_article_has_many_addresses(url: str) -> None:
    site = load_site("eastmoney")
    facts = site.facts(site.canonical(url))
    assert facts == {"key": "202201072239307540", "story": "202201072239307540", "date": "20220107"}


def test_eastmoney_witnesses() -> None:
    witness = load_site("eastmoney").witness
    assert witness is not None
    text = "http://choicewzp1.eastmoney.com/NewsData/GetNewsText.do?id=NW202201072239307540"
    api = "https://newsinfo.eastmoney.com/kuaixun/v2/api/article/202201072239307540?guid=newscrawl"
    assert witness("http://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode=NW202201072239307540") == text
    assert witness(text) == api
    assert witness("http://finance.eastmoney.com/news/1353,202201072239307540.html") == api
    assert witness(api) is None


@pytest.mark.parametrize("name", site_names())
def test_categories_lie_on_the_sites_own_hosts(name: str) -> None:
    site = load_site(name)
    for url in (*site.categories.values(), *site.entries):
        assert site.has_host(urlsplit(url).hostname or "")
        assert site.canonical(url) == url
    assert set(site.category_names) == set(site.categories)


@pytest.mark.parametrize("name", ["chinadaily", "eastmoney", "finews"])
def test_the_saved_pages_of_a_site_are_a_closed_web(name: str) -> None:
    """Every listing, and every article that one leads to, is answered by a case, be it with 404."""
    site = load_site(name)
    cases = load_cases(fixtures_root() / name)
    answered = {site.canonical(case.page.url) for case in cases}
    lists = [case for case in cases if case.kind in (Kind.LISTING, Kind.FEED)]
    linked = {link.url for case in lists for link in result_of(case).links}
    assert {site.canonical(url) for url in (*site.categories.values(), *site.entries)} <= answered
    assert linked <= answered
    assert len({link for link in linked if site.kind_of(link) is Kind.ARTICLE}) >= 12


def test_a_saved_page_comes_back_as_it_was(tmp_path: Path) -> None:
    case = next(case for case in load_cases(fixtures_root() / "chinadaily") if case.name == "gbk-bytes")
    saved = save_case(tmp_path / "chinadaily", case.page, kind=Kind.ARTICLE, category="caijing", why="a test")
    assert saved.page.body == case.page.body
    assert (saved.page.url, saved.page.fetched_at) == (case.page.url, case.page.fetched_at)
    assert (saved.kind, saved.category, saved.site) == (Kind.ARTICLE, "caijing", "chinadaily")
    assert load_cases(tmp_path)[0].name == saved.name


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd",
        "a/" * 400,
        "%2e%2e%2f",
        "新闻/一 二?x=<>:|*",
        "con",
        "a\\b",
        "",
        "x.html",
        "X.html",
        "-rf",
    ],
)
def test_folders_of_saved_pages_are_safe_and_unique(path: str, tmp_path: Path) -> None:
    case = load_cases(fixtures_root() / "finews")[0]
    page = replace(case.page, url=f"https://finews.withounder.com/{path}")
    saved = save_case(tmp_path / "finews", page, kind=Kind.ARTICLE, category="", why="a test")
    assert saved.folder.parent == tmp_path / "finews"
    assert len(saved.name.encode()) < 100
    assert not set(saved.name) - set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert not saved.name.startswith("-")
    other = replace(page, url=page.url + "?other")
    assert save_case(tmp_path / "finews", other, kind=Kind.ARTICLE, category="", why="a test").name != saved.name


@pytest.mark.parametrize(
    "meta",
    ["", "[]", "{}", '{"url": 1}', '{"url": "https://a/", "status": "x", "headers": {}, "fetched": "?", "why": ""}'],
)
def test_an_unreadable_case_is_said_to_be_one(meta: str, tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "page.html").write_bytes(b"<p>a")
    (tmp_path / "case" / "meta.json").write_text(meta, encoding="utf-8")
    with pytest.raises(BadField, match=r"meta\.json"):
        load_cases(tmp_path)


def test_a_case_without_a_page(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadField, match="a case needs one of"):
        load_cases(tmp_path)
    with pytest.raises(UnknownSite, match="no folder of cases"):
        load_cases(tmp_path / "missing")
