"""What was followed as a workbook: 落实情况表 a place, a table to filter, and what its columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, get_args

from llmx.outputs.workbook import WRITTEN_BY, excel_text
from llmx.records import Number
from llmx.tasks.government.follow_rows import OUTCOMES, Followed
from llmx.tasks.government.office_sheets import (
    LINE,
    TALLEST,
    lines,
    print_across,
    sheet_name,
    styles,
    write_cell,
)

HEADS = {
    "序号": 5, "目标任务": 24, "指标": 9, "目标值": 12, "完成值": 12, "完成率": 9, "完成情况": 10,
    "报告原文（目标）": 34, "报告原文（结果）": 34, "备注": 22,
}  # fmt: skip
"""Columns of the form, with their widths in digits: together they fill a sheet of A4 across."""
STAGES = {"preparation": "前期工作", "started": "开工", "ongoing": "推进建设", "completed": "建成"}
_KINDS = {"quantified": "数量", "recognition": "称号", "project": "项目"}
_MEASURES = {"level": "总量", "growth": "增速", "change": "增减"}
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "约"}
LEFT = frozenset((1, 7, 8, 9))
_JOINED = {"likeness": "表述不同，按用词比对", "model": "表述不同，由语言模型比对"}
_MOST_SHEETS = 60
"""More places than these have the table alone: nobody turns over so many sheets."""
NOTE = (
    "注：完成情况由 llmx 按两份报告原文比对得出，使用前请核对。“约”容许上下一成（总量为半成）；"
    "上限类指标不计完成率；“未提及”指后一年报告没有写到，不等于没有完成。"
)


def write_workbook(rows: Iterable[Followed], path: Path) -> None:
    """A sheet a place in the form of a 落实情况表, then `table` and `codebook`.

    Raises:
        OSError: the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    listed = list(rows)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"comments": WRITTEN_BY})
    formats, taken, forms = styles(book), {"table", "codebook"}, forms_of(listed)
    for form in forms if len(forms) <= _MOST_SHEETS else ():
        _Sheet(book.add_worksheet(sheet_name(form.name, taken)), formats, form).write()
    _write_table(book.add_worksheet("table"), book, listed)
    _write_codebook(book.add_worksheet("codebook"), book)
    try:
        book.close()
    except FileCreateError as error:  # it hides what the operating system said
        raise error.args[0] from error


def goal(row: Followed) -> str:
    """What was promised: ≥6%, 5–5.5%, 建成."""
    if row.kind == "project":
        return STAGES.get(row.stage or "", "")
    if row.value is None:
        return "获得"
    value = f"{row.value}–{row.value_max}" if row.value_max is not None else f"{row.value}"
    return f"{_SIGNS.get(row.comparator or '', '')}{value}{row.unit or ''}"


def got(row: Followed) -> str:
    """What was reported: 6.2%, 推进建设."""
    if row.kind == "project":
        return STAGES.get(row.result_stage or "", "")
    return "" if row.result is None else f"{row.result}{row.result_unit or ''}"


def remark(row: Followed) -> str:
    """What must be known of a row, and how promise and result were joined where their words differ."""
    return "；".join(filter(None, (row.note, _JOINED.get(row.joined_by or "", ""))))


class Form(NamedTuple):
    """The 落实情况表 of one place and year."""

    name: str
    rows: list[Followed]
    """Each promise once, also where the report says it again."""

    @property
    def title(self) -> str:
        """What stands over it."""
        return f"{self.name}目标任务落实情况表"

    @property
    def summary(self) -> str:
        """How many promises have each outcome."""
        counts = {said: sum(row.outcome == name for row in self.rows) for name, said in OUTCOMES.items()}
        told = "、".join(f"{said} {count}" for said, count in counts.items() if count)
        return f"共 {len(self.rows)} 项：{told}。"

    def bands(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """The headings of the plan, each with the cells of its rows."""
        number = 0
        for section, own in groupby(self.rows, key=lambda row: row.section[:2]):
            lines = [_cells(number + at, row) for at, row in enumerate(own, 1)]
            number += len(lines)
            yield " ".join(section) or self.title, lines


def forms_of(rows: Iterable[Followed]) -> list[Form]:
    """The forms of all places, in the order of their reports."""
    places = groupby(rows, key=lambda row: (row.region, row.year, row.report))
    return [
        Form(f"{region}{year}年" if region and year else report, [row for row in own if row.repeats is None])
        for (region, year, report), own in places
    ]


def _cells(number: int, row: Followed) -> tuple[Any, ...]:
    """The cells of a row of the form, in the order of `HEADS`."""
    what = _MEASURES.get(row.measure or "", "") if row.kind == "quantified" else _KINDS[row.kind]
    completion = "" if row.completion is None else row.completion
    outcome = OUTCOMES[row.outcome]
    return (
        number, row.indicator, what, goal(row), got(row), completion, outcome, row.quote, row.result_quote or "", remark(row),
    )  # fmt: skip


class _Sheet:
    """A form's sheet, written from the top down."""

    def __init__(self, sheet: Any, formats: dict[str, Any], form: Form) -> None:
        self.sheet, self.formats, self.form, self.at = sheet, formats, form, 3

    def write(self) -> None:
        self._head()
        for section, lines_of_it in self.form.bands():
            self._band(section)
            for cells in lines_of_it:
                self._row(cells)
        self.sheet.merge_range(self.at, 0, self.at, len(HEADS) - 1, NOTE, self.formats["note"])
        self.sheet.set_row(self.at, 2 * LINE + 4)
        print_across(self.sheet, self.at, len(HEADS))

    def _head(self) -> None:
        last = len(HEADS) - 1
        self.sheet.merge_range(0, 0, 0, last, excel_text(self.form.title), self.formats["title"])
        self.sheet.merge_range(1, 0, 1, last, self.form.summary, self.formats["note"])
        for at, (name, width) in enumerate(HEADS.items()):
            self.sheet.write_string(2, at, name, self.formats["head"])
            self.sheet.set_column(at, at, width)
        for row, height in enumerate((34, 20, 24)):
            self.sheet.set_row(row, height)
        self.sheet.freeze_panes(3, 0)

    def _band(self, words: str) -> None:
        self.sheet.merge_range(self.at, 0, self.at, len(HEADS) - 1, excel_text(words), self.formats["band"])
        self.sheet.set_row(self.at, 22)
        self.at += 1

    def _row(self, cells: Sequence[Any]) -> None:
        for column, value in enumerate(cells):
            name = "left" if column in LEFT else "percent" if column == 5 else "center"
            write_cell(self.sheet, self.at, self.at, column, value, self.formats[name])
        tall = max(lines(str(value or ""), width) for value, width in zip(cells, HEADS.values(), strict=True))
        self.sheet.set_row(self.at, min(TALLEST, tall * LINE + 6))
        self.at += 1


def _write_table(sheet: Any, book: Any, rows: Sequence[Followed]) -> None:
    head = book.add_format({"bold": True, "bottom": 1})
    names = list(Followed.model_fields)
    for at, name in enumerate(names):
        sheet.write_string(0, at, name, head)
    for line, row in enumerate(rows, 1):
        for at, value in enumerate(getattr(row, name) for name in names):
            if isinstance(value, int | float):
                sheet.write_number(line, at, value)
            elif value:
                sheet.write_string(line, at, excel_text(" / ".join(value) if isinstance(value, tuple) else str(value)))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(names) - 1, 14)
    sheet.autofilter(0, 0, max(1, len(rows)), len(names) - 1)


def codebook() -> list[tuple[str, str, str]]:
    """Each column with its type and what it means."""
    return [
        (name, _type_of(field.annotation), " ".join((field.description or "").split()))
        for name, field in Followed.model_fields.items()
    ]


def _type_of(annotation: Any) -> str:
    if annotation in (Number, Number | None, float | None):
        return "number"
    parts = get_args(annotation) or (annotation,)
    return "integer" if int in parts else "text"


def _write_codebook(sheet: Any, book: Any) -> None:
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, name in enumerate(("column", "type", "meaning")):
        sheet.write_string(0, at, name, head)
    for line, cells in enumerate(codebook(), 1):
        for at, value in enumerate(cells):
            sheet.write_string(line, at, value, text)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 90)
    sheet.freeze_panes(1, 0)
