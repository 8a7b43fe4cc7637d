"""What is exported: a report without labels, the records of a run, or label files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from llmx.documents import Document, Paths, read, read_reports
from llmx.documents.inputs import path_of
from llmx.errors import InputError, UsageError
from llmx.labels.label import Claim, Finding, Label, Read
from llmx.labels.lines import read_lines
from llmx.labels.passages import Labelled
from llmx.labels.placing import place
from llmx.labels.reports import report_of
from llmx.labels.stretches import Bounds, joined, moved
from llmx.outputs import read_records
from llmx.outputs.earlier import RECORDS
from llmx.outputs.manifest import MANIFEST, manifest_at
from llmx.outputs.marker import files_of, summaries_of
from llmx.outputs.store import Store
from llmx.records import Record
from llmx.task import Task, open_task


def gather(
    source: str | PathLike[str], report: Paths | None, task: Task | str | PathLike[str] | None = None
) -> tuple[list[Labelled], list[Finding], Task]:
    """The reports that a source names, with the labels there are, what was wrong with them, and what they are of.

    Args:
        source: a run's folder, a label file or a folder of them, or a report or a folder of them.
        report: the texts of the reports; needed for label files, and for a run whose reports have moved.
        task: what the labels are of; a run's manifest names its own.

    Raises:
        InputError: something cannot be read.
        UsageError: the texts are not known.
        TaskError: there is no such task.
    """
    path = Path(source)
    if (run := Store(source)).read([MANIFEST]) or (path / RECORDS).is_file():
        return _of_run(run, report, task)
    opened = open_task(task)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path] if path.suffix == ".jsonl" else []
    if not files:
        return [Labelled(document, (), task=opened) for document in read_reports(source).values()], [], opened
    if report is None:
        raise UsageError(f"{path}: labels without their report; give it with --report")
    reports = read_reports(report)
    contents = [read_lines(file) for file in files]
    placed = place_all([claim for one in contents for claim in one.claims], reports, opened)
    findings = [finding for one in contents for finding in one.findings] + placed.findings
    for one, file in zip(contents, files, strict=True):
        findings += move_stretches(one, placed.moves, reports, str(file))
    named = {label.report for label in placed.labels} | {file.stem for file in files}
    given = _labelled(placed.labels, {id: reports[id] for id in reports if id in named}, None, opened)
    return [_completed(one, contents) for one in given], findings, opened


def move_stretches(
    read: Read, moves: Mapping[str, Sequence[Bounds]], reports: Mapping[str, Document], place: str
) -> list[Finding]:
    """Move what a label file says was labelled to where its labels stand now; returns what is to be said of it.

    Args:
        read: the file; its stretches are set right.
        moves: where labels began and begin, by report.
        reports: the texts, by id.
        place: the file, as messages name it.
    """
    findings = []
    for id in read.stretches.keys() & moves.keys():
        old = read.stretches[id]
        new = moved(old, moves[id], len(reports[id].text))
        if new != old:
            note = f"labelled {_ranges(old)} of {id!r}: the text has changed, now {_ranges(new)}; moved"
            findings.append(Finding(place, note, "warning"))
            read.stretches[id] = new
    return findings


def _ranges(stretches: Iterable[Bounds]) -> str:
    return ", ".join(f"{start}–{end}" for start, end in stretches)


def _completed(labelled: Labelled, contents: Iterable[Read]) -> Labelled:
    """A labelled report with what else its label files say: which part was labelled, which figures were left out."""
    document = labelled.document
    parts = [one.stretches[document.id] for one in contents if document.id in one.stretches]
    stretches = joined((part for found in parts for part in found), document.text) if parts else None
    left_out = (figure for one in contents for figure in one.left_out or () if figure.report == document.id)
    return replace(labelled, stretches=stretches, left_out=tuple(left_out))


def _of_run(
    run: Store, report: Paths | None, task: Task | str | PathLike[str] | None
) -> tuple[list[Labelled], list[Finding], Task]:
    """A run's records as labels; those whose quote was not found in the text have no place to be shown at."""
    manifest = manifest_at(run) if run.read([MANIFEST]) else None
    opened = open_task(task if task is not None or not manifest else manifest.task)
    reports = _sources(run) if report is None else read_reports(report)
    labels, findings = [], []
    for path, number, record in _records(run, opened):
        document = report_of(record.report, reports)
        if record.start is None or isinstance(document, str):
            why = document if isinstance(document, str) else f"quote {record.quote!r} was not found in the text"
            findings.append(Finding(f"{path}, line {number}", f"refused: {why}"))
        else:
            labels.append(Label.of(record, opened.labelling))
    return _labelled(labels, reports, manifest.model if manifest else "llmx", opened), findings, opened


def _records(run: Store, task: Task) -> Iterator[tuple[Path, int, Record]]:
    """A run's records with the file and line of each."""
    for path in files_of(run, RECORDS):
        for number, record in enumerate(read_records(path, task), 1):
            yield path, number, record


def _sources(run: Store) -> dict[str, Document]:
    """The reports of a run where it read them, unchanged since."""
    reports = {}
    for one in summaries_of(run) if run.read([MANIFEST]) else ():
        if not one.source or not path_of(one.source).is_file():
            raise UsageError(f"{run.root}: its report {one.report!r} is not at {one.source!r}; give it with --report")
        document = read(path_of(one.source), id=one.report)
        if document.sha256 != one.sha256:
            raise InputError(f"{one.source}: not the text that {run.root} was made from; run the extraction again")
        reports[one.report] = document
    if not reports:
        raise UsageError(f"{run.root}: its {MANIFEST} names no report; give it with --report")
    return reports


def _labelled(
    labels: Iterable[Label], reports: Mapping[str, Document], model: str | None, task: Task
) -> list[Labelled]:
    by_report: dict[str, list[Label]] = {id: [] for id in reports}
    for label in labels:
        by_report[label.report].append(label)
    return [Labelled(reports[id], tuple(found), model, task=task) for id, found in by_report.items()]


class AllPlaced(NamedTuple):
    """What became of claims about several reports."""

    labels: list[Label]
    """Report by report in text order."""
    findings: list[Finding]
    moves: dict[str, list[Bounds]]
    """Where labels were said to begin, and where they do, by report."""


def place_all(claims: Sequence[Claim], reports: Mapping[str, Document], task: Task) -> AllPlaced:
    """The labels that claims about several reports make."""
    by_report: dict[str, list[Claim]] = {id: [] for id in reports}
    findings: list[Finding] = []
    for claim in claims:
        document = report_of(claim.fields.get("report"), reports)
        if isinstance(document, str):
            findings.append(Finding(claim.place, f"refused: {document}"))
        else:
            claim.fields["report"] = document.id
            by_report[document.id].append(claim)
    placed = AllPlaced([], findings, {})
    for id, of_report in by_report.items():
        labels, found, placed.moves[id] = place(reports[id], of_report, task)
        placed.labels.extend(labels)
        findings += found
    return placed
