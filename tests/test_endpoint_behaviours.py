"""What endpoints do, one a row, against a real socket: what a report of four figures gives, and for how many requests."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint, Reply, completion, plain_answer, question_of

import llmx

KEY = "sk-a-key-that-nobody-sees"
TEXT = """2024年政府工作报告

一、2023年工作回顾

地区生产总值增长6.2%，一般公共预算收入12亿元。清河大桥建成通车。

二、2024年重点工作

新改建农村公路120公里，培育规上企业9家。
"""
QUESTIONS = 3
"""Chunks of the text: its title, and its two sections with two figures each."""
LONG = "2024年政府工作报告\n\n" + "".join(
    f"{'一二三四五六七八九十'[n]}、第{n}方面工作\n\n" + f"新建第{n}水厂{n + 3}座，惠及{n + 2}万人。" * 40 + "\n\n"
    for n in range(10)
)

Script = Callable[[dict[str, Any], int], Reply]


@dataclass
class Row:
    """A behaviour and what comes of it."""

    name: str
    script: Script
    records: int = 4
    failures: int = 0
    requests: int | tuple[int, int] = QUESTIONS
    says: str = ""
    """Words of the first failure."""
    options: dict[str, Any] = field(default_factory=dict)


def always(**reply: Any) -> Script:
    return lambda body, number: Reply(**reply)


def first(count: int, **reply: Any) -> Script:
    """That to the first requests, and then as it should be."""
    return lambda body, number: Reply(**reply) if number < count else Reply()


def refused(status: int, body: Any, **more: Any) -> Script:
    return always(status=status, body=body, **more)


def error(**fields: Any) -> dict[str, Any]:
    return {"error": fields}


def said(make: Callable[[str], Any], finish: str = "stop", **more: Any) -> Script:
    """A message made from the plain answer's text."""

    def script(body: dict[str, Any], number: int) -> Reply:
        whole = completion(body, Reply(finish=finish))
        whole["choices"][0]["message"] = make(plain_answer(body))
        return Reply(body={**whole, **more})

    return script


def text(make: Callable[[str], str], **more: Any) -> Script:
    return lambda body, number: Reply(text=make(plain_answer(body)), **more)


def changed(change: Callable[[dict[str, Any]], Any]) -> Script:
    """The plain answer with something changed in it."""

    def make(plain: str) -> str:
        parts = json.loads(plain)
        change(parts)
        return json.dumps(parts, ensure_ascii=False)

    return text(make)


def content(value: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": value}


def called(arguments: Any) -> dict[str, Any]:
    function = {"name": "Answer", "arguments": arguments}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function", "function": function}]}


def dripping(body: dict[str, Any], number: int) -> Reply:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    return Reply(pieces=[head, *[b"1\r\n\n\r\n"] * 100], pace=0.1)


def dripping_head(body: dict[str, Any], number: int) -> Reply:
    return Reply(pieces=[b"HTTP/1.1 200 OK\r\n", *[b"x-a: b\r\n"] * 100], pace=0.1)


def packed(data: bytes) -> Script:
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(data)}\r\n\r\n".encode()
    return always(pieces=[head + data])


HASTY = {"timeout": 0.5, "patience": 1.2, "attempts": 2}
PAGE = "<!doctype html><html><title>New API</title><body>Sign in</body></html>"
DEAD = (1, 3)
"""Requests until the first refusal is known: those that were under way with it."""

ANSWERS = [
    Row("a plain answer", always()),
    Row("a remark after it", text(lambda plain: plain + "\n\n以上为提取结果。")),
    Row("a special token after it", text(lambda plain: plain + "<|im_end|>")),
    Row(
        "a lead before it and a note with a mark after it",
        text(lambda plain: f"结果如下：{plain}\n注：编号[1]是增速。"),
    ),
    Row("twice", text(lambda plain: f"{plain}\n{plain}")),
    Row("in a fence, with a note after it", text(lambda plain: f"```json\n{plain}\n```\n见[2]。")),
    Row("a call written out", text(lambda p: f'<tool_call>{{"name": "Answer", "arguments": {p}}}</tool_call>')),
    Row("in another object, as a text", text(lambda plain: json.dumps({"result": plain}))),
    Row("after a thought with forty brackets", text(lambda p: f"<think>{'{x[' * 40} {{}}</think>{p}")),
    Row("after a draft in a thought", text(lambda p: f'<think>{{"figures":[]}}, 不对</think>{p}')),
    Row("as an object", said(lambda plain: content(json.loads(plain)))),
    Row("in parts", said(lambda plain: content([{"type": "text", "text": plain}]))),
    Row("in reasoning_content", said(lambda plain: {"content": None, "reasoning_content": plain})),
    Row(
        "arguments as an object", said(lambda plain: called(json.loads(plain)), "tool_calls"), options={"mode": "tools"}
    ),
    Row("arguments encoded twice", said(lambda plain: called(json.dumps(plain))), options={"mode": "tools"}),
    Row("a function_call", said(lambda plain: {"function_call": {"arguments": plain}}), options={"mode": "tools"}),
    Row("half a surrogate pair", text(lambda plain: plain.replace('"indicator": "', '"indicator": "\\ud83d'))),
    Row("empty lists left out", changed(lambda a: [a.pop(name) for name in list(a) if not a[name]])),
    Row("null for empty lists", changed(lambda a: a.update({name: None for name in a if not a[name]}))),
    Row("a field too many", changed(lambda a: [one.update(value="1") for one in a["figures"]])),
    Row("a number that no mark has", changed(lambda a: a["figures"].append({"n": 9999, "indicator": "x"}))),
    Row("an item that is no object", changed(lambda a: a["figures"].append(3)), 4, 3, (6, 9), "no object"),
    Row("a year beyond all years", changed(lambda a: a.update(exceptions=[{"n": 1, "year": 10**30}]))),
    Row("NaN for a year", text(lambda p: p.replace('"exceptions": []', '"exceptions": [{"n": 9, "year": NaN}]'))),
    Row("always prose", always(text="好的，以下是记录："), 0, 3, 9, "breaks the schema"),
    Row("always another object", always(text='{"foo": [1]}'), 0, 3, 9, "breaks the schema"),
    Row("always nothing", always(text=""), 0, 3, 9, "empty"),
    Row("nothing at first", first(3, text=""), requests=6),
    Row("always a null message", said(lambda plain: None), 0, 3, 6, "no chat completion", {"attempts": 2}),
    Row(
        "a null message at first",
        lambda b, n: Reply(body='{"choices":[{"message":null}]}') if n == 0 else Reply(),
        requests=4,
    ),
    Row("empty lists at first", first(3, text='{"figures":[]}'), requests=5),
    Row("always empty lists", always(text='{"figures":[]}'), 0, 0, (3, 9)),
    Row(
        "thinking ate the tokens",
        said(lambda p: {"content": "", "reasoning_content": "嗯"}, "length"),
        0,
        3,
        3,
        "thinking off",
    ),
    Row("always refused", always(refusal="no"), 0, 5, 7, "refusal"),
    Row("a finish of DeepSeek's that is none", first(1, finish="insufficient_system_resource"), requests=4),
    Row("tokens in words", said(content, usage={"prompt_tokens": "n/a", "completion_tokens": []})),
    Row("tokens with fractions", said(content, usage={"prompt_tokens": 12.5, "prompt_tokens_details": [1]})),
    Row("a prompt cut in silence", said(content, usage={"prompt_tokens": 1510}), 0, 5, 7, "context length"),
    Row(
        "5 MB in one quote",
        changed(lambda a: a["problems"].append({"quote": "增" * 1_000_000, "domain": "economy"})),
        4,
        5,
        (6, 9),
    ),
    Row("20 MB of anything", always(body="B" * 20_000_000), 0, 3, 6, "8 MB", {"attempts": 2}),
    Row("a packed bomb", packed(gzip.compress(b" " * 50_000_000)), 0, 3, 6, "8 MB", {"attempts": 2}),
    Row("brackets without end", always(text='{"figures":' + "[" * 100_000), 0, 3, (3, 9)),
]
REFUSALS = [
    Row("a wrong key", refused(401, error(message="bad key")), 0, 3, DEAD, "check the API key"),
    Row(
        "a wrong key under 200",
        always(body=error(code=401, message="No auth credentials found")),
        0,
        3,
        DEAD,
        "API key",
    ),
    Row("a wrong key under 400", refused(400, [error(code=400, message="API key not valid.")]), 0, 3, DEAD, "API key"),
    Row("a wrong key on a page", refused(401, "<html><body>401</body></html>"), 0, 3, DEAD, "API key"),
    Row(
        "one 401 after good calls",
        lambda b, n: Reply(status=401, body="{}") if n == 1 else Reply(),
        requests=4,
        options={"concurrency": 1},
    ),
    Row(
        "no money after good calls",
        lambda b, n: Reply(status=402, body="{}") if n else Reply(),
        0,
        2,
        2,
        "top it up",
        {"concurrency": 1},
    ),
    Row(
        "one 403 after good calls",
        lambda b, n: Reply(status=403, body="") if n == 1 else Reply(),
        requests=4,
        options={"concurrency": 1},
    ),
    Row(
        "no money, GLM",
        refused(429, error(code="1113", message="余额不足或无可用资源包,请充值。")),
        0,
        3,
        DEAD,
        "top it up",
    ),
    Row(
        "no money, Kimi",
        refused(429, error(type="exceeded_current_quota_error", message="suspended")),
        0,
        3,
        DEAD,
        "top it up",
    ),
    Row(
        "no money, OpenAI",
        refused(429, error(code="insufficient_quota", message="check your plan")),
        0,
        3,
        DEAD,
        "top it up",
    ),
    Row("no money, DeepSeek", refused(402, error(message="Insufficient Balance")), 0, 3, DEAD, "top it up"),
    Row(
        "no money, SiliconFlow",
        refused(403, {"code": 30001, "message": "balance is insufficient"}),
        0,
        3,
        DEAD,
        "top it up",
    ),
    Row(
        "no money, behind OpenRouter",
        always(body=error(code=402, message="Insufficient credits")),
        0,
        3,
        DEAD,
        "top it up",
    ),
    Row("no such model under 400", refused(400, error(message="Model Not Exist")), 0, 3, DEAD, "model's name"),
    Row(
        "no such model, Ollama",
        refused(404, error(message='model "q" not found, try pulling it first')),
        0,
        3,
        DEAD,
        "ollama pull",
    ),
    Row("no such path", refused(404, ""), 0, 3, DEAD, "base URL"),
    Row("a login page", always(body=PAGE, headers={"content-type": "text/html"}), 0, 3, DEAD, "is /v1 missing"),
    Row("moved elsewhere", refused(302, "", headers={"location": "http://127.0.0.2/v1"}), 0, 3, DEAD, "--base-url"),
    Row(
        "moved elsewhere for good",
        refused(308, "", headers={"location": "http://127.0.0.2/v1"}),
        0,
        3,
        DEAD,
        "key is not sent",
    ),
    Row(
        "moved on the same host",
        lambda b, n: Reply(status=307, body="", headers={"location": "/v1/there"}) if n == 0 else Reply(),
        requests=4,
    ),
    Row(
        "plain HTTP to a port of TLS",
        refused(400, "<html>The plain HTTP request was sent to HTTPS port</html>"),
        0,
        3,
        DEAD,
        "https://",
    ),
    Row(
        "knows no json_schema, under 500",
        refused(500, error(message="response_format json_schema is not supported")),
        0,
        3,
        DEAD,
        "--mode",
    ),
    Row("knows no tools", refused(400, error(message="this model does not support tools")), 0, 3, DEAD, "--mode"),
    Row(
        "takes no temperature",
        refused(400, error(message="Unsupported value: 'temperature'")),
        0,
        3,
        DEAD,
        "--temperature",
        {"temperature": 0.3},  # asked for, so that it is not left out without a word
    ),
    Row(
        "max_tokens has another name",
        lambda b, n: (
            Reply(status=400, body=error(message="Use 'max_completion_tokens' instead of 'max_tokens'"))
            if "max_tokens" in b
            else Reply()
        ),
        requests=(4, 6),
        options={"max_tokens": 900},
    ),
    Row("a bad request", refused(400, error(message="bad request")), 0, 3, 3, "bad request"),
    Row("a limit, without a word how long", first(4, status=429, body="{}"), requests=7, options={"attempts": 2}),
    Row(
        "a limit a minute, DashScope",
        first(2, status=429, body={"code": "Throttling.AllocationQuota", "message": "quota exceeded"}),
        requests=5,
        options={"attempts": 1},
    ),
    Row(
        "a limit a minute, DashScope's quota",
        first(2, status=429, body=error(code="insufficient_quota", message="see error-code#token-limit")),
        requests=5,
        options={"attempts": 1},
    ),
    Row(
        "a limit a minute, Gemini",
        first(2, status=429, body=[error(code=429, status="RESOURCE_EXHAUSTED", details=[{"retryDelay": "0.2s"}])]),
        requests=5,
        options={"attempts": 1},
    ),
    Row(
        "a limit under 200",
        first(1, body=error(code=429, message="Rate limit exceeded")),
        requests=4,
        options={"attempts": 1},
    ),
    Row(
        "a day of rest",
        refused(429, "{}", headers={"retry-after": "86400"}),
        0,
        3,
        1,
        "wants no calls",
        {"concurrency": 1, "patience": 5},
    ),
    Row(
        "a day of rest, behind litellm",
        refused(429, "{}", headers={"llm_provider-retry-after": "86400"}),
        0,
        3,
        1,
        "wants no calls",
        {"concurrency": 1, "patience": 5},
    ),
    Row(
        "used up until a second of Unix time",
        always(headers={"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1"}),
        requests=3,
        options={"concurrency": 1},
    ),
    Row("a date to wait for", first(1, status=503, body="", headers={"retry-after": formatdate(0)}), requests=4),
    Row("ill, with a page", first(3, status=502, body="<html>Bad Gateway</html>"), requests=6),
    Row("always ill", refused(500, error(message="oops")), 0, 3, 6, "HTTP 500", {"attempts": 2}),
    Row("broken off at first", first(2, drop=True), requests=5),
    Row("always broken off", always(drop=True), 0, 3, 6, "connection failed", {"attempts": 2}),
    Row("bytes that are not packed", packed(b"\x1f\x8bno"), 0, 3, 6, "connection failed", {"attempts": 2}),
    Row("204", refused(204, ""), 0, 3, 6, "no chat completion", {"attempts": 2}),
    Row("blank lines without end", dripping, 0, 3, (3, 6), "no answer within", HASTY),
    Row("headers without end", dripping_head, 0, 3, (3, 6), "no answer within", HASTY),
    Row("never", always(delay=60), 0, 3, (3, 6), "no answer within", HASTY),
]
FILTERS = [
    ("DeepSeek", 400, error(message="Content Exists Risk")),
    ("GLM", 400, error(code="1301", message="系统检测到输入或生成内容可能包含不安全或敏感内容")),
    ("Kimi", 400, error(type="content_filter", message="The request was rejected because it was considered high risk")),
    ("DashScope", 400, error(code="data_inspection_failed", message="Input data may contain inappropriate content.")),
    ("Azure", 400, error(code="content_filter", innererror={"code": "ResponsibleAIPolicyViolation"})),
    ("OpenRouter", 403, error(code=403, message="Your input was flagged", metadata={"reasons": ["violence"]})),
    ("for legal reasons", 451, ""),
]
TOO_LONG = [
    ("vLLM", 400, {"object": "error", "message": "This model's maximum context length is 8192 tokens."}),
    ("OpenAI", 400, error(code="context_length_exceeded", message="too long")),
    ("llama.cpp", 400, error(message="the request exceeds the available context size")),
    ("a proxy", 413, "<html>413 Request Entity Too Large</html>"),
]


def played(row: Row, document: llmx.Document) -> tuple[llmx.Result, Endpoint, list[llmx.Call]]:
    calls: list[llmx.Call] = []
    with Endpoint(row.script) as endpoint:
        options = {"base_url": endpoint.url, "api_key": KEY, "cache": None, "passes": 1, "hooks": [calls.append]}
        (result,) = llmx.extract_many([document], "m", **options | row.options)
    return result, endpoint, calls


def held(row: Row, result: llmx.Result, endpoint: Endpoint) -> None:
    failures = [failure.message for failure in result.failures]
    assert (len(result.records), len(failures)) == (row.records, row.failures), failures
    assert all(record.grounding == "exact" for record in result.records)
    assert row.says in (failures or [""])[0]
    least, most = row.requests if isinstance(row.requests, tuple) else (row.requests, row.requests)
    assert least <= endpoint.count <= most, f"{endpoint.count} requests"
    assert endpoint.count <= QUESTIONS * 3 or row.options.get("attempts", 6) < 6


@pytest.mark.parametrize("row", ANSWERS + REFUSALS, ids=lambda row: row.name)
def test_a_behaviour_has_its_outcome_and_its_number_of_requests(row: Row) -> None:
    result, endpoint, calls = played(row, llmx.read_text(TEXT, id="short"))
    held(row, result, endpoint)
    told = json.dumps([failure.model_dump() for failure in result.failures]) + "".join(map(str, calls))
    assert KEY not in told


def halved(status: int, body: Any, ill: Callable[[str], bool]) -> Script:
    return lambda asked, number: Reply(status=status, body=body) if ill(question_of(asked)) else Reply()


@pytest.mark.parametrize(("name", "status", "body"), FILTERS, ids=lambda value: str(value)[:12])
def test_what_a_filter_holds_back_is_cornered_in_halves_and_the_rest_is_kept(name: str, status: int, body: Any) -> None:
    report = TEXT.replace("清河大桥", "城镇新增就业3万人。清河大桥")
    row = Row(name, halved(status, body, lambda question: "清河大桥" in question))
    result, endpoint, _ = played(row, llmx.read_text(report, id="short"))
    assert len(result.records) == 5
    (failure,) = result.failures
    assert failure.error == "RefusalError"
    assert report[failure.start : failure.end].strip() == "清河大桥建成通车。"
    assert endpoint.count <= QUESTIONS + 4


@pytest.mark.parametrize(("name", "status", "body"), TOO_LONG, ids=lambda value: str(value)[:12])
def test_what_is_too_long_for_a_context_is_asked_in_halves(name: str, status: int, body: Any) -> None:
    report = TEXT.replace("清河大桥建成通车。", "城镇调查失业率5.1%。" * 60)
    row = Row(name, halved(status, body, lambda question: question.count("失业率") > 35))
    result, endpoint, _ = played(row, llmx.read_text(report, id="short"))
    assert not result.failures
    assert len(result.records) == 64
    assert endpoint.count == QUESTIONS + 2


@pytest.mark.parametrize(
    "script",
    [
        always(text="好的，以下是记录："),
        always(text=""),
        always(refusal="no"),
        always(text='{"figures":[{"n":1,"ind'),
        always(finish="length", text=""),
        refused(400, error(message="bad request")),
        said(content, usage={"prompt_tokens": 1510}),
        changed(lambda a: a.update(figures=[{"n": 9999, "indicator": "x"}])),
    ],
    ids=["prose", "nothing", "refusal", "cut", "thinking", "400", "short of context", "strange numbers"],
)
def test_a_model_that_fails_alike_is_asked_a_dozen_times_and_the_run_says_what_is_wrong(script: Script) -> None:
    result, endpoint, _ = played(Row("", script), llmx.read_text(LONG * 3, id="long"))
    chunks = 30
    assert not result.records
    assert endpoint.count <= 3 * (12 + 8)  # a dozen questions and those under way, each with three requests
    (said_at_last,) = {failure.message for failure in result.failures if failure.error == "EndpointError"}
    assert "the first 12 answers all failed alike" in said_at_last
    lost = sorted((failure.start, failure.end) for failure in result.failures)
    assert len(lost) >= chunks
    assert all(any(a <= one.figure.start < b for a, b in lost) for one in result.unclaimed if one.reason is None)


@pytest.mark.parametrize("mended", ["alone", "with all", "not at all"])
def test_a_bad_item_is_asked_for_once_and_the_good_ones_stay_whatever_comes(mended: str) -> None:
    bad, good = {"quote": "清河大桥建成通车", "stage": "done", "names": ["清河大桥"]}, {"stage": "completed"}

    def script(body: dict[str, Any], number: int) -> Reply:
        if "清河大桥" not in str(body["messages"][7:]):
            return Reply()
        whole = json.loads(plain_answer(body))
        if len(body["messages"]) == 8:
            return Reply(text=json.dumps({**whole, "projects": [bad]}))
        told = {"alone": {"projects": [bad | good]}, "with all": {**whole, "projects": [bad | good]}}
        return Reply(text=json.dumps(told.get(mended, {"figures": []})))

    result, endpoint, _ = played(Row(mended, script), llmx.read_text(TEXT, id="short"))
    assert endpoint.count == QUESTIONS + 1
    assert len(result.achievements) == 2
    assert [project.stage for project in result.projects] == ["completed"] * (mended != "not at all")
    assert len(result.failures) == (mended == "not at all")
    assert all("清河大桥建成通车" in TEXT[failure.start : failure.end] for failure in result.failures)


def test_what_failed_is_noted_and_not_paid_for_again_until_it_is_asked_for(tmp_path: Path) -> None:
    report = tmp_path / "short.txt"
    report.write_text(TEXT, encoding="utf-8")
    ill = [True]

    def script(body: dict[str, Any], number: int) -> Reply:
        return Reply(text="无") if ill[0] and "新改建农村公路[" in str(body["messages"][7:]) else Reply()

    with Endpoint(script) as endpoint:
        options = {"base_url": endpoint.url, "api_key": KEY, "cache": tmp_path / "cache"}
        first = llmx.run(report, tmp_path / "run", "m", **options).manifest
        before = endpoint.count
        second = llmx.run(report, tmp_path / "run", "m", **options).manifest
        again = endpoint.count
        ill[0] = False
        third = llmx.run(report, tmp_path / "run", "m", retry_failed=True, **options).manifest
    assert (first.failures, second.failures, third.failures) == (1, 1, 0)
    assert (before, again, endpoint.count) == (QUESTIONS + 2, QUESTIONS + 2, QUESTIONS + 3)
    assert third.records["target"] == 2


def served(answer: bytes, context: ssl.SSLContext | None = None) -> tuple[socket.socket, int]:
    """A server that says one thing to whatever comes."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                peer, _ = server.accept()
                with suppress(OSError), context.wrap_socket(peer, server_side=True) if context else peer as one:
                    one.recv(65_536)
                    one.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return server, server.getsockname()[1]


def asked_at(url: str) -> tuple[llmx.Result, int]:
    calls: list[llmx.Call] = []
    options = {"base_url": url, "api_key": KEY, "cache": None, "hooks": [calls.append]}
    (result,) = llmx.extract_many([llmx.read_text(TEXT, id="a")], "m", **options)
    return result, sum(call.kind == "attempt" for call in calls)


def test_a_port_that_speaks_no_tls_is_said_at_once() -> None:
    server, port = served(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    with server:
        result, calls = asked_at(f"https://127.0.0.1:{port}/v1")
    assert "speaks no TLS" in result.failures[0].message
    assert calls <= QUESTIONS


def test_a_port_that_speaks_tls_alone_is_said_at_once() -> None:
    server, port = served(b"\x15\x03\x03\x00\x02\x02\x16")  # TLS: alert, handshake failure
    with server:
        result, calls = asked_at(f"http://127.0.0.1:{port}/v1")
    assert "write https://" in result.failures[0].message
    assert calls <= QUESTIONS


def test_an_untrusted_certificate_is_said_at_once(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("makes its certificate with openssl")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "certificate.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names, *files], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    server, port = served(b"", context)
    with server:
        result, calls = asked_at(f"https://127.0.0.1:{port}/v1")
    assert "is not trusted" in result.failures[0].message
    assert "SSL_CERT_FILE" in result.failures[0].message
    assert calls <= QUESTIONS


def test_the_first_interruption_ends_a_call_that_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmx.models.openai.staircase._GRACE", 0.2)
    began = time.monotonic()
    with Endpoint(dripping_slowly) as endpoint:
        options = {"base_url": endpoint.url, "api_key": KEY, "cache": None}
        with llmx.Extractor("m", **options) as extractor:
            threading.Timer(0.5, extractor.stop).start()
            (result,) = extractor.extract_many([llmx.read_text(TEXT, id="a")])
    assert {failure.error for failure in result.failures} == {"Stopped"}
    assert time.monotonic() - began < 20


def dripping_slowly(body: dict[str, Any], number: int) -> Reply:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    return Reply(pieces=[head, *[b"1\r\n\n\r\n"] * 1000], pace=0.2)
