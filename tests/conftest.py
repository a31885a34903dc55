"""Options and fixtures that the tests share."""

from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "shared" / "data"  # pages of publishers, beside the checkout and never in it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write expected.json, for a person to read")


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of reference pages; a test that needs it is skipped where it is missing."""
    if not REFERENCE.is_dir():
        pytest.skip(f"no reference pages at {REFERENCE}")
    return REFERENCE
