"""Output where it is read by other programs, in other code pages, or by nobody any more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import llmx

TEXT = "2024年政府工作报告\n\n一、2023年工作回顾\n\n地区生产总值增长6.2%，𠮷村新建公路12公里，绿化30㎡。\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pipes")
    (folder / "report.txt").write_text(TEXT, encoding="utf-8")
    llmx.run(folder / "report.txt", folder / "run")
    return folder


def command(*arguments: str, encoding: str = "utf-8") -> dict:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(Path(__file__).parent.parent)}
    return {"args": [sys.executable, "-m", "llmx", *arguments], "env": environment}


@pytest.mark.parametrize("encoding", ["gbk", "cp1252"])
@pytest.mark.parametrize(
    "arguments", [("table", "run"), ("sections", "report.txt"), ("extract", "report.txt", "--out", "again")]
)
def test_what_a_code_page_lacks_is_replaced(arguments: tuple[str, ...], encoding: str, folder: Path) -> None:
    done = subprocess.run(
        **command(*arguments, encoding=encoding), capture_output=True, cwd=folder, timeout=60, check=False
    )
    said = (done.stdout + done.stderr).decode(encoding)
    assert done.returncode == 0, said
    assert "report" in said or "?" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "utf-16"])
def test_json_lines_are_utf_8_in_every_code_page(encoding: str, folder: Path) -> None:
    done = subprocess.run(
        **command("extract", "report.txt", "--out", "-", encoding=encoding),
        capture_output=True, cwd=folder, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert b"\r" not in done.stdout
    quotes = [json.loads(line)["quote"] for line in done.stdout.decode("utf-8").splitlines()]
    assert any("𠮷村" in quote for quote in quotes)


def test_a_run_whose_progress_nobody_reads_is_written_whole(folder: Path) -> None:
    for number in range(30):
        (folder / "many").mkdir(exist_ok=True)
        (folder / "many" / f"{number}.txt").write_text(TEXT, encoding="utf-8")
    running = subprocess.Popen(
        **command("extract", "many", "--out", "unread"), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=folder
    )
    assert running.stderr is not None
    running.stderr.close()
    assert running.wait(60) == 0
    assert len(llmx.open_run(folder / "unread").reports) == 30
    assert (folder / "unread" / "records.jsonl").stat().st_size > 0


def test_records_that_nobody_reads_end_the_run_without_a_traceback(folder: Path) -> None:
    running = subprocess.Popen(
        **command("extract", "many", "--out", "-", "-q"), stderr=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    said = running.stderr.read().decode()
    running.stderr.close()
    assert running.wait(60) == 1
    assert "Traceback" not in said
    assert "Exception ignored" not in said
