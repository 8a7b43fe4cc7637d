"""Figures that no record holds say why."""

import llmx
from llmx.audit import audit


def test_a_figure_of_the_glossary_says_so_and_a_date_there_stays_a_date() -> None:
    report = "地区生产总值增长6%，税收3亿元。\n"
    terms = "名词解释\n绿色工厂：2024年单位能耗低于20%的企业。\n"
    text = report + terms + "附表：投资5亿元。"
    figures = llmx.find_figures(text)
    claimed = {record.figure_start for record in llmx.extract(llmx.read_text(report)).records if record.value == 6}
    assert len(claimed) == 1
    unclaimed = audit(figures, claimed, [(len(report), len(report + terms))])
    assert [(one.figure.text, one.reason) for one in unclaimed] == [
        ("3亿元", None),
        ("2024年", "date"),
        ("20%", "glossary"),
        ("5亿元", None),
    ]
    assert [one.reason for one in audit(figures, claimed)] == [None, "date", None, None]
