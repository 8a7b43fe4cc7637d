"""The span that each figure with a word of time speaks of, against labels made by reading the three reports."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import llmx

ROOT = Path(__file__).parent
LABELS = [json.loads(line) for line in (ROOT / "periods.jsonl").read_text("utf-8").splitlines()]
ASKED = 0.98


def test_periods_agree_with_hand_labels() -> None:
    told, right = Counter[str](), Counter[str]()
    for report in {label["report"] for label in LABELS}:
        result = llmx.extract(ROOT / "reports" / f"{report}.txt")
        figures = {start: record for record in result if (start := getattr(record, "figure_start", None)) is not None}
        for label in (label for label in LABELS if label["report"] == report):
            record = figures.get(label["figure_start"])
            names = ("period", "period_start", "period_end")
            told[report] += 1
            right[report] += record is not None and all(getattr(record, name) == label.get(name) for name in names)
    assert sum(told.values()) == len(LABELS) >= 100
    assert sum(right.values()) / len(LABELS) >= ASKED, right
