"""The task of government reports, written with what any task has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from os import PathLike
from types import MappingProxyType
from typing import Any, cast

from llmx.analysis import Analysis
from llmx.claims import Reading, Rejected
from llmx.documents import Document, Known
from llmx.facts import Evidence, Facts
from llmx.records import Record
from llmx.sections import Chunk, Section
from llmx.task import Pick, RecordReading, Scoring, Tabled, Task
from llmx.tasks.government.asking import ReportAsking
from llmx.tasks.government.claims import ReportReading
from llmx.tasks.government.commitment_sheets import COMMITMENTS
from llmx.tasks.government.facts import ReportFacts, report_facts
from llmx.tasks.government.facts.divisions import division_of
from llmx.tasks.government.facts.elsewhere import wrong_document
from llmx.tasks.government.finishing import finish, restored
from llmx.tasks.government.indicators import Vocabulary, built_in, using
from llmx.tasks.government.labelling import ReportLabelling
from llmx.tasks.government.page import COMPARED, FACETS, SHOWN, page_data
from llmx.tasks.government.picking import report_picks
from llmx.tasks.government.records import TYPES, Project
from llmx.tasks.government.rules import Rules
from llmx.tasks.government.scoring import SCORING
from llmx.tasks.government.structure import Outline, outline
from llmx.tasks.government.tables import read_tables, table_records
from llmx.tasks.government.titles import report_title
from llmx.tasks.government.words import WORDS


class ReportTask(Task):
    """Targets, achievements, projects and problems of government reports, and what further record types are given: these
    are asked for, grounded and shown by the kinds of their fields, as any task's are."""

    facts_type = ReportFacts
    takes = ("indicators",)
    _vocabulary: Vocabulary | None = None
    layouts = MappingProxyType({"tasks": COMMITMENTS})
    shown, facets = MappingProxyType(SHOWN), MappingProxyType(FACETS)
    heads = MappingProxyType({"name": "indicator", "value": "value", "aside": "measure"})
    charts = ("headlines", "role", "section", "facets")
    listed = ("place", "level", "year", "kind")
    compared = COMPARED

    @property
    def vocabulary(self) -> Vocabulary:
        """The indicators that figures are known by."""
        return self._vocabulary or built_in()

    @property
    def settings(self) -> Mapping[str, Any]:
        """What it was given; llmx's version says all else."""
        return self._given_settings()

    def with_(self, **given: Any) -> ReportTask:
        """With indicators of the user's own: `indicators`, a file, several, or rows of one.

        Raises:
            TaskError: it takes none of another name.
            UsageError: a file cannot be read, or a row is wrong; the message names file, row and field.
        """
        super().with_(**given)
        named = given.get("indicators") or ()
        files = [named] if isinstance(named, str | PathLike) else list(named)
        sources = [[one] if isinstance(one, Mapping) else one for one in files]
        further = {name: getattr(self, name) for name in ("readers", "checker", "words", "colours", "source")}
        made = type(self)(self.name, tuple(self.types.values()), self.instructions, self.examples, **further)
        made._vocabulary = Vocabulary.of(*sources)
        made.given = {"indicators": list(made._vocabulary.own)} if made._vocabulary.own else {}
        return made

    @cached_property
    def asking(self) -> ReportAsking:
        """The words of prompts/."""
        return ReportAsking({name: kind for name, kind in self.types.items() if kind not in TYPES})

    @cached_property
    def scoring(self) -> Scoring:
        """Five measures; figures, recognitions, projects and problems apart."""
        return SCORING

    @cached_property
    def labelling(self) -> ReportLabelling:
        """As the label guide says."""
        return ReportLabelling(self)

    @cached_property
    def picks(self) -> Mapping[str, Pick]:
        """Also a place by part of its path, a code by its beginning, an indicator by its id or name."""
        return report_picks(super().picks, self.vocabulary)

    def facts(self, document: Document) -> ReportFacts:
        """Whose report it is, of which kind and year."""
        return report_facts(document)

    def outline(self, document: Document, facts: Facts) -> tuple[Sequence[Section], Facts]:
        """What each part is for, decided over the whole text."""
        report = cast(ReportFacts, facts)
        found = outline(document.text, report.year, document.known.year is not None)
        return found.sections, _dated(report, found)

    def tables(self, document: Document) -> Sequence[Tabled]:
        """Those of targets, results and projects."""
        return read_tables(document)

    def tabled(self, table: Tabled, analysis: Analysis) -> list[Record]:
        """One record a figure or project."""
        return table_records(table, analysis)

    def finish(
        self, reading: Reading, chunk: Chunk, analysis: Analysis, model: str
    ) -> tuple[list[Record], list[Rejected]]:
        """One record a figure, recognition, project or problem."""
        if not isinstance(reading, ReportReading):  # a reader that claims nothing says so with an empty Reading
            return [], []
        with using(self.vocabulary):
            records, rejected = finish(reading, chunk, analysis, model)
        more, others = super().finish(RecordReading(records=reading.records), chunk, analysis, model)
        return sorted([*records, *more], key=self.order), [*rejected, *others]

    def restored(self, record: Record, analysis: Analysis) -> Record:
        """With the words of the text as stored."""
        return restored(record, analysis) if isinstance(record, TYPES) else super().restored(record, analysis)

    def held(self, record: Any) -> Sequence[int]:
        """Its figure; a project's investment is none of its own."""
        if not isinstance(record, TYPES):
            return super().held(record)
        start = _figure_start(record)
        return () if start is None else (start,)

    def order(self, record: Any) -> tuple[int, int]:
        """Text order: by quote, then by figure."""
        if not isinstance(record, TYPES):
            return super().order(record)
        start = _figure_start(record)
        return record.start if record.start is not None else 1 << 62, -1 if start is None else start

    def merged(self, records: Iterable[Record]) -> list[Record]:
        """A figure belongs to one record of the four types, and equal ids are one record; the first claim stands."""
        kept: dict[object, Record] = {}
        for record in records:
            start = _figure_start(record) if isinstance(record, TYPES) else None
            kept.setdefault(record.id if start is None else start, record)
        return sorted(kept.values(), key=self.order)

    def page(self, records: Sequence[Record], analysis: Analysis | None) -> dict[str, Any]:
        """Fields of policy and headline indicators."""
        return page_data(records, analysis)

    def title(self, facts: Facts, report: str) -> str:
        """《重庆市黔江区2025年政府工作报告》."""
        return report_title(cast(ReportFacts, facts), report)

    def thing_called(self, thing: str) -> Mapping[str, str]:
        """The official name of an indicator, and what it is in English."""
        known = built_in()
        return {"zh": known[thing].name, "en": known[thing].english} if thing in known else {}

    def front(self, facts: Facts) -> list[str]:
        """To whom it was given, when, and by whom."""
        report = cast(ReportFacts, facts)
        return [str(fact) for fact in (report.meeting, report.date, report.speaker) if fact]

    def doubts(self, facts: Facts, empty: bool) -> str:
        """Whether it is a report at all, and of a known kind."""
        if empty:
            return "is it a government report?"
        strange = cast(ReportFacts, facts).kind == "other"
        return "does not look like a work report or plan report; records may be few or wrong" if strange else ""

    def misplaced(self, document: Document, facts: Facts, names: Mapping[str, str]) -> str:
        """Whether the place that the text itself names is another than its name, folder or column says."""
        known = document.known
        own = report_facts(replace(document, known=Known())) if known.place or known.code else cast(ReportFacts, facts)
        if own.place_from:
            return ""
        coded = division_of(known.code) if known.code else None
        return wrong_document(own.place, {**names, "code column": coded[0]} if coded else names) or ""

    def short(self, facts: Facts, report: str) -> str:
        """Whose report it is."""
        return cast(ReportFacts, facts).place or report


def _figure_start(record: Any) -> int | None:
    """Where the figure begins that a record is made of."""
    return None if type(record) is Project else record.figure_start  # asked of each record four times: no getattr


def _dated(facts: ReportFacts, found: Outline) -> ReportFacts:
    """The facts with the year that the text as a whole tells."""
    year = found.years.planned
    if year == facts.year:
        return facts
    evidence = {name: one for name, one in facts.evidence.items() if name != "year"}
    if found.told:
        evidence["year"] = Evidence(quote=found.told.words, start=found.told.start, end=found.told.end)
    return facts.model_copy(update={"year": year, "evidence": evidence})


GOVERNMENT = ReportTask(
    "government", TYPES, source="government", readers={"rules": Rules}, checker="rules", words=WORDS
)
