"""Recorded exchanges with a language model replay whole, and score as well as they did."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tomllib
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from endpoint import Endpoint, Reply, Script, completion

import llmx
from llmx.cassettes import _recorded, opened, replayed
from llmx.errors import CassetteError
from llmx.evaluation import read_floors, under_floors, update_floors

ROOT = Path(__file__).parent.parent
CASSETTES = ROOT / "cassettes"
TABLES: dict[str, Any] = tomllib.loads((CASSETTES / "cassettes.toml").read_text("utf-8"))
FLOORS = ROOT / "tests" / "recorded_floors.json"
"""F1 on the recorded report; set and lowered like those of the accuracy gate."""


def replay(name: str) -> tuple[llmx.Result, list[llmx.Call], Any]:
    """Play a cassette whole."""
    table, calls = TABLES[name], list[llmx.Call]()
    text = llmx.read(ROOT / table["report"]) if "report" in table else llmx.read_text(table["text"], id=name)
    options = _recorded(CASSETTES / f"{name}.yaml")
    with opened(CASSETTES / f"{name}.yaml", record=False) as cassette:
        task = ROOT / table["task"] if "task" in table else None
        result = llmx.extract(
            text, options.pop("model"), **options, task=task, api_key="none", cache=None, hooks=[calls.append]
        )
    return result, calls, cassette


@pytest.mark.parametrize("name", TABLES)
def test_a_cassette_is_played_whole_and_its_records_are_verbatim(name: str) -> None:
    result, _, cassette = replay(name)
    assert cassette.all_played, "some recorded answers are asked for by nothing"
    assert len(result.failures) == TABLES[name].get("failures", 0)
    for record in result.records:
        assert result.document.text[record.start : record.end] == record.quote
        if getattr(record, "figure", None):
            assert result.document.text[record.figure_start : record.figure_end] == record.figure


def test_no_cassette_is_orphaned() -> None:
    assert {path.stem for path in CASSETTES.glob("*.yaml")} == set(TABLES)


def test_the_recorded_model_scores_no_less_than_its_floors(request: pytest.FixtureRequest) -> None:
    result, _, _ = replay("qianjiang-2025")
    scores = llmx.evaluate([result], ROOT / "tests" / "labels" / "qianjiang-2025.jsonl")
    if request.config.getoption("--update-floors"):
        update_floors(scores, FLOORS, lower=request.config.getoption("--lower-floors"))
    assert not under_floors(scores, FLOORS)
    assert set(read_floors(FLOORS).f1) == set(llmx.open_task().scoring.measures)


def test_what_the_model_claims_and_code_turns_away_is_said() -> None:
    result, _, _ = replay("qianjiang-2025")
    assert "沿阿蓬江旅游最美风景带" in [claim.name for claim in result.turned_away]
    kept = {(project.name, project.quote) for project in result.projects}
    assert not kept & {(one.claim.name, one.claim.quote) for one in result.turned_away}


def test_an_answer_that_breaks_the_schema_is_shown_its_error_and_given_again() -> None:
    _, calls, cassette = replay("reask")
    assert [call.purpose for call in calls if call.kind == "attempt"] == ["first", "reask"]
    told = json.loads(cassette.requests[1].body)["messages"]
    assert len(told) > len(json.loads(cassette.requests[0].body)["messages"])


@pytest.mark.parametrize("name", ["split", "refusal"])
def test_a_cut_or_refused_answer_is_asked_again_in_halves(name: str) -> None:
    result, _, cassette = replay(name)
    whole, *parts = [json.loads(request.body)["messages"][-1]["content"] for request in cassette.requests]
    assert len(parts) >= 2
    assert all(len(part) < len(whole) for part in parts)
    assert {figure.figure_start for figure in result.records if getattr(figure, "figure", None)} >= {
        figure.start for figure in llmx.find_figures(result.document.text) if figure.reason is None
    }


@pytest.mark.parametrize("name", TABLES)
def test_a_cassette_is_readable_and_holds_no_key_and_no_account(name: str) -> None:
    text = (CASSETTES / f"{name}.yaml").read_text("utf-8")
    assert "\\u" not in text  # Chinese stands as it is
    for one in yaml.safe_load(text)["interactions"]:
        assert set(one["request"]["headers"]) <= {"content-type"}
        assert not {header.lower() for header in one["response"]["headers"]} - {"content-type", "retry-after"}


def test_a_file_that_is_no_cassette_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("interactions: []")
    with pytest.raises(CassetteError, match="no cassette"):
        _recorded(tmp_path / "a.yaml")
    with pytest.raises(CassetteError, match="cannot be read"):
        _recorded(tmp_path / "b.yaml")


def test_an_exchange_is_recorded_without_the_key_and_replayed_from_the_command_line(tmp_path: Path) -> None:
    report, tape, key = ROOT / "tests" / "reports" / "qianjiang-2025.txt", tmp_path / "tape.yaml", "sk-secret-key"
    with Endpoint() as endpoint, opened(tape, record=True):
        live = llmx.extract(report, "m", base_url=endpoint.url, api_key=key, cache=None, temperature=0.5)
    assert key not in tape.read_text("utf-8")
    command = [sys.executable, "-m", "llmx", "extract", str(report), "--cassette", str(tape), "--out", "-"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [record.id for record in live.records]
    changed = tmp_path / "changed.txt"
    changed.write_text(report.read_text("utf-8").replace("增长", "上升"), encoding="utf-8")
    done = subprocess.run(
        [*command[:4], str(changed), *command[5:]], env=environment, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert "no recorded" in done.stderr.decode()


SHORT = "2025年某县政府工作报告\n一、2024年工作回顾\n粮食产量7.5万吨。\n二、2025年工作安排\n新建校舍3所。\n"


def packed(body: dict[str, Any], how: str) -> Reply:
    data = json.dumps(completion(body, Reply()), ensure_ascii=False).encode()
    pressed = gzip.compress(data) if how == "gzip" else zlib.compress(data)
    return Reply(body=pressed, headers={"content-encoding": how})


def page(status: int, text: str | bytes) -> Script:
    """A first answer that is no JSON."""
    ill = Reply(status=status, body=text, headers={"content-type": "text/html", "retry-after": "0"})
    return lambda body, number: Reply() if number else ill


@pytest.mark.parametrize(
    "script",
    [
        lambda body, _: packed(body, "gzip"),
        lambda body, _: packed(body, "deflate"),
        page(502, "<html><h1>网关错误</h1></html>"),
        page(429, ""),
        page(503, b"\xff\xfe\x00"),
        page(500, "data: {}\n\ndata: [DONE]\n\n"),
    ],
    ids=["gzip", "deflate", "page", "empty", "bytes", "stream"],
)
def test_whatever_an_endpoint_answers_is_kept_at_once_and_replayed(script: Script, tmp_path: Path) -> None:
    tape, text = tmp_path / "tape.yaml", llmx.read_text(SHORT, id="short")
    with Endpoint(script) as endpoint, opened(tape, record=True):
        options: dict[str, Any] = {"api_key": "k", "cache": None, "attempts": 3, "concurrency": 1}
        live = llmx.extract(text, "m", base_url=endpoint.url, **options)
        after = tape.read_bytes()
    assert tape.read_bytes() == after, "what was recorded came only at the end"
    assert len(live.records) == 2
    with replayed(tape, "rules", llmx.ModelOptions(**options)) as (model, recorded):
        assert llmx.extract(text, model, recorded).records == live.records


def test_an_exchange_that_a_crash_cut_off_costs_none_of_those_before(tmp_path: Path) -> None:
    tape = tmp_path / "tape.yaml"
    tape.write_bytes((CASSETTES / "reask.yaml").read_bytes()[:-300])
    with opened(tape, record=False) as cassette:
        assert len(cassette) == 1
    with Endpoint() as endpoint, opened(tape, record=True):
        llmx.extract(llmx.read_text(SHORT, id="short"), "m", base_url=endpoint.url, api_key="k", cache=None)
        assert len(yaml.safe_load(tape.read_text("utf-8"))["interactions"]) > 1
