"""Sections of a report, and the chunks of them that a model reads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from llmx.figures import Figure

NARROW = 3.0
"""A section whose tense was decided by less than this is named: an upper heading that says what it is weighs 4."""


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
    role: str
    """What the section is for, as the task names it; glossary for one that explains terms, and holds no record."""
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


def section_at(sections: Sequence[Section], offset: int) -> Section:
    """The section that holds an offset.

    Raises:
        IndexError: there is no section.
    """
    return sections[max(0, bisect_right(sections, offset, key=lambda section: section.start) - 1)]


def sections_of(sections: Sequence[Section], chunk: Chunk) -> Sequence[Section]:
    """The sections that a chunk is part of: few, so that looking up among them is quick."""
    first = bisect_right(sections, chunk.start, key=lambda section: section.start) - 1
    last = bisect_right(sections, chunk.end - 1, key=lambda section: section.start)
    return sections[max(0, first) : last]


def narrow(sections: Iterable[Section]) -> list[Section]:
    """The sections whose tense was decided by little."""
    return [section for section in sections if section.margin is not None and section.margin < NARROW]
