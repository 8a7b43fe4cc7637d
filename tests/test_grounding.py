"""Quotes are found again by character, and offsets always refer to the text as stored."""

import pytest

from llmx.figures import Figure
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
    start = text.index(number)
    figure = Figure(start, start + len(number), number, 1, "")
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
