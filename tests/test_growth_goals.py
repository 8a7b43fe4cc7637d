"""A province's growth target is one row of the panel, however it is said and whatever stands beside it."""

from __future__ import annotations

import pandas as pd
import pytest

import llmx
from llmx.documents import read_text

REPORT = """江苏省人民政府工作报告
——2026年1月10日在江苏省第十四届人民代表大会第四次会议上
江苏省省长 王某
各位代表：
现在，我代表省人民政府向大会报告工作，请予审议。
一、2025年及“十四五”时期工作回顾
2025年，全省地区生产总值增长5.6%，一般公共预算收入增长3%。“十四五”期间，地区生产总值年均增长5.9%。
二、“十五五”时期主要目标任务
“十五五”时期，地区生产总值年均增长5.5%左右，到2030年人均地区生产总值达到20万元。
三、2026年重点工作
{plan}
"""
ABOUT_FIVE = (5, None, "~", None)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("今年主要预期目标是：地区生产总值增长5%左右，固定资产投资增长3%，居民收入增长与经济增长同步。", ABOUT_FIVE),
        ("今年经济增长预期目标为5%以上、在实际工作中力争更好结果。", (5, None, ">=", None)),
        ("主要预期目标建议为：地区生产总值增长5.5%—6%，规上工业增加值增长6.5%左右。", (5.5, 6, "range", None)),
        ("全省地区生产总值增长5%左右，奋斗目标6%。", (5, None, "~", 6)),
        ("主要预期目标为：生产总值增长5.5%左右（力争6%）；外贸进出口稳定增长。", (5.5, None, "~", 6)),
        ("今年全省地区生产总值力争增长5.5%、确保5%以上。", (5, None, ">=", 5.5)),
        ("全省经济增长5%以上，力争达到5.5%，苏州市地区生产总值增长6%。", (5, None, ">=", 5.5)),
        ("要努力实现以下目标：经济增长方面，地区生产总值增长5%左右；物价方面，居民消费价格涨幅2%左右。", ABOUT_FIVE),
        ("主要预期目标：\n1.地区生产总值增长5%左右；\n2.一般公共预算收入增长3%；", ABOUT_FIVE),
        (
            "主要预期目标是：地区生产总值增长5%左右。\n（一）扩大内需。围绕地区生产总值增长5%左右的目标扩投资。",
            ABOUT_FIVE,
        ),
        ("地区生产总值增长5%左右，服务业增加值增长5.5%，人均地区生产总值增长4.8%。", ABOUT_FIVE),
        ("地区生产总值、规上工业增加值、固定资产投资分别增长5%左右、6%左右、4%左右。", ABOUT_FIVE),
        ("国家今年经济增长预期目标为4.5%—5%。建议我省地区生产总值增长目标为5.3%左右。", (5.3, None, "~", None)),
        ("今年，我省经济增速目标设定为5%左右：保持5%左右的增速，有利于稳就业。", ABOUT_FIVE),
        ("提出今年经济增长5%左右的预期目标，体现稳中求进。", ABOUT_FIVE),
        ("确定今年经济增长预期目标为“5%左右”。", ABOUT_FIVE),
        ("今年，全省经济增长的目标是5%左右。", ABOUT_FIVE),
        ("今年经济增长目标设定在5%左右，与2025年5.6%的增速相比更加稳妥。", ABOUT_FIVE),
        ("今年预期目标是地区生产总值增速保持在5%以上，单位地区生产总值能耗下降3%。", (5, None, ">=", None)),
        ("主要预期目标是：经济增长5%左右，高于全国0.5个百分点左右。", ABOUT_FIVE),
        ("今年GDP预期增长5-5.5%，总量突破15万亿元。", (5, 5.5, "range", None)),
    ],
)
def test_a_growth_target_is_one_row(plan: str, told: tuple[float, float | None, str, float | None]) -> None:
    rows = panel(plan)
    value, upper, comparator, beyond = told
    own = rows[~rows.stretch]
    assert own[["value", "comparator", "year", "period"]].to_numpy().tolist() == [[value, comparator, 2026, "annual"]]
    assert (None if pd.isna(own.value_max.iloc[0]) else own.value_max.iloc[0]) == upper
    assert rows[rows.stretch].value.tolist() == ([beyond] if beyond else [])
    assert not rows.conflict.any()


def test_a_target_in_words_alone_has_no_value() -> None:
    assert panel("主要预期目标：地区生产总值增速与全国同步，城镇调查失业率5.5%左右。").empty


def panel(plan: str) -> pd.DataFrame:
    """The stated growth targets of a report that plans this."""
    result = llmx.extract(read_text(REPORT.format(plan=plan), id="r"))
    rows = llmx.panel(result, indicators="gdp", measures="growth", types="target")
    return rows[rows.status == "stated"]
