"""Which predicted record is which label: an optimal one-to-one assignment.

Records of one type are paired first. What has a figure is paired by the figure's span, the rest by the quote; two spans
are the same from an intersection over union of one half on. Among the candidates the assignment with the greatest sum
of overlap and likeness of names wins. What is left over is then looked at twice more, only to name the error: the same
figure, or quote and name, under another type; and the same type and name where the spans overlap by less than half.
Such pairs are no agreement: the label counts as missed, the prediction as spurious.

What can be said of a row is that all agrees, or the class of the error, the first that fits of

- wrong value: value, unit, comparator or measure of a figure differ,
- wrong words: words that say what the record is of are not alike; a task may call it otherwise (`Scoring.errors`),
- wrong field: another field differs,
- wrong type: the same words under another type,
- wrong span: the same type and words, but the spans overlap by less than half,
- missed: a label without a prediction,
- spurious: a prediction without a label.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from llmx.errors import UsageError
from llmx.evaluation.fields import LIKENESS, differing, likeness
from llmx.evaluation.labels import Label, Span
from llmx.sections import Section
from llmx.task import Scoring, open_task

OVERLAP = 0.5
"""Two spans are the same from this intersection over union on."""


@dataclass(frozen=True, slots=True)
class Match:
    """A row of an alignment: a label and the prediction paired with it, or one of them alone."""

    predicted: Label | None
    gold: Label | None
    outcome: str
    """One of `Scoring.outcomes`."""
    differences: tuple[str, ...] = ()
    """The fields that differ; of a wrong type also `type`, of a wrong span `quote` or the figure."""

    @property
    def aligned(self) -> bool:
        """Whether the two are the same record, be its fields right or wrong."""
        paired = self.predicted is not None and self.gold is not None
        return paired and self.outcome not in ("wrong type", "wrong span")

    @property
    def label(self) -> Label:
        """The label, or the prediction where there is none."""
        label = self.gold or self.predicted
        assert label is not None
        return label

    @property
    def anchor(self) -> Span | None:
        """Where the row stands in the text; None for a prediction whose quote was not found."""
        return self.label.anchor


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

    @property
    def labelled_sections(self) -> list[Section]:
        """The sections that were labelled, whole or in part; none where the text is not known."""
        if self.stretches is None:
            return list(self.sections)
        return [
            section
            for section in self.sections
            if any(one.start < section.end and section.start < one.end for one in self.stretches)
        ]


def align(predicted: Sequence[Label], gold: Sequence[Label], scoring: Scoring | None = None) -> list[Match]:
    """Pair predictions with labels of one report, each at most once.

    Args:
        predicted: records as labels (`Label.of`), of the same report as the gold.
        gold: the hand labels.
        scoring: the task's; that of the government task unless given.

    Returns:
        A row for each label and for each prediction without a label, in text order; predictions without a place last.

    Raises:
        UsageError: scipy is not installed.
    """
    scoring = scoring or open_task().scoring
    rest = _Rest(predicted, gold, scoring.loose)
    rows = [_compared(*pair, scoring) for pair in rest.pair(_same_type, OVERLAP)]
    rows += [_told(*pair, scoring, "type") for pair in rest.pair(_other_type, OVERLAP)]
    rows += [_told(*pair, scoring, "span") for pair in rest.pair(_same_name, 0)]
    rows += [Match(None, label, "missed") for label in rest.gold]
    rows += [Match(label, None, "spurious") for label in rest.predicted]
    return sorted(rows, key=_text_order)


def _same_type(ours: Label, theirs: Label) -> bool:
    return ours.type == theirs.type


def _other_type(ours: Label, theirs: Label) -> bool:
    return ours.type != theirs.type and _alike(ours, theirs)


def _same_name(ours: Label, theirs: Label) -> bool:
    return ours.type == theirs.type and _alike(ours, theirs)


def _alike(ours: Label, theirs: Label) -> bool:
    """The same figure is the same thing; quotes may hold several, so that names must be alike."""
    figures = ours.figure_span and theirs.figure_span
    return bool(figures) or likeness(ours.naming or ours.quote, theirs.naming or theirs.quote) >= LIKENESS


def _compared(predicted: Label, gold: Label, scoring: Scoring) -> Match:
    """An aligned pair with the first error class that fits."""
    differences = differing(predicted, gold, scoring)
    classes = {field.error for field in scoring.fields if field.name in differences}
    outcome = next((f"wrong {error}" for error in scoring.errors if error in classes), "agreed")
    return Match(predicted, gold, outcome, differences)


def _told(predicted: Label, gold: Label, scoring: Scoring, what: str) -> Match:
    """A pair that is no agreement: its type or its span differs."""
    first = "type" if what == "type" else gold.figure_column or "quote"
    return Match(predicted, gold, f"wrong {what}", (first, *differing(predicted, gold, scoring)))


def _text_order(row: Match) -> tuple[bool, int, int, str, str]:
    anchor, label = row.anchor, row.label
    return anchor is None, anchor.start if anchor else 0, label.end or 0, label.type, label.naming or ""


class _Candidate(NamedTuple):
    ours: int
    theirs: int
    overlap: float


class _Rest:
    """What is not paired yet."""

    def __init__(self, predicted: Sequence[Label], gold: Sequence[Label], loose: Collection[str]) -> None:
        self.predicted, self.gold, self.loose = list(predicted), list(gold), loose

    def pair(self, allowed: Callable[[Label, Label], bool], least: float) -> list[tuple[Label, Label]]:
        """The best assignment among the pairs that are allowed and overlap enough; they leave the rest."""
        candidates = [
            one
            for one in _candidates(self.predicted, self.gold, least, self.loose)
            if allowed(self.predicted[one.ours], self.gold[one.theirs])
        ]
        pairs = _assigned(candidates, self.predicted, self.gold)
        found = [(self.predicted[i], self.gold[j]) for i, j in pairs]
        gone = [set(side) for side in zip(*pairs, strict=True)] or [set(), set()]
        self.predicted = [label for i, label in enumerate(self.predicted) if i not in gone[0]]
        self.gold = [label for j, label in enumerate(self.gold) if j not in gone[1]]
        return found


def _candidates(
    predicted: Sequence[Label], gold: Sequence[Label], least: float, loose: Collection[str]
) -> Iterator[_Candidate]:
    """Pairs that may be the same: by the figures where both have one, by the quotes where none has.

    Of a type whose figure may be left out, one with a figure and one without may be the same by their quotes.
    """
    yield from _overlapping([one.figure_span for one in predicted], [one.figure_span for one in gold], least)
    ours, theirs = ([_quoted(one, loose) for one in side] for side in (predicted, gold))
    for one in _overlapping(ours, theirs, least):
        a, b = predicted[one.ours], gold[one.theirs]
        figures = (a.figure_span is not None) + (b.figure_span is not None)
        if figures == 0 or (figures == 1 and a.type == b.type and a.type in loose):
            yield one


def _quoted(label: Label, loose: Collection[str]) -> Span | None:
    """The quote of what is paired by quote."""
    return label.quote_span if label.figure_span is None or label.type in loose else None


def _overlapping(ours: Sequence[Span | None], theirs: Sequence[Span | None], least: float) -> Iterator[_Candidate]:
    """Pairs whose intersection over union is positive and at least so great."""
    np, _ = libraries()
    columns = [j for j, span in enumerate(theirs) if span]
    if not columns:
        return
    starts, ends = np.array([theirs[j] for j in columns]).T
    for i, span in enumerate(ours):
        if span is None:
            continue
        common = np.minimum(ends, span.end) - np.maximum(starts, span.start)
        share = common / (np.maximum(ends, span.end) - np.minimum(starts, span.start))
        for at in np.flatnonzero((common > 0) & (share >= least)):
            yield _Candidate(i, columns[at], float(share[at]))


def _assigned(
    candidates: Sequence[_Candidate], predicted: Sequence[Label], gold: Sequence[Label]
) -> list[tuple[int, int]]:
    """The one-to-one pairs with the greatest sum of overlap and likeness of names.

    Candidates are few and fall into small groups that share no record: each is solved alone, and a pair that meets no
    other needs no solving.
    """
    pairs: list[tuple[int, int]] = []
    for group in _groups(candidates, len(predicted), len(gold)):
        if len(group) == 1:
            pairs.append(group[0][:2])
            continue
        close = {(i, j): overlap + likeness(predicted[i].naming, gold[j].naming) for i, j, overlap in group}
        pairs += _best(close)
    return pairs


def _groups(candidates: Sequence[_Candidate], ours: int, theirs: int) -> Iterable[list[_Candidate]]:
    """Candidates by connected component."""
    if not candidates:
        return []
    np, scipy = libraries()
    rows = np.array([one.ours for one in candidates])
    columns = np.array([one.theirs for one in candidates]) + ours
    graph = scipy.sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(ours + theirs,) * 2)
    _, components = scipy.sparse.csgraph.connected_components(graph, directed=False)
    groups: dict[int, list[_Candidate]] = {}
    for one, component in zip(candidates, components[rows], strict=True):
        groups.setdefault(int(component), []).append(one)
    return groups.values()


def _best(close: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The assignment with the greatest sum; pairs that are no candidates weigh nothing and are left out."""
    np, scipy = libraries()
    ours, theirs = sorted({i for i, _ in close}), sorted({j for _, j in close})
    row, column = {i: at for at, i in enumerate(ours)}, {j: at for at, j in enumerate(theirs)}
    weights = np.zeros((len(ours), len(theirs)))
    for (i, j), weight in close.items():
        weights[row[i], column[j]] = weight
    chosen = zip(*scipy.optimize.linear_sum_assignment(weights, maximize=True), strict=True)
    return [(ours[a], theirs[b]) for a, b in chosen if weights[a, b] > 0]


def libraries() -> tuple[Any, Any]:
    """numpy and scipy: half a second to import, so only where something is evaluated."""
    try:
        import numpy as np
        import scipy.optimize
        import scipy.sparse.csgraph
    except ImportError as error:
        raise UsageError('evaluation needs scipy; install it: pip install "llmx-extract[evaluate]"') from error
    return np, scipy
