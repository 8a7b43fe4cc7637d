"""A run whose questions travel in batches, against an endpoint on 127.0.0.1 that behaves as documented, or does not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from batch_endpoint import BatchEndpoint, Faults, well
from endpoint import Reply, completion, plain_answer, question_of
from typer.testing import CliRunner

import llmx
from llmx.batch import FOLDER, Batching, Post, Queue, Store, until_answered
from llmx.cache import CacheKey
from llmx.calls import Listeners, Usage
from llmx.cli import app
from llmx.errors import Awaited, EndpointError, ModelError, UsageError
from llmx.extractor import Extractor
from llmx.models.openai.desk import BatchDesk
from llmx.models.openai.posting import Posting
from llmx.models.openai.telling import Telling
from llmx.orders import BatchState, cancel, collect, status, submit

REPORT = Path(__file__).parent / "reports" / "qianjiang-2025.txt"
KEY = "sk-a-secret-key-of-batches"
FAST = Batching(pause=0.002)
SHORT = """2024年政府工作报告

一、2023年工作回顾

地区生产总值增长{0}.2%，一般公共预算收入12亿元。清河大桥建成通车。

二、2024年重点工作

新改建农村公路12{0}公里，培育规上企业9家。
"""


def shorts(folder: Path, count: int) -> list[str]:
    """Reports of two or three questions each."""
    paths = [folder / f"r{number}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(SHORT.format(number), "utf-8")
    return [str(path) for path in paths]


def asked(endpoint: BatchEndpoint, cache: Path, **options: Any) -> dict[str, Any]:
    return {"base_url": endpoint.url, "api_key": KEY, "cache": cache, **options}


def values(records: Any) -> list[dict[str, Any]]:
    return [record.model_dump() for record in records]


def ledger(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "ledger.jsonl").read_text("utf-8").splitlines()]


def failures(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "failures.jsonl").read_text("utf-8").splitlines()]


def awkward(id: str, body: dict[str, Any], before: int) -> tuple[int, Any]:
    """Prose at first for some questions, a cut answer for long ones of another kind; all else as it should be."""
    asked_again = "标题：" not in question_of(body)
    kind = zlib.crc32(question_of(body).encode()) % 3
    if kind == 0 and not asked_again:
        return 200, completion(body, Reply(text="Here are the records:"))
    if kind == 1 and len(question_of(body)) > 700:
        text = plain_answer(body)
        return 200, completion(body, Reply(text=text[: len(text) // 3], finish="length"))
    return 200, completion(body, Reply())


def test_a_run_in_batches_is_the_run_that_it_would_be_live(tmp_path: Path) -> None:
    with BatchEndpoint(Faults(awkward)) as endpoint:
        live = llmx.run(REPORT, tmp_path / "live", "m", **asked(endpoint, tmp_path / "one"))
        questions = len(endpoint.live)
        run = llmx.run(REPORT, tmp_path / "run", "m", batch=FAST, **asked(endpoint, tmp_path / "two"))
        assert len(endpoint.live) == questions
        assert sum(endpoint.asked.values()) == questions
        again = llmx.extract(REPORT, "m", **asked(endpoint, tmp_path / "two"))
        assert len(endpoint.live) == questions
    assert len(endpoint.batches) > 1
    assert set(endpoint.asked.values()) == {1}
    assert values(run.records()) == values(live.records()) == values(again.records)
    assert run.manifest.failures == live.manifest.failures == len(again.failures)
    lines, told = ledger(tmp_path / "run"), ledger(tmp_path / "live")
    for one in ("purpose", "start", "end", "finish", "usage", "faults", "key"):
        assert sorted(str(line[one]) for line in lines) == sorted(str(line[one]) for line in told)
    assert {line["batch"] for line in lines} == set(endpoint.batches)
    assert {"first", "reask"} <= {line["purpose"] for line in lines}
    assert "length" in {line["finish"] for line in lines}
    assert not (tmp_path / "run" / FOLDER).exists()


def test_what_a_batch_costs_is_in_the_ledger_the_dry_run_and_the_budget(tmp_path: Path) -> None:
    (tmp_path / "llmx.toml").write_text('[prices."m"]\nprompt = 10.0\ncompletion = 20.0\ncurrency = "CNY"\n')
    with BatchEndpoint() as endpoint:
        options = asked(endpoint, tmp_path / "cache", config=tmp_path / "llmx.toml", passes=1)
        before = llmx.estimate(REPORT, "m", **options)
        assert before.batch_cost.amount == pytest.approx(before.cost.amount / 2)
        budget = f"{before.batch_cost.amount / 2:.6f}CNY"
        some = llmx.run(REPORT, tmp_path / "run", "m", batch=FAST, budget=budget, **options)
        paid = sum(endpoint.asked.values())
        assert 0 < paid < before.chunks == paid + some.manifest.failures
        assert {row["error"] for row in failures(tmp_path / "run")} == {"BudgetError"}
        all_of_it = llmx.run(REPORT, tmp_path / "run", "m", batch=FAST, **options)
    assert all_of_it.manifest.failures == 0
    assert set(endpoint.asked.values()) == {1}
    for line in ledger(tmp_path / "run"):
        whole = (line["usage"]["prompt"] * 10 + line["usage"]["completion"] * 20) / 1e6
        assert line["cost"]["amount"] == pytest.approx(whole / 2)


def test_what_goes_wrong_in_a_batch_goes_into_the_next(tmp_path: Path) -> None:
    def answer(id: str, body: dict[str, Any], before: int) -> tuple[int, Any] | None:
        kind = int(id[:8], 16) % 6 if before == 0 and id != "live" else 5
        if kind == 0:
            return None
        if kind == 1:
            return 500, {"error": {"message": "The server had an error", "type": "server_error"}}
        if kind == 2:
            return 429, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}
        return well(id, body, before)

    faults = Faults(answer, ["429", "lost"], ["lost"], expiring={1}, twice=2, strange=2)
    with BatchEndpoint(faults) as endpoint:
        options = asked(endpoint, tmp_path / "cache")
        run = llmx.run(shorts(tmp_path, 8), tmp_path / "run", "m", batch=FAST, **options)
        live = llmx.run(shorts(tmp_path, 8), tmp_path / "live", "m", **asked(endpoint, tmp_path / "other"))
    assert run.manifest.failures == 0
    assert values(run.records()) == values(live.records())
    labels = [one["metadata"]["llmx"] for one in endpoint.batches.values()]
    assert len(set(labels)) == len(labels)
    assert len(endpoint.files) == len({name for name, _ in endpoint.files.values() if name.startswith("llmx-")}) + sum(
        name in one for one in endpoint.batches.values() for name in ("output_file_id", "error_file_id")
    )
    warned = " ".join(run.manifest.warnings)
    assert "came twice" in warned
    assert "not asked" in warned
    good = [line for line in ledger(tmp_path / "run") if not line["error"]]
    assert len({line["key"] for line in good}) == len(good) == len(endpoint.live)


def test_what_a_batch_leaves_is_asked_live_where_that_is_wanted(tmp_path: Path) -> None:
    def answer(id: str, body: dict[str, Any], before: int) -> tuple[int, Any] | None:
        return well(id, body, before) if id == "live" or int(id[:8], 16) % 2 else None

    with BatchEndpoint(Faults(answer)) as endpoint:
        how = replace(FAST, rest="live")
        run = llmx.run(shorts(tmp_path, 6), tmp_path / "run", "m", batch=how, **asked(endpoint, tmp_path / "cache"))
    assert run.manifest.failures == 0
    assert len(endpoint.batches) == 1
    assert len(endpoint.live) >= sum(int(id[:8], 16) % 2 == 0 for id in endpoint.asked) > 0
    assert {line["batch"] for line in ledger(tmp_path / "run")} == {None, "batch_1"}


def test_what_never_comes_is_a_failure_row_and_only_that(tmp_path: Path) -> None:
    def answer(id: str, body: dict[str, Any], before: int) -> tuple[int, Any] | None:
        if "规上企业" in question_of(body):
            return (
                None if "120公里" in question_of(body) else (400, {"error": {"message": "a bad request", "code": "x"}})
            )
        return well(id, body, before)

    with BatchEndpoint(Faults(answer)) as endpoint:
        run = llmx.run(shorts(tmp_path, 3), tmp_path / "run", "m", batch=FAST, **asked(endpoint, tmp_path / "cache"))
    assert Counter(row["error"] for row in failures(tmp_path / "run")) == {"OverloadError": 1, "RequestError": 2}
    assert run.manifest.records["achievement"] > 0
    assert max(endpoint.asked.values()) == 3


def test_a_setting_that_is_refused_is_left_out_of_the_next_batch(tmp_path: Path) -> None:
    def answer(id: str, body: dict[str, Any], before: int) -> tuple[int, Any] | None:
        if "temperature" in body:
            words = "Unsupported value: 'temperature' does not support 0 with this model."
            return 400, {"error": {"message": words, "type": "invalid_request_error"}}
        return well(id, body, before)

    (tmp_path / "llmx.toml").write_text('[providers.openai.models."*"]\n')
    with BatchEndpoint(Faults(answer)) as endpoint:
        run = llmx.run(
            shorts(tmp_path, 2), tmp_path / "run", "qwen/m", batch=FAST, **asked(endpoint, tmp_path / "cache")
        )
    assert run.manifest.failures == 0
    assert len(endpoint.batches) == 2


def test_faulty_lines_are_failures_and_the_rest_of_a_refused_batch_is_asked(tmp_path: Path) -> None:
    faults = Faults(faulty_lines=lambda number, rows: [1, 3] if number == 1 else [])
    with BatchEndpoint(faults) as endpoint:
        run = llmx.run(shorts(tmp_path, 3), tmp_path / "run", "m", batch=FAST, **asked(endpoint, tmp_path / "cache"))
    assert {row["error"] for row in failures(tmp_path / "run")} == {"RequestError"}
    first, second = endpoint.batches.values()
    assert sum(endpoint.asked.values()) == len(second["rows"]) == len(first["rows"]) - 2
    assert run.manifest.records["achievement"] > 0


def test_a_batch_that_is_refused_for_no_line_ends_the_run(tmp_path: Path) -> None:
    faults = Faults(faulty_lines=lambda number, rows: [10_000])
    with BatchEndpoint(faults) as endpoint, pytest.raises(EndpointError, match="invalid_request"):
        llmx.run(shorts(tmp_path, 1), tmp_path / "run", "m", batch=FAST, **asked(endpoint, tmp_path / "cache"))
    assert len(endpoint.batches) == 2


def test_step_by_step_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    run, runner = str(tmp_path / "run"), CliRunner()

    def said(*words: str, code: int = 0) -> str:
        result = runner.invoke(app, ["batch", *words])
        assert result.exit_code == code, result.output
        return result.output

    with BatchEndpoint(Faults(awkward)) as endpoint:
        more = ("--model", "openai/m", "--base-url", endpoint.url, "--cache", str(tmp_path / "cache"), "--passes", "1")
        assert "no batches are under way" in said("status", run, code=2)
        assert "1 batches under way" in said("submit", run, *shorts(tmp_path, 3), *more)
        held = "".join(path.read_text("utf-8", "replace") for path in (tmp_path / "run").rglob("*") if path.is_file())
        assert KEY not in held
        assert "in_progress" in said("status", run)
        for _ in range(10):
            told = said("collect", run)
            if "all answers are here" in told.splitlines()[-1]:
                break
        assert "records in" in told
        assert "no batches are under way" in said("collect", run, code=2)
        options = asked(endpoint, tmp_path / "other", passes=1)
        live = llmx.run(shorts(tmp_path, 3), tmp_path / "live", "openai/m", **options)
    assert values(llmx.open_run(run).records()) == values(live.records())


def test_extract_batch_does_all_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmx.batch.rounds.time.sleep", lambda _: None)
    monkeypatch.setattr("llmx.cli.extract.collect_seldom", lambda: None)  # it is for a process of its own
    with BatchEndpoint(Faults(looks=0)) as endpoint:
        words = [
            "--base-url",
            endpoint.url,
            "--cache",
            str(tmp_path / "cache"),
            "--out",
            str(tmp_path / "run"),
            "--batch",
        ]
        result = CliRunner().invoke(
            app, ["extract", *shorts(tmp_path, 2), "--model", "m", *words], env={"OPENAI_API_KEY": KEY}
        )
    assert result.exit_code == 0, result.output
    assert len(endpoint.batches) == 1
    assert not endpoint.live


def test_cancelled_batches_keep_what_they_have_done(tmp_path: Path) -> None:
    with BatchEndpoint(Faults(looks=100)) as endpoint:
        options = asked(endpoint, tmp_path / "cache")
        state = submit(tmp_path / "run", shorts(tmp_path, 4), "m", batching=FAST, **options)
        assert isinstance(state, BatchState)
        assert len(status(tmp_path / "run", api_key=KEY).open) == 1
        assert cancel(tmp_path / "run", api_key=KEY).open[0].status == "cancelling"
        run = collect(tmp_path / "run", wait=True, batching=FAST, api_key=KEY)
        assert not isinstance(run, BatchState)
        assert {row["error"] for row in failures(tmp_path / "run")} == {"Awaited"}
        assert run.manifest.records["achievement"] > 0
        assert sum(endpoint.asked.values()) == len(endpoint.batches["batch_1"]["rows"]) // 2
        assert len(endpoint.batches) == 1
        endpoint.faults.looks = 0
        whole = llmx.run(shorts(tmp_path, 4), tmp_path / "run", "m", batch=FAST, **options)
    assert whole.manifest.failures == 0
    assert set(endpoint.asked.values()) == {1}


def test_a_batch_that_somebody_cancels_is_not_sent_again_by_who_waits_for_it(tmp_path: Path) -> None:
    with BatchEndpoint(Faults(looks=100)) as endpoint:

        def say(words: str) -> None:
            if "requests sent" in words:
                endpoint.batches["batch_1"]["status"] = "cancelling"

        how = replace(FAST, say=say)
        with pytest.raises(Awaited, match="llmx batch collect"):
            llmx.run(shorts(tmp_path, 3), tmp_path / "run", "m", batch=how, **asked(endpoint, tmp_path / "cache"))
        assert len(endpoint.batches) == 1


def test_the_page_of_docs_shows_what_the_program_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parent.parent / "docs" / "batch.md").read_text("utf-8")
    example, table = (page.split(f"```{kind}\n")[1].split("```")[0] for kind in ("python", "toml"))
    (tmp_path / "reports").mkdir()
    shorts(tmp_path / "reports", 2)
    (tmp_path / "llmx.toml").write_text(table)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("llmx.batch.rounds.time.sleep", lambda _: None)
    with BatchEndpoint() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        names: dict[str, Any] = {}
        exec(example, names)
    assert names["run"].manifest.failures == 0
    assert len(endpoint.batches) == 1


def test_who_has_no_batches_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="deepseek has no batches"):
        llmx.run(
            shorts(tmp_path, 1), tmp_path / "run", "deepseek/deepseek-chat", batch=True, api_key=KEY, cache=tmp_path
        )
    with pytest.raises(UsageError, match="name a language model"):
        llmx.run(shorts(tmp_path, 1), tmp_path / "run", batch=True)
    with pytest.raises(UsageError, match="need a cache"):
        llmx.run(shorts(tmp_path, 1), tmp_path / "run", "openai/m", batch=True, api_key=KEY, cache=None)


# -- the queue alone, with many questions


@dataclass
class Many:
    """So many questions through a store, a queue and the step of the staircase that asks by post."""

    folder: Path
    count: int
    answered: dict[int, str]
    failed: dict[int, str]

    def run(self, endpoint: BatchEndpoint, **limits: Any) -> None:
        with Extractor("m", **asked(endpoint, self.folder / "cache")) as extractor:
            self.run_with(extractor, **limits)

    def run_with(self, extractor: Extractor, **limits: Any) -> None:
        """As a process would that begins now."""
        model: Any = extractor.model
        model.endpoint = model.endpoint.model_copy(update={"batch": model.endpoint.batch.model_copy(update=limits)})
        with _store(self.folder) as store:
            post = Post(store)

            async def walk() -> int:
                posting = Posting(post, model._stairs_here().wire, model.spending, lambda: None)
                return sum([self.ask(posting, number) for number in range(self.count) if number not in self.answered])

            until_answered(Queue(store, model.desk(), extractor.wait), lambda: extractor.wait(walk()), FAST)

    def ask(self, posting: Posting, number: int) -> bool:
        """Whether a question waits."""
        told = Telling(posting.endpoint, Listeners(()), None, "first", "r", CacheKey({"question": str(number)}))  # type: ignore[arg-type]
        messages: Any = [{"role": "user", "content": f"标题：年份：增长[{number}]"}]
        try:
            reply = posting.reply(messages, told, lambda: Usage(prompt=20, completion=5))
        except Awaited:
            return True
        except ModelError as error:
            self.failed[number] = type(error).__name__
            return False
        self.answered[number] = reply.text
        posting.tell(told, reply.posted, reply.usage, status=200)
        return False


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    store = Store(folder)
    try:
        yield store
    finally:
        store.close()


def three_in_a_hundred(id: str, body: dict[str, Any], before: int) -> tuple[int, Any] | None:
    """1 % fail for good, 1 % once, 1 % are missing once."""
    kind = int(id[:8], 16) % 100
    if kind == 0:
        return 400, {"error": {"message": "a bad request", "code": "x"}}
    if kind in (1, 2) and before == 0:
        return None if kind == 1 else (500, {"error": {"message": "ill"}})
    return well(id, body, before)


def check(many: Many, endpoint: BatchEndpoint) -> None:
    assert len(many.answered) + len(many.failed) == many.count
    assert not many.answered.keys() & many.failed.keys()
    for number, text in many.answered.items():  # each its own
        assert json.loads(text)["figures"] == [{"n": number, "indicator": "增长"}]
    for id, times in endpoint.asked.items():
        assert times == (2 if int(id[:8], 16) % 100 in (1, 2) else 1)
    labels = [one["metadata"]["llmx"] for one in endpoint.batches.values()]
    assert len(set(labels)) == len(labels)


def test_ten_thousand_requests_of_which_some_fail_and_a_batch_expires_half_way(tmp_path: Path) -> None:
    faults = Faults(three_in_a_hundred, expiring={2}, twice=5, strange=1, looks=0)
    many = Many(tmp_path, 10_000, {}, {})
    with BatchEndpoint(faults) as endpoint:
        many.run(endpoint, requests=2500)
    check(many, endpoint)
    assert len(many.failed) == sum(int(id[:8], 16) % 100 == 0 for id in endpoint.asked) > 50
    assert len(endpoint.batches) < 12


@pytest.mark.parametrize("given", [True, False])
def test_the_allowance_is_never_exceeded_and_always_used(given: bool, tmp_path: Path) -> None:
    faults = Faults(three_in_a_hundred, tokens=10_000)
    many = Many(tmp_path, 600, {}, {})
    with BatchEndpoint(faults) as endpoint:  # it counts characters, about 60 a question, we 20 tokens
        many.run(endpoint, **({"tokens": 3000} if given else {}))
    check(many, endpoint)
    refused = [one for one in endpoint.batches.values() if one["status"] == "failed"]
    assert bool(refused) != given
    assert endpoint.most_under_way > 6_000


class Killed(BaseException):
    pass


def test_killed_at_any_step_and_started_again_nothing_is_lost_or_sent_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time after another step, which is done, but its end not heard."""
    left = [0]

    def tick() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    def deadly(step: Callable[..., Any]) -> Callable[..., Any]:
        async def awaited(*given: Any) -> Any:
            found = await step(*given)
            tick()
            return found

        def called(*given: Any, **named: Any) -> Any:
            found = step(*given, **named)
            tick()
            return found

        return awaited if asyncio.iscoroutinefunction(step) else called

    for kind, names in (
        (Store, "cut note take end failed refuse"),
        (BatchDesk, "upload create batch download find_file find_batch"),
    ):
        for name in names.split():
            monkeypatch.setattr(kind, name, deadly(getattr(kind, name)))
    faults = Faults(three_in_a_hundred, expiring={2}, twice=2, looks=0)
    with BatchEndpoint(faults) as endpoint, Extractor("m", **asked(endpoint, tmp_path / "cache")) as extractor:
        for deadly_step in range(1, 200):
            many, left[0] = Many(tmp_path / str(deadly_step), 24, {}, {}), deadly_step
            for whole in (endpoint.files, endpoint.batches, endpoint.asked):
                whole.clear()
            try:
                many.run_with(extractor, requests=8)
            except Killed:
                many.answered.clear()
                many.failed.clear()
                many.run_with(extractor, requests=8)
            check(many, endpoint)
            if left[0] > 0:  # it lived
                break
    assert deadly_step > 30


def test_sigkilled_and_started_again(tmp_path: Path) -> None:
    paths = shorts(tmp_path, 3)
    code = (
        "import sys, llmx; from llmx.batch import Batching; "
        f"llmx.run({paths!r}, {str(tmp_path / 'run')!r}, 'm', batch=Batching(pause=0.05), base_url=sys.argv[1], "
        f"api_key={KEY!r}, cache={str(tmp_path / 'cache')!r})"
    )
    with BatchEndpoint(Faults(looks=40)) as endpoint:
        process = subprocess.Popen([sys.executable, "-c", code, endpoint.url], env=os.environ)
        deadline = time.monotonic() + 60
        while not endpoint.batches and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        endpoint.batches["batch_1"]["looks"] = 0
        run = llmx.run(paths, tmp_path / "run", "m", batch=FAST, **asked(endpoint, tmp_path / "cache"))
    assert run.manifest.failures == 0
    assert len(endpoint.batches) == 1
    assert set(endpoint.asked.values()) == {1}


def test_a_file_of_answers_goes_to_the_disk_and_not_into_memory(tmp_path: Path) -> None:
    row = json.dumps({"custom_id": "x" * 64, "response": {"status_code": 200, "body": "y" * 2000}, "error": None})
    with BatchEndpoint() as endpoint, Extractor("m", **asked(endpoint, tmp_path / "cache")) as extractor:
        endpoint.files["file-1"] = ("big", (row.encode() + b"\n") * 15_000)
        model: Any = extractor.model
        tracemalloc.start()
        extractor.wait(model.desk().download("file-1", tmp_path / "big.jsonl"))
        with _store(tmp_path) as store:
            from llmx.batch.collecting import answers_of

            assert store.take(1, answers_of(tmp_path / "big.jsonl", Counter()))["unknown"] == 15_000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (tmp_path / "big.jsonl").stat().st_size > 30_000_000
    assert peak < 6_000_000
