"""A report cut into passages of a size that annotation tools show well, none of them through a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from llmx.documents import Document
from llmx.facts import report_facts
from llmx.figures import Figure, find_figures
from llmx.labels.label import Label
from llmx.sections import split_chunks, split_sections


@dataclass(frozen=True, slots=True)
class Labelled:
    """A report with labels of it, or with none yet."""

    document: Document
    labels: tuple[Label, ...]
    model: str | None = None
    """What predicted the labels; None where a person made them, or none are there."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a report: a task of Label Studio, an example of doccano."""

    report: str
    start: int
    """Where it begins in the report's text."""
    text: str
    heading: str
    """The headings above it, outermost first."""
    labels: tuple[Label, ...]
    figures: tuple[Figure, ...]
    """Those that measure something or that a label holds; offsets count from the report's start."""


def passages(labelled: Labelled) -> Iterator[Passage]:
    """Passages that tile the report's text, in order."""
    text = labelled.document.text
    figures = find_figures(text)
    sections = split_sections(text, report_facts(labelled.document).year)
    chunks = split_chunks(text, sections, figures)
    held = {label.figure_start for label in labelled.labels}
    shown = [one for one in figures if one.reason is None or one.start in held]
    headings = {chunk.start: " / ".join(chunk.section.path) for chunk in chunks}
    for start, end in _uncut([(chunk.start, chunk.end) for chunk in chunks], labelled.labels):
        yield Passage(
            labelled.document.id,
            start,
            text[start:end],
            headings[start],
            tuple(label for label in labelled.labels if start <= label.start < end),
            tuple(one for one in shown if start <= one.start < end),
        )


def _uncut(bounds: Iterable[tuple[int, int]], labels: Sequence[Label]) -> Iterator[tuple[int, int]]:
    """The bounds, joined where a label reaches over two."""
    begin: int | None = None
    for start, end in bounds:
        begin = start if begin is None else begin
        if not any(label.start < end < max(label.end, label.figure_end or 0) for label in labels):
            yield begin, end
            begin = None
