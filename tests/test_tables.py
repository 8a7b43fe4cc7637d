"""Tables: cells keep their columns in every format, and a plan report's table gives one record a cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import pytest

import llmx
from llmx.errors import InputError


HEAD = (
    "某县2024年国民经济和社会发展计划执行情况与2025年计划草案的报告",
    "一、2024年计划执行情况",
    "2024年，全县经济运行平稳，预计地区生产总值增长6.1%。",
    "二、2025年计划安排",
    "2025年，全县将新建校舍3所。",
    "附表：某县2025年国民经济和社会发展主要指标计划",
)
ROWS = (
    ("指　标", "单位", "2024年", "", "2025年", "", "备注"),
    ("", "", "实际完成", "增长（%）", "预期目标", "增长（%）", ""),
    ("一、经济增长", "", "", "", "", "", ""),
    ("1．地区生产总值（GDP）", "亿元", "256.9", "6.1", "275左右", "6.5左右", "可比价"),
    ("其中：第一产业", "亿元", "38.4", "4.0", "40", "4", ""),
    ("第二产业", "亿元", "90.1", "7.5", "98以上", "8以上", ""),
    ("2．规上工业增加值", "%", "8.2", "", "8", "", "口径调整"),
    ("3．固定资产投资增速", "%", "-3.2", "", "≥5", "", ""),
    ("4．一般公共预算收入", "万元", "125,300", "4.6%", "130000", "增长4%以上", ""),
    ("5．社会消费品零售总额（亿元）", "", "98.7", "5.9", "104.6", "6—7", ""),
    ("二、人民生活", "", "", "", "", "", ""),
    ("6．居民人均可支配收入", "元", "", "", "", "", ""),
    ("城镇", "元", "42310", "5.0", "与经济增长同步", "5.5", ""),
    ("农村", "元", "18650", "7.1", "20000", "7.5", ""),
    ("7．城镇调查失业率", "%", "5.1", "—", "5.5以内", "—", ""),
    ("8．常住人口城镇化率", "%", "58.6", "0.8个百分点", "59.5", "", ""),
    ("9．单位GDP能耗降低率", "%", "2.6", "", "完成上级下达任务", "/", "约束性"),
    ("10．人口自然增长率", "‰", "-1.2", "", "0以上", "", ""),
    ("注：绝对数按现价计算，增长速度按可比价计算。", "", "", "", "", "", ""),
)
MERGED = (
    (0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5), (0, 6, 1, 6), (2, 0, 2, 6), (10, 0, 10, 6), (18, 0, 18, 6),
)  # fmt: skip
"""First row and column, last row and column."""
A, T = "achievement", "target"
G, G1, G2 = "地区生产总值", "第一产业增加值", "第二产业增加值"
CELLS = {
    (4, 3): (A, G, 256.9, "亿元", "level", 2024, "="),
    (4, 4): (A, G, 6.1, "%", "growth", 2024, "="),
    (4, 5): (T, G, 275, "亿元", "level", 2025, "~"),
    (4, 6): (T, G, 6.5, "%", "growth", 2025, "~"),
    (5, 3): (A, G1, 38.4, "亿元", "level", 2024, "="),
    (5, 4): (A, G1, 4.0, "%", "growth", 2024, "="),
    (5, 5): (T, G1, 40, "亿元", "level", 2025, "="),
    (5, 6): (T, G1, 4, "%", "growth", 2025, "="),
    (6, 3): (A, G2, 90.1, "亿元", "level", 2024, "="),
    (6, 4): (A, G2, 7.5, "%", "growth", 2024, "="),
    (6, 5): (T, G2, 98, "亿元", "level", 2025, ">="),
    (6, 6): (T, G2, 8, "%", "growth", 2025, ">="),
    (7, 3): (A, "规上工业增加值", 8.2, "%", "growth", 2024, "="),
    (7, 5): (T, "规上工业增加值", 8, "%", "growth", 2025, "="),
    (8, 3): (A, "固定资产投资", -3.2, "%", "growth", 2024, "="),
    (8, 5): (T, "固定资产投资", 5, "%", "growth", 2025, ">="),
    (9, 3): (A, "一般公共预算收入", 125300, "万元", "level", 2024, "="),
    (9, 4): (A, "一般公共预算收入", 4.6, "%", "growth", 2024, "="),
    (9, 5): (T, "一般公共预算收入", 130000, "万元", "level", 2025, "="),
    (9, 6): (T, "一般公共预算收入", 4, "%", "growth", 2025, ">="),
    (10, 3): (A, "社会消费品零售总额", 98.7, "亿元", "level", 2024, "="),
    (10, 4): (A, "社会消费品零售总额", 5.9, "%", "growth", 2024, "="),
    (10, 5): (T, "社会消费品零售总额", 104.6, "亿元", "level", 2025, "="),
    (10, 6): (T, "社会消费品零售总额", 6, "%", "growth", 2025, "range"),
    (13, 3): (A, "城镇居民人均可支配收入", 42310, "元", "level", 2024, "="),
    (13, 4): (A, "城镇居民人均可支配收入", 5.0, "%", "growth", 2024, "="),
    (13, 6): (T, "城镇居民人均可支配收入", 5.5, "%", "growth", 2025, "="),
    (14, 3): (A, "农村居民人均可支配收入", 18650, "元", "level", 2024, "="),
    (14, 4): (A, "农村居民人均可支配收入", 7.1, "%", "growth", 2024, "="),
    (14, 5): (T, "农村居民人均可支配收入", 20000, "元", "level", 2025, "="),
    (14, 6): (T, "农村居民人均可支配收入", 7.5, "%", "growth", 2025, "="),
    (15, 3): (A, "城镇调查失业率", 5.1, "%", "level", 2024, "="),
    (15, 5): (T, "城镇调查失业率", 5.5, "%", "level", 2025, "<="),
    (16, 3): (A, "常住人口城镇化率", 58.6, "%", "level", 2024, "="),
    (16, 4): (A, "常住人口城镇化率", 0.8, "个百分点", "change", 2024, "="),
    (16, 5): (T, "常住人口城镇化率", 59.5, "%", "level", 2025, "="),
    (17, 3): (A, "单位GDP能耗", -2.6, "%", "growth", 2024, "="),
    (18, 3): (A, "人口自然增长率", -1.2, "‰", "level", 2024, "="),
    (18, 5): (T, "人口自然增长率", 0, "‰", "level", 2025, ">="),
}
"""What each cell with a figure says, by its row and column from 1; no other cell says anything."""


def as_docx(rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]], head: Sequence[str]) -> bytes:
    """A Word file with some paragraphs and a table."""
    import docx

    document = docx.Document()
    for line in head:
        document.add_paragraph(line)
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, line in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, line, strict=True):
            cell.text = words
    for first, left, last, right in merged:
        cell = table.cell(first, left).merge(table.cell(last, right))
        for paragraph in cell.paragraphs[1:]:
            paragraph._element.getparent().remove(paragraph._element)
    document.add_paragraph("请予审议。")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_html(rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]], head: Sequence[str]) -> bytes:
    """A page as word processors export it: each cell's words are a paragraph."""
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in merged}
    covered = {
        (row, column) for first, left, last, right in merged
        for row in range(first, last + 1) for column in range(left, right + 1)
    } - spans.keys()  # fmt: skip
    lines = []
    for number, row in enumerate(rows):
        cells = [
            "<td rowspan={} colspan={}><p><span>{}</span></p></td>".format(*spans.get((number, at), (1, 1)), escape(words))
            for at, words in enumerate(row)
            if (number, at) not in covered
        ]
        lines.append(f"<tr>\n  {''.join(cells)}\n</tr>")
    paragraphs = "".join(f"<p>{line}</p>" for line in head)
    page = f"<html><body><div>{paragraphs}<table>{''.join(lines)}</table><p>请予审议。</p></div></body></html>"
    return page.encode()


def told(record: Any) -> tuple[Any, ...]:
    return (
        record.type, record.indicator, record.value, record.unit, record.measure, record.year, record.comparator,
    )  # fmt: skip


def of_cells(result: llmx.Result) -> dict[tuple[int, int], Any]:
    """The records of a result's tables by row and column."""
    found = {}
    for record in result.records:
        if "column" in (record.location or ""):
            row, column = record.location.split("row ")[1].split(", column ")
            assert (int(row), int(column)) not in found
            found[int(row), int(column)] = record
    return found


@pytest.fixture(scope="module")
def plan() -> bytes:
    pytest.importorskip("docx")
    return as_docx(ROWS, MERGED, HEAD)


def check(data: bytes) -> llmx.Result:
    """Make sure that each cell of the plan's table is one right record, and borne out by the text."""
    document = llmx.read(data)
    result = llmx.extract(document, "rules")
    found = of_cells(result)
    assert {place: told(record) for place, record in found.items()} == CELLS
    for record in found.values():
        assert document.text[record.start : record.end] == record.quote
        assert document.text[record.figure_start : record.figure_end] == record.figure
        assert record.figure in record.quote
        assert record.period == "annual"
        assert record.model == "tables"
    return result


@pytest.mark.parametrize("make", [as_docx, as_html])
def test_each_cell_of_a_plan_s_table_is_one_right_record(make: Any) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("lxml")
    result = check(make(ROWS, MERGED, HEAD))
    found = of_cells(result)
    assert found[4, 3].indicator_id == found[4, 6].indicator_id == "gdp"
    assert (found[9, 5].base_value, found[9, 5].base_unit) == (1300000000, "元")
    assert (found[4, 5].approximation, found[4, 5].commitment, found[4, 3].commitment) == ("左右", "预期", None)
    assert found[10, 6].value_max == 7
    assert {record.section for record in found.values()} == {found[4, 3].section}
    rest = [told(record) for record in result.records if "column" not in (record.location or "")]
    assert (A, "地区生产总值", 6.1, "%", "growth", 2024, "=") in rest
    assert (T, "新建校舍", 3, "所", "level", 2025, "=") in rest
    assert len(rest) == 2
    assert not [figure for figure in result.unclaimed if figure.reason is None]


def test_a_sheet_of_figures_is_a_report_and_its_cells_are_read(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "计划"
    sheet.append(["某县2025年国民经济和社会发展主要指标计划"])
    sheet.append(["单位：亿元"])
    for row in (("指标", "2024年", "", "2025年", ""), ("", "完成", "增速", "计划", "增速"), ("地区生产总值", 256.9, 0.061, 275, 0.065), ("一般公共预算收入", 12.5, 0.0455, 13, "持平")):
        sheet.append(row)
    sheet["C5"].number_format = sheet["E5"].number_format = "0.0%"
    sheet["C6"].number_format = "0.00%"
    sheet["D6"].number_format = "0.00"
    sheet.merge_cells("B3:C3")
    book.save(tmp_path / "plan.xlsx")
    result = llmx.extract(tmp_path / "plan.xlsx", "rules")
    assert {place: told(record) for place, record in of_cells(result).items()} == {
        (5, 2): (A, G, 256.9, "亿元", "level", 2024, "="),
        (5, 3): (A, G, 6.1, "%", "growth", 2024, "="),
        (5, 4): (T, G, 275, "亿元", "level", 2025, "="),
        (5, 5): (T, G, 6.5, "%", "growth", 2025, "="),
        (6, 2): (A, "一般公共预算收入", 12.5, "亿元", "level", 2024, "="),
        (6, 3): (A, "一般公共预算收入", 4.55, "%", "growth", 2024, "="),
        (6, 4): (T, "一般公共预算收入", 13.0, "亿元", "level", 2025, "="),
    }
    assert result.records[0].location == "sheet 计划, row 5, column 2"
    run = llmx.run(tmp_path / "plan.xlsx", tmp_path / "run")
    assert (run.manifest.records["achievement"], run.manifest.records["target"]) == (4, 3)
    sheet["A1"] = "报告" * 600
    book.save(tmp_path / "reports.xlsx")
    with pytest.raises(InputError, match="--column"):
        llmx.read(tmp_path / "reports.xlsx")


MARKDOWN = """2025年主要预期目标

| 序号 | 指标 | 单位 | 上年完成 | 本年预期 | 增长(%) |
|:----:|------|------|---------:|---------:|--------:|
| 1 | 地区生产总值 | 亿元 | 256.9 | 275 | 7左右 |
| 2 | 城镇新增就业 | 人 | 3012 | >3000 | |

以上请审议。
"""
PASTED = {
    (1, "地区生产总值", 256.9): (A, G, 256.9, "亿元", "level", 2024, "="),
    (1, "地区生产总值", 275): (T, G, 275, "亿元", "level", 2025, "="),
    (1, "地区生产总值", 7): (T, G, 7, "%", "growth", 2025, "~"),
    (2, "城镇新增就业", 3012): (A, "城镇新增就业", 3012, "人", "level", 2024, "="),
    (2, "城镇新增就业", 3000): (T, "城镇新增就业", 3000, "人", "level", 2025, ">"),
}


@pytest.mark.parametrize("pasted", [False, True])
def test_a_table_of_markdown_or_pasted_with_tabs_is_read(pasted: bool) -> None:
    text = "某县2025年政府工作报告\n二、2025年工作安排\n" + MARKDOWN
    if pasted:
        lines = [line.strip("| ").replace(" | ", "\t") if "|" in line else line for line in text.split("\n")]
        text = "\n".join(line for line in lines if "---" not in line).replace("3000 ", "3000\t").replace("3000\t|", "3000\t")
    result = llmx.extract(llmx.read_text(text), "rules")
    found = of_cells(result)
    assert sorted(map(told, found.values()), key=str) == sorted(PASTED.values(), key=str)
    assert found[2, 4].location == "table 1, row 2, column 4"
