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
from llmx.labels.label import Claim, Finding, Label, LeftOut, Read, typed
from llmx.labels.lines import text_of
from llmx.labels.passages import Labelled
from llmx.labels.reports import report_of
from llmx.labels.stretches import Bounds, between, joined
from llmx.outputs.files import whole
from llmx.outputs.tables import csv_line, csv_text
from llmx.sections import section_at
from llmx.sentences import sentences

Row = dict[str, Any]

HEADINGS: dict[str, str] = {
    "report": "Report 报告",
    "section": "Section 章节",
    "sentence": "Sentence 原句",
    "figure": "Figure 数字",
    "type": "Type 类型",
    "kind": "Kind 种类",
    "indicator": "Indicator 指标",
    "quote": "Quote 引文",
    "year": "Year 年份",
    "value": "Value 数值",
    "value_max": "Upper value 上限",
    "unit": "Unit 单位",
    "measure": "Measure 度量",
    "comparator": "Comparator 比较",
    "scope": "Scope 范围",
    "name": "Project 项目名称",
    "stage": "Stage 阶段",
    "status": "Status 状态",
    "amount": "Amount 投资额",
    "amount_unit": "Amount unit 投资单位",
    "domain": "Domain 领域",
    "left_out": "Left out because 不计原因",
    "start": "Start 起",
    "end": "End 止",
    "figure_start": "Figure start 数字起",
    "figure_end": "Figure end 数字止",
}
"""The columns, and what stands above them."""

NOT_LABELLED = "not labelled"
"""What stands for the reason in rows of the part of a report that nobody labelled."""
_FILLED = ("kind", "indicator", "quote", "name", "stage", "status", "domain")
"""Columns that only a person fills in."""
_SHOWN_ONLY = ("section", "sentence", "left_out")
"""Columns that are no fields of a label."""


def rows(labelled: Labelled) -> list[Row]:
    """The rows of a report, in text order."""
    lines = _Lines(labelled.document)
    held = {label.figure_start for label in labelled.labels}
    reasons = {one.figure_start: one.reason for one in labelled.left_out}
    partial = labelled.stretches is not None
    found = [(label.start, {**lines.around(label.start, label.end), **_cells(label)}) for label in labelled.labels]
    found += [
        (
            figure.start,
            {**lines.around(figure.start, figure.end), **_blank(figure, reasons.get(figure.start))},
        )
        for figure in lines.figures
        if figure.start not in held
    ]
    shown = {row["sentence"] for _, row in found}
    for start, end in lines.bounds:
        row = lines.around(start, end)
        found += [] if row["sentence"] in shown else [(start, row)]
    for start, row in found:
        if partial and "type" not in row and not labelled.holds(start):
            row["left_out"] = NOT_LABELLED
    return [row for _, row in sorted(found, key=lambda one: one[0])]


def _cells(label: Label) -> Row:
    return label.model_dump(exclude_none=True)


def _blank(figure: Figure, reason: str | None) -> Row:
    """A figure without a label: what code reads off it is filled in, and why a person or code leaves it out."""
    read = {name: getattr(figure, name) for name in ("value", "value_max", "unit", "measure", "comparator")}
    place = {"figure": figure.text, "figure_start": figure.start, "figure_end": figure.end}
    why = reason or figure.reason
    return place | ({"left_out": why} if why else read)


class _Lines:
    """The sentences of a report, with the headings above them."""

    def __init__(self, document: Document) -> None:
        analysis = analyse(document)
        self.text, self.id, self.figures = document.text, document.id, analysis.stored_figures
        self.bounds = list(sentences(document.text, 0, len(document.text)))
        self._starts = [start for start, _ in self.bounds]
        self._sections = analysis.outline

    def around(self, start: int, end: int) -> Row:
        """The cells that say where a stretch stands."""
        first = self.bounds[max(0, bisect_right(self._starts, start) - 1)]
        last = self.bounds[max(0, bisect_left(self._starts, end) - 1)]
        path = section_at(self._sections, start).path
        return {"report": self.id, "section": " / ".join(path), "sentence": self.text[first[0] : last[1]].strip()}


def write_csv(reports: Iterable[Labelled], path: Path) -> list[Path]:
    """Write a csv: UTF-8 with byte order mark, so that Excel reads Chinese; no cell that it would run.

    Raises:
        OutputError: the file cannot be written.
    """
    with whole(path) as partial, open(partial, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(HEADINGS.values()))
        file.writelines(csv_line(row.get(name) for name in HEADINGS) for one in reports for row in rows(one))
    return [path]


def read_csv(path: Path, reports: Mapping[str, Document]) -> Read:
    """Read a csv that a person filled in, in any encoding and with any delimiter that spreadsheets save it with.

    Args:
        path: the file.
        reports: the texts, by id.

    Raises:
        InputError: the file cannot be read or has no column of types.
    """
    text = text_of(path)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return read_rows(path, ([csv_text(cell) for cell in row] for row in table), reports)


def read_rows(path: Path, table: Iterable[Sequence[Any]], reports: Mapping[str, Document]) -> Read:
    """What the rows of a sheet claim.

    Args:
        path: the file, for messages.
        table: rows of cells, the first with the headings.
        reports: the texts, by id.

    Raises:
        InputError: there is no column of types.
    """
    lines = iter(table)
    first = next(lines, ())
    columns = [_field(cell) for cell in first]
    if "type" not in columns or not {"quote", "figure"} & set(columns):
        raise InputError(
            f"{path}: no column {HEADINGS['type']!r}, or neither {HEADINGS['quote']!r} nor {HEADINGS['figure']!r}; "
            "keep the first row of the sheet that was exported"
        )
    found, sheet = Read(left_out=[]), _Sheet(path, reports)
    for heading in (str(cell) for cell, name in zip(first, columns, strict=True) if cell and not name):
        found.findings.append(Finding(f"{path}, row 1", f"column {heading!r} is not known; left unread", "warning"))
    for number, cells in enumerate(lines, 2):
        row = {name: typed(name, cell) for name, cell in zip(columns, cells, strict=False) if name}
        sheet.read(number, {name: value for name, value in row.items() if value is not None}, found)
    found.stretches = sheet.stretches()
    return found


def _field(heading: Any) -> str | None:
    """The field that a column holds: named by its heading, or by its name in label files."""
    known = {shown.lower(): name for name, shown in HEADINGS.items()} | {name: name for name in HEADINGS}
    return known.get(str(heading or "").strip().lower())


class _Sheet:
    """Reads row after row, and knows where in each report the last one stood."""

    def __init__(self, path: Path, reports: Mapping[str, Document]) -> None:
        self.path, self.reports = path, reports
        self._at: dict[str, int] = {}
        self._free: dict[str, dict[int, Figure]] = {}
        self._starts: dict[str, dict[str, list[int]]] = {}
        self._shown: dict[str, list[tuple[Bounds, bool]]] = {}
        """The sentences of the rows, and whether they were labelled, by report."""

    def read(self, number: int, row: Row, found: Read) -> None:
        """Add what a row says to what was found."""
        place = f"{self.path}, row {number}"
        if "type" not in row and (filled := [name for name in _FILLED if name in row]):
            fault = f"refused: no type, though {', '.join(filled)} is filled in; choose one"
            found.findings.append(Finding(place, fault))
            return
        document = report_of(row.get("report"), self.reports)
        if "type" not in row and "left_out" not in row:
            if not isinstance(document, str):
                self._sentence(document, row.get("sentence"), labelled=True)
            return
        if isinstance(document, str):
            found.findings.append(Finding(place, f"refused: {document}"))
            return
        labelled = "type" in row or row["left_out"] != NOT_LABELLED
        sentence = self._sentence(document, row.get("sentence"), labelled)
        if "type" in row:
            fields = {name: value for name, value in row.items() if name not in _SHOWN_ONLY} | {"report": document.id}
            found.claims.append(Claim(place, fields, sentence, HEADINGS))
        elif labelled:
            found.left_out = [*(found.left_out or ()), *self._left_out(document, row)]
        elif not sentence:
            fault = f"{row.get('sentence')!r} is not in {document.id!r}, so that it is not known what was not labelled"
            found.findings.append(Finding(place, f"{fault}; put back the sentence", "warning"))

    def _left_out(self, document: Document, row: Row) -> Iterator[LeftOut]:
        """The figure that a row leaves out, unless code has a reason of its own to."""
        start = row.get("figure_start")
        figure = self._unexplained(document).get(start) if isinstance(start, int) else None
        if figure:
            yield LeftOut(document.id, figure.text, figure.start, figure.end, row["left_out"])

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
            for start, end in sentences(document.text, 0, len(document.text)):
                words = document.text[start:end]
                found.setdefault(words.strip(), []).append(start + len(words) - len(words.lstrip()))
        return self._starts[document.id]

    def _unexplained(self, document: Document) -> dict[int, Figure]:
        """The figures of a report that code has no reason to leave out, by where they begin."""
        if document.id not in self._free:
            figures = analyse(document).stored_figures
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
