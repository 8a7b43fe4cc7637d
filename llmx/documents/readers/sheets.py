"""An Excel workbook that is a report itself: sheets of figures, not reports in a column."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import openpyxl

from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.tables import as_rows

_LONGEST = 1_000
"""Characters of a cell that may stand in a table; a longer one is a report."""
_MOST_ROWS, _MOST_COLUMNS = 20_000, 200
_DECIMALS = re.compile(r"0\.(0{1,9})")


def parse(data: bytes) -> Parsed | None:
    """Read a workbook as one report.

    Args:
        data: its bytes.

    Returns:
        A line a row (cells separated by tabs), a row above the first of several cells without tabs; figures as they
        are shown; places are `sheet NAME, row N`. None where a cell is too long for one of a table.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    parts = Parts()
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                rows = [[_shown(cell) for cell in row] for row in _rows(sheet)]
                if any(len(cell) > _LONGEST for row in rows for cell in row):
                    return None
                for number, line in enumerate(_lines(rows), 1):
                    parts.add(line, f"sheet {sheet.title}, row {number}")
    finally:
        book.close()
    return parts.parsed()


def _rows(sheet: Any) -> Iterator[Any]:
    yield from sheet.iter_rows(max_row=min(sheet.max_row or _MOST_ROWS, _MOST_ROWS), max_col=_MOST_COLUMNS)


def _lines(rows: list[list[str]]) -> list[str]:
    """The rows as lines, without the columns behind the last that holds anything."""
    wide = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
    first = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), len(rows))
    return ["".join(row) for row in rows[:first]] + as_rows(row[:wide] for row in rows[first:])


def _shown(cell: Any) -> str:
    """What a cell shows: 0.065 of the form 0.0% is 6.5%."""
    value = cell.value
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    form = (cell.number_format or "").split(";")[0]
    decimals = _DECIMALS.search(form)
    if "%" in form:
        return f"{value * 100:.{len(decimals[1]) if decimals else 0}f}%"
    if decimals:
        return f"{value:.{len(decimals[1])}f}"
    return str(int(value)) if float(value).is_integer() else f"{value:.10g}"
