"""What the forms of an office share: fonts, borders, A4 across, heights of rows."""

from __future__ import annotations

import re
from math import ceil
from typing import Any

from rich.cells import cell_len

from llmx.outputs.workbook import excel_text

LINE = 16
"""Height of a line of text, in points, at 11 points."""
TALLEST = 400
"""Excel's rows are 409 points high at most."""


def styles(book: Any) -> dict[str, Any]:
    """The formats of a workbook's cells."""
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
        "percent": book.add_format({**cell, "align": "center", "num_format": "0.0%"}),
    }


def write_cell(sheet: Any, first: int, last: int, column: int, value: Any, style: Any) -> None:
    """One cell, or several merged; text as text, since write() would run `=…`."""
    if last > first:
        sheet.merge_range(first, column, last, column, "", style)
    if isinstance(value, (int, float)):
        sheet.write_number(first, column, value, style)
    else:
        sheet.write_string(first, column, excel_text(value or ""), style)


def print_across(sheet: Any, last_row: int, columns: int) -> None:
    """Set a sheet up to be printed on A4 across, with the head in its third row on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.print_area(0, 0, last_row, columns - 1)


def lines(text: str | None, width: int) -> int:
    """How many lines a text takes in a column of a width in digits: Excel fits no row to merged text by itself."""
    return max(1, ceil(cell_len(text or "") / (width - 1)))


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes: 31 characters, none of []:*?/\\ or outer apostrophes, not taken in any case."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "", name)[:27].strip("' ") or "报告"
    free, number = plain, 1
    while free.casefold() in taken:
        number += 1
        free = f"{plain} {number}"
    taken.add(free.casefold())
    return free
