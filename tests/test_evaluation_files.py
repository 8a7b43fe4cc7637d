"""Evaluation as a user meets it: files, folders, messages, exit codes."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import llmx
from llmx.cli import app
from llmx.errors import InputError, UnreadableInput, UsageError
from llmx.evaluation import Label, read_floors, read_labels, under_floors, update_floors

TESTS = Path(__file__).parent
NAME = "qianjiang-2025"
REPORT, LABELS = TESTS / "reports" / f"{NAME}.txt", TESTS / "labels" / f"{NAME}.jsonl"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of one report."""
    folder = tmp_path_factory.mktemp("run")
    llmx.run(REPORT, folder)
    return folder


def written(path: Path, *lines: object) -> Path:
    """A file of lines, each JSON unless it is text."""
    text = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("".join(line + "\n" for line in text), "utf-8")
    return path


@pytest.fixture
def lines() -> list[dict]:
    return [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]


def test_a_run_is_scored_in_every_table(outputs: Path, tmp_path: Path) -> None:
    done = run(
        "evaluate", outputs, TESTS / "labels", "--json", tmp_path / "scores.json", "--html", tmp_path / "page.html"
    )
    assert done.exit_code == 0, done.output
    for words in ("figures fully right", "project, found and typed", "comparator", "review", NAME, "wrong span"):
        assert words in done.stdout
    assert "no run read them: 'youyang-2025', 'yunyang-2024'" in done.stderr
    tables = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert tables["unscored"] == ["youyang-2025", "yunyang-2024"]
    assert {row["measure"] for row in tables["measures"]} > set(llmx.open_task().scoring.measures)
    assert "地区生产总值" in (tmp_path / "page.html").read_text("utf-8")


def test_runs_are_compared_and_what_differs_is_listed(outputs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(outputs, other)
    records = (outputs / "records.jsonl").read_text("utf-8").splitlines()
    written(other / "records.jsonl", *records[:-3])
    for name in ("differences.jsonl", "differences.csv"):
        done = run("evaluate", outputs, other, "--gold", LABELS, "--differences", tmp_path / name)
        assert done.exit_code == 0, done.output
        assert "3 records differ" in done.stderr
    assert "B − A" in done.stdout
    listed = [json.loads(line) for line in (tmp_path / "differences.jsonl").read_text("utf-8").splitlines()]
    assert {one["runs"][str(other)] and one["runs"][str(other)]["outcome"] for one in listed} <= {"missed", None}
    with open(tmp_path / "differences.csv", encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3


def test_agreement_is_printed_both_ways(outputs: Path) -> None:
    done = run("agreement", LABELS, outputs, "--resamples", 0)
    assert done.exit_code == 0, done.output
    assert "the first against the second" in done.stdout
    assert "alpha" in done.stdout


def test_floors_are_a_gate(outputs: Path, tmp_path: Path) -> None:
    floors, command = tmp_path / "floors.json", ("evaluate", outputs, LABELS, "--resamples", 0, "--floors")
    assert run(*command, floors).exit_code == 2
    assert run(*command, floors, "--update-floors").exit_code == 0
    assert run(*command, floors).exit_code == 0
    set_to = json.loads(floors.read_text())
    written(floors, set_to | {"f1": {"projects": 0.99}})
    done = run(*command, floors)
    assert done.exit_code == 1
    assert "projects" in done.stderr
    refused = run(*command, floors, "--update-floors")
    assert refused.exit_code == 2
    assert "--lower-floors" in refused.stderr
    assert json.loads(floors.read_text())["f1"] == {"projects": 0.99}
    assert run(*command, floors, "--update-floors", "--lower-floors").exit_code == 0
    assert json.loads(floors.read_text()) == set_to


def test_floors_hold_for_the_labels_they_were_set_for(outputs: Path, tmp_path: Path, lines: list[dict]) -> None:
    floors = tmp_path / "floors.json"
    update_floors(llmx.evaluate(outputs, LABELS, resamples=0), floors)
    reordered = written(tmp_path / "other-name.jsonl", *reversed(lines))
    assert under_floors(llmx.evaluate(outputs, reordered, reports=REPORT, resamples=0), floors) == []
    changed = written(tmp_path / "changed.jsonl", *lines[1:])
    with pytest.raises(InputError, match="other labels"):
        under_floors(llmx.evaluate(outputs, changed, reports=REPORT, resamples=0), floors)


def test_a_gate_does_not_pass_what_was_not_scored(outputs: Path, tmp_path: Path) -> None:
    scores = llmx.evaluate(outputs, TESTS / "labels", resamples=0)
    floors = written(tmp_path / "floors.json", {"digest": scores.digest, "f1": {}})
    assert "youyang-2025" in under_floors(scores, floors)[0]
    with pytest.raises(UsageError, match="youyang-2025"):
        update_floors(scores, floors)


def test_a_floor_of_no_measure_is_refused(tmp_path: Path) -> None:
    floors = written(tmp_path / "floors.json", {"digest": "", "f1": {"porjects": 1}})
    with pytest.raises(InputError, match="porjects"):
        read_floors(floors)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.jsonl"], "1 path given"),
        (["a", "b", "c"], "--gold"),
        (["a", "b", "--update-floors"], "--floors"),
        (["a", "b", "--gold", "c", "--html", "p.html"], "one run"),
        (["a", "b", "--differences", "d.csv"], "several runs"),
        (["a", "b", "--gold", "c", "--differences", "d.txt"], ".jsonl or .csv"),
        (["nowhere", LABELS], "nowhere"),
    ],
)
def test_options_that_do_not_fit_are_wrong_usage(arguments: list, words: str) -> None:
    done = run("evaluate", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_text_is_found_beside_the_labels_in_reports_and_where_a_run_read_it(outputs: Path, tmp_path: Path) -> None:
    beside, parted, alone = (tmp_path / name for name in ("beside", "parted/labels", "alone"))
    for folder in (beside, parted, alone):
        folder.mkdir(parents=True)
        shutil.copy(LABELS, folder)
    shutil.copy(REPORT, beside)
    (tmp_path / "parted" / "reports").mkdir()
    shutil.copy(REPORT, tmp_path / "parted" / "reports")
    records = shutil.copy(outputs / "records.jsonl", tmp_path / "bare.jsonl")
    for folder, predicted, found in (
        (beside, records, True),
        (parted, records, True),
        (alone, outputs, True),
        (alone, records, False),
    ):
        (alignment,) = llmx.evaluate(predicted, folder, resamples=0).alignments
        assert (alignment.text is not None) is found
    assert llmx.evaluate(records, alone, reports=TESTS / "reports", resamples=0).roles


def message(predicted: object, gold: object, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        llmx.evaluate(predicted, gold, resamples=0, **options)
    return str(caught.value)


def test_labels_of_another_report(outputs: Path) -> None:
    said = message(outputs, TESTS / "labels" / "youyang-2025.jsonl")
    assert "'youyang-2025'" in said
    assert f"'{NAME}'" in said


def test_labels_of_another_text(tmp_path: Path, lines: list[dict]) -> None:
    gold = written(tmp_path / "gold.jsonl", *lines)
    other = llmx.read_text(REPORT.read_text("utf-8").replace("一般", "一 般"), id=NAME)
    said = message(lines_of(lines), gold, reports=other)
    first = next(number for number, line in enumerate(lines, 1) if "一般" in line["quote"])
    assert f"{gold}, line {first}: at 501 stands '一 般" in said
    assert "more like it" in said


def lines_of(lines: list[dict]) -> list:
    return [Label.of(line) for line in lines]


def test_offsets_past_the_end(tmp_path: Path, lines: list[dict]) -> None:
    gold = written(tmp_path / "gold.jsonl", *lines)
    short = llmx.read_text(REPORT.read_text("utf-8")[:440], id=NAME)
    said = message(gold, gold, reports=short)
    assert f"{gold}, line 1: " in said
    assert "ends at 450, past the end of the text (440 characters)" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "goal"}, ["type", "'target'", "'goal'"]),
        ({"quote": None}, ["quote"]),
        ({"end": 451}, ["start 437", "13 characters"]),
        ({"start": -1, "end": 12}, ["start"]),
        ({"figure_start": 442, "figure_end": 449}, ["'值393.5亿'"]),
        ({"figure": "393.6亿元", "figure_start": None, "figure_end": None}, ["0 times"]),
        ({"domain": "weather"}, ["domain", "'weather'"]),
    ],
)
def test_a_label_that_is_none(tmp_path: Path, lines: list[dict], change: dict, words: list[str]) -> None:
    gold = written(tmp_path / "gold.jsonl", *lines[1:3], lines[0] | change)
    said = message(gold, gold)
    for word in (f"{gold}, line 3: ", *words):
        assert word in said


@pytest.mark.parametrize(
    "line", ["{", "[]", "3", '{"report": "r", "labelled": [[5, 3]]}', '{"report": "r", "labelled": 5}']
)
def test_a_broken_line(tmp_path: Path, lines: list[dict], line: str) -> None:
    gold = written(tmp_path / "gold.jsonl", lines[0], "", line)
    assert f"{gold}, line 3: " in message(gold, gold)


def test_a_figure_without_offsets_is_found_in_its_quote(lines: list[dict], tmp_path: Path) -> None:
    bare = [{key: value for key, value in line.items() if not key.startswith("figure_")} for line in lines[:20]]
    assert read_labels(written(tmp_path / "bare.jsonl", *bare)) == read_labels(LABELS)[:20]


def test_nothing_on_either_side(tmp_path: Path, outputs: Path) -> None:
    empty = written(tmp_path / "empty.jsonl")
    assert "no labels in it" in message(empty, empty)
    assert "no labels in it" in message(outputs, empty)
    assert "no labels in it" in message([], [])
    assert llmx.evaluate(empty, LABELS, resamples=0).score("projects").recall == 0
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnreadableInput, match="no label file"):
        llmx.evaluate(outputs, tmp_path / "folder")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "again, as in"),
        ({"type": "target"}, "otherwise than in"),
        ({"value": 394}, "otherwise than in"),
    ],
)
def test_labels_that_contradict_each_other(tmp_path: Path, lines: list[dict], change: dict, words: str) -> None:
    gold = written(tmp_path / "gold.jsonl", lines[0], lines[1], lines[0] | change)
    said = message(gold, gold)
    assert f"{gold}, line 3: labels the figure '393.5亿元' {words} {gold}, line 1" in said


def test_a_label_outside_of_what_is_said_to_be_labelled(tmp_path: Path, lines: list[dict]) -> None:
    gold = written(tmp_path / "gold.jsonl", {"report": NAME, "labelled": [[0, 450]]}, *lines[:2])
    said = message(gold, gold)
    assert f"{gold}, line 3: " in said
    assert "0–450" in said


def test_a_broken_run_is_named(tmp_path: Path, outputs: Path) -> None:
    broken = shutil.copytree(outputs, tmp_path / "run")
    (broken / "run.json").write_text("{}")
    assert "run.json" in message(broken, LABELS)


@pytest.mark.parametrize("command", ["evaluate", "agreement"])
def test_the_example_of_the_help_runs(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TESTS.parent)
    example = run(command, "--help").stdout.split("Example: llmx ")[1].split()
    done = run(*example)
    assert done.exit_code == 0, done.output
    assert "figures fully right" in done.stdout
