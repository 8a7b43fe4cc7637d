"""The command line as a user meets it: files, messages, exit codes."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from endpoint import Endpoint

REPORTS = Path(__file__).parent / "reports"
QIANJIANG = REPORTS / "qianjiang-2025.txt"


def llmx(*arguments: object, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "llmx", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(REPORTS.parent.parent)}
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=environment, timeout=120, check=False)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_folder_of_reports_becomes_a_folder_of_records(tmp_path: Path) -> None:
    done = llmx("extract", REPORTS, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b""
    records = lines(tmp_path / "run" / "records.jsonl")
    assert {record["report"] for record in records} == {path.stem for path in REPORTS.glob("*.txt")}
    assert {record["type"] for record in records} == {"target", "achievement", "project", "problem"}
    manifest = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    assert manifest["model"] == "rules"
    assert sum(manifest["records"].values()) == len(records)
    assert all(len(one["sha256"]) == 64 for one in lines(tmp_path / "run" / "reports.jsonl"))
    assert (tmp_path / "run" / "failures.jsonl").read_text() == ""
    assert not list((tmp_path / "run").glob(".*"))


def test_progress_and_the_end_table_go_to_standard_error(tmp_path: Path) -> None:
    talk = llmx("extract", REPORTS, "--out", tmp_path / "run").stderr.decode()
    assert "[1/3] qianjiang-2025" in talk
    assert "achieve-" in talk
    assert "3 reports" in talk


def test_every_table_holds_every_record(tmp_path: Path) -> None:
    done = llmx("extract", QIANJIANG, "--out", tmp_path, "--format", "csv,parquet,xlsx")
    assert done.returncode == 0, done.stderr.decode()
    count = len(lines(tmp_path / "records.jsonl"))
    with open(tmp_path / "records.csv", encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == count
    assert pq.read_table(tmp_path / "records.parquet").num_rows == count
    book = openpyxl.load_workbook(tmp_path / "records.xlsx", read_only=True)
    assert book.sheetnames == ["targets", "achievements", "projects", "problems"]
    assert sum(sheet.max_row - 1 for sheet in book) == count


def test_two_runs_give_the_same_records(tmp_path: Path) -> None:
    for name in ("first", "second"):
        llmx("extract", QIANJIANG, "--out", tmp_path / name)
    assert (tmp_path / "first" / "records.jsonl").read_bytes() == (tmp_path / "second" / "records.jsonl").read_bytes()


def test_standard_input_to_standard_output() -> None:
    done = llmx("extract", "-", "--out", "-", stdin=QIANJIANG.read_bytes())
    assert done.returncode == 0
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert records
    assert {record["report"] for record in records} == {"stdin"}


def test_empty_standard_input_is_a_failure_and_the_rest_goes_on(tmp_path: Path) -> None:
    done = llmx("extract", "-", QIANJIANG, "--out", tmp_path / "run")
    assert done.returncode == 1
    assert [one["error"] for one in lines(tmp_path / "run" / "failures.jsonl")] == ["NoTextInput"]
    assert {record["report"] for record in lines(tmp_path / "run" / "records.jsonl")} == {"qianjiang-2025"}


def test_the_default_folder_is_under_outputs(tmp_path: Path) -> None:
    assert llmx("extract", QIANJIANG, cwd=tmp_path).returncode == 0
    (folder,) = (tmp_path / "outputs").iterdir()
    assert (folder / "records.jsonl").exists()


def test_one_bad_input_fails_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_bytes(QIANJIANG.read_bytes())
    (tmp_path / "empty.txt").write_bytes(b" \n")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    good = "一、2024年工作回顾\n地区生产总值".encode()
    (tmp_path / "broken.txt").write_bytes(good + b"\xff\xfe\xfa")
    done = llmx("extract", tmp_path, tmp_path / "nowhere.txt", "--out", tmp_path / "run")
    assert done.returncode == 1
    failures = {Path(one["source"]).name: one for one in lines(tmp_path / "run" / "failures.jsonl")}
    assert {name: one["error"] for name, one in failures.items()} == {
        "empty.txt": "NoTextInput",
        "picture.txt": "UnreadableInput",
        "broken.txt": "UndecodableInput",
        "nowhere.txt": "UnreadableInput",
    }
    assert f"offset {len(good)}" in failures["broken.txt"]["message"]
    assert {record["report"] for record in lines(tmp_path / "run" / "records.jsonl")} == {"good"}


def test_two_reports_of_one_name_get_two_ids(tmp_path: Path) -> None:
    for year in ("2024", "2025"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "report.txt").write_bytes(QIANJIANG.read_bytes())
    llmx("extract", tmp_path, "--out", tmp_path / "run")
    assert {record["report"] for record in lines(tmp_path / "run" / "records.jsonl")} == {"2024-report", "2025-report"}


def test_a_text_that_is_no_report_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("关于召开座谈会的通知\n各单位：请准时参加。\n", encoding="utf-8")
    done = llmx("extract", tmp_path / "note.txt", "--out", tmp_path / "run")
    assert done.returncode == 0
    assert "is it a government report?" in done.stderr.decode()


def test_an_empty_folder_is_a_failure_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    done = llmx("extract", tmp_path / "reports", "--out", tmp_path / "run")
    assert done.returncode == 1
    assert "no report in this folder" in done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "gpt"], "no model named 'gpt'"),
        (["--format", "doc"], "no format named 'doc'"),
        (["--colour"], "No such option"),
    ],
)
def test_wrong_usage_exits_2_and_says_what(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = llmx("extract", QIANJIANG, "--out", tmp_path / "run", *arguments)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert not (tmp_path / "run" / "records.jsonl").exists()


def test_an_output_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = llmx("extract", QIANJIANG, "--out", tmp_path / "file" / "run")
    assert done.returncode == 1
    assert "choose another folder" in done.stderr.decode()


def test_ctrl_c_writes_what_was_read_and_exits_130(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for number in range(400):
        (tmp_path / "reports" / f"{number:03}.txt").write_bytes(QIANJIANG.read_bytes())
    command = [sys.executable, "-m", "llmx", "extract", str(tmp_path / "reports"), "--out", str(tmp_path / "run")]
    environment = {**os.environ, "PYTHONPATH": str(REPORTS.parent.parent)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as running:
        for _ in range(3):
            running.stderr.readline()
        running.send_signal(signal.SIGINT)
        running.stderr.read()
    assert running.returncode == 130
    manifest = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    assert manifest["interrupted"]
    read = {one["report"] for one in lines(tmp_path / "run" / "reports.jsonl")}
    assert 3 <= len(read) < 400
    assert read == {record["report"] for record in lines(tmp_path / "run" / "records.jsonl")}
    left = lines(tmp_path / "run" / "failures.jsonl")
    assert {one["error"] for one in left} == {"Stopped"}
    assert read | {Path(one["source"]).stem for one in left} == {f"{number:03}" for number in range(400)}


def test_a_killed_run_leaves_the_earlier_files_whole(tmp_path: Path) -> None:
    llmx("extract", QIANJIANG, "--out", tmp_path / "run")
    before = (tmp_path / "run" / "records.jsonl").read_bytes()
    (tmp_path / "reports").mkdir()
    for number in range(200):
        (tmp_path / "reports" / f"{number:03}.txt").write_bytes(QIANJIANG.read_bytes())
    command = [sys.executable, "-m", "llmx", "extract", str(tmp_path / "reports"), "--out", str(tmp_path / "run")]
    environment = {**os.environ, "PYTHONPATH": str(REPORTS.parent.parent)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as running:
        running.stderr.readline()
        running.kill()
    assert (tmp_path / "run" / "records.jsonl").read_bytes() == before


def test_sections_are_printed_with_role_year_and_offsets() -> None:
    done = llmx("sections", QIANJIANG)
    assert done.returncode == 0
    tree = done.stdout.decode()
    assert re.search(r"2024  review       reported +\d+\.\d +一、2024年工作回顾", tree)
    assert "2025  goals        planned" in tree


def test_sections_can_show_the_chunks() -> None:
    tree = llmx("sections", QIANJIANG, "--chunks").stdout.decode()
    assert "── chunk 1:" in tree


def test_help_ends_with_a_line_that_runs() -> None:
    help = llmx("extract", "--help").stdout.decode().strip().splitlines()
    assert help[-1].strip().startswith("Example: llmx extract")


def test_extract_imports_no_language_models_libraries() -> None:
    script = "import sys, llmx; llmx.extract(sys.argv[1]); print(sorted({'openai', 'instructor'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(REPORTS.parent.parent)}
    done = subprocess.run([sys.executable, "-c", script, QIANJIANG], capture_output=True, env=environment, check=True)
    assert done.stdout.strip() == b"[]"


def test_help_loads_nothing_that_only_commands_need() -> None:
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "llmx", "--help"], capture_output=True, check=True)
    loaded = {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"pydantic", "openai", "diskcache", "rich.table"}


def test_quiet_says_failures_alone_and_the_log_says_all_in_json_lines(tmp_path: Path) -> None:
    done = llmx(
        "extract", QIANJIANG, tmp_path / "gone.txt", "--out", tmp_path / "run", "-q", "--log-file", tmp_path / "log"
    )
    assert done.returncode == 1
    (said,) = done.stderr.decode().splitlines()
    assert "gone.txt" in said
    events = lines(tmp_path / "log")
    assert [event["event"] for event in events] == ["begin", "report", "failed", "report"]
    assert events[1]["records"] > 300
    assert "gone.txt" in events[2]["message"]


def test_verbose_says_each_call(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        options = ("--model", "m", "--base-url", endpoint.url, "--cache", tmp_path / "cache", "--out", tmp_path / "run")
        done = llmx("extract", QIANJIANG, *options, "--verbose", "--log-file", tmp_path / "log")
    assert done.returncode == 0, done.stderr.decode()
    said = [
        line for line in done.stderr.decode().splitlines() if line.startswith("qianjiang-2025 ") and "attempt" in line
    ]
    assert len(said) == len(endpoint.bodies)
    assert "tokens" in said[0]
    assert sum(event["event"] == "attempt" for event in lines(tmp_path / "log")) == len(said)
