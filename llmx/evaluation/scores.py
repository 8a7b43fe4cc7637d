"""Precision, recall and F1 of records against labels, figure by figure and quote by quote.

Figures are paired by their place. Recognitions, projects and problems without a figure are paired one to one by how
much of their quotes is common (intersection over union of at least one half), the closest pairs first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from llmx.evaluation.labels import Label

LIKENESS = 0.7
"""An indicator agrees from this difflib ratio on, white space left out."""

OVERLAP = 0.5
"""Quotes are the same from this intersection over union on."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, and what follows from them. Adding two scores pools them (micro average)."""

    agreed: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of the predicted that agrees with the gold; 0 where nothing was predicted."""
        return self.agreed / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was predicted; 0 where there is no gold."""
        return self.agreed / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.agreed / (self.predicted + self.gold) if self.predicted + self.gold else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.agreed + other.agreed, self.predicted + other.predicted, self.gold + other.gold)


def score(predicted: Iterable[Label], gold: Iterable[Label]) -> dict[str, Score]:
    """Score one report.

    Args:
        predicted: records as labels (`Label.of`), of the same report as the gold.
        gold: the hand labels, exhaustive.

    Returns:
        A score for each of `MEASURES`.
    """
    predictions, labels = list(predicted), list(gold)
    return {name: measure(predictions, labels) for name, measure in MEASURES.items()}


def _figures(agrees: Callable[[Label, Label], bool]) -> Callable[[list[Label], list[Label]], Score]:
    """A measure of figures: pairs by place that agree as the function says."""

    def measure(predicted: list[Label], gold: list[Label]) -> Score:
        ours = [label for label in predicted if label.figure_start is not None]
        theirs = {label.figure_start: label for label in gold if label.figure_start is not None}
        agreed = sum(agrees(label, theirs[label.figure_start]) for label in ours if label.figure_start in theirs)
        return Score(agreed, len(ours), len(theirs))

    return measure


def _typed(ours: Label, theirs: Label) -> bool:
    return ours.type == theirs.type


def _fully(ours: Label, theirs: Label) -> bool:
    """Also value, measure (where the label has one) and indicator."""
    return (
        ours.type == theirs.type
        and ours.value == theirs.value
        and theirs.measure in (None, ours.measure)
        and likeness(ours.indicator, theirs.indicator) >= LIKENESS
    )


def likeness(ours: str | None, theirs: str | None) -> float:
    """difflib's ratio of two phrases, white space left out."""
    return SequenceMatcher(None, "".join((ours or "").split()), "".join((theirs or "").split())).ratio()


def _quotes(belongs: Callable[[Label], bool]) -> Callable[[list[Label], list[Label]], Score]:
    """A measure of what has no figure: one-to-one pairs of the same type by overlap of the quote."""

    def measure(predicted: list[Label], gold: list[Label]) -> Score:
        ours, theirs = [label for label in predicted if belongs(label)], [label for label in gold if belongs(label)]
        return Score(len(_pairs(ours, theirs)), len(ours), len(theirs))

    return measure


def _pairs(ours: Sequence[Label], theirs: Sequence[Label]) -> list[tuple[int, int]]:
    """Pairs of indexes, closest quotes and names first, each label at most once."""
    candidates = []
    for i, predicted in enumerate(ours):
        for j, label in enumerate(theirs):
            overlap = _overlap(predicted, label) if predicted.type == label.type else 0.0
            if overlap >= OVERLAP:
                close = overlap + likeness(predicted.name or predicted.indicator, label.name or label.indicator)
                candidates.append((-close, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in sorted(candidates):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            pairs.append((i, j))
    return pairs


def _overlap(a: Label, b: Label) -> float:
    """Intersection over union of two quotes."""
    common = min(a.end, b.end) - max(a.start, b.start)
    return max(0, common) / (max(a.end, b.end) - min(a.start, b.start))


MEASURES: dict[str, Callable[[list[Label], list[Label]], Score]] = {
    "figures found and typed": _figures(_typed),
    "figures fully right": _figures(_fully),
    "recognitions": _quotes(lambda label: label.kind == "recognition"),
    "projects": _quotes(lambda label: label.type == "project"),
    "problems": _quotes(lambda label: label.type == "problem"),
}
"""What is measured of a report, by the name that tables show."""
