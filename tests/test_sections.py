"""Sections tile the text, and know what they are for and which year they speak of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmx.figures import find_figures
from llmx.sections import Section, section_at, split_chunks, split_sections

HERE = Path(__file__).parent

WORK_REPORT = """某市人民政府工作报告
——2025年1月10日在某市第六届人民代表大会第五次会议上
市长 张三
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、2024年工作回顾
过去一年，地区生产总值增长6%。
（一）工业经济稳中有进。文旅产业加快发展。全年接待游客100万人次，旅游收入增长8%。
（二）城乡面貌明显改善。一是交通更加便捷。建成公路20公里。二是环境更加优美。新增绿地30公顷。
在看到成绩的同时，我们也清醒认识到，发展还存在不少困难和问题。主要是：产业结构不优，财政收支矛盾突出。
二、2025年工作安排
今年经济社会发展的主要预期目标是：地区生产总值增长6%以上。
为此，重点做好以下工作。
（一）聚力产业升级。新增规上企业10家。
三、加强政府自身建设
减少会议10%。
各位代表！让我们团结一心，奋勇前进！
名词解释
1.“双碳”：指2030年前碳达峰。
"""


def tree(text: str) -> list[Section]:
    sections = split_sections(text)
    assert "".join(text[section.start : section.end] for section in sections) == text
    return sections


def at(text: str, words: str) -> Section:
    return section_at(tree(text), text.index(words))


def test_sections_tile_the_labelled_reports(report: Path) -> None:
    assert tree(report.read_bytes().decode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "一、",
        "没有标题的一段话。",
        "\ufeff一、工作回顾\r\n内容。\r\n二、工作安排\r\n内容。",
        "（一）（二）（三）",
        "——",
        "**",
    ],
)
def test_any_text_is_tiled(text: str) -> None:
    tree(text)


@pytest.mark.parametrize(
    ("words", "role", "year", "planned"),
    [
        ("现在，我代表", "other", None, False),
        ("地区生产总值增长6%。", "review", 2024, False),
        ("全年接待游客", "review", 2024, False),
        ("产业结构不优", "problems", 2024, False),
        ("地区生产总值增长6%以上", "goals", 2025, True),
        ("新增规上企业", "plan", 2025, True),
        ("减少会议", "own_building", 2025, True),
        ("让我们团结", "other", 2025, True),
        ("碳达峰", "glossary", None, False),
    ],
)
def test_each_part_of_a_work_report_has_its_role(words: str, role: str, year: int | None, planned: bool) -> None:
    section = at(WORK_REPORT, words)
    assert (section.role, section.year, section.planned) == (role, year, planned)


def test_the_heading_path_runs_from_the_outermost_to_the_lead_sentence() -> None:
    assert at(WORK_REPORT, "全年接待游客").path == ("一、2024年工作回顾", "（一）工业经济稳中有进", "文旅产业加快发展")
    assert at(WORK_REPORT, "新增绿地").path[-1] == "二是环境更加优美"


@pytest.mark.parametrize(
    ("heading", "role", "year", "planned"),
    [
        ("一、2023年国民经济和社会发展计划执行情况", "review", 2023, False),
        ("二、2024年国民经济和社会发展主要任务", "plan", 2024, True),
        ("一、过去五年工作回顾", "review", 2024, False),
        ("二、今后五年的主要目标任务", "plan", 2025, True),
        ("二、“十五五”时期的主要目标和重点任务", "goals", 2030, True),
        ("第一部分　2024年工作总结", "review", 2024, False),
        ("二、面临的形势", "other", 2024, False),
    ],
)
def test_headings_of_other_reports_are_understood(heading: str, role: str, year: int, planned: bool) -> None:
    text = (
        f"某县政府工作报告\n2025年2月1日在某县第一届人民代表大会第一次会议上\n各位代表：\n{heading}\n正文内容在此。\n"
    )
    section = at(text, "正文内容")
    assert (section.role, section.year, section.planned) == (role, year, planned)


def test_a_report_whose_headings_tell_nothing_turns_at_its_problems() -> None:
    text = (
        "某省政府工作报告\n——2026年1月27日在某省第十四届人民代表大会第四次会议上\n各位代表：\n"
        "一、乘势而上开新局\n去年完成投资100亿元。\n我们也清醒认识到，发展中还有不少短板。\n"
        "二、勇毅前行谱新篇\n今年完成投资200亿元。\n"
    )
    assert (at(text, "100亿元").role, at(text, "100亿元").year) == ("review", 2025)
    assert (at(text, "200亿元").role, at(text, "200亿元").year) == ("plan", 2026)


def test_a_line_that_layout_broke_makes_no_heading() -> None:
    text = "一、2024年工作回顾\n一年来，我们坚持惠民强企优服务，社会民生可感可及。社\n\n会保障不断加强。深入实施就业工程，新增就业1万人。\n"
    assert "会保障不断加强" not in {section.heading for section in tree(text)}


def test_the_labelled_records_lie_in_sections_of_their_tense_and_year() -> None:
    tense = year = counted = 0
    for labels in (HERE / "labels").glob("*.jsonl"):
        text = (HERE / "reports" / f"{labels.stem}.txt").read_bytes().decode()
        sections = split_sections(text)
        for line in labels.read_text("utf-8").splitlines():
            label = json.loads(line)
            if label["type"] not in ("target", "achievement"):
                continue
            section = section_at(sections, label["start"])
            counted += 1
            tense += section.planned == (label["type"] == "target")
            year += section.year == label["year"]
    assert tense / counted >= 0.99
    assert year / counted >= 0.97


def test_chunks_tile_the_text_and_keep_to_their_budget(report: Path) -> None:
    text = report.read_bytes().decode()
    chunks = split_chunks(text, split_sections(text), find_figures(text), budget=600)
    assert "".join(chunk.text for chunk in chunks) == text
    assert all(len(chunk.text) <= 600 or chunk.text.rstrip("\n").count("。") <= 1 for chunk in chunks)


def test_chunks_end_at_sentences_and_hold_their_figures(report: Path) -> None:
    text = report.read_bytes().decode()
    figures = find_figures(text)
    chunks = split_chunks(text, split_sections(text), figures, budget=600)
    assert sum(len(chunk.figures) for chunk in chunks) == len(figures)
    assert {chunk.text[-1] for chunk in chunks[:-1]} <= set("。！？!；\n”）*")


def test_a_sentence_longer_than_the_budget_is_one_chunk() -> None:
    text = "一、工作回顾\n" + "建成公路，" * 100 + "成效明显。\n短句。"
    chunks = split_chunks(text, split_sections(text), [], budget=50)
    assert max(len(chunk.text) for chunk in chunks) >= 500


@pytest.mark.parametrize("piece", ["一、", "（", "\n", "**", "是", "同时我们也清醒"])
def test_long_and_odd_texts_take_no_more_than_linear_work(piece: str) -> None:
    tree(piece * 20_000)
