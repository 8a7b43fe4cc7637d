"""SQL over runs: the same records whatever they are read from, and nothing but the runs can be read."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from penalties import PENALTIES, TEXT
from typer.testing import CliRunner

import llmx
from llmx.cli import app
from llmx.errors import OutputError, UnreadableInput, UsageError

REPORT = """重庆市渝北区人民政府工作报告
2026年1月10日
一、2025年工作回顾
地区生产总值达到300亿元、增长5.5%。新建学校3所。
二、2026年工作安排
地区生产总值增长6%以上，开工建设滨江大桥。
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> llmx.SavedRun:
    folder = tmp_path_factory.mktemp("it's [a] run*")
    (folder / "district.txt").write_text(REPORT, "utf-8")
    (folder / "other.txt").write_text(REPORT.replace("渝北", "南岸"), "utf-8")
    return llmx.run([*folder.glob("*.txt"), folder / "none.txt"], folder / "out")


def rows(runs: object, sql: str) -> list[tuple]:
    return list(llmx.query(runs, sql))


def test_the_views_hold_what_the_run_holds(run: llmx.SavedRun) -> None:
    records = list(run.records())
    assert rows(run, "select id, value, section from records") == [
        (one.id, getattr(one, "value", None), list(one.section)) for one in records
    ]
    for name, type in run.task.plurals.items():
        wanted = [(one.id,) for one in records if one.type == type]
        for view in (name, name.upper(), type, run.task.word(type, "zh")):
            assert rows(run, f"select id from {view}") == wanted
    told = rows(run, "select report, place, targets, sha256 from reports order by report")
    assert [(one, place, count) for one, place, count, _ in told] == [
        ("district", "重庆市渝北区", 1),
        ("other", "重庆市南岸区", 1),
    ]
    assert {sha for *_, sha in told} == {one.sha256 for one in run.reports}
    ((source, error),) = rows(run, "select source, error from failures")
    assert (Path(source).name, error) == ("none.txt", "UnreadableInput")


def test_types_are_the_tasks_whatever_the_values_are(run: llmx.SavedRun) -> None:
    answer = llmx.query(run, "select value, year, section, quote, amount from records where false")
    assert answer.columns == {
        "value": "number",
        "year": "integer",
        "section": "path",
        "quote": "text",
        "amount": "number",
    }
    assert list(answer) == []


def test_a_parquet_of_the_run_is_read_and_an_older_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "district.txt").write_text(REPORT, "utf-8")
    run = llmx.run(tmp_path / "district.txt", tmp_path / "out", formats=["parquet"])
    everything = rows(run, "select * from records")
    kept = (run.folder / "records.jsonl").read_bytes()
    (run.folder / "records.jsonl").write_bytes(b"")
    assert rows(run, "select * from records") == everything != []
    (run.folder / "records.jsonl").write_bytes(kept)
    table = pq.read_table(run.folder / "records.parquet")
    pq.write_table(table.drop_columns(["period"]), run.folder / "records.parquet")
    assert rows(run, "select * from records") == everything
    (run.folder / "records.parquet").write_bytes(b"PAR1 cut short")
    assert rows(run, "select * from records") == everything
    (run.folder / "records.jsonl").unlink()
    with pytest.raises(UnreadableInput, match=r"records\.jsonl: is not there"):
        rows(run, "select * from records")


def test_several_runs_have_a_column_of_their_names(run: llmx.SavedRun) -> None:
    one = len(list(run.records()))
    found = rows([run, run.folder], "select run, count(*) from records group by run order by run")
    assert found == [("out", one), ("out-2", one)]
    assert rows([run, run], "select distinct run from 目标 order by 1") == [("out",), ("out-2",)]


def test_results_and_a_users_task_are_asked_alike(tmp_path: Path) -> None:
    result = llmx.extract(llmx.read_text(TEXT, id="dale"), "clerk", task=PENALTIES)
    assert rows(result, "select party, fine_value, appealed from 处罚 order by fine_base_value limit 1") == [
        ("Sedge & <b>Sons</b>", 350000.0, "false")
    ]
    assert rows([result], "select count(*) from notes") == [(1,)]
    with pytest.raises(UsageError, match="several tasks, penalties and government"):
        llmx.query([llmx.save(result, tmp_path / "fines"), llmx.run(_written(tmp_path), tmp_path / "out")], "select 1")


def _written(folder: Path) -> Path:
    (folder / "district.txt").write_text(REPORT, "utf-8")
    return folder / "district.txt"


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{secret}')",
        "select * from '{secret}'",
        "select * from read_csv('{secret}')",
        "select * from glob('{folder}/*')",
        "select * from secret_frame",
        "copy records to '{folder}/stolen.csv'",
        "copy (select 1) to '{records}'",
        "attach '{folder}/new.db'",
        "install httpfs",
        "set enable_external_access = true",
        "drop view records",
        "insert into reports (report) values ('forged')",
        "create table x as select 1",
        "select 1; select 2",
        "",
    ],
)
def test_a_query_reads_the_run_and_nothing_else(run: llmx.SavedRun, tmp_path: Path, sql: str) -> None:
    secret_frame = pd.DataFrame({"key": ["secret"]})
    (tmp_path / "secret.csv").write_text("key\nsecret\n")
    before = {path: path.read_bytes() for path in run.folder.iterdir() if path.is_file()}
    asked = sql.format(secret=tmp_path / "secret.csv", folder=tmp_path, records=run.folder / "records.jsonl")
    with pytest.raises(UsageError):
        rows(run, asked)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert {path: path.read_bytes() for path in run.folder.iterdir() if path.is_file()} == before
    assert len(secret_frame) == 1


def test_an_error_names_the_columns_there_are(run: llmx.SavedRun) -> None:
    with pytest.raises(UsageError, match=r'"indicatr" not found.*records has id, report.*reports has.*目标'):
        llmx.query(run, "select indicatr from targets")
    with pytest.raises(UsageError, match="Conversion Error"):
        rows(run, "select quote::int from records")


def test_an_answer_is_written_in_every_format(run: llmx.SavedRun, tmp_path: Path) -> None:
    answer = llmx.query(run, "select id, indicator, value, section, date '2026-01-10' as day, true as id from 目标")
    names = ["id", "indicator", "value", "section", "day", "id-2"]
    assert list(answer.columns) == names
    assert {answer.write(tmp_path / f"answer.{one}") for one in ("csv", "json", "jsonl", "parquet", "xlsx")} == {2}
    wanted = [(one.indicator, one.value, list(one.section)) for one in run.select(types="target")]
    listed = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert [(one["indicator"], one["value"], one["section"]) for one in listed] == wanted
    assert listed == [json.loads(line) for line in (tmp_path / "answer.jsonl").read_text("utf-8").splitlines()]
    assert {(one["day"], one["id-2"]) for one in listed} == {("2026-01-10", True)}
    with open(tmp_path / "answer.csv", encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [(one["indicator"], float(one["value"]), [one["section"]]) for one in table] == wanted
    assert pq.read_table(tmp_path / "answer.parquet").column_names == names
    sheet = openpyxl.load_workbook(tmp_path / "answer.xlsx").active
    assert [[cell.value for cell in row][1:3] for row in sheet.iter_rows(min_row=2)] == [
        list(one[:2]) for one in wanted
    ]
    assert list(answer.to_pandas()["indicator"]) == [one[0] for one in wanted]
    with pytest.raises(OutputError, match="is there already"):
        answer.write(tmp_path / "answer.csv")
    with pytest.raises(UsageError, match=r"\.csv, \.parquet"):
        answer.write(tmp_path / "answer.txt")


def test_the_command_line_asks_the_same(run: llmx.SavedRun, tmp_path: Path) -> None:
    sql = "select report, indicator, value from 目标 order by report"
    done = CliRunner().invoke(app, ["query", str(run.folder), sql])
    assert done.stdout.splitlines() == [
        "report\tindicator\tvalue",
        *(f"{one}\t地区生产总值\t6" for one in ("district", "other")),
    ]
    done = CliRunner().invoke(
        app, ["query", str(run.folder), str(run.folder), "select count(*) n from 目标", "--to", "-"]
    )
    assert json.loads(done.stdout) == {"n": 4}
    done = CliRunner().invoke(app, ["query", str(run.folder), sql, "--to", str(tmp_path / "deep" / "a.csv")])
    assert (done.exit_code, (tmp_path / "deep" / "a.csv").read_bytes().count(b"\n")) == (0, 3)
    assert (
        CliRunner().invoke(app, ["query", str(run.folder), sql, "--to", str(tmp_path / "deep" / "a.csv")]).exit_code
        == 1
    )
    done = CliRunner().invoke(app, ["query", str(run.folder)])
    assert (done.exit_code, "a run and a query" in done.stderr) == (2, True)


def test_the_guide_runs(run: llmx.SavedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "query.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    examples = re.findall("```python\n(.*?)```", guide, re.DOTALL)
    for example in examples:
        exec(example, {"llmx": llmx, "run": run})
    for sql in re.findall(r'llmx query RUN "(.*?)"', guide):
        assert list(llmx.query(run, sql)) is not None
    assert examples
