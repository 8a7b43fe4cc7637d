"""What code knows of a document before any model is asked: the one way there, for the run, the page, labels and scores.

document → a copy that reads well → facts → outline → figures → chunks
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llmx.documents import Clean, Document, cleaned
from llmx.facts import Evidence, Facts
from llmx.figures import Figure, find_figures
from llmx.sections import BUDGET, Chunk, Section, part_of, split_chunks
from llmx.task import Tabled, Task, open_task


@dataclass(frozen=True, slots=True)
class Analysis:
    """A document with all that code knows of it. Offsets of `sections` and `figures` count in `reading`."""

    task: Task
    """What is to be extracted."""
    document: Document
    """The document, as stored."""
    reading: Document
    """The copy that is read: the document itself where it reads well as it is."""
    clean: Clean | None
    """The way from the copy back; None where they are the same."""
    facts: Facts
    """What it says of itself; offsets count in the document as stored."""
    sections: tuple[Section, ...]
    """Its outline, tiling `reading.text`."""
    figures: tuple[Figure, ...]
    """Its figures, in text order."""
    tables: tuple[Tabled, ...] = ()
    """Its tables that code reads; offsets count in `reading`."""

    def chunks(self, budget: int = BUDGET, across: bool = False) -> list[Chunk]:
        """Its text cut for a model, `budget` characters each at most, without the tables that code reads; see
        `llmx.sections.split_chunks`."""
        chunks = split_chunks(self.reading.text, self.sections, self.figures, budget, across)
        return [part for chunk in chunks for part in _without(chunk, self.tables)] if self.tables else chunks

    @property
    def outline(self) -> tuple[Section, ...]:
        """The sections with offsets and words of the document as stored, tiling its text."""
        if self.clean is None:
            return self.sections
        starts = [0] + [self.clean.stored(section.start, section.end)[0] for section in self.sections[1:]]
        ends = [*starts[1:], len(self.document.text)]
        return tuple(
            replace(
                section,
                start=start,
                end=end,
                heading=self.clean.words(section.heading),
                path=tuple(map(self.clean.words, section.path)),
            )
            for section, start, end in zip(self.sections, starts, ends, strict=True)
        )

    @property
    def notes(self) -> list[tuple[int, int]]:
        """Bounds of its glossaries, in the document as stored."""
        return [(section.start, section.end) for section in self.outline if section.role == "glossary"]

    @property
    def stored_figures(self) -> tuple[Figure, ...]:
        """The figures with offsets and words of the document as stored."""
        return self.figures if self.clean is None else tuple(self._stored(figure) for figure in self.figures)

    def _stored(self, figure: Figure) -> Figure:
        assert self.clean is not None
        start, end = self.clean.stored(figure.start, figure.end)
        return replace(figure, start=start, end=end, text=self.document.text[start:end])


def analyse(
    document: Document, task: Task | str | None = None, *, decided: Sequence[Section] | None = None
) -> Analysis:
    """Read a document as the run does.

    Args:
        document: a document; a file is read with `llmx.read`.
        task: what is to be extracted, as `llmx.extract` takes it.
        decided: the outline of an earlier analysis, as stored, which is taken as it is.

    Raises:
        UsageError: the text is in traditional characters and OpenCC is not installed.
        TaskError: there is no such task.
    """
    task = open_task(task)
    clean = cleaned(document)
    reading = clean.document if clean else document
    tables = tuple(task.tables(reading))
    found, facts = task.outline(_blanked(reading, tables), task.facts(reading))
    sections = _copied(decided, clean, reading.text) if decided else found
    figures = _figures(reading.text, tables)
    facts = _restored(facts, document, clean)
    return Analysis(task, document, reading, clean, facts, tuple(sections), figures, tables)


def _blanked(document: Document, tables: Sequence[Tabled]) -> Document:
    """A document whose tables are blank: a row that names others is no heading of what follows."""
    pieces, at = list[str](), 0
    for table in tables:
        rows = document.text[table.start : table.end].split("\n")
        pieces += [document.text[at : table.start], "\n".join(" " * len(row) for row in rows)]
        at = table.end
    return replace(document, text="".join([*pieces, document.text[at:]])) if tables else document


def _figures(text: str, tables: Sequence[Tabled]) -> tuple[Figure, ...]:
    """The figures of a text; those that a table gives a unit are as it gives them."""
    found = find_figures(text)
    if not tables:
        return tuple(found)
    known = [figure for table in tables for figure in table.figures]
    taken = {at for figure in known for at in range(figure.start, figure.end)}
    others = [figure for figure in found if taken.isdisjoint(range(figure.start, figure.end))]
    return tuple(sorted([*others, *known], key=lambda figure: figure.start))


def _without(chunk: Chunk, tables: Sequence[Tabled]) -> Iterator[Chunk]:
    """What is left of a chunk without the tables in it."""
    at = chunk.start
    for table in tables:
        if chunk.start < table.end and table.start < chunk.end:
            if at < table.start:
                yield part_of(chunk, at, table.start)
            at = max(at, table.end)
    if at == chunk.start:
        yield chunk
    elif at < chunk.end:
        yield part_of(chunk, at, chunk.end)


def _copied(sections: Sequence[Section], clean: Clean | None, text: str) -> list[Section]:
    """An outline of the stored text, as one of the copy."""
    if clean is None:
        return list(sections)
    starts = [0] + [clean.copied(section.start, section.end)[0] for section in sections[1:]]
    bounds = zip(sections, starts, [*starts[1:], len(text)], strict=True)
    return [replace(section, start=start, end=end) for section, start, end in bounds]


def _restored(facts: Facts, document: Document, clean: Clean | None) -> Facts:
    """The facts with offsets and words of the document as stored."""
    if clean is None:
        return facts
    evidence = {}
    for name, one in facts.evidence.items():
        start, end = clean.stored(one.start, one.end)
        evidence[name] = Evidence(quote=document.text[start:end], start=start, end=end)
    words = {name: clean.words(value) for name, value in facts.told.items() if isinstance(value, str)}
    return facts.model_copy(update={"evidence": evidence, **words})
