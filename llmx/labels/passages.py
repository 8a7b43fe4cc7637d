"""A report cut into passages of a size that annotation tools show well, none of them through a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from llmx.analysis import analyse
from llmx.documents import Document
from llmx.figures import Figure
from llmx.labels.label import Label, LeftOut, bounds_of
from llmx.labels.stretches import Bounds, holds
from llmx.sections import Chunk, section_at, split_chunks
from llmx.task import Labelling, Task, open_task


@dataclass(frozen=True, slots=True)
class Labelled:
    """A report with labels of it, or with none yet."""

    document: Document
    labels: tuple[Label, ...]
    model: str | None = None
    """What predicted the labels; None where a person made them, or none are there."""
    stretches: tuple[Bounds, ...] | None = None
    """What was labelled of the report; None for the whole."""
    left_out: tuple[LeftOut, ...] = ()
    """The figures that a person left out knowingly."""
    task: Task = field(default_factory=open_task)
    """What the labels are of."""

    def holds(self, offset: int) -> bool:
        """Whether an offset is in the part that was labelled by a person."""
        by_hand = self.model is None and bool(self.labels or self.stretches is not None)
        return by_hand and holds(self.stretches, offset)


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
    labelled: bool
    """Whether a person labelled it, be it with nothing."""
    labelling: Labelling
    """What labels of its task may say."""


def passages(labelled: Labelled) -> Iterator[Passage]:
    """Passages that tile the report's text, in order."""
    text = labelled.document.text
    analysis, labelling = analyse(labelled.document, labelled.task), labelled.task.labelling
    figures, sections = analysis.stored_figures if labelling.figure else (), analysis.outline
    chunks = split_chunks(text, sections, figures)
    held = {start for label in labelled.labels for _, start, _ in label.anchors}
    shown = [one for one in figures if one.reason is None or one.start in held]
    edges = {edge for part in labelled.stretches or () for edge in part}
    for start, end in _uncut(list(_cut(chunks, edges)), labelled.labels):
        yield Passage(
            labelled.document.id,
            start,
            text[start:end],
            " / ".join(section_at(sections, start).path),
            tuple(label for label in labelled.labels if start <= label.start < end),
            tuple(one for one in shown if start <= one.start < end),
            labelled.holds(start),
            labelling,
        )


def _cut(chunks: Iterable[Chunk], edges: Iterable[int]) -> Iterator[Bounds]:
    """The bounds of the chunks, cut where a labelled stretch begins or ends."""
    ordered = sorted(edges)
    for chunk in chunks:
        cuts = [chunk.start, *(edge for edge in ordered if chunk.start < edge < chunk.end), chunk.end]
        yield from pairwise(cuts)


def _uncut(bounds: Iterable[Bounds], labels: Sequence[Label]) -> Iterator[Bounds]:
    """The bounds, joined where a label reaches over two."""
    begin: int | None = None
    reached = [bounds_of(label) for label in labels]
    for start, end in bounds:
        begin = start if begin is None else begin
        if not any(first < end < last for first, last in reached):
            yield begin, end
            begin = None
