"""A label file checked against its report: verbatim, allowed, in agreement with the figures, complete, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from llmx.analysis import analyse
from llmx.documents import Document, Paths, read_reports
from llmx.labels.label import Finding, Label, faults, foreign, text_order
from llmx.labels.left_out import read_left_out
from llmx.labels.lines import json_lines, stretches_of
from llmx.labels.reports import report_of
from llmx.labels.stretches import Bounds, holds
from llmx.task import Anchor, Task, open_task

_Fault = tuple[Literal["error", "warning"], str]


def check_labels(
    file: str | PathLike[str], report: Paths, task: Task | str | PathLike[str] | None = None
) -> list[Finding]:
    """Check a label file against the reports that it labels: what `llmx labels check` does.

    Errors are what no label file may hold: broken lines, values that are not allowed, quotes and figures that do not
    stand where they are said to, a value that is not its figure's, missing fields, duplicates. Warnings are where a
    label and code disagree on what is the label's to say (sign, unit, measure, comparator), figures that no label
    holds though code sees no reason to leave them out, and lines out of text order.

    Args:
        file: the label file; figures that its `.left-out.json` names are left out knowingly.
        report: the texts: files, folders or documents.
        task: what the labels are of, as `llmx.extract` takes it; of government reports unless given.

    Returns:
        Findings, line by line, then the figures without a label.

    Raises:
        InputError: the file or a report cannot be read.
        TaskError: there is no such task.
    """
    path, reports, task = Path(file), read_reports(report), open_task(task)
    checks = {id: _Checker(document, task) for id, document in reports.items()}
    findings = []
    for number, line in json_lines(path):
        document = line if isinstance(line, str) else report_of(line.get("report"), reports)
        if isinstance(line, str) or isinstance(document, str):
            found: Iterable[_Fault] = [("error", str(document))]
        else:
            found = checks[document.id].check(line, number)
        findings += [Finding(f"{path}, line {number}", fault, level) for level, fault in found]
    left_out = read_left_out(path)
    for id, checker in checks.items():
        known = {one.figure_start for one in left_out if one.report == id}
        findings += [Finding(str(path), fault, "warning") for fault in checker.unlabelled(known)]
    return findings


class _Checker:
    """Checks the labels of one report, line by line."""

    def __init__(self, document: Document, task: Task) -> None:
        self.id, self.text, self.labelling = document.id, document.text, task.labelling
        self.figures = {figure.start: figure for figure in analyse(document, task).stored_figures}
        self._seen: dict[tuple[Any, ...], int] = {}
        self._held: dict[int, int] = {}
        self._last = (0, -1)
        self.stretches: list[Bounds] | None = None
        """What was labelled; None for the whole report."""

    def check(self, line: dict[str, Any], number: int) -> Iterator[_Fault]:
        """What is wrong with a line."""
        part = stretches_of(line)
        if part is not None:
            yield from self._stretches(part)
            return
        fields = {
            name: value for name, value in line.items() if name not in self.labelling.derived and value is not None
        }
        others = foreign(self.labelling, fields.get("type"), fields)
        try:
            label = Label.read(self.labelling, {name: value for name, value in fields.items() if name not in others})
        except ValidationError as error:
            yield "error", f"{faults(error, self.labelling, fields.get('type'))}; correct the line"
            return
        yield from self._verbatim("quote", label.quote, label.start, label.end)
        yield from self._fields(label, others)
        for anchor, start, end in label.anchors:
            yield from self._anchored(label, anchor, start, end)
        yield from self._again(label, number)
        if text_order(label) < self._last:
            yield "warning", f"out of text order: it begins at {label.start}, the label before at {self._last[0]}"
        self._last = text_order(label)

    def _stretches(self, part: tuple[str, list[Bounds]] | str) -> Iterator[_Fault]:
        """Whether a line of labelled stretches gives stretches of the text; they are noted if so."""
        if isinstance(part, str):
            yield "error", part
            return
        self.stretches = [*(self.stretches or ()), *part[1]]
        for start, end in part[1]:
            if not 0 <= start < end <= len(self.text):
                yield "error", f"labelled {start}–{end}: the text of {self.id!r} has {len(self.text)} characters"

    def _verbatim(self, what: str, words: str, start: int, end: int) -> Iterator[_Fault]:
        """Whether words stand where they are said to, and if not, where else."""
        if not 0 <= start < end <= len(self.text):
            yield "error", f"{what} at {start}–{end}: the text of {self.id!r} has {len(self.text)} characters"
        elif self.text[start:end] != words:
            at = self.text.find(words) if words else -1
            hint = f"it stands at {at}; llmx labels import moves it" if at >= 0 else "it stands nowhere in the text"
            yield "error", f"{what} {words!r}: at {start}–{end} the text has {self.text[start:end]!r}; {hint}"

    def _fields(self, label: Label, others: list[str]) -> Iterator[_Fault]:
        """Whether a label has the fields of its type and no others."""
        if lacking := self.labelling.lacking(label.type, label.values):
            yield "error", f"{label.type} without {', '.join(lacking)}; fill in"
        if others := [*others, *self.labelling.excluded(label.values)]:
            called = self.labelling.called(label.values)
            yield "error", f"{called} with {', '.join(others)}; take out, or correct what it is"

    def _anchored(self, label: Label, anchor: Anchor, start: int, end: int) -> Iterator[_Fault]:
        """Whether words that a label names stand where it says, and a figure in its quote, of the value that it says."""
        words = label.values.get(anchor.name, "")
        yield from self._verbatim(anchor.name, words, start, end)
        if not anchor.read:
            return
        if not label.start <= start < end <= label.end:
            yield "error", f"{anchor.name} {words!r} at {start}–{end} is not in the quote at {label.start}–{label.end}"
        figure = self.figures.get(start)
        if figure is None:
            yield "warning", f"code sees no figure at {start}, where {words!r} is said to begin"
            return
        told = {name: label.values[name] for name in anchor.read if name in label.values}
        read = {name: getattr(figure, anchor.read[name]) for name in told}
        value = next((told[name] for name in told if anchor.read[name] == "value"), None)
        if value is not None and abs(value) != abs(figure.value):
            yield "error", f"value {value} is not that of the figure {figure.text!r}; {figure.value} is"
        differ = [f"{name} {told[name]!r}, code reads {read[name]!r}" for name in told if told[name] != read[name]]
        if differ and abs(value or 0) == abs(figure.value):
            yield "warning", f"figure {figure.text!r}: {'; '.join(differ)}"

    def _again(self, label: Label, number: int) -> Iterator[_Fault]:
        """Whether a label, or another of the same figure, was there before."""
        places = [(anchor.name, start) for anchor, start, _ in label.anchors]
        telling = [label.values.get(name) for name in self.labelling.telling]
        same = (label.type, label.start, label.end, *places, *telling)
        first = self._seen.setdefault(same, number)
        if first != number:
            yield "error", f"the same label as line {first}; remove one"
        for anchor, start, _ in label.anchors if first == number else ():
            if anchor.read and (holder := self._held.setdefault(start, number)) != number:
                fault = f"{anchor.name} {label.values.get(anchor.name)!r} at {start} is held by line {holder}"
                yield self._twice(fault)

    def _twice(self, fault: str) -> _Fault:
        """A figure that two labels hold: where a figure is one label's alone, one of them is wrong."""
        return ("error", f"{fault}; one label a figure") if self.labelling.exclusive else ("warning", f"{fault} too")

    def unlabelled(self, left_out: set[int]) -> Iterator[str]:
        """The figures that no label holds and that neither code nor a person has a reason to leave out."""
        for figure in self.figures.values() if self.labelling.expected else ():
            known = figure.reason is not None or figure.start in self._held or figure.start in left_out
            if not known and holds(self.stretches, figure.start):
                around = self.text[max(0, figure.start - 12) : figure.end + 8].replace("\n", " ")
                advice = "label it, or leave it out knowingly"
                yield f"figure {figure.text!r} at {figure.start} has no label (…{around}…); {advice}"
