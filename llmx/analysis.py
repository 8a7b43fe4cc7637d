"""What code knows of a document before any model is asked: the one way there, for the run, the page, labels and scores.

document → a copy that reads well → facts → outline → figures → chunks
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from llmx.documents import Clean, Document, cleaned
from llmx.facts import Evidence, ReportFacts, report_facts
from llmx.figures import Figure, find_figures
from llmx.sections import BUDGET, Chunk, Outline, Section, outline, split_chunks

NARROW = 3.0
"""A section whose tense was decided by less than this is named: an upper heading that says what it is weighs 4."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A document with all that code knows of it. Offsets of `sections` and `figures` count in `reading`."""

    document: Document
    """The document, as stored."""
    reading: Document
    """The copy that is read: the document itself where it reads well as it is."""
    clean: Clean | None
    """The way from the copy back; None where they are the same."""
    facts: ReportFacts
    """Whose report it is, of which kind and year; offsets count in the document as stored."""
    sections: tuple[Section, ...]
    """Its outline, tiling `reading.text`."""
    figures: tuple[Figure, ...]
    """Its figures, in text order."""

    def chunks(self, budget: int = BUDGET, across: bool = False) -> list[Chunk]:
        """Its text cut for a model, `budget` characters each at most; see `llmx.sections.split_chunks`."""
        return split_chunks(self.reading.text, self.sections, self.figures, budget, across)

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


def analyse(document: Document, decided: Sequence[Section] | None = None) -> Analysis:
    """Read a document as the run does.

    Args:
        document: a document; a file is read with `llmx.read`.
        decided: the outline of an earlier analysis, as stored, which is taken as it is.

    Raises:
        UsageError: the text is in traditional characters and OpenCC is not installed.
    """
    clean = cleaned(document)
    reading = clean.document if clean else document
    facts = report_facts(reading)
    found = outline(reading.text, facts.year, document.known.year is not None)
    sections = _copied(decided, clean, reading.text) if decided else found.sections
    figures = tuple(find_figures(reading.text))
    return Analysis(
        document, reading, clean, _restored(_dated(facts, found), document, clean), tuple(sections), figures
    )


def narrow(sections: Iterable[Section]) -> list[Section]:
    """The sections whose tense was decided by little."""
    return [section for section in sections if section.margin is not None and section.margin < NARROW]


def _copied(sections: Sequence[Section], clean: Clean | None, text: str) -> list[Section]:
    """An outline of the stored text, as one of the copy."""
    if clean is None:
        return list(sections)
    starts = [0] + [clean.copied(section.start, section.end)[0] for section in sections[1:]]
    bounds = zip(sections, starts, [*starts[1:], len(text)], strict=True)
    return [replace(section, start=start, end=end) for section, start, end in bounds]


def _dated(facts: ReportFacts, found: Outline) -> ReportFacts:
    """The facts with the year that the text as a whole tells."""
    year = found.years.planned
    if year == facts.year:
        return facts
    evidence = {name: one for name, one in facts.evidence.items() if name != "year"}
    if found.told:
        evidence["year"] = Evidence(quote=found.told.words, start=found.told.start, end=found.told.end)
    return facts.model_copy(update={"year": year, "evidence": evidence})


def _restored(facts: ReportFacts, document: Document, clean: Clean | None) -> ReportFacts:
    """The facts with offsets and words of the document as stored."""
    if clean is None:
        return facts
    evidence = {}
    for name, one in facts.evidence.items():
        start, end = clean.stored(one.start, one.end)
        evidence[name] = Evidence(quote=document.text[start:end], start=start, end=end)
    words = {
        name: value and clean.words(value)
        for name in ("place", "meeting", "speaker")
        if (value := getattr(facts, name))
    }
    return facts.model_copy(update={"evidence": evidence, **words})
