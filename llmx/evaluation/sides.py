"""The two sides of an evaluation, labels and predicted records, from files, folders, runs, results and records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

from llmx.documents import Document
from llmx.documents.inputs import path_of, report_id
from llmx.errors import InputError, UnreadableInput
from llmx.evaluation.labels import Label, Span, Stretches, read_lines
from llmx.outputs import MANIFEST, Failure, InputSummary, read_failures
from llmx.outputs.earlier import FAILURES, RECORDS
from llmx.outputs.lines import fault
from llmx.outputs.manifest import manifest_at
from llmx.outputs.marker import files_of, summaries_of
from llmx.outputs.store import Store, is_url
from llmx.records import Record
from llmx.results import Result
from llmx.sections import packed
from llmx.task import Task, open_task


@runtime_checkable
class Run(Protocol):
    """What `llmx.run` and `llmx.open_run` return."""

    folder: Path
    task: Task

    @property
    def reports(self) -> Iterable[InputSummary]:
        """What was read."""

    def files(self, name: str) -> list[Path]:
        """Where the files of a name are."""


Given = str | PathLike[str] | Run | Result | Iterable[Record | Label | Stretches | Result]
"""What an evaluation takes: a path, a run, a Result, or records, labels and Results in any mixture."""
Named = Task | str | PathLike[str] | None
"""How a task is named: see `llmx.task.open_task`."""


class Placed(NamedTuple):
    """A label with where it was read, for messages: `labels.jsonl, line 3`."""

    place: str
    label: Label


@dataclass(slots=True)
class Side:
    """Labels or predicted records, by report."""

    name: str
    """What messages call it: its path, or `predicted`, `gold`."""
    task: Task
    """What its labels or records are of."""
    labels: dict[str, list[Placed]] = field(default_factory=dict)
    """By report, in the order read; a report that was read and gave nothing, or failed, has an empty list."""
    stretches: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """Which part of a report was labelled, where it is not the whole."""
    files: list[Path] = field(default_factory=list)
    """The files read."""
    sources: dict[str, Path] = field(default_factory=dict)
    """Where a run read its reports."""
    documents: dict[str, Document] = field(default_factory=dict)
    """The reports' texts, where Results brought them."""
    outlines: dict[str, list[list[Any]]] = field(default_factory=dict)
    """The reports' sections as a run or a Result saw them, packed."""
    run: bool = False
    """Whether it names every report that it read: a run or Results, not a bare list of records."""

    def add(self, place: str, line: Label | Stretches) -> None:
        """Take a label, or a line that says what was labelled."""
        labels = self.labels.setdefault(line.report, [])
        if isinstance(line, Label):
            labels.append(Placed(place, line))
        else:
            joined = sorted([*self.stretches.get(line.report, ()), *line.labelled])
            self.stretches[line.report] = tuple(joined)

    def see(self, report: str) -> None:
        """Note a report that was read, whether it gave records or not."""
        self.labels.setdefault(report, [])

    def saw(self, report: str) -> bool:
        """Whether it read a report; a bare list without any record stands for having found nothing in every one."""
        return report in self.labels or not (self.labels or self.run)


def opened(given: Iterable[Given], task: Named) -> tuple[list[Given], Task]:
    """What an evaluation was given, to be read more than once, and the task that it is of.

    Args:
        given: runs, labels, records.
        task: what they are of; else what the first run or Result among them is of, else the government task.

    Raises:
        InputError: a run's run.json is damaged.
        TaskError: there is no such task.
    """
    held: list[Given] = [one if isinstance(one, (str, PathLike, Result, Run)) else list(one) for one in given]
    if task is not None:
        return held, open_task(task)
    return held, next(filter(None, map(_told, held)), None) or open_task()


def _told(given: Given) -> Task | None:
    """The task of a run or a Result; None for labels and records, which do not say."""
    if isinstance(given, (Result, Run)):
        return given.task
    if isinstance(given, (str, PathLike)):
        run = _run_of(given)
        return open_task(manifest_at(run).task) if run else None
    return next((one.task for one in given if isinstance(one, Result) and one.task), None)


def open_side(given: Given, name: str, task: Task | None = None) -> Side:
    """Read one side.

    Args:
        given: a label file; a folder of them; a run, its folder or its records.jsonl; records, labels or Results.
        name: what messages call it if it has no path.
        task: what it is of, where it does not say.

    Raises:
        UnreadableInput: a file is not there, or a folder holds none.
        InputError: a line or record is none of the task's; the message names file, line and fault.
    """
    if task is None:
        (given,), task = opened([given], None)
    if isinstance(given, (str, PathLike)):
        return _from_path(given, task)
    side = Side(str(given.folder) if isinstance(given, Run) else name, task)
    if isinstance(given, Run):
        _add_run(side, given.files, given.reports)
        return side
    for number, one in enumerate([given] if isinstance(given, Result) else given, 1):
        if isinstance(one, Result):
            _add_result(side, one)
        elif isinstance(one, (Label, Stretches)):
            side.add(f"{name} record {number}", one)
        else:
            _add_record(side, f"{name} record {number}", one)
    return side


def _add_record(side: Side, place: str, record: Record) -> None:
    try:
        side.add(place, Label.of(record, side.task))
    except ValueError as error:
        raise InputError(f"{place}: no record: {fault(error)}; name the task that it is of with task=") from error


def _add_result(side: Side, result: Result) -> None:
    """The records of a Result; one that failed is a report that gave nothing."""
    side.run = True
    for report in [one.report or _named(one) for one in result.failures]:
        side.see(report)
    if result.document is None:
        return
    side.see(result.document.id)
    side.documents[result.document.id] = result.document
    side.outlines[result.document.id] = packed(result.sections)
    for number, record in enumerate(result.records, 1):
        _add_record(side, f"{result.document.id}, record {number}", record)


def _run_of(given: str | PathLike[str]) -> Store | None:
    """Where the run is that a path or URL names: itself, or that of its records.jsonl."""
    path = Path(given)
    if is_url(given) or path.is_dir():
        store = Store(given)
    elif path.name == RECORDS:
        store = Store(path.parent)
    else:
        return None
    return store if store.read([MANIFEST]) else None


def _from_path(given: str | PathLike[str], task: Task) -> Side:
    side, path = Side(str(given), task), Path(given)
    if run := _run_of(given):
        _add_run(side, partial(files_of, run), summaries_of(run))
    elif path.is_dir():
        for file in _label_files(path):
            _add_file(side, file)
            if not file.stat().st_size:
                side.see(report_id(file))
    else:
        _add_file(side, path)
    return side


_NO_LABELS = ("failures.jsonl", "reports.jsonl", "ledger.jsonl")


def _label_files(folder: Path) -> list[Path]:
    found = [path for path in sorted(folder.glob("*.jsonl")) if path.name not in _NO_LABELS]
    if not found:
        raise UnreadableInput(
            f"{folder}: no label file in this folder; it is searched for .jsonl files; give another, or a run's folder"
        )
    return found


def _add_file(side: Side, path: Path) -> None:
    side.files.append(path)
    for number, line in read_lines(path, side.task):
        side.add(f"{path}, line {number}", line)


def _add_run(side: Side, files: Callable[[str], list[Path]], reports: Iterable[InputSummary]) -> None:
    """A run's records, and the reports that it read or failed to read: what it gave no records for, it missed."""
    side.run = True
    for path in files(RECORDS):
        _add_file(side, path)
    for one in reports:
        side.see(one.report)
        side.outlines[one.report] = one.outline
        if one.source:
            side.sources[one.report] = path_of(one.source)
    for failure in (one for path in files(FAILURES) for one in read_failures(path)):
        side.see(failure.report or _named(failure))


def _named(failure: Failure) -> str:
    """The report that a failure without one was to be: its file's name without the suffix."""
    return report_id(Path(failure.source or ""))


def listed(reports: Iterable[str]) -> str:
    """Reports for a message, the first few of many."""
    shown = [repr(name) for name in reports]
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "") or "no report"
