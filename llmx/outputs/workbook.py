"""Records as an Excel workbook: a sheet a record type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from llmx.outputs.columns import NONE_BESIDE, RowColumns, as_float, joined
from llmx.records import Record
from llmx.task import Task, columns_of
from llmx.task.fields import INTEGER, NUMBER, PATH, plural

# Excel's limits: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
_MAX_ROWS = 1_048_576
_MAX_CHARACTERS = 32_767
_MAX_NAME = 26
"""Of 31, what is left of a sheet's name for a number."""

# What XML 1.0 cannot hold: Excel calls a file with one of them damaged.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

WRITTEN_BY = "written by llmx"
"""What a workbook of ours says among its properties."""
_WIDE = {"quote": 60, "section": 40, "indicator": 40, "name": 40}
"""Columns of running text: how wide they may get, in digits, before their text is wrapped."""
_WIDEST = 30
"""How wide other columns may get."""


def write_xlsx(records: Iterable[Record], path: Path, task: Task, beside: RowColumns = NONE_BESIDE) -> None:
    """A sheet a record type, with that type's columns; the header frozen, filters on, long text wrapped.

    Raises:
        OSError: the file cannot be written.
    """
    with _book(path) as book:
        sheets = {
            name: _Sheets(book, plural(name), {**columns_of(kind), **beside.columns})
            for name, kind in task.types.items()
        }
        for record in records:
            sheets[record.type].add(beside.values_of(record))
        for sheet in sheets.values():
            sheet.finish()


def write_rows(rows: Iterable[Sequence[Any]], columns: Mapping[str, str], path: Path) -> int:
    """One sheet of rows, which are counted.

    Args:
        rows: read once, in order.
        columns: their columns with the kind of values.
        path: the file.

    Raises:
        OSError: the file cannot be written.
    """
    count = 0
    with _book(path) as book:
        sheet = _Sheets(book, "rows", columns)
        for row in rows:
            sheet.add(dict(zip(columns, row, strict=True)))
            count += 1
        sheet.finish()
    return count


@contextmanager
def _book(path: Path) -> Iterator[Any]:
    """A workbook that is written row by row."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # Rows go to temporary files as they come: beside the workbook, since the system's folder for them may be small.
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.rows.", ignore_cleanup_errors=True) as rows:
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": rows, "use_zip64": True})
        book.set_properties({"comments": WRITTEN_BY})
        yield book
        try:
            book.close()
        except FileCreateError as error:  # it hides what the operating system said
            raise error.args[0] from error


class _Sheets:
    """The sheets of one record type: `targets`, and `targets 2` where Excel's last row is reached."""

    def __init__(self, book: Any, name: str, columns: Mapping[str, str]) -> None:
        self.book, self.name, self.count = book, name[:_MAX_NAME], 0
        self.columns = list(columns.items())
        self.most = [_WIDE.get(name, _WIDEST) for name, _ in self.columns]
        self.head = book.add_format({"bold": True, "bottom": 1})
        top, wrapped = book.add_format({"valign": "top"}), book.add_format({"valign": "top", "text_wrap": True})
        self.styles = [wrapped if name in _WIDE else top for name, _ in self.columns]
        self._open()

    def _open(self) -> None:
        self.count += 1
        self.sheet = self.book.add_worksheet(self.name if self.count == 1 else f"{self.name} {self.count}")
        self.sheet.freeze_panes(1, 0)
        for at, (name, _) in enumerate(self.columns):
            self.sheet.write_string(0, at, name, self.head)
        self.widths = [len(name) + 3 for name, _ in self.columns]  # 3: the filter's button
        self.rows = 1

    def add(self, values: Mapping[str, Any]) -> None:
        if self.rows == _MAX_ROWS:
            self.finish()
            self._open()
        for at, (name, kind) in enumerate(self.columns):
            value = values.get(name)
            if value is not None:
                self._write(at, kind, value)
        self.rows += 1

    def _write(self, at: int, kind: str, value: Any) -> None:
        """Text as text and numbers as numbers: write() would guess, and run `=…` or link `http…`."""
        if kind in (NUMBER, INTEGER):
            if (number := as_float(value)) is not None:
                self.sheet.write_number(self.rows, at, number, self.styles[at])
            shown = str(value)
        else:
            shown = excel_text(joined(value) if kind == PATH else str(value))
            self.sheet.write_string(self.rows, at, shown, self.styles[at])
        if self.widths[at] < self.most[at]:
            self.widths[at] = min(max(self.widths[at], _width(shown[: self.most[at]]) + 1), self.most[at])

    def finish(self) -> None:
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width)
        self.sheet.autofilter(0, 0, self.rows - 1, len(self.columns) - 1)


def excel_text(text: str) -> str:
    """Text that Excel takes: without what XML cannot hold, and cut with a note of how much where it is too long."""
    text = _NOT_XML.sub("", text)
    if len(text) <= _MAX_CHARACTERS:
        return text
    kept = _MAX_CHARACTERS - len("… [1,000,000,000 more characters]")
    return f"{text[:kept]}… [{len(text) - kept:,} more characters]"


def _width(text: str) -> int:
    """How wide a text is shown, in digits: a Chinese character or mark is two bytes in GBK and takes two."""
    return len(text.encode("gbk", "replace"))
