"""How right the embedded model is on the labelled reports: the README's table.

python benchmarks/accuracy.py
"""

from __future__ import annotations

from pathlib import Path

import llmx
from llmx.evaluation import MEASURES, Label, Score, read_labels, score

TESTS = Path(__file__).parent.parent / "tests"


def main() -> None:
    """Score each labelled report and print the pooled scores as Markdown."""
    pooled = {name: Score(0, 0, 0) for name in MEASURES}
    for labels in sorted((TESTS / "labels").glob("*.jsonl")):
        result = llmx.extract(TESTS / "reports" / f"{labels.stem}.txt")
        for name, one in score([Label.of(record) for record in result.records], read_labels(labels)).items():
            pooled[name] += one
    print("| | precision | recall | F1 | labels |\n|---|---|---|---|---|")
    for name, one in pooled.items():
        print(f"| {name} | {one.precision:.2f} | {one.recall:.2f} | {one.f1:.2f} | {one.gold} |")


if __name__ == "__main__":
    main()
