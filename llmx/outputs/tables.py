"""Tables of records: csv, parquet, xlsx. Each streams: it is given records one by one and holds few."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from llmx.errors import UsageError
from llmx.outputs.columns import NONE_BESIDE, RowColumns, joined, typed_row
from llmx.outputs.files import partial
from llmx.outputs.workbook import write_xlsx
from llmx.records import Record
from llmx.task import Task
from llmx.task.fields import INTEGER, NUMBER, PATH, TEXT

FORMATS = ("jsonl", "csv", "parquet", "xlsx")
_NEEDED = {"parquet": "pyarrow", "xlsx": "xlsxwriter"}
_ROW_GROUP = 4_000
"""Records held while a parquet row group is made: 165 MB at the peak, with 10,000 it was 208."""

# What a spreadsheet runs as a formula (OWASP, CSV Injection), with the full-width signs that some take for them; a sign
# alone is none, and the comparator = stays as it is.
_FORMULA = re.compile(r"'*(?:[=+\-@＝＋－＠].|[\t\r\n])", re.DOTALL)


def check_formats(formats: Iterable[str]) -> None:
    """Make sure that each format can be written, before any work is done.

    Raises:
        UsageError: a format is not known, or needs a library that is not installed.
    """
    for name in formats:
        if name not in FORMATS:
            raise UsageError(f"no format named {name!r}; there are {', '.join(FORMATS)}")
        if library := _missing(name):
            raise UsageError(f'the format {name!r} needs {library}; install it: pip install "llmx-extract[{name}]"')


def _missing(format: str) -> str | None:
    """The library that a format needs and that is not installed."""
    library = _NEEDED.get(format)
    return library if library and find_spec(library) is None else None


def table_path(folder: Path, format: str) -> Path:
    """Where a table of this format stands in a run's folder."""
    return folder / f"records.{format}"


def table_paths(folder: Path) -> list[Path]:
    """Where the tables of a run's folder stand, if there are any."""
    return [table_path(folder, name) for name in FORMATS if name != "jsonl"]


def present_tables(folder: Path) -> list[Path]:
    """The tables that a folder has and that can be written here."""
    return [path for path in table_paths(folder) if path.is_file() and _missing(path.suffix[1:]) is None]


def write_table(
    format: str, records: Iterable[Record], path: Path, task: Task, beside: RowColumns = NONE_BESIDE
) -> Path:
    """Write records as csv, parquet or xlsx under a hidden name.

    Args:
        format: csv, parquet or xlsx.
        records: read once, in order.
        path: where the table is to stand.
        task: what they are records of.
        beside: what the input table says of their reports.

    Returns:
        Where it stands for now.

    Raises:
        OutputError: it cannot be written.
    """
    with partial(path) as hidden:
        WRITERS[format](records, hidden, task, beside)
    return hidden


def _write_csv(records: Iterable[Record], path: Path, task: Task, beside: RowColumns = NONE_BESIDE) -> None:
    """UTF-8 with byte order mark, so that Excel reads Chinese; no cell that it would run."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(columns := [*task.columns, *beside.columns]))
        file.writelines(csv_line(map(beside.values_of(record).get, columns)) for record in records)


def csv_line(values: Iterable[Any]) -> str:
    """A line of csv, in which no cell begins as a formula does; `csv_text` gives a cell back."""
    return ",".join(map(_csv_cell, values)) + "\r\n"


def _csv_cell(value: Any) -> str:
    """Null is empty, a number bare, and every text between quotes.

    Where a spreadsheet splits at `;` or tabs, what follows one in an unquoted text would begin a cell (OWASP again).
    csv.QUOTE_NONNUMERIC would quote nulls too, and polars then reads a column of numbers as text.
    """
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        value = joined(value)
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    safe = f"'{value}" if _FORMULA.match(value) else value
    return '"' + safe.replace('"', '""') + '"'


def csv_text(cell: str) -> str:
    """A cell of `csv_line` as it was: without the mark that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _write_parquet(records: Iterable[Record], path: Path, task: Task, beside: RowColumns = NONE_BESIDE) -> None:
    """Row groups of bounded size, with types that do not depend on the data."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {TEXT: pa.string(), INTEGER: pa.int64(), NUMBER: pa.float64(), PATH: pa.list_(pa.string())}
    schema = pa.schema([(name, types[kind]) for name, kind in {**task.columns, **beside.columns}.items()])
    with pq.ParquetWriter(path, schema) as out:
        for batch in _batches(records):
            columns = zip(*(typed_row(record, task.columns, beside) for record in batch), strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            out.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    records = iter(records)
    while batch := list(islice(records, _ROW_GROUP)):
        yield batch


WRITERS = {"csv": _write_csv, "parquet": _write_parquet, "xlsx": write_xlsx}
"""What writes records as a table to a path, by the table's format."""
