"""What the command line can, Python can: many at once, cassettes, progress, logging, pickles, short forms."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint, Reply, delayed, question_of

import llmx
from llmx.models.openai import LanguageModel

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "tests" / "reports" / "qianjiang-2025.txt"
CASSETTE = ROOT / "cassettes" / "qianjiang-2025.yaml"
KEY = "sk-a-secret-key-of-mine"


class Fine(llmx.Record):
    """A fine."""

    amount: llmx.Figured
    """How much."""


FINES = llmx.Task("fines", [Fine])


def documents(count: int) -> list[llmx.Document]:
    return [llmx.read_text(f"They were fined {n + 1},000 dollars.", id=f"d{n}") for n in range(count)]


def fines(body: dict[str, Any], number: int) -> Reply:
    found = re.findall(r"\[(\d+)\](\d,000 dollars)", question_of(body))
    return Reply(text=json.dumps({"fines": [{"quote": words, "amount": int(n)} for n, words in found]}), delay=0.02)


def asked(endpoint: Endpoint, **options: Any) -> dict[str, Any]:
    return {"base_url": endpoint.url, "api_key": KEY, "cache": None, "task": FINES, **options}


def test_all_public_names_are_there() -> None:
    for name in llmx.__all__:
        assert getattr(llmx, name) is not None


def test_many_reports_are_read_without_blocking_the_loop() -> None:
    beats = []

    async def beat() -> None:
        while True:
            beats.append(1)
            await asyncio.sleep(0.005)

    async def work(endpoint: Endpoint) -> list[llmx.Result]:
        beating = asyncio.ensure_future(beat())
        found = [one async for one in llmx.aextract_many(documents(8), "m", **asked(endpoint))]
        beating.cancel()
        return found

    with Endpoint(fines) as endpoint:
        found = asyncio.run(work(endpoint))
        assert endpoint.most_at_once > 1
    assert [one.document.id for one in found] == [f"d{n}" for n in range(8)]
    assert [one.fines[0].amount.value for one in found] == [1000 * (n + 1) for n in range(8)]
    assert len(beats) > 3


def test_many_with_an_embedded_reader_and_one_that_cannot_be_read() -> None:
    async def work() -> list[llmx.Result]:
        return [one async for one in llmx.aextract_many([REPORT, "nowhere.txt"])]

    read, unread = asyncio.run(work())
    assert read.records == llmx.extract(REPORT).records
    assert unread.failures
    assert unread.document is None


def test_who_leaves_early_calls_off_what_is_under_way() -> None:
    async def work(endpoint: Endpoint) -> None:
        async for one in llmx.aextract_many(documents(8), "m", **asked(endpoint, concurrency=2)):
            assert one.document
            break

    def script(body: dict[str, Any], number: int) -> Reply:
        return fines(body, number) if "1,000" in question_of(body) else Reply(delay=30.0, text='{"fines": []}')

    before = threading.active_count()
    with Endpoint(script) as endpoint:
        asyncio.run(asyncio.wait_for(work(endpoint), 10))
        assert len(endpoint.bodies) < 8
    assert threading.active_count() <= before + 1


def test_a_run_to_be_awaited_tells_a_plain_function_how_it_goes(tmp_path: Path) -> None:
    told: list[tuple[int, int, str, int]] = []

    async def work(endpoint: Endpoint) -> llmx.SavedRun:
        listener = lambda done, total, name, result: told.append((done, total, name, len(result)))  # noqa: E731
        return await llmx.arun(documents(3), tmp_path, "m", "jsonl, csv", listener=listener, **asked(endpoint))

    with Endpoint(fines) as endpoint:
        saved = asyncio.run(work(endpoint))
    assert told == [(1, 3, "d0", 1), (2, 3, "d1", 1), (3, 3, "d2", 1)]
    assert [one.amount.value for one in saved.records()] == [1000, 2000, 3000]
    assert (tmp_path / "records.csv").is_file()
    assert saved.manifest.settings["formats"] == ["jsonl", "csv"]


def test_a_run_that_is_cancelled_writes_down_what_it_has_and_goes_on_later(tmp_path: Path) -> None:
    async def work(endpoint: Endpoint) -> None:
        running = asyncio.ensure_future(
            llmx.arun(documents(6), tmp_path, "m", **asked(endpoint, concurrency=1, attempts=1))
        )
        while len(endpoint.answered) < 2:
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    with Endpoint(lambda body, number: Reply(text=fines(body, number).text, delay=0.1)) as endpoint:
        asyncio.run(work(endpoint))
        saved = llmx.open_run(tmp_path, FINES)
        assert saved.manifest.interrupted
        assert 2 <= len(list(saved.records())) < 6
        whole = llmx.run(documents(6), tmp_path, "m", **asked(endpoint))
    assert len(list(whole.records())) == 6


@pytest.mark.parametrize("listener", ["print", 3])
def test_a_listener_that_is_none_is_refused(listener: Any, tmp_path: Path) -> None:
    with pytest.raises(llmx.UsageError, match="listener"):
        llmx.run(REPORT, tmp_path / "run", listener=listener)

    async def waiting(*_: object) -> None: ...

    with pytest.raises(llmx.UsageError, match="plain function"):
        llmx.run(REPORT, tmp_path / "run", listener=waiting)
    assert not (tmp_path / "run").exists()


def test_a_cassette_is_replayed_in_every_form(tmp_path: Path) -> None:
    from llmx.cassettes import opened

    (tmp_path / "d0.txt").write_text(documents(1)[0].text, "utf-8")
    tape = tmp_path / "tape.yaml"
    with opened(tape, record=True), Endpoint(fines) as endpoint:
        first = llmx.extract(tmp_path / "d0.txt", "m", **asked(endpoint))
    options: dict[str, Any] = {"task": FINES, "cassette": tape}
    assert first.records
    assert llmx.extract(tmp_path / "d0.txt", **options).records == first.records
    assert asyncio.run(llmx.aextract(tmp_path / "d0.txt", **options)).records == first.records
    assert [one.records for one in llmx.extract_many(tmp_path / "d0.txt", **options)] == [first.records]
    assert list(llmx.run(tmp_path / "d0.txt", tmp_path / "run", **options).records()) == list(first.records)
    with pytest.raises(llmx.UsageError, match="ready model"):
        llmx.extract(tmp_path / "d0.txt", LanguageModel("m", base_url="http://127.0.0.1:9", api_key="none"), **options)
    with pytest.raises(llmx.LlmxError, match="no cassette"):
        llmx.extract(tmp_path / "d0.txt", task=FINES, cassette=tmp_path / "d0.txt")
    with Endpoint(fines) as endpoint:  # a closed cassette holds nothing back
        assert llmx.extract(tmp_path / "d0.txt", "m", **asked(endpoint)).records == first.records


def test_what_fails_and_what_is_done_goes_to_the_logger(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with Endpoint(lambda body, number: Reply(status=500, body={})) as endpoint, caplog.at_level("INFO", "llmx"):
        result = llmx.extract(documents(1)[0], "m", **asked(endpoint, attempts=1))
        llmx.run([REPORT, "nowhere.txt"], tmp_path)
    warned = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert result.failures[0].message in warned
    assert any("nowhere.txt" in one for one in warned)
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.INFO]
    assert any(one.startswith("<Result 'qianjiang-2025'") for one in told)
    assert not capsys.readouterr().err


def test_the_logger_is_silent_unless_someone_listens() -> None:
    code = "import llmx; r = llmx.Extractor(); list(r.extract_many(['nowhere.txt']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr == ""


def test_results_are_pickled_whole() -> None:
    with Endpoint(fines) as endpoint:
        result = llmx.extract(documents(1)[0], "m", **asked(endpoint))
    for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), copy.copy(result)):
        assert again.records == result.records
        assert again.fines == result.fines
        assert again.task.name == "fines"
    report = llmx.extract(REPORT)
    again = pickle.loads(pickle.dumps(report))
    assert again.records == report.records
    assert again.targets == report.targets
    assert again.unclaimed == report.unclaimed


@pytest.mark.parametrize("schema", [False, True])
def test_results_of_a_folders_task_are_read_in_another_process(schema: bool, tmp_path: Path) -> None:
    from llmx.task.scaffold import write_task

    write_task(tmp_path / "penalties", schema)
    (result, _) = llmx.check_task(tmp_path / "penalties").examples
    (tmp_path / "result.pickle").write_bytes(pickle.dumps(result))
    code = (
        "import pickle, sys; r = pickle.load(open(sys.argv[1], 'rb')); print(r.records[0].fine.value, len(r.penalties))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "result.pickle")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout == "25000 1\n", done.stderr


def test_extractors_and_models_are_pickled_without_their_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with Endpoint(fines) as endpoint:
        options = asked(endpoint)
        with llmx.Extractor("m", known=llmx.Known(year=2024), **options) as extractor:
            kept = pickle.dumps(extractor)
            assert KEY.encode() not in kept
            with pickle.loads(kept) as again:
                assert again.known.year == 2024
                assert again.extract(documents(1)[0]).records == extractor.extract(documents(1)[0]).records
        assert KEY in endpoint.keys
        task = options.pop("task")
        model = LanguageModel("m", task=task, **options)
        kept = pickle.dumps(model)
        assert KEY.encode() not in kept
        assert pickle.loads(kept).name == model.name
        assert KEY not in repr(model) + repr(extractor) + repr(model.options)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"hooks": print}, "hooks"),
        ({"extra_headers": {"X-Api-Key": "abc"}}, "X-Api-Key"),
        ({"query": {"api-key": "abc"}}, "api-key"),
    ],
)
def test_what_no_pickle_can_hold_is_told(options: dict[str, Any], word: str) -> None:
    with pytest.raises(TypeError, match=word):
        pickle.dumps(llmx.ModelOptions(**options))


def test_a_result_is_short_to_look_at_and_easy_to_walk() -> None:
    result = llmx.extract(REPORT)
    assert len(repr(result)) < 200
    assert len(repr(llmx.open_task())) < 200
    assert len(result) == len(list(result)) == len(result.records)
    table = result._repr_html_()
    assert table.count("<tr>") == 21
    assert f"and {len(result) - 20:,} more" in table
    assert "<th>indicator</th>" in table
    assert "_start" not in table
    assert "no attribute 'fines'" in str(_raised(lambda: result.fines))
    nothing = llmx.extract(llmx.read_text("<b>Nothing.</b>", id="<i>"), task=FINES, model=_Nothing())
    assert not len(nothing)
    assert nothing
    assert "<i>" not in nothing._repr_html_()


class _Nothing:
    name = "nothing"

    def read(self, chunk: llmx.Chunk) -> llmx.Reading:
        return llmx.Reading()


def _raised(work: Any) -> Exception:
    with pytest.raises(AttributeError) as told:
        work()
    return told.value


def test_one_text_does_where_a_list_is_asked(tmp_path: Path) -> None:
    saved = llmx.run(str(REPORT), tmp_path / "run", formats="csv")
    assert (tmp_path / "run" / "records.csv").is_file()
    chosen = llmx.Selection(types="target").of(saved.records(), ["qianjiang-2025"])
    assert {record.type for record in chosen} == {"target"}
    with pytest.raises(llmx.UsageError, match="'parket'"):
        llmx.run(str(REPORT), tmp_path / "other", formats="parket")


def test_estimate_and_explain_cache_take_record_types(tmp_path: Path) -> None:
    with Endpoint(delayed(0.0, 0.0, 0)) as endpoint:
        options: dict[str, Any] = {"base_url": endpoint.url, "cache": tmp_path, "records": Fine}
        told = llmx.estimate(REPORT, "m", **options)
        lines = list(llmx.explain_cache(REPORT, "m", **options))
        assert not endpoint.bodies
    assert told.chunks == len(lines) > 1
    assert all("the cache is empty" in line for line in lines)


def test_analyse_says_what_code_knows_before_a_model_is_asked() -> None:
    analysis = llmx.analyse(llmx.read_text("# Fines\n\nThey were fined 300 dollars.", id="n"), FINES)
    assert [section.heading for section in analysis.outline] == ["Fines"]
    assert [figure.text for figure in analysis.stored_figures] == ["300 dollars"]
