"""The benchmarks of a second crawl and of politeness, small enough for every change."""

from tests.benchmarks import polite, steady


def test_a_second_crawl_of_what_is_unchanged_asks_for_listings_only() -> None:
    first, second = steady.measure(listings=4, articles=40, validators=True)
    assert (first.articles, first.listings) == (40, 4)
    assert (second.articles, second.listings, second.bytes) == (0, 4, 0)


def test_robots_pace_holds_and_connections_are_kept_through_kills() -> None:
    violations, asked, killed, missing = polite.measure(400, 2)
    assert (sum(violations.values()), missing) == (0, 0), violations
    assert asked >= 400
    assert killed


def test_the_checking_server_sees_violations() -> None:
    from tests.loopback import Hit

    host = polite.Checking(number=0, articles=1000)
    for path, at in (("/art/0-400", 1.0), ("/art/0-1", 1.01), ("/art/private-1", 5.0)):
        host.answer(Hit(path, at, {}))
    assert (host.violations["delay"], host.violations["robots"]) == (1, 1)
    told, _ = host._holds[0]
    host.answer(Hit("/art/0-2", told + 0.5, {}))
    assert host.violations["Retry-After"] == 1
