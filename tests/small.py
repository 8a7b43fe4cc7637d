"""Reports of two sentences, for runs over many."""

from __future__ import annotations

from pathlib import Path

import llmx


def text(number: int) -> str:
    return f"2025年某县政府工作报告\n一、2024年工作回顾\n粮食产量{number}万吨。\n二、2025年工作安排\n新建校舍{number}所。\n"


def reports_in(tmp_path: Path) -> Path:
    """A folder of twelve reports, one of which cannot be read."""
    (tmp_path / "in").mkdir()
    for number in range(12):
        (tmp_path / "in" / f"r{number:02}.txt").write_text(text(number), encoding="utf-8")
    (tmp_path / "in" / "r05.txt").write_bytes(b"\0" * 50)
    return tmp_path / "in"


def lines(run: llmx.SavedRun) -> list[bytes]:
    return sorted(line for path in run.files("records.jsonl") for line in path.read_bytes().splitlines())
