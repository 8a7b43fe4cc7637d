"""Lists of tasks as a Word file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from llmx.tasks.government import commitment_sheets as sheets
from llmx.tasks.government.commitments import Task
from llmx.tasks.government.office_papers import (
    HEAD,
    HEI,
    NOTE,
    SONG,
    TITLE,
    band_of,
    keep_together,
    new_paper,
    paragraph,
    row_of,
    table_of,
)

_CENTRED = (0, 3, 4, 5, 6, 7, 9)


def write_papers(lists: Iterable[sheets.TaskList], path: Path) -> None:
    """A title, what is in the list and a table, a report each; see `write_task_docx`.

    Raises:
        OSError: the file cannot be written.
        UsageError: python-docx is not installed.
    """
    paper = new_paper(path)
    for at, one in enumerate(lists):
        if at:
            paper.add_page_break()
        paragraph(paper.add_paragraph(), f"{one.title}任务分解表", HEI, TITLE, centred=True)
        paragraph(paper.add_paragraph(), one.summary, SONG, NOTE)
        _Table(paper, one).write()
    paper.save(str(path))


class _Table:
    """One report's table, written from the top down."""

    def __init__(self, paper: Any, tasks: sheets.TaskList) -> None:
        self.list = tasks
        self.table, self.widths = table_of(paper, sheets.HEADS)

    def write(self) -> None:
        row_of(self.table, self.widths, list(sheets.HEADS), HEAD)
        number = 0
        for section, group in groupby(self.list.tasks, key=lambda task: task.section[:2]):
            band_of(self.table, self.widths, " ".join(section) or self.list.title)
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
            texts = [*whole, row.indicator, goal, row.unit or "—", due, *end]
            cells = row_of(self.table, self.widths, texts, centred=_CENTRED)
            if at + 1 < len(task.items):
                keep_together(cells)
            for column in (0, 1, 5, 6, 7, 11) if one_due else (0, 1, 6, 7, 11):
                _merge_down(cells[column], begins=not at, alone=len(task.items) < 2)


def _merge_down(cell: Any, begins: bool, alone: bool) -> None:
    """Part of a cell over several rows: set by hand, since python-docx looks through the table for each."""
    if not alone:
        cell._tc.vMerge = "restart" if begins else "continue"
