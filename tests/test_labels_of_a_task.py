"""Labels of a user's task: out and in again through every format, and checked, without a line of code for it."""

from __future__ import annotations

import csv
import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import openpyxl
import pytest
from labelled import ENDS, ROOT, lines, write

import llmx
from llmx.labels import check_labels, export_labels, import_labels
from llmx.outputs import record_json
from llmx.sentences import sentences
from llmx.task import Chosen, Figured, Quoted, Said, Task, Year

TEXT = (
    "一、处罚情况\n𠮷林化工有限公司因废水超标被罚款12.5万元，并须支付鉴定费3000元。\n"
    "青沅砖厂涉嫌无证经营，2024年6月3日被责令停业。两家已整改。\n"
)


class Site(llmx.records.Group):
    """Where it was."""

    town: Quoted
    river: Said | None = None


class Penalty(llmx.Record):
    """Who was fined for what."""

    party: Quoted
    """Who was fined."""
    fine: Figured
    """How much."""
    cost: Figured | None = None
    ground: Chosen[Literal["water", "air"]]
    sentence: Said | None = None
    site: Site | None = None
    repaired: bool = False
    topics: list[str] = []  # noqa: RUF012 (pydantic copies it)


class Order(llmx.Record):
    """What was ordered."""

    party: Quoted | None = None
    order: Said
    text: Said | None = None
    label: Chosen[Literal["water", "closure"]]
    year: Year | None = None
    day: datetime.date | None = None


TASK = Task("penalties", [Penalty, Order], words={"penalty": "处罚", "fine": "罚款"}, colours={"order": "#123456"})


def at(words: str, name: str = "", **more: object) -> dict:
    start = TEXT.index(words)
    columns = (name, f"{name}_start", f"{name}_end") if name else ("quote", "start", "end")
    return dict(zip(columns, (words, start, start + len(words)), strict=True)) | more


def read_off(name: str, value: float, unit: str) -> dict:
    read = {"value": value, "unit": unit, "measure": "level", "comparator": "="}
    return {f"{name}_{part}": one for part, one in read.items()}


PENALTY = {
    "report": "r",
    "type": "penalty",
    **at("被罚款12.5万元，并须支付鉴定费3000元"),
    **at("𠮷林化工有限公司", "party"),
    **at("12.5万元", "fine", **read_off("fine", 12.5, "万元")),
    **at("3000元", "cost", **read_off("cost", 3000, "元")),
    "ground": "water",
    "sentence": "fine; 'costs'",
    **at("𠮷林", "site_town"),
    "site_river": "=清江",
    "repaired": True,
    "topics": ["废水", "a; b"],
}
ORDERS = [
    {"report": "r", "type": "order", **at("责令停业"), **at("青沅砖厂", "party"), "order": "停业", "label": "closure"}
    | {"year": 2024, "day": "2024-06-03"},
    {"report": "r", "type": "order", **at("两家已整改"), "order": "整改", "text": "已整改", "label": "water"},
]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "r.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return write(tmp_path / "made.jsonl", [PENALTY, *ORDERS])


@pytest.mark.parametrize("end", ENDS)
def test_labels_of_a_users_task_come_back_whole(end: str, made: Path, report: Path, tmp_path: Path) -> None:
    exported = export_labels(made, tmp_path / f"o.{end}", report=report, task=TASK)
    imported = import_labels(tmp_path / f"o.{end}", report, tmp_path / "back.jsonl", task=TASK)
    assert lines(tmp_path / "back.jsonl") == [PENALTY, *ORDERS]
    assert not [*exported.findings, *imported.findings]
    assert imported.labels[0].party == "𠮷林化工有限公司"
    assert imported.labels[1].fine_value is None


@pytest.mark.parametrize("end", ENDS)
def test_a_changed_report_moves_every_word_that_a_label_names(
    end: str, made: Path, report: Path, tmp_path: Path
) -> None:
    export_labels(made, tmp_path / f"o.{end}", report=report, task=TASK)
    report.write_text("前言。\n" + TEXT, "utf-8")
    found = import_labels(tmp_path / f"o.{end}", report, tmp_path / "back.jsonl", task=TASK)
    back = [one for one in lines(tmp_path / "back.jsonl") if "quote" in one]
    names = ("quote", "party", "fine", "cost", "site_town")
    assert [[one.get(name) for name in names] for one in back] == [
        [one.get(name) for name in names] for one in [PENALTY, *ORDERS]
    ]
    assert not [str(one) for one in found.findings if one.level == "error"]
    assert not [one for one in check_labels(tmp_path / "back.jsonl", report, TASK) if one.level == "error"]


def headings(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    return head, [dict(zip(head, row, strict=True)) for row in rows]


def test_a_blank_sheet_shows_each_figure_in_the_column_of_the_figure(report: Path, tmp_path: Path) -> None:
    export_labels(report, tmp_path / "s.csv", task=TASK)
    head, rows = headings(tmp_path / "s.csv")
    assert len({*map(str.lower, head)}) == len(head)
    measuring = [figure.text for figure in llmx.find_figures(TEXT) if figure.reason is None]
    assert [row["罚款"] for row in rows if row["罚款"] and not row["Left out because"]] == measuring
    assert {row["罚款 value"] for row in rows} >= {"12.5", "3000"}


def fill(path: Path, heading: str, value: str, **cells: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = {cell.value: cell.column - 1 for cell in sheet[1]}
    row = next(row for row in sheet.iter_rows(min_row=2) if row[names[heading]].value == value)
    for name, cell in cells.items():
        row[names[name]].value = cell
    book.save(path)


def test_a_person_fills_in_a_workbook_of_a_users_task(report: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    export_labels(report, path, task=TASK)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["labels", "columns"]
    lists = {str(one.formula1) for one in book.worksheets[0].data_validations.dataValidation if one.type == "list"}
    assert lists >= {'"penalty,order"', '"water,air"', '"yes,no"', '"water,closure"'}
    cells = {"Type": "penalty", "Quote": PENALTY["quote"], "Party": PENALTY["party"], "Ground": "water"}
    fill(path, "罚款", "12.5万元", **cells, Repaired="yes", Topics="废水; 罚款")
    (found,) = import_labels(path, report, tmp_path / "l.jsonl", task=TASK).labels
    assert found.values == {
        name: PENALTY[name] for name in PENALTY if not name.startswith(("cost", "site", "sentence"))
    } | {"topics": ["废水", "罚款"]}


def test_the_configuration_of_label_studio_has_the_tasks_types_words_and_colours(
    made: Path, report: Path, tmp_path: Path
) -> None:
    export_labels(made, tmp_path / "o.json", report=report, task=TASK)
    view = ElementTree.fromstring((tmp_path / "o.config.xml").read_text("utf-8"))
    labels = {one.get("value"): one.attrib for one in view.iter("Label")}
    assert list(labels) == ["penalty", "order", "party", "figure", "site_town"]
    assert labels["order"]["background"] == "#123456"
    assert labels["penalty"]["hint"] == "处罚"
    assert {one.get("value") for one in view.iter("Relation")} == {"party", "fine", "cost", "site_town"}
    choices = {box.get("name"): [one.get("value") for one in box] for box in view.iter("Choices")}
    assert choices["ground"] == ["water", "air"]
    assert choices["repaired"] == ["yes", "no"]
    names = [one.get("name") for one in view.iter() if one.get("name")]
    assert len(set(names)) == len(names)
    used = {one["from_name"] for task in json.loads((tmp_path / "o.json").read_text("utf-8")) for one in results(task)}
    assert used <= set(names)


def results(task: dict) -> list[dict]:
    return [one for one in task["annotations"][0]["result"] if "from_name" in one]


def test_a_link_drawn_from_either_end_and_without_a_name_says_what_it_fits(
    made: Path, report: Path, tmp_path: Path
) -> None:
    path = tmp_path / "o.json"
    export_labels(made, path, report=report, task=TASK)
    tasks = json.loads(path.read_text("utf-8"))
    for one in (one for task in tasks for one in task["annotations"][0]["result"] if one["type"] == "relation"):
        one["from_id"], one["to_id"] = one["to_id"], one["from_id"]
        if one["labels"] == ["party"]:
            one["labels"] = []
    path.write_text(json.dumps(tasks), "utf-8")
    import_labels(path, report, tmp_path / "back.jsonl", task=TASK)
    assert lines(tmp_path / "back.jsonl") == [PENALTY, *ORDERS]


@pytest.mark.parametrize("end", ["json", "doccano.jsonl"])
def test_words_that_are_linked_to_no_record_are_said(end: str, made: Path, report: Path, tmp_path: Path) -> None:
    path = tmp_path / f"o.{end}"
    export_labels(made, path, report=report, task=TASK)
    if end == "json":
        held = json.loads(path.read_text("utf-8"))
        for task in held:
            result = task["annotations"][0]["result"]
            task["annotations"][0]["result"] = [one for one in result if one.get("labels") != ["site_town"]]
        path.write_text(json.dumps(held), "utf-8")
    else:
        held = lines(path)
        for one in held:
            one["relations"] = [link for link in one["relations"] if link["type"] != "site_town"]
        write(path, held)
    imported = import_labels(path, report, task=TASK)
    assert len(imported.labels) == 3
    said = [str(one) for one in imported.findings]
    assert any("site_town '𠮷林' is linked to no record" in one for one in said)
    assert any("penalty without site_town" in one for one in said)


@pytest.mark.parametrize(
    ("change", "level", "words"),
    [
        ({"party": "青沅砖厂"}, "error", "party '青沅砖厂': at"),
        (
            {"party_start": None, "party": None, "party_end": None},
            "error",
            "penalty without party, party_start, party_end",
        ),
        ({"fine_value": 125}, "error", "value 125 is not that of the figure '12.5万元'"),
        ({"fine_unit": "元"}, "warning", "fine_unit '元', code reads '万元'"),
        ({"fine_end": 99}, "error", "fine '12.5万元'"),
        ({"ground": "closure"}, "error", "ground is 'closure'; allowed are water, air"),
        ({"order": "停业"}, "error", "penalty with order"),
        ({"grounds": "air"}, "error", "unknown field 'grounds'"),
        ({"repaired": "perhaps"}, "error", "repaired is 'perhaps'"),
        ({"site_town": None, "site_town_start": None, "site_town_end": None}, "error", "without site_town"),
        ({"type": "honour"}, "error", "allowed are penalty, order"),
    ],
)
def test_check_of_a_users_task_names_column_and_fault(
    change: dict, level: str, words: str, report: Path, tmp_path: Path
) -> None:
    wrong = {name: value for name, value in (PENALTY | change).items() if value is not None}
    found = check_labels(write(tmp_path / "l.jsonl", [wrong, *ORDERS]), report, TASK)
    assert any(one.level == level and words in one.message and "line 1" in one.place for one in found), found


def test_a_label_of_a_users_task_may_leave_to_code_what_code_reads(report: Path, tmp_path: Path) -> None:
    short = {name: PENALTY[name] for name in ("type", "quote", "party", "fine", "ground")}
    (found,) = import_labels(write(tmp_path / "l.jsonl", [short]), report, task=TASK).labels
    assert (found.fine_value, found.fine_unit, found.party_start) == (12.5, "万元", PENALTY["party_start"])
    unsure = {name: value for name, value in short.items() if name != "fine"}
    imported = import_labels(write(tmp_path / "l.jsonl", [unsure]), report, task=TASK)
    assert not imported.labels
    assert "name the figure" in str(imported.findings[0])
    gone = short | {"party": "别的公司"}
    (refused,) = import_labels(write(tmp_path / "l.jsonl", [gone]), report, task=TASK).findings
    assert "party '别的公司' is not in report 'r'" in str(refused)


def test_records_of_a_users_task_go_out_as_predictions(report: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    record = TASK.record(PENALTY | {"id": "1", "model": "m", "fine_base_value": 125000, "fine_base_unit": "元"})
    (tmp_path / "run" / "records.jsonl").write_text(record_json(record) + "\n", "utf-8")
    export_labels(tmp_path / "run", tmp_path / "o.json", report=report, task=TASK)
    tasks = json.loads((tmp_path / "o.json").read_text("utf-8"))
    assert all("predictions" in one for one in tasks)
    for one in tasks:
        one["annotations"] = one.pop("predictions")
    (tmp_path / "o.json").write_text(json.dumps(tasks), "utf-8")
    import_labels(tmp_path / "o.json", report, tmp_path / "back.jsonl", task=TASK)
    assert lines(tmp_path / "back.jsonl") == [PENALTY]


def test_the_command_line_takes_a_task(made: Path, report: Path, tmp_path: Path) -> None:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "llmx", "labels", *map(str, arguments), "--task", "test_labels_of_a_task:TASK"]
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        env = {**os.environ, "PYTHONPATH": path}
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, timeout=120, check=False)

    sheet, back = tmp_path / "s.csv", tmp_path / "back.jsonl"
    assert run("export", made, "--report", report, "--to", sheet).returncode == 0
    done = run("import", sheet, "--report", report, "--out", back)
    assert done.returncode == 0, done.stderr
    assert lines(back) == [PENALTY, *ORDERS]
    assert run("check", back, report).returncode == 0


def test_sentences_of_latin_text_end_at_blank_lines_and_not_at_line_ends() -> None:
    text = "Plan of the Ministry\n\nThe Ministry will build 1,200 homes for families that\nlive in hostels. It starts in No. 5.\n"
    found = [text[start:end].strip() for start, end in sentences(text, 0, len(text), latin=True)]
    homes = "The Ministry will build 1,200 homes for families that\nlive in hostels."
    assert found == ["Plan of the Ministry", homes, "It starts in No. 5."]


# The examples of the documentation


class Item(llmx.Record):
    """A figure of an account."""

    item: Said
    amount: Figured
    account: Chosen[Literal["一般公共预算", "政府性基金预算", "国有资本经营预算", "社会保险基金预算", "政府债务"]]
    flow: Chosen[Literal["收入", "支出", "结余", "债务"]]
    basis: Chosen[Literal["执行", "预算"]]
    year: Year


class Commitment(llmx.Record):
    """What somebody is committed to."""

    actor: Quoted | None = None
    action: Said
    amount: Figured | None = None
    due: Year | None = None
    strength: Chosen[Literal["firm", "intended", "conditional"]]


EXAMPLES = {"budget/report": Task("budget", [Item]), "commitments/paper": Task("commitments", [Commitment])}
FOLDER = ROOT / "docs" / "examples"


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_the_labels_of_the_examples_hold_no_error(name: str) -> None:
    path = FOLDER / f"{name}.txt"
    found = check_labels(path.with_name("labels.jsonl"), path, EXAMPLES[name])
    assert not [str(one) for one in found if one.level == "error"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", list(EXAMPLES))
def test_the_labels_of_the_examples_come_back_whole(name: str, end: str, tmp_path: Path) -> None:
    path, task = FOLDER / f"{name}.txt", EXAMPLES[name]
    export_labels(path.with_name("labels.jsonl"), tmp_path / f"o.{end}", report=path, task=task)
    imported = import_labels(tmp_path / f"o.{end}", path, tmp_path / "back.jsonl", task=task)
    assert not [str(one) for one in imported.findings if one.level == "error"]
    assert sorted(map(str, lines(tmp_path / "back.jsonl"))) == sorted(map(str, ordered(path, task)))


def ordered(path: Path, task: Task) -> list[dict]:
    columns = list(task.labelling.columns)
    return [
        dict(sorted(one.items(), key=lambda pair: columns.index(pair[0])))
        for one in lines(path.with_name("labels.jsonl"))
    ]
