"""Whose figure it is: every row's examples, and what panels make of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import llmx
from llmx.documents import read_text
from llmx.tasks.government import scope
from llmx.tasks.government.scope import named_in, scope_of

ROWS = tomllib.loads(Path(scope.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
EXAMPLES = [tuple(example) for rows in ROWS.values() for row in rows for example in row["examples"]]


@pytest.mark.parametrize(("indicator", "named"), EXAMPLES)
def test_an_indicator_names_the_area_or_part_that_the_examples_say(indicator, named):
    assert named_in(indicator, "江苏省南京市") == (named or None)


@pytest.mark.parametrize("row", [row for rows in ROWS.values() for row in rows], ids=lambda row: row["reason"][:20])
def test_every_row_has_a_reason_and_names_something(row):
    assert row["reason"]
    assert any(named for _, named in row["examples"])


def test_a_region_that_is_not_known_may_be_the_one_that_is_named():
    assert named_in("当涂县地区生产总值", None) is None
    assert named_in("经开区规上工业产值", None) == "经开区"
    assert named_in("吉林市地区生产总值", "吉林省") == "吉林市"
    assert named_in("恩施州地区生产总值", "恩施土家族苗族自治州") is None


@pytest.mark.parametrize(
    ("clause", "level", "larger"),
    [
        ("全国经济增长预期目标为", "province", "全国"),
        ("全省经济增长", "province", None),
        ("全省经济增长", "prefecture", "全省"),
        ("全国经济增长", None, "全国"),
        ("全省经济增长", None, None),
        ("全国文明村镇", "province", None),
    ],
)
def test_a_clause_opens_with_a_larger_area(clause, level, larger):
    assert scope_of(clause, level) == larger


REPORT = """江苏省人民政府工作报告
——2025年1月10日在江苏省第十四届人民代表大会第三次会议上
江苏省省长 王某
各位代表：
现在，我代表省人民政府向大会报告工作，请予审议。
一、2024年工作回顾
全省地区生产总值增长5.8%，高于全国0.8个百分点；全国经济增长5%。苏州市地区生产总值增长6.1%，苏北地区生产总值增长6.4%，云江新区地区生产总值增长9.2%。省本级一般公共预算收入增长2%，全省一般公共预算收入增长3%。
"""


def test_another_areas_figure_is_no_row_of_the_reporting_areas_panel():
    result = llmx.extract(read_text(REPORT, id="r"))
    told = {record.figure: record.scope for record in result.achievements}
    assert told["5.8%"] is told["0.8个百分点"] is told["3%"] is None
    assert (told["5%"], told["6.1%"], told["9.2%"], told["2%"]) == ("全国", "苏州市", "云江新区", "省本级")
    for record in result.achievements:
        assert not record.scope or record.quote.startswith(record.scope)
    own = llmx.panel(result, measures="growth", types="achievement")
    assert own[own.indicator_id == "gdp"].value.tolist() == [5.8]
    assert own[own.indicator_id == "budget_revenue"].value.tolist() == [3]
    every = llmx.panel(result, measures="growth", types="achievement", indicators="gdp", scope="all")
    assert {("全国", 5), ("苏州市", 6.1), ("", 5.8)} <= set(zip(every.scope.fillna(""), every.value, strict=True))


def test_what_was_obtained_is_no_commitment():
    text = REPORT + "争取中央资金44亿元，预计固定资产投资增长4%。\n二、2025年工作安排\n力争固定资产投资增长6%。\n"
    told = {record.figure: record.commitment for record in llmx.extract(read_text(text, id="r")) if record.figure}
    assert (told["44亿元"], told["4%"], told["6%"]) == (None, "预计", "力争")
