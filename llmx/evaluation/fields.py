"""The fields of a pair, one by one."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache

from llmx.evaluation.labels import Label

LIKENESS = 0.7
"""An indicator or a name agrees from this difflib ratio on, white space left out."""

FIELDS = (
    "value",
    "unit",
    "comparator",
    "measure",
    "year",
    "indicator",
    "name",
    "stage",
    "status",
    "domain",
)
"""The fields that are scored, where the label has them: a label without a measure says nothing about it."""


def agrees(field: str, ours: Label, theirs: Label) -> bool:
    """Whether a field of a prediction is the label's. Of a range both ends count as its value.

    Args:
        field: one of FIELDS.
        ours: the prediction.
        theirs: the label.
    """
    a, b = getattr(ours, field), getattr(theirs, field)
    if field in ("indicator", "name"):
        return likeness(a, b) >= LIKENESS
    if field == "value":
        return bool((a, ours.value_max) == (b, theirs.value_max))
    return bool(a == b)


def differing(ours: Label, theirs: Label) -> tuple[str, ...]:
    """The fields of a label that the prediction has not, or has otherwise, in the order of FIELDS."""
    return tuple(field for field in FIELDS if getattr(theirs, field) is not None and not agrees(field, ours, theirs))


@lru_cache(maxsize=65_536)  # asked when pairing, again when comparing, and once for each run that is compared
def likeness(ours: str | None, theirs: str | None) -> float:
    """difflib's ratio of two phrases, white space left out."""
    return SequenceMatcher(None, "".join((ours or "").split()), "".join((theirs or "").split())).ratio()
