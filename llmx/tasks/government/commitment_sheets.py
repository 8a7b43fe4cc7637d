"""Lists of tasks as a workbook or a Word file that an office prints and fills in, and as csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY, excel_text
from llmx.records import Number
from llmx.task import Layout, Listed
from llmx.tasks.government.commitments import Task, breakdown, commits
from llmx.tasks.government.office_sheets import LINE, TALLEST, lines, print_across, sheet_name, styles, write_cell
from llmx.tasks.government.promises import Other
from llmx.tasks.government.titles import place_and_year


class TaskList(NamedTuple):
    """The tasks of one report."""

    title: str
    """The report's title."""
    name: str
    """What its sheet is called."""
    tasks: Sequence[Task]
    left_out: Mapping[Other, int]
    """How many sentences of its plan promise nothing, by what they are instead."""
    quoted: bool
    """Whether quotes stand for sentences, since the text was not at hand."""

    @property
    def summary(self) -> str:
        """What is in the list and what is not, in two or three sentences."""
        figures = sum(len(task.items) for task in self.tasks)
        measures = sum(not task.items for task in self.tasks)
        said = f"共 {len(self.tasks)} 项任务（其中举措 {measures} 项）、{figures} 个指标、称号和项目，由 llmx 从报告原文提取，使用前请核对。"
        if self.quoted:
            return said + "报告原文不在手边：任务原文为摘录，不含没有指标、称号和项目的举措。"
        kinds = "、".join(f"{OTHERS[kind]} {self.left_out[kind]} 句" for kind in OTHERS if self.left_out.get(kind))
        return said + (f"另有 {sum(self.left_out.values())} 句未列入：{kinds}。" if kinds else "")


OTHERS: dict[Other, str] = {
    "heading": "标题",
    "guide": "总体要求",
    "lead": "引语",
    "situation": "形势和背景",
    "evaluation": "意义评价",
    "quotation": "引用",
    "definition": "名词解释",
    "appeal": "号召",
    "closing": "称呼和结束语",
    "remark": "一般性表述",
}
"""What sentences that promise nothing are called."""

HEADS = {
    "序号": 6,
    "任务原文": 52,
    "量化指标": 24,
    "目标值": 10,
    "单位": 8,
    "完成时限": 12,
    "牵头单位": 13,
    "配合单位": 13,
    "进展情况": 16,
    "完成情况": 12,
    "备注": 10,
    "依据": 18,
}
"""Columns, with their widths in digits: together they fill a sheet of A4 across."""
MEASURE = "举措"
"""What stands for the figure of a task that has none."""


class Row(NamedTuple):
    """A task's figure as it is shown."""

    indicator: str
    goal: Number | str | None
    unit: str | None
    due: str


def rows_of(task: Task) -> list[Row]:
    """A row a figure, recognition and project; one that says 举措 where there is none."""
    return [Row(item.indicator, item.goal, item.unit, item.due) for item in task.items] or [
        Row(MEASURE, None, None, task.due)
    ]


_NOTE = (
    "注：报告中每一句有所承诺的话为一项任务，没有数字、称号和项目的记为“举措”。牵头单位、配合单位仅在原文写明时填写；"
    "进展情况、完成情况由责任单位填写。"
)


def write_task_csv(lists: Iterable[TaskList], path: Path) -> None:
    """A row a figure, every cell filled, so that it can be sorted and filtered; UTF-8 with byte order mark."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(HEADS))
        number = 0
        for one in lists:
            for task in one.tasks:
                number += 1
                for row in rows_of(task):
                    cells = (number, task.text, *row, task.lead, task.partner, "", "", "", task.basis)
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
    looks = styles(book)
    taken: set[str] = set()
    for one in lists:
        _Sheet(book.add_worksheet(sheet_name(one.name, taken)), looks, one).write()
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
        self.sheet.merge_range(1, 0, 1, last, self.list.summary, self.styles["note"])
        for at, (name, width) in enumerate(HEADS.items()):
            self.sheet.write_string(2, at, name, self.styles["head"])
            self.sheet.set_column(at, at, width)
        for row, height in enumerate((34, 36, 24)):
            self.sheet.set_row(row, height)
        self.sheet.freeze_panes(3, 0)

    def _band(self, words: str) -> None:
        self.sheet.merge_range(self.row, 0, self.row, len(HEADS) - 1, excel_text(words), self.styles["band"])
        self.sheet.set_row(self.row, 22)
        self.row += 1

    def _task(self, number: int, task: Task) -> None:
        rows = rows_of(task)
        last = self.row + len(rows) - 1
        whole = {0: number, 1: task.text, 6: task.lead, 7: task.partner, 11: headings_of(self.list, task)}
        dues = {row.due for row in rows}
        if len(dues) == 1:
            whole[5] = dues.pop()
        for column, value in whole.items():
            self._cell(self.row, last, column, value)
        for at, row in enumerate(rows, self.row):
            shown = (row.indicator, _shown(row.goal), _shown(row.unit), row.due)
            for column, value in {**dict(enumerate(shown, 2)), 8: "", 9: "", 10: ""}.items():
                if column not in whole:
                    self._cell(at, at, column, value)
        for at, height in enumerate(_heights(task, headings_of(self.list, task)), self.row):
            self.sheet.set_row(at, height)
        self.row = last + 1

    def _cell(self, first: int, last: int, column: int, value: Any) -> None:
        write_cell(self.sheet, first, last, column, value, self.styles["left" if column in _LEFT else "center"])


_LEFT = (1, 2, 8, 11)
"""Columns of running text."""


def headings_of(of: TaskList, task: Task) -> str:
    """The headings that neither the sheet's title nor the band above says already, or else the innermost."""
    return " ".join(task.section[2:]) or "".join(task.section[-1:]) or of.title


def _shown(value: Number | str | None) -> Number | str:
    return "—" if value is None else value


def _heights(task: Task, basis: str) -> list[float]:
    """Heights of a task's rows, in points: Excel fits no row to merged text by itself."""
    widths = list(HEADS.values())
    rows = [
        max(lines(row.indicator, widths[2]), lines(row.unit, widths[4]), lines(row.due, widths[5]))
        for row in rows_of(task)
    ]
    units = (lines(task.lead, widths[6]), lines(task.partner, widths[7]))
    wanted = max(lines(task.text, widths[1]), lines(basis, widths[11]), *units)
    short = max(0, wanted - sum(rows)) / len(rows)
    return [min(TALLEST, (tall + short) * LINE + 6) for tall in rows]


def _lists(reports: Iterable[Listed]) -> Iterator[TaskList]:
    """The commitments of each report that has any."""
    for one in reports:
        found = breakdown(one)
        if found.tasks:
            name = place_and_year(one.facts) or one.report
            left = Counter(sentence.kind for sentence in found.left_out)
            yield TaskList(one.title, name, found.tasks, left, found.quoted)


def write_task_docx(lists: Iterable[TaskList], path: Path) -> None:
    """A table a report, on A4 across, the head on every page; a task's cells merged over the rows of its figures.

    Raises:
        OSError: the file cannot be written.
        UsageError: python-docx is not installed.
    """
    from llmx.tasks.government.commitment_papers import write_papers

    write_papers(lists, path)


COMMITMENTS = Layout(
    {
        ".xlsx": lambda reports, path: write_task_xlsx(_lists(reports), path),
        ".csv": lambda reports, path: write_task_csv(_lists(reports), path),
        ".docx": lambda reports, path: write_task_docx(_lists(reports), path),
    },
    commits,
    csv_line(HEADS).strip().encode(),
)
"""任务分解表: the list of commitments that a supervision office follows through the year."""
