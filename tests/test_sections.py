"""Sections tile the text, and know what they are for and which year they speak of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmx.figures import find_figures
from llmx.sections import Section, section_at, split_chunks
from llmx.tasks.government.structure import outline

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
    sections = outline(text).sections
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
        ("二、今后五年的主要目标任务", "plan", 2029, True),
        ("二、“十五五”时期的主要目标和重点任务", "plan", 2030, True),
        ("（一）“十五五”时期的发展目标", "goals", 2030, True),
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


def test_a_plan_opens_with_what_was_carried_out_the_year_before() -> None:
    text = (
        "某市2024年国民经济和社会发展计划\n一、2023年国民经济和社会发展计划执行情况\n生产总值增长5%。\n"
        "二、2024年国民经济和社会发展计划\n生产总值增长6%。\n"
    )
    review, plan = at(text, "增长5%"), at(text, "增长6%")
    assert (review.role, review.year, review.planned) == ("review", 2023, False)
    assert (plan.role, plan.year, plan.planned) == ("plan", 2024, True)


PLAN_REPORT = """关于某市2022年国民经济和社会发展计划执行情况与2023年国民经济和社会发展计划草案的报告
——2023年1月11日在某市第六届人民代表大会第一次会议上
各位代表：
受市人民政府委托，现将有关情况报告如下。
一、2022年国民经济和社会发展计划执行情况
（一）主要目标完成情况
全年投资完成100亿元，增长9%。
专栏1　2022年主要指标完成情况
\t指标
\t发展目标
\t地区生产总值6%
（二）存在的主要问题
需求收缩，供给冲击。
二、2023年经济社会发展总体要求和主要目标
（一）面临形势
世界经济复苏乏力。
（二）主要预期目标
地区生产总值增长6%。
三、2023年经济社会发展主要任务
（一）着力扩大内需。完成投资200亿元。
附件
名词解释
1.“两新一重”：指新型基础设施建设3项。
"""


@pytest.mark.parametrize(
    ("words", "role", "year", "planned"),
    [
        ("完成100亿元", "review", 2022, False),
        ("总值6%", "review", 2022, False),
        ("需求收缩", "problems", 2022, False),
        ("世界经济", "other", 2022, False),
        ("总值增长6%", "goals", 2023, True),
        ("完成投资200亿元", "plan", 2023, True),
        ("建设3项", "glossary", None, False),
    ],
)
def test_each_part_of_a_plan_report_has_its_role(words: str, role: str, year: int | None, planned: bool) -> None:
    section = at(PLAN_REPORT, words)
    assert (section.role, section.year, section.planned) == (role, year, planned)


def test_a_table_is_a_section_and_its_cells_are_no_headings() -> None:
    assert at(PLAN_REPORT, "总值6%").path[-1] == "专栏1　2022年主要指标完成情况"


@pytest.mark.parametrize("text", [WORK_REPORT, PLAN_REPORT])
def test_line_ends_make_no_difference(text: str) -> None:
    def outline(text: str) -> list[tuple[str, int, str, int | None]]:
        return [(section.heading, section.level, section.role, section.year) for section in tree(text)]

    assert outline(text.replace("\n", "\r\n")) == outline(text)


def test_a_mid_year_report_reviews_the_year_that_it_plans() -> None:
    text = (
        "关于某区2024年上半年国民经济和社会发展计划执行情况的报告\n2024年7月25日在区人大常委会第二十次会议上\n"
        "一、计划执行情况\n增长5%。\n二、存在的困难和问题\n投资不足。\n三、下半年工作安排\n增长6%。\n"
    )
    found = [(section.role, section.year, section.planned) for section in tree(text)[1:]]
    assert found == [("review", 2024, False), ("problems", 2024, False), ("plan", 2024, True)]


def test_an_older_report_with_wide_spaces_and_years_in_characters() -> None:
    text = (
        "　　政府工作报告\n　　——二○○八年一月十六日在某县第十四届人民代表大会第二次会议上\n　　各位代表：\n"
        "　　一、二○○七年工作回顾。\n　　（一）经济实力显著增强。财政收入3亿元。\n"
        "　　在肯定成绩的同时，我们也清醒地看到存在的问题：一是经济总量小；二是财政收支矛盾突出。\n"
        "　　二、二○○八年工作安排\n　　主要预期目标是：财政收入增长15%。\n　　各位代表，让我们携手奋斗！\n"
    )
    assert (at(text, "3亿元").role, at(text, "3亿元").year) == ("review", 2007)
    assert (at(text, "矛盾突出").role, at(text, "矛盾突出").path[0]) == ("problems", "一、二○○七年工作回顾")
    assert (at(text, "增长15%").role, at(text, "增长15%").year) == ("goals", 2008)
    assert at(text, "携手").path == ()


def test_parts_over_numbered_headings_and_a_table_of_contents() -> None:
    parts = ["第一部分　过去五年工作回顾", "第二部分　今后五年的总体思路", "第三部分　2017年重点工作"]
    text = (
        "目录\n"
        + "\n".join(parts)
        + "\n政府工作报告\n——2017年1月10日在某市第十五届人民代表大会第一次会议上\n各位代表：\n"
        f"{parts[0]}\n一、经济发展迈上新台阶\n过去总量翻番。\n{parts[1]}\n一、奋斗目标\n未来总量翻番。\n"
        f"{parts[2]}\n一、深化改革\n新建公路。\n"
    )
    assert at(text, "过去总量").path == (parts[0], "一、经济发展迈上新台阶")
    assert (at(text, "未来总量").role, at(text, "未来总量").year) == ("goals", 2021)
    assert (at(text, "新建公路").path[0], at(text, "新建公路").year) == (parts[2], 2017)


def test_a_heading_of_two_periods_turns_where_its_text_does() -> None:
    text = (
        "某省政府工作报告\n——2026年1月27日在某省第十四届人民代表大会第四次会议上\n各位代表：\n"
        "二、“十四五”时期发展成就和“十五五”时期主要目标任务\n过去五年，建成公路100公里。\n"
        "根据第十五个五年规划的建议，编制了纲要草案。\n（一）加快建设现代化产业体系。建设公路200公里。\n"
        "三、全面加强政府自身建设\n减少会议。\n"
    )
    assert (at(text, "100公里").planned, at(text, "100公里").year) == (False, 2025)
    assert (at(text, "200公里").planned, at(text, "200公里").year) == (True, 2030)
    assert at(text, "减少会议").year == 2026


@pytest.mark.parametrize(
    "admission",
    [
        "同时，我们也清醒地认识到，发展还存在不少问题和挑战。主要是：产业结构不优。",
        "仍存在一些结构性矛盾和深层次问题。主要是：产业结构不优。",
        "虽然取得了一定成绩，但也还存在一些困难，产业结构不优。",
        "成绩固然可喜，问题也不容忽视。一是产业结构不优。",
        "同时，也要看到还有不少困难和问题：\n产业结构不优。",
    ],
)
def test_problems_without_a_heading_are_a_section_under_the_review(admission: str) -> None:
    text = WORK_REPORT.replace(
        WORK_REPORT[WORK_REPORT.index("在看到成绩") : WORK_REPORT.index("二、")], admission + "\n"
    )
    section = at(text, "产业结构不优")
    assert (section.role, section.path[0]) == ("problems", "一、2024年工作回顾")
    assert "（二）" not in "".join(section.path)
    assert at(text, "规上企业").role == "plan"


def test_what_follows_the_closing_is_read_for_itself() -> None:
    annex = "2025年民生实事\n1.建设学校10所。\n名词解释\n"
    text = WORK_REPORT.replace("名词解释\n", annex)
    assert (at(text, "学校").role, at(text, "学校").planned) == ("plan", True)


@pytest.mark.parametrize(
    ("bold", "heading"),
    [
        ("**重点改革蹄疾步稳**。推进改革10项，完成任务5项。", "重点改革蹄疾步稳"),
        ("**商贸物流提质增效。**新增商贸企业10家，增长5%。", "商贸物流提质增效"),
        ("加强**污染防治**。整治河流10条，建成管网5公里。", "加强污染防治"),
    ],
)
def test_bold_leads_are_headings(bold: str, heading: str) -> None:
    text = f"一、2024年工作回顾\n一年来成效明显。{bold}\n"
    assert at(text, "5").heading == heading


@pytest.mark.parametrize(
    "words",
    [
        "一、二、三产业增加值分别增长。",
        "完成投资，增长5%。",
        "首家外商独资医院营业。此后又有十家医院陆续开门迎接病人。",
    ],
)
def test_statements_are_no_headings(words: str) -> None:
    text = f"一、2024年工作回顾\n{words}\n"
    assert {section.path for section in tree(text)} == {("一、2024年工作回顾",)}


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
        sections = outline(text).sections
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
    chunks = split_chunks(text, outline(text).sections, find_figures(text), budget=600)
    assert "".join(chunk.text for chunk in chunks) == text
    assert all(len(chunk.text) <= 600 or chunk.text.rstrip("\n").count("。") <= 1 for chunk in chunks)


def test_chunks_end_at_sentences_and_hold_their_figures(report: Path) -> None:
    text = report.read_bytes().decode()
    figures = find_figures(text)
    chunks = split_chunks(text, outline(text).sections, figures, budget=600)
    assert sum(len(chunk.figures) for chunk in chunks) == len(figures)
    assert {chunk.text[-1] for chunk in chunks[:-1]} <= set("。！？!；\n”）*")


def test_a_sentence_longer_than_the_budget_is_one_chunk() -> None:
    text = "一、工作回顾\n" + "建成公路，" * 100 + "成效明显。\n短句。"
    chunks = split_chunks(text, outline(text).sections, [], budget=50)
    assert max(len(chunk.text) for chunk in chunks) >= 500


@pytest.mark.parametrize("piece", ["一、", "（", "\n", " ", "**", "是", "看到", "同时我们也清醒", "各位代表！\n"])
def test_long_and_odd_texts_take_no_more_than_linear_work(piece: str) -> None:
    tree(piece * 20_000)


def test_an_outlook_that_begins_with_the_last_five_years_reviews_them_first() -> None:
    text = (
        "某市政府工作报告\n——2026年2月3日在某市第十六届人民代表大会第四次会议上\n各位代表：\n一、2025年工作回顾\n成绩显著。\n"
        "二、关于国民经济和社会发展第十五个五年规划纲要的说明\n“十四五”时期，全市生产总值从4万亿元增加到5万亿元。\n"
        "“十五五”时期，要推动高质量发展，研发强度达到3%。\n三、2026年主要任务\n抓好落实。\n"
    )
    sections = outline(text).sections
    past, future = (section_at(sections, text.index(words)) for words in ("5万亿元", "研发强度"))
    assert (past.role, past.year, past.planned) == ("review", 2025, False)
    assert (future.planned, future.year) == (True, 2030)
