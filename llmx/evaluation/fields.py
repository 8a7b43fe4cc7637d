"""The fields of a pair, one by one."""

from __future__ import annotations

from collections.abc import Hashable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from llmx.evaluation.labels import Label
from llmx.task import ScoredField, Scoring

LIKENESS = 0.7
"""Words agree from this difflib ratio on, white space left out."""


def agrees(field: ScoredField, ours: Label, theirs: Label) -> bool:
    """Whether a field of a prediction is the label's; a list, where all that it lists is, in its order.

    Args:
        field: one of the task's.
        ours: the prediction.
        theirs: the label.
    """
    a, b = ours.values.get(field.name), theirs.values.get(field.name)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(_same(field, one, other) for one, other in zip(a, b, strict=True))
    return _same(field, a, b) and all(ours.values.get(name) == theirs.values.get(name) for name in field.also)


def _same(field: ScoredField, a: Any, b: Any) -> bool:
    return likeness(_text(a), _text(b)) >= LIKENESS if field.alike else bool(a == b)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def differing(ours: Label, theirs: Label, scoring: Scoring) -> tuple[str, ...]:
    """The fields of a label that the prediction has not, or has otherwise, in the task's order."""
    return tuple(
        field.name
        for field in scoring.fields
        if theirs.values.get(field.name) is not None and not agrees(field, ours, theirs)
    )


def value_of(field: ScoredField, label: Label) -> Hashable:
    """What two labels are compared by: of a range both ends; None where the label does not have the field."""
    value: Hashable = label.values.get(field.name)
    return value if value is None or not field.also else (value, *(label.values.get(name) for name in field.also))


@lru_cache(maxsize=65_536)  # asked when pairing, again when comparing, and once for each run that is compared
def likeness(ours: str | None, theirs: str | None) -> float:
    """difflib's ratio of two phrases, white space left out."""
    return SequenceMatcher(None, "".join((ours or "").split()), "".join((theirs or "").split())).ratio()
