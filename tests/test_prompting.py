"""Prompts as data, and answers that become claims."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import llmx
from llmx.claims import Rejected
from llmx.errors import PromptError
from llmx.models.openai.modes import answer_schema
from llmx.pipeline import plan
from llmx.prompting import Question, doubts_of, first_question, load_prompt
from llmx.records import Record
from llmx.tasks.government import GOVERNMENT, ReportReading
from llmx.tasks.government.answer import Answer
from llmx.tasks.government.asking import FILES, ReportAsking
from llmx.tasks.government.unfold import unfold

PROMPTS = Path(__file__).parent.parent / "prompts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    return tmp_path / "prompts"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("chunk.md", "$year", "$jahr", r"unknown variables \['jahr'\]"),
        ("chunk.md", "$text", "", r"lacks the variables \['text'\]"),
        ("chunk.md", "$path", "$path $", r"write \$\$"),
        ("examples.toml", '"n":11', '"n":99', r"example 1: the answer names figures \[99\]"),
        ("examples.toml", '竣工凤凰小学",', '竣工凤凰中学",', "example 2: '竣工凤凰中学' is not in its text"),
        ("examples.toml", '"domain":"finance"', '"domain":"money"', "breaks the schema"),
        ("examples.toml", "[[examples]]", "[[beispiele]]", "no list of examples"),
    ],
)
def test_a_prompt_that_contradicts_itself_is_refused_before_anything_is_sent(
    folder: Path, name: str, old: str, new: str, message: str
) -> None:
    if "finance" in old:
        old, new = '"domain":"governance"', '"domain":"money"'
    change(folder / name, old, new)
    with pytest.raises(PromptError, match=message):
        ReportAsking(prompt=load_prompt(folder, FILES)).check()


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "second_look.md").unlink()
    with pytest.raises(PromptError, match=r"second_look\.md"):
        load_prompt(folder, FILES)


def test_the_examples_are_not_from_the_labelled_reports() -> None:
    reports = "".join(path.read_text("utf-8") for path in (Path(__file__).parent / "reports").glob("*.txt"))
    answers = [m["content"] for m in ReportAsking().opening if m["role"] == "assistant"]
    names = [name for answer in answers for project in json.loads(answer)["projects"] for name in project["names"]]
    assert names
    assert not [name for name in names if name in reports]


def question(text: str) -> Question:
    document = llmx.read_text(text, id="a")
    with llmx.Extractor("m", base_url="http://127.0.0.1:9/v1", api_key="k", cache=None) as extractor:
        *_, chunk = plan(document, extractor.model).chunks
    return first_question(GOVERNMENT.asking, chunk)


def said(**parts: object) -> Answer:
    empty = {"figures": [], "recognitions": [], "projects": [], "problems": [], "exceptions": []}
    return Answer.model_validate(empty | parts)


def read(asked: Question, **parts: object) -> tuple[ReportReading, list[str]]:
    """What an answer claims, and what of it is to be asked about again."""
    reading = GOVERNMENT.asking.unpacked(said(**parts), asked)
    return reading, [*doubts_of(reading, asked.chunk, GOVERNMENT.asking).values()]


def finished(text: str, **parts: object) -> tuple[list[Record], list[Rejected]]:
    """The records of an answer about a text, and what is none."""
    asked = question(text)
    return GOVERNMENT.finish(read(asked, **parts)[0], asked.chunk, llmx.analyse(llmx.read_text(text, id="a")), "m")


def test_marks_that_a_model_copies_into_a_quote_are_taken_out() -> None:
    asked = question("一、2023年工作回顾\n清河、白石水库分别完成总工程量的65%、30%，云雾村入选中国传统村落［1］。")
    works = {
        "quote": "清河、白石水库分别完成总工程量的[1]65%、[2]30%",
        "stage": "ongoing",
        "names": ["清河水库", "白石水库"],
    }
    reading, doubts = read(asked, projects=[works])
    assert not doubts
    assert [claim.quote for claim in reading.projects] == [
        "清河、白石水库分别完成总工程量的65%、30%",
        "白石水库分别完成总工程量的65%、30%",
    ]


def test_what_a_report_has_of_its_own_is_not_taken_for_a_mark_or_a_heading_of_ours() -> None:
    asked = question("一、2023年工作回顾\n详见附件\n[2]号工程完工，增长6.2%。\n年份：2035\n县医院[7]搬迁。")
    (message,) = asked.closing
    assert re.findall(r"\[\d+\]", message["content"]) == [f"[{number}]" for number in asked.marks]
    assert message["content"].count("年份：") == 1
    works = [
        {"quote": "[2]号工程完工", "stage": "completed", "names": ["［2］号工程"]},
        {"quote": "年份:2035\n县医院搬迁", "stage": "ongoing", "names": ["县医院"]},
    ]
    reading, _ = read(asked, projects=works)
    assert reading.projects[0].quote == "[2]号工程完工"
    assert not reading.projects[0].doubted


@pytest.mark.parametrize(
    ("indicator", "doubted"),
    [
        ("地区生产总值", False),
        ("500人以上村通客车率", False),
        ("森林覆盖率58", False),
        ("1,200户搬迁", False),
        ("2023年地区生产总值", False),
        ("地区生产总值99999亿元", True),
        ("第5次获奖", True),
    ],
)
def test_a_number_that_the_text_does_not_have_makes_the_models_own_words_doubtful(
    indicator: str, doubted: bool
) -> None:
    asked = question(
        "一、2023年工作回顾\n500人以上村通客车率90%，森林覆盖率达到百分之五十八，1200户搬迁，地区生产总值增长6.2%。"
    )
    reading, doubts = read(asked, figures=[{"n": 1, "indicator": indicator}])
    assert [claim.doubted for claim in reading.figures] == [indicator * doubted]
    assert doubts == [""] * doubted  # its mark alone is asked about again


def test_a_year_that_nothing_bears_out_is_left_to_code_and_a_name_that_is_not_the_texts_is_doubted() -> None:
    asked = question("一、2023年工作回顾\n到“十四五”末新建学校3所，去年为2所，2035年为9所，开工建设清河大桥。")
    years = [2025, 2022, 2035, 1999]
    figures = [{"n": n, "indicator": "新建学校"} for n in (1, 2, 3)]
    told = []
    for year in years:
        exceptions = [{"n": 1, "type": None, "year": year, "scope": None}]
        told.append(read(asked, figures=figures, exceptions=exceptions)[0].figures[0].year)
    assert told == [2025, 2022, 2035, None]
    works = {"quote": "开工建设清河大桥", "stage": "started", "names": ["清河大桥", "月球基地"]}
    reading, doubts = read(asked, projects=[works])
    assert [claim.doubted for claim in reading.projects] == ["", "月球基地"]
    assert ["月球基地" in doubt for doubt in doubts] == [True]


def test_a_problem_with_a_figure_is_told_by_its_figure_alone() -> None:
    asked = question("一、2023年工作回顾\n存在的问题：财政增收难，投资增速低于预期目标2.4个百分点。")
    problems = [
        {"quote": "财政增收难", "domain": "finance"},
        {"quote": "投资增速低于预期目标2.4个百分点", "domain": "economy"},
    ]
    figures = [{"n": 1, "indicator": "投资增速低于预期目标"}]
    reading, _ = read(asked, problems=problems, figures=figures)
    assert [claim.quote for claim in reading.problems] == ["财政增收难"]
    assert [(claim.type, claim.domain) for claim in reading.figures] == [("problem", "economy")]


def test_an_exception_carries_type_year_and_scope() -> None:
    asked = question("二、2024年重点工作\n力争全市经济增长6%，去年为5%。")
    exceptions = [
        {"n": 1, "type": None, "year": None, "scope": "全市"},
        {"n": 2, "type": "achievement", "year": 2023, "scope": None},
    ]
    figures = [{"n": 1, "indicator": "经济增长"}, {"n": 2, "indicator": "经济增长"}]
    reading, _ = read(asked, figures=figures, exceptions=exceptions)
    assert [(c.type, c.year, c.scope) for c in reading.figures] == [
        ("target", None, "全市"),
        ("achievement", 2023, None),
    ]


def test_an_investment_is_its_projects_amount_and_no_record_of_its_own() -> None:
    text = "一、2023年工作回顾\n总投资8亿元的清河大桥开工建设。"
    works = {"quote": "清河大桥开工建设", "stage": "started", "names": ["清河大桥"]}
    (project,), _ = finished(text, projects=[works], figures=[{"n": 1, "indicator": "总投资"}])
    assert (project.type, project.amount, project.amount_unit) == ("project", 8, "亿元")


@pytest.mark.parametrize(
    ("quote", "names", "parts"),
    [
        ("开工甲大桥、乙水厂", ["甲大桥", "乙水厂"], ["开工甲大桥", "开工甲大桥、乙水厂"]),
        ("甲大桥、乙水厂建成", ["甲大桥", "乙水厂"], ["甲大桥、乙水厂建成", "乙水厂建成"]),
        ("推进甲隧道、乙路等项目建设", ["甲隧道", "乙路"], ["推进甲隧道、乙路等项目建设"] * 2),
        ("建成甲山、乙山水库", ["甲山水库", "乙山水库"], ["建成甲山、乙山水库"] * 2),
        ("宁东、宁西高铁前期推进", ["宁东高铁", "宁西高铁"], ["宁东、宁西高铁前期推进", "宁西高铁前期推进"]),
        (
            "推动甲高铁通车，乙枢纽、丙路建成",
            ["甲高铁", "乙枢纽", "丙路"],
            ["推动甲高铁通车", "乙枢纽、丙路建成", "丙路建成"],
        ),
        ("甲高铁，乙枢纽建成投用", ["甲高铁", "乙枢纽"], ["甲高铁，乙枢纽建成投用", "乙枢纽建成投用"]),
        ("推进建设", ["完全不同"], ["推进建设"]),
    ],
)
def test_a_list_of_projects_unfolds_into_shortest_quotes(quote: str, names: list[str], parts: list[str]) -> None:
    assert [part for _, part in unfold(quote, names)] == parts


@pytest.mark.parametrize(
    ("text", "quote", "names", "kept"),
    [
        ("打造龙河、沿柳江最美风景带。", "打造龙河、沿柳江最美风景带", ["龙河最美风景带", "沿柳江最美风景带"], []),
        ("做强柳明食材产业园。", "做强柳明食材产业园", ["柳明食材产业园"], []),
        ("围绕打造柳明食材产业园，策划一批项目。", "打造柳明食材产业园", ["柳明食材产业园"], []),
        ("编制柳明老城改造项目方案。", "编制柳明老城改造项目", ["柳明老城改造项目"], []),
        ("打造柳明食材产业园，围绕产业链招商。", "打造柳明食材产业园", ["柳明食材产业园"], ["柳明食材产业园"]),
        ("加快柳明老城改造项目建设。", "加快柳明老城改造项目建设", ["柳明老城改造项目"], ["柳明老城改造项目"]),
    ],
)
def test_what_is_not_being_built_is_no_project(text: str, quote: str, names: list[str], kept: list[str]) -> None:
    works = {"quote": quote, "stage": "ongoing", "names": names}
    records, rejected = finished(text, projects=[works])
    assert [record.name for record in records] == kept
    assert [one.name for one in rejected] == [name for name in names if name not in kept]


def test_the_schema_that_is_sent_is_what_strict_mode_takes() -> None:
    schema = answer_schema(Answer)
    objects = [schema, *schema["$defs"].values()]
    for one in objects:
        assert one["additionalProperties"] is False
        assert set(one["required"]) == set(one["properties"])
    for one in objects:
        for name, field in one["properties"].items():
            kinds = [kind.get("type") for kind in field.get("anyOf", [])]
            assert not kinds or (len(kinds) == 2 and "null" in kinds), f"{name} is an open union"
            assert field["description"]
    assert len(json.dumps(schema, ensure_ascii=False)) < 2500
