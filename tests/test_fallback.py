"""A second model for what the first refuses or fails."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint, Reply, question_of

import llmx
from llmx.errors import UsageError

REPORT = Path(__file__).parent / "reports" / "qianjiang-2025.txt"
TEXT = """2024年政府工作报告

一、2023年工作回顾

地区生产总值增长6.2%，一般公共预算收入12亿元。清河大桥建成通车。

二、2024年重点工作

新改建农村公路120公里，培育规上企业9家。
"""


class Two:
    """Two endpoints, the second named in a llmx.toml."""

    def __init__(self, folder: Path, first: Any, second: Any = None) -> None:
        self.folder, self.first, self.second = folder, Endpoint(first), Endpoint(second)

    def __enter__(self) -> Two:
        self.first.__enter__()
        self.second.__enter__()
        config = self.folder / "llmx.toml"
        config.write_text(f'[providers.spare]\nbase_url = "{self.second.url}"\nmode = "tools"\nseed = 3\n')
        self.options: dict[str, Any] = {
            "base_url": self.first.url, "api_key": "sk-of-the-first", "cache": self.folder / "cache", "config": config,
            "fallback": "spare/second", "attempts": 1, "seed": 9,
        }  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self.first.__exit__()
        self.second.__exit__()


def refuses(word: str) -> Any:
    return lambda body, number: Reply(refusal="no") if word in question_of(body) else Reply()


def dead(status: int) -> Any:
    return lambda body, number: Reply(status=status, body={"error": {"message": "no"}})


def document() -> llmx.Document:
    return llmx.read_text(TEXT, id="short")


def models(result: llmx.Result) -> Counter[str]:
    return Counter(record.model for record in result.records)


def test_what_the_first_refuses_is_asked_of_the_second_and_records_say_whose_they_are(tmp_path: Path) -> None:
    with Two(tmp_path, refuses("农村公路")) as two:
        result = llmx.extract(document(), "m", **two.options)
        again = llmx.extract(document(), "m", **two.options)
    assert not result.failures
    assert models(result) == {"openai/m": 2, "spare/second": 2}
    assert {record.indicator for record in result.targets} == {"新改建农村公路", "培育规上企业"}
    assert again.records == result.records
    assert two.second.keys == {"none"}, "the first one's key went to the second"
    body = two.second.bodies[0]
    assert (body["model"], body["seed"], "tools" in body) == ("second", 3, True)


@pytest.mark.parametrize("script", [dead(500), dead(400), dead(401)])
def test_a_first_model_that_answers_nothing_costs_nothing_but_its_calls(script: Any, tmp_path: Path) -> None:
    with Two(tmp_path, script) as two:
        manifest = llmx.run(REPORT, tmp_path / "run", "m", **two.options).manifest
        lines = [json.loads(line) for line in (tmp_path / "run" / "ledger.jsonl").read_text("utf-8").splitlines()]
    assert manifest.failures == 0
    assert manifest.records["achievement"] > 50
    assert manifest.settings["fallback"]["model"] == "spare/second"
    asked = Counter(line["model"] for line in lines)
    assert asked["spare/second"] == len(two.second.bodies)
    assert asked["openai/m"] == len(two.first.bodies)


def test_what_neither_answers_is_a_failure_that_names_both(tmp_path: Path) -> None:
    with Two(tmp_path, refuses("农村公路"), dead(500)) as two:
        (result,) = llmx.extract_many([document()], "m", **two.options)
    assert models(result) == {"openai/m": 2}
    messages = [failure.message for failure in result.failures]
    assert all("refusal" in one and "spare/second" in one for one in messages)
    places = [TEXT[failure.start : failure.end] for failure in result.failures]
    assert "农村公路" in "".join(places)


def test_a_second_look_that_fails_is_read_anew_by_the_second_and_nothing_is_said_twice(tmp_path: Path) -> None:
    works = [{"quote": "清河大桥已经建成并通车", "stage": "completed", "names": ["清河大桥"]}]
    empty = {"figures": [], "recognitions": [], "projects": [], "problems": [], "exceptions": []}

    def first(body: dict[str, Any], number: int) -> Reply:
        if "再看一眼" in question_of(body):
            return Reply(status=500, body="{}")
        return Reply(text=json.dumps(empty | {"projects": works if "清河大桥" in question_of(body) else []}))

    def second(body: dict[str, Any], number: int) -> Reply:
        found = [{"quote": "清河大桥建成通车", "stage": "completed", "names": ["清河大桥"]}]
        figures = [{"n": 1, "indicator": "地区生产总值"}, {"n": 2, "indicator": "一般公共预算收入"}]
        mine = "清河大桥" in question_of(body)
        return Reply(text=json.dumps(empty | ({"projects": found, "figures": figures} if mine else {})))

    with Two(tmp_path, first, second) as two:
        result = llmx.extract(document(), "m", **two.options)
    assert [(project.model, project.grounding) for project in result.projects] == [("spare/second", "exact")]


def test_a_budget_is_that_of_both(tmp_path: Path) -> None:
    with Two(tmp_path, lambda body, number: Reply(refusal="no")) as two:
        (result,) = llmx.extract_many([REPORT], "m", **two.options, budget="40000tokens", concurrency=1)
        total = sum(len(str(body["messages"])) for body in [*two.first.bodies, *two.second.bodies])
    assert "BudgetError" in {failure.error for failure in result.failures}
    assert total < 200_000


def test_a_fallback_that_is_none_is_said_at_once(tmp_path: Path) -> None:
    with Two(tmp_path, None) as two, pytest.raises(llmx.LlmxError, match="nobody/m"):
        llmx.extract(document(), "m", **two.options | {"fallback": "nobody/m"})
    assert not two.first.bodies
    with pytest.raises(UsageError, match="fallback"):
        llmx.extract(document(), fallback="spare/m")
