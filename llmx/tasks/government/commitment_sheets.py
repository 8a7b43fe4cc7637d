"""Lists of tasks as a workbook that an office prints and fills in, and as csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from llmx.task import Layout, Listed
from llmx.tasks.government.commitments import Task, commits, tasks
from llmx.tasks.government.office_sheets import LINE, TALLEST, lines, print_across, sheet_name, styles, write_cell
from llmx.tasks.government.titles import place_and_year
from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY, excel_text


class TaskList(NamedTuple):
    """The tasks of one report."""

    title: str
    """The report's title."""
    name: str
    """What its sheet is called."""
    tasks: list[Task]


HEADS = {"序号": 5, "任务原文": 54, "量化指标": 28, "目标值": 11, "单位": 9, "时限": 12, "牵头单位": 16, "依据": 22}
"""Columns, with their widths in digits: together they fill a sheet of A4 across."""

_NOTE = "注：本表列出报告中带有数字、拟获称号或具体项目的承诺；没有这些的表述未列入。牵头单位仅在原文写明时填写。"


def write_task_csv(lists: Iterable[TaskList], path: Path) -> None:
    """A row a figure, every cell filled, so that it can be sorted and filtered; UTF-8 with byte order mark."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(HEADS))
        number = 0
        for one in lists:
            for task in one.tasks:
                number += 1
                for item in task.items:
                    cells = (number, task.text, item.indicator, item.goal, item.unit, item.due, task.lead, task.basis)
                    file.write(csv_line(cells))


def write_task_xlsx(lists: Iterable[TaskList], path: Path) -> None:
    """A sheet a report: a title, a band a section, a task's cells merged over the rows of its figures.

    It prints on A4 across with the head on every page, and a figure's row can be filled in on paper.

    Raises:
        OSError: the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"comments": WRITTEN_BY})
    formats = styles(book)
    taken: set[str] = set()
    for one in lists:
        _Sheet(book.add_worksheet(sheet_name(one.name, taken)), formats, one).write()
    if not taken:
        book.add_worksheet("任务分解表")
    try:
        book.close()
    except FileCreateError as error:  # it hides what the operating system said
        raise error.args[0] from error


class _Sheet:
    """One report's sheet, written from the top down."""

    def __init__(self, sheet: Any, styles: dict[str, Any], tasks: TaskList) -> None:
        self.sheet, self.styles, self.list, self.row = sheet, styles, tasks, 3

    def write(self) -> None:
        self._head()
        number = 0
        for section, group in groupby(self.list.tasks, key=lambda task: task.section[:2]):
            self._band(" ".join(section) or self.list.title)
            for task in group:
                number += 1
                self._task(number, task)
        self.sheet.merge_range(self.row, 0, self.row, len(HEADS) - 1, _NOTE, self.styles["note"])
        print_across(self.sheet, self.row, len(HEADS))

    def _head(self) -> None:
        last = len(HEADS) - 1
        self.sheet.merge_range(0, 0, 0, last, excel_text(f"{self.list.title}任务分解表"), self.styles["title"])
        figures = sum(len(task.items) for task in self.list.tasks)
        summary = f"共 {len(self.list.tasks)} 项任务、{figures} 个指标和项目，由 llmx 从报告原文提取，使用前请核对。"
        self.sheet.merge_range(1, 0, 1, last, summary, self.styles["note"])
        for at, (name, width) in enumerate(HEADS.items()):
            self.sheet.write_string(2, at, name, self.styles["head"])
            self.sheet.set_column(at, at, width)
        for row, height in enumerate((34, 20, 24)):
            self.sheet.set_row(row, height)
        self.sheet.freeze_panes(3, 0)

    def _band(self, words: str) -> None:
        self.sheet.merge_range(self.row, 0, self.row, len(HEADS) - 1, excel_text(words), self.styles["band"])
        self.sheet.set_row(self.row, 22)
        self.row += 1

    def _task(self, number: int, task: Task) -> None:
        last = self.row + len(task.items) - 1
        whole = {0: number, 1: task.text, 6: task.lead, 7: self._basis(task)}
        dues = {item.due for item in task.items}
        if len(dues) == 1:
            whole[5] = dues.pop()
        for column, value in whole.items():
            self._cell(self.row, last, column, value)
        for row, item in enumerate(task.items, self.row):
            for column, value in {2: item.indicator, 3: item.goal, 4: item.unit, 5: item.due}.items():
                if column not in whole:
                    self._cell(row, row, column, "—" if value is None else value)
        for row, height in enumerate(_heights(task, self._basis(task)), self.row):
            self.sheet.set_row(row, height)
        self.row = last + 1

    def _basis(self, task: Task) -> str:
        """The headings that neither the sheet's title nor the band above says already, or else the innermost."""
        return " ".join(task.section[2:]) or "".join(task.section[-1:]) or self.list.title

    def _cell(self, first: int, last: int, column: int, value: Any) -> None:
        write_cell(self.sheet, first, last, column, value, self.styles["left" if column in (1, 2, 7) else "center"])


def _heights(task: Task, basis: str) -> list[float]:
    """Heights of a task's rows, in points: Excel fits no row to merged text by itself."""
    widths = list(HEADS.values())
    rows = [
        max(lines(item.indicator, widths[2]), lines(item.unit, widths[4]), lines(item.due, widths[5]))
        for item in task.items
    ]
    wanted = max(lines(task.text, widths[1]), lines(basis, widths[7]), lines(task.lead, widths[6]))
    short = max(0, wanted - sum(rows)) / len(rows)
    return [min(TALLEST, (tall + short) * LINE + 6) for tall in rows]


def _lists(reports: Iterable[Listed]) -> Iterator[TaskList]:
    """The commitments of each report that has any."""
    for one in reports:
        if found := list(tasks(one)):
            yield TaskList(one.title, place_and_year(one.facts) or one.report, found)


COMMITMENTS = Layout(
    {
        ".xlsx": lambda reports, path: write_task_xlsx(_lists(reports), path),
        ".csv": lambda reports, path: write_task_csv(_lists(reports), path),
    },
    commits,
    csv_line(HEADS).strip().encode(),
)
"""任务分解表: the list of commitments that a supervision office follows through the year."""
