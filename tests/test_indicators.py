"""The vocabulary of indicators: every row's words, what it must not be taken for, and files of users."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from llmx.errors import UsageError
from llmx.tasks.government import indicators
from llmx.tasks.government.indicators import Indicator, Vocabulary, built_in, indicator_of

FRAMING = tomllib.loads(Path(indicators.__file__).with_name("framing.toml").read_text(encoding="utf-8"))
ROWS = list(built_in())
ROW = """
[[indicator]]
id = "tea_hills"
name = "茶山面积"
english = "Tea hills"
dimension = "area"
measures = ["level", "growth"]
units = ["亩"]
"""


def units_of(row: Indicator, measure: str) -> list[str]:
    if measure == "growth":
        return ["%"]
    return ["个百分点"] if measure == "change" and row.dimension in ("share", "index") else list(row.units)


def uses(row: Indicator) -> list[tuple[str, str]]:
    return [(measure, unit) for measure in row.measures for unit in units_of(row, measure)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_word_for_an_indicator_has_its_id_with_each_measure_and_unit(row):
    for words in indicators.expanded((row.name, *row.aliases)):
        for measure, unit in uses(row):
            assert indicator_of(words, measure, unit) == row.id, (words, measure, unit)
    for words in indicators.expanded(row.aliases_of_growth):
        assert indicator_of(words, "growth", "%") == row.id, words


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_is_taken_for_an_indicator_does_not_have_its_id(row):
    assert row.confused, f"{row.id} says nothing that it must not be taken for"
    for words in row.confused:
        for measure, unit in uses(row):
            assert indicator_of(words, measure, unit) != row.id, (words, measure, unit)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_well_formed(row):
    assert row.measures
    assert row.successor is None or row.successor in built_in()
    for low, high in row.usual.values():
        assert low < high


def test_the_vocabulary_is_large_and_its_official_names_are_many():
    assert len({row.name for row in ROWS}) == len(ROWS) >= 130


@pytest.mark.parametrize(
    "row",
    [row for group in ("same", "remark", "before", "after") for row in FRAMING[group]],
    ids=lambda row: row["example"][0],
)
def test_every_frame_has_an_example_that_needs_it(row):
    words, id = row["example"]
    fitting = [use for use in uses(built_in()[id]) if row.get("measure") in (None, use[0])]
    assert row["reason"]
    assert {indicator_of(words, measure, unit) for measure, unit in fitting} == {id}


@pytest.mark.parametrize(
    ("words", "measure", "unit", "id"),
    [
        ("经济", "growth", "%", "gdp"),
        ("经济", "level", "亿元", None),
        ("全市经济增速", "growth", "%", "gdp"),
        ("经济增长预期目标", "growth", "%", "gdp"),
        ("地区生产总值", "level", "万亿元", "gdp"),
        ("地区生产总值", "level", "家", None),
        ("地区生产总值", "level", "%", None),
        ("地区生产总值", "change", "个百分点", None),
        ("GDP", "growth", "%", "gdp"),
        ("ＧＤＰ", "growth", "%", "gdp"),
        ("海洋生产总值", "level", "亿元", "gross_marine"),
        ("人均地区生产总值", "level", "元", "gdp_per_capita"),
        ("单位GDP能耗", "growth", "%", "energy_intensity"),
        ("城镇登记失业率", "level", "%", "unemployment_registered"),
        ("城镇调查失业率", "level", "%", "unemployment_surveyed"),
        ("财政总收入", "level", "亿元", "fiscal_revenue_total"),
        ("财政收入", "level", "亿元", "fiscal_revenue"),
        ("一般公共预算收入", "level", "亿元", "budget_revenue"),
        ("市本级一般公共预算收入", "level", "亿元", None),
        ("工业增加值", "growth", "%", "va_industry"),
        ("规上工业增加值", "growth", "%", "va_industry_above"),
        ("化工产业增加值", "growth", "%", None),
        ("前海地区生产总值", "growth", "%", None),
        ("拉动GDP", "change", "个百分点", None),
        ("五县经济总量", "level", "亿元", None),
        ("空气质量优良天数", "level", "%", "air_good_share"),
        ("空气质量优良天数", "level", "天", "air_good_days"),
        ("城镇化率", "change", "个百分点", "urbanisation"),
        ("经营主体总量", "level", "万户", "entities"),
        ("接待游客", "level", "万", "tourists"),
        ("国家级专精特新“小巨人”企业", "level", "家", "firms_giants"),
        ("全省“四 上”企业总数", "level", "家", "firms_four_above"),
        ("全年经济增速预期目标", "growth", "%", "gdp"),
        ("城镇调查失业率全年平均", "level", "%", "unemployment_surveyed"),
        ("城镇新增就业年均", "level", "万人", "urban_jobs_new"),
        ("发展速度", "growth", "%", None),
        ("", "growth", "%", None),
        ("增长", "growth", "%", None),
        ("全市", "growth", "%", None),
    ],
)  # fmt: skip
def test_which_indicator_words_name(words, measure, unit, id):
    assert indicator_of(words, measure, unit) == id


def test_a_scope_and_the_own_region_are_no_part_of_an_indicator():
    assert indicator_of("市本级一般公共预算收入", "level", "亿元", scope="市本级") == "budget_revenue"
    assert indicator_of("全国粮食产量", "level", "万亿斤") is None
    assert indicator_of("全国粮食产量", "level", "万亿斤", scope="全国") == "grain"
    assert indicator_of("重庆地区生产总值", "level", "亿元") is None
    assert indicator_of("重庆地区生产总值", "level", "亿元", region="重庆市") == "gdp"
    assert indicator_of("酉阳地区生产总值", "level", "亿元", region="酉阳土家族苗族自治县") == "gdp"


def test_by_how_much_is_not_how_much():
    assert indicator_of("高新技术企业", "level", "家", lead="企业81家、增加") is None
    assert indicator_of("高新技术企业", "level", "家", lead="高新技术企业增加到") == "firms_hitech"
    assert indicator_of("高新技术企业", "level", "家", lead="国家高新技术企业") == "firms_hitech"
    assert indicator_of("经营主体净增", "level", "万户", lead="经营主体净增") == "entities_net"
    assert indicator_of("高新技术企业", "growth", "%", lead="高新技术企业增加") == "firms_hitech"


def test_usual_values_tell_an_odd_one():
    assert built_in()["unemployment_surveyed"].is_usual("level", 5.5)
    assert not built_in()["unemployment_surveyed"].is_usual("level", 55)
    assert built_in()["life_expectancy"].is_usual("change", 3)


def test_users_add_rows(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(ROW + 'aliases = ["茶园{总|}面积"]\n', encoding="utf-8")
    vocabulary = Vocabulary.of(own)
    assert indicator_of("全县茶园总面积", "level", "万亩", vocabulary=vocabulary) == "tea_hills"
    assert indicator_of("地区生产总值", "level", "亿元", vocabulary=vocabulary) == "gdp"
    assert indicator_of("茶园面积", "level", "万亩") is None
    assert "tea_hills" in vocabulary
    assert len(vocabulary) == len(built_in()) + 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('name = "茶山面积"\n', ""), ["no 'name'", "'tea_hills'"]),
        (('["level", "growth"]', '["level", "speed"]'), ["'speed'", "change, growth, level"]),
        (('"茶山面积"', '"粮食产量"'), []),
        (('units = ["亩"]', 'units = ["吨"]\naliases = ["粮食产量"]'), ["'粮食产量'", "'grain'", "'tea_hills'"]),
        (('"tea_hills"', '"茶"'), ["'茶'", "28"]),
        (('units = ["亩"]', "units = []"), ["'units'"]),
        (('units = ["亩"]', 'units = ["亩"]\nunit = 1'), ["'unit'", "Known are"]),
        (('units = ["亩"]', 'units = ["亩"]\nusual = { level = [2, 1] }'), ["[2, 1]", "[lowest, highest]"]),
        (('units = ["亩"]', 'units = ["亩"]\naliases = "茶园"'), ["'aliases'", "'茶园'"]),
        (("[[indicator]]", "[[row]]"), ["row", "[[indicator]]"]),
        (("= ", ": "), ["no TOML"]),
    ],
)
def test_a_file_that_is_wrong_says_where_and_what(tmp_path, change, said):
    own = tmp_path / "own.toml"
    own.write_text(ROW.replace(*change), encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        Vocabulary.of(own)
    assert "own.toml" in str(raised.value)
    assert [words for words in said if words not in str(raised.value)] == []


def test_a_row_stands_for_the_built_in_one_of_its_id_and_an_id_stands_once_in_a_file(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(ROW.replace("tea_hills", "gdp"), encoding="utf-8")
    vocabulary = Vocabulary.of(own)
    assert len(vocabulary) == len(built_in())
    assert indicator_of("茶山面积", "level", "万亩", vocabulary=vocabulary) == "gdp"
    assert indicator_of("地区生产总值", "level", "亿元", vocabulary=vocabulary) is None
    assert Vocabulary.of(list(vocabulary.own))["gdp"] == vocabulary["gdp"]
    own.write_text(ROW + ROW.replace("茶山", "茶园"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"indicator 2 is that of .*indicator 1 already"):
        Vocabulary.of(own)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(UsageError, match=r"none\.toml"):
        Vocabulary.of(tmp_path / "none.toml")
