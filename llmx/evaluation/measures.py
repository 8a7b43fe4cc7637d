"""What is counted: agreed, predicted and gold, of one row of an alignment after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from llmx.evaluation.alignment import Match
from llmx.evaluation.fields import agrees
from llmx.evaluation.labels import Label
from llmx.task import Counted, ScoredField


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

    @property
    def wrong(self) -> int:
        """Predicted that does not agree: of a field, values that are not the label's."""
        return self.predicted - self.agreed

    @property
    def none(self) -> int:
        """Of a field, labels where the prediction has no value; worth telling from a wrong one."""
        return self.gold - self.predicted

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


def _right(match: Match) -> bool:
    return match.outcome == "agreed"


def _any(label: Label) -> bool:  # noqa: ARG001 (every record belongs)
    return True


def counting(counted: Counted) -> Measure:
    """A measure of a task's own."""
    where, right = tuple(counted.where.items()), frozenset(counted.right)

    def belongs(label: Label) -> bool:
        held = label.figure_span is not None or not counted.figured
        return held and all(label.values.get(name) == value for name, value in where)

    return _records(belongs, lambda match: match.aligned and not right.intersection(match.differences))


def measuring_field(field: ScoredField) -> Measure:
    """Counts a field on aligned pairs, where the label has it; what a label leaves out is not scored."""

    def count(match: Match) -> Score:
        ours, theirs = match.predicted, match.gold
        if ours is None or theirs is None or not match.aligned or theirs.values.get(field.name) is None:
            return _NOTHING
        given = ours.values.get(field.name) is not None
        return Score(int(given and agrees(field, ours, theirs)), int(given), 1)

    return count


FOUND, RIGHT = "found and typed", "right in all fields"

OVERALL: dict[str, Measure] = {FOUND: _records(_any, _found), RIGHT: _records(_any, _right)}
"""What is measured of all records: aligned, and aligned without any difference."""


def of_types(types: Iterable[str]) -> dict[tuple[str, str], Measure]:
    """The same of each record type."""
    return {
        (type, name): _records(_of_type(type), agrees)
        for name, agrees in ((FOUND, _found), (RIGHT, _right))
        for type in types
    }


def _of_type(type: str) -> Callable[[Label], bool]:
    return lambda label: label.type == type
