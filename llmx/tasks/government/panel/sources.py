"""The reports that a panel is made of: of saved runs, read one at a time, and of results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from os import PathLike
from typing import TypeAlias

from llmx.analysis import analyse
from llmx.documents import Document
from llmx.errors import InputError, UsageError
from llmx.facts import Facts
from llmx.outputs import InputSummary
from llmx.records import Record
from llmx.results import Result
from llmx.saved import SavedRun, Texts, open_run
from llmx.sections import Section, unpacked
from llmx.tasks.government.facts import ReportFacts

Source: TypeAlias = "str | PathLike[str] | SavedRun | Result"


@dataclass(slots=True)
class Report:
    """One report of a run, or a result."""

    id: str
    facts: ReportFacts
    records: Sequence[Record]
    """In text order."""
    model: str | None
    """What read it; None where nothing tells."""
    document: Document | None
    """Its text; None where it is not at hand."""
    sections: Sequence[Section] = ()
    """Its outline, as stored; empty without a text."""
    row: Mapping[str, str] = field(default_factory=dict)
    """What the input table says of it, by heading."""


@dataclass(slots=True)
class Reports:
    """The reports of runs and results, one after the other; those read twice count once.

    Args:
        sources: folders of runs, opened runs, or results.
        folder: where the texts are, if not any more where a run read them.

    Raises:
        UsageError: nothing is given, or what is given is no run of government reports.
        InputError: a run cannot be read.
    """

    sources: Sequence[Source]
    folder: str | PathLike[str] | None = None
    faults: list[InputError] = field(default_factory=list)
    """Reports whose text is not at hand; filled while they are read."""
    opened: list[SavedRun | Result] = field(init=False)

    def __post_init__(self) -> None:
        if not self.sources:
            raise UsageError("no runs given; give the folder of a run, or results of llmx.extract")
        self.opened = [one if isinstance(one, SavedRun | Result) else open_run(one) for one in self.sources]
        for one, given in zip(self.opened, self.sources, strict=True):
            if one.task and not issubclass(one.task.facts_type, ReportFacts):
                name = one.task.name
                raise UsageError(f"{given!r} is of the task {name!r}; a panel is made of government reports")

    def __iter__(self) -> Iterator[Report]:
        seen = set[tuple[str, str | None]]()
        for one in self.opened:
            reports = self._of_run(one, seen) if isinstance(one, SavedRun) else _of_result(one, seen)
            yield from reports

    def _of_run(self, run: SavedRun, seen: set[tuple[str, str | None]]) -> Iterator[Report]:
        texts = Texts(run.folder, self.folder, run.manifest.settings.get("column"))
        groups = _grouped(run.records(), (summary.report for summary in run.reports))
        for summary, records in zip(run.reports, groups, strict=True):
            if not _again(summary.report, summary.sha256, seen):
                document = self._text(texts, summary)
                sections = outline_of(summary, document)
                facts, model = _facts(run.facts(summary)), run.manifest.model
                yield Report(summary.report, facts, records, model, document, sections, summary.row)

    def _text(self, texts: Texts, summary: InputSummary) -> Document | None:
        try:
            return texts.find(summary)
        except InputError as error:
            self.faults.append(error)
            return None


def _of_result(result: Result, seen: set[tuple[str, str | None]]) -> Iterator[Report]:
    document = result.document
    if document and not _again(document.id, document.sha256, seen):
        model = " + ".join(dict.fromkeys(record.model for record in result.records)) or None
        facts, row = _facts(result.facts), dict(document.row)
        yield Report(document.id, facts, result.records, model, document, result.sections, row)


def _again(report: str, sha256: str | None, seen: set[tuple[str, str | None]]) -> bool:
    """Whether a report of this name and text was there before; notes it."""
    known = (report, sha256) in seen and sha256 is not None
    seen.add((report, sha256))
    return known


def _facts(facts: Facts | None) -> ReportFacts:
    return facts if isinstance(facts, ReportFacts) else ReportFacts()


def _grouped(records: Iterable[Record], reports: Iterable[str]) -> Iterator[list[Record]]:
    """The records of each report, none where it has none; both are in the order of the run."""
    groups = groupby(records, key=lambda record: record.report)
    name, group = next(groups, (None, iter(())))
    for report in reports:
        if report != name:
            yield []
            continue
        yield list(group)
        name, group = next(groups, (None, iter(())))


def outline_of(summary: InputSummary, document: Document | None) -> Sequence[Section]:
    """The outline of a report as its run kept it; empty without a text."""
    if document is None:
        return ()
    if summary.outline:
        return unpacked(summary.outline, len(document.text))
    return analyse(document).outline
