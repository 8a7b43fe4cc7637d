"""A table that code reads, so that no model is asked about it."""

from __future__ import annotations

from dataclasses import dataclass

from llmx.figures import Figure


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table whose cells say by their row and column what they are. A task's own are subclasses."""

    start: int
    """Where its first line begins, in the text that was read."""
    end: int
    """Where its last line ends, exclusive."""
    figures: tuple[Figure, ...]
    """The figures that its records hold, in text order, each with the unit that the table gives it."""
