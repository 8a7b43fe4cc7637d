"""The accuracy gate: `rules` on the labelled reports must not fall under the pinned floors.

The floors are F1 scores pooled over all reports, a little under what was measured when they were set. A digest of
reports and labels stands beside them: floors mean nothing for other labels. Raise them with
`pytest tests/test_accuracy.py --update-floors`; lowering one also takes `--lower-floors`, and a reason in the commit.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest

import llmx
from llmx.evaluation import MEASURES, Label, Score, read_labels, score

HERE = Path(__file__).parent
FLOORS = HERE / "accuracy_floors.json"
SLACK = 0.005
"""How far under the measured score a floor is set, so that a change of a record or two does not stop work."""


def digest() -> str:
    """SHA-256 over the bytes of all reports and labels, by name."""
    sha = hashlib.sha256()
    for path in sorted([*(HERE / "reports").glob("*.txt"), *(HERE / "labels").glob("*.jsonl")]):
        sha.update(path.name.encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()


@cache
def scores() -> dict[str, dict[str, Score]]:
    """Scores by report and measure."""
    found = {}
    for labels in sorted((HERE / "labels").glob("*.jsonl")):
        result = llmx.extract(HERE / "reports" / f"{labels.stem}.txt")
        found[labels.stem] = score([Label.of(record) for record in result.records], read_labels(labels))
    return found


def pooled(measure: str) -> Score:
    return sum((one[measure] for one in scores().values()), Score(0, 0, 0))


def test_the_floors_are_for_these_reports_and_labels(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-floors"):
        pin(lower=request.config.getoption("--lower-floors"))
    assert json.loads(FLOORS.read_text("utf-8"))["digest"] == digest(), "labels changed: set the floors anew"


def pin(lower: bool) -> None:
    """Write the floors that today's scores allow; a floor is lowered only if asked to."""
    old = json.loads(FLOORS.read_text("utf-8"))["f1"] if FLOORS.exists() else {}
    new = {name: round(pooled(name).f1 - SLACK, 3) for name in MEASURES}
    fallen = {name: (old[name], new[name]) for name in new if name in old and new[name] < old[name]}
    assert lower or not fallen, f"these floors would be lowered, which takes --lower-floors: {fallen}"
    FLOORS.write_text(json.dumps({"digest": digest(), "f1": new}, indent=2) + "\n", encoding="utf-8")


@pytest.mark.parametrize("measure", MEASURES)
def test_no_score_falls_under_its_floor(measure: str) -> None:
    floor = json.loads(FLOORS.read_text("utf-8"))["f1"][measure]
    by_report = {name: f"{one[measure].f1:.3f}" for name, one in scores().items()}
    assert pooled(measure).f1 >= floor, f"{measure}: {pooled(measure).f1:.3f} is under {floor}; by report {by_report}"


def test_a_floor_is_not_lowered_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"digest": digest(), "f1": {"projects": 1.0}}), encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.FLOORS", floors)
    with pytest.raises(AssertionError, match="--lower-floors"):
        pin(lower=False)
    pin(lower=True)
    assert json.loads(floors.read_text("utf-8"))["f1"]["projects"] < 1.0


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
