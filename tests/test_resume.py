"""A run that is killed or interrupted goes on with the same command and pays for nothing twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from endpoint import Endpoint, Reply

from llmx.errors import Stopped
from llmx.turns import Turns

REPORTS = Path(__file__).parent / "reports"


def command(endpoint: Endpoint, folder: Path, *more: str, out: str = "run") -> subprocess.Popen:
    run = ["extract", str(REPORTS), "--model", "m", "--base-url", endpoint.url, "--out", str(folder / out)]
    options = ["--cache", str(folder / "cache"), "--concurrency", "4", *more]
    environment = {**os.environ, "PYTHONPATH": str(REPORTS.parent.parent), "OPENAI_API_KEY": "sk-test"}
    with open(folder.with_suffix(".log"), "ab") as log:
        return subprocess.Popen([sys.executable, "-m", "llmx", *run, *options], env=environment, stderr=log)


def log(folder: Path) -> str:
    return folder.with_suffix(".log").read_text("utf-8")


def records(folder: Path) -> str:
    return (folder / "run" / "records.jsonl").read_text("utf-8")


def test_killed_ten_times_and_resumed_the_records_are_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    dice = random.Random(7)
    with Endpoint() as endpoint:
        assert command(endpoint, tmp_path / "calm").wait(120) == 0
    with Endpoint(lambda body, number: Reply(delay=0.1)) as endpoint:
        for _ in range(10):
            before = len(endpoint.answered)
            running = command(endpoint, tmp_path / "killed")
            deadline = time.monotonic() + 60
            while len(endpoint.answered) < before + dice.randint(1, 4) and running.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            running.send_signal(signal.SIGKILL)
            running.wait()
        last = command(endpoint, tmp_path / "killed")
        assert last.wait(120) == 0, log(tmp_path / "killed")
        answered = endpoint.answered
    assert records(tmp_path / "killed") == records(tmp_path / "calm")
    # An answer that is on the wire at the moment of the kill cannot have been kept: at most the calls then under way.
    assert len(answered) - len(set(answered)) <= 10 * 4
    assert len((tmp_path / "killed" / "run" / "reports.jsonl").read_text("utf-8").splitlines()) == 3
    ledger = [
        json.loads(line) for line in (tmp_path / "killed" / "run" / "ledger.jsonl").read_text("utf-8").splitlines()
    ]
    keys = [line["key"] for line in ledger if line["status"] == 200]
    assert len(keys) == len(set(keys)), "a request whose answer had come was sent again"


def test_ctrl_c_finishes_what_is_under_way_writes_what_there_is_and_the_same_command_goes_on(tmp_path: Path) -> None:
    with Endpoint(lambda body, number: Reply(delay=0.2)) as endpoint:
        running = command(endpoint, tmp_path)
        deadline = time.monotonic() + 60
        while len(endpoint.answered) < 6:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 130, log(tmp_path)
        at_stop = len(endpoint.answered)
        assert len(endpoint.bodies) == at_stop, "a call under way was broken off"
        manifest = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
        failures = [json.loads(line) for line in (tmp_path / "run" / "failures.jsonl").read_text("utf-8").splitlines()]
        assert manifest["interrupted"]
        assert records(tmp_path)
        assert {failure["error"] for failure in failures} == {"Stopped"}
        again = command(endpoint, tmp_path)
        assert again.wait(120) == 0, log(tmp_path)
    assert len(endpoint.answered) == len(set(endpoint.answered))
    assert len(endpoint.answered) > at_stop


def test_two_processes_with_one_cache_pay_for_nothing_twice_and_one_that_dies_holds_up_no_other(tmp_path: Path) -> None:
    with Endpoint(lambda body, number: Reply(delay=0.1)) as endpoint:
        runs = [command(endpoint, tmp_path, out=f"run{number}") for number in range(3)]
        deadline = time.monotonic() + 60
        while len(endpoint.answered) < 10:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        runs[0].send_signal(signal.SIGKILL)
        runs[0].wait()
        assert [run.wait(120) for run in runs[1:]] == [0, 0], log(tmp_path)
        answered = endpoint.answered
    lost = len(answered) - len(set(answered))
    assert lost <= 4, "more was paid twice than was on the wire when one died"
    one, other = ((tmp_path / name / "records.jsonl").read_bytes() for name in ("run1", "run2"))
    assert one == other
    assert not list((tmp_path / "cache" / "turns").iterdir())


def test_who_waits_for_another_process_may_still_be_stopped(tmp_path: Path) -> None:
    async def waiting() -> None:
        def stops() -> None:
            raise Stopped("stopped")

        async with Turns(tmp_path / "turns").take("key", 60, lambda: None):
            with pytest.raises(Stopped):
                async with Turns(tmp_path / "turns").take("key", 60, stops):
                    pass
            async with Turns(tmp_path / "turns").take("key", 0, stops):  # another's turn has lasted too long
                pass

    asyncio.run(waiting())
