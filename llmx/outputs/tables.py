"""Tables of records: csv, parquet, xlsx. Each streams: it is given records one by one and holds few."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from llmx.errors import UsageError
from llmx.outputs.columns import COLUMNS, INTEGER, NUMBER, PATH, TEXT, row
from llmx.outputs.files import partial, put_in_place, writing
from llmx.records import RECORD_TYPES, Record

FORMATS = ("jsonl", "csv", "parquet", "xlsx")
_NEEDED = {"parquet": "pyarrow", "xlsx": "xlsxwriter"}
_BATCH = 10_000

# What a spreadsheet runs as a formula (OWASP, CSV Injection), with the full-width signs that some take for them.
_FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def check_formats(formats: Iterable[str]) -> None:
    """Make sure that each format can be written, before any work is done.

    Raises:
        UsageError: a format is not known, or needs a library that is not installed.
    """
    for name in formats:
        if name not in FORMATS:
            raise UsageError(f"no format named {name!r}; there are {', '.join(FORMATS)}")
        library = _NEEDED.get(name)
        if library and find_spec(library) is None:
            raise UsageError(f'the format {name!r} needs {library}; install it: pip install "llmx-extract[{name}]"')


def write_table(format: str, records: Iterable[Record], folder: Path) -> Path:
    """Write `records.csv`, `records.parquet` or `records.xlsx` into a folder.

    Args:
        format: csv, parquet or xlsx.
        records: read once, in order.
        folder: it must exist.

    Raises:
        OutputError: the file cannot be written.
    """
    path = folder / f"records.{format}"
    write = {"csv": _write_csv, "parquet": _write_parquet, "xlsx": _write_xlsx}[format]
    try:
        with writing(path):
            write(records, partial(path))
        put_in_place(path)
    finally:
        partial(path).unlink(missing_ok=True)
    return path


def _write_csv(records: Iterable[Record], path: Path) -> None:
    """UTF-8 with byte order mark, so that Excel reads Chinese; no cell that it would run."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for record in records:
            out.writerow([_cell(value) for value in row(record)])


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        value = " / ".join(value)
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _write_parquet(records: Iterable[Record], path: Path) -> None:
    """Row groups of bounded size, with types that do not depend on the data."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {TEXT: pa.string(), INTEGER: pa.int64(), NUMBER: pa.float64(), PATH: pa.list_(pa.string())}
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    with pq.ParquetWriter(path, schema) as out:
        for batch in _batches(records):
            columns = zip(*(row(record) for record in batch), strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            out.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    records = iter(records)
    while batch := list(islice(records, _BATCH)):
        yield batch


_WIDTHS = {
    "quote": 60,
    "section": 36,
    "indicator": 30,
    "name": 30,
    "id": 18,
    "report": 20,
    "figure": 14,
    "modifier": 14,
}
_LAST_ROW = 1_048_575
_LONGEST_CELL = 32_767
_SHEETS = {"target": "targets", "achievement": "achievements", "project": "projects", "problem": "problems"}


def _write_xlsx(records: Iterable[Record], path: Path) -> None:
    """A sheet a record type, its own columns only; the header frozen, filters on, long text wrapped."""
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # Rows go to temporary files as they come; only one sheet's row is in memory.
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, **plain})
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    top = book.add_format({"valign": "top"})
    sheets = {type: _Sheet(book, type, bold, wrapped, top) for type in _SHEETS}
    for record in records:
        sheets[record.type].add(record)
    for sheet in sheets.values():
        sheet.finish()
    book.close()


class _Sheet:
    """The sheets of one record type: a further one where Excel's last row is reached."""

    def __init__(self, book: Any, type: str, bold: Any, wrapped: Any, top: Any) -> None:
        self.book, self.type, self.bold, self.wrapped, self.top = book, type, bold, wrapped, top
        self.columns = [name for name in COLUMNS if name in RECORD_TYPES[type].model_fields]
        self.number = 0
        self.open()

    def open(self) -> None:
        self.number += 1
        name = _SHEETS[self.type] if self.number == 1 else f"{_SHEETS[self.type]} {self.number}"
        self.sheet = self.book.add_worksheet(name)
        self.sheet.freeze_panes(1, 0)
        for at, column in enumerate(self.columns):
            self.sheet.set_column(
                at, at, _WIDTHS.get(column, max(9, len(column) + 2)), self.wrapped if column == "quote" else self.top
            )
        self.sheet.write_row(0, 0, self.columns, self.bold)
        self.row = 0

    def add(self, record: Record) -> None:
        if self.row == _LAST_ROW:
            self.finish()
            self.open()
        self.row += 1
        for at, column in enumerate(self.columns):
            value = getattr(record, column)
            if value is not None:
                self.sheet.write(self.row, at, _xlsx_cell(value))

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, self.row, len(self.columns) - 1)


def _xlsx_cell(value: Any) -> Any:
    if isinstance(value, tuple):
        value = " / ".join(value)
    if not isinstance(value, str):
        return value
    text = _NOT_XML.sub("", value)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
