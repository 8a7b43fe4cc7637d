"""A run on Ray: its records are those of one process, limits hold for all workers, and kills cost what was in flight.

Ray's own processes reach each other by this machine's address, so each test has it in a process of its own.
"""

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
from endpoint import Endpoint, Reply, completion
from small import lines, reports_in, text
from test_jobs import POISONED

import llmx
from llmx.cache import CacheKey, Entry
from llmx.calls import Usage
from llmx.errors import UsageError
from llmx.outputs import read_failures
from llmx.shards.desk import Desk, DeskCache

ROOT = Path(__file__).parent.parent


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return reports_in(tmp_path)


# What workers share


def asking(desk: Desk):
    return lambda name, *given, wait=True: getattr(desk, name)(*given)


def test_workers_have_one_cache_at_a_desk(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "cache")
    one, other = (DeskCache(Path("elsewhere"), asking(desk), who) for who in ("a", "b"))
    key = CacheKey({"text": "x"})
    entry = Entry(parts={"text": "x"}, answer="{}", finish="stop", usage=Usage(), date="2025-01-01")
    assert other.get(key) is None
    one.put(key, entry)
    assert other.get(key) == entry
    assert (other.fault, Path("elsewhere").exists()) == (None, False)
    desk.close()


def test_a_question_is_one_worker_s_at_a_time_and_free_once_that_has_died(tmp_path: Path) -> None:
    desk, order = Desk(None), list[str]()
    one, other = (DeskCache(tmp_path, asking(desk), who) for who in ("a", "b"))

    async def ask(cache: DeskCache, name: str, seconds: float) -> None:
        async with cache.turns.take("q", 5, lambda: None):
            order.append(f"{name} begins")
            await asyncio.sleep(seconds)
            order.append(f"{name} ends")

    async def both() -> None:
        await asyncio.gather(ask(one, "a", 0.1), ask(other, "b", 0))

    asyncio.run(both())
    assert order == ["a begins", "a ends", "b begins", "b ends"]
    assert desk.take("q", "a 1")
    assert not desk.take("q", "b 1")
    desk.forget("a")
    assert desk.take("q", "b 1")


# On Ray


def test_an_engine_does_shards_into_a_folder(reports: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no engine 'spark'"):
        llmx.run(reports, tmp_path / "a", engine="spark")
    with pytest.raises(UsageError, match="leave out shards"):
        llmx.run(reports, tmp_path / "a", engine="ray", shards=0)
    llmx.run(reports, tmp_path / "one")
    with pytest.raises(UsageError, match="one folder"):
        llmx.run(reports, tmp_path / "one", engine="ray")


RUNS = """
import sys, llmx, ray
reports, out, url, poisoned = sys.argv[1:]
ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 * 2**20)
told = []
llmx.run(reports, out + "/rules", engine="ray", listener=lambda done, total, name, taken: told.append(name))
assert len(told) == 12, told
given = {"base_url": url, "api_key": "k", "passes": 1, "engine": "ray"}
calls = []
llmx.run(reports, out + "/first", "m", cache=out + "/cache", hooks=calls.append, rpm=300, **given)
print(sum(call.kind == "usage" for call in calls))
llmx.run(reports, out + "/again", "m", cache=out + "/cache", **given)
llmx.run(reports, out + "/few", "m", cache=None, budget="60000tokens", concurrency=4, **given)
from poisoned_cluster import Poisoned
llmx.run(poisoned, out + "/ended", Poisoned(), engine="ray", shards=2)
import ray.data
ray.data.DataContext.get_current().enable_progress_bars = False
rows = ray.data.from_items([{"path": f"{reports}/r{n:02}.txt"} for n in range(12)], override_num_blocks=2)
found = rows.map_batches(llmx.Extract(), batch_format="pandas").to_pandas()
found.to_json(out + "/rows.json", orient="records")
"""


def environment() -> dict[str, str]:
    paths = [str(ROOT), str(ROOT / "tests")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENAI_API_KEY": "sk-test", "RAY_ADDRESS": "local"}


def test_records_limits_and_failures_on_ray(reports: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    (tmp_path / "poisoned_cluster.py").write_text(POISONED, encoding="utf-8")
    (tmp_path / "poisoned").mkdir()
    for number in range(4):
        report = text(number).replace("校舍", "毒舍") if number == 2 else text(number)
        (tmp_path / "poisoned" / f"r{number}.txt").write_text(report, encoding="utf-8")
    moments: list[tuple[float, int]] = []

    def script(body: dict[str, object], number: int) -> Reply:
        usage = completion(body, Reply())["usage"]
        moments.append((time.monotonic(), usage["prompt_tokens"] + usage["completion_tokens"]))
        return Reply(delay=0.05)

    where = environment()
    where["PYTHONPATH"] += os.pathsep + str(tmp_path)
    with Endpoint(script) as endpoint:
        told = [sys.executable, "-c", RUNS, reports, tmp_path, endpoint.url, tmp_path / "poisoned"]
        ran = subprocess.run([*map(str, told)], env=where, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    one = llmx.run(reports, tmp_path / "one")
    cut = llmx.open_run(tmp_path / "rules")
    assert lines(cut) == lines(one)
    assert (cut.manifest.reports, cut.manifest.failures, cut.manifest.shards) == (11, 1, 12)
    first, again, few = (llmx.open_run(tmp_path / name) for name in ("first", "again", "few"))
    asked = first.manifest.ledger.requests
    assert asked == int(ran.stdout.split()[0]) > 11
    assert asked + few.manifest.ledger.requests == len(moments), "the second run asked what the cache has"
    assert lines(again) == lines(first)
    begun = [moment for moment, _ in moments[:asked]]
    # The first call may arrive late; that no call starts early is told exactly by tests/test_allowance.py.
    assert begun[-1] - begun[0] + 0.3 >= 0.99 * (asked - 1) * 60 / 300, "more calls than the rate has"
    taken = [tokens for _, tokens in moments[asked:]]
    assert 0.8 * 60_000 < sum(taken) <= 1.01 * 60_000 + max(taken)
    assert few.manifest.failures > 3
    rows = json.loads((tmp_path / "rows.json").read_text("utf-8"))
    assert sorted(row["id"] for row in rows if row["id"]) == sorted(record.id for record in one.records())
    assert [row["failure"].partition(":")[0] for row in rows if row["failure"]] == ["NoTextInput"]
    ended = llmx.open_run(tmp_path / "ended")
    assert sorted(one.report for one in ended.reports) == ["r0", "r1", "r3"]
    failed = [one for path in ended.files("failures.jsonl") for one in read_failures(path)]
    assert [(one.error, Path(one.source).name) for one in failed] == [("ProcessError", "r2.txt")]


def tree(root: int) -> dict[int, str]:
    """The processes under one, with what they are called."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [(int(pid), int(parent), name) for pid, parent, name in (line.split(None, 2) for line in told.splitlines())]
    found, below = dict[int, str](), {root}
    while below:
        here = {pid: name for pid, parent, name in rows if parent in below}
        found |= here
        below = set(here)
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_workers_and_drivers_are_killed_and_nothing_is_lost_or_doubled_or_paid_twice(
    reports: Path, tmp_path: Path
) -> None:
    pytest.importorskip("ray")
    dice = random.Random(3)
    cache = tmp_path / "cache"
    told = [sys.executable, "-m", "llmx", "extract", reports, "--out", tmp_path / "cut", "--engine", "ray", "--jobs", 2]
    told += ["--model", "m", "--cache", cache, "--passes", 1, "--concurrency", 4, "--shards", 6, "--quiet"]

    def waited(process: subprocess.Popen[bytes], endpoint: Endpoint, more: int) -> None:
        until = len(endpoint.answered) + more
        while len(endpoint.answered) < until and process.poll() is None:
            time.sleep(0.01)

    with Endpoint(lambda body, number: Reply(delay=0.3)) as endpoint:
        command = [*map(str, told), "--base-url", endpoint.url]
        for end in ("kill", "interrupt"):
            running = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
            waited(running, endpoint, dice.randint(1, 3))
            workers = [one for one, name in tree(running.pid).items() if name.startswith("ray::llmx shard")]
            for one in workers[:1]:
                os.kill(one, signal.SIGKILL)
            waited(running, endpoint, dice.randint(2, 3))
            running.send_signal(signal.SIGKILL if end == "kill" else signal.SIGINT)
            code = running.wait(60)
            assert code == (-9 if end == "kill" else 130), end
        assert subprocess.run(command, env=environment(), check=False, timeout=120).returncode == 1, (
            "one cannot be read"
        )
        answered = list(endpoint.answered)
        assert len(answered) - len(set(answered)) <= 4 * 4, "more was paid twice than was in flight"
        given = {"base_url": endpoint.url, "api_key": "k", "cache": cache, "passes": 1}
        one, cut = llmx.run(reports, tmp_path / "one", "m", **given), llmx.open_run(tmp_path / "cut")
        again = endpoint.answered[len(answered) :]
        assert not [one for one in again if one in answered], "the cache lacks an answer that was paid"
        assert not again, "records stand without an answer"
    assert lines(cut) == lines(one)
    assert (cut.manifest.reports, cut.manifest.failures) == (11, 1)
    paid = [json.loads(line)["key"] for path in cut.files("ledger.jsonl") for line in path.read_bytes().splitlines()]
    # A kill between an answer and its line in the ledger costs the line.
    assert 0 <= len(set(answered)) - len(set(paid)) <= 3 * 4, "more calls than were in flight are not in the ledger"
