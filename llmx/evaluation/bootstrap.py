"""How far a score would move with other sections: a seeded bootstrap.

The sections of each report are drawn anew, as many as there are, with replacement, and the score is computed of what was
drawn. Records of one section err together (a table, a list, one kind of sentence), so that sections are drawn and not
records. An interval holds the middle 95 % of the drawn scores (the percentile method of Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapter 13). It says how sure a score is for reports like these, no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from llmx.evaluation.alignment import libraries

RESAMPLES = 1000
"""Draws; the ends of an interval then vary by a digit of the third place from seed to seed."""

LEVEL = 0.95

FEWEST = 5
"""Sections that must hold such records: of three, one draw in twenty takes none, and few of the rest differ."""


class Interval(NamedTuple):
    """The ends of a bootstrap interval."""

    low: float
    high: float


def draw(sections: Sequence[int], resamples: int, seed: int, first: int = 0) -> Any:
    """How often each section is drawn.

    Args:
        sections: how many each report has, in order.
        resamples: draws.
        seed: the same seed gives the same draws.
        first: the number of the first report: a report has draws of its own, alone or among others.

    Returns:
        A numpy array of resamples × sections of all reports.
    """
    np, _ = libraries()
    drawn = []
    for number, count in enumerate(sections, first):
        random = np.random.default_rng((seed, number))
        drawn.append(random.multinomial(count, np.full(count, 1 / count), size=resamples).astype(np.uint16))
    return np.concatenate(drawn, axis=1)


def ratios(counts: Any) -> Any:
    """Precision, recall and F1 of counts.

    Args:
        counts: a numpy array whose last axis is agreed, predicted, gold.

    Returns:
        An array of the same shape whose last axis is precision, recall, F1; NaN where one is undefined.
    """
    np, _ = libraries()
    agreed, predicted, gold = np.moveaxis(np.asarray(counts, dtype=float), -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([agreed / predicted, agreed / gold, 2 * agreed / (predicted + gold)], axis=-1)


def mean(ratios: Any, axis: int) -> Any:
    """The mean of what is defined; NaN where nothing is."""
    np, _ = libraries()
    defined = ~np.isnan(ratios)
    with np.errstate(invalid="ignore"):
        return np.where(defined, ratios, 0).sum(axis=axis) / defined.sum(axis=axis)


def intervals(drawn: Any) -> list[Interval | None]:
    """The intervals of drawn scores, of the draws that define them; None where too few do.

    Args:
        drawn: a numpy array of resamples × scores.
    """
    np, _ = libraries()
    return [_interval(one[~np.isnan(one)], len(one)) for one in np.asarray(drawn).T]


def _interval(defined: Any, draws: int) -> Interval | None:
    np, _ = libraries()
    if len(defined) < LEVEL * draws or not draws:
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
