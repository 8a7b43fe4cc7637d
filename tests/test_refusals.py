"""What an endpoint's refusal means: rows of data, each with the body that it is for."""

from __future__ import annotations

import json
import time

import pytest

from llmx.models import ModelOptions
from llmx.models.openai.endpoints import find_endpoint
from llmx.models.openai.refusals import refusal, rows
from llmx.models.openai.waits import exhausted, retry_after, said_after


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.provider}-{row.means}-{row.code or row.says[:16]}")
def test_a_row_is_found_by_its_own_example(row) -> None:
    assert row.source
    if row.code or row.says:
        assert row.example, "a row without an example is a guess"
    status = min(row.status, default=400)
    assert refusal(status, row.example.encode(), {}).means == row.means


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (500, {"error": {"message": "load balancer: no healthy upstream"}}, "busy"),
        (503, {"error": {"message": "The model is overloaded and not available right now"}}, "busy"),
        (429, {"error": {"message": "Requests per minute exceeded: your quota is 60"}}, "rate"),
        (400, {"error": {"message": "messages must not be empty"}}, "none"),
        (400, {"detail": [{"msg": "field required", "loc": ["body", "model"]}]}, "none"),
        (200, {"error": {"code": "401", "message": "no"}}, "key"),
        (200, {"error": {"message": "upstream timed out"}}, "busy"),
        (403, "<html>Forbidden by the firewall</html>", "access"),
        (404, "<html>the model page was not found</html>", "address"),
        (413, "<html>Request Entity Too Large</html>", "length"),
    ],
)
def test_words_that_sound_like_another_refusal_are_not_taken_for_it(status: int, body: object, means: str) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    assert refusal(status, text.encode(), {}).means == means


def test_a_refusal_that_is_wrapped_many_times_is_read_in_its_own_words() -> None:
    raw = json.dumps({"error": {"code": "1113", "message": "余额不足"}}, ensure_ascii=False)
    wrapped = {"error": {"code": 502, "message": "Provider returned error", "metadata": {"raw": raw}}}
    assert refusal(200, json.dumps(wrapped).encode(), {}).means == "money"


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ('"retryDelay": "0.5s"', 0.5),
        ("Please retry in 12.25s.", 12.25),
        ("Please try again in 6m30s. Visit", 390),
        ("Rate limit reached. Please try again in 20ms.", 0.02),
        ("Please retry after 26 seconds.", 26),
        ("slow down", None),
    ],
)
def test_a_wait_that_an_error_names_is_read(words: str, seconds: float | None) -> None:
    assert said_after(words) == seconds


def test_a_reset_may_be_a_second_of_unix_time_and_a_header_may_be_passed_on() -> None:
    endpoint = find_endpoint("openai/m", ModelOptions(api_key="k"))
    used_up = {"x-ratelimit-remaining-requests": "0"}
    assert 55 < exhausted(used_up | {"x-ratelimit-reset-requests": str(int(time.time()) + 60)}, endpoint) <= 60
    assert 55 < exhausted(used_up | {"x-ratelimit-reset-requests": str((time.time() + 60) * 1000)}, endpoint) <= 60
    assert exhausted(used_up | {"x-ratelimit-reset-requests": "1700000000"}, endpoint) == 0
    passed_on = {f"llm_provider-{name}": value for name, value in used_up.items()}
    assert exhausted(passed_on | {"llm_provider-x-ratelimit-reset-requests": "6m0s"}, endpoint) == 360
    assert retry_after({"llm_provider-retry-after": "7"}) == 7
    assert retry_after({"retry-after": "-3"}) is None
    assert retry_after({"retry-after": "inf"}) is None
