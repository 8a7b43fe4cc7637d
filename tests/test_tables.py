"""Tables: cells keep their columns in every format, and a plan report's table gives one record a cell."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import made
import pytest

import llmx
from llmx.claims import Reading
from llmx.documents import tables_of
from llmx.errors import InputError
from llmx.tasks.government.tables.heads import WORDS, bracketed, column_of
from llmx.tasks.government.tables.names import joined, told_of
from llmx.tasks.government.tables.projects import stage_of

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
            "<td rowspan={} colspan={}><p><span>{}</span></p></td>".format(
                *spans.get((number, at), (1, 1)), escape(words)
            )
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
    for row in (
        ("指标", "2024年", "", "2025年", ""),
        ("", "完成", "增速", "计划", "增速"),
        ("地区生产总值", 256.9, 0.061, 275, 0.065),
        ("一般公共预算收入", 12.5, 0.0455, 13, "持平"),
    ):
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
        rows = [line for line in text.split("\n") if "---" not in line]
        text = "\n".join("\t".join(map(str.strip, row[1:-1].split("|"))) if "|" in row else row for row in rows)
    result = llmx.extract(llmx.read_text(text), "rules")
    found = of_cells(result)
    assert sorted(map(told, found.values()), key=str) == sorted(PASTED.values(), key=str)
    assert found[2, 4].location == "table 1, row 2, column 4"


def as_pdf(rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]], head: Sequence[str]) -> bytes:
    """A PDF whose table has rules, over two pages, the head on each."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=9, leading=11, wordWrap="CJK")
    table = Table(
        [[Paragraph(escape(words), style) for words in row] for row in rows],
        colWidths=[90, 45, 60, 60, 60, 60, 60],
        repeatRows=2,
        style=[
            ("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)),
            *(("SPAN", (left, top), (right, foot)) for top, left, foot, right in merged),
        ],
    )
    file = io.BytesIO()
    paragraphs = [Paragraph(line, style) for line in head]
    SimpleDocTemplate(file, pagesize=(595, 440)).build([*paragraphs, table, Paragraph("请予审议。", style)])
    return file.getvalue()


def test_a_table_with_rules_in_a_pdf_is_read_over_pages() -> None:
    pytest.importorskip("pypdfium2")
    document = llmx.read(as_pdf(ROWS, MERGED, HEAD))
    result = llmx.extract(document, "rules")
    found = sorted(str(told(record)) for record in of_cells(result).values())
    assert found == sorted(map(str, CELLS.values()))
    assert {record.location[:5] for record in of_cells(result).values()} == {"p. 1,", "p. 2,"}
    assert document.text.endswith("请予审议。\n")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice makes the files")
@pytest.mark.parametrize("suffix", ["doc", "rtf"])
def test_a_table_that_another_program_wrote_is_read(suffix: str, plan: bytes, tmp_path: Path) -> None:
    pytest.importorskip("doc2docx")
    (tmp_path / "plan.docx").write_bytes(plan)
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        suffix,
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "plan.docx")], capture_output=True, check=True)
    check((tmp_path / f"plan.{suffix}").read_bytes())


def test_a_table_of_ofd_and_odt_keeps_its_columns() -> None:
    pytest.importorskip("ofdkit")
    pytest.importorskip("lxml")
    lines = [(20.0, 20.0, 60.0, 0.0), (20.0, 30.0, 60.0, 0.0), (20.0, 40.0, 60.0, 0.0)]
    lines += [(20.0, 20.0, 0.0, 20.0), (40.0, 30.0, 0.0, 10.0), (80.0, 20.0, 0.0, 20.0)]
    words = [
        (22.0, 26.0, 4.0, "某县主要指标"),
        (22.0, 36.0, 4.0, "粮食产量"),
        (42.0, 36.0, 4.0, "7.5"),
        (47.0, 36.0, 4.0, "万吨"),
    ]
    page = made.as_ofd([words], [lines])
    assert llmx.read(page).text == "某县主要指标\t\n粮食产量\t7.5万吨\n"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    wide = (
        cell.replace("-cell>", '-cell table:number-columns-spanned="2">', 1).format("甲")
        + "<table:covered-table-cell/>"
    )
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in (wide, cell.format("乙") + cell.format(7)))
    assert llmx.read(made.as_odt(f"<table:table>{rows}</table:table>")).text == "甲\t\n乙\t7\n"


def test_a_page_that_is_laid_out_by_a_table_keeps_its_paragraphs() -> None:
    pytest.importorskip("lxml")
    long = f"<p>一、回顾</p><p>{'粮食产量7.5万吨。' * 40}</p>"
    page = f"<html><body><table><tr><td>首页。{'见下。' * 20}</td><td>{long}</td></tr></table></body></html>"
    assert "一、回顾\n粮食产量" in llmx.read(page.encode()).text


def test_a_table_of_figures_beside_a_page_s_sentences_belongs_to_the_report() -> None:
    pytest.importorskip("lxml")
    table = "<table><tr><td>{}</td><td>{}</td></tr><tr><td>{}</td><td>{}</td></tr></table>"
    links, figures = (
        table.format("首页", "新闻", "政务", "服务"),
        table.format("指标", "2025年目标", "地区生产总值", "275.5"),
    )
    page = f"<html><body>{links}<div><div>{'<p>粮食丰收。</p>' * 9}</div>{figures}</div></body></html>"
    assert llmx.read(page.encode()).text == "粮食丰收。\n" * 9 + "指标\t2025年目标\n地区生产总值\t275.5\n"


PROJECTS = """某县2025年政府工作报告
一、2024年工作回顾
一年来，新开工项目36个。
二、2025年工作安排
附表：2025年重点项目计划
序号\t项目名称\t建设性质\t建设内容\t总投资（万元）\t2025年计划投资\t责任单位
一、交通（2个）\t\t\t\t\t\t
1\tG319改建工程\t续建\t全长18.6公里\t98,000\t30000\t县交通局
2\t青溪大桥\t前期\t桥长420米\t—\t6000\t县交通局
二、竣工项目（1个）\t\t\t\t\t\t
3\t城南冷链物流园\t\t冷库3万立方米\t8600\t1600\t县商务局
合计\t\t\t\t106600\t37600\t
"""


def test_a_list_of_projects_gives_a_project_a_row_and_no_target() -> None:
    result = llmx.extract(llmx.read_text(PROJECTS), "rules")
    found = [(one.name, one.stage, one.status, one.year, one.amount, one.amount_unit) for one in result.projects]
    assert found == [
        ("G319改建工程", "ongoing", "planned", 2025, 98000, "万元"),
        ("青溪大桥", "preparation", "planned", 2025, None, None),
        ("城南冷链物流园", "completed", "planned", 2025, 8600, "万元"),
    ]
    assert result.projects[0].location == "table 1, row 3, column 2"
    assert not result.targets


DUTIES = "序号\t重点任务\t工作目标\t牵头单位\n1\t工业强县\t新增规上工业企业30家。\t县经信局\n2\t扩大投资\t完成投资30亿元。\t县发改委\n"


def test_what_a_table_says_in_sentences_is_read_as_text() -> None:
    text = f"某县2025年政府工作报告\n二、2025年工作安排\n{DUTIES}"
    analysis = llmx.analyse(llmx.read_text(text))
    assert analysis.tables == ()
    assert "".join(chunk.text for chunk in analysis.chunks()) == text


class Asked:
    """A model that keeps what it is asked about."""

    name = "asked"

    def __init__(self) -> None:
        self.chunks: list[Any] = []

    def read(self, chunk: Any) -> Any:
        self.chunks.append(chunk)
        return Reading()


def test_no_model_is_asked_about_a_table_that_code_reads(plan: bytes) -> None:
    asked = Asked()
    document = llmx.read(plan)
    result = llmx.extract(document, asked)
    assert len(result.records) == len(CELLS)
    assert [chunk.text for chunk in asked.chunks if "亿元" in chunk.text] == []
    assert "".join(chunk.text for chunk in asked.chunks) == "\n".join([*HEAD, "请予审议。", ""])


# Forms of tables: what stands over them, their rows, and what the figures of each row say.
FORMS = {
    "bulletin": (
        "某市2024年国民经济和社会发展统计公报\n一、综合\n表1　2024年末人口及其构成",
        ["指标|年末数（万人）|比重（%）", "常住人口|300.5|100.0", "其中：城镇|180.2|59.97"],
        [(A, "常住人口", 300.5, "万人", "level", 2024), (A, "常住人口比重", 100.0, "%", "level", 2024),
         (A, "城镇常住人口", 180.2, "万人", "level", 2024), (A, "城镇常住人口比重", 59.97, "%", "level", 2024)],
    ),
    "five years": (
        "某市国民经济和社会发展第十四个五年规划\n第二章 主要目标\n专栏1　“十四五”时期主要指标",
        ["指标|2020年|2025年|年均增长（%）|属性", "地区生产总值（亿元）|1500|2100|6.5|预期性", "城镇新增就业（万人）|—|〔10〕|—|预期性"],
        [(A, G, 1500, "亿元", "level", 2020), (T, G, 2100, "亿元", "level", 2025), (T, G, 6.5, "%", "growth", 2025),
         (T, "城镇新增就业", 10, "万人", "level", 2025)],
    ),
    "budget": (
        "关于某县2024年预算执行情况和2025年预算草案的报告\n二、2025年预算草案\n2025年收入表\n单位：万元",
        ["项目|2024年预算数|2024年执行数|为预算的%|2025年预算数|比上年执行数增长%", "一、税收收入|52000|50120|96.4|53000|5.7", "合计|52000|50120|96.4|53000|5.7"],
        [(T, "税收收入", 52000, "万元", "level", 2024), (A, "税收收入", 50120, "万元", "level", 2024),
         (T, "税收收入", 53000, "万元", "level", 2025), (T, "税收收入", 5.7, "%", "growth", 2025)],
    ),
    "side by side": (
        "某县2025年政府工作报告\n二、2025年工作安排\n2025年主要目标",
        ["指标|单位|目标|指标|单位|目标", "粮食产量|万吨|50以上|城镇新增就业|人|5000", "森林覆盖率|%|62.5|农村公路|公里|120"],
        [(T, "粮食产量", 50, "万吨", "level", 2025), (T, "城镇新增就业", 5000, "人", "level", 2025),
         (T, "森林覆盖率", 62.5, "%", "level", 2025), (T, "农村公路", 120, "公里", "level", 2025)],
    ),
    "growth beside the amount": (
        "某县2025年政府工作报告\n二、2025年工作安排\n主要指标",
        ["指标|2024年完成情况（增速）|2025年目标（增速）", "地区生产总值（亿元）|256.9（6.1%）|275（力争7%）"],
        [(A, G, 256.9, "亿元", "level", 2024), (A, G, 6.1, "%", "growth", 2024), (T, G, 275, "亿元", "level", 2025),
         (T, G, 7, "%", "growth", 2025)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_other_forms_of_tables_are_read(form: str) -> None:
    head, rows, said = FORMS[form]
    text = "\n".join([head, *(row.replace("|", "\t") for row in rows), ""])
    result = llmx.extract(llmx.read_text(text), "rules")
    assert [told(record)[:6] for record in result.records if "column" in (record.location or "")] == said


def test_spans_of_time_follow_the_column() -> None:
    head, rows, _ = FORMS["five years"]
    text = "\n".join([head, *(row.replace("|", "\t") for row in rows), ""])
    periods = [(one.period, one.period_start) for one in llmx.extract(llmx.read_text(text), "rules").records]
    assert periods == [("annual", "2020"), ("annual", "2025"), ("average", "2021"), ("cumulative", "2021")]


@pytest.mark.parametrize("row", [row for kind in WORDS.values() for row in kind], ids=lambda row: str(row["example"]))
def test_each_row_of_the_words_of_tables_holds_for_its_example(row: dict[str, Any]) -> None:
    example = row["example"]
    if "role" in row:
        assert column_of([example]).role == row["role"]
    elif row.get("tells") in ("outcome", "forecast", "plan", "level"):
        assert column_of([example]).tense == (None if row["tells"] == "level" else row["tells"])
        assert column_of([example]).role == "value"
    elif "measure" in row:
        assert column_of([example]).measure == row["measure"]
    elif "words" in row:
        assert row.get("after", row.get("is")) in (column_of([example]).after, column_of([example]).year)
    elif "stage" in row:
        assert stage_of(example) == row["stage"]
    elif "of" in row:
        assert joined(example[0], example[1]) == example[2]
    elif "falls" in row:
        assert told_of(example[0], "%", None) == (example[1], "growth", row["falls"])
    elif isinstance(example, list):
        assert column_of([example[0]]).aspect == example[1]
    else:
        assert re.search(row["pattern"], bracketed(example)[0])


def test_a_text_without_tables_has_none() -> None:
    assert tables_of("2025年，地区生产总值增长6%。\n\t各位代表：\n一、回顾|总结\n") == []
    first, second = tables_of("甲\t乙\n1\t2\n\n甲\t乙\t丙\n1\t2\t3\n")
    assert [len(table.rows[0]) for table in (first, second)] == [2, 3]
    assert second.location(second.rows[1][2], "p. 3") == "p. 3, table 2, row 2, column 3"
