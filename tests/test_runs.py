"""A folder that holds a run: what is taken up, what is refused, and what is said of it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import llmx
from llmx.errors import InputError, OutputError, UsageError
from llmx.locks import Lock
from llmx.outputs import Failure, InputSummary, read_failures, record_json

ROOT = Path(__file__).parent.parent
FILES = {"records.jsonl", "failures.jsonl", "reports.jsonl", "run.json"}


def text(number: int) -> str:
    return f"2025年某县政府工作报告\n一、2024年工作回顾\n粮食产量{number}万吨。\n二、2025年工作安排\n新建校舍{number}所。\n"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder of three reports."""
    for number in (1, 2, 3):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"r{number}.txt").write_text(text(number), encoding="utf-8")
    return tmp_path / "in"


def command(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = [sys.executable, "-m", "llmx", *map(str, arguments)]
    return subprocess.run(told, capture_output=True, env=environment, timeout=120, check=False)


def figures(run: Path) -> dict[str, list[object]]:
    """The values that the records of each report hold."""
    found: dict[str, list[object]] = {one.report: [] for one in llmx.open_run(run).reports}
    for record in llmx.open_run(run).records():
        found[record.report].append(record.value)
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_the_same_is_not_read_again(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run", formats=["csv"])
    before = {name: (tmp_path / "run" / name).stat().st_ino for name in ("records.jsonl", "records.csv")}
    again = llmx.run(reports, tmp_path / "run", formats=["csv"]).manifest
    assert (again.taken_up, again.records["target"], again.warnings) == (3, 3, [])
    assert {name: (tmp_path / "run" / name).stat().st_ino for name in before} == before, "written again"


def test_what_is_new_or_has_changed_is_read_and_said(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run", formats=["csv"])
    (reports / "r2.txt").write_text(text(8), encoding="utf-8")
    (reports / "r4.txt").write_text(text(4), encoding="utf-8")
    again = llmx.run(reports, tmp_path / "run").manifest
    assert again.taken_up == 2
    assert again.warnings == ["1 report (r2) changed since, and read anew"]
    assert figures(tmp_path / "run") == {"r1": [1, 1], "r2": [8, 8], "r3": [3, 3], "r4": [4, 4]}
    table = (tmp_path / "run" / "records.csv").read_text("utf-8-sig")
    assert table.count('"r4"') == 2, "the table of an earlier run is not what the records are"


def test_a_file_that_was_moved_is_the_same_report(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    reports.rename(tmp_path / "elsewhere")
    again = llmx.run(tmp_path / "elsewhere", tmp_path / "run").manifest
    assert again.taken_up == 3
    assert {Path(one.source or "").parent.name for one in again.inputs} == {"elsewhere"}


def test_another_file_of_the_same_name_is_another_report(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    (tmp_path / "r1.txt").write_text(text(9), encoding="utf-8")
    llmx.run(tmp_path / "r1.txt", tmp_path / "run", retry_failed=True)
    assert figures(tmp_path / "run") == {"r1-2": [9, 9], "r1": [1, 1], "r2": [2, 2], "r3": [3, 3]}


def test_other_inputs_are_refused_kept_or_dropped_as_asked(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    one = ("extract", reports / "r1.txt", "--out", tmp_path / "run")
    refused = command(*one)
    assert refused.returncode == 2
    assert "holds 2 reports (" in refused.stderr.decode()
    assert all(way in refused.stderr.decode() for way in ("r2.txt", "--force", "--retry-failed", "another --out"))
    llmx.run(reports / "r1.txt", tmp_path / "run", retry_failed=True)
    assert len(figures(tmp_path / "run")) == 3
    dropped = command(*one, "--force")
    assert dropped.returncode == 0
    assert "of other inputs dropped" in " ".join(dropped.stderr.decode().split())
    assert figures(tmp_path / "run") == {"r1": [1, 1]}
    assert names(tmp_path / "run") == FILES


class Plain:
    """A model that finds nothing."""

    def __init__(self, name: str = "plain", temperature: float = 0.0) -> None:
        self.name, self.settings = name, {"temperature": temperature}

    def read(self, chunk: llmx.Chunk) -> llmx.Reading:
        return llmx.Reading()


def test_another_model_or_other_settings_replace_records_on_demand_alone(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run", Plain())
    for model in (Plain(temperature=0.5), Plain("other")):
        for flags in ({}, {"retry_failed": True}):
            with pytest.raises(
                UsageError, match=r"was read with (temperature 0\.0, now 0\.5|model 'plain', now 'other')"
            ):
                llmx.run(reports, tmp_path / "run", model, **flags)
    assert llmx.run(reports, tmp_path / "run", Plain("other"), force=True).manifest.taken_up == 0


def test_another_version_reads_anew_and_says_so(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    llmx.run(reports, tmp_path / "run")
    monkeypatch.setattr("llmx.runs.__version__", "9.9")
    again = llmx.run(reports, tmp_path / "run").manifest
    assert again.taken_up == 0
    assert again.warnings == [
        "3 reports (r1, r2, r3) read by another version or with other settings before, and read anew"
    ]


def test_a_failure_that_is_not_asked_or_fits_no_chunk_stays(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    rows = [
        Failure(
            report="r1", source="r1.txt", stage="extract", start=20, end=60, error="AnswerError", message="no chunk"
        ),
        Failure(report="r2", source="r2.txt", stage="extract", start=20, end=27, error="AnswerError", message="other"),
        Failure(report=None, source="gone.txt", stage="read", error="UnreadableInput", message="gone"),
    ]
    lines = "".join(f"{row.model_dump_json()}\n" for row in rows)
    (tmp_path / "run" / "failures.jsonl").write_text(lines, encoding="utf-8")
    again = llmx.run(reports / "r1.txt", tmp_path / "run", retry_failed=True).manifest
    assert list(read_failures(tmp_path / "run" / "failures.jsonl")) == rows
    assert (again.failures, again.inputs[0].failures) == (3, 1)
    assert figures(tmp_path / "run") == {"r1": [1, 1], "r2": [2, 2], "r3": [3, 3]}


def test_a_report_that_cannot_be_read_any_more_keeps_its_records(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    (reports / "r2.txt").write_bytes(b"\xff\xfe\xfa")
    again = llmx.run(reports, tmp_path / "run").manifest
    assert again.failures == 1
    assert figures(tmp_path / "run") == {"r1": [1, 1], "r2": [2, 2], "r3": [3, 3]}


def test_an_archive_that_is_broken_now_costs_none_of_its_records(reports: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(reports / "a.zip", "w") as archive:
        archive.writestr("r1.txt", text(5))
    llmx.run(reports, tmp_path / "run")
    (reports / "a.zip").write_bytes((reports / "a.zip").read_bytes()[:50])
    again = llmx.run(reports, tmp_path / "run").manifest
    assert (again.failures, again.taken_up) == (1, 4)
    assert figures(tmp_path / "run") == {"in-r1": [1, 1], "r2": [2, 2], "r3": [3, 3], "a-r1": [5, 5]}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_keeps_what_the_folder_held(
    reports: Path, tmp_path: Path, number: signal.Signals
) -> None:
    llmx.run(reports, tmp_path / "run", Plain("first"))

    class Hearing(Plain):
        def read(self, chunk: llmx.Chunk) -> llmx.Reading:
            if "安排" in str(chunk.section):
                signal.raise_signal(number)
            return llmx.Reading()

    (reports / "r0.txt").write_text(text(7), encoding="utf-8")
    before = signal.getsignal(number)
    again = llmx.run(reports, tmp_path / "run", Hearing(), force=True).manifest
    assert again.interrupted
    assert list(figures(tmp_path / "run")) == ["r0", "r1", "r2", "r3"]
    assert {one.error for one in read_failures(tmp_path / "run" / "failures.jsonl")} == {"Stopped"}
    assert signal.getsignal(number) == before


def test_sigterm_ends_a_run_as_ctrl_c_does(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(2000):
        (tmp_path / "in" / f"{number:04}.txt").write_text(text(number), encoding="utf-8")
    told = [sys.executable, "-m", "llmx", "extract", str(tmp_path / "in"), "--out", str(tmp_path / "run")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(told, stderr=subprocess.PIPE, env=environment) as running:
        running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        running.stderr.read()
    assert running.returncode == 130
    assert 1 <= len(figures(tmp_path / "run")) < 2000
    assert names(tmp_path / "run") == FILES


def test_a_second_process_is_refused_while_the_first_lives(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    lock = Lock.take(tmp_path / "run" / ".lock")
    refused = command("extract", reports, "--out", tmp_path / "run")
    assert refused.returncode == 1
    assert f"another run is writing here (process {os.getpid()} on " in refused.stderr.decode()
    lock.free()
    assert len(llmx.run(reports, tmp_path / "run").manifest.inputs) == 3


def test_there_must_be_a_run_to_retry(reports: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no run to retry"):
        llmx.run(reports, tmp_path / "run", retry_failed=True)
    assert not (tmp_path / "run").exists()


def test_the_folder_of_a_dead_process_is_taken_over_and_cleared(reports: Path, tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from llmx.outputs import RunFolder\n"
        "folder = RunFolder(Path(sys.argv[1]), ['xlsx'])\n"
        "folder._records.write([b'half'])\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "run")], cwd=ROOT, check=False, timeout=60)
    assert {name.split(".")[1] for name in names(tmp_path / "run")} == {"lock", "records", "failures", "reports"}
    llmx.run(reports, tmp_path / "run")
    assert names(tmp_path / "run") == FILES


def test_a_newer_or_broken_layout_is_refused_with_what_to_do(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    summary = tmp_path / "run" / "run.json"
    said = json.loads(summary.read_text("utf-8"))
    assert (said["layout"], "inputs" in said) == (2, False)
    summary.write_text(json.dumps(said | {"layout": 4}), encoding="utf-8")
    with pytest.raises(InputError, match=r"layout 4 of a newer llmx, this one reads up to 3; upgrade"):
        llmx.open_run(tmp_path / "run")
    with pytest.raises(UsageError, match="--force"):
        llmx.run(reports, tmp_path / "run")
    summary.write_text(json.dumps(said), encoding="utf-8")
    lines = (tmp_path / "run" / "reports.jsonl").read_text("utf-8")
    (tmp_path / "run" / "reports.jsonl").write_text(lines[:-9], encoding="utf-8")
    with pytest.raises(InputError, match=r"reports\.jsonl: damaged at line 3"):
        llmx.open_run(tmp_path / "run")
    assert llmx.run(reports, tmp_path / "run", force=True).manifest.taken_up == 0
    assert len(figures(tmp_path / "run")) == 3


def test_a_folder_that_is_no_runs_is_not_written_over(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "records.jsonl").write_text("{}\n")
    with pytest.raises(UsageError, match=r"run\.json is missing.*--force"):
        llmx.run(reports, tmp_path / "mine")
    assert (tmp_path / "mine" / "records.jsonl").read_text() == "{}\n"


def test_a_run_of_the_first_layout_is_read_and_taken_up(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    saved = llmx.open_run(tmp_path / "run")
    said = saved.manifest.model_dump(mode="json", exclude={"layout", "taken_up"})
    for one in said["inputs"]:
        del one["settings"], one["size"]
    (tmp_path / "run" / "run.json").write_text(json.dumps(said), encoding="utf-8")
    (tmp_path / "run" / "reports.jsonl").unlink()
    assert len(figures(tmp_path / "run")) == 3
    again = llmx.run(reports / "r1.txt", tmp_path / "run", retry_failed=True).manifest
    assert again.taken_up == 2
    assert figures(tmp_path / "run") == {"r1": [1, 1], "r2": [2, 2], "r3": [3, 3]}


def test_records_that_someone_has_edited_are_taken_up_as_they_are(reports: Path, tmp_path: Path) -> None:
    llmx.run(reports, tmp_path / "run")
    path = tmp_path / "run" / "records.jsonl"
    kept = [
        record
        for record in llmx.open_run(tmp_path / "run").records()
        if (record.report, record.type) != ("r1", "target")
    ]
    path.write_text("".join(f"{record_json(record)}\n" for record in reversed(kept)), encoding="utf-8")
    llmx.run(reports, tmp_path / "run")
    llmx.run([reports, reports.parent / "none"], tmp_path / "run")
    assert figures(tmp_path / "run") == {"r1": [1], "r2": [2, 2], "r3": [3, 3]}


def test_the_manifest_stays_small(reports: Path, tmp_path: Path) -> None:
    for number in range(200):
        (reports / f"{number}.txt").write_text(text(number), encoding="utf-8")
    llmx.run(reports, tmp_path / "run")
    assert (tmp_path / "run" / "run.json").stat().st_size < 2_000
    lines = (tmp_path / "run" / "reports.jsonl").read_text("utf-8").splitlines()
    assert [InputSummary.model_validate_json(line) for line in lines] == llmx.open_run(tmp_path / "run").reports


def test_a_killed_commit_is_finished_by_whoever_comes_next(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    llmx.run(reports, tmp_path / "run")
    (reports / "r1.txt").write_text(text(8), encoding="utf-8")
    replace, left = os.replace, [3]

    def fails(*paths: Path) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(5, "Input/output error")
        replace(*paths)

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OutputError):
        llmx.run(reports, tmp_path / "run")
    monkeypatch.undo()
    assert figures(tmp_path / "run") == {"r1": [8, 8], "r2": [2, 2], "r3": [3, 3]}
    sha256 = hashlib.sha256((reports / "r1.txt").read_bytes()).hexdigest()
    assert llmx.open_run(tmp_path / "run").reports[0].sha256 == sha256
    assert llmx.run(reports, tmp_path / "run").manifest.taken_up == 3
    assert names(tmp_path / "run") == FILES
