"""Records are picked by what they say, by name or label, of the government task and of a user's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from penalties import PENALTIES, TEXT
from typer.testing import CliRunner

import llmx
from llmx.cli import app
from llmx.errors import UsageError

BRIDGE = """巴山市渝北区人民政府工作报告
2026年1月10日
一、2025年工作回顾
地区生产总值达到300亿元、增长5.5%，人均地区生产总值达到9.1万元。“十四五”时期规上工业增加值年均增长6.1%。新建学校3所。
二、2026年工作安排
地区生产总值增长6%以上，到2027年高标准农田达到120万亩，开工建设滨江大桥。
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> llmx.SavedRun:
    """Two invented reports, of a district of 重庆 and of a province."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "district.txt").write_text(BRIDGE.replace("巴山市", "重庆市"), "utf-8")
    (folder / "province.txt").write_text(
        BRIDGE.replace("巴山市渝北区", "四川省").replace("2026年1月", "2027年1月"), "utf-8"
    )
    return llmx.run([folder / "district.txt", folder / "province.txt"], folder / "out")


@pytest.fixture(scope="module")
def fines(tmp_path_factory: pytest.TempPathFactory) -> llmx.SavedRun:
    folder = tmp_path_factory.mktemp("fines")
    (folder / "dale.txt").write_text(TEXT, "utf-8")
    return llmx.run(folder / "dale.txt", folder / "run", "clerk", task=PENALTIES)


@pytest.mark.parametrize("word", ["目标", "Targets", "targets", "TARGET", " target "])
def test_a_type_goes_by_every_name_it_has(run: llmx.SavedRun, word: str) -> None:
    found = list(run.select(types=word))
    assert found == [one for one in run.records() if one.type == "target"] != []


@pytest.mark.parametrize(
    ("where", "reports"),
    [
        ({"place": "重庆"}, {"district"}),
        ({"place": "渝北"}, {"district"}),
        ({"place": ["四川", "渝北区"]}, {"district", "province"}),
        ({"code": "50"}, {"district"}),
        ({"code": "500112"}, {"district"}),
        ({"level": "县级"}, {"district"}),
        ({"level": "PROVINCE"}, {"province"}),
        ({"report_year": "2026-2030"}, {"district", "province"}),
    ],
)
def test_whose_report_it_is_picks_all_of_its_records(run: llmx.SavedRun, where: dict, reports: set[str]) -> None:
    found = list(run.select(where=where))
    assert found == [one for one in run.records() if one.report in reports] != []


def test_an_indicator_goes_by_its_id_its_name_and_words(run: llmx.SavedRun) -> None:
    def found(asked: str) -> set[tuple[str, str]]:
        return {(one.indicator_id, one.figure) for one in run.select(indicator=asked, report="district")}

    gdp = {("gdp", "300亿元"), ("gdp", "5.5%"), ("gdp", "6%")}
    assert found("gdp") == found("地区生产总值") == gdp
    assert found("产总值") == gdp | {("gdp_per_capita", "9.1万元")}
    assert {one.name for one in run.select(indicator="滨江", report="district")} == {"滨江大桥"}


def test_measure_period_and_years_narrow_what_is_found(run: llmx.SavedRun) -> None:
    averages = list(run.select(where={"period": "年均", "measure": "growth"}, report="district"))
    assert [one.figure for one in averages] == ["6.1%"]
    years = [one.year for one in run.select(years="2026-2027,2031", report="district")]
    assert set(years) == {2026, 2027}
    assert len(years) == sum(one.year in (2026, 2027) for one in run.records() if one.report == "district")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"types": "目的"}, "no record type named '目的'; there are target"),
        ({"where": {"level": "village"}}, "no level 'village'; there are national .全国., province .省级.,"),
        ({"where": {"place": "成都"}}, "no record has place '成都'; there are 重庆市.*渝北区, 四川省"),
        ({"where": {"code": "51.."}}, "code '51..'"),
        ({"where": {"colour": "red"}}, "no 'colour' to pick records of 'government' by; there are .*place"),
        ({"where": {"report_year": "soon"}}, "'soon' is no number"),
        ({"years": "2026-2025"}, "'2026-2025' is no year"),
    ],
)
def test_what_is_not_known_is_said_with_what_is(run: llmx.SavedRun, asked: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        list(run.select(**asked))


def test_a_users_task_is_picked_by_its_own_columns(fines: llmx.SavedRun) -> None:
    def found(**where: str) -> list[str]:
        return [str(one.party) for one in fines.select(where=where)]

    assert found(case_ground="AIR") == ["Kiln Works"]
    assert found(appealed="true") == ["Northfield Dairy"]
    assert found(fine_value="350000") == ["Sedge & <b>Sons</b>"]
    assert found(measure="level", party="dairy") == ["Northfield Dairy"]
    with pytest.raises(UsageError, match="no 'level' to pick records of 'penalties' by; there are measure, id"):
        found(level="county")
    with pytest.raises(UsageError, match="no case_ground 'soil'; there are water"):
        found(case_ground="soil")


def test_the_command_line_picks_the_same(run: llmx.SavedRun, tmp_path: Path) -> None:
    options = [
        "--type",
        "目标,成果",
        "--code",
        "50",
        "--measure",
        "growth",
        "--year",
        "2025-2026",
        "--where",
        "type=target,achievement",
    ]
    done = CliRunner().invoke(app, ["table", str(run.folder), *options])
    where = {"code": "50", "measure": "growth"}
    wanted = list(run.select(types=["target", "achievement"], years="2025-2026", where=where))
    assert [line.split("\t")[-1] for line in done.stdout.splitlines()[1:]] == [one.quote for one in wanted] != []
    done = CliRunner().invoke(app, ["export", str(run.folder), "--to", str(tmp_path / "some.jsonl"), *options])
    assert (tmp_path / "some.jsonl").read_text("utf-8").count("\n") == len(wanted)


def test_a_users_choice_is_shown_by_its_label(fines: llmx.SavedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    done = CliRunner().invoke(app, ["table", str(fines.folder), "--where", "case_ground=大气"])
    assert [line.split("\t")[3:6] for line in done.stdout.splitlines()[1:]] == [["Kiln Works", "$2.4 million", "Air"]]


def test_the_guide_runs(run: llmx.SavedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "tables.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for example in re.findall("```python\n(.*?)```", guide, re.DOTALL):
        exec(example, {"llmx": llmx, "run": run})
    assert (tmp_path / "growth.csv").read_bytes().count(b"\n") > 3
