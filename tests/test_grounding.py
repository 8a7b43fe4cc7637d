"""Quotes are found again by character, and offsets always refer to the text as stored."""

import pytest

from llmx.figures import find_figures
from llmx.grounding import Clauses, find_quote, quote_figure

TEXT = "前言。**重点改革**蹄疾步稳，城乡居民人均\n可支配收入 35911元、16009元。建成水库，建成水库。"


def test_an_exact_quote_has_its_offsets() -> None:
    span = find_quote(TEXT, "蹄疾步稳", 0, len(TEXT))
    assert span is not None
    assert (TEXT[span.start : span.end], span.grounding) == ("蹄疾步稳", "exact")


def test_a_quote_without_the_marks_of_conversion_is_found_as_normalized() -> None:
    span = find_quote(TEXT, "重点改革蹄疾步稳,城乡居民人均可支配收入35911元", 0, len(TEXT))
    assert span is not None
    assert span.grounding == "normalized"
    assert TEXT[span.start : span.end] == "重点改革**蹄疾步稳，城乡居民人均\n可支配收入 35911元"


def test_a_quote_that_is_not_there_is_not_found() -> None:
    assert find_quote(TEXT, "地区生产总值增长5%", 0, len(TEXT)) is None


def test_a_quote_outside_the_chunk_is_not_found() -> None:
    assert find_quote(TEXT, "蹄疾步稳", 20, len(TEXT)) is None


def test_a_repeated_quote_is_found_in_turn_and_wraps_around() -> None:
    first = find_quote(TEXT, "建成水库", 0, len(TEXT))
    assert first is not None
    second = find_quote(TEXT, "建成水库", 0, len(TEXT), after=first.end)
    assert second is not None
    assert second.start > first.start
    assert find_quote(TEXT, "建成水库", 0, len(TEXT), after=second.end) == first


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("举办“清溪茶会”活动。", '举办"清溪茶会"活动', "举办“清溪茶会”活动"),
        ("举办“清溪茶会”活动。", "举办‘清溪茶会’活动", "举办“清溪茶会”活动"),
        ("举办“清溪茶会”活动。", "举办清溪茶会活动", "举办“清溪茶会”活动"),
        ("打造“清溪茶会”。", "「清溪茶会」", "“清溪茶会”"),
        ("建成南门大桥。", "建成南⻔大桥", "建成南门大桥"),
        ("建成⾼速路。", "建成高速路", "建成⾼速路"),
        ("建成南门大桥。", "建成南門大橋", "建成南门大桥"),
        ("投资１２亿元（含①项）。", "投资12亿元(含1项)", "投资１２亿元（含①项）"),
    ],
)
def test_a_quote_is_found_whatever_marks_and_forms_a_model_writes(text: str, quote: str, found: str) -> None:
    span = find_quote(text, quote, 0, len(text))
    assert span is not None
    assert (text[span.start : span.end], span.grounding) == (found, "normalized")


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_quote_is_nowhere(blank: str) -> None:
    assert find_quote(TEXT, blank, 0, len(TEXT)) is None


def quoted(text: str, number: str, indicator: str) -> str:
    [figure] = [figure for figure in find_figures(text) if figure.text == number]
    span = quote_figure(text, figure, indicator, Clauses(text, 0, len(text)).around(figure.start, figure.end))
    return text[span.start : span.end]


def test_the_quote_of_a_figure_runs_from_the_indicators_first_words() -> None:
    assert (
        quoted("全年地区生产总值393.5亿元、增长5.4%，投资增长8%。", "5.4%", "地区生产总值")
        == "地区生产总值393.5亿元、增长5.4%"
    )


def test_the_quote_of_a_figure_reaches_words_after_it() -> None:
    text = "完成79个老旧小区改造，整治道路。"
    assert quoted(text, "79个", "完成老旧小区改造") == "完成79个老旧小区改造"


def test_the_quote_of_a_distributed_indicator_starts_where_its_words_stand() -> None:
    text = "城乡居民人均可支配收入35911元、16009元。"
    assert quoted(text, "16009元", "农村居民人均可支配收入") == "城乡居民人均可支配收入35911元、16009元"


def test_words_that_recur_earlier_in_the_sentence_do_not_stretch_the_quote() -> None:
    text = "百亿级健康产业聚势赋能，6类大健康产品备案上市。"
    assert quoted(text, "6类", "大健康产品备案上市") == "6类大健康产品备案上市"


def test_the_quote_of_a_figure_stays_in_its_sentence() -> None:
    assert quoted("地区生产总值第一。增长5.4%。", "5.4%", "地区生产总值") == "5.4%"


@pytest.mark.parametrize(
    ("text", "number", "indicator", "quote"),
    [
        ("主要目标是：地区生产总值增长5%左右，就业2万人。", "5%", "地区生产总值", "地区生产总值增长5%左右"),
        ("柑橘产量力争达到3万吨 以上。", "3万吨", "柑橘产量", "柑橘产量力争达到3万吨 以上"),
        ("全年确保新增学位不低于2000个，入学率提高。", "2000个", "新增学位", "确保新增学位不低于2000个"),
        ("失业率控制在**5.5%**以内。", "5.5%", "失业率", "失业率控制在**5.5%**以内"),
        ("税收、投资分别增长8%、10%以上。", "8%", "税收", "税收、投资分别增长8%、10%以上"),
        ("税收、投资分别超过8亿元、10亿元。", "10亿元", "投资", "投资分别超过8亿元、10亿元"),
    ],
)
def test_the_quote_of_a_figure_holds_its_modifier(text: str, number: str, indicator: str, quote: str) -> None:
    assert quoted(text, number, indicator) == quote


@pytest.mark.parametrize(
    ("text", "number", "indicator", "quote"),
    [
        ("新增学位2万个，其中高中学位1万个。", "2万个", "新增学位", "新增学位2万个"),
        ("打造民宿30家以上，创建省级民宿2家。", "30家", "打造民宿", "打造民宿30家以上"),
        ("新增企业12家、培育龙头企业3家。", "12家", "新增企业", "新增企业12家"),
        ("建成公园（含游园）12处、公园步道3公里。", "12处", "建成公园", "建成公园（含游园）12处"),
        ("推动30家企业开展5G工厂建设。", "30家", "推动企业开展5G工厂建设", "推动30家企业开展5G工厂建设"),
        ("11个县（市、区）通过验收。", "11个", "县（市、区）通过验收", "11个县（市、区）通过验收"),
    ],
)
def test_the_quote_of_a_figure_holds_nothing_of_the_next_record(
    text: str, number: str, indicator: str, quote: str
) -> None:
    assert quoted(text, number, indicator) == quote


def test_the_quote_of_a_growth_begins_where_town_and_country_are_named_together() -> None:
    text = "城乡居民收入分别为35911元和16009元，分别增长4.1%和7.6%。"
    assert quoted(text, "7.6%", "农村居民收入") == text.rstrip("。")


def test_the_quote_of_a_numbered_industry_begins_with_its_numeral() -> None:
    assert quoted("其中一、二、三产分别增长3%、6%、5%。", "6%", "二产") == "一、二、三产分别增长3%、6%"
