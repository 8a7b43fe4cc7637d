"""What an input table says of a report besides its text comes through to every table, and into no record's line."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

import llmx
from llmx.documents.collections import expand

REPORT = """人民政府工作报告
一、2025年工作回顾
地区生产总值达到300亿元、增长5.5%。新建学校3所。
二、2026年工作安排
地区生产总值增长6%以上，开工建设滨江大桥。
"""
HEADS = ["text", "id", "code", "year", "foo", "Value", "note", 'odd "head" 列', ""]
ROWS = [
    [REPORT, "d-1", "500112", "2026", "=1+1", "甲", "短", "x", "7"],
    [REPORT.replace("300", "310"), "d-2", "500112", "2026", "", "乙", "长" * 300, "", "8"],
    [REPORT.replace("300", "320"), "d-2", "", "2026", "bar", "丙", "", "", ""],
]


def table(folder: Path, rows: list[list[str]] = ROWS) -> Path:
    path = folder / "city.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> llmx.SavedRun:
    folder = tmp_path_factory.mktemp("table")
    return llmx.run(table(folder), folder / "out", formats="csv,parquet,xlsx", column="text")


def test_the_id_names_a_report_where_no_other_row_has_it(run: llmx.SavedRun) -> None:
    assert [one.report for one in run.reports] == ["d-1", "city-2", "city-3"]
    assert run.reports[0].row == {
        "id": "d-1",
        "code": "500112",
        "year": "2026",
        "foo": "=1+1",
        "Value": "甲",
        "note": "短",
        'odd "head" 列': "x",
        "unnamed": "7",
    }
    assert run.reports[2].row == {"id": "d-2", "year": "2026", "foo": "bar", "Value": "丙"}


def test_a_code_says_whose_report_it_is(run: llmx.SavedRun) -> None:
    facts = [run.facts(one) for one in run.reports]
    assert [(one.place, one.code, one.level) for one in facts[:2]] == [("重庆市渝北区", "500112", "county")] * 2
    assert (facts[2].place, facts[2].code) == (None, None)
    strange = llmx.read_text(REPORT)
    assert llmx.open_task().facts(strange).code is None
    for code in ("600519", "A12", "5", ""):
        known = llmx.Document("x", REPORT, known=llmx.Known(code=code))
        assert llmx.open_task().facts(known).code is None
    for code, place, level in (("50", "重庆市", "province"), ("3301", "浙江省杭州市", "prefecture")):
        known = llmx.Document("x", REPORT, known=llmx.Known(2026, code=code))
        facts = llmx.open_task().facts(known)
        assert (facts.place, facts.code, facts.level) == (place, code.ljust(6, "0"), level)


def test_every_table_has_the_columns_and_no_record_has(run: llmx.SavedRun, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in (run.folder / "records.jsonl").read_text("utf-8").splitlines()]
    assert not [name for line in lines for name in line if name.startswith("input")]
    count = {one.report: sum(line["report"] == one.report for line in lines) for one in run.reports}
    wanted = [("d-1", "甲", count["d-1"]), ("city-2", "乙", count["city-2"]), ("city-3", "丙", count["city-3"])]
    own = ["input_id", "input_code", "input_year", "input_foo", "input_Value", 'input_odd "head" 列', "input_unnamed"]

    def checked(rows: list[dict]) -> None:
        assert list(rows[0])[-len(own) :] == own
        found = [(one, value) for one, value, times in wanted for _ in range(times)]
        assert [(row["report"], row["input_Value"]) for row in rows] == found
        assert {row["input_foo"] or None for row in rows if row["report"] == "city-2"} == {None}

    llmx.export(run, tmp_path / "records.sqlite")
    llmx.export(run, tmp_path / "records.duckdb")
    for path in (run.folder, tmp_path):
        llmx.export(run, tmp_path / "records.csv")
        with open(path / "records.csv", encoding="utf-8-sig", newline="") as file:
            checked(list(csv.DictReader(file)))
    checked(pq.read_table(run.folder / "records.parquet").to_pylist())
    for connect, suffix in ((sqlite3.connect, "sqlite"), (duckdb.connect, "duckdb")):
        with closing(connect(str(tmp_path / f"records.{suffix}"))) as base:
            found = base.execute("SELECT * FROM records")
            names = [one[0] for one in found.description]
            checked([dict(zip(names, row, strict=True)) for row in found.fetchall()])
            notes = base.execute("SELECT length(input_note) FROM reports ORDER BY report").fetchall()
            assert notes == [(300,), (None,), (1,)]
    answer = llmx.query(run, "select * from records")
    checked([dict(zip(answer.columns, row, strict=True)) for row in answer])
    assert list(llmx.query(run, "select max(length(input_note)) from reports")) == [(300,)]
    sheet = openpyxl.load_workbook(run.folder / "records.xlsx")["targets"]
    assert [cell.value for cell in sheet[1]][-len(own) :] == own


def test_a_panel_has_them_under_names_that_stata_takes(run: llmx.SavedRun, tmp_path: Path) -> None:
    import pandas as pd

    frame = llmx.panel(run, tmp_path / "panel.dta", indicators=["gdp"])
    names = ["input_id", "input_code", "input_year", "input_foo", "input_value", "input_odd_head", "input_unnamed"]
    assert list(frame.columns)[-len(names) :] == names
    assert set(frame[frame["report"] == "city-2"]["input_value"]) == {"乙"}
    with pd.io.stata.StataReader(tmp_path / "panel.dta") as file:
        assert file.variable_labels()["input_odd_head"] == 'odd "head" 列'
    assert set(pd.read_stata(tmp_path / "panel.dta")["input_value"]) == {"甲", "乙", "丙"}
    llmx.panel(run, tmp_path / "panel.csv")
    fields = json.loads((tmp_path / "panel.csv").with_name("datapackage.json").read_text("utf-8"))
    assert any("'foo'" in one["description"] for one in fields["resources"][0]["schema"]["fields"])


def test_results_have_them_in_dataframes(tmp_path: Path) -> None:
    (first, *_) = expand(table(tmp_path), "text")
    assert set(llmx.extract(first).to_pandas()["input_foo"]) == {"=1+1"}
    assert set(llmx.extract(first).to_polars()["input_Value"]) == {"甲"}


def test_a_row_that_says_something_else_is_taken_up_anew(tmp_path: Path) -> None:
    llmx.run(table(tmp_path), tmp_path / "out", formats="csv", column="text")
    changed = [[*row[:4], "new" if row[1] == "d-1" else row[4], *row[5:]] for row in ROWS]
    saved = llmx.run(table(tmp_path, changed), tmp_path / "out", formats="csv", column="text")
    assert saved.manifest.taken_up == 2
    assert saved.reports[0].row["foo"] == "new"
    assert '"new"' in (tmp_path / "out" / "records.csv").read_text("utf-8-sig")


def test_xlsx_and_xml_keep_theirs(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [HEADS[:5], [*ROWS[0][:4], 1.0]]:
        book.active.append(row)
    book.save(tmp_path / "city.xlsx")
    (one,) = expand(tmp_path / "city.xlsx", "text")
    assert (one.id, dict(one.row)) == ("d-1", {"id": "d-1", "code": "500112", "year": "2026", "foo": "1"})
    (tmp_path / "city.xml").write_text(
        f"<all><report lang='zh'><id>d-1</id><year>2026</year><text kind='work_report'>{REPORT}</text></report>"
        f"<report><text>{REPORT}</text><text>{REPORT}</text></report></all>",
        "utf-8",
    )
    first, *others = expand(tmp_path / "city.xml", "text")
    assert (first.id, dict(first.row)) == ("d-1", {"lang": "zh", "id": "d-1", "year": "2026", "kind": "work_report"})
    assert (first.known.year, first.known.kind) == (2026, "work_report")
    assert [one.row for one in others] == [(), ()]


def test_a_broken_line_costs_those_after_it_alone(tmp_path: Path) -> None:
    path = table(tmp_path)
    path.write_bytes(path.read_bytes() + b'"open quote')
    found = list(expand(path, "text"))
    assert [isinstance(one, llmx.Document) for one in found] == [True, True, True, False]
