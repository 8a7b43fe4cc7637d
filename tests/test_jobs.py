"""Several processes: the same files as with one, whatever happens to the processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from endpoint import Endpoint, Reply, completion
from small import reports_in, text

import llmx
from llmx.errors import UsageError
from llmx.outputs import read_failures
from llmx.processes import Dead, Pool, processes_of

ROOT = Path(__file__).parent.parent
FILES = ("records.jsonl", "reports.jsonl", "failures.jsonl")
POISONED = '''
import os
import llmx

class Poisoned:
    """As the rules, but a report with a certain word ends the process, as a crash in a library does."""

    name = "poisoned"

    def __init__(self):
        self.rules = llmx.open_task().reader("rules")

    def read(self, chunk):
        if "毒" in chunk.text:
            os.kill(os.getpid(), 9)
        return self.rules.read(chunk)
'''


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return reports_in(tmp_path)


def files(run: Path) -> dict[str, bytes]:
    return {name: (run / name).read_bytes() for name in FILES}


class Slow:
    """What a pool's process does in tests: numbers, some of which end it."""

    def __init__(self, tell: object, deadly: frozenset[int] = frozenset(), once: Path | None = None) -> None:
        self.deadly, self.once, self.stopped = deadly, once, threading.Event()

    def work(self, jobs):
        for number in jobs:
            if self.stopped.is_set():
                return
            if number in self.deadly or (self.once and number == 7 and not self.once.exists()):
                if self.once:
                    self.once.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(0.01 * (number % 3))
            yield number * number

    def stop(self) -> None:
        self.stopped.set()

    def close(self) -> None: ...


class Making:
    def __init__(self, **given: object) -> None:
        self.given = given

    def __call__(self, tell: object) -> Slow:
        return Slow(tell, **self.given)


def test_results_come_in_the_order_of_the_jobs_whatever_ends_a_process(tmp_path: Path) -> None:
    pool = Pool(Making(deadly=frozenset({20}), once=tmp_path / "once"), 3)
    found = list(pool.work(range(40)))
    assert [one for at, one in enumerate(found) if at != 20] == [n * n for n in range(40) if n != 20]
    assert isinstance(found[20], Dead)
    assert "SIGKILL" in found[20].reason


def test_a_pool_that_is_stopped_hands_on_what_is_done_and_no_more() -> None:
    pool, found = Pool(Making(), 2), []
    for one in pool.work(range(10_000)):
        found.append(one)
        if len(found) == 5:
            pool.stop()
    assert len(found) < 1_000
    assert [one for one in found if one is not None] == [n * n for n, one in enumerate(found) if one is not None]


def test_a_listener_that_raises_ends_the_run_as_with_one_process(reports: Path, tmp_path: Path) -> None:
    def broken(done: int, total: int, name: str, taken: object) -> None:
        raise RuntimeError("broken listener")

    for shards in (0, 2):
        with pytest.raises(RuntimeError, match="broken listener"):
            llmx.run(reports, tmp_path / str(shards), jobs=2, shards=shards, listener=broken)


def test_the_files_are_those_of_one_process(reports: Path, tmp_path: Path) -> None:
    told: list[tuple[int, str, int]] = []
    llmx.run(reports, tmp_path / "one")
    run = llmx.run(
        reports, tmp_path / "two", jobs=2, listener=lambda done, _, name, taken: told.append((done, name, len(taken)))
    )
    assert files(tmp_path / "two") == files(tmp_path / "one")
    assert (run.manifest.failures, len(run.manifest.inputs)) == (1, 11)
    assert told == [(n + 1, f"r{n:02}", 0 if n == 5 else 2) for n in range(12)]
    assert llmx.run(reports, tmp_path / "two", jobs=2).manifest.taken_up == 11


def test_a_report_that_ends_its_process_costs_itself(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "poisoned.py").write_text(POISONED, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (reports / "r03.txt").write_text(text(3).replace("校舍", "毒舍"), encoding="utf-8")
    from poisoned import Poisoned

    run = llmx.run(reports, tmp_path / "run", Poisoned(), jobs=2)
    assert [one.report for one in run.reports] == [f"r{n:02}" for n in range(12) if n not in (3, 5)]
    failed = [one for one in read_failures(tmp_path / "run" / "failures.jsonl") if one.error == "ProcessError"]
    assert [Path(one.source).name for one in failed] == ["r03.txt"]
    assert "SIGKILL" in failed[0].message


def test_what_another_process_cannot_have_is_told(reports: Path, tmp_path: Path) -> None:
    class Fine(llmx.Record):
        """A fine."""

        party: llmx.Quoted
        """Who."""

    with pytest.raises(UsageError, match=r"jobs 2: .*Fine.*module"):
        llmx.run(reports, tmp_path / "run", Only(), records=[Fine], instructions="all", jobs=2)
    with pytest.raises(UsageError, match="jobs -1"):
        processes_of(-1)


class Only:
    name = "only"

    def read(self, chunk: llmx.Chunk) -> llmx.Reading:
        return llmx.Reading(())


def test_a_language_model_is_asked_from_both_and_its_calls_are_noted_here(reports: Path, tmp_path: Path) -> None:
    calls: list[str] = []
    with Endpoint(lambda body, number: Reply(delay=0.05)) as endpoint:
        asked = {"base_url": endpoint.url, "api_key": "sk-of-this-test", "cache": tmp_path / "cache", "passes": 1}
        run = llmx.run(
            reports, tmp_path / "two", "m", jobs=2, hooks=[lambda call: calls.append(call.kind)], rpm=6_000, **asked
        )
        answered = len(endpoint.answered)
        assert run.manifest.usage.requests == answered == calls.count("attempt") > 0
        assert len((tmp_path / "two" / "ledger.jsonl").read_text("utf-8").splitlines()) == answered
        llmx.run(reports, tmp_path / "one", "m", **asked)
        assert len(endpoint.answered) == answered, "an answer was paid twice"
    assert files(tmp_path / "two") == files(tmp_path / "one")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_interrupted_it_writes_what_it_has_and_goes_on(reports: Path, tmp_path: Path) -> None:
    for number in range(300):
        (reports / f"s{number:03}.txt").write_text(text(number), encoding="utf-8")
    command = [sys.executable, "-m", "llmx", "extract", str(reports), "--out", str(tmp_path / "run"), "--jobs", "2"]
    running = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert running.stderr
    for line in running.stderr:
        if line.startswith("[8/"):
            running.send_signal(signal.SIGINT)
            break
    running.communicate(timeout=60)
    assert running.returncode == 130
    read = len(llmx.open_run(tmp_path / "run").reports)
    assert 7 <= read < 311
    again = llmx.run(reports, tmp_path / "run").manifest
    assert (again.taken_up, len(again.inputs)) == (read, 311)


def reports_of(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"r{number:03}.txt").write_text(text(number), encoding="utf-8")
    return folder


def test_four_processes_keep_one_rate(tmp_path: Path) -> None:
    moments: list[float] = []

    def script(body: dict[str, object], number: int) -> Reply:
        moments.append(time.monotonic())
        return Reply(delay=0.05)

    reports, rpm = reports_of(tmp_path / "in", 80), 1200
    with Endpoint(script) as endpoint:
        given = {"base_url": endpoint.url, "api_key": "k", "cache": None, "passes": 1, "rpm": rpm}
        run = llmx.run(reports, tmp_path / "out", "m", jobs=4, **given)
    assert run.manifest.reports == 80
    assert len(moments) > 80
    # The first call may arrive late; that no call starts early is told exactly by tests/test_allowance.py.
    assert max(moments) - min(moments) + 0.3 >= 0.99 * (len(moments) - 1) * 60 / rpm, "more calls than the rate has"


def test_four_processes_keep_one_budget_also_where_the_model_is_ready(tmp_path: Path) -> None:
    from llmx.models.openai import LanguageModel

    spent, most = [], 150_000

    def script(body: dict[str, object], number: int) -> Reply:
        spent.append(sum(completion(body, Reply())["usage"][name] for name in ("prompt_tokens", "completion_tokens")))
        return Reply(delay=0.02)

    reports = reports_of(tmp_path / "in", 60)
    with Endpoint(script) as endpoint, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "k")
        model = LanguageModel("m", base_url=endpoint.url, cache=None, passes=1, budget=f"{most}tokens")
        few = llmx.run(reports, tmp_path / "few", model, jobs=4, shards=4).manifest
    # What a call costs is known from the first on; that of a process which begins as the budget ends may be one too much.
    assert 0.9 * most < sum(spent) <= 1.01 * most + max(spent)
    assert few.failures > 10
