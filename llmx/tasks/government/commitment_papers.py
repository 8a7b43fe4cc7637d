"""Lists of tasks as a Word file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from llmx.errors import UsageError
from llmx.outputs.workbook import WRITTEN_BY, excel_text
from llmx.tasks.government import commitment_sheets as sheets
from llmx.tasks.government.commitments import Task

_SONG, _HEI = "仿宋", "黑体"
_SIZE, _TITLE, _NOTE = 8.5, 16, 8.5
_AIR = 1.5
"""Above and below words, in points."""
_BAND, _HEAD = "F4F4F0", "E7EDF3"
_WIDTH, _HEIGHT, _MARGIN = 29.7, 21.0, 1.3
"""A4 across, in cm."""
_CENTRED = (0, 3, 4, 5, 6, 7, 9)


def write_papers(lists: Iterable[sheets.TaskList], path: Path) -> None:
    """A title, what is in the list and a table, a report each; see `write_task_docx`.

    Raises:
        OSError: the file cannot be written.
        UsageError: python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError as error:
        raise UsageError(f'{path}: .docx needs python-docx; install it: pip install "llmx-extract[docx]"') from error
    paper = Document()
    paper.core_properties.comments = WRITTEN_BY
    _set_page(paper.sections[0])
    for at, one in enumerate(lists):
        if at:
            paper.add_page_break()  # type: ignore[no-untyped-call]
        _paragraph(paper.add_paragraph(), f"{one.title}任务分解表", _HEI, _TITLE, centred=True)
        _paragraph(paper.add_paragraph(), one.summary, _SONG, _NOTE)
        _Table(paper, one).write()
    paper.save(str(path))


def _set_page(section: Any) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(_WIDTH), Cm(_HEIGHT)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(1.5)


def _paragraph(paragraph: Any, text: str, font: str, size: float, centred: bool = False, bold: bool = False) -> None:
    """Words in a paragraph that is empty so far."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_AIR)
    if centred:
        paragraph.alignment = 1
    run = paragraph.add_run(excel_text(text))
    run.font.size, run.font.name, run.font.bold = Pt(size), font, bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


class _Table:
    """One report's table, written from the top down."""

    def __init__(self, paper: Any, tasks: sheets.TaskList) -> None:
        from docx.shared import Cm

        self.list = tasks
        self.table = paper.add_table(rows=0, cols=len(sheets.HEADS), style="Table Grid")
        self.table.autofit = False
        _narrow_margins(self.table)
        share = (_WIDTH - 2 * _MARGIN) / sum(sheets.HEADS.values())
        self.widths = [Cm(width * share) for width in sheets.HEADS.values()]
        for column, width in zip(self.table.columns, self.widths, strict=True):
            column.width = width

    def write(self) -> None:
        self._row(list(sheets.HEADS), _HEAD, head=True)
        number = 0
        for section, group in groupby(self.list.tasks, key=lambda task: task.section[:2]):
            cells = self._row([" ".join(section) or self.list.title] + [""] * (len(self.widths) - 1), _BAND)
            _merge_across(cells)
            _keep_together(cells[:1])
            for task in group:
                number += 1
                self._task(number, task)

    def _task(self, number: int, task: Task) -> None:
        headings = sheets.headings_of(self.list, task)
        one_due = len({row.due for row in sheets.rows_of(task)}) == 1
        for at, row in enumerate(sheets.rows_of(task)):
            whole = [str(number), task.text] if not at else ["", ""]
            due = "" if at and one_due else row.due
            goal = "—" if row.goal is None else str(row.goal)
            end = [task.lead or "", task.partner or "", "", "", "", headings] if not at else [""] * 6
            cells = self._row([*whole, row.indicator, goal, row.unit or "—", due, end[0], end[1], *end[2:]])
            if at + 1 < len(task.items):
                _keep_together(cells)
            for column in (0, 1, 5, 6, 7, 11) if one_due else (0, 1, 6, 7, 11):
                _merge_down(cells[column], begins=not at, alone=len(task.items) < 2)

    def _row(self, texts: Sequence[str], colour: str | None = None, head: bool = False) -> Sequence[Any]:
        row = self.table.add_row()
        cells: Sequence[Any] = row.cells
        _mark_row(row, head)
        for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            cell.width = self.widths[column]
            cell.vertical_alignment = 1
            font = _HEI if head else _SONG
            centred = head or (colour is None and column in _CENTRED)
            _paragraph(cell.paragraphs[0], text, font, _SIZE, centred, bold=colour == _BAND)
            if colour:
                _shade(cell, colour)
        return list(cells)


def _narrow_margins(table: Any) -> None:
    """Word's own margins of cells leave a number of three digits no room."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _keep_together(cells: Sequence[Any]) -> None:
    """A row stays on the page of the one after it."""
    for cell in cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _mark_row(row: Any, head: bool) -> None:
    """A row is not torn by a page's end; the head comes again on every page."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _merge_across(cells: Sequence[Any]) -> None:
    merged = cells[0].merge(cells[-1])
    for paragraph in merged.paragraphs[1:]:
        paragraph._element.getparent().remove(paragraph._element)


def _merge_down(cell: Any, begins: bool, alone: bool) -> None:
    """Part of a cell over several rows: set by hand, since python-docx looks through the table for each."""
    if not alone:
        cell._tc.vMerge = "restart" if begins else "continue"
