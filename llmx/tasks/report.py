"""The task of government reports: a reading becomes targets, achievements, projects and problems.

The model said which figures count and what they measure; here code adds what it can prove: place, value, unit,
comparator, measure, year and section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, TypeVar

from llmx.documents import Document
from llmx.facts import Level
from llmx.figures import Figure, Script, base_quantity, script_of
from llmx.grounding import Around, Clauses, Span, find_quote, quote_figure
from llmx.reading import FigureClaim, ProblemClaim, ProjectClaim, Reading, RecognitionClaim
from llmx.records import Project, Record, RecordType, proved
from llmx.sections import Chunk, Section, sections_of
from llmx.tasks.scope import scope_of

# A year that the figure's own sentence names (到2027年). After 比, 较, 自, 从 and in 是2018年的|1.4倍 it is what the figure is
# compared with.
_YEAR = re.compile(r"(?<![比较自从由于是为\d])((?:19|20)\d\d) ?年")
_YEAR_REACH = 40
"""How far before a figure its year is looked for, in characters; farther back it governs other figures."""

Quoted = TypeVar("Quoted", RecognitionClaim, ProjectClaim, ProblemClaim)


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A figure that no record holds."""

    figure: Figure
    """The figure, with offsets into the document's text."""

    @property
    def reason(self) -> str | None:
        """Why it measures nothing; None where it looks like a measure and nobody claimed it."""
        return self.figure.reason


def ground(
    reading: Reading,
    chunk: Chunk,
    document: Document,
    sections: Sequence[Section],
    model: str,
    level: Level | None = None,
) -> list[Record]:
    """Turn the claims of one chunk into records.

    Args:
        reading: what the model claims of the chunk.
        chunk: the chunk that was read.
        document: the document it is part of.
        sections: the document's sections, in text order.
        model: the name that records carry as what produced them.
        level: the reporting government's level, which tells a larger area's figures from its own.

    Returns:
        One record a claim, in text order. A quote that is not in the chunk is kept with grounding `missing` and
        without a place; a figure's number that the chunk does not have yields nothing.
    """
    grounder = _Grounder(chunk, document, sections_of(sections, chunk), model, level)
    records = [*grounder.figures(reading.figures), *grounder.problems(reading.problems)]
    records += grounder.recognitions(reading.recognitions)
    records += grounder.projects(reading.projects)
    return sorted(records, key=_place)


@dataclass(slots=True)
class _Grounder:
    """One chunk's surroundings, shared by the claims made of it."""

    chunk: Chunk
    document: Document
    sections: Sequence[Section]
    model: str
    level: Level | None
    clauses: Clauses = field(init=False)
    starts: list[int] = field(init=False)
    """Where the sections begin."""

    def __post_init__(self) -> None:
        self.clauses = Clauses(self.document.text, self.chunk.start, self.chunk.end)
        self.starts = [section.start for section in self.sections]

    def figures(self, claims: Iterable[FigureClaim]) -> Iterator[Record]:
        for claim in claims:
            if claim.figure > len(self.chunk.figures):
                continue
            figure = self.chunk.figures[claim.figure - 1]
            around = self.clauses.around(figure.start, figure.end)
            scope = claim.scope or self._scope(figure, around)
            span = self._quote(figure, claim.indicator, scope, around)
            fields = _measured(figure, script_of(self.document.text)) | {"indicator": claim.indicator, "scope": scope}
            if claim.type == "problem":
                fields |= {"domain": claim.domain or "economy"}
            else:
                fields |= {"kind": "quantified", "year": claim.year or self._year(figure, around)}
            held = None if claim.doubted else span
            words = self.document.text[span.start : span.end]
            yield self._record(claim.type, held, self._section_at(span.start), fields, words)

    def recognitions(self, claims: Iterable[RecognitionClaim]) -> Iterator[Record]:
        for claim, span in self._found(claims):
            section = self._section(span)
            fields = {"kind": "recognition", "indicator": claim.indicator, "year": claim.year or section.year}
            yield self._record(claim.type, None if claim.doubted else span, section, fields, claim.quote)

    def projects(self, claims: Iterable[ProjectClaim]) -> Iterator[Record]:
        for claim, span in self._found(claims):
            amount = self.chunk.figures[claim.amount - 1] if claim.amount else None
            section = self._section(span)
            fields = {
                "name": claim.name,
                "stage": claim.stage,
                "status": claim.status,
                "year": claim.year or section.year,
                "amount": amount and amount.value,
                "amount_unit": amount and amount.unit,
            }
            yield self._record("project", None if claim.doubted else span, section, fields, claim.quote)

    def problems(self, claims: Iterable[ProblemClaim]) -> Iterator[Record]:
        for claim, span in self._found(claims):
            yield self._record("problem", span, self._section(span), {"domain": claim.domain}, claim.quote)

    def _found(self, claims: Iterable[Quoted]) -> Iterator[tuple[Quoted, Span | None]]:
        """Claims with the places of their quotes; they come in text order, so a repeated phrase is found in turn."""
        after = self.chunk.start
        for claim in claims:
            span = find_quote(self.document.text, claim.quote, self.chunk.start, self.chunk.end, after)
            after = span.start if span else after
            yield claim, span

    def _section(self, span: Span | None) -> Section:
        return self._section_at(span.start) if span else self.chunk.section

    def _section_at(self, offset: int) -> Section:
        return self.sections[max(0, bisect_right(self.starts, offset) - 1)]

    def _quote(self, figure: Figure, indicator: str, scope: str | None, around: Around) -> Span:
        """The quote of a figure, from its scope on where the clause names one."""
        span = quote_figure(self.document.text, figure, indicator, around)
        at = self.document.text.find(scope, around.clause, span.start) if scope else -1
        return Span(at, span.end) if at >= 0 else span

    def _scope(self, figure: Figure, around: Around) -> str | None:
        """The larger area that the figure's clause opens with."""
        return scope_of(self.document.text[around.clause : figure.start], self.level)

    def _year(self, figure: Figure, around: Around) -> int | None:
        """The year that stands before the figure in its sentence, else the section's."""
        text, first = self.document.text, max(around.sentence, figure.start - _YEAR_REACH)
        years = _YEAR.findall(text, first, figure.start) if text.find("年", first, figure.start) >= 0 else ()
        return int(years[-1]) if years else self._section_at(figure.start).year

    def _record(
        self, type: RecordType, span: Span | None, section: Section, fields: dict[str, Any], quote: str = ""
    ) -> Record:
        """A record of the type, with its place and id; the quote is the text's own where it was found."""
        start, end = (span.start, span.end) if span else (None, None)
        quote = self.document.text[start:end] if span else quote
        fields |= {
            "id": _identity(self.document.id, type, quote, start, fields),
            "report": self.document.id,
            "quote": quote,
            "start": start,
            "end": end,
            "section": section.path,
            "margin": section.margin,
            "grounding": span.grounding if span else "missing",
            "model": self.model,
            "place": self.document.place(start) if start is not None and self.document.places else None,
        }
        return proved(type, fields)


def _measured(figure: Figure, script: Script) -> dict[str, Any]:
    """The fields of a record that its figure decides, in a text of the script."""
    base_value, base_unit = base_quantity(figure.value, figure.unit, script)
    return {
        "figure": figure.text,
        "figure_start": figure.start,
        "figure_end": figure.end,
        "value": figure.value,
        "value_max": figure.value_max,
        "unit": figure.unit,
        "measure": figure.measure,
        "comparator": figure.comparator,
        "modifier": figure.modifier,
        "base_value": base_value,
        "base_unit": base_unit,
    }


def _identity(report: str, type: str, quote: str, start: int | None, fields: dict[str, Any]) -> str:
    """The same claim of the same text has the same id, whichever model made it."""
    what = fields.get("figure_start") or fields.get("name") or fields.get("indicator")
    return blake2b(f"{report}\0{type}\0{start}\0{quote}\0{what}".encode(), digest_size=8).hexdigest()


def _place(record: Record) -> tuple[int, int]:
    """Text order: by quote, then by figure; what has no place comes last."""
    start = record.start if record.start is not None else 1 << 62
    return start, -1 if isinstance(record, Project) else record.figure_start or -1


def merge(records: Iterable[Record]) -> list[Record]:
    """Merge what chunks and passes claimed twice.

    A figure belongs to one record, and equal ids are one record; the first claim stands.

    Returns:
        Records in text order.
    """
    kept: dict[object, Record] = {}
    for record in records:
        figure = None if isinstance(record, Project) else record.figure_start
        kept.setdefault(record.id if figure is None else figure, record)
    return sorted(kept.values(), key=_place)


def audit(
    figures: Iterable[Figure], records: Iterable[Record], glossary: Sequence[tuple[int, int]] = ()
) -> list[Unclaimed]:
    """The figures that no record holds.

    Args:
        figures: all figures of a document, in text order.
        records: its records.
        glossary: bounds of the stretches that explain terms, in text order: what measures there is no result of the
            report, and has that as its reason.

    Returns:
        One a figure, in text order.
    """
    held = {record.figure_start for record in records if not isinstance(record, Project)}
    starts = [start for start, _ in glossary]
    found: list[Unclaimed] = []
    for figure in figures:
        if figure.start in held:
            continue
        at = bisect_right(starts, figure.start) - 1
        explains = figure.reason is None and at >= 0 and figure.start < glossary[at][1]
        found.append(Unclaimed(replace(figure, reason="glossary") if explains else figure))
    return found
