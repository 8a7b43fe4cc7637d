"""The worked examples of a user's own task: recorded answers replay, and score against labels made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import llmx

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
CASES = {
    "budget": ("budget/report.txt", "budget", "item"),
    "commitments": ("commitments/paper.txt", "commitments/commitments.py:COMMITMENTS", "commitment"),
}
FLOORS = {"budget": 0.98, "commitments": 0.965}
"""F1 of records found, as measured on the recorded answers (0.992 and 0.977), a little under."""


def played(name: str) -> llmx.Result:
    document, task, _ = CASES[name]
    return llmx.extract(
        EXAMPLES / document, task=EXAMPLES / task, cassette=ROOT / "cassettes" / f"{name}.yaml", cache=None
    )


@pytest.mark.parametrize("name", CASES)
def test_its_records_are_verbatim_and_score_no_less_than_their_floor(name: str) -> None:
    result = played(name)
    labels = EXAMPLES / CASES[name][0].split("/")[0] / "labels.jsonl"
    assert len(labels.read_text("utf-8").splitlines()) >= 60
    for record in result:
        assert result.document.text[record.start : record.end] == record.quote
    scores = llmx.evaluate([result], labels, resamples=0)
    found = next(row for row in scores.types if row.measure == "found and typed")
    assert found.f1 >= FLOORS[name], found


@pytest.mark.parametrize("name", CASES)
def test_every_figure_of_a_record_is_the_text_s(name: str) -> None:
    result = played(name)
    figures = [record.amount for record in result if record.amount]
    assert len(figures) >= 50
    for figure in figures:
        assert result.document.text[figure.start : figure.end] == figure.text


def test_an_example_takes_few_lines_from_nothing_to_records() -> None:
    for name in ("budget/records.py", "commitments/commitments.py"):
        lines = (EXAMPLES / name).read_text("utf-8").split("INSTRUCTIONS")[0].splitlines()
        assert len(lines) < 60


def test_labels_are_lines_of_the_columns_that_records_have() -> None:
    for name, (_, task, kind) in CASES.items():
        columns = llmx.open_task(EXAMPLES / task).columns
        for line in (EXAMPLES / name / "labels.jsonl").read_text("utf-8").splitlines():
            label = json.loads(line)
            assert label["type"] == kind
            assert label.keys() <= columns.keys()
