"""The folder of a run: whole files or none, tables that say what the records say, failures that are told."""

import csv
import gc
import io
import json
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pandas
import polars
import pyarrow.parquet
import pytest

from llmx.errors import InputError, OutputError, UnreadableInput, UsageError
from llmx.outputs import (
    Failure,
    Lines,
    Manifest,
    RunFolder,
    check_formats,
    lines_of,
    read_records,
    record_json,
    to_pandas,
    to_polars,
    workbook,
)
from llmx.records import Record
from llmx.tasks.government import GOVERNMENT, Achievement, Problem, Project, Target

COLUMNS = list(GOVERNMENT.columns)

MANIFEST = Manifest(version="0", model="rules", settings={}, started="2026-01-01T00:00:00+08:00")
TABLES = ("csv", "parquet", "xlsx")
FILES = {"records.jsonl", "failures.jsonl", "reports.jsonl", "run.json"}


def target(number: int = 1, **fields: object) -> Target:
    given = {
        "id": f"t{number}",
        "report": "甲县-2025",
        "kind": "quantified",
        "quote": "地区生产总值增长5%以上",
        "start": 10,
        "end": 22,
        "section": ("三、2025年工作安排", "（一）稳增长"),
        "year": 2025,
        "indicator": "地区生产总值",
        "figure": "5%",
        "value": 5,
        "unit": "%",
        "comparator": ">=",
        "model": "rules",
    }
    return Target.model_validate(given | fields)


ACHIEVEMENT = Achievement(
    id="a1",
    report="甲县-2025",
    kind="quantified",
    quote="降至-2.5",
    start=0,
    end=6,
    value=-2.5,
    unit="‰",
    model="rules",
)
PROJECT = Project(
    id="p1", report="甲县-2025", quote="建成甲大桥", start=30, end=35, name="甲大桥", stage="completed",
    status="reported", model="rules",
)  # fmt: skip
PROBLEM = Problem(
    id="q1", report="甲县-2025", quote="财政收支矛盾突出", start=None, end=None, domain="finance",
    grounding="missing", model="rules",
)  # fmt: skip
RECORDS: list[Record] = [target(), ACHIEVEMENT, PROJECT, PROBLEM]


def write(folder: Path, records: list[Record], *formats: str) -> Path:
    with RunFolder(folder, formats) as run:
        run.add(records)
        run.finish(MANIFEST)
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """A disk that takes no more, as far as a test can have one without being root."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# Lines of JSON


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.type)
def test_a_line_has_the_fields_that_apply_in_the_order_of_the_contract(record: Record) -> None:
    fields = list(json.loads(record_json(record)))
    assert fields == [name for name in COLUMNS if getattr(record, name, None) is not None]
    assert "\\u" not in record_json(record)


def test_columns_are_the_fields_of_all_record_types() -> None:
    assert set(COLUMNS) == {name for record in RECORDS for name in type(record).model_fields}


def test_records_come_back_as_they_were_written(tmp_path: Path) -> None:
    records = [*RECORDS, target(2, value=7.0), target(3, quote="甲\n乙\u2028丙")]
    back = list(read_records(write(tmp_path, records) / "records.jsonl"))
    assert back == records
    assert [type(record.value) for record in back if isinstance(record, Target)] == [int, float, int]


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(record_json(target()) + "\n" + record_json(target()).replace('"quantified"', '"guess"') + "\n")
    with pytest.raises(InputError, match=r"records\.jsonl, line 2: .*kind.*'guess'"):
        list(read_records(path))
    path.write_bytes(b'{"type": "target", "quote": "\xff"}\n')
    with pytest.raises(InputError, match="line 1"):
        list(read_records(path))


def test_a_run_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"none\.jsonl"):
        list(read_records(tmp_path / "none.jsonl"))


# Whole or not at all


def test_nothing_stands_under_its_name_before_the_end(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run", TABLES) as run:
        run.add(RECORDS)
        assert all(name.startswith(".") for name in names(tmp_path / "run"))
        paths = run.finish(MANIFEST)
    expected = FILES | {"records.csv", "records.parquet", "records.xlsx"}
    assert {path.name for path in paths} == names(tmp_path / "run") == expected


def stop_after(run: RunFolder, stop: BaseException) -> None:
    run.add([target(9)])
    raise stop


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_a_run_that_does_not_finish_leaves_the_earlier_one(tmp_path: Path, stop: type[BaseException]) -> None:
    write(tmp_path, RECORDS)
    run = RunFolder(tmp_path)
    with pytest.raises(stop), run:
        stop_after(run, stop())
    assert list(read_records(tmp_path / "records.jsonl")) == RECORDS
    assert names(tmp_path) == FILES


def test_a_finished_run_replaces_the_earlier_one(tmp_path: Path) -> None:
    write(tmp_path, RECORDS, "csv")
    write(tmp_path, [target(9)], "csv")
    assert [record.id for record in read_records(tmp_path / "records.jsonl")] == ["t9"]
    assert len((tmp_path / "records.csv").read_text("utf-8-sig").splitlines()) == 2


def test_a_folder_belongs_to_one_run_at_a_time(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as one:
        with pytest.raises(OutputError, match=rf"another run is writing here \(process {os.getpid()} on .*, since 2"):
            RunFolder(tmp_path)
        one.add([target(1)])
        one.finish(MANIFEST)
    write(tmp_path, [target(2)])
    assert [record.id for record in read_records(tmp_path / "records.jsonl")] == ["t2"]


def test_a_report_that_could_not_be_written_is_not_half_there(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        run.add([target(1)])
        with files_no_larger_than(3_000), pytest.raises(OutputError, match=r"records\.jsonl"):
            run.add([target(number) for number in range(100)])
        run.add([target(2)])
        run.finish(MANIFEST)
    assert [record.id for record in read_records(tmp_path / "records.jsonl")] == ["t1", "t2"]


def test_a_run_without_records_has_all_its_files(tmp_path: Path) -> None:
    write(tmp_path, [], *TABLES)
    assert (tmp_path / "failures.jsonl").read_bytes() == (tmp_path / "records.jsonl").read_bytes() == b""
    assert pandas.read_csv(tmp_path / "records.csv").columns.tolist() == list(COLUMNS)
    assert pandas.read_parquet(tmp_path / "records.parquet").columns.tolist() == list(COLUMNS)
    assert openpyxl.load_workbook(tmp_path / "records.xlsx")["targets"].max_row == 1


# Failures and the manifest


def test_failures_are_lines_with_their_stage_and_error(tmp_path: Path) -> None:
    failure = Failure.of(InputError("坏.txt: empty"), report=None, source="坏.txt", stage="read")
    with RunFolder(tmp_path) as run:
        run.add_failure(failure)
        run.finish(MANIFEST)
    line = (tmp_path / "failures.jsonl").read_text("utf-8")
    assert Failure.model_validate_json(line) == failure
    assert "坏.txt: empty" in line


def test_a_file_name_that_is_no_utf8_does_not_cost_the_run(tmp_path: Path) -> None:
    name = b"\xc7\xad\xbd\xad.txt".decode("utf-8", "surrogateescape")
    with RunFolder(tmp_path) as run:
        run.add_failure(Failure(report=None, source=name, stage="read", error="InputError", message=f"{name}: empty"))
        run.finish(MANIFEST.model_copy(update={"settings": {"paths": [name]}}))
    assert json.loads((tmp_path / "failures.jsonl").read_text("utf-8"))["source"] == name
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["settings"]["paths"] == [name]


# Folders that cannot be written


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file.run: cannot be written: a file stands where a folder is needed"):
        RunFolder(tmp_path / "file" / "run")


@pytest.mark.parametrize("name", ["records.jsonl", "failures.jsonl", "run.json", "records.csv"])
def test_a_folder_in_a_files_place_is_told_before_the_work(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(OutputError, match=f"{name}: cannot be written: a folder stands where a file is needed"):
        RunFolder(tmp_path, ["csv"])
    assert names(tmp_path) == {name}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device is Linux's")
def test_a_full_disk_is_told() -> None:
    device = open("/dev/full", "wb", buffering=0)  # noqa: SIM115 (the wrapper closes it)
    with io.TextIOWrapper(device, encoding="utf-8") as full, pytest.raises(OutputError, match="the disk is full"):
        Lines(full).take("甲县-2025", lines_of(RECORDS))


# xlsxwriter does not close its temporary files when it cannot write them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("format", TABLES)
def test_a_table_that_finds_no_room_leaves_nothing_of_itself(tmp_path: Path, format: str) -> None:
    with RunFolder(tmp_path, [format]) as run:
        run.add([target(number) for number in range(50)])
        with files_no_larger_than(4_000), pytest.raises(OutputError, match=rf"records\.{format}: cannot be written"):
            run.finish(MANIFEST)
    gc.collect()
    assert names(tmp_path) == FILES


def test_a_table_that_fails_costs_nothing_else(tmp_path: Path) -> None:
    with RunFolder(tmp_path, ["csv", "parquet"]) as run:
        run.add(RECORDS)
        (tmp_path / "records.csv").mkdir()
        with pytest.raises(OutputError, match=r"records\.csv"):
            run.finish(MANIFEST)
    assert len(pandas.read_parquet(tmp_path / "records.parquet")) == len(RECORDS)
    assert names(tmp_path) == FILES | {"records.csv", "records.parquet"}


# Formats


def test_an_unknown_format_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"'excel'.*jsonl, csv, parquet, xlsx"):
        check_formats(["csv", "excel"])


@pytest.mark.parametrize(("format", "library"), [("parquet", "pyarrow"), ("xlsx", "xlsxwriter")])
def test_a_missing_library_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=rf'pip install "llmx-extract\[{format}\]"'):
        RunFolder(tmp_path / "run", [format])
    assert not (tmp_path / "run").exists()


def rows_of_csv(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_opens_in_excel_with_null_empty_and_numbers_bare(tmp_path: Path) -> None:
    path = write(tmp_path, RECORDS, "csv") / "records.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second, third, _ = rows_of_csv(path)
    assert first["section"] == "三、2025年工作安排 / （一）稳增长"
    assert (first["value"], second["value"], third["value"], third["indicator"]) == ("5", "-2.5", "", "")
    assert ",-2.5," in path.read_text("utf-8-sig")
    assert polars.read_csv(path)["value"].to_list() == [5, -2.5, None, None]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_csv_has_no_cell_that_a_spreadsheet_runs(tmp_path: Path, start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    path = write(tmp_path, [target(quote=text, section=(text,))], "csv") / "records.csv"
    (row,) = rows_of_csv(path)
    assert (row["quote"], row["section"]) == (f"'{text}", f"'{text}")


def test_csv_quotes_texts_so_that_no_other_separator_begins_a_cell(tmp_path: Path) -> None:
    path = write(tmp_path, [target(quote='甲;=1+1\t=2+2"丙"')], "csv") / "records.csv"
    assert '"甲;=1+1\t=2+2""丙"""' in path.read_text("utf-8-sig")


def test_parquet_has_the_same_types_whatever_the_records(tmp_path: Path) -> None:
    full = pyarrow.parquet.read_table(write(tmp_path / "full", RECORDS, "parquet") / "records.parquet")
    empty = pyarrow.parquet.read_table(write(tmp_path / "empty", [], "parquet") / "records.parquet")
    assert full.schema == empty.schema
    assert str(full.schema.field("value").type) == "double"
    assert full["section"].to_pylist() == [["三、2025年工作安排", "（一）稳增长"], [], [], []]
    assert full["value"].to_pylist() == [5.0, -2.5, None, None]


@pytest.mark.parametrize("format", TABLES)
def test_a_number_that_no_float_holds_does_not_cost_the_table(tmp_path: Path, format: str) -> None:
    write(tmp_path, [target(value=10**400, base_value=2**60 + 1)], format)
    read: dict[str, Callable[[Path], pandas.DataFrame]] = {
        "csv": pandas.read_csv, "parquet": pandas.read_parquet, "xlsx": pandas.read_excel
    }  # fmt: skip
    assert float(read[format](tmp_path / f"records.{format}")["base_value"][0]) == pytest.approx(2**60)


# Workbooks


def test_a_workbook_has_a_sheet_a_type_with_its_own_columns(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(tmp_path, RECORDS, "xlsx") / "records.xlsx")
    assert book.sheetnames == ["targets", "achievements", "projects", "problems"]
    sheet = book["projects"]
    header = [cell.value for cell in sheet[1]]
    assert header == list(Project.model_fields)
    assert sheet.cell(2, header.index("name") + 1).value == "甲大桥"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:V2")


def cells(tmp_path: Path, record: Target) -> dict[str, object]:
    sheet = openpyxl.load_workbook(write(tmp_path, [record], "xlsx") / "records.xlsx")["targets"]
    return {str(head.value): cell for head, cell in zip(sheet[1], sheet[2], strict=True)}


@pytest.mark.parametrize("text", ["=1+1", "{=1+1}", "http://a.cn", "mailto:a@b.cn", "007"])
def test_a_workbook_keeps_texts_as_texts(tmp_path: Path, text: str) -> None:
    cell = cells(tmp_path, target(quote=text))["quote"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_workbook_has_numbers_as_numbers(tmp_path: Path) -> None:
    found = cells(tmp_path, target(value=-2.5))
    assert (found["value"].value, found["value"].data_type, found["year"].value) == (-2.5, "n", 2025)


def test_a_workbook_drops_what_xml_cannot_hold(tmp_path: Path) -> None:
    assert cells(tmp_path, target(quote="甲\x00\x0b\ufffe乙\n丙"))["quote"].value == "甲乙\n丙"


def test_a_workbook_says_how_much_of_a_long_text_it_cuts(tmp_path: Path) -> None:
    value = str(cells(tmp_path, target(quote="甲" * 40_000))["quote"].value)
    kept = value.count("甲")
    assert len(value) <= 32_767
    assert value.endswith(f"… [{40_000 - kept:,} more characters]")


def test_a_workbook_goes_on_where_a_sheet_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MAX_ROWS", 3)
    book = openpyxl.load_workbook(write(tmp_path, [target(n) for n in range(5)], "xlsx") / "records.xlsx")
    ids = [[row[0].value for row in book[name]] for name in ("targets", "targets 2", "targets 3")]
    assert ids == [["id", "t0", "t1"], ["id", "t2", "t3"], ["id", "t4"]]


def test_a_workbooks_columns_are_as_wide_as_chinese_is_shown(tmp_path: Path) -> None:
    records: list[Record] = [target(report="甲" * 10), target(quote="乙" * 500)]
    sheet = openpyxl.load_workbook(write(tmp_path, records, "xlsx") / "records.xlsx")["targets"]
    widths = {str(cell.value): sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert 20 <= widths["report"] <= 23
    assert widths["quote"] < 70
    assert sheet.cell(2, list(Target.model_fields).index("quote") + 1).alignment.wrap_text


# Memory


@pytest.mark.parametrize("format", ["jsonl", "csv", "xlsx"])
def test_memory_does_not_grow_with_a_run(tmp_path: Path, format: str) -> None:
    def peak(reports: int) -> int:
        tracemalloc.start()
        with RunFolder(tmp_path, [format]) as run:
            for _ in range(reports):
                run.add([target(number) for number in range(20)])
            run.finish(MANIFEST)
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(5)  # what is imported and cached once
    assert peak(100) < 1.5 * peak(10)  # xlsx copies its rows through buffers, which are full at 0.8 MB


# Dataframes


@pytest.mark.parametrize("records", [[], RECORDS, [target(value=10**400, base_value=2**60 + 1)]])
def test_dataframes_have_the_same_columns_and_types_whatever_the_records(records: list[Record]) -> None:
    pandas_frame, polars_frame = to_pandas(records), to_polars(records)
    assert pandas_frame.columns.tolist() == polars_frame.columns == list(COLUMNS)
    assert [str(pandas_frame[name].dtype) for name in ("quote", "start", "value")] == ["string", "Int64", "Float64"]
    assert polars_frame.schema["section"] == polars.List(polars.String)
    assert polars_frame.schema["value"] == polars.Float64
    assert len(pandas_frame) == len(polars_frame) == len(records)


def test_dataframes_hold_what_the_records_hold() -> None:
    assert to_polars(RECORDS)["value"].to_list() == [5.0, -2.5, None, None]
    assert to_polars(RECORDS)["section"].to_list()[0] == ["三、2025年工作安排", "（一）稳增长"]
    assert to_pandas(RECORDS)["value"].isna().tolist() == [False, False, True, True]
    assert to_pandas(RECORDS)["name"].tolist()[2] == "甲大桥"


@pytest.mark.parametrize(("convert", "library"), [(to_pandas, "pandas"), (to_polars, "polars")])
def test_a_missing_dataframe_library_is_told(
    monkeypatch: pytest.MonkeyPatch, convert: Callable[[list[Record]], object], library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=rf'pip install "llmx-extract\[{library}\]"'):
        convert(RECORDS)
