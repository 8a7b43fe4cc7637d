"""What all tests share: the labelled reports, and the flags of the accuracy gate."""

from __future__ import annotations

from pathlib import Path

import pytest

REPORTS = Path(__file__).parent / "reports"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-floors", action="store_true", help="raise the accuracy floors to today's scores")
    parser.addoption("--lower-floors", action="store_true", help="with --update-floors: also lower them")


@pytest.fixture(params=sorted(path.stem for path in REPORTS.glob("*.txt")))
def report(request: pytest.FixtureRequest) -> Path:
    """Each labelled report in turn."""
    return REPORTS / f"{request.param}.txt"
