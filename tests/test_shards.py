"""A run that is cut into shards: its records are those of one folder, whatever is killed, changed or kept elsewhere."""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from endpoint import Endpoint, Reply
from small import lines, reports_in, text

import llmx
from llmx.errors import OutputError, UnreadableInput, UsageError
from llmx.outputs import read_failures
from llmx.outputs.marker import Marker
from llmx.shards import Item, Shard, do_shard
from llmx.taking import Recipe

ROOT = Path(__file__).parent.parent


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return reports_in(tmp_path)


def markers(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((run / "shards").glob("*.json"))}


def test_the_records_are_those_of_one_folder(reports: Path, tmp_path: Path) -> None:
    one = llmx.run(reports, tmp_path / "one")
    cut = llmx.run(reports, tmp_path / "cut", shards=3, formats="parquet")
    assert lines(cut) == lines(one)
    again = llmx.open_run(tmp_path / "cut")
    assert [record.report for record in again.records()] == [one.report for one in again.reports for _ in range(2)]
    assert sorted(one.report for one in again.reports) == [one.report for one in one.reports]
    held = again.manifest
    assert (held.shards, held.reports, held.records, held.failures) == (3, 11, one.manifest.records, 1)
    assert held.settings["model"] == "rules"
    table = fsspec.filesystem("file").glob(str(tmp_path / "cut" / "shards" / "*" / "records.parquet"))
    assert len(table) == 3
    failed = [failure for path in again.files("failures.jsonl") for failure in read_failures(path)]
    assert [Path(one.source).name for one in failed] == ["r05.txt"]


def test_it_is_evaluated_labelled_shown_and_exported_as_one_folder_is(reports: Path, tmp_path: Path) -> None:
    one, cut = (llmx.run(reports, tmp_path / name, shards=shards) for name, shards in (("one", 0), ("cut", 3)))
    for given in (cut, tmp_path / "cut", str(tmp_path / "cut")):
        scores = llmx.evaluate(given, one)
        assert [row.f1 for row in scores.types if row.name == "target"] == [1.0, 1.0]
    llmx.export_labels(tmp_path / "cut", tmp_path / "labels.csv")
    assert (tmp_path / "labels.csv").read_text("utf-8-sig").count('"新建校舍",') == 11
    assert llmx.view(tmp_path / "cut").path.is_file()
    llmx.export(tmp_path / "cut", tmp_path / "all.jsonl")
    assert sorted((tmp_path / "all.jsonl").read_bytes().splitlines()) == lines(one)
    panels = [tmp_path / "one.csv", tmp_path / "cut.csv"]
    for run, path in zip((one, cut), panels, strict=True):
        llmx.panel(run, path)
    rows = [sorted(path.read_text("utf-8-sig").splitlines()) for path in panels]
    assert rows[0] == rows[1]


def test_a_marker_says_what_its_files_are(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "cut", shards=2)
    for data in markers(tmp_path / "cut").values():
        marker = Marker.model_validate_json(data)
        folder = tmp_path / "cut" / "shards" / marker.folder
        assert {path.name: path.stat().st_size for path in folder.iterdir()} == {
            name: size for name, (size, _) in marker.files.items()
        }
        assert llmx.open_run(folder).manifest.reports == marker.reports, "a shard is no run of its own"


def test_only_shards_whose_inputs_differ_are_done_again(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "cut", shards=6)
    before = markers(tmp_path / "cut")
    os.utime(reports / "r01.txt")
    again = llmx.run(reports, tmp_path / "cut").manifest
    assert markers(tmp_path / "cut") == before
    assert (again.taken_up, again.reports) == (11, 11)
    (reports / "r02.txt").write_text(text(222), encoding="utf-8")
    (reports / "new.txt").write_text(text(99), encoding="utf-8")
    llmx.run(reports, tmp_path / "cut", jobs=2)
    after = markers(tmp_path / "cut")
    assert 1 <= sum(after[name] != data for name, data in before.items()) + len(after) - len(before) <= 2
    assert lines(llmx.open_run(tmp_path / "cut")) == lines(llmx.run(reports, tmp_path / "one"))
    folders = {path.name for path in (tmp_path / "cut" / "shards").iterdir() if path.is_dir()}
    assert folders == {Marker.model_validate_json(data).folder for data in after.values()}, "something is left behind"


def test_what_would_lose_records_is_refused(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "cut", shards=3)
    with pytest.raises(UsageError, match="3 shards, not 4"):
        llmx.run(reports, tmp_path / "cut", shards=4)
    with pytest.raises(UsageError, match="holds a run in shards"):
        llmx.run(reports, tmp_path / "cut", shards=0)
    with pytest.raises(UsageError, match="year None, now 2024"):
        llmx.run(reports, tmp_path / "cut", known=llmx.Known(year=2024))
    (reports / "r03.txt").unlink()
    with pytest.raises(UsageError, match=r"1 report \(.*r03.txt\) of other inputs"):
        llmx.run(reports, tmp_path / "cut")
    assert llmx.run(reports, tmp_path / "cut", force=True).manifest.reports == 10
    llmx.run(reports, tmp_path / "one")
    with pytest.raises(UsageError, match="holds a run in one folder"):
        llmx.run(reports, tmp_path / "one", shards=3)


def test_failures_are_asked_again_and_what_is_not_named_is_kept(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "cut", shards=3)
    before = markers(tmp_path / "cut")
    (reports / "r05.txt").write_text(text(5), encoding="utf-8")
    again = llmx.run(reports / "r05.txt", tmp_path / "cut", retry_failed=True).manifest
    assert (again.reports, again.failures) == (12, 0)
    assert sum(markers(tmp_path / "cut")[name] != data for name, data in before.items()) == 1
    assert lines(llmx.open_run(tmp_path / "cut")) == lines(llmx.run(reports, tmp_path / "one"))


def test_rows_of_a_table_are_cut_as_files_are(tmp_path: Path) -> None:
    rows = "".join(f'{n},"{text(n)}"\n' for n in range(9))
    (tmp_path / "all.csv").write_text(f"name,text\n{rows}", encoding="utf-8")
    llmx.run(tmp_path / "all.csv", tmp_path / "cut", column="text", shards=4)
    one = llmx.run(tmp_path / "all.csv", tmp_path / "one", column="text")
    assert llmx.run(tmp_path / "all.csv", tmp_path / "cut", column="text").manifest.taken_up == 9
    assert lines(llmx.open_run(tmp_path / "cut")) == lines(one)


def test_a_shard_is_done_by_a_function_of_what_can_be_pickled(reports: Path, tmp_path: Path) -> None:
    with llmx.Extractor() as extractor:
        recipe = Recipe.of(extractor, {"model": "rules"}, 2)
    entry = ("r00", str(reports / "r00.txt"), 1, 1, None)
    from llmx.outputs.marker import Entry

    shard = Shard(str(tmp_path / "run"), 7, (Item(Entry(*entry), entry[1]),))
    shard, recipe = pickle.loads(pickle.dumps((shard, recipe)))
    first, second = do_shard(shard, recipe), do_shard(shard, recipe)
    assert first
    assert second
    assert first.folder != second.folder
    assert markers(tmp_path / "run") == {"00007.json": second.model_dump_json().encode()}
    assert first.files["records.jsonl"] == second.files["records.jsonl"]


def test_the_example_of_an_engine_runs(reports: Path, tmp_path: Path) -> None:
    example = re.search("```python\n(.*?)```", (ROOT / "docs" / "scale.md").read_text("utf-8"), re.DOTALL)[1]
    exec(example, names := {"llmx": llmx})
    assert names["one_shard"](reports / "r00.txt", tmp_path / "run").records["target"] == 1


def test_a_report_that_ends_its_process_costs_itself(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from test_jobs import POISONED

    (tmp_path / "poisoned_shards.py").write_text(POISONED, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (reports / "r03.txt").write_text(text(3).replace("校舍", "毒舍"), encoding="utf-8")
    from poisoned_shards import Poisoned

    run = llmx.run(reports, tmp_path / "cut", Poisoned(), shards=2, jobs=2)
    assert sorted(one.report for one in run.reports) == [f"r{n:02}" for n in range(12) if n not in (3, 5)]
    failed = [one for path in run.files("failures.jsonl") for one in read_failures(path)]
    assert sorted(one.error for one in failed) == ["NoTextInput", "ProcessError"]


def test_interrupted_it_keeps_the_shards_that_are_done(reports: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int, name: str, taken: object) -> None:
        if done == 7:
            signal.raise_signal(signal.SIGINT)

    first = llmx.run(reports, tmp_path / "cut", shards=4, listener=stop).manifest
    assert first.interrupted
    assert 0 < first.reports < 8
    kept = markers(tmp_path / "cut")
    assert len(list((tmp_path / "cut" / "shards").iterdir())) == 2 * len(kept), "half a shard is left"
    again = llmx.run(reports, tmp_path / "cut").manifest
    assert (again.interrupted, again.taken_up, again.reports) == (False, first.reports, 11)
    assert kept.items() <= markers(tmp_path / "cut").items()


# Killed


def command(reports: Path, out: Path, *more: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "sk-test"}
    told = [sys.executable, "-m", "llmx", "extract", str(reports), "--out", str(out), *map(str, more)]
    return subprocess.Popen(told, env=environment, stderr=subprocess.DEVNULL)


def children(process: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return [int(one) for one in found.stdout.split()]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_workers_and_drivers_are_killed_and_nothing_is_lost_or_doubled_or_paid_twice(
    reports: Path, tmp_path: Path
) -> None:
    dice = random.Random(3)
    asked = ["--shards", 5, "--jobs", 2, "--model", "m", "--cache", tmp_path / "cache", "--passes", 1]
    with Endpoint(lambda body, number: Reply(delay=0.15)) as endpoint:
        more = [*asked, "--base-url", endpoint.url, "--concurrency", 4]
        for _ in range(2):
            before, running = len(endpoint.answered), command(reports, tmp_path / "cut", *more)
            while len(endpoint.answered) < before + dice.randint(1, 3) and running.poll() is None:
                time.sleep(0.01)
            for one in children(running.pid)[:1]:
                os.kill(one, signal.SIGKILL)
            time.sleep(0.3)
            running.kill()
            running.wait()
        assert command(reports, tmp_path / "cut", *more).wait(120) == 1, "the report that cannot be read fails"
        answered = list(endpoint.answered)
        assert len(answered) - len(set(answered)) <= 2 * 2 * 4, "more was paid twice than was in flight"
        cut = llmx.open_run(tmp_path / "cut")
        one = llmx.run(
            reports, tmp_path / "one", "m", base_url=endpoint.url, api_key="k", cache=tmp_path / "cache", passes=1
        )
        assert len(endpoint.answered) == len(answered), "the cache lacks an answer"
    assert lines(cut) == lines(one)
    assert cut.manifest.reports == 11
    paid = [json.loads(line)["key"] for path in cut.files("ledger.jsonl") for line in path.read_bytes().splitlines()]
    # A kill between an answer and its line in the ledger costs the line.
    assert 0 <= len(set(answered)) - len(set(paid)) <= 2 * 2 * 4, "more calls than were in flight are not in the ledger"


# Elsewhere


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket of a S3 on this machine."""
    moto = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    said = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in said.items():
            patch.setenv(name, value)
        fsspec.filesystem("s3").mkdir("llmx-test")
        yield "s3://llmx-test"
    server.stop()


@pytest.mark.filterwarnings("ignore")
def test_a_run_in_a_bucket(reports: Path, tmp_path: Path, bucket: str) -> None:
    run = llmx.run(reports, f"{bucket}/first", shards=3, jobs=2, formats="jsonl,parquet")
    assert lines(run) == lines(llmx.run(reports, tmp_path / "one"))
    stored = fsspec.filesystem("s3").find("llmx-test/first")
    assert sum(one.endswith("records.parquet") for one in stored) == 3
    held = {one: fsspec.filesystem("s3").cat(one) for one in stored if "/shards/" in one}
    fsspec.filesystem("s3").pipe("llmx-test/first/shards/00001-dead/records.jsonl", b"half a li")
    (reports / "r07.txt").write_text(text(777), encoding="utf-8")
    again = llmx.run(reports, f"{bucket}/first").manifest
    assert 0 < again.taken_up < 11
    store = fsspec.filesystem("s3")
    store.invalidate_cache()
    now = {one: store.cat(one) for one in store.find("llmx-test/first") if "/shards/" in one}
    assert not any("dead" in one for one in now)
    assert sum(one.endswith(".json") and data == held.get(one) for one, data in now.items() if one.count("/") == 3) == 2
    opened = llmx.open_run(f"{bucket}/first")
    assert (opened.name, len(opened.reports)) == ("first", 11)
    assert lines(opened) == lines(llmx.run(reports, tmp_path / "one"))
    llmx.export(opened, tmp_path / "records.csv")
    assert "777" in (tmp_path / "records.csv").read_text("utf-8-sig")
    with pytest.raises(UnreadableInput, match="no run there"):
        llmx.open_run(f"{bucket}/none")
    with pytest.raises(OutputError, match="nobody"):
        llmx.run(reports, "s3://nobody-has-this/run", shards=1)


def test_a_url_that_nothing_reads_is_told(reports: Path) -> None:
    with pytest.raises(UsageError, match="nosuch"):
        llmx.run(reports, "nosuch://place/run")
    with pytest.raises(UsageError, match="memory of its own"):
        llmx.run(reports, "memory://place/run", jobs=2)
    assert len(llmx.run(reports, "memory://place/run").reports) == 11
