"""Sections of a report, and the chunks of them that a model reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from llmx.figures import Figure

Role = Literal["review", "problems", "goals", "plan", "own_building", "glossary", "other"]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a report under one heading. Sections tile the text: each begins where the last one ends."""

    start: int
    """Where the section begins, heading included, in code points of the document's text."""
    end: int
    """Where the section ends, exclusive."""
    level: int
    """Depth in the heading tree, 1 outermost; 0 for what stands before the first heading."""
    heading: str
    """The heading's words without emphasis marks and line ends; empty where the section has no heading of its own."""
    path: tuple[str, ...]
    """Headings from the outermost to this section's own."""
    role: Role
    """What the section is for."""
    year: int | None
    """The year it speaks of; None where the text does not tell."""
    planned: bool
    """True where the section speaks of what is to come, False where it reports."""
    margin: float | None = None
    """How surely its tense was decided: by how much the evidence for the report as it was read beats the best reading
    that takes this section otherwise; an upper heading that says what it is has about 4. None where nothing else was
    possible."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a model reads at once: whole sentences of neighbouring sections, with their figures."""

    start: int
    """Where the chunk begins in the document's text."""
    end: int
    """Where it ends, exclusive."""
    text: str
    """`document.text[start:end]`."""
    section: Section
    """The first section that it is part of; the others share its role, year and tense, unless `parts` says more."""
    figures: tuple[Figure, ...]
    """The figures of this stretch, in text order; offsets count from the document's start."""
    parts: tuple[Section, ...] = ()
    """Where it was filled over borders of role, year or tense: one section for each stretch between them, in text order,
    tiling it. Empty where there is no such border in it."""

    def part_at(self, offset: int) -> Section:
        """The part that holds an offset of the document's text."""
        return next((part for part in reversed(self.parts) if part.start <= offset), self.section)
