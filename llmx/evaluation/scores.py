"""Precision, recall and F1 of aligned records, in tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from llmx.evaluation.alignment import Match, align
from llmx.evaluation.labels import Label, Span
from llmx.sections import Section


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, and what follows from them. Adding two scores pools them (micro average)."""

    agreed: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float | None:
        """Share of the predicted that agrees with the gold; None, not 0, where nothing was predicted."""
        return self.agreed / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Share of the gold that was predicted; None, not 0, where there is no gold."""
        return self.agreed / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, 2·agreed / (predicted + gold); None where there is neither."""
        return 2 * self.agreed / (self.predicted + self.gold) if self.predicted + self.gold else None

    def __add__(self, other: Score) -> Score:
        return Score(self.agreed + other.agreed, self.predicted + other.predicted, self.gold + other.gold)


class Measure(NamedTuple):
    """Which records are counted, and which pairs of them agree."""

    belongs: Callable[[Label], bool]
    agrees: Callable[[Match], bool]

    def of(self, matches: Iterable[Match]) -> Score:
        """Count."""
        return sum(map(self.one, matches), Score(0, 0, 0))

    def one(self, match: Match) -> Score:
        """What one row adds."""
        predicted = match.predicted is not None and self.belongs(match.predicted)
        gold = match.gold is not None and self.belongs(match.gold)
        return Score(int(predicted and gold and self.agrees(match)), int(predicted), int(gold))


def _aligned(match: Match) -> bool:
    return match.aligned


def _fully(match: Match) -> bool:
    """Also value, measure (where the label has one) and indicator."""
    return match.aligned and not {"value", "measure", "indicator"}.intersection(match.differences)


MEASURES: dict[str, Measure] = {
    "figures found and typed": Measure(lambda label: label.figure_span is not None, _aligned),
    "figures fully right": Measure(lambda label: label.figure_span is not None, _fully),
    "recognitions": Measure(lambda label: label.kind == "recognition", _aligned),
    "projects": Measure(lambda label: label.type == "project", _aligned),
    "problems": Measure(lambda label: label.type == "problem", _aligned),
}
"""What is measured of a report, by the name that tables show."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """One report: its rows and, where it was found, its text."""

    report: str
    matches: tuple[Match, ...]
    """In text order; only what lies in the labelled stretches."""
    stretches: tuple[Span, ...] | None = None
    """What was labelled of the report; None where all of it was."""
    text: str | None = None
    """The report's text; None where it was not found."""
    sections: tuple[Section, ...] = ()
    """Sections that tile the text."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How right predicted records are."""

    alignments: tuple[Alignment, ...]
    """The reports that were scored, in the order of the gold."""
    unscored: tuple[str, ...] = field(default=())
    """Labelled reports that the prediction never saw: they count nowhere."""

    @property
    def matches(self) -> list[Match]:
        """The rows of all reports."""
        return [match for alignment in self.alignments for match in alignment.matches]


def score(predicted: Iterable[Label], gold: Iterable[Label]) -> dict[str, Score]:
    """Score one report: a score for each of MEASURES."""
    matches = align(list(predicted), list(gold))
    return {name: measure.of(matches) for name, measure in MEASURES.items()}
