"""What all tests share: the labelled reports, and the flags of the accuracy gate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Browser, opened

REPORTS = Path(__file__).parent / "reports"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-floors", action="store_true", help="raise the accuracy floors to today's scores")
    parser.addoption("--lower-floors", action="store_true", help="with --update-floors: also lower them")


@pytest.fixture(params=sorted(path.stem for path in REPORTS.glob("*.txt")))
def report(request: pytest.FixtureRequest) -> Path:
    """Each labelled report in turn."""
    return REPORTS / f"{request.param}.txt"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium for the tests of a module."""
    yield from opened(tmp_path_factory.mktemp("profile"), tmp_path_factory.mktemp("downloads"))
