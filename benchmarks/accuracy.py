"""How right the embedded model is on the labelled reports: the README's table.

python benchmarks/accuracy.py
"""

from __future__ import annotations

from pathlib import Path

import llmx
from llmx.evaluation import Row

TESTS = Path(__file__).parent.parent / "tests"


def main() -> None:
    """Score the labelled reports and print the pooled scores as Markdown."""
    reports = sorted((TESTS / "reports").glob("*.txt"))
    scores = llmx.evaluate(llmx.extract_many(reports), TESTS / "labels")
    print("| | precision | recall | F1 | 95 % of F1 | labels |\n|---|---|---|---|---|---|")
    for row in scores.measures:
        if row.measure in scores.task.scoring.measures:
            print(line(row))


def line(row: Row) -> str:
    """A measure as a line of the table."""
    between = "–".join(f"{end:.2f}" for end in row.f1_interval or ()) or "–"
    return f"| {row.measure} | {row.precision:.2f} | {row.recall:.2f} | {row.f1:.2f} | {between} | {row.score.gold} |"


if __name__ == "__main__":
    main()
