"""The task of government reports, written with what any task has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, cast

from llmx.analysis import Analysis
from llmx.claims import Reading, Rejected
from llmx.documents import Document
from llmx.facts import Evidence, Facts
from llmx.records import Record
from llmx.sections import Chunk, Section
from llmx.task import Task
from llmx.tasks.government.asking import ReportAsking
from llmx.tasks.government.claims import ReportReading
from llmx.tasks.government.commitment_sheets import COMMITMENTS
from llmx.tasks.government.facts import ReportFacts, report_facts
from llmx.tasks.government.finishing import finish, restored
from llmx.tasks.government.labelling import ReportLabelling
from llmx.tasks.government.page import page_data
from llmx.tasks.government.records import TYPES
from llmx.tasks.government.rules import Rules
from llmx.tasks.government.structure import Outline, outline
from llmx.tasks.government.titles import report_title


class ReportTask(Task):
    """Targets, achievements, projects and problems of government reports."""

    facts_type = ReportFacts
    settings: dict[str, Any] = {}  # llmx's version says all
    layouts = {"tasks": COMMITMENTS}

    @cached_property
    def asking(self) -> ReportAsking:
        """The words of prompts/."""
        return ReportAsking()

    @cached_property
    def labelling(self) -> ReportLabelling:
        """As the label guide says."""
        return ReportLabelling(self)

    def facts(self, document: Document) -> ReportFacts:
        """Whose report it is, of which kind and year."""
        return report_facts(document)

    def outline(self, document: Document, facts: Facts) -> tuple[Sequence[Section], Facts]:
        """What each part is for, decided over the whole text."""
        report = cast(ReportFacts, facts)
        found = outline(document.text, report.year, document.known.year is not None)
        return found.sections, _dated(report, found)

    def finish(self, reading: Reading, chunk: Chunk, analysis: Analysis, model: str) -> tuple[list[Record], list[Rejected]]:
        """One record a figure, recognition, project or problem."""
        if not isinstance(reading, ReportReading):  # a reader that claims nothing says so with an empty Reading
            return [], []
        records, rejected = finish(reading, chunk, analysis, model)
        return sorted(records, key=self.order), rejected

    def restored(self, record: Record, analysis: Analysis) -> Record:
        """With the words of the text as stored."""
        return restored(record, analysis)

    def held(self, record: Any) -> Sequence[int]:
        """Its figure; a project's investment is none of its own."""
        start = getattr(record, "figure_start", None)
        return () if start is None else (start,)

    def merged(self, records: Iterable[Record]) -> list[Record]:
        """A figure belongs to one record, and equal ids are one record; the first claim stands."""
        kept: dict[object, Record] = {}
        for record in records:
            kept.setdefault(next(iter(self.held(record)), record.id), record)
        return sorted(kept.values(), key=self.order)

    def page(self, records: Sequence[Record], analysis: Analysis | None) -> dict[str, Any]:
        """Fields of policy and headline indicators."""
        return page_data(records, analysis)

    def title(self, facts: Facts, report: str) -> str:
        """《重庆市黔江区2025年政府工作报告》."""
        return report_title(cast(ReportFacts, facts), report)


def _dated(facts: ReportFacts, found: Outline) -> ReportFacts:
    """The facts with the year that the text as a whole tells."""
    year = found.years.planned
    if year == facts.year:
        return facts
    evidence = {name: one for name, one in facts.evidence.items() if name != "year"}
    if found.told:
        evidence["year"] = Evidence(quote=found.told.words, start=found.told.start, end=found.told.end)
    return facts.model_copy(update={"year": year, "evidence": evidence})


GOVERNMENT = ReportTask("government", TYPES, readers={"rules": Rules}, checker="rules")
