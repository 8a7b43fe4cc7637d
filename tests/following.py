"""Pairs of reports with hand-labelled outcomes, and how `llmx.follow` scores on them.

`tests/follow/NAME-YEAR.txt` are invented; `NAME.tsv` has for each promise some of its words, words of the result in the
next report (`-` where there is none) and the outcome. Words stand once in the part of the text that is meant.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import llmx

FOLDER = Path(__file__).parent / "follow"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.tsv")))


class Expected(NamedTuple):
    promise: tuple[int, int]
    result: tuple[int, int] | None
    outcome: str
    words: str


class Score(NamedTuple):
    right: int
    wrong: int
    missed: int
    unread: int
    """Labelled pairs of which extraction found no record on one side."""
    outcomes: int
    """Right pairs whose outcome is right."""
    faults: list[str]

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


def reports(name: str) -> tuple[Path, Path]:
    first, second = sorted(FOLDER.glob(f"{name}-*.txt"))
    return first, second


def expected(name: str) -> list[Expected]:
    first, second = (path.read_text(encoding="utf-8") for path in reports(name))
    plan = first.index("二、")
    found = []
    for line in (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        words, result, outcome = line.split("\t")
        start, at = first.index(words, plan), None if result == "-" else second.index(result)
        span = None if at is None else (at, at + len(result))
        found.append(Expected((start, start + len(words)), span, outcome, words))
    return found


def _place(record) -> tuple[int, int]:
    """Where the figure stands, or a project's name, or what is quoted."""
    start = getattr(record, "figure_start", None)
    if start is not None:
        return start, record.figure_end
    name = getattr(record, "name", "")
    at = record.quote.find(name) if name else -1
    return (record.start + at, record.start + at + len(name)) if at >= 0 else (record.start, record.end)


def _meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def scored(name: str, follow=llmx.follow) -> Score:
    first, second = (llmx.extract(path) for path in reports(name))
    followed = follow(first, second)
    records = {one.id: one for one in (*first, *second)}
    rows = [(row, _place(records[row.target_id])) for row in followed]
    right = wrong = missed = unread = outcomes = 0
    faults = []
    for label in expected(name):
        own = [row for row, place in rows if _meets(place, label.promise)]
        pairs = [row for row in own if row.result_id]
        good = [row for row in pairs if label.result and _meets(_place(records[row.result_id]), label.result)]
        right += bool(good)
        wrong += len(pairs) - len(good)
        if label.result and not good:
            missed += 1
            seen = own and any(_meets(_place(one), label.result) for one in second)
            unread += not seen
            faults.append(f"missed{'' if seen else ' (unread)'}: {label.words} {[one.note for one in own]}")
        faults += [f"wrong: {label.words} => {row.result_quote}" for row in pairs if row not in good]
        told = good or own
        outcomes += bool(told) and told[0].outcome == label.outcome
        if told and told[0].outcome != label.outcome and len(good) == len(pairs):
            faults.append(
                f"outcome: {label.words}: {told[0].outcome}, not {label.outcome} {told[0].result_quote} {told[0].note}"
            )
    return Score(right, wrong, missed, unread, outcomes, faults)


if __name__ == "__main__":
    for name in NAMES:
        score = scored(name)
        sys.stdout.write(
            " ".join(
                map(
                    str, (name, f"precision {score.precision:.3f} recall {score.recall:.3f}", score._replace(faults=[]))
                )
            )
            + "\n"
        )
        sys.stdout.writelines(f"{fault}\n" for fault in score.faults)
