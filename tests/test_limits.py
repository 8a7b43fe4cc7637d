"""What a model's endpoint bears: found while it is asked, and kept."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint, Reply

import llmx
from llmx.calls import Usage
from llmx.errors import BudgetError, UsageError
from llmx.models import ModelOptions
from llmx.models.openai.endpoints import find_endpoint
from llmx.models.openai.limits import START, AdaptiveLimit
from llmx.models.openai.money import Budget, cost_of
from llmx.models.openai.waits import exhausted, retry_after

REPORT = Path(__file__).parent / "reports" / "qianjiang-2025.txt"


def test_the_limit_doubles_a_round_until_it_is_cut_and_then_grows_by_one() -> None:
    async def grow() -> list[float]:
        limit, seen = AdaptiveLimit(64), []
        for _ in range(3):
            for _ in range(int(limit.limit)):
                limit.succeeded()
            seen.append(limit.limit)
        began = limit.now()
        limit.limited(began, None)
        limit.limited(began - 1, None)  # sent before the cut: it says nothing new
        seen.append(limit.limit)
        for _ in range(int(limit.limit)):
            limit.succeeded()
        seen.append(limit.limit)
        limit.failed()
        limit.succeeded()
        return [*seen, limit.limit]

    doubled, cut, grown, resting = (lambda s: (s[:3], s[3], s[4], s[5]))(asyncio.run(grow()))
    assert doubled == [2 * START, 4 * START, 8 * START]
    assert cut == 4 * START
    assert cut + 0.9 < grown < cut + 1.1
    assert resting == grown, "it grew right after a server error"


def test_an_allowance_that_the_headers_say_is_used_up_is_waited_for() -> None:
    times: list[float] = []

    def script(body: dict[str, Any], number: int) -> Reply:
        times.append(time.monotonic())
        used_up = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "500ms"}
        return Reply(headers=used_up if number == 0 else {})

    with Endpoint(script) as endpoint:
        llmx.extract(REPORT, "m", base_url=endpoint.url, api_key="k", cache=None, concurrency=1)
    assert times[1] - times[0] >= 0.5


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_seconds_milliseconds_and_as_a_date(headers: dict, seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_listed_price_is_counted_only_at_the_providers_own_address() -> None:
    usage = Usage(prompt=1_000_000, completion=1_000_000, cached=0)
    own = find_endpoint("openai/gpt-4o", ModelOptions(api_key="k"))
    elsewhere = find_endpoint("openai/gpt-4o", ModelOptions(api_key="k", base_url="https://proxy.example.org/v1"))
    assert cost_of(own, usage).currency == "USD"
    assert (
        cost_of(own, usage).amount > cost_of(own, Usage(prompt=1_000_000, completion=1_000_000, cached=900_000)).amount
    )
    assert cost_of(elsewhere, usage) is None
    assert cost_of(find_endpoint("openai/no-such-model", ModelOptions(api_key="k")), usage) is None
    assert cost_of(own, Usage(prompt=5)) is None


def test_a_budget_counts_calls_under_way_and_learns_what_calls_cost() -> None:
    endpoint = find_endpoint("openai/gpt-4o", ModelOptions(api_key="k"))
    budget, call = Budget.parse("100 tokens", endpoint), Usage(prompt=30, completion=10)
    first, second = budget.book(endpoint, call), budget.book(endpoint, call)
    with pytest.raises(BudgetError, match="100 tokens"):
        budget.book(endpoint, call)
    budget.settle(first, endpoint, call, Usage(prompt=10, completion=0))
    budget.settle(second, endpoint, call, Usage(prompt=0, completion=0))
    assert budget.share.spent() == 10
    third = budget.book(endpoint, call)
    budget.settle(third, endpoint, call, Usage(prompt=50, completion=30))
    with pytest.raises(BudgetError, match="about 40 tokens"):
        budget.book(endpoint, Usage(prompt=20, completion=0))


@pytest.mark.parametrize("text", ["", "lots", "5 pounds of", "-3", "20CNY"])
def test_a_budget_that_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Budget.parse(text, find_endpoint("openai/gpt-4o", ModelOptions(api_key="k")))


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [("2s", 2), ("1m30s", 90), ("250ms", 0.25), ("7", 7), ("in_20", 20), ("in_20_as_ms", 20), ("soon", 0), ("-5", 0)],
)
def test_a_reset_is_read_as_a_span_or_as_a_moment(reset: str, seconds: float) -> None:
    moment = time.time() + 20
    given = {"in_20": f"{moment:.0f}", "in_20_as_ms": f"{moment * 1000:.0f}"}.get(reset, reset)
    endpoint = find_endpoint("openrouter/m", ModelOptions(api_key="k"))
    names = endpoint.rate_headers
    found = exhausted({names.remaining_requests: "0", names.reset_requests: given}, endpoint)
    assert found == pytest.approx(seconds, abs=1.0)
    assert exhausted({names.remaining_requests: "1", names.reset_requests: given}, endpoint) == 0
