"""Lists of tasks as a workbook that an office prints and fills in, and as csv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from rich.cells import cell_len

from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY, excel_text
from llmx.task import Layout, Listed
from llmx.tasks.government.commitments import Task, commits, tasks
from llmx.tasks.government.titles import place_and_year


class TaskList(NamedTuple):
    """The tasks of one report."""

    title: str
    """The report's title."""
    name: str
    """What its sheet is called."""
    tasks: list[Task]


HEADS = {"序号": 5, "任务原文": 54, "量化指标": 28, "目标值": 11, "单位": 9, "时限": 12, "牵头单位": 16, "依据": 22}
"""Columns, with their widths in digits: together they fill a sheet of A4 across."""

_LINE = 16
"""Height of a line of text, in points, at 11 points."""
_TALLEST = 400
"""Excel's rows are 409 points high at most."""
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
    styles = _styles(book)
    taken: set[str] = set()
    for one in lists:
        _Sheet(book.add_worksheet(_sheet_name(one.name, taken)), styles, one).write()
    if not taken:
        book.add_worksheet("任务分解表")
    try:
        book.close()
    except FileCreateError as error:  # it hides what the operating system said
        raise error.args[0] from error


def _styles(book: Any) -> dict[str, Any]:
    # 仿宋 is the font of official documents' text (GB/T 9704-2012, 7.2); a machine without it shows its own.
    base = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter"}
    cell = {**base, "border": 1, "text_wrap": True}
    return {
        "title": book.add_format({**base, "font_name": "黑体", "font_size": 18, "align": "center"}),
        "note": book.add_format({**base, "font_size": 10, "font_color": "#555555", "text_wrap": True}),
        "head": book.add_format({**cell, "font_name": "黑体", "align": "center", "bg_color": "#E7EDF3"}),
        "band": book.add_format({**cell, "bold": True, "bg_color": "#F4F4F0"}),
        "left": book.add_format(cell),
        "center": book.add_format({**cell, "align": "center"}),
    }


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
        self._print_setup()

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
        """One cell, or several merged; text as text, since write() would run `=…`."""
        style = self.styles["left" if column in (1, 2, 7) else "center"]
        if last > first:
            self.sheet.merge_range(first, column, last, column, "", style)
        if isinstance(value, (int, float)):
            self.sheet.write_number(first, column, value, style)
        else:
            self.sheet.write_string(first, column, excel_text(value or ""), style)

    def _print_setup(self) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页 共 &N 页")
        sheet.print_area(0, 0, self.row, len(HEADS) - 1)


def _heights(task: Task, basis: str) -> list[float]:
    """Heights of a task's rows, in points: Excel fits no row to merged text by itself."""
    widths = list(HEADS.values())
    rows = [
        max(_lines(item.indicator, widths[2]), _lines(item.unit, widths[4]), _lines(item.due, widths[5]))
        for item in task.items
    ]
    wanted = max(_lines(task.text, widths[1]), _lines(basis, widths[7]), _lines(task.lead, widths[6]))
    short = max(0, wanted - sum(rows)) / len(rows)
    return [min(_TALLEST, (lines + short) * _LINE + 6) for lines in rows]


def _lines(text: str | None, width: int) -> int:
    return max(1, ceil(cell_len(text or "") / (width - 1)))


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes: 31 characters, none of []:*?/\\ or outer apostrophes, not taken in any case."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "", name)[:27].strip("' ") or "报告"
    free, number = plain, 1
    while free.casefold() in taken:
        number += 1
        free = f"{plain} {number}"
    taken.add(free.casefold())
    return free


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
