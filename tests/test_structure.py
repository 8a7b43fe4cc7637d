"""No report flips: tense and year are right, whatever has become of its form."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from corruptions import ALL
from endpoint import Endpoint, Reply, question_of

import llmx
from llmx.sections import Step, best_path, narrow, section_at
from llmx.tasks.government.structure.evidence import ANYWHERE, HEADING, OPENING, STATES

HERE = Path(__file__).parent
REPORTS = ("qianjiang-2025", "youyang-2025", "yunyang-2024")


@pytest.mark.parametrize("corruption", ALL)
@pytest.mark.parametrize("report", REPORTS)
def test_a_corrupted_report_keeps_tense_and_year(report: str, corruption: str) -> None:
    text, moved = ALL[corruption]((HERE / "reports" / f"{report}.txt").read_bytes().decode())
    sections = llmx.analyse(llmx.read_text(text)).outline
    labels = [json.loads(line) for line in (HERE / "labels" / f"{report}.jsonl").read_text("utf-8").splitlines()]
    kept = wrong = 0
    for label in labels:
        start, end = moved[label["start"]], moved[label["end"]]
        if label["type"] not in ("target", "achievement") or start == end:
            continue
        section = section_at(sections, start)
        expected = label["type"] == "target", label["year"]
        # A year that the figure's own sentence names (到2027年) is no section's.
        named = str(label["year"]) in text[max(0, start - 40) : end]
        right = section.planned == expected[0] and (section.year == expected[1] or named)
        kept, wrong = kept + right, wrong + (not right)
    assert kept / (kept + wrong) >= 0.99
    assert kept > 100


# Invented, each in the form of a fault that a report in the field had: the text, and for words of it the type of record
# and the year. {review} and {plan} are the same paragraphs throughout.
REVIEW = (
    "地区生产总值增长6.1%，一般公共预算收入完成12亿元。\n全年新建农村公路120公里，新增就业5300人，获评省级卫生县城。\n"
    "城乡面貌持续改善，建成污水管网30公里，改造老旧小区11个。\n"
)
PLAN = (
    "培育规上企业9家，新改建农村公路80公里以上。\n加快推进清河水库建设，力争完成投资3亿元。\n"
    "深入实施就业优先战略，新增城镇就业4000人以上。\n"
)
GOALS = "经济社会发展主要预期目标是：地区生产总值增长5.5%左右，固定资产投资增长7%以上。\n"
TITLE = "清河县政府工作报告\n——2025年1月9日在清河县第十届人民代表大会第五次会议上\n县长 李明\n各位代表：\n现在，我代表县人民政府向大会报告工作，请予审议。\n"
TROUBLE = "同时，我们也清醒地认识到，发展中还有不少困难和问题，主要是：产业结构不优，财政收支矛盾突出，民生短板较多。\n"


def found(text: str, words: str) -> tuple[str, int | None]:
    analysis = llmx.analyse(llmx.read_text(text))
    section = section_at(analysis.outline, text.index(words))
    if section.role in ("problems", "glossary"):
        return section.role, section.year
    return "target" if section.planned else "achievement", section.year


FORMS = {
    "headings that name the reviewed year without 回顾": f"{TITLE}一、2024年主要工作\n{REVIEW}{TROUBLE}二、2025年主要工作\n{GOALS}{PLAN}",
    "去年 in a heading": f"{TITLE}一、去年主要工作\n{REVIEW}{TROUBLE}二、今年工作安排\n{GOALS}{PLAN}",
    "a later year under the review": f"{TITLE}第一部分 工作回顾\n一、2024年工作\n{REVIEW}二、2025年工作总体要求和主要目标任务\n{GOALS}{PLAN}",
    "a plan after the problems without a heading": f"{TITLE}一、2024年工作回顾\n{REVIEW}{TROUBLE}今年，我们要坚持稳中求进。{GOALS}{PLAN}",
    "one telling deep heading": f"{TITLE}（一）综合实力稳步提升\n{REVIEW}（九）民生实事办结销号\n{REVIEW}{TROUBLE}新的一年，我们要坚持稳中求进。{GOALS}（一）聚力产业升级\n{PLAN}",
    "发展环境 as a heading inside the plan": f"{TITLE}一、2024年工作回顾\n{REVIEW}二、2025年工作安排\n{GOALS}（一）持续优化发展环境\n{PLAN}",
    "no title": f"一、2024年工作回顾\n{REVIEW}{TROUBLE}二、2025年工作安排\n{GOALS}{PLAN}",
    "neither title nor upper headings": f"2024年，我们攻坚克难。{REVIEW}{TROUBLE}2025年是“十四五”规划收官之年。做好2025年工作，{GOALS}{PLAN}",
    "known by an anniversary alone": f"过去一年，我们攻坚克难。{REVIEW}{TROUBLE}今年是“十四五”规划的收官之年。今年全县{GOALS}{PLAN}",
    "an admission in other words": f"{TITLE}一、2024年工作回顾\n{REVIEW}当前，我县经济社会发展还存在一些困难问题：产业结构不优，财政收支矛盾突出。\n二、下一步工作打算\n{GOALS}{PLAN}",
    "an en space before the headings": f"{TITLE}\u2002一、2024年工作回顾\n{REVIEW}\u202f二、2025年工作安排\n\u2002\u2002{GOALS}{PLAN}",
    "an annex after the notes on words": f"{TITLE}一、2024年工作回顾\n{REVIEW}二、2025年工作安排\n{GOALS}各位代表！让我们团结奋斗！\n名词解释\n1.双碳：是指碳达峰和碳中和。\n2025年10件惠民实事\n{PLAN}",
    "background in a clause of the review": f"{TITLE}一、2024年工作回顾\n面对多重困难和挑战，我们迎难而上。{REVIEW}二、2025年工作安排\n{GOALS}{PLAN}",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_report_of_any_form_has_its_tense_and_year(form: str) -> None:
    text = FORMS[form]
    assert found(text, "12亿元") == ("achievement", 2024)
    assert found(text, "改造老旧小区") == ("achievement", 2024)
    assert found(text, "5.5%左右") == ("target", 2025)
    assert found(text, "4000人") == ("target", 2025)
    if "财政收支矛盾" in text:
        assert found(text, "财政收支矛盾") == ("problems", 2024)


@pytest.mark.parametrize("form", FORMS)
def test_and_so_it_has_without_line_ends(form: str) -> None:
    text = re.sub(r"\s*\n\s*", "", FORMS[form])
    assert found(text, "改造老旧小区") == ("achievement", 2024)
    assert found(text, "4000人") == ("target", 2025)


def test_the_lost_heading_of_a_plan_costs_no_target() -> None:
    whole = f"{TITLE}一、2024年工作回顾\n{REVIEW}{TROUBLE}二、2025年工作安排\n{GOALS}{PLAN}"
    lost = whole.replace("二、2025年工作安排\n", "")
    told = [
        [(one.type, getattr(one, "year", None), one.quote) for one in llmx.extract(text).records]
        for text in (whole, lost)
    ]
    assert told[0] == told[1]
    assert sum(type == "target" for type, *_ in told[0]) >= 5


def test_a_bulletin_that_admits_something_reports_on() -> None:
    text = (
        "清河县2024年国民经济和社会发展统计公报\n一、综合\n全年地区生产总值增长6.1%。经济发展中仍存在一些困难和问题。\n"
        "二、农业\n粮食产量12万吨，增长3%。\n三、工业\n规上工业增加值增长8%，达到45亿元。\n四、投资\n固定资产投资增长7%。\n"
    )
    assert [found(text, words)[0] for words in ("12万吨", "45亿元", "增长7%")] == ["achievement"] * 3


def test_a_sentence_that_tells_its_own_tense_outweighs_its_section() -> None:
    text = f"{TITLE}一、2024年工作回顾\n{REVIEW}综合考虑，{GOALS}{REVIEW.replace('12', '13').replace('11个', '15个')}二、2025年工作安排\n{PLAN}"
    assert found(text, "5.5%左右") == ("target", 2025)
    assert found(text, "13亿元") == ("achievement", 2024)
    assert found(text, "老旧小区15个") == ("achievement", 2024)


def test_a_text_that_is_there_twice_is_read_twice() -> None:
    text = f"{TITLE}一、2024年工作回顾\n{REVIEW}{TROUBLE}二、2025年工作安排\n{GOALS}{PLAN}各位代表！让我们团结奋斗！\n"
    second = text.replace("12亿元", "14亿元").replace("4000人", "4500人")
    assert found(f"{text}\n{second}", "14亿元") == ("achievement", 2024)
    assert found(f"{text}\n{second}", "4500人") == ("target", 2025)


def test_a_year_that_nothing_tells_is_none() -> None:
    text = f"过去一年，我们攻坚克难。{REVIEW}{TROUBLE}新的一年，我们要坚持稳中求进。{GOALS}{PLAN}"
    assert found(text, "12亿元") == ("achievement", None)
    assert found(text, "4000人") == ("target", None)


def test_what_the_caller_knows_goes_before_what_the_text_says() -> None:
    text = f"过去一年，我们攻坚克难。{REVIEW}{TROUBLE}新的一年，我们要坚持稳中求进。{GOALS}{PLAN}"
    known = llmx.Known(year=2019, kind="work_report", place="重庆市云阳县")
    result = llmx.extract(llmx.read_text(text), known=known)
    assert {record.year for record in result.targets} == {2019}
    assert {record.year for record in result.achievements} == {2018}
    assert (result.facts.place, result.facts.code, result.facts.level) == ("重庆市云阳县", "500235", "county")
    assert not result.facts.evidence.keys() & {"year", "kind", "place", "code"}


def test_a_table_says_what_is_known_of_each_row(tmp_path: Path) -> None:
    body = f"过去一年，我们攻坚克难。{REVIEW}新的一年，我们要坚持稳中求进。{GOALS}{PLAN}".replace("\n", "")
    table = tmp_path / "reports.csv"
    table.write_text(f"text,年份,place\n{body},2018年,云阳县\n{body},,\n{body},18,\n", "utf-8")
    manifest = llmx.run(table, tmp_path / "out", column="text", known=llmx.Known(year=2022)).manifest
    assert [one.facts["year"] for one in manifest.inputs] == [2018, 2022]
    assert [one.facts["place"] for one in manifest.inputs] == ["云阳县", None]
    (failure,) = (tmp_path / "out" / "failures.jsonl").read_text("utf-8").splitlines()
    assert "'18'" in json.loads(failure)["message"]


@pytest.mark.parametrize("wrong", [{"year": 25}, {"kind": "bulletin"}])
def test_what_no_report_can_be_is_refused(wrong: dict) -> None:
    with pytest.raises(llmx.UsageError, match=repr(next(iter(wrong.values())))):
        llmx.Known(**wrong)


def test_parts_that_were_decided_by_little_are_named() -> None:
    plain = llmx.analyse(llmx.read_text(f"{TITLE}一、2024年工作回顾\n{REVIEW}二、2025年工作安排\n{GOALS}{PLAN}"))
    assert not [section for section in narrow(plain.outline) if section.role in ("review", "plan", "goals")]
    doubtful = llmx.analyse(llmx.read_text("各项事业全面进步。\n要继续努力。\n"))
    assert narrow(doubtful.outline)


@pytest.mark.parametrize("row", [*OPENING, *ANYWHERE, *HEADING], ids=lambda row: row.name)
def test_each_row_is_found_in_its_example(row) -> None:
    from llmx.tasks.government.structure.headings import find_headings
    from llmx.tasks.government.structure.roles import telling
    from llmx.tasks.government.structure.weighing import weighed
    from llmx.tasks.government.structure.years import Years

    def scores(text: str) -> list[float]:
        stretches = weighed(text, find_headings(text, telling), Years(2024, 2025))
        return [sum(one.step.scores[state] for one in stretches) for state in range(len(STATES))]

    bare = scores(re.sub("[一-龥“”]", "无", row.example))
    for state, weight in row.weights.items():
        assert scores(row.example)[state] >= bare[state] + min(weight, 0.2), STATES[state]


def test_the_best_path_is_the_best_of_all_paths() -> None:
    """Against every path of a short sequence, counted out."""
    steps = [
        Step((0.0, 1.0, 0.3), (0.0, 0.5, 0.2)),
        Step((0.6, 0.0, 0.9), (1.0, 0.1, 0.0)),
        Step((2.0, 0.2, 0.0), (0.3, 0.3, 0.3)),
    ]
    turns = {(0, 1): 0.4, (1, 2): 0.1, (2, 0): 0.7, (0, 2): 1.5}
    first = (0.2, 0.9, 0.0)

    def worth(path: tuple[int, ...]) -> float:
        total = steps[0].scores[path[0]] - first[path[0]]
        for before, state, step in zip(path, path[1:], steps[1:], strict=False):
            if state != before and (before, state) not in turns:
                return float("-inf")
            total += step.scores[state] - (turns[before, state] + step.costs[state] if state != before else 0.0)
        return total

    best = max(product(range(3), repeat=3), key=worth)
    path = best_path(steps, first, turns, (0, 1, 2))
    assert tuple(path.states) == best
    assert path.total == pytest.approx(worth(best))
    for at, margin in enumerate(path.margins):
        other = max(worth(one) for one in product(range(3), repeat=3) if one[at] != best[at])
        assert margin == pytest.approx(worth(best) - other)


DOUBTFUL = "各项事业全面进步。\n要继续努力，新增就业500人，建成公路12公里。\n"


def test_what_was_decided_by_little_is_settled_by_one_short_question(tmp_path: Path) -> None:
    def script(body: dict, number: int) -> Reply:
        if "提纲" in body["messages"][-1]["content"]:
            told = [
                {"n": int(n), "type": "target", "year": 2026, "scope": None}
                for n in re.findall(r"\[(\d+)\]", question_of(body))
            ]
            return Reply(
                text=json.dumps({"figures": [], "recognitions": [], "projects": [], "problems": [], "exceptions": told})
            )
        return Reply()

    text = llmx.read_text(DOUBTFUL, id="doubtful")
    with Endpoint(script) as endpoint:
        options = {"base_url": endpoint.url, "api_key": "k", "cache": tmp_path / "cache"}
        manifest = llmx.run(text, tmp_path / "run", "m", **options).manifest
        asked = [question_of(body) for body in endpoint.bodies]
        again = llmx.extract(text, "m", **options)
        once = llmx.extract(text, "m", **options, passes=1)
        paid = len(endpoint.bodies)
    assert sum("提纲" in one for one in asked) == 1
    assert {(record.type, record.year) for record in again.records} == {("target", 2026)}
    assert {record.type for record in once.records} == {"achievement"}
    assert paid == len(asked) + 1  # without the outline the question about the chunk is another one
    purposes = [
        json.loads(line)["purpose"] for line in (tmp_path / "run" / "ledger.jsonl").read_text("utf-8").splitlines()
    ]
    assert purposes.count("outline") == 1
    assert manifest.inputs[0].narrow == []


def test_a_plain_report_costs_no_question_about_its_outline() -> None:
    with Endpoint() as endpoint:
        llmx.extract(HERE / "reports" / "qianjiang-2025.txt", "m", base_url=endpoint.url, api_key="k", cache=None)
    assert not [body for body in endpoint.bodies if "提纲" in question_of(body)]


def test_an_outline_that_gets_no_answer_stays_as_it_was_decided() -> None:
    def script(body: dict, number: int) -> Reply:
        return Reply(status=400, text="no") if "提纲" in question_of(body) else Reply()

    with Endpoint(script) as endpoint:
        result = llmx.extract(llmx.read_text(DOUBTFUL), "m", base_url=endpoint.url, api_key="k", cache=None, attempts=1)
    assert len(result.records) == 2
    assert not result.failures
