"""The figures of a document that no record holds: what was left out is shown, not hidden."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from llmx.figures import Figure


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A figure that no record holds."""

    figure: Figure
    """The figure, with offsets into the document's text."""

    @property
    def reason(self) -> str | None:
        """Why it measures nothing; None where it looks like a measure and nobody claimed it."""
        return self.figure.reason


def audit(figures: Iterable[Figure], held: set[int], glossary: Sequence[tuple[int, int]] = ()) -> list[Unclaimed]:
    """The figures that no record holds.

    Args:
        figures: all figures of a document, in text order.
        held: where the figures begin that records hold.
        glossary: bounds of the stretches that explain terms, in text order: what measures there is no result of the
            report, and has that as its reason.

    Returns:
        One a figure, in text order.
    """
    starts = [start for start, _ in glossary]
    found: list[Unclaimed] = []
    for figure in figures:
        if figure.start in held:
            continue
        at = bisect_right(starts, figure.start) - 1
        explains = figure.reason is None and at >= 0 and figure.start < glossary[at][1]
        found.append(Unclaimed(replace(figure, reason="glossary") if explains else figure))
    return found
