"""Spreadsheets that a person fills in: a row a label, and blank rows for all else of the text.

Every figure that no label holds has a row with blank cells, and every sentence without a row has one, so that the whole
report can be read down the sheet. Rows without a type are no labels.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from llmx.analysis import analyse
from llmx.documents import Document
from llmx.errors import InputError
from llmx.figures import Figure
from llmx.labels.label import Claim, Finding, Label, LeftOut, Read, typed, written
from llmx.labels.lines import text_of
from llmx.labels.passages import Labelled
from llmx.labels.reports import report_of, sentences_of
from llmx.labels.stretches import Bounds, between, joined
from llmx.outputs.files import whole
from llmx.outputs.tables import csv_line, csv_text
from llmx.sections import section_at
from llmx.task import Column, Labelling, Task

Row = dict[str, Any]

NOT_LABELLED = "not labelled"
"""What stands for the reason in rows of the part of a report that nobody labelled."""


def rows(labelled: Labelled) -> list[Row]:
    """The rows of a report, in text order."""
    lines, labelling = _Lines(labelled), labelled.task.labelling
    held = {start for label in labelled.labels for _, start, _ in label.anchors}
    reasons = {one.figure_start: one.reason for one in labelled.left_out}
    partial = labelled.stretches is not None
    found = [(label.start, {**lines.around(label.start, label.end), **_cells(label)}) for label in labelled.labels]
    found += [
        (
            figure.start,
            {**lines.around(figure.start, figure.end), **_blank(figure, reasons.get(figure.start), labelling)},
        )
        for figure in lines.figures
        if figure.start not in held
    ]
    shown = {row[labelling.sentence] for _, row in found}
    for start, end in lines.bounds:
        row = lines.around(start, end)
        found += [] if row[labelling.sentence] in shown else [(start, row)]
    for start, row in found:
        if partial and "type" not in row and not labelled.holds(start):
            row[labelling.left_out] = NOT_LABELLED
    return [row for _, row in sorted(found, key=lambda one: one[0])]


def _cells(label: Label) -> Row:
    return {name: written(value) for name, value in label.values.items()}


def _blank(figure: Figure, reason: str | None, labelling: Labelling) -> Row:
    """A figure without a label: what code reads off it is filled in, and why a person or code leaves it out."""
    assert labelling.figure is not None
    anchor, why = labelling.figure, reason or figure.reason
    place = {anchor.name: figure.text, anchor.start: figure.start, anchor.end: figure.end}
    return place | (
        {labelling.left_out: why} if why else {name: getattr(figure, part) for name, part in anchor.read.items()}
    )


class _Lines:
    """The sentences of a report, with the headings above them."""

    def __init__(self, labelled: Labelled) -> None:
        document, self._labelling = labelled.document, labelled.task.labelling
        analysis = analyse(document, labelled.task)
        self.text, self.id = document.text, document.id
        self.figures = analysis.stored_figures if self._labelling.figure else ()
        self.bounds = list(sentences_of(document.text))
        self._starts = [start for start, _ in self.bounds]
        self._sections = analysis.outline

    def around(self, start: int, end: int) -> Row:
        """The cells that say where a stretch stands."""
        first = self.bounds[max(0, bisect_right(self._starts, start) - 1)]
        last = self.bounds[max(0, bisect_left(self._starts, end) - 1)]
        path = section_at(self._sections, start).path
        words = self.text[first[0] : last[1]].strip()
        return {"report": self.id, "section": " / ".join(path), self._labelling.sentence: words}


def write_csv(reports: Iterable[Labelled], path: Path, task: Task) -> list[Path]:
    """Write a csv: UTF-8 with byte order mark, so that Excel reads Chinese; no cell that it would run.

    Raises:
        OutputError: the file cannot be written.
    """
    with whole(path) as partial, open(partial, "w", encoding="utf-8-sig", newline="") as file:
        headings = task.labelling.headings
        file.write(csv_line(headings.values()))
        file.writelines(csv_line(row.get(name) for name in headings) for one in reports for row in rows(one))
    return [path]


def read_csv(path: Path, reports: Mapping[str, Document], task: Task) -> Read:
    """Read a csv that a person filled in, in any encoding and with any delimiter that spreadsheets save it with.

    Args:
        path: the file.
        reports: the texts, by id.
        task: what the labels are of.

    Raises:
        InputError: the file cannot be read or has no column of types.
    """
    text = text_of(path)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return read_rows(path, ([csv_text(cell) for cell in row] for row in table), reports, task)


def read_rows(path: Path, table: Iterable[Sequence[Any]], reports: Mapping[str, Document], task: Task) -> Read:
    """What the rows of a sheet claim.

    Args:
        path: the file, for messages.
        table: rows of cells, the first with the headings.
        reports: the texts, by id.
        task: what the labels are of.

    Raises:
        InputError: there is no column of types.
    """
    lines, labelling = iter(table), task.labelling
    first = next(lines, ())
    columns = [_field(cell, labelling.headings) for cell in first]
    places = [name for name in ("quote", labelling.figure and labelling.figure.name) if name]
    if "type" not in columns or not set(places) & set(columns):
        asked = " nor ".join(repr(labelling.headings[name]) for name in places)
        raise InputError(
            f"{path}: no column {labelling.headings['type']!r}, or neither {asked}; "
            "keep the first row of the sheet that was exported"
        )
    found, sheet = Read(left_out=[]), _Sheet(path, reports, task)
    for heading in (str(cell) for cell, name in zip(first, columns, strict=True) if cell and not name):
        found.findings.append(Finding(f"{path}, row 1", f"column {heading!r} is not known; left unread", "warning"))
    for number, cells in enumerate(lines, 2):
        row = {
            name: typed(labelling.columns.get(name, Column()), cell)
            for name, cell in zip(columns, cells, strict=False)
            if name
        }
        sheet.read(number, {name: value for name, value in row.items() if value is not None}, found)
    found.stretches = sheet.stretches()
    return found


def _field(heading: Any, headings: Mapping[str, str]) -> str | None:
    """The field that a column holds: named by its heading, or by its name in label files."""
    known = {name.lower(): name for name in headings} | {shown.lower(): name for name, shown in headings.items()}
    return known.get(str(heading or "").strip().lower())


class _Sheet:
    """Reads row after row, and knows where in each report the last one stood."""

    def __init__(self, path: Path, reports: Mapping[str, Document], task: Task) -> None:
        self.path, self.reports, self.task, self.labelling = path, reports, task, task.labelling
        self._filled = [name for name in self.labelling.headings if self._is_filled(name)]
        self._at: dict[str, int] = {}
        self._free: dict[str, dict[int, Figure]] = {}
        self._starts: dict[str, dict[str, list[int]]] = {}
        self._shown: dict[str, list[tuple[Bounds, bool]]] = {}
        """The sentences of the rows, and whether they were labelled, by report."""

    def read(self, number: int, row: Row, found: Read) -> None:
        """Add what a row says to what was found."""
        place, reason = f"{self.path}, row {number}", row.pop(self.labelling.left_out, None)
        words = row.pop(self.labelling.sentence, None)
        if "type" not in row and (filled := [name for name in self._filled if name in row]):
            fault = f"refused: no type, though {', '.join(filled)} is filled in; choose one"
            found.findings.append(Finding(place, fault))
            return
        document = report_of(row.get("report"), self.reports)
        if "type" not in row and reason is None:
            if not isinstance(document, str):
                self._sentence(document, words, labelled=True)
            return
        if isinstance(document, str):
            found.findings.append(Finding(place, f"refused: {document}"))
            return
        labelled = "type" in row or reason != NOT_LABELLED
        sentence = self._sentence(document, words, labelled)
        if "type" in row:
            fields = self._own({name: value for name, value in row.items() if name != "section"})
            found.claims.append(Claim(place, fields | {"report": document.id}, sentence, self.labelling.headings))
        elif labelled:
            found.left_out = [*(found.left_out or ()), *self._left_out(document, row, str(reason))]
        elif not sentence:
            fault = f"{words!r} is not in {document.id!r}, so that it is not known what was not labelled"
            found.findings.append(Finding(place, f"{fault}; put back the sentence", "warning"))

    def _is_filled(self, column: str) -> bool:
        """Whether only a person fills in a column, and with something that tells a label."""
        held, figure = self.labelling.columns.get(column), self.labelling.figure
        if held is None or column == "type" or (figure and column in figure.columns):
            return False
        anchor = self.labelling.anchors.get(column)
        return column in ("quote", *self.labelling.telling) or bool(held.offered) or bool(anchor and not anchor.read)

    def _own(self, row: Row) -> Row:
        """A row whose figure stands in the columns of its type."""
        form, shown = self.labelling.form_of(row["type"]), self.labelling.figure
        if not form or not form.figure or not shown or shown.name in form.columns or form.figure.name in row:
            return row
        to = dict(zip(shown.columns, form.figure.columns, strict=True))
        return {to.get(name, name): value for name, value in row.items()}

    def _left_out(self, document: Document, row: Row, reason: str) -> Iterator[LeftOut]:
        """The figure that a row leaves out, unless code has a reason of its own to."""
        start = row.get(self.labelling.figure.start) if self.labelling.figure else None
        figure = self._unexplained(document).get(start) if isinstance(start, int) else None
        if figure:
            yield LeftOut(document.id, figure.text, figure.start, figure.end, reason)

    def stretches(self) -> dict[str, list[Bounds]]:
        """What was labelled of the reports that have rows that were not."""
        found = {}
        for id, shown in self._shown.items():
            text = self.reports[id].text
            unlabelled = [bounds for bounds, labelled in shown if not labelled]
            if unlabelled:
                part = joined([*unlabelled, *_unseen(shown, len(text))], text)
                found[id] = between(part or [(0, len(text))], len(text))
        return found

    def _sentence(self, document: Document, words: Any, labelled: bool) -> Bounds | None:
        """Where a row's sentence stands: the next time that it does, as a sentence or as several."""
        if not isinstance(words, str):
            return None
        after = self._at.get(document.id, 0)
        known = self._sentences(document).get(words, ())
        at = next((start for start in known if start >= after), known[0] if known else document.text.find(words, after))
        if at < 0:
            return None
        self._at[document.id] = at
        self._shown.setdefault(document.id, []).append(((at, at + len(words)), labelled))
        return at, at + len(words)

    def _sentences(self, document: Document) -> dict[str, list[int]]:
        """Where the sentences of a report begin, by their words."""
        if document.id not in self._starts:
            found = self._starts.setdefault(document.id, {})
            for start, end in sentences_of(document.text):
                words = document.text[start:end]
                found.setdefault(words.strip(), []).append(start + len(words) - len(words.lstrip()))
        return self._starts[document.id]

    def _unexplained(self, document: Document) -> dict[int, Figure]:
        """The figures of a report that code has no reason to leave out, by where they begin."""
        if document.id not in self._free:
            figures = analyse(document, self.task).stored_figures
            self._free[document.id] = {figure.start: figure for figure in figures if figure.reason is None}
        return self._free[document.id]


def _unseen(shown: Iterable[tuple[Bounds, bool]], length: int) -> Iterator[Bounds]:
    """What no row shows and no labelled row is next to: what came into the report since, in a part that nobody read."""
    at, beside = 0, False
    for (start, end), labelled in [*sorted(shown), ((length, length), False)]:
        if at < start and not beside and not labelled:
            yield at, start
        if end > at:
            at, beside = end, labelled
