"""A record type that the government task does not have: one class, and all rooms know it."""

from __future__ import annotations

import json
from typing import Literal

from endpoint import Endpoint, Reply

import llmx
from llmx.tasks.government.records import TYPES
from llmx.tasks.government.task import ReportTask

TEXT = """某县2025年政府工作报告
一、2024年工作回顾
地区生产总值增长5.4%。出台稳企惠企政策12条，发放稳岗补贴3200万元。
"""


class Policy(llmx.Record):
    """出台的一项政策。"""

    what: llmx.Said
    """什么政策"""
    sum: llmx.Figured | None = None
    """涉及的资金"""
    stage: llmx.Chosen[Literal["issued", "planned"]]
    """已出台或将出台"""


POLICIES = ReportTask("policies", (*TYPES, Policy))


def test_it_is_asked_for_and_comes_back_beside_the_others() -> None:
    answer = {
        "figures": [{"n": 1, "indicator": "地区生产总值"}],
        "recognitions": [],
        "projects": [],
        "problems": [],
        "exceptions": [],
        "policies": [{"quote": "发放稳岗补贴3200万元", "what": "稳岗补贴", "sum": 3, "stage": "issued"}],
    }
    with Endpoint(lambda body, number: Reply(text=json.dumps(answer, ensure_ascii=False))) as endpoint:
        result = llmx.extract(
            TEXT, "openai/any", base_url=endpoint.url, api_key="k", cache=None, passes=1, task=POLICIES
        )
    assert [one.indicator for one in result.achievements] == ["地区生产总值"]
    (policy,) = result.of(Policy)
    assert (policy.what, policy.sum.value, policy.sum.unit, policy.stage) == ("稳岗补贴", 3200, "万元", "issued")
    assert TEXT[policy.start : policy.end] == policy.quote


def test_its_words_go_into_the_prompt_and_the_others_stay_as_they_are() -> None:
    plain, more = llmx.open_task().asking, POLICIES.asking
    assert "出台的一项政策" in more.opening[0]["content"]
    assert more.opening[0]["content"].startswith(plain.opening[0]["content"])
    assert [one["content"] for one in more.opening if one["role"] == "user"] == [
        one["content"] for one in plain.opening if one["role"] == "user"
    ]
    answers = [json.loads(one["content"]) for one in more.opening if one["role"] == "assistant"]
    assert all(answer["policies"] == [] for answer in answers)
