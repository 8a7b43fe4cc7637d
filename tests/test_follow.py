"""Promises of one report followed into the next: joined, judged and written."""

from __future__ import annotations

import csv
import json
import re

import docx
import pyarrow.parquet
import pytest
from endpoint import Endpoint, Reply
from following import NAMES, reports, scored
from openpyxl import load_workbook
from typer.testing import CliRunner

import llmx
from llmx.cli.app import app
from llmx.records import proved
from llmx.tasks.government.alike import ROWS, has_one_head, likeness, named, status_named
from llmx.tasks.government.facts import continued
from llmx.tasks.government.judging import judged, lower_is_better, stage_judged, status_judged
from llmx.tasks.government.records import Achievement, Project, Target

NAMED = [
    (kind, example)
    for kind in ("action", "neutral", "same", "generic", "contrast")
    for row in ROWS[kind]
    for example in row["examples"]
]


@pytest.fixture(scope="module")
def scores():
    return {name: scored(name) for name in NAMES}


def test_pairs_are_right_and_most_are_found(scores):
    right, wrong, missed = (sum(getattr(one, name) for one in scores.values()) for name in ("right", "wrong", "missed"))
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.90


def test_right_pairs_are_judged_as_by_hand(scores):
    faults = [fault for one in scores.values() for fault in one.faults if fault.startswith("outcome")]
    assert [fault for fault in faults if "doubtful" not in fault and "not_mentioned, not" not in fault] == []


@pytest.mark.parametrize(("kind", "example"), NAMED)
def test_example_of_a_row(kind, example):
    promise, result, one = example
    found = likeness(named(promise), named(result))
    assert (found.score >= 0.9 or found.within) is one, (kind, found)


@pytest.mark.parametrize("example", [example for row in ROWS["part"] for example in row["examples"]])
def test_part_of_a_project_is_no_other_thing(example):
    assert has_one_head(named(example[0]), named(example[1])) is example[2]


@pytest.mark.parametrize("example", [example for row in ROWS["winning"] for example in row["examples"]])
def test_status_without_words_of_winning(example):
    assert (likeness(status_named(example[0]), status_named(example[1])).score == 1) is example[2]


def figure(kind, value, measure="growth", comparator="=", unit="%", **more):
    fields = {
        "id": str(value),
        "report": "r",
        "quote": "q",
        "kind": "quantified",
        "indicator": "地区生产总值",
        "model": "m",
    }
    return proved(
        kind,
        fields
        | {
            "value": value,
            "base_value": value,
            "base_unit": unit,
            "unit": unit,
            "measure": measure,
            "comparator": comparator,
        }
        | more,
    )


@pytest.mark.parametrize(
    ("target", "result", "outcome"),
    [
        ({"value": 6, "comparator": ">="}, 6, "met"),
        ({"value": 6, "comparator": ">="}, 6.5, "exceeded"),
        ({"value": 6, "comparator": ">"}, 6, "missed"),
        ({"value": 5, "comparator": "~"}, 4.6, "met"),
        ({"value": 5, "comparator": "~"}, 5.3, "met"),
        ({"value": 5, "comparator": "~"}, 4.2, "missed"),
        ({"value": 5, "value_max": 6, "comparator": "range"}, 5.4, "met"),
        ({"value": 5, "value_max": 6, "comparator": "range"}, 6.4, "exceeded"),
        ({"value": 5, "value_max": 6, "comparator": "range"}, 4.9, "missed"),
        ({"value": 3, "comparator": "<=", "indicator_id": "cpi"}, 0.3, "met"),
        ({"value": 3, "comparator": "~", "indicator_id": "cpi"}, 0.3, "met"),
        ({"value": 3, "comparator": "=", "indicator_id": "cpi"}, 3.4, "missed"),
        ({"value": -3, "comparator": ">=", "indicator_id": "energy_intensity"}, -3.2, "exceeded"),
        ({"value": -3, "comparator": "=", "indicator_id": "energy_intensity"}, -2.1, "missed"),
        ({"value": -3, "comparator": "=", "indicator_id": "energy_intensity"}, 1, "missed"),
    ],
)
def test_judged_by_comparator(target, result, outcome):
    assert judged(figure(Target, **target), figure(Achievement, result)).outcome == outcome


def test_completion_is_result_over_promise_and_none_under_a_ceiling():
    assert (
        judged(figure(Target, 40, "level", unit="个"), figure(Achievement, 30, "level", unit="个")).completion == 0.75
    )
    ceiling = figure(Target, 5.5, "level", "<=", indicator="城镇调查失业率")
    assert judged(ceiling, figure(Achievement, 5.1, "level")).completion is None


@pytest.mark.parametrize("example", [example for row in ROWS["lower"] for example in row["examples"]])
def test_less_is_better(example):
    assert lower_is_better(figure(Target, 1, indicator=example[0])) is example[2]


@pytest.mark.parametrize("example", [example for row in ROWS["disposed"] for example in row["examples"]])
def test_what_is_done_away_with_is_the_more_the_better(example):
    assert lower_is_better(figure(Target, 1, "level", indicator=example[0])) is not example[2]


@pytest.mark.parametrize("example", [example for row in ROWS["partway"] for example in row["examples"]])
def test_a_status_on_the_way_is_not_won(example):
    result = figure(Achievement, 1, quote=example[0])
    assert (status_judged(result).outcome == "missed") is example[2]


@pytest.mark.parametrize(
    ("promised", "reached", "outcome"),
    [
        ("started", "started", "met"),
        ("started", "preparation", "missed"),
        ("ongoing", "completed", "exceeded"),
        ("completed", "ongoing", "missed"),
    ],
)
def test_project_by_stage(promised, reached, outcome):
    first, second = (
        proved(
            Project,
            {"id": "1", "report": "r", "quote": "q", "name": "桥", "model": "m", "stage": stage, "status": "planned"},
        )
        for stage in (promised, reached)
    )
    assert stage_judged(first, second).outcome == outcome


def test_renamed_place_goes_on_and_merged_place_has_another_boundary():
    assert continued("431121", 2021, 2022) == ("431181", False)  # 祁阳县, 祁阳市
    assert continued("350402", 2021, 2022) == ("350404", True)  # 梅列区 in 三元区
    assert continued("330105", 2021, 2022) == ("330105", True)  # 拱墅区 took in 下城区
    assert continued("330105", 2022, 2023) == ("330105", False)
    assert continued("431121", 2020, 2021) == ("431121", False)


def text(place, year, review="", plan=""):
    return f"{place}{year}年政府工作报告\n——{year}年1月9日在{place}第五届人民代表大会第四次会议上\n\n各位代表：\n现在，我向大会报告工作。\n一、{year - 1}年工作回顾\n过去一年，{review}\n二、{year}年工作安排\n今年的主要预期目标是：{plan}\n"


def followed(plan, review, place="青溪县", next_place=None, next_plan="粮食产量32万吨。"):
    first = llmx.extract(llmx.read_text(text(place, 2021, "粮食产量31万吨。", plan), id="a"))
    second = llmx.extract(llmx.read_text(text(next_place or place, 2022, review, next_plan), id="b"))
    return llmx.follow(first, second)


def test_renamed_county_is_compared_and_merged_district_is_not():
    (row,) = followed("地区生产总值增长6%。", "地区生产总值增长6.2%。", "湖南省永州市祁阳县", "湖南省永州市祁阳市")
    assert row.outcome == "exceeded"
    (row,) = followed("地区生产总值增长6%。", "地区生产总值增长6.2%。", "福建省三明市梅列区", "福建省三明市三元区")
    assert (row.outcome, row.result) == ("not_comparable", 6.2)


def test_promise_repeated_by_the_next_report_is_no_result():
    (row,) = followed("新建口袋公园8个。", "粮食产量31万吨。", next_plan="新建口袋公园8个。")
    assert (row.outcome, row.result_id) == ("not_mentioned", None)
    assert "再次列为任务" in row.note


def test_what_is_told_in_words_alone_is_shown():
    plan = "居民消费价格涨幅3%左右。推进龙口抽水蓄能电站建设。"
    review = "粮食产量31万吨，居民消费价格与上年持平。龙口抽水蓄能电站首台机组并网发电。"
    prices, plant = followed(plan, review)
    assert [row.outcome for row in (prices, plant)] == ["doubtful", "doubtful"]
    assert prices.result_quote == "居民消费价格与上年持平"
    assert plant.result_quote == "龙口抽水蓄能电站首台机组并网发电"


def test_sum_of_five_years_does_not_stand_in_for_the_year():
    (row,) = followed("完成营造林40万亩。", "完成营造林任务43万亩。五年累计完成营造林210万亩。")
    assert (row.result, row.outcome) == (43, "exceeded")


def test_exact_figure_stands_before_a_round_one():
    (row,) = followed("高新技术企业突破3万家。", "高新技术企业突破3万家，高新技术企业达到3.05万家。")
    assert (row.result, row.outcome) == (3.05, "exceeded")


def test_words_that_no_other_name_has_tell_a_result():
    row, other = followed(
        "完成玻璃幕墙隐患改造100处，举办惠民演出90场。", "排查楼宇玻璃幕墙安全隐患114处，组织进社区惠民演出95场。"
    )
    assert (row.result, row.joined_by, other.result) == (114, "likeness", 95)


def test_part_and_whole_of_industry_are_not_compared():
    (row,) = followed("规模以上工业增加值增长7%。", "全部工业增加值增长6%。")
    assert (row.outcome, row.note) == ("not_comparable", f"口径不同：结果为{row.result_indicator}")


def test_other_period_is_not_compared():
    (row,) = followed("固定资产投资增长8%。", "前三季度，固定资产投资增长9%。")
    assert (row.outcome, row.result) == ("not_comparable", 9)


def test_one_result_meets_one_promise():
    rows = followed("新建口袋公园8个，新建城市口袋公园9个。", "建成口袋公园9个。").rows
    assert len([row for row in rows if row.result_id]) <= 1


def test_other_places_and_years_are_told():
    first = llmx.extract(llmx.read_text(text("青溪县", 2021, plan="粮食产量31万吨。"), id="a"))
    other = llmx.extract(llmx.read_text(text("白石县", 2022, plan="粮食产量31万吨。"), id="b"))
    found = llmx.follow(first, other)
    assert not found.rows
    assert found.alone == ("a: no report of 青溪县 for 2022 among the later ones",)


def test_quotes_stand_where_the_row_says():
    first, second = (path.read_text(encoding="utf-8") for path in reports("yunqiao"))
    for row in llmx.follow(*map(llmx.extract, reports("yunqiao"))):
        assert first[row.start : row.end] == row.quote
        assert row.result_quote is None or second[row.result_start : row.result_end] == row.result_quote


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "run"
    llmx.run([str(path) for name in ("hengchuan", "linhu", "yunqiao") for path in reports(name)], out)
    return out


def test_one_run_of_many_places_and_years_to_every_form(run, tmp_path):
    for suffix in ("xlsx", "docx", "html", "csv", "jsonl", "parquet"):
        done = CliRunner().invoke(app, ["follow", str(run), str(run), "--to", str(tmp_path / f"f.{suffix}")])
        assert done.exit_code == 0, done.output
        assert done.output.count("Not followed") == 3  # the last year of each place
    with open(tmp_path / "f.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["region"] for row in rows} == {"衡川市", "云桥县", "临湖区"}
    book = load_workbook(tmp_path / "f.xlsx")
    assert book.sheetnames[-2:] == ["table", "codebook"]
    assert book["table"].max_row == len(rows) + 1
    form = book[book.sheetnames[0]]
    assert [cell.value for cell in form[3]][:4] == ["序号", "目标任务", "指标", "目标值"]
    assert (form.page_setup.orientation, form.page_setup.paperSize) == ("landscape", 9)
    meanings = {line[0].value: line[2].value for line in book["codebook"].iter_rows(min_row=2)}
    assert list(meanings) == list(rows[0])
    assert all(meanings.values())
    paper = docx.Document(tmp_path / "f.docx")
    once = [row for row in rows if not row["repeats"]]
    assert len(paper.tables) == 3
    assert [cell.text for cell in paper.tables[0].rows[0].cells] == [cell.value for cell in form[3]]
    assert sum(row.cells[0].text.isdigit() for table in paper.tables for row in table.rows) == len(once)
    lines = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text(encoding="utf-8").splitlines()]
    columns = pyarrow.parquet.read_table(tmp_path / "f.parquet").to_pylist()
    for name in ("region", "outcome", "quote", "result_quote", "joined_by"):
        assert [line[name] or "" for line in lines] == [row[name] for row in rows]
        assert [line[name] or "" for line in columns] == [row[name] for row in rows]
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert page.count("<tr data-place=") == len(rows)
    assert not re.search(r"(?:src|href)=", page)


@pytest.mark.parametrize("suffix", ["html", "jsonl", "parquet"])
def test_foreign_file_is_kept_unless_forced(run, tmp_path, suffix):
    path = tmp_path / f"own.{suffix}"
    path.write_text("<p>mine</p>", encoding="utf-8")
    with pytest.raises(llmx.OutputError, match="--force"):
        llmx.follow(run, run, path)
    assert path.read_text(encoding="utf-8") == "<p>mine</p>"
    llmx.follow(run, run, path, force=True)
    llmx.follow(run, run, path)


PLAN = "完成绿美乡村建设1000个，更新老化管道900公里。"
REVIEW = "建成绿美村庄1120个，改造各类燃气等老旧管道1010公里，粮食产量31万吨。"


def answering(*pairs):
    """An endpoint that joins promises and results whose words are given, and a question that it was asked."""

    def script(body, number):
        asked = body["messages"][-1]["content"]
        numbers = [
            [re.search(rf"^\[(\d+)\] [^｜]*{word}", asked, re.M)[1] if isinstance(word, str) else word for word in pair]
            for pair in pairs
        ]
        found = [{"promise": int(one), "result": int(other)} for one, other in numbers]
        return Reply(text=json.dumps({"pairs": found}))

    return Endpoint(script)


def asked(endpoint, *texts, **given):
    first, second = (llmx.extract(llmx.read_text(one, id=id)) for id, one in zip("ab", texts, strict=True))
    settings = {"base_url": endpoint.url, "api_key": "none", "cache": None, "mode": "json_schema", "attempts": 1}
    return llmx.follow(first, second, model="openai/m", **settings | given)


TEXTS = (text("青溪县", 2021, plan=PLAN), text("青溪县", 2022, REVIEW, "粮食产量32万吨。"))


def test_a_model_settles_what_words_leave_open():
    with answering(("绿美乡村", "绿美村庄")) as endpoint:
        villages, pipes = asked(endpoint, *TEXTS)
    assert (villages.outcome, villages.result, villages.joined_by) == ("exceeded", 1120, "model")
    assert (pipes.outcome, pipes.result_id) == ("not_mentioned", None)
    assert "模型判为另一事项" in pipes.note
    (body,) = endpoint.bodies
    assert len(body["messages"]) == 1
    assert len(body["messages"][0]["content"]) < 800
    assert body["response_format"]["json_schema"]["strict"] is True


def test_a_model_cannot_invent_a_pair():
    with answering(("绿美乡村", 77), ("更新老化管道", "绿美村庄"), (1, 2)) as endpoint:
        found = asked(endpoint, *TEXTS)
    assert [row.result_id for row in found] == [None, None]


def test_without_an_answer_rules_stand_and_it_is_told():
    with Endpoint(lambda body, number: Reply(status=500, body={"error": {"message": "oops"}})) as endpoint:
        found = asked(endpoint, *TEXTS)
    assert {row.outcome for row in found} == {"doubtful"}
    assert len(found.unanswered) == 1
    assert found.unanswered[0].startswith("a: 2 promises stay doubtful")


def test_a_second_model_answers_for_the_first(tmp_path):
    with Endpoint(lambda body, number: Reply(refusal="no")) as first, answering(("绿美乡村", "绿美村庄")) as second:
        config = tmp_path / "llmx.toml"
        config.write_text(f'[providers.spare]\nbase_url = "{second.url}"\nmode = "json_schema"\n', encoding="utf-8")
        villages, _ = asked(first, *TEXTS, config=config, fallback="spare/m")
    assert (villages.result, first.count > 0, second.count) == (1120, True, 1)


def test_questions_are_cached_and_heard(tmp_path):
    calls = []
    with answering(("绿美乡村", "绿美村庄")) as endpoint:
        for _ in range(2):
            asked(endpoint, *TEXTS, cache=tmp_path, hooks=[calls.append])
    assert endpoint.count == 1
    assert [call.kind for call in calls if call.kind in ("attempt", "hit")] == ["attempt", "hit"]
    assert {call.purpose for call in calls} == {"match"}


def test_the_command_asks_a_model(tmp_path):
    for id, one in zip("ab", TEXTS, strict=True):
        (tmp_path / f"{id}.txt").write_text(one, encoding="utf-8")
    llmx.run([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")], tmp_path / "run")
    to, log = tmp_path / "f.csv", tmp_path / "log.jsonl"
    with answering(("绿美乡村", "绿美村庄")) as endpoint:
        given = [
            "--model",
            "own/m",
            "--base-url",
            endpoint.url,
            "--cache",
            str(tmp_path / "cache"),
            "--log-file",
            str(log),
        ]
        done = CliRunner().invoke(
            app, ["follow", str(tmp_path / "run"), str(tmp_path / "run"), "--to", str(to), *given]
        )
    assert done.exit_code == 0, done.output
    assert "1 requests" in done.output
    assert "match" in log.read_text(encoding="utf-8")
    with open(to, encoding="utf-8-sig", newline="") as file:
        assert [row["joined_by"] for row in csv.DictReader(file)] == ["model", ""]


def test_what_answers_no_questions_is_refused():
    with pytest.raises(llmx.errors.UnknownModel, match="no model named"):
        llmx.follow([], [], model="rules")
    with pytest.raises(llmx.UsageError, match="none to ask"):
        llmx.follow([], [], budget="1USD")


def test_unknown_suffix_is_refused_before_any_work():
    with pytest.raises(llmx.UsageError, match=r"\.xlsx, \.docx, \.html"):
        llmx.follow("nowhere", "nowhere", "f.doc")
