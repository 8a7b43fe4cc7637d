"""What each row of evidence on a report's structure is worth: it is left out, and the labelled reports are read again.

    python benchmarks/structure.py [--reports DIR --labels DIR]

The reports are read in every corrupted form of tests/corruptions.py. For each row are printed: how many of the labels lie
in a section of the wrong tense without it, more than with it, and by how much the margins fall that decide a tenth of the
labels most narrowly. A row that changes neither could go.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from corruptions import ALL  # noqa: E402

import llmx  # noqa: E402
from llmx.sections import section_at  # noqa: E402
from llmx.tasks.government.structure import weighing  # noqa: E402


class Case(NamedTuple):
    """A report in one form, and its labels' places and tenses."""

    document: llmx.Document
    labels: list[tuple[int, bool]]


def cases(reports: Path, labels: Path) -> Iterator[Case]:
    for path in sorted(labels.glob("*.jsonl")):
        text = (reports / f"{path.stem}.txt").read_bytes().decode()
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        found = [
            (line["start"], line["end"], line["type"]) for line in lines if line["type"] in ("target", "achievement")
        ]
        for corrupt in ALL.values():
            changed, moved = corrupt(text)
            places = [(moved[start], type == "target") for start, end, type in found if moved[start] < moved[end]]
            yield Case(llmx.read_text(changed), places)


def measured(read: list[Case]) -> tuple[int, float]:
    """Labels in a section of the wrong tense, and the margin that a tenth of all labels fall under."""
    wrong, margins = 0, list[float]()
    for case in read:
        sections = llmx.analyse(case.document).sections if case.labels else ()
        for start, planned in case.labels:
            section = section_at(sections, start)
            right = section.planned == planned
            wrong += not right
            margins.append((section.margin or 99.0) if right else 0.0)
    return wrong, sorted(margins)[len(margins) // 10]


@contextmanager
def without(rows: list[Any], at: int, blank: Callable[[Any], Any]) -> Iterator[None]:
    row = rows[at]
    rows[at] = blank(row)
    try:
        yield
    finally:
        rows[at] = row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=Path, default=HERE.parent / "tests" / "reports")
    parser.add_argument("--labels", type=Path, default=HERE.parent / "tests" / "labels")
    given = parser.parse_args()
    read = list(cases(given.reports, given.labels))
    total = sum(len(case.labels) for case in read)
    wrong, margin = measured(read)
    print(f"{total} labels in {len(read)} texts: {wrong} in a section of the wrong tense, a tenth under {margin:.1f}")
    print("| row left out | labels lost | margin lost |\n|---|---|---|")
    signs: list[Any] = weighing._ALL
    heads: list[Any] = weighing._HEADS
    for rows, blank in (
        (signs, lambda row: row._replace(weights={}, opens=None)),
        (heads, lambda head: (head[0]._replace(weights={}, opens=None), head[1])),
    ):
        for at, row in enumerate(list(rows)):
            with without(rows, at, blank):
                worse, narrower = measured(read)
            name = getattr(row, "name", None) or f"heading: {row[0].name}"
            print(f"| {name} | {worse - wrong} | {margin - narrower:.1f} |", flush=True)


if __name__ == "__main__":
    main()
