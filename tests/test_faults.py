"""Faults of texts as they come: each is read over or mended, and records quote the text as it is stored."""

from __future__ import annotations

import pytest

import llmx
from llmx.errors import UndecodableInput

HEAD = "2024年某县政府工作报告\n一、2023年工作回顾\n"


@pytest.mark.parametrize(
    ("sentence", "indicator", "value", "unit"),
    [
        ("粮食产量12¹亿斤。", "粮食产量", 12, "亿斤"),
        ("粮食产量12²³万吨。", "粮食产量", 12, "万吨"),
        ("水库蓄水3.2亿m³。", "水库蓄水", 3.2, "亿m³"),
        ("城区绿地5km²。", "城区绿地", 5, "km²"),
        ("地区生产总值增长6.2﹪。", "地区生产总值", 6.2, "%"),
        ("财政收入增长5﹒2%。", "财政收入", 5.2, "%"),
        ("地区生产总值增长6.\n2%。", "地区生产总值", 6.2, "%"),
        ("粮食产量1,25\n0万吨。", "粮食产量", 1250, "万吨"),
        ("⽣猪出栏25万头。", "生猪出栏", 25, "万头"),
        ("⻓江岸线治理25公里。", "长江岸线治理", 25, "公里"),
        ("粮食产量达到 — 3 — 7.5万吨。", "粮食产量", 7.5, "万吨"),
        ("粮食产量达到第 3 页 共 20 页 7.5万吨。", "粮食产量", 7.5, "万吨"),
    ],
)
def test_a_figure_is_read_rightly_and_quoted_as_it_is_stored(
    sentence: str, indicator: str, value: float, unit: str
) -> None:
    text = f"{HEAD}{sentence}\n"
    (record,) = llmx.extract(llmx.read_text(text, id="x")).records
    assert (record.indicator, record.value, record.unit) == (indicator, value, unit)
    assert text[record.start : record.end] == record.quote


def test_a_mark_that_numbers_a_note_is_no_mark_in_a_sentence() -> None:
    text = f"{HEAD}粮食产量7.5万吨¹。\n¹粮食产量8万吨是预计数。\n"
    assert [record.value for record in llmx.extract(llmx.read_text(text, id="x")).records] == [7.5, 8]


def test_blanks_before_a_heading_are_no_part_of_its_name() -> None:
    text = "2024年某县政府工作报告\n\u3000\u3000一、2023年工作回顾\n粮食产量7.5万吨。\n \u3000二、2024年工作安排\n粮食产量8万吨。\n"
    sections = [list(record.section) for record in llmx.extract(llmx.read_text(text, id="x")).records]
    assert sections == [["一、2023年工作回顾"], ["二、2024年工作安排"]]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>粮食产量7.5万吨。</p><p>新建校舍<span>3</span>所。</p>", "粮食产量7.5万吨。\n新建校舍3所。\n"),
        ("一、回顾\n粮食产量<span>7.5</span>万吨。\n新建校舍3所。", "一、回顾\n粮食产量7.5万吨。\n新建校舍3所。\n"),
        ("粮食产量12<sup>3</sup>万吨。", "粮食产量12[3]万吨。\n"),
        ('<p>粮食产量12<span style="vertical-align: super">3</span>万吨。</p>', "粮食产量12[3]万吨。\n"),
        ('<p>产量7万吨。<span style="display:none">隐藏9万吨。</span></p>', "产量7万吨。\n"),
        ("<div><h2>一、回顾</h2><p>产量7万吨。</p></div>", "一、回顾\n产量7万吨。\n"),
    ],
)
def test_a_piece_of_a_page_is_read_as_a_page(page: str, text: str) -> None:
    assert llmx.read(page.encode()).text == text


def test_a_text_that_only_speaks_of_less_and_more_is_a_text() -> None:
    text = "单位能耗<5吨，增速>7%。\n甲<乙\n"
    assert llmx.read(text.encode()).text == text


def test_a_page_is_in_what_it_is_in_whatever_it_declares() -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>粮食产量7.5万吨，镕镕。</p></body></html>'
    for encoding in ("utf-8", "gb18030"):
        assert llmx.read(page.encode(encoding)).text == "粮食产量7.5万吨，镕镕。\n"


def test_what_was_stored_in_a_wrong_encoding_is_mended_or_refused() -> None:
    text = f"{HEAD}粮食产量7.5万吨，地区生产总值增长6%，一般公共预算收入增长5%，社会消费品零售总额增长4%。\n"
    mended = llmx.read(text.encode().decode("latin-1").encode())
    assert mended.text == text
    assert mended.encoding == "utf-8 read as latin-1, stored as utf-8"
    for lossy in ("gbk", "cp1252"):
        with pytest.raises(UndecodableInput, match="get the file anew"):
            llmx.read(text.encode().decode(lossy, "replace").encode())
    with pytest.raises(UndecodableInput, match="get the file anew"):
        llmx.read(("锟斤拷" * 50).encode())


@pytest.mark.parametrize(
    "text", ["Government report: growth of 6%, “café” naïve.\n" * 9, "Отчёт правительства: рост 6%.\n" * 9]
)
def test_what_is_in_another_language_is_not_taken_for_garbled(text: str) -> None:
    assert llmx.read(text.encode()).text == text
