"""How long a run takes, as --dry-run says it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import llmx
from llmx.cli import app
from llmx.sizing import Pace, duration

REPORT = Path(__file__).parent / "reports" / "qianjiang-2025.txt"


@pytest.mark.parametrize(
    ("pace", "hours", "bound"),
    [
        (Pace(64, latency=20.0), 720_000 * 20 / 64 / 3600, "concurrency"),
        (Pace(500, latency=20.0, rpm=600), 720_000 / 10 / 3600, "rpm"),
        (Pace(500, latency=20.0, tpm=3_000_000), 720_000 * 3_000 / 50_000 / 3600, "tpm"),
        (Pace(8_000, latency=20.0, workers=2), 720_000 * 0.01 / 2 / 3600, "workers"),
        (Pace(64, latency=20.0, faults=0.1), 800_000 * 20 / 64 / 3600, "concurrency"),
    ],
)
def test_what_binds_says_how_long(pace: Pace, hours: float, bound: str) -> None:
    told = duration(720_000, 720_000 * 3_000, pace)
    assert told.hours == pytest.approx(hours, rel=0.01)
    assert told.bound == bound
    assert duration(0, 0, pace).hours == 0


def test_a_simulation_of_each_call_takes_as_long() -> None:
    import runpy

    made = runpy.run_path(str(Path(__file__).parent.parent / "benchmarks" / "sizing.py"))
    for pace in (Pace(32, latency=2.0, faults=0.1), Pace(64, latency=2.0, rpm=1_000, workers=2)):
        assert duration(6_000, 6_000 * 3_400, pace).hours == pytest.approx(
            made["simulated"](6_000, pace) / 3600, rel=0.05
        )


def test_a_dry_run_says_hours_live_in_batches_and_on_workers() -> None:
    asked = ["extract", str(REPORT), "--model", "deepseek/deepseek-chat", "--dry-run", "--rpm", "6", "--jobs", "4"]
    told = CliRunner().invoke(app, asked).output
    assert "calls at once of 20 s (assumed; say --latency), 6 requests a minute" in told
    assert "On 4 workers, which have these limits together, about" in told
    assert "In batches at most 24 hours" in told
    assert "(assumed" not in CliRunner().invoke(app, [*asked, "--latency", "3"]).output
    estimate = llmx.estimate(REPORT, "deepseek/deepseek-chat", rpm=6, latency=3)
    assert estimate.hours().bound == "rpm"
    assert estimate.hours().hours == pytest.approx((estimate.chunks - estimate.cached) * 1.1 / 6 / 60 + 3 / 3600)
