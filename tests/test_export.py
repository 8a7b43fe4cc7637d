"""Records picked out, printed, and written for other programs and for an office."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from penalties import PENALTIES, TEXT
from test_cli import llmx as command

import llmx
from llmx.documents import read_text
from llmx.errors import OutputError, UsageError
from llmx.exports import export
from llmx.saved import open_run
from llmx.task import Listed
from llmx.tasks.government import GOVERNMENT
from llmx.tasks.government.commitments import commits, lead_unit, tasks

REPORTS = Path(__file__).parent / "reports"
PROMISES = """某市人民政府工作报告
2026年1月10日
一、2026年工作安排
地区生产总值增长6%以上，固定资产投资增长8%左右；城镇调查失业率控制在5.5%以内。=1+1新增就业1.5万人（牵头单位：市人社局）。
9月底前建成口袋公园30个，开工建设滨江大桥，新增学位3000个。（责任单位：市教委、市住建委）
到2027年，高标准农田达到120万亩。
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    llmx.run(REPORTS, folder)
    return folder


@pytest.fixture
def promises(tmp_path: Path) -> Path:
    (tmp_path / "report.txt").write_text(PROMISES, "utf-8")
    llmx.run(tmp_path / "report.txt", tmp_path / "run")
    return tmp_path / "run"


def listed(saved: llmx.SavedRun, document: llmx.Document) -> Listed:
    summary = saved.reports[0]
    return Listed(summary.report, saved.facts(summary), saved.title(summary), document, list(saved.records()))


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True)))


def test_the_table_in_a_pipe_has_the_records_asked_for(run: Path) -> None:
    done = command("table", run, "--type", "target", "--indicator", "地区生产总值", "--year", "2025")
    head, *lines = done.stdout.decode().splitlines()
    wanted = [
        record
        for record in open_run(run).records()
        if record.type == "target" and record.year == 2025 and record.indicator_id == "gdp"
    ]
    assert wanted
    rows = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
    assert [row["quote"] for row in rows] == ["".join(record.quote.split()) for record in wanted]
    assert {row["type"] for row in rows} == {"target"}


def test_the_table_says_when_nothing_matches(run: Path) -> None:
    done = command("table", run, "--indicator", "没有这样的指标")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert "No record matches" in done.stderr.decode()
    assert " targets" in done.stderr.decode()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--type", "tarjet"], "'tarjet'"),
        (["--year", "今年"], "'今年' is no year"),
        (["--report", "没有"], "qianjiang-2025"),
        (["--limit", "0"], "limit of 0"),
    ],
)
def test_wrong_filters_are_said(run: Path, options: list[str], said: str) -> None:
    done = command("table", run, *options)
    assert done.returncode == 2
    assert said in done.stderr.decode()


def test_a_report_is_picked_by_its_id_before_words_of_it(tmp_path: Path) -> None:
    for name in ("report", "report-2"):
        (tmp_path / f"{name}.txt").write_text(PROMISES, "utf-8")
    llmx.run(tmp_path, tmp_path / "run")
    saved = llmx.open_run(tmp_path / "run")
    ids = [one.report for one in saved.reports]
    for asked, found in (("report", {"report"}), ("2", {"report-2"}), ("REPORT-", {"report-2"})):
        assert {one.report for one in llmx.Selection(report=asked).of(saved.records(), ids)} == found


def test_every_format_holds_the_same_records(run: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    selection = llmx.Selection(types=["target", "problem"], section="2025")
    for suffix in ("jsonl", "csv", "xlsx", "parquet", "sqlite", "duckdb"):
        written = export(run, tmp_path / f"records.{suffix}", selection=selection)
    ids = [json.loads(line)["id"] for line in (tmp_path / "records.jsonl").read_text("utf-8").splitlines()]
    assert written.records == len(ids) > 20
    assert [row["id"] for row in csv_rows(tmp_path / "records.csv")] == ids
    assert pq.read_table(tmp_path / "records.parquet").column("id").to_pylist() == ids
    query = "SELECT id, indicator, value, section FROM records"
    with closing(sqlite3.connect(tmp_path / "records.sqlite")) as base:
        light = base.execute(query).fetchall()
        assert base.execute("SELECT count(*), max(place) FROM reports").fetchone() == (3, "重庆市黔江区")
    with closing(duckdb.connect(str(tmp_path / "records.duckdb"))) as base:
        heavy = base.execute(query).fetchall()
    assert [row[0] for row in light] == ids
    assert [(*row[:3], " / ".join(row[3])) for row in heavy] == light
    sheets = openpyxl.load_workbook(tmp_path / "records.xlsx", read_only=True)
    assert sum(sheet.max_row - 1 for sheet in sheets) == len(ids)
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "records.doc"], ".parquet"),
        (["--to", "tasks.parquet", "--as", "tasks"], ".xlsx, .csv, .docx"),
        (["--to", "x.csv", "--as", "list"], "'list'"),
    ],
)
def test_an_export_that_cannot_be_is_said(run: Path, tmp_path: Path, options: list[str], said: str) -> None:
    done = command("export", run, *options, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_is_named(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"llmx-extract\[duckdb\]"):
        export(run, tmp_path / "records.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_every_commitment_is_in_one_task(report: Path, tmp_path: Path) -> None:
    llmx.run(report, tmp_path / "run")
    saved, document = open_run(tmp_path / "run"), llmx.read(report)
    records = {record.id: record for record in saved.records()}
    found = list(tasks(listed(saved, document)))
    held = Counter(item.record for task in found for item in task.items)
    assert held == Counter(record.id for record in records.values() if commits(record))
    for task in found:
        assert task.text in "".join(document.text.split())
        for item in task.items:
            figure = getattr(records[item.record], "figure", None) or ""
            assert "".join(figure.split()) in task.text


def test_a_task_is_a_sentence_with_its_figures(promises: Path) -> None:
    saved = open_run(promises)
    document = read_text(PROMISES, id="report")
    found = list(tasks(listed(saved, document)))
    goals = [(item.indicator, item.goal, item.unit, item.due) for item in found[0].items]
    assert goals == [
        ("地区生产总值增速", "≥6", "%", "2026年"),
        ("固定资产投资增速", "约8", "%", "2026年"),
        ("城镇调查失业率", "≤5.5", "%", "2026年"),
    ]
    assert found[0].lead is None
    assert found[0].basis == "《某市2026年政府工作报告》 一、2026年工作安排"
    assert found[1].lead == "市人社局"
    parks = next(task for task in found if "公园" in task.text)
    assert parks.lead == "市教委、市住建委"
    assert [(item.goal, item.unit, item.due) for item in parks.items] == [
        (30, "个", "2026年9月底前"),
        ("开工", None, "2026年"),
        (3000, "个", "2026年"),
    ]
    assert [item.due for task in found for item in task.items if "农田" in item.indicator] == ["到2027年"]


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("新增学位3000个（牵头单位：市教委）。", "市教委"),
        ("新增学位3000个（责任单位: 市教委、市财政局；时限：6月）", "市教委、市财政局"),
        ("（市发展改革委牵头，市财政局配合）", "市发展改革委"),
        ("由市住房城乡建委牵头推进，", "市住房城乡建委"),
        ("由县领导牵头负责", None),
        ("发挥龙头企业牵头作用", None),
    ],
)
def test_a_lead_unit_is_named_by_the_text_or_not_at_all(words: str, unit: str | None) -> None:
    assert lead_unit(words) == unit


def test_the_list_of_tasks_is_ready_to_print(promises: Path, tmp_path: Path) -> None:
    written = export(promises, tmp_path / "tasks.xlsx", layout="tasks")
    sheet = openpyxl.load_workbook(tmp_path / "tasks.xlsx").worksheets[0]
    assert sheet["A1"].value == "某市2026年政府工作报告任务分解表"
    heads = [cell.value for cell in sheet[3]]
    assert heads == ["序号", "任务原文", "量化指标", "目标值", "单位", "完成时限", *heads[6:11], "依据"]
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet["A4"].value == "一、2026年工作安排"
    assert {"A5:A7", "B5:B7", "F5:F7"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet["B5"].alignment.wrap_text
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[2]]
    assert len(rows) == written.records
    assert [row[0] for row in rows if row[0]] == list(range(1, max(row[0] or 0 for row in rows) + 1))
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_list_of_tasks_as_csv_fills_every_cell(promises: Path, tmp_path: Path) -> None:
    written = export(promises, tmp_path / "tasks.csv", layout="tasks")
    rows = csv_rows(tmp_path / "tasks.csv")
    assert len(rows) == written.records
    assert all(row["序号"] and row["任务原文"] and row["依据"] for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_a_list_of_tasks_without_the_text_has_the_quotes(promises: Path, tmp_path: Path) -> None:
    (tmp_path / "report.txt").unlink()
    done = command("export", promises, "--to", tmp_path / "tasks.csv", "--as", "tasks")
    assert done.returncode == 1
    assert "report.txt: the file is not there any more" in done.stderr.decode()
    quotes = {"".join(record.quote.split()) for record in open_run(promises).records() if commits(record)}
    assert {row["任务原文"].removeprefix("'") for row in csv_rows(tmp_path / "tasks.csv")} <= quotes


def test_reports_of_one_name_have_sheets_of_their_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(PROMISES, "utf-8")
    llmx.run(tmp_path, tmp_path / "run")
    export(tmp_path / "run", tmp_path / "tasks.xlsx", layout="tasks")
    names = openpyxl.load_workbook(tmp_path / "tasks.xlsx").sheetnames
    assert len({name.casefold() for name in names}) == len(names) == 2


def test_an_empty_run_exports_empty_tables(tmp_path: Path) -> None:
    llmx.run(tmp_path / "none", tmp_path / "run")
    assert export(tmp_path / "run", tmp_path / "tasks.xlsx", layout="tasks").records == 0
    assert export(tmp_path / "run", tmp_path / "records.csv").records == 0
    assert (tmp_path / "records.csv").read_text("utf-8-sig").strip().split(",") == [
        f'"{name}"' for name in GOVERNMENT.columns
    ]
    export(tmp_path / "run", tmp_path / "records.sqlite")
    openpyxl.load_workbook(tmp_path / "tasks.xlsx")


def test_an_export_keeps_the_file_before_it_when_it_fails(run: Path, tmp_path: Path) -> None:
    broken = tmp_path / "run"
    shutil.copytree(run, broken)
    with open(broken / "records.jsonl", "a", encoding="utf-8") as file:
        file.write("no record\n")
    export(run, tmp_path / "records.csv", selection=llmx.Selection(limit=1))
    before = (tmp_path / "records.csv").read_bytes()
    done = command("export", broken, "--to", tmp_path / "records.csv")
    assert done.returncode == 2
    assert f"line {sum(open_run(run).manifest.records.values()) + 1}" in done.stderr.decode()
    assert (tmp_path / "records.csv").read_bytes() == before


@pytest.mark.parametrize("suffix", ["sqlite", "duckdb"])
def test_a_database_keeps_its_other_tables(run: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"mine.{suffix}"
    connect = sqlite3.connect if suffix == "sqlite" else pytest.importorskip("duckdb").connect
    with closing(connect(str(path))) as base:
        base.execute("CREATE TABLE households (name VARCHAR)")
        base.execute("INSERT INTO households VALUES ('甲')")
        base.commit()
    for limit in (7, 5):
        export(run, path, selection=llmx.Selection(limit=limit))
        with closing(connect(str(path))) as base:
            assert base.execute("SELECT name FROM households").fetchall() == [("甲",)]
            assert base.execute("SELECT count(*) FROM records").fetchone() == (limit,)
            assert base.execute("SELECT count(*) FROM reports").fetchone() == (3,)


@pytest.mark.parametrize("suffix", ["sqlite", "duckdb"])
def test_a_table_that_is_not_ours_is_replaced_on_demand_alone(run: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"mine.{suffix}"
    connect = sqlite3.connect if suffix == "sqlite" else pytest.importorskip("duckdb").connect
    with closing(connect(str(path))) as base:
        base.execute("CREATE TABLE reports (mine VARCHAR)")
        base.commit()
    done = command("export", run, "--to", path)
    assert done.returncode == 1
    assert "a table 'reports' that llmx did not write" in done.stderr.decode()
    with closing(connect(str(path))) as base:
        assert base.execute("SELECT mine FROM reports").fetchall() == []
        tables = "sqlite_master" if suffix == "sqlite" else "information_schema.tables"
        assert base.execute(f"SELECT count(*) FROM {tables}").fetchone() == (1,)
    assert command("export", run, "--to", path, "--force").returncode == 0
    with closing(connect(str(path))) as base:
        assert base.execute("SELECT count(report) FROM reports").fetchone() == (3,)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx", "parquet", "json", "sqlite", "duckdb"])
def test_a_file_that_is_not_ours_is_overwritten_on_demand_alone(run: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"mine.{suffix}"
    path.write_text("somebody's notes of many years, which nobody else has\n")
    with pytest.raises(OutputError, match="--force"):
        export(run, path)
    assert "somebody's" in path.read_text()
    export(run, path, force=True)
    export(run, path)
    assert b"somebody's" not in path.read_bytes()


@pytest.fixture(scope="module")
def fines(tmp_path_factory: pytest.TempPathFactory) -> llmx.SavedRun:
    folder = tmp_path_factory.mktemp("fines")
    (folder / "dale.txt").write_text(TEXT, "utf-8")
    return llmx.run(folder / "dale.txt", folder / "run", "clerk", task=PENALTIES)


def test_the_table_of_a_users_task_shows_its_fields(fines: llmx.SavedRun) -> None:
    done = command("table", fines.folder, "--year", "2024", "--indicator", "kiln", cwd=Path(__file__).parent)
    head, *rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert head == ["report", "type", "year", "name", "value", "choice", "section", "quote"]
    (record,) = [one for one in fines.records() if "Kiln" in one.quote]
    assert rows == [["dale", "penalty", "2024", "Kiln Works", "$2.4 million", "Air", "2. Air", record.quote]]


def test_words_are_looked_for_in_every_field_of_words(fines: llmx.SavedRun) -> None:
    def found(**asked: object) -> list[str]:
        return [str(one.party) for one in llmx.Selection(**asked).of(fines.records(), ["dale"], fines.task)]

    assert found(indicator="LATE reports") == ["Sedge & <b>Sons</b>"]
    assert found(years=2023) == ["Northfield Dairy"]
    assert found(types="note", section="air") == ["Harrow Quarry"]
    with pytest.raises(UsageError, match="'fine'; there are penalty, note"):
        found(types="fine")


def test_a_users_records_are_the_same_in_every_format(fines: llmx.SavedRun, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    for suffix in ("csv", "xlsx", "parquet", "sqlite", "duckdb"):
        assert export(fines, tmp_path / f"fines.{suffix}").records == 4
    rows = [(one.id, str(one.party), getattr(one, "reason", None)) for one in fines.records()]
    table = csv_rows(tmp_path / "fines.csv")
    assert [(row["id"], row["party"], row["reason"] or None) for row in table] == rows
    assert [row["fine_base_value"] for row in table] == ["1200000", "350000", "2400000", ""]
    assert pq.read_table(tmp_path / "fines.parquet").column("case_ground").to_pylist() == [
        "water",
        "water",
        "air",
        None,
    ]
    query = "SELECT id, party, reason FROM records"
    for connect, suffix in ((sqlite3.connect, "sqlite"), (duckdb.connect, "duckdb")):
        with closing(connect(str(tmp_path / f"fines.{suffix}"))) as base:
            assert base.execute(query).fetchall() == rows
            told = base.execute("SELECT * FROM reports")
            names = [column[0] for column in told.description]
            assert names[:6] == ["report", "source", "sha256", "characters", "penalties", "notes"]
            assert dict(zip(names, told.fetchone(), strict=True))["penalties"] == 3
    sheets = openpyxl.load_workbook(tmp_path / "fines.xlsx", read_only=True)
    assert sum(sheet.max_row - 1 for sheet in sheets) == 4


def test_the_reports_of_a_database_say_what_the_task_knows(run: Path, tmp_path: Path) -> None:
    export(run, tmp_path / "records.sqlite")
    with closing(sqlite3.connect(tmp_path / "records.sqlite")) as base:
        told = base.execute("SELECT speaker, year, place FROM reports ORDER BY report").fetchall()
    facts = [llmx.extract(path).facts for path in sorted(REPORTS.glob("*.txt"))]
    assert told == [(one.speaker, one.year, one.place) for one in facts]


def test_results_are_exported_and_saved_as_a_run_is(report: Path, tmp_path: Path) -> None:
    result = llmx.extract(report)
    llmx.run(report, tmp_path / "run")
    for source, name in ((result, "one"), ([result], "several"), (tmp_path / "run", "run")):
        export(source, tmp_path / f"{name}.csv")
        export(source, tmp_path / f"{name}-tasks.csv", layout="tasks")
    for end in (".csv", "-tasks.csv"):
        assert len({(tmp_path / f"{name}{end}").read_bytes() for name in ("one", "several", "run")}) == 1
    saved = llmx.save(result, tmp_path / "saved", formats="csv")
    for name in ("records.jsonl", "records.csv"):
        written = (saved.folder / name).read_bytes()
        assert name == "records.csv" or written == (tmp_path / "run" / name).read_bytes()
        assert written
    assert [one.facts for one in open_run(saved.folder).reports] == [
        one.facts for one in open_run(tmp_path / "run").reports
    ]
    with pytest.raises(OutputError, match="holds a run already"):
        llmx.save(result, saved.folder)
    assert llmx.save([result], saved.folder, force=True).manifest.records == saved.manifest.records


def test_results_that_cannot_stand_together_are_said(report: Path, fines: llmx.SavedRun, tmp_path: Path) -> None:
    result, other = llmx.extract(report), llmx.extract(read_text(TEXT, id="dale"), "clerk", task=PENALTIES)
    with pytest.raises(UsageError, match="2 results of a report"):
        export([result, result], tmp_path / "x.csv")
    with pytest.raises(UsageError, match="2 tasks, government, penalties"):
        llmx.save([result, other], tmp_path / "x")
    with pytest.raises(UsageError, match="is no result"):
        export([report], tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_result_without_records_or_text_is_saved(tmp_path: Path) -> None:
    results = list(llmx.extract_many([tmp_path / "none.txt"]))
    saved = llmx.save(results, tmp_path / "run")
    assert (saved.manifest.failures, list(saved.records())) == (1, [])
