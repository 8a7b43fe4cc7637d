"""任务分解表: every promise of a plan is a task, and what is none is counted."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from docx import Document as Paper

import llmx
from llmx.exports import export
from llmx.saved import open_run
from llmx.task import Listed
from llmx.tasks.government.commitment_sheets import HEADS, OTHERS
from llmx.tasks.government.commitments import breakdown, commits, partner_unit, plan_sentences
from llmx.tasks.government.promises import NOT, SIGNS, no_promise

REPORTS = Path(__file__).parent / "reports"
PROMISES = """某市人民政府工作报告
2026年1月10日
一、2025年工作回顾
一年来，我们抓项目、促投资，地区生产总值增长5%。
二、2026年工作安排
今年是“十五五”规划的开局之年。
今年政府工作的总体要求是：坚持稳中求进，推动高质量发展。
地区生产总值增长6%以上，固定资产投资增长8%左右。
重点抓好以下两个方面工作：
（一）推动产业升级
弘扬企业家精神，完善服务机制（市发展改革委牵头，市财政局配合）。就业是民生之本。
9月底前建成口袋公园30个，新增学位3000个。
6月底前出台养老服务办法。
（二）加强治理
守住不发生系统性风险的底线。
各位代表！让我们团结一心，奋勇前进！
"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "report.txt").write_text(PROMISES, "utf-8")
    llmx.run(tmp_path / "report.txt", tmp_path / "run")
    return tmp_path / "run"


def listed(path: Path) -> Listed:
    """A report as an export gives it to a layout."""
    result = llmx.extract(path)
    document = llmx.read(path)
    return Listed(document.id, result.facts, path.stem, document, [one for one in result.records if commits(one)])


@pytest.mark.parametrize("row", NOT, ids=lambda row: row.example)
def test_what_promises_nothing_is_known_by_its_row(row: object) -> None:
    assert no_promise(row.example) == row.kind  # type: ignore[attr-defined]


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.example)
def test_a_sign_commits_by_itself(sign: object) -> None:
    assert any(sign.example.startswith(word) for word in sign.words.split())  # type: ignore[attr-defined]
    assert no_promise(sign.example) is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("新征程重任在肩，新使命催人奋进。", "remark"),
        ("民营经济是发展的最大底气。", "remark"),
        ("全区政府系统务必提振精神、转变作风。", None),
        ("实施15件县级重点民生实事。", None),
        ("常住人口城镇化率提高到46.5%。", None),
    ],
)
def test_sentences_without_a_row_of_their_own(sentence: str, kind: str | None) -> None:
    assert no_promise(sentence) == kind


@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_sentence_of_a_plan_is_a_task_or_counted(path: Path) -> None:
    report = listed(path)
    found = breakdown(report)
    assert report.document
    rest = Counter(one.text for one in found.left_out)
    whole = "\n".join(task.text for task in found.tasks)
    sentences = [words for _, _, words in plan_sentences(report.document)]
    for words in sentences:
        assert rest[words] or words in whole
        rest[words] -= 1 if rest[words] else 0
    assert not +rest
    assert len(sentences) > 200
    measures = sum(not task.items for task in found.tasks)
    assert measures > 50
    held = Counter(item.record for task in found.tasks for item in task.items)
    assert held == Counter(record.id for record in report.records)


def test_a_measure_has_its_units_and_deadline(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(PROMISES, "utf-8")
    found = breakdown(listed(path))
    by_text = {task.text: task for task in found.tasks}
    spirit = next(task for text, task in by_text.items() if "企业家精神" in text)
    assert (spirit.lead, spirit.partner, spirit.items, spirit.due) == ("市发展改革委", "市财政局", (), "2026年")
    assert by_text["6月底前出台养老服务办法。"].due == "2026年6月底前"
    assert Counter(one.kind for one in found.left_out)["guide"] == 1
    assert not any("一年来" in text for text in by_text)
    assert [task.text for task in found.tasks] == sorted(by_text, key="".join(PROMISES.split()).index)


def test_the_sheet_counts_what_is_not_in_it(run: Path, tmp_path: Path) -> None:
    export(run, tmp_path / "tasks.xlsx", layout="tasks")
    sheet = openpyxl.load_workbook(tmp_path / "tasks.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[3]] == list(HEADS)
    assert "句未列入" in sheet["A2"].value
    assert f"{OTHERS['guide']} 1 句" in sheet["A2"].value
    assert "举措" in [row[2] for row in sheet.iter_rows(values_only=True)]


def test_the_word_file_has_the_rows_of_the_csv(run: Path, tmp_path: Path) -> None:
    export(run, tmp_path / "tasks.csv", layout="tasks")
    export(run, tmp_path / "tasks.docx", layout="tasks")
    export(run, tmp_path / "tasks.docx", layout="tasks")  # a file of ours is written over
    paper = Paper(str(tmp_path / "tasks.docx"))
    rows = list(csv.DictReader((tmp_path / "tasks.csv").read_text("utf-8-sig").splitlines()))
    shown = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert shown[0] == list(HEADS) == list(rows[0])
    tasks = [row for row in shown[1:] if row[0].isdigit()]
    assert [(row[1], row[2]) for row in tasks] == [(row["任务原文"], row["量化指标"]) for row in rows]
    assert "句未列入" in paper.paragraphs[1].text
    section = paper.sections[0]
    assert (section.page_width or 0) > (section.page_height or 0)


def test_a_choice_of_records_lists_only_their_sentences(run: Path, tmp_path: Path) -> None:
    export(run, tmp_path / "tasks.csv", layout="tasks", selection=llmx.Selection(indicator="学位"))
    rows = list(csv.DictReader((tmp_path / "tasks.csv").read_text("utf-8-sig").splitlines()))
    assert [row["量化指标"] for row in rows] == ["学位"] or all("学位" in row["任务原文"] for row in rows)
    assert len(rows) == 1


def test_a_report_of_measures_alone_is_listed(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(
        "某县政府工作报告\n二、2026年工作安排\n弘扬企业家精神。完善服务机制。\n", "utf-8"
    )
    llmx.run(tmp_path / "report.txt", tmp_path / "run")
    export(tmp_path / "run", tmp_path / "tasks.csv", layout="tasks")
    rows = list(csv.DictReader((tmp_path / "tasks.csv").read_text("utf-8-sig").splitlines()))
    assert [row["任务原文"] for row in rows] == ["弘扬企业家精神。", "完善服务机制。"]


def test_without_the_text_quotes_stand_and_the_list_says_so(run: Path, tmp_path: Path) -> None:
    (tmp_path / "report.txt").unlink()
    export(run, tmp_path / "tasks.xlsx", layout="tasks")
    sheet = openpyxl.load_workbook(tmp_path / "tasks.xlsx").worksheets[0]
    assert "摘录" in sheet["A2"].value
    quotes = {"".join(record.quote.split()) for record in open_run(run).records() if commits(record)}
    assert {row[1] for row in sheet.iter_rows(min_row=5, values_only=True) if row[2]} - {None, ""} <= quotes


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("（市教委牵头，市财政局、市住建委配合）", "市财政局、市住建委"),
        ("（牵头单位：市教委；配合单位：市财政局）", "市财政局"),
        ("加强部门配合。", None),
    ],
)
def test_helping_units_are_named_by_the_text_or_not_at_all(words: str, unit: str | None) -> None:
    assert partner_unit(words) == unit
