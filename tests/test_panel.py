"""Panels: regions by years by indicators, of runs and results."""

from __future__ import annotations

import json
import re
import time
import tomllib
import warnings
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

import llmx
from llmx.cli import app
from llmx.documents import read_text
from llmx.errors import OutputError, UsageError
from llmx.tasks.government import Target
from llmx.tasks.government.headlines import HEADLINES
from llmx.tasks.government.indicators import built_in
from llmx.tasks.government.panel import absence, cells, codebook, units

EARLIER = """云州市人民政府工作报告
——2025年1月10日在云州市第六届人民代表大会第四次会议上
云州市市长 王某
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、2024年工作回顾
过去一年，地区生产总值达到602.3亿元，增长5.8%，经济总量突破600亿元。全市粮食产量20亿斤，居民人均可支配收入增长与经济增长基本同步。
一般公共预算收入完成31.2亿元，进出口总额120亿元。全年新增高新技术企业15家。截至2024年末，高新技术企业达到96家。科技创新成效明显，新增高新技术企业18家。
过去五年，地区生产总值年均增长6.1%。
二、2025年工作安排
今年经济社会发展主要预期目标是：地区生产总值增长5.5%以上，力争达到6%；固定资产投资增长8%左右；一般公共预算收入与经济增长同步；粮食产量保持稳定；城镇调查失业率控制在5.5%以内。
进一步优化进出口结构，到2027年，地区生产总值突破800亿元。
"""
LATER = """云州市人民政府工作报告
——2026年1月12日在云州市第六届人民代表大会第五次会议上
云州市市长 王某
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、2025年工作回顾
过去一年，地区生产总值达到640亿元，增长6.1%；固定资产投资增长7.5%。
二、2026年工作安排
今年经济社会发展主要预期目标是：地区生产总值增长5%—6%，固定资产投资增长6%以上，进出口总额达到20亿美元。
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("panel")
    (folder / "texts").mkdir()
    for name, text in (("yunzhou-2025", EARLIER), ("yunzhou-2026", LATER)):
        (folder / "texts" / f"{name}.txt").write_text(text, "utf-8")
    llmx.run(folder / "texts", folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def long(run: Path) -> pd.DataFrame:
    return llmx.panel(run)


def one(frame: pd.DataFrame, **asked: object) -> pd.Series:
    """The only row that has these values."""
    for name, value in asked.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1, frame
    return frame.iloc[0]


def test_a_cell_says_what_its_record_says(run: Path, long: pd.DataFrame) -> None:
    row = one(long, year=2025, indicator_id="gdp", type="target", measure="growth", stretch=False)
    record = next(record for record in llmx.open_run(run).records() if record.id == row["record"])
    assert isinstance(record, Target)
    for name, field in cells.OF_RECORD.items():
        if name != "section":
            value = row[name]
            assert (None if pd.isna(value) else value) == getattr(record, field), name
    assert (row["value"], row["comparator"], row["approximation"]) == (5.5, ">=", "以上")
    assert (row["region"], row["indicator_name"], row["status"]) == ("云州市", "地区生产总值", "stated")
    assert EARLIER[row["quote_start"] : row["quote_end"]] == row["quote"]


def test_a_stretch_is_a_row_of_its_own_and_no_conflict(long: pd.DataFrame) -> None:
    base = one(long, year=2025, indicator_id="gdp", type="target", measure="growth", stretch=False)
    stretch = one(long, year=2025, indicator_id="gdp", type="target", measure="growth", stretch=True)
    assert (stretch["value"], stretch["stretch_of"]) == (6, base["record"])
    assert not base["conflict"]
    assert not stretch["conflict"]


def test_a_range_keeps_both_ends(long: pd.DataFrame) -> None:
    row = one(long, year=2026, indicator_id="gdp", type="target", measure="growth")
    assert (row["value"], row["value_max"], row["base_value_max"], row["comparator"]) == (5, 6, 6, "range")


def test_two_ways_to_say_one_value_are_one_row(long: pd.DataFrame) -> None:
    row = one(long, year=2024, indicator_id="gdp", type="achievement", measure="level")
    assert (row["value"], row["base_value"], row["base_unit"], row["mentions"]) == (602.3, 60_230_000_000, "元", 2)
    assert not row["conflict"]


def test_two_values_of_one_cell_are_two_rows_marked(long: pd.DataFrame) -> None:
    firms = long[(long.indicator_id == "firms_hitech_new") & (long.year == 2024)]
    assert sorted(firms.value) == [15, 18]
    assert firms.conflict.all()
    assert set(long[long.conflict].indicator_id) == {"firms_hitech_new"}


@pytest.mark.parametrize(
    ("indicator", "type", "status", "quote"),
    [
        ("income", "achievement", "stated_without_number", "居民人均可支配收入增长与经济增长基本同步"),
        ("budget_revenue", "target", "stated_without_number", "一般公共预算收入与经济增长同步"),
        ("grain", "target", "stated_without_number", "粮食产量保持稳定"),
        ("trade_goods", "target", "not_found", "进一步优化进出口结构"),
        ("cpi", "target", "not_stated", None),
    ],
)
def test_what_has_no_value_says_why(
    long: pd.DataFrame, indicator: str, type: str, status: str, quote: str | None
) -> None:
    row = one(long, report="yunzhou-2025", indicator_id=indicator, type=type)
    assert row["status"] == status
    assert pd.isna(row["value"])
    if quote is None:
        assert pd.isna(row["quote"])
    else:
        assert row["quote"] == quote == EARLIER[row["quote_start"] : row["quote_end"]]


def test_each_headline_indicator_has_a_row_for_target_and_result(long: pd.DataFrame) -> None:
    for report, year in (("yunzhou-2025", 2025), ("yunzhou-2026", 2026)):
        for type, due in (("target", year), ("achievement", year - 1)):
            rows = long[(long.report == report) & (long.type == type) & (long.year == due)]
            assert set(HEADLINES) <= set(rows.indicator_id)


def test_years_alone_by_default_and_other_periods_in_rows_of_their_own(run: Path, long: pd.DataFrame) -> None:
    assert set(long.period.dropna()) == {"annual", "at_end"}
    assert long.attrs["left_out"] > 0
    every = llmx.panel(run, periods="all", indicators="gdp", measures="growth", types="成果")
    average = one(every, period="average")
    assert (average["value"], average["year"]) == (6.1, 2024)
    assert one(every, period="annual", year=2024, status="stated")["value"] == 5.8
    assert not every.conflict.any()


def test_end_of_year_and_year_are_rows_of_their_own(run: Path, long: pd.DataFrame) -> None:
    row = one(long, indicator_id="firms_hitech", year=2024)
    assert (row["value"], row["period"], row["conflict"]) == (96, "at_end", False)
    wide = llmx.panel(run, wide=True)
    ends = wide[(wide.year == 2024) & (wide.period == "at_end")]
    assert list(ends.firms_hitech_lr.dropna()) == [96]
    assert wide[(wide.year == 2024) & (wide.period == "annual")].firms_hitech_lr.isna().all()


def test_another_period_is_told_and_not_called_absent(run: Path) -> None:
    found = llmx.panel(run, periods="cumulative", indicators="gdp", types="achievement", years=2024)
    row = one(found, report="yunzhou-2025")
    assert row["status"] == "stated_otherwise"
    assert "growth average 2024" in row["note"]


def test_options_pick_indicators_by_id_and_name_years_measures_and_types(run: Path) -> None:
    found = llmx.panel(run, indicators=["地区生产总值"], years=[2025], measures="growth", types="target")
    stated = found[found.status == "stated"]
    assert set(stated.indicator_id) == {"gdp"}
    assert sorted(stated.value) == [5.5, 6]
    assert set(found.year) == {2025}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"indicators": "国内旅游花销"}, "no indicator named '国内旅游花销'"),
        ({"indicators": "生产总值增"}, "no indicator"),
        ({"measures": "speed"}, "no measure named 'speed'; there are level, growth, change"),
        ({"types": "project"}, "no type named 'project'; there are target, achievement"),
        ({"periods": "weekly"}, "no period named 'weekly'"),
        ({"scope": "mine"}, "no scope named 'mine'; there are own and all"),
        ({"to": "panel.pdf"}, "a panel is written as .xlsx, .parquet, .csv, .dta"),
    ],
)
def test_an_unknown_option_is_named(run: Path, options: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        llmx.panel(run, **options)  # type: ignore[arg-type]


def test_the_wide_panel_joins_this_years_target_and_next_years_result(run: Path) -> None:
    wide = llmx.panel(run, wide=True)
    assert not wide.duplicated(["region", "year", "period", "scope"]).any()
    row = one(wide, year=2025)
    assert (row["gdp_gt"], row["gdp_gts"], row["gdp_gr"]) == (5.5, 6, 6.1)
    assert (row["fai_gt"], row["fai_gr"]) == (8, 7.5)
    assert row["reports"] == "yunzhou-2025, yunzhou-2026"
    assert "budget_revenue target: stated_without_number (一般公共预算收入与经济增长同步)" in row["without_value"]
    assert one(wide, year=2024, period="annual")["conflicts"] == "firms_hitech_new_lr of yunzhou-2025: 15家, 18家"


def test_dollars_are_no_yuan(run: Path, long: pd.DataFrame) -> None:
    assert one(long, year=2026, indicator_id="trade_goods", type="target")["base_unit"] == "美元"
    row = one(llmx.panel(run, wide=True), year=2026)
    assert "trade_goods_lt" not in row or pd.isna(row["trade_goods_lt"])
    assert row["other_units"] == "trade_goods_lt: 20亿美元 of yunzhou-2026"


def test_jin_and_tonnes_are_one_unit(long: pd.DataFrame) -> None:
    row = one(long, year=2024, indicator_id="grain", status="stated")
    assert (row["value"], row["unit"], row["base_value"], row["base_unit"]) == (20, "亿斤", 1_000_000, "吨")


def test_figures_of_another_area_are_there_when_asked_for() -> None:
    text = EARLIER.replace("固定资产投资增长8%左右", "全省经济增长5%左右").replace("云州市", "孝感市")
    result = llmx.extract(read_text(text, id="scoped"))
    scoped = {record.scope for record in result.targets if record.indicator_id == "gdp"}
    assert "全省" in scoped
    own, every = llmx.panel(result, indicators="gdp"), llmx.panel(result, indicators="gdp", scope="all")
    assert own.scope.isna().all()
    assert one(every, scope="全省")["value"] == 5
    wide = llmx.panel(result, indicators="gdp", scope="all", wide=True)
    assert one(wide, scope="全省")["gdp_gt"] == 5


def test_results_and_runs_give_the_same_panel(run: Path, long: pd.DataFrame) -> None:
    paths = sorted((run.parent / "texts").glob("*.txt"))
    results = [llmx.extract(path) for path in paths]
    pd.testing.assert_frame_equal(llmx.panel(results), long)


def test_a_report_in_two_runs_counts_once(run: Path, long: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(llmx.panel([run, run]), long)


def test_without_its_text_nothing_is_called_not_stated(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(EARLIER, "utf-8")
    llmx.run(tmp_path / "one.txt", tmp_path / "run")
    (tmp_path / "one.txt").rename(tmp_path / "moved.text")
    found = llmx.panel(tmp_path / "run")
    assert len(found.attrs["without_text"]) == 1
    empty = found[found.status != "stated"]
    assert set(empty.status) == {"not_found"}
    assert set(empty.note) == {"the report's text is not at hand"}
    (tmp_path / "texts").mkdir()
    (tmp_path / "moved.text").rename(tmp_path / "texts" / "other.txt")
    assert "not_stated" in set(llmx.panel(tmp_path / "run", reports=tmp_path / "texts").status)


# -------- files


def test_stata_opens_it_with_chinese_labels(run: Path, tmp_path: Path) -> None:
    for wide in (False, True):
        path = tmp_path / f"{wide}.dta"
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pandas warns where it renames a variable
            frame = llmx.panel(run, path, wide=wide)
        with pd.io.stata.StataReader(path) as reader:
            labels, values = reader.variable_labels(), reader.value_labels()
        read = pd.read_stata(path)
        assert list(read.columns) == list(frame.columns)
        assert all(len(name) <= 32 and name.isascii() for name in labels)
        assert all(0 < len(label) <= 80 for label in labels.values())
        assert labels["region"] == "地区"
        assert set(values["period"].values()) >= {"当年", "年均"}
        if not wide:
            assert set(read.type) == {"目标", "成果"}
            assert read.base_value.dropna().tolist() == frame.base_value.dropna().tolist()
            assert read.quote.replace("", None).dropna().tolist() == frame.quote.dropna().tolist()
        else:
            assert labels["gdp_gt"] == "地区生产总值：增速（目标，%）"


@pytest.mark.parametrize("wide", [False, True])
def test_the_data_package_is_valid_and_describes_the_csv(run: Path, tmp_path: Path, wide: bool) -> None:
    frictionless = pytest.importorskip("frictionless")
    frame = llmx.panel(run, tmp_path / "panel.csv", wide=wide)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    assert report.stats["tasks"] == 2
    described = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in described] == list(frame.columns)
    read = pd.read_csv(tmp_path / "panel.csv", encoding="utf-8-sig", dtype={"code": "string"})
    assert len(read) == len(frame)
    number = "gdp_gt" if wide else "value"
    assert read[number].dropna().tolist() == frame[number].dropna().tolist()


def test_two_panels_in_one_folder_share_a_data_package(run: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    llmx.panel(run, tmp_path / "面板.csv", indicators="gdp")
    llmx.panel(run, tmp_path / "Wide.csv", indicators="fai", wide=True)
    llmx.panel(run, tmp_path / "面板.csv", indicators=["gdp", "cpi"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
    resources = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["resources"]
    assert {one.get("path") for one in resources} == {"面板.csv", "Wide.csv", None}
    assert {row["indicator_id"] for row in resources[-1]["data"]} == {"gdp", "fai", "cpi"}


def test_a_wrong_csv_does_not_fit_its_data_package(run: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    llmx.panel(run, tmp_path / "panel.csv")
    text = (tmp_path / "panel.csv").read_text("utf-8-sig")
    (tmp_path / "panel.csv").write_text(text.replace('"growth"', '"speed"', 1), "utf-8-sig")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_workbook_has_both_forms_and_a_codebook(run: Path, tmp_path: Path) -> None:
    frame = llmx.panel(run, tmp_path / "panel.xlsx")
    book = openpyxl.load_workbook(tmp_path / "panel.xlsx", read_only=True)
    assert book.sheetnames == ["long", "wide", "codebook"]
    rows = list(book["long"].values)
    assert list(rows[0]) == list(frame.columns)
    assert len(rows) == len(frame) + 1
    explained = {row[0]: row for row in book["codebook"].values}
    wide = next(book["wide"].values)
    assert set(frame.columns) | set(wide) <= set(explained)
    assert explained["gdp"][1:4] == ("地区生产总值", "Gross domestic product", "money")
    assert "growth 增速" in explained["measure"][3]


def test_parquet_has_the_same_rows(run: Path, tmp_path: Path) -> None:
    frame = llmx.panel(run, tmp_path / "panel.parquet")
    read = pd.read_parquet(tmp_path / "panel.parquet")
    assert read.record.fillna("").tolist() == frame.record.fillna("").tolist()
    assert read.base_value.dropna().tolist() == frame.base_value.dropna().tolist()


@pytest.mark.parametrize("name", ["panel.csv", "panel.xlsx", "panel.dta", "panel.parquet", "datapackage.json"])
def test_no_foreign_file_is_overwritten(run: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("somebody's own", "utf-8")
    to = tmp_path / ("panel.csv" if name.endswith("json") else name)
    with pytest.raises(OutputError, match="llmx did not write this file"):
        llmx.panel(run, to)
    assert (tmp_path / name).read_text("utf-8") == "somebody's own"
    llmx.panel(run, to, force=True)
    llmx.panel(run, to, wide=True)  # its own it writes anew


# -------- the codebook and the words


def test_each_column_and_value_has_a_chinese_name_and_a_meaning() -> None:
    for column in (*codebook.long_columns(), *codebook.wide_columns(["gdp_gt", "gdp_lrs"])):
        assert column.meaning, column
        assert 0 < len(column.label) <= 80
        assert re.fullmatch("[a-z][a-z0-9_]{0,31}", column.name)
        assert column.values is None or all(column.values.values())
    named = {column.name for column in codebook.long_columns()}
    assert named == (set(cells.OF_RECORD) | set(cells.Cell.model_fields))


def test_every_variable_that_can_be_has_a_name_and_label_that_stata_takes() -> None:
    names = [
        codebook.variable(row.id, measure, type, True)
        for row in built_in()
        for measure in row.measures
        for type in ("target", "achievement")
    ]
    assert len(names) == len(set(names))
    for column in codebook.wide_columns(names):
        assert len(column.name) <= 32
        assert len(column.label) <= 80, column


FORMS = tomllib.loads(Path(absence.__file__).with_name("unnumbered.toml").read_text("utf-8"))


@pytest.mark.parametrize("row", [*FORMS["words"], *FORMS["around"]], ids=lambda row: row["example"][0])
def test_words_without_a_number_are_found(row: dict[str, Sequence[str]]) -> None:
    clause, expected = row["example"]
    text = EARLIER.split("今年")[0] + f"今年的主要预期目标是：{clause}。\n"
    result = llmx.extract(read_text(text, id="words"))
    assert result.document
    found = [said for said in absence.said_without_number(result.document, result.sections) if said.type == "target"]
    assert [said.indicator for said in found] == list(expected)
    assert row["reason"]


def test_words_with_a_number_are_no_words_without_one() -> None:
    text = EARLIER.split("今年")[0] + "今年固定资产投资稳定增长8%，工业发展与城市建设同步。\n"
    result = llmx.extract(read_text(text, id="words"))
    assert result.document
    found = absence.said_without_number(result.document, result.sections)
    assert [said for said in found if said.type == "target"] == []


@pytest.mark.parametrize("row", units._ROWS, ids=lambda row: f"{row['from'][0]}-{row['to']}")
def test_units_are_brought_into_one(row: dict[str, object]) -> None:
    assert row["reason"]
    fitting = [one for one in built_in() if one.units[0] == row["to"] and set(row["from"]) & set(one.units)]  # type: ignore[call-overload]
    assert fitting, "no indicator has both units"


@pytest.mark.parametrize(
    ("value", "unit", "id", "expected"),
    [
        (2_000, "斤", "grain", (1, "吨")),
        (7, "公顷", "grain_area", (105, "亩")),
        (5, "户", "firms_hitech", (5, "家")),
        (3, "", "entities", (3, "户")),
        (170, "美元", "trade_goods", (170, "美元")),
        (2.08, ":1", "income_ratio", (2.08, "")),
    ],
)
def test_a_value_in_the_units_of_the_panel(value: float, unit: str, id: str, expected: tuple[float, str]) -> None:
    assert units.in_unit(value, unit, built_in()[id], "level") == expected


# -------- the command


def test_the_command_writes_and_tells_what_it_left_out(run: Path, tmp_path: Path) -> None:
    to = tmp_path / "panel.csv"
    done = CliRunner().invoke(app, ["panel", str(run), "--to", str(to), "--indicator", "gdp", "--year", "2024-2025"])
    assert done.exit_code == 0, done.output
    assert f"rows in {to}" in done.output
    assert "left out: of another year, measure, period or scope" in done.output
    assert set(pd.read_csv(to).year) == {2024, 2025}


@pytest.mark.parametrize("years", ["soon", "2024-", "24"])
def test_the_command_knows_years_from_words(run: Path, tmp_path: Path, years: str) -> None:
    done = CliRunner().invoke(app, ["panel", str(run), "--to", str(tmp_path / "panel.csv"), "--year", years])
    assert (done.exit_code, "is no year" in done.output) == (2, True)


def test_time_grows_with_the_reports_and_no_faster() -> None:
    def seconds(copies: int) -> float:
        results = [llmx.extract(read_text(EARLIER, id=f"copy-{number}")) for number in range(copies)]
        begun = time.process_time()
        llmx.panel(results)
        return time.process_time() - begun

    seconds(1)
    few = min(seconds(20) for _ in range(3))
    assert seconds(160) < 3 * 8 * few
