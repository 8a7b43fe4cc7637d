"""How records of many documents are set side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Compared:
    """The columns by which `llmx view` compares records of many documents: a place a row, a year a column."""

    thing: str
    """What names the thing that is compared; a record without it is left out."""
    amount: str
    """The number: an amount of the types' `shown`; a field that is a figure has its own name there."""
    year: str
    """When it is."""
    place: str | None = None
    """Whose it is; each document is a place of its own unless given, or where a record has none."""
    apart: tuple[str, ...] = ()
    """What is never mixed: one value of each is shown at a time."""
    counts_as: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By a column of these: values that count as another; an absent one is empty."""
    aimed: tuple[str, ...] = ()
    """Types of what is aimed at and not reached yet; drawn hollow."""
