"""Counts of all rows by section, and the scores, means and intervals that follow from them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from llmx.evaluation.alignment import Alignment, Match, libraries
from llmx.evaluation.bootstrap import Interval, draw, intervals, mean, ratios
from llmx.evaluation.measures import Measure, Score
from llmx.sections import Section


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of scores."""

    name: str
    """What is scored: a type, a field, a role, a report; `micro` for all of them pooled, `macro` for their mean."""
    measure: str
    """What of it: see MEASURES."""
    precision: float | None
    """None, shown as a dash, where nothing was predicted."""
    recall: float | None
    """None where there is no gold."""
    f1: float | None
    """None where there is neither."""
    precision_interval: Interval | None = None
    """Of 95 %; None without the reports' texts, or where too few sections hold such records."""
    recall_interval: Interval | None = None
    f1_interval: Interval | None = None
    score: Score | None = None
    """The counts; None for a mean."""

    def as_dict(self) -> dict[str, Any]:
        """One level of names and values, for tables."""
        scored: dict[str, Any] = {"name": self.name, "measure": self.measure}
        for part in ("precision", "recall", "f1"):
            interval = getattr(self, f"{part}_interval")
            scored |= {part: getattr(self, part)}
            scored |= {f"{part}_low": interval and interval.low, f"{part}_high": interval and interval.high}
        return scored | {part: self.score and getattr(self.score, part) for part in ("agreed", "predicted", "gold")}


class Tally:
    """The rows of all reports with the section that each stands in.

    Args:
        alignments: one a report.
        resamples: draws of the bootstrap.
        seed: of the draws.
    """

    def __init__(self, alignments: Sequence[Alignment], resamples: int, seed: int) -> None:
        self.matches = [match for one in alignments for match in one.matches]
        self.reports = [number for number, one in enumerate(alignments) for _ in one.matches]
        listed = [one.labelled_sections for one in alignments]
        places = [_place(listed[report], match) for report, match in zip(self.reports, self.matches, strict=True)]
        self.roles = [
            listed[report][place].role if listed[report] and match.anchor else None
            for report, place, match in zip(self.reports, places, self.matches, strict=True)
        ]
        self._sizes = [max(1, len(sections)) for sections in listed]
        firsts = list(accumulate(self._sizes, initial=0))
        self.sections = [firsts[report] + place for report, place in zip(self.reports, places, strict=True)]
        self._resamples = resamples if all(listed) else 0
        self._seed = seed

    @cached_property
    def draws(self) -> Any:
        """How often each section is drawn, as a numpy array; no draws where a report's text is not known."""
        return draw(self._sizes, self._resamples, self._seed)

    def count(self, measures: Iterable[Measure]) -> Any:
        """Counts as a numpy array: row × measure × (agreed, predicted, gold)."""
        np, _ = libraries()
        listed = list(measures)
        counted = [[(one.agreed, one.predicted, one.gold) for one in map(_of(row), listed)] for row in self.matches]
        return np.array(counted, dtype=float).reshape(len(self.matches), len(listed), 3)

    def by_section(self, counts: Any, chosen: Sequence[int] | None = None) -> Any:
        """Counts summed up: section × measure × (agreed, predicted, gold).

        Args:
            counts: from `count`.
            chosen: the numbers of the rows to sum up; all of them unless given.
        """
        np, _ = libraries()
        rows = np.arange(len(self.matches)) if chosen is None else np.array(chosen, dtype=int)
        summed = np.zeros((sum(self._sizes), *counts.shape[1:]))
        np.add.at(summed, np.array(self.sections, dtype=int)[rows], counts[rows])
        return summed

    def drawn(self, counts: Any) -> Any:
        """Precision, recall and F1 of each draw: draws × measure × 3.

        Args:
            counts: by section.
        """
        np, _ = libraries()
        held = np.flatnonzero(counts.any(axis=(1, 2)))
        return ratios(np.tensordot(self.draws[:, held], counts[held], axes=1))

    def rows(self, names: Sequence[tuple[str, str]], counts: Any) -> list[Row]:
        """A row for each measure, under its two names, of counts by section."""
        scored, drawn = ratios(counts.sum(axis=0)), self.drawn(counts)
        pooled = [Score(*map(int, one)) for one in counts.sum(axis=0)]
        return [_row(*names[at], scored[at], drawn[:, at], pooled[at]) for at in range(len(names))]

    def means(self, measure: str, counts: Sequence[Any]) -> Row:
        """The macro average of one measure.

        Args:
            measure: its name.
            counts: of each thing that is averaged, section × (agreed, predicted, gold).
        """
        np, _ = libraries()
        each = np.stack(counts, axis=1)
        return _row("macro", measure, mean(ratios(each.sum(axis=0)), axis=0), mean(self.drawn(each), axis=1), None)


def _of(row: Match) -> Callable[[Measure], Score]:
    return lambda measure: measure(row)


def _place(sections: Sequence[Section], match: Match) -> int:
    """The number of the section that a row stands in; the first for what has no place."""
    if match.anchor is None:
        return 0
    return max(0, bisect_right(sections, match.anchor.middle, key=lambda section: section.start) - 1)


def _row(name: str, measure: str, scored: Any, drawn: Any, score: Score | None) -> Row:
    """Ratios and their draws (draws × 3) as a row."""
    precision, recall, f1 = (None if value != value else float(value) for value in scored)  # NaN is not itself
    ends = dict(zip(("precision_interval", "recall_interval", "f1_interval"), intervals(drawn), strict=True))
    return Row(name, measure, precision, recall, f1, score=score, **ends)
