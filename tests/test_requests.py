"""What is sent beside a question, and what an endpoint that wants it otherwise is sent then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from endpoint import Endpoint, Reply, plain_answer

import llmx
from llmx.errors import UsageError
from llmx.models.openai.endpoints import find_endpoint
from llmx.models.openai.refusals import refusal, rows
from llmx.models.openai.streaming import completion_of

TEXT = "一、2023年工作回顾\n\n地区生产总值增长6.2%，一般公共预算收入12亿元。\n"
ENDING = "data: [DONE]\n\n"


def document() -> llmx.Document:
    return llmx.read_text(TEXT, id="short")


def asked(endpoint: Endpoint, **options: Any) -> dict[str, Any]:
    return {"base_url": endpoint.url, "api_key": "k", "cache": None, **options}


def configured(folder: Path, text: str) -> Path:
    path = folder / "llmx.toml"
    path.write_text(text, encoding="utf-8")
    return path


def streamed(body: dict[str, Any], ending: str = ENDING, **last: Any) -> Reply:
    """The plain answer in pieces of seven characters, as a stream, with a comment before it."""
    text = plain_answer(body)
    pieces: list[dict[str, Any]] = [{"delta": {"role": "assistant", "content": ""}}]
    pieces += [{"delta": {"content": text[at : at + 7]}} for at in range(0, len(text), 7)]
    events = [{"id": "1", "choices": [{"index": 0, **piece}]} for piece in pieces]
    events += [{"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 3}}, *([last] if last else [])]
    lines = "".join(f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in events)
    return Reply(body=": keep-alive\n\n" + lines + ending, headers={"content-type": "text/event-stream"})


def refusing(said: str, fits: Callable[[dict[str, Any]], bool], status: int = 400) -> Callable[..., Reply]:
    """An endpoint that refuses with such words what does not fit."""

    def script(body: dict[str, Any], number: int) -> Reply:
        refusal = Reply(status=status, body={"error": {"message": said, "code": "invalid_parameter_error"}})
        if not fits(body):
            return refusal
        return streamed(body) if body.get("stream") else Reply()

    return script


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("This model only support stream mode, please enable the stream parameter", lambda body: body.get("stream")),
        (
            "parameter.enable_thinking must be set to false for non-streaming calls",
            lambda body: body.get("enable_thinking") is False,
        ),
        ("System role not supported", lambda body: all(one["role"] != "system" for one in body["messages"])),
        ("Invalid value: 'temperature' does not support 0.0 with this model.", lambda body: "temperature" not in body),
        ("Unknown parameter: 'thinking'", lambda body: "thinking" not in body),
    ],
)
def test_an_endpoint_that_names_a_setting_is_asked_as_it_wants(said: str, fits: Callable[..., Any]) -> None:
    with Endpoint(refusing(said, fits)) as endpoint:
        result = llmx.extract(document(), "glm/glm-4.6", **asked(endpoint, attempts=1, concurrency=1))
        again = len(endpoint.bodies)
    assert len(result.records) == 2
    assert not result.failures
    assert again == 2, "one refusal and one answer"


def test_several_settings_are_learnt_one_after_the_other_and_each_refusal_is_in_the_ledger(tmp_path: Path) -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        if body.get("temperature") is not None:
            return Reply(status=400, body={"error": {"message": "temperature is not supported"}})
        if body["messages"][0]["role"] == "system":
            return Reply(status=422, body={"error": {"message": "System role not supported"}})
        return Reply()

    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    with Endpoint(script) as endpoint:
        options = asked(endpoint, attempts=1, concurrency=4)
        manifest = llmx.run(tmp_path / "short.txt", tmp_path / "run", "deepseek/m", **options).manifest
    assert manifest.failures == 0
    lines = [json.loads(line) for line in (tmp_path / "run" / "ledger.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == len(endpoint.bodies)
    assert [line["status"] for line in lines][-1] == 200
    assert any("temperature is not supported" in (line["error"] or "") for line in lines)


def test_what_was_not_sent_is_not_left_out_and_asked_again() -> None:
    said = "temperature is not supported"
    with Endpoint(refusing(said, lambda body: False)) as endpoint:
        (result,) = llmx.extract_many(document(), "openai/m", **asked(endpoint, attempts=1, concurrency=1))
    assert said in result.failures[0].message
    assert len(endpoint.bodies) == len({json.dumps(body) for body in endpoint.bodies})


def test_what_the_user_asked_for_is_never_changed() -> None:
    said = "Unsupported value: 'temperature' does not support 0.3 with this model."
    with Endpoint(refusing(said, lambda body: "temperature" not in body)) as endpoint:
        (result,) = llmx.extract_many(document(), "m", **asked(endpoint, temperature=0.3, attempts=1))
    assert not result.records
    assert "does not support 0.3" in result.failures[0].message
    assert all(body["temperature"] == 0.3 for body in endpoint.bodies)


@pytest.mark.parametrize("row", [row for row in rows() if row.touched], ids=lambda row: row.example[:30])
def test_each_adjustment_finds_its_example_and_no_other_row_finds_it_first(row: Any) -> None:
    assert refusal(400, row.example.encode(), {}).row is row
    assert row.source
    assert row.touched


@pytest.mark.parametrize("mode", ["json", "tools"])
def test_an_answer_in_pieces_is_put_together_with_its_usage(mode: str, tmp_path: Path) -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        assert body["stream"]
        assert body["stream_options"] == {"include_usage": True}
        if mode == "json":
            return streamed(body)
        name, text = body["tools"][0]["function"]["name"], plain_answer(body)
        begin = {"index": 0, "id": "c", "type": "function", "function": {"name": name, "arguments": ""}}
        calls = [begin, *({"index": 0, "function": {"arguments": text[at : at + 9]}} for at in range(0, len(text), 9))]
        events = [{"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]} for call in calls]
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
        return Reply(body="".join(f"data: {json.dumps(one)}\r\n\r\n" for one in events) + ENDING)

    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    with Endpoint(script) as endpoint:
        options = asked(endpoint, stream=True, mode=mode)
        manifest = llmx.run(tmp_path / "short.txt", tmp_path / "run", "m", **options).manifest
    assert manifest.records["achievement"] == 2
    assert manifest.usage.prompt == (5 if mode == "json" else 0)


def test_a_stream_that_breaks_off_is_a_cut_answer_whose_complete_items_count() -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        whole = streamed(body)
        if number == 0:
            whole.body = str(whole.body)[: len(str(whole.body)) * 2 // 3]
        return whole

    with Endpoint(script) as endpoint:
        result = llmx.extract(document(), "m", **asked(endpoint, stream=True, concurrency=1))
    assert len(result.records) == 2
    assert not result.failures
    assert len(endpoint.bodies) > 1


def test_a_separator_inside_json_is_no_line_end_of_a_stream() -> None:
    event = {"choices": [{"index": 0, "delta": {"content": "甲\u2028乙\x85"}}]}
    text = f"data: {json.dumps(event, ensure_ascii=False)}\n\n{ENDING}"
    assert completion_of(text)["choices"][0]["message"]["content"] == "甲\u2028乙\x85"


def test_a_users_table_changes_a_shipped_provider_field_by_field_and_the_longest_pattern_counts(
    tmp_path: Path,
) -> None:
    config = configured(
        tmp_path,
        "[providers.qwen]\nseed = 5\n"
        '[providers.qwen.models."qwen3-*"]\nbody = { top_k = 1 }\n'
        '[providers.qwen.models."qwen3-32*"]\nextra_body = { enable_thinking = true, top_k = 2 }\n',
    )
    options = {"api_key": "k", "config": config, "extra_body": {"n": 1}}
    small = find_endpoint("qwen/qwen3-8b", llmx.ModelOptions(**options))
    large = find_endpoint("qwen/qwen3-32b", llmx.ModelOptions(**options, temperature="none"))
    assert small.asked.extra_body == {"enable_thinking": False, "top_k": 1, "n": 1}
    assert large.asked.extra_body == {"enable_thinking": True, "top_k": 2, "n": 1}
    assert (small.asked.seed, small.temperature, large.temperature) == (5, 0.0, None)
    assert small.base_url == "https://dashscope.aliyuncs.com/compatible-mode/v1"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("qwen/qwen3-32b", {"enable_thinking": False}),
        ("qwen/qwen-max", {}),
        ("qwen/qwen3-coder-plus", {}),
        ("glm/GLM-4.5-Air", {"thinking": {"type": "disabled"}}),
        ("glm/glm-4-plus", {}),
        ("deepseek/deepseek-flash", {"thinking": {"type": "disabled"}}),
        ("kimi/kimi-k2.6", {"thinking": {"type": "disabled"}}),
        ("kimi/moonshot-v1-32k", {}),
        ("deepseek/deepseek-reasoner", {}),
        ("siliconflow/Pro/zai-org/GLM-4.7", {"enable_thinking": False}),
        ("siliconflow/Qwen/Qwen3-30B-A3B-Thinking-2507", {}),
        ("vllm/Qwen/Qwen3-8B", {"chat_template_kwargs": {"enable_thinking": False}}),
    ],
)
def test_thinking_is_off_where_a_model_can_do_without(name: str, expected: dict) -> None:
    assert find_endpoint(name, llmx.ModelOptions(api_key="k")).asked.extra_body == expected


def test_models_that_only_think_stream() -> None:
    found = [
        find_endpoint(f"qwen/{name}", llmx.ModelOptions(api_key="k")) for name in ("qwq-plus", "qwen3-8b-thinking")
    ]
    assert [endpoint.asked.stream for endpoint in found] == [True, True]


def test_openais_own_headers_go_to_openai_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-mine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-mine")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: of-mine")
    with Endpoint() as endpoint:
        llmx.extract(document(), "deepseek/m", **asked(endpoint))
    assert "of-mine" not in "".join(endpoint.heads)

    class Told(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            heads.append(dict(request.headers))
            return httpx2.Response(401, json={"error": {"message": "no"}})

    heads: list[dict[str, str]] = []
    client = httpx2.AsyncClient(transport=Told())
    list(llmx.extract_many(document(), "openai/m", api_key="k", cache=None, attempts=1, http_client=client))
    assert heads[0]["openai-organization"] == "org-of-mine"
    assert heads[0]["x-mine"] == "of-mine"


def test_a_client_of_ones_own_is_used_and_left_open() -> None:
    seen: list[str] = []

    async def note(request: httpx2.Request) -> None:
        seen.append(request.headers["x-through"])

    async def twice(endpoint: Endpoint) -> bool:
        client = httpx2.AsyncClient(headers={"x-through": "mine"}, event_hooks={"request": [note]})
        for _ in range(2):
            await llmx.aextract(document(), "m", **asked(endpoint, http_client=client))
        open = not client.is_closed
        await client.aclose()
        return open

    with Endpoint() as endpoint:
        assert asyncio.run(twice(endpoint))
    assert seen == ["mine", "mine"]


def test_the_address_of_openai_may_stand_in_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    with Endpoint() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)  # on this machine none is needed
        assert len(llmx.extract(document(), "openai/m", cache=None).records) == 2
        assert find_endpoint("deepseek/m", llmx.ModelOptions(api_key="k")).host == "api.deepseek.com"
        assert not find_endpoint("openai/m", llmx.ModelOptions(api_key="k")).is_own_address


def test_azure_takes_a_deployments_address_its_version_and_its_own_header(monkeypatch: pytest.MonkeyPatch) -> None:
    with Endpoint() as endpoint:
        host = endpoint.url.removesuffix("/v1")
        pasted = f"{host}/openai/deployments/mine/chat/completions?api-version=2024-10-21"
        options = {"api_key": "azure-key-1", "cache": None}
        llmx.extract(document(), "azure/mine", base_url=pasted, **options)
        patterned = f"{host}/openai/deployments/{{model}}"
        llmx.extract(document(), "azure/a b", base_url=patterned, query={"api-version": "2025-01-01"}, **options)
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", f"{host}/")
        llmx.extract(document(), "azure/mine", **options)
    lines = [head.splitlines()[0] for head in endpoint.heads]
    assert lines == [
        "POST /openai/deployments/mine/chat/completions?api-version=2024-10-21 HTTP/1.1",
        "POST /openai/deployments/a%20b/chat/completions?api-version=2025-01-01 HTTP/1.1",
        "POST /openai/v1/chat/completions HTTP/1.1",
    ]
    assert all("api-key: azure-key-1" in head.lower() for head in endpoint.heads)
    assert not any("authorization" in head.lower() for head in endpoint.heads)


def sent(folder: Path, first: dict[str, Any], second: dict[str, Any]) -> int:
    """Calls of a second run of the same report with other options."""
    with Endpoint() as endpoint:
        kept = asked(endpoint, cache=folder)
        paths = {name: options.pop("path", "/v1") for name, options in (("first", first), ("second", second))}
        host = endpoint.url.removesuffix("/v1")
        llmx.extract(document(), "m", **{**kept, "base_url": host + paths["first"], **first})
        before = len(endpoint.bodies)
        llmx.extract(document(), "m", **{**kept, "base_url": host + paths["second"], **second})
        return len(endpoint.bodies) - before


@pytest.mark.parametrize(
    "change",
    [
        {"extra_body": {"top_k": 1}},
        {"extra_headers": {"X-Route": "b"}},
        {"query": {"api-version": "2"}},
        {"top_p": 0.5},
        {"seed": 1},
        {"reasoning_effort": "low"},
        {"system": False},
        {"path": "/other/v1"},
    ],
)
def test_what_changes_an_answer_is_part_of_the_cache_key(change: dict, tmp_path: Path) -> None:
    assert sent(tmp_path, {}, change) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"extra_headers": {"X-Api-Key": "other"}},
        {"query": {"key": "other"}},
        {"stream": False},
        {"system": True},
        {"reasks": 1},
    ],
)
def test_what_changes_none_is_not(change: dict, tmp_path: Path) -> None:
    first = {name: dict.fromkeys(value, "one") for name, value in change.items() if isinstance(value, dict)}
    assert sent(tmp_path, first, change) == 0


def test_the_manifest_tells_settings_apart_and_has_no_value_of_what_was_added(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    told = []
    with Endpoint() as endpoint:
        for number, body in enumerate([{"top_k": 987654}, {"top_k": 876543}]):
            options = asked(endpoint, extra_body=body, extra_headers={"X-Api-Key": "key-of-mine"}, max_tokens=900)
            told.append(llmx.run(tmp_path / "short.txt", tmp_path / str(number), "m", **options).manifest.settings)
    assert told[0]["extra"] != told[1]["extra"]
    assert (told[0]["endpoint"], told[0]["max_tokens"]) == (endpoint.url, 900)
    assert (told[0]["extra_body"], told[0]["extra_headers"]) == (["top_k"], ["X-Api-Key"])
    assert not any(value in json.dumps(told) for value in ("987654", "of-mine"))


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"X Y": "1"}, "X Y"),
        ({"X-Key": "a\nb"}, "X-Key"),
        ({"X": "“a”"}, "X"),
        ({"X": ""}, "X"),
        ({"Host": "a.b"}, "Host"),
    ],
)
def test_a_header_that_http_cannot_carry_is_said_before_anything_is_sent(headers: dict, said: str) -> None:
    with Endpoint() as endpoint, pytest.raises(UsageError, match=said):
        llmx.extract(document(), "m", **asked(endpoint, extra_headers=headers))
    assert not endpoint.bodies
