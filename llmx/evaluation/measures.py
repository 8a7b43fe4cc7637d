"""What is counted: agreed, predicted and gold, of one row of an alignment after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import get_args

from llmx.evaluation.alignment import Match
from llmx.evaluation.fields import FIELDS, agrees
from llmx.evaluation.labels import Label
from llmx.tasks.government.records import RecordType


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


Measure = Callable[[Match], Score]
"""What one row adds to a score."""

_NOTHING = Score(0, 0, 0)


def pooled(measure: Measure, matches: Iterable[Match]) -> Score:
    """A measure over many rows."""
    return sum(map(measure, matches), _NOTHING)


def _records(belongs: Callable[[Label], bool], agrees: Callable[[Match], bool]) -> Measure:
    """Counts the records that belong; a pair agrees if both do and the function says so."""

    def count(match: Match) -> Score:
        predicted = match.predicted is not None and belongs(match.predicted)
        gold = match.gold is not None and belongs(match.gold)
        return Score(int(predicted and gold and agrees(match)), int(predicted), int(gold))

    return count


def _found(match: Match) -> bool:
    return match.aligned


def _fully(match: Match) -> bool:
    """Also value, measure (where the label has one) and indicator."""
    return match.aligned and not {"value", "measure", "indicator"}.intersection(match.differences)


def _right(match: Match) -> bool:
    return match.outcome == "agreed"


def _has_figure(label: Label) -> bool:
    return label.figure_span is not None


def _any(label: Label) -> bool:  # noqa: ARG001 (every record belongs)
    return True


def _of_type(type: str) -> Callable[[Label], bool]:
    return lambda label: label.type == type


def _field(name: str) -> Measure:
    """Counts a field on aligned pairs, where the label has it; what a label leaves out is not scored."""

    def count(match: Match) -> Score:
        if match.predicted is None or match.gold is None or not match.aligned or getattr(match.gold, name) is None:
            return _NOTHING
        given = getattr(match.predicted, name) is not None
        return Score(int(given and agrees(name, match.predicted, match.gold)), int(given), 1)

    return count


MEASURES: dict[str, Measure] = {
    "figures found and typed": _records(_has_figure, _found),
    "figures fully right": _records(_has_figure, _fully),
    "recognitions": _records(lambda label: label.kind == "recognition", _found),
    "projects": _records(_of_type("project"), _found),
    "problems": _records(_of_type("problem"), _found),
}
"""What is measured of a report, by the name that tables show."""

FOUND, RIGHT = "found and typed", "right in all fields"

OVERALL: dict[str, Measure] = {FOUND: _records(_any, _found), RIGHT: _records(_any, _right)}
"""The same of all records: aligned, and aligned without any difference."""

TYPES: dict[tuple[str, str], Measure] = {
    (type, name): _records(_of_type(type), agrees)
    for name, agrees in ((FOUND, _found), (RIGHT, _right))
    for type in get_args(RecordType)
}
"""And of each record type."""

FIELD_MEASURES: dict[str, Measure] = {name: _field(name) for name in FIELDS}
"""Each field, on aligned records."""
