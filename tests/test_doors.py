"""The run, the page, labels, scores and `llmx sections` show the same of a report, whatever stands in its text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import llmx
from llmx.cli import app
from llmx.evaluation.scoring import _sections
from llmx.evaluation.sides import open_side
from llmx.labels.passages import Labelled, passages
from llmx.views.report_data import report_data

PLAIN = """清河县人民政府工作报告
——2025年1月9日在清河县第十届人民代表大会第五次会议上
各位代表：
一、2024年工作回顾
过去一年，全县上下攻坚克难、砥砺前行，经济社会发展取得新的成效，各项事业全面进步。地区生产总值256.9亿元、增长5.5%，实现社会消费品零售总额88亿元，新增就业5300人。
同时，我们也清醒地认识到，产业结构不优，财政收支矛盾突出。
二、2025年工作安排
今年的主要预期目标是：地区生产总值增长6%左右。新建农村公路2.3万平方米，培育规上企业9家以上。
名词解释
1.“四好农村路”：指建设3项制度。
"""
TRADITIONAL = str.maketrans(
    "过县众克难经济发展实现总额产结构优财认识问题农区亿员长业万会为",
    "過縣眾克難經濟發展實現總額產結構優財認識問題農區億員長業萬會為",
)
FORMS = {
    "plain": PLAIN,
    "page marks": PLAIN.replace("经济社会", "经济\n— 9 —\n社会").replace("新增就业", "新增\n- 10 -\n就业"),
    "spaced digits": PLAIN.replace("2.3万", "2 . 3万").replace("256.9", "2 5 6 . 9 "),
    "blanks and notes": PLAIN.replace("一、", "\u2002\xa0一、").replace("增长5.5%", "增长[1]5.5%"),
    "traditional": PLAIN.translate(TRADITIONAL),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_door_shows_what_the_run_saw(form: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(FORMS[form], "utf-8")
    document = llmx.read(path)
    result = llmx.extract(document)
    llmx.run(path, tmp_path / "run")
    saved = llmx.open_run(tmp_path / "run")

    assert result.sections == llmx.analyse(document).outline
    (summary,) = saved.reports
    page = report_data(list(saved.records()), document, saved.task, summary)
    assert [tuple(one) for one in page["unclaimed"]] == [
        (one.figure.start, one.figure.end, one.reason) for one in result.unclaimed
    ]
    assert [(start, role, year) for start, _, _, _, role, year in page["sections"]] == [
        (section.start, section.role, section.year) for section in result.sections
    ]
    assert _sections(open_side(tmp_path / "run", "run"), document) == result.sections
    printed = CliRunner().invoke(app, ["sections", str(path)]).stdout
    assert [int(start) for start in re.findall(r"^ *(\d+)–", printed, re.MULTILINE)] == [
        section.start for section in result.sections
    ]
    shown = {figure.start for passage in passages(Labelled(document, ())) for figure in passage.figures}
    assert shown == {figure.start for figure in llmx.analyse(document).stored_figures if figure.reason is None}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_a_text_changes_no_record(form: str) -> None:
    def told(text: str) -> list[tuple[object, ...]]:
        names = ("type", "year", "value", "base_value", "measure", "comparator", "kind")
        return [tuple(getattr(one, name, None) for name in names) for one in llmx.extract(text).records]

    assert told(FORMS[form]) == told(PLAIN)
    facts = llmx.extract(FORMS[form]).facts
    assert (facts.year, facts.kind, facts.level) == (2025, "work_report", "county")


def test_facts_of_a_traditional_report_stand_where_its_words_do() -> None:
    text = FORMS["traditional"]
    facts = llmx.extract(text).facts
    assert facts.place == "清河縣"
    for evidence in facts.evidence.values():
        assert text[evidence.start : evidence.end] == evidence.quote
    assert json.loads(facts.model_dump_json())["year"] == 2025
