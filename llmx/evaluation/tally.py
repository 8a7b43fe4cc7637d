"""Counts of all rows by section, and the scores, means and intervals that follow from them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from llmx.evaluation.alignment import Alignment, Match, libraries
from llmx.evaluation.bootstrap import FEWEST, Interval, draw, intervals, mean, ratios
from llmx.evaluation.measures import Measure, Score
from llmx.sections import Section

_BLOCK = 4096
"""Sections multiplied at once: of many reports the draws take a byte or two each, as numbers to multiply eight."""


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
    """Of 95 %; None without the reports' texts, and where fewer than FEWEST sections hold such records."""
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
        first: the number of the first report, which its draws go by.
    """

    def __init__(self, alignments: Sequence[Alignment], resamples: int, seed: int, first: int = 0) -> None:
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
        self._resamples = resamples if all(one.sections for one in alignments) else 0
        self._seed, self._first = seed, first

    @cached_property
    def draws(self) -> Any:
        """How often each section is drawn, as a numpy array; no draws where a report's text is not known."""
        return draw(self._sizes, self._resamples, self._seed, self._first)

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
        summed = np.zeros((self._resamples, *counts.shape[1:]))
        for at in range(0, len(held), _BLOCK):
            block = held[at : at + _BLOCK]
            summed += np.tensordot(self.draws[:, block].astype(float), counts[block], axes=1)
        return ratios(summed)

    def rows(self, names: Sequence[tuple[str, str]], counts: Any) -> list[Row]:
        """A row for each measure, under its two names, of counts by section."""
        totals, drawn = counts.sum(axis=0), self.drawn(counts)
        scored, sections = ratios(totals), counts.any(axis=2).sum(axis=0)
        return [
            _row(*names[at], scored[at], drawn[:, at] if sections[at] >= FEWEST else drawn[:0, at], _score(totals[at]))
            for at in range(len(names))
        ]


def averaged(measure: str, counts: Any, drawn: Sequence[Any]) -> Row:
    """The macro average of a measure over several things.

    Args:
        measure: its name.
        counts: a numpy array: thing × (agreed, predicted, gold).
        drawn: of each thing draws × (precision, recall, F1); no draws where some have none.
    """
    np, _ = libraries()
    draws = min(len(one) for one in drawn)
    each = np.stack([one[:draws] for one in drawn])
    return _row("macro", measure, mean(ratios(counts), axis=0), mean(each, axis=0), None)


def _of(row: Match) -> Callable[[Measure], Score]:
    return lambda measure: measure(row)


def _place(sections: Sequence[Section], match: Match) -> int:
    """The number of the section that a row stands in; the first for what has no place."""
    if match.anchor is None:
        return 0
    return max(0, bisect_right(sections, match.anchor.middle, key=lambda section: section.start) - 1)


def _score(counts: Any) -> Score:
    return Score(*map(int, counts))


def _row(name: str, measure: str, scored: Any, drawn: Any, score: Score | None) -> Row:
    """Ratios and their draws (draws × 3) as a row."""
    precision, recall, f1 = (None if value != value else float(value) for value in scored)  # NaN is not itself
    ends = dict(zip(("precision_interval", "recall_interval", "f1_interval"), intervals(drawn), strict=True))
    return Row(name, measure, precision, recall, f1, score=score, **ends)
