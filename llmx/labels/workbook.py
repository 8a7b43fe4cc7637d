"""The spreadsheet as an Excel workbook: allowed values as drop-downs, cells to fill in colour, a sheet that explains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from llmx.documents import Document
from llmx.errors import InputError, UsageError
from llmx.labels.label import Read
from llmx.labels.passages import Labelled
from llmx.labels.sheets import NOT_LABELLED, Row, read_rows, rows
from llmx.outputs.files import whole
from llmx.outputs.workbook import excel_text
from llmx.task import Labelling, Task

_SPARE = 2000
"""Rows below the last that have drop-downs too, for labels that a person adds."""

_SENTENCE, _QUOTE, _TELLING = 60, 40, 26
_WIDTHS = {"section": 18, "quote": _QUOTE, "report": 16}
_NARROW, _WORDS, _REASON = 11, 12, 18
_MAX_CHARACTERS = 32_767
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How xlsx writes a carriage return and other control characters (ECMA-376, ST_Xstring)."""
_LEFT_OUT = (
    "Why a figure without a type is no label. Filled in where code has a reason; write your own where not. "
    f"{NOT_LABELLED!r} stands for the part of the report that was not read."
)
_EXPLAINED = {
    "section": "The headings above the sentence.",
    "type": "What the figure or the quote is. A row without a type is no label.",
}


def check_xlsx(needed: str) -> None:
    """Make sure that a library is installed.

    Raises:
        UsageError: it is not.
    """
    if find_spec(needed) is None:
        raise UsageError(f'xlsx needs {needed}; install it: pip install "llmx-extract[xlsx]"')


def write_xlsx(reports: Iterable[Labelled], path: Path, task: Task) -> list[Path]:
    """Write a workbook of one sheet to fill in, and one that explains the columns.

    Raises:
        OutputError: the file cannot be written.
        UsageError: xlsxwriter is not installed.
    """
    check_xlsx("xlsxwriter")
    import xlsxwriter

    with whole(path) as partial:
        book = xlsxwriter.Workbook(str(partial), {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet(task.labelling.sheets[0])
        last = _fill(sheet, book, [row for one in reports for row in rows(one)], task.labelling)
        _choices(sheet, last + _SPARE, task.labelling)
        _explain(book, task.labelling)
        book.close()
    return [path]


def _fill(sheet: Any, book: Any, table: list[Row], labelling: Labelling) -> int:
    """Write headings and rows; returns the last row's number."""
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    look = {name: book.add_format({"valign": "top", "text_wrap": True, **extra}) for name, extra in _LOOKS.items()}
    widths = {name: _width(name, labelling) for name in labelling.headings}
    for at, (name, heading) in enumerate(labelling.headings.items()):
        sheet.write_string(0, at, heading, head)
        sheet.set_column(at, at, widths[name], None, {"hidden": name in labelling.offsets})
    for number, row in enumerate(table, 1):
        tall = (labelling.sentence, "quote", *labelling.telling)
        sheet.set_row(number, _LINE * max(_lines(row.get(name), widths[name]) for name in tall))
        for at, name in enumerate(labelling.headings):
            _write(sheet, number, at, row.get(name), look[_look(name, row, labelling)])
    sheet.set_row(0, 2 * _LINE)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, list(labelling.headings).index("type"))
    sheet.autofilter(0, 0, len(table), len(labelling.headings) - 1)
    return len(table)


def _width(name: str, labelling: Labelling) -> int:
    """The width of a column, in digits."""
    known = {labelling.sentence: _SENTENCE, labelling.left_out: _REASON} | dict.fromkeys(labelling.telling, _TELLING)
    return {**known, **_WIDTHS}.get(name, _WORDS if name in labelling.anchors else _NARROW)


_LINE, _MOST = 15, 27
"""The height of a line in points, and the most lines that a row shows: Excel allows 409 points."""


def _lines(value: Any, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is two digits wide."""
    return min(_MOST, sum(1 + len(line.encode("gbk", "replace")) // width for line in str(value or "").split("\n")))


_LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "to fill": {"bg_color": "#FFF4CC", "border": 1, "border_color": "#E0D5A8"},
    "explained": {"font_color": "#888888"},
}


def _look(name: str, row: Row, labelling: Labelling) -> str:
    """How a cell looks: coloured where it waits for a person, grey where code says that nothing is to be done."""
    if "type" in row or not labelling.figure or labelling.figure.name not in row:
        return "plain"
    if labelling.left_out in row:
        return "explained"
    return "to fill" if name in labelling.to_fill else "plain"


def _write(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        # Control characters xlsxwriter writes as _x0001_; what it cannot write is dropped, and too long a sentence cut.
        writable = len(value) < _MAX_CHARACTERS and not _NO_XML.search(value)
        sheet.write_string(row, column, value if writable else excel_text(value), look)
    else:
        sheet.write_number(row, column, value, look)


def _choices(sheet: Any, last: int, labelling: Labelling) -> None:
    """Drop-downs for the fields with allowed values."""
    for at, name in enumerate(labelling.headings):
        if offered := _offered(name, labelling):
            wrong = f"Allowed: {', '.join(offered)}"[:_MESSAGE]
            options = {"validate": "list", "source": offered, "error_title": name[:_TITLE], "error_message": wrong}
            if len(",".join(offered)) <= _MESSAGE:
                sheet.data_validation(1, at, last, at, options)


_TITLE, _MESSAGE = 32, 255
"""The most characters that Excel takes in a title and in a message or a list."""


def _offered(name: str, labelling: Labelling) -> list[str]:
    column = labelling.columns.get(name)
    return list(column.offered) if column else []


def _explain(book: Any, labelling: Labelling) -> None:
    """The second sheet: each column, what it means and what it allows."""
    sheet = book.add_worksheet(labelling.sheets[1])
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 26, wrapped)
    sheet.set_column(1, 2, 70, wrapped)
    known = {labelling.sentence: "The sentence of the report. Leave it as it is.", labelling.left_out: _LEFT_OUT}
    for number, (name, heading) in enumerate(labelling.headings.items()):
        sheet.write_string(number, 0, heading)
        sheet.write_string(number, 1, {**known, **_EXPLAINED}.get(name) or labelling.meaning(name))
        sheet.write_string(number, 2, ", ".join(_offered(name, labelling)))


def read_xlsx(path: Path, reports: Mapping[str, Document], task: Task) -> Read:
    """Read a workbook that a person filled in: its first sheet.

    Args:
        path: the file.
        reports: the texts, by id.
        task: what the labels are of.

    Raises:
        InputError: the file cannot be read or has no column of types.
        UsageError: openpyxl is not installed.
    """
    check_xlsx("openpyxl")
    return read_rows(path, _cells(path), reports, task)


def _cells(path: Path) -> Iterator[list[Any]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows():
            yield [_value(cell) for cell in row]
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; give a file of labels") from error
    except InputError:
        raise
    except Exception as error:  # openpyxl lets whatever a broken zip or XML raises through
        raise InputError(f"{path}: no workbook that can be read: {error}; save it as .xlsx again") from error


def _value(cell: Any) -> Any:
    """A cell's value; a percentage that was typed in as it was typed, since Excel stores 5.4% as 0.054.

    openpyxl leaves escapes as they are.
    """
    if isinstance(cell.value, (int, float)) and "%" in str(getattr(cell, "number_format", "")):
        return f"{round(cell.value * 100, 10):g}%"
    if isinstance(cell.value, str):
        return _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), cell.value)
    return cell.value
