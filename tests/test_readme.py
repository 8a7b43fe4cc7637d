"""What the README shows is what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import llmx

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_excerpt_is_of_real_records() -> None:
    excerpt = [json.loads(line) for line in re.search("```json\n(.*?)```", README, re.DOTALL)[1].splitlines()]
    result = llmx.extract(ROOT / "tests" / "reports" / "qianjiang-2025.txt")
    records = [json.loads(record.model_dump_json(exclude_none=True)) for record in result.records]
    for shown in excerpt:
        assert any(
            shown.items() <= {key: value for key, value in record.items() if key in shown}.items() for record in records
        )


def test_the_python_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    example = re.search("```python\n(.*?)```", README, re.DOTALL)[1]
    exec(example, {"paths": [ROOT / "tests" / "reports" / "qianjiang-2025.txt"]})


def test_the_accuracy_table_names_every_measure() -> None:
    assert all(f"| {measure} |" in README for measure in llmx.open_task().scoring.measures)


def test_the_sample_run_is_of_this_version() -> None:
    sample = (ROOT / "outputs" / "sample" / "records.jsonl").read_text("utf-8").splitlines()
    result = llmx.extract(ROOT / "tests" / "reports" / "qianjiang-2025.txt")
    assert sample == [record.model_dump_json(exclude_none=True) for record in result.records]
