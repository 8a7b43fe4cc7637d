"""A reading of a chunk becomes targets, achievements, projects and problems.

The reader said which figures count and what they measure; here code adds what it can prove: place, value, unit,
comparator, measure, year and section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar, cast

from llmx.analysis import Analysis
from llmx.claims import Rejected
from llmx.documents import Document
from llmx.figures import Figure, Script, base_quantity, script_of
from llmx.grounding import Around, Clauses, Span, find_quote, quote_figure
from llmx.records import Record, proved
from llmx.sections import Chunk, Section, sections_of
from llmx.tasks.government.claims import FigureClaim, ProblemClaim, ProjectClaim, RecognitionClaim, ReportReading
from llmx.tasks.government.facts import Level, ReportFacts
from llmx.tasks.government.indicators import indicator_of
from llmx.tasks.government.periods import period_of
from llmx.tasks.government.records import TYPES, RecordType
from llmx.tasks.government.scope import PARTS, named_in, scope_of
from llmx.tasks.government.unbuilt import unbuilt
from llmx.tasks.government.wording import FIRMNESS, stretch_of, wording_of

_TYPES = {kind.model_fields["type"].default: kind for kind in TYPES}
# A year that the figure's own sentence names (到2027年). After 比, 较, 自, 从 and in 是2018年的|1.4倍 it is what the figure is
# compared with.
_YEAR = re.compile(r"(?<![比较自从由于是为\d])(?<!恢复[到至])((?:19|20)\d\d) ?年")
_LEAD = 12
"""Characters before a figure that may say that it is a difference: 81家、增加|5家."""
_YEAR_REACH = 40
"""How far before a figure its year is looked for, in characters; farther back it governs other figures."""

Quoted = TypeVar("Quoted", RecognitionClaim, ProjectClaim, ProblemClaim)


def finish(reading: ReportReading, chunk: Chunk, analysis: Analysis, model: str) -> tuple[list[Record], list[Rejected]]:
    """Turn the claims of one chunk into records; see `llmx.Task.finish`."""
    grounder = Grounder(chunk, analysis, sections_of(analysis.sections, chunk), model)
    projects, rejected = grounder.projects(reading.projects)
    amounts = {claim.amount for claim in reading.projects if claim.amount} - {
        one.claim.amount for one in rejected if isinstance(one.claim, ProjectClaim)
    }
    records = list(grounder.figures(claim for claim in reading.figures if claim.figure not in amounts))
    records += grounder.problems(reading.problems)
    records += grounder.recognitions(reading.recognitions)
    return _stretched([*records, *projects], chunk, analysis), rejected


def _stretched(records: list[Record], chunk: Chunk, analysis: Analysis) -> list[Record]:
    """Records of which each that goes beyond another's figure names that one: 7%以上，力争达到8%."""
    beyond = stretch_of(analysis.reading.text, chunk.figures)
    if not beyond:
        return records
    bases = {start: record for record in records if (start := getattr(record, "figure_start", None)) is not None}
    return [
        record.model_copy(update=_as_base(record, bases[first]))
        if (first := beyond.get(getattr(record, "figure_start", None) or -1)) in bases
        else record
        for record in records
    ]


_OF_BASE = ("indicator", "indicator_id", "measure", "period", "period_start", "period_end", "scope")


def _as_base(record: Record, base: Record) -> dict[str, Any]:
    """What a figure beyond another has of it, where its own words name nothing: 增长5%，奋斗目标|6%."""
    own = getattr(record, "indicator_id", None) or not getattr(base, "indicator_id", None)
    taken = {} if own else {name: getattr(base, name) for name in _OF_BASE}
    return {"stretch_of": base.id, **taken}


@dataclass(slots=True)
class Grounder:
    """One chunk's surroundings, shared by the claims made of it."""

    chunk: Chunk
    analysis: Analysis
    sections: Sequence[Section]
    model: str
    document: Document = field(init=False)
    level: Level | None = field(init=False)
    whose: dict[str, Any] = field(init=False)
    """What records say of the report."""
    clauses: Clauses = field(init=False)
    starts: list[int] = field(init=False)
    """Where the sections begin."""

    def __post_init__(self) -> None:
        self.document = self.analysis.reading
        facts = cast(ReportFacts, self.analysis.facts)
        self.level = facts.level
        self.whose = {
            "region": facts.place,
            "code": facts.code,
            "level": facts.level,
            "report_year": facts.year,
            "report_kind": facts.kind,
        }
        self.clauses = Clauses(self.document.text, self.chunk.start, self.chunk.end)
        self.starts = [section.start for section in self.sections]

    def figures(self, claims: Iterable[FigureClaim]) -> Iterator[Record]:
        for claim in claims:
            if claim.figure > len(self.chunk.figures):
                continue
            figure = self.chunk.figures[claim.figure - 1]
            around = self.clauses.around(figure.start, figure.end)
            larger = claim.scope or self._scope(figure, around)
            scope = larger or named_in(claim.indicator, self.whose["region"])
            span = self._quote(figure, claim.indicator, larger, around)
            year = claim.year or self._year(figure, around)
            fields = measured(figure, script_of(self.document.text)) | {
                "indicator": claim.indicator,
                "scope": scope,
            }
            section = self._section_at(figure.start)
            fields |= self.placed(figure, claim.indicator, scope, year, section.path)
            if not _commits(claim.type, fields["commitment"]):
                fields["commitment"] = None
            if claim.type == "problem":
                fields |= {"domain": claim.domain or "economy"}
            else:
                fields |= {"kind": "quantified", "year": year}
            held = None if claim.doubted else span
            words = self.document.text[span.start : span.end]
            yield self.record(claim.type, held, self._section_at(span.start), fields, words)

    def placed(
        self, figure: Figure, indicator: str, scope: str | None, year: int | None, headings: Sequence[str],
        head: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The span that a figure speaks of, and the vocabulary's id of what it measures.

        Args:
            figure: the figure.
            indicator: what it measures.
            scope: whose it is, where it is not the reporting government's as a whole.
            year: the year that it speaks of.
            headings: the headings over it, outermost first.
            head: the words over its column, in a table; the words before it in the text unless given.
        """
        text, at = (self.document.text, figure.start) if head is None else (head, len(head))
        facts = self.whose
        planned = facts["report_year"]
        period = period_of(text, at, measure=figure.measure, year=year, planned=planned, headings=headings)
        own = ("全国" if self.level == "national" else None) if scope in (None, *PARTS) else scope
        lead = text[max(0, at - _LEAD) : at]
        id = indicator_of(indicator, figure.measure, figure.unit, scope=own, region=facts["region"], lead=lead)
        return {
            "period": period.kind,
            "period_start": period.start,
            "period_end": period.end,
            "indicator_id": id,
        }

    def recognitions(self, claims: Iterable[RecognitionClaim]) -> Iterator[Record]:
        for claim, span in self._found(claims):
            section = self._section(span)
            fields = {"kind": "recognition", "indicator": claim.indicator, "year": claim.year or section.year}
            yield self.record(claim.type, None if claim.doubted else span, section, fields, claim.quote)

    def projects(self, claims: Iterable[ProjectClaim]) -> tuple[list[Record], list[Rejected]]:
        """Projects, and the claims of which nothing is being built."""
        records, rejected = list[Record](), list[Rejected]()
        for claim, span in self._found(claims):
            if span and (reason := unbuilt(self.document.text, span, claim.name, self.chunk.start)):
                rejected.append(Rejected(claim, reason))
            else:
                records.append(self._project(claim, span))
        return records, rejected

    def _project(self, claim: ProjectClaim, span: Span | None) -> Record:
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
        return self.record("project", None if claim.doubted else span, section, fields, claim.quote)

    def problems(self, claims: Iterable[ProblemClaim]) -> Iterator[Record]:
        for claim, span in self._found(claims):
            yield self.record("problem", span, self._section(span), {"domain": claim.domain}, claim.quote)

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

    def record(
        self, type: RecordType, span: Span | None, section: Section, fields: dict[str, Any], quote: str = ""
    ) -> Record:
        """A record of the type, with its place and id; the quote is the text's own where it was found."""
        start, end = (span.start, span.end) if span else (None, None)
        quote = self.document.text[start:end] if span else quote
        fields |= {
            "id": _identity(self.document.id, type, quote, start, fields),
            "report": self.document.id,
            **self.whose,
            "quote": quote,
            "start": start,
            "end": end,
            "section": section.path,
            "margin": section.margin,
            "grounding": span.grounding if span else "missing",
            "model": self.model,
            "location": fields.get("location") or (self.document.place(start) if start is not None else None),
        }
        return proved(_TYPES[type], fields)


def measured(figure: Figure, script: Script) -> dict[str, Any]:
    """The fields of a record that its figure decides, in a text of the script."""
    base_value, base_unit = base_quantity(figure.value, figure.unit, script)
    said = wording_of(figure.modifier)
    return {
        "figure": figure.text,
        "figure_start": figure.start,
        "figure_end": figure.end,
        "value": figure.value,
        "value_max": figure.value_max,
        "unit": figure.unit,
        "measure": figure.measure,
        "comparator": figure.comparator,
        "approximation": said.approximation,
        "commitment": said.commitment,
        "base_value": base_value,
        "base_unit": base_unit,
    }


def _commits(type: RecordType, words: str | None) -> bool:
    """Whether words of a figure promise it: 争取资金|44亿元 that were won and 低于预期目标|2个百分点 do not."""
    striven = FIRMNESS.get((words or "").split("…")[-1]) == "striven"
    return type == "target" or (type == "achievement" and not striven)


def _identity(report: str, type: str, quote: str, start: int | None, fields: dict[str, Any]) -> str:
    """The same claim of the same text has the same id, whichever model made it."""
    what = fields.get("figure_start") or fields.get("name") or fields.get("indicator")
    return blake2b(f"{report}\0{type}\0{start}\0{quote}\0{what}".encode(), digest_size=8).hexdigest()


_WORDS = ("indicator", "name", "unit", "approximation", "commitment", "region", "scope", "amount_unit")


def restored(record: Record, analysis: Analysis) -> Record:
    """A record with the offsets and words of the document as stored."""
    document, clean = analysis.document, analysis.clean
    if clean is None or record.start is None or record.end is None:
        return record
    start, end = clean.stored(record.start, record.end)
    changed: dict[str, object] = {
        "start": start,
        "end": end,
        "quote": document.text[start:end],
        "location": record.location or document.place(start),  # a cell's is known; the copy has no places
        "section": tuple(map(clean.words, record.section)),
    }
    changed |= {name: clean.words(value) for name in _WORDS if isinstance(value := getattr(record, name, None), str)}
    first, last = getattr(record, "figure_start", None), getattr(record, "figure_end", None)
    if first is not None and last is not None:
        start, end = clean.stored(first, last)
        changed |= {"figure_start": start, "figure_end": end, "figure": document.text[start:end]}
    return record.model_copy(update=changed)
