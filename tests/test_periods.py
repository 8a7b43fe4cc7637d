"""What span a figure speaks of: every word's examples, and what holds over sentences and headings."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from llmx.tasks.government import periods
from llmx.tasks.government.periods import Period, period_of

WORDS = tomllib.loads(Path(periods.__file__).with_suffix(".toml").read_text(encoding="utf-8"))["word"]
EXAMPLES = [(row["tells"], *example) for row in WORDS for example in row["examples"]]


def read(marked: str, year: int | None, measure: str, headings=(), planned: int | None = 2025) -> Period:
    """The period of the figure that ⟦⟧ mark."""
    start = marked.index("⟦")
    text = marked.replace("⟦", "").replace("⟧", "")
    return period_of(text, start, measure=measure, year=year, planned=planned, headings=headings)


@pytest.mark.parametrize(("tells", "text", "year", "measure", "kind", "first", "last"), EXAMPLES)
def test_every_word_of_a_period_does_what_its_examples_say(tells, text, year, measure, kind, first, last):
    assert read(text, year, measure) == (kind, first or None, last or None)


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["tells"])
def test_every_word_has_a_reason_and_is_found_in_an_example(row):
    assert row["reason"]
    before = [text[: text.index("⟦")] for text, *_ in row["examples"]]
    assert any(periods.re.search(row["pattern"], words) for words in before)


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["tells"])
def test_what_a_pattern_finds_has_one_of_its_hints_at_hand(row):
    for text, *_ in row["examples"]:
        before = text[: text.index("⟦")]
        if periods.re.search(row["pattern"], before):
            assert any(hint in before for hint in row["hints"]), text


@pytest.mark.parametrize(
    ("text", "year", "measure", "headings", "expected"),
    [
        ("地区生产总值增长⟦6%⟧", 2024, "growth", (), ("annual", "2024", "2024")),
        ("地区生产总值增长⟦6%⟧", None, "growth", (), (None, None, None)),
        # a topic holds over the clauses of its sentence, also after a semicolon
        ("“十四五”期间，经济稳中有进；财政收入年均增长⟦4%⟧", 2025, "growth", (), ("average", "2021", "2025")),
        # that which opens a paragraph over its sentences, until another time is told
        ("五年来，成绩斐然。地区生产总值年均增长⟦6%⟧", 2024, "growth", (), ("average", "2020", "2024")),
        ("“十四五”期间，实力大增。人均生产总值增长⟦25%⟧左右", 2025, "growth", (), ("cumulative", "2021", "2025")),
        ("五年来，成绩斐然。新增公路30公里。新增学位⟦900个⟧", 2024, "level", (), ("cumulative", "2020", "2024")),
        ("五年来，成绩斐然。经济总量达到⟦500亿元⟧", 2024, "level", (), ("annual", "2024", "2024")),
        ("五年来，成绩斐然。2024年，地区生产总值增长⟦6%⟧", 2024, "growth", (), ("annual", "2024", "2024")),
        ("五年来，成绩斐然。一年来，改革不断。新增学位⟦900个⟧", 2024, "level", (), ("annual", "2024", "2024")),
        ("抓好五年来未办的事。新增学位⟦900个⟧", 2024, "level", (), ("annual", "2024", "2024")),
        # what is said beside a figure is of its span
        ("“十四五”期间，生产总值年均增长5.9%，高于全国⟦0.5个百分点⟧", 2025, "change", (), ("average", "2021", "2025")),
        # 年均 is of its own figure
        ("五年来，收入年均增长6%，森林覆盖率达到⟦60%⟧", 2024, "level", (), ("annual", "2024", "2024")),
        # headings tell a span where the sentence tells nothing
        ("地区生产总值年均增长⟦6%⟧", 2024, "growth", ("一、过去五年工作回顾",), ("average", "2020", "2024")),
        ("新建高速公路⟦500公里⟧", 2024, "level", ("过去五年工作回顾",), ("cumulative", "2020", "2024")),
        ("经济总量达到⟦500亿元⟧", 2024, "level", ("过去五年工作回顾",), ("annual", "2024", "2024")),
        ("常住人口⟦120万人⟧", 2024, "level", ("过去五年工作回顾",), ("annual", "2024", "2024")),
        ("旅游收入增长⟦34.3%⟧", 2024, "growth", ("“十四五”时期发展成就",), ("cumulative", "2021", "2024")),
        ("2024年，旅游收入增长⟦34.3%⟧", 2024, "growth", ("过去五年工作回顾",), ("annual", "2024", "2024")),
        ("旅游收入增长⟦34.3%⟧", 2024, "growth", ("2024年和过去五年工作回顾",), ("annual", "2024", "2024")),
        ("旅游收入增长⟦34.3%⟧", 2024, "growth", ("过去五年回顾", "2024年工作"), ("annual", "2024", "2024")),
        ("总量增加到121万亿元，五年年均增长5.2%，十年增加近⟦70万亿元⟧", 2022, "change", (), ("cumulative", "2013", "2022")),
        ("五年年均增长5.2%，十年增加近70万亿元、年均增长⟦6.2%⟧", 2022, "growth", (), ("average", "2013", "2022")),
        ("城镇新增就业年均⟦1270多万人⟧", 2022, "level", ("过去五年工作回顾",), ("average", "2018", "2022")),
        ("到2025年，森林覆盖率提高到⟦60%⟧", 2025, "level", (), ("at_end", "2025", "2025")),
        ("到2025年，新增学位⟦1万个⟧", 2025, "level", (), ("annual", "2025", "2025")),
        ("新建开通5G基站320个，累计建成5G基站⟦1494个⟧", 2024, "level", (), ("cumulative", None, "2024")),
        ("“三年任务两年完成”，实施项目⟦175个⟧", 2024, "level", (), ("annual", "2024", "2024")),
        # the span of a plan is ahead
        ("单位GDP能耗降低⟦13.5%⟧", 2025, "growth", ("“十五五”时期主要目标",), ("cumulative", "2026", "2030")),
        ("森林覆盖率达到⟦24.1%⟧", 2025, "level", ("“十五五”时期主要目标",), ("at_end", "2030", "2030")),
        ("“十五五”时期，人均预期寿命达到⟦80岁⟧", 2025, "level", (), ("at_end", "2030", "2030")),
        ("旅游收入增长⟦34.3%⟧", 2025, "growth", ("“十四五”成就和“十五五”时期目标",), ("annual", "2025", "2025")),
        ("“十四五”期间保持⟦6%⟧左右的年均增速", 2025, "growth", (), ("average", "2021", "2025")),
        # layout breaks lines within sentences
        ("“十四五”以来，全县\n地区生产总值年均增长⟦6%⟧", 2024, "growth", (), ("average", "2021", "2024")),
        ("“十四五”以来成绩斐然。\n地区生产总值年均增长⟦6%⟧", 2024, "growth", (), ("average", None, "2024")),
        ("实施“五年行动”，改造小区⟦20个⟧", 2024, "level", (), ("annual", "2024", "2024")),
        ("连续5年获奖，产量达⟦20万吨⟧", 2024, "level", (), ("annual", "2024", "2024")),
        ("规上企业达到500家、比2020年增加⟦100家⟧", 2024, "level", (), ("since", "2020", "2024")),
        ("较2020年增长20%、达到⟦500亿元⟧", 2024, "level", (), ("annual", "2024", "2024")),
    ],
)  # fmt: skip
def test_what_holds_over_lists_sentences_and_headings(text, year, measure, headings, expected):
    assert read(text, year, measure, headings) == expected


def test_long_text_without_an_end_stays_fast():
    text = "累计2021年" * 20_000 + "增长5%"
    assert period_of(text, len(text) - 2, measure="growth", year=2024).kind in ("annual", "cumulative")
