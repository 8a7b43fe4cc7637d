"""A report under another place's name is told; one under its own, or that of what holds it, is not."""

from __future__ import annotations

import csv
import logging
from pathlib import Path

import pytest

import llmx
from llmx.tasks.government.facts.elsewhere import wrong_document
from llmx.tasks.government.facts.report import ReportFacts


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("重庆市黔江区", {"file name": "重庆市酉阳土家族苗族自治县2025年政府工作报告"}),
        ("重庆市黔江区", {"file name": "酉阳2025"}),
        ("全国", {"file name": "杭州市2024年政府工作报告"}),
        ("杭州市", {"file name": "国务院政府工作报告2024"}),
        ("重庆市", {"file name": "黔江区政府工作报告"}),
        ("重庆市黔江区", {"file name": "report-7", "folder": "浙江省"}),
        ("重庆市黔江区", {"column": "云阳县"}),
    ],
)
def test_a_report_under_another_places_name_is_told_with_both_words(place: str, names: dict[str, str]) -> None:
    said = wrong_document(place, names)
    assert said is not None
    assert repr(place) in said
    assert next(reversed(names)) in said


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("重庆市黔江区", {"file name": "黔江区2025年政府工作报告", "folder": "重庆"}),
        ("重庆市黔江区", {"file name": "黔江2025", "folder": "重庆市", "column": "重庆市黔江区"}),
        ("黔江区", {"folder": "重庆市"}),
        ("杭州市", {"folder": "浙江", "file name": "qianjiang-2025"}),
        ("云阳县凤鸣镇", {"folder": "云阳县", "file name": "凤鸣镇工作报告"}),
        ("全国", {"file name": "2024年全国政府工作报告"}),
        ("朝阳区", {"folder": "北京市"}),
        ("朝阳区", {"folder": "长春市"}),
        ("重庆市黔江区", {"file name": "政府工作报告（最终稿）", "folder": "2025年"}),
        (None, {"file name": "杭州市"}),
    ],
)
def test_a_report_under_its_own_name_is_not(place: str | None, names: dict[str, str]) -> None:
    assert wrong_document(place, names) is None


REPORT = """重庆市渝北区人民政府工作报告
2026年1月10日
一、2025年工作回顾
地区生产总值达到300亿元、增长5.5%。
"""


def test_a_run_warns_of_files_under_another_name_and_goes_on_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("酉阳县/2026.txt", "渝北区2026.txt", "云阳县2026年政府工作报告.txt", "重庆市/report.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(REPORT, "utf-8")
    with caplog.at_level(logging.WARNING, "llmx"):
        run = llmx.run(tmp_path, tmp_path / "out")
    told = [one for one in run.manifest.warnings if "is it the right document" in one]
    assert told == [
        "云阳县2026年政府工作报告: the text is of '重庆市渝北区', and its file name says '云阳县'; is it the right document?",
        "2026: the text is of '重庆市渝北区', and its folder says '酉阳县'; is it the right document?",
    ]
    assert set(told) <= set(caplog.messages)
    again = llmx.run(tmp_path, tmp_path / "out")
    assert again.manifest.taken_up == 4
    assert set(told) <= set(again.manifest.warnings)


def test_a_row_under_another_place_or_code_is_told_though_that_is_taken(tmp_path: Path) -> None:
    rows = [["a", "湖南省", ""], ["b", "重庆市", "50"], ["c", "", "510100"], ["d", "重庆市渝北区", "500112"]]
    with open(tmp_path / "rows.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "place", "code", "text"], *([*row, REPORT] for row in rows)])
    run = llmx.run(tmp_path / "rows.csv", tmp_path / "out", column="text")
    assert [run.facts(one).place for one in run.reports] == ["湖南省", "重庆市", "四川省成都市", "重庆市渝北区"]
    told = {one.report: one.misplaced for one in run.reports}
    assert "place column says '湖南省'" in told["a"]
    assert "code column says '四川省成都市'" in told["c"]
    assert told["b"] == told["d"] == ""


def facts_of(text: str, path: Path) -> ReportFacts:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return llmx.extract(path).facts


@pytest.mark.parametrize(
    ("name", "speaker", "place", "code", "source"),
    [
        ("三亚.txt", "市", "三亚市", "460200", "file name"),
        ("2025年凉山州政府工作报告.txt", "州", "凉山彝族自治州", "513400", "file name"),
        ("浙江省舟山市/报告.txt", "市", "舟山市", "330900", "folder"),
        ("浙江/报告.txt", "市", None, None, None),  # whose folder is a province's is some city of it
        ("舟山市/三亚.txt", "县", None, None, None),  # a county speaks
        ("朝阳.txt", "区", None, None, None),  # of several cities
        ("report-7.txt", "市", None, None, None),
    ],
)
def test_a_report_that_names_no_place_is_its_files(
    name: str, speaker: str, place: str | None, code: str | None, source: str | None, tmp_path: Path
) -> None:
    text = f"各位代表：\n现在，我代表{speaker}人民政府向大会报告工作。\n一、2024年工作回顾\n粮食产量12万吨。\n二、2025年工作安排\n"
    facts = facts_of(text, tmp_path / name)
    assert (facts.place, facts.code, facts.place_from) == (place, code, source)
    assert "place" not in facts.evidence


def test_what_the_text_names_goes_before_its_file(tmp_path: Path) -> None:
    facts = facts_of(
        "舟山市人民政府工作报告\n2025年1月10日\n一、2024年工作回顾\n粮食产量12万吨。\n", tmp_path / "三亚.txt"
    )
    assert (facts.place, facts.place_from) == ("舟山市", None)
