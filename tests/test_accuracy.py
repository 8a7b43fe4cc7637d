"""The accuracy gate: `rules` on the labelled reports must not fall under the pinned floors.

The floors are F1 scores pooled over all reports, a little under what was measured when they were set. A digest of the
labels stands beside them: floors mean nothing for other labels. Raise them with
`pytest tests/test_accuracy.py --update-floors`; lowering one also takes `--lower-floors`, and a reason in the commit.
"""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

import llmx
from llmx.evaluation import Scores, read_floors, under_floors, update_floors

HERE = Path(__file__).parent
MEASURES = llmx.open_task().scoring.measures
FLOORS = HERE / "accuracy_floors.json"


@pytest.fixture(scope="module")
def scores() -> Scores:
    return llmx.evaluate(llmx.extract_many(sorted((HERE / "reports").glob("*.txt"))), HERE / "labels")


def test_no_score_falls_under_its_floor(scores: Scores, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-floors"):
        update_floors(scores, FLOORS, lower=request.config.getoption("--lower-floors"))
    assert not under_floors(scores, FLOORS)
    assert set(read_floors(FLOORS).f1) == set(MEASURES)


def test_of_figures_the_span_is_right_and_no_id_is_another_indicators(scores: Scores) -> None:
    fields = {row["name"]: row for row in scores.table("fields")}
    assert fields["period"]["gold"] >= 1000
    assert fields["period"]["f1"] >= 0.98
    assert fields["indicator_id"]["gold"] >= 200
    assert fields["indicator_id"]["wrong"] == 0
    assert fields["indicator_id"]["recall"] >= 0.85


def test_the_readme_shows_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(HERE.parent / "benchmarks" / "accuracy.py"), run_name="__main__")
    # Intervals are drawn at random, and numpy does not promise the same draws from version to version.
    printed, readme = (
        re.sub(r" (?:\d\.\d\d)?–(?:\d\.\d\d)? \|", "", text)
        for text in (capsys.readouterr().out, (HERE.parent / "README.md").read_text("utf-8"))
    )
    assert printed.count("\n") == 2 + len(MEASURES)
    assert printed in readme


def test_every_quote_and_figure_is_verbatim(report: Path) -> None:
    result = llmx.extract(report)
    text = result.document.text
    assert result.records
    for record in result.records:
        assert text[record.start : record.end] == record.quote
        if getattr(record, "figure", None):
            assert text[record.figure_start : record.figure_end] == record.figure
            assert record.start <= record.figure_start < record.figure_end <= record.end


def test_labelled_figures_are_found_with_exact_span_value_and_unit() -> None:
    found = missed = 0
    for labels in (HERE / "labels").glob("*.jsonl"):
        text = llmx.read(HERE / "reports" / f"{labels.stem}.txt").text
        figures = {(f.start, f.end, f.value, f.unit) for f in llmx.find_figures(text)}
        for line in labels.read_text("utf-8").splitlines():
            label = json.loads(line)
            if "figure" not in label:
                continue
            key = (label["figure_start"], label["figure_end"], label["value"], label["unit"])
            found, missed = found + (key in figures), missed + (key not in figures)
    assert found / (found + missed) >= 0.995


def test_unclaimed_and_claimed_figures_are_all_the_figures(report: Path) -> None:
    result = llmx.extract(report)
    claimed = {record.figure_start for record in result.records if getattr(record, "figure", None)}
    unclaimed = {one.figure.start for one in result.unclaimed}
    assert claimed | unclaimed == {figure.start for figure in llmx.find_figures(result.document.text)}
    assert not claimed & unclaimed
