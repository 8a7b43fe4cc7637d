"""What a query found: rows, a DataFrame, or a file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from llmx.documents.inputs import free_name
from llmx.errors import OutputError, UsageError
from llmx.outputs import check_formats
from llmx.outputs.files import check_place, make_folder, whole, writing
from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import write_rows
from llmx.task.fields import INTEGER, NUMBER, PATH, TEXT

if TYPE_CHECKING:
    import duckdb
    import pandas

_BATCH = 4_000
_KINDS = {"list": PATH, "array": PATH, "double": NUMBER, "float": NUMBER, "decimal": NUMBER, "hugeint": NUMBER}
_WHOLE = ("tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger")


class Answer:
    """The rows that a query finds, read as they are asked for.

    Args:
        base: the database that is asked.
        sql: the query, which it takes.
        asking: turns the database's errors into llmx's.
    """

    def __init__(
        self, base: duckdb.DuckDBPyConnection, sql: str, asking: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._base, self._sql, self._asking = base, sql, asking
        with asking():
            relation = base.sql(sql)
            kinds = [str(one.id) for one in relation.types]
        names: set[str] = set()
        self.columns = {
            free_name(name, names): INTEGER if kind in _WHOLE else _KINDS.get(kind, TEXT)
            for name, kind in zip(relation.columns, kinds, strict=True)
        }
        """Its columns with the kind of their values: text, integer, number or path; of two of one name the second is
        numbered."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The rows, in order.

        Raises:
            UsageError: the query fails at some row.
        """
        with self._asking():
            found = self._base.cursor().execute(self._sql)
        while True:
            with self._asking():
                rows = found.fetchmany(_BATCH)
            yield from rows
            if not rows:
                return

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a DataFrame; it needs pandas.

        Raises:
            UsageError: the query fails at some row.
        """
        with self._asking():
            frame: pandas.DataFrame = self._base.cursor().execute(self._sql).df()
        return frame.set_axis(list(self.columns), axis=1)

    def write(self, to: str | PathLike[str], *, force: bool = False) -> int:
        """Write the rows to a file: .csv, .parquet, .json, .jsonl or .xlsx.

        Returns:
            How many they are.

        Raises:
            OutputError: the file cannot be written, or is there and `force` is not given.
            UsageError: the suffix is none of these, a library is not installed, or the query fails.
        """
        path = Path(to)
        suffix = path.suffix.lower()
        if suffix not in _WRITERS:
            raise UsageError(f"{path}: an answer is written as {', '.join(_WRITERS)}; give a file that ends so")
        if suffix in (".parquet", ".xlsx"):
            check_formats([suffix[1:]])
        make_folder(path.parent)
        check_place(path)
        if path.exists() and not force:
            raise OutputError(f"{path}: is there already; give another file, or --force to overwrite it")
        with whole(path) as hidden:
            return _WRITERS[suffix](self, hidden)

    def write_lines(self, stream: TextIO) -> int:
        """Write the rows as lines of JSON to an open stream.

        Raises:
            OutputError: the stream takes no more.
        """
        count = 0
        for row in self:
            with writing("the output stream"):
                stream.write(f"{_json(dict(zip(self.columns, row, strict=True)))}\n")
            count += 1
        return count

    def batches(self) -> Any:
        """The rows as Arrow's record batches; it needs pyarrow.

        Raises:
            UsageError: the query is refused.
        """
        with self._asking():
            found: Any = self._base.sql(self._sql)
            reading = getattr(found, "to_arrow_reader", None) or found.fetch_arrow_reader  # DuckDB 1 has the latter
            return reading(_BATCH)


def plain(value: Any) -> Any:
    """A value as csv and workbooks hold it: what has parts as JSON, days and times as ISO has them."""
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, str | int | float | list | tuple):
        return value
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, default=lambda one: float(one) if isinstance(one, Decimal) else str(one)
    )


def _counted(rows: Iterable[tuple[Any, ...]], write: Callable[[list[Any]], object]) -> int:
    count = 0
    for row in rows:
        write([plain(value) for value in row])
        count += 1
    return count


def _write_csv(answer: Answer, path: Path) -> int:
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(answer.columns))
        return _counted(answer, lambda row: file.write(csv_line(row)))


def _write_jsonl(answer: Answer, path: Path) -> int:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        return answer.write_lines(file)


def _write_json(answer: Answer, path: Path) -> int:
    """A list of objects, one a line."""
    count = 0
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for row in answer:
            file.write(f"{',' * (count > 0)}\n{_json(dict(zip(answer.columns, row, strict=True)))}")
            count += 1
        file.write("\n]\n")
    return count


def _write_parquet(answer: Answer, path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    reader, count = answer.batches(), 0
    schema = pa.schema([one.with_name(name) for one, name in zip(reader.schema, answer.columns, strict=True)])
    with pq.ParquetWriter(path, schema) as out:
        for batch in reader:
            out.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            count += batch.num_rows
    return count


def _write_xlsx(answer: Answer, path: Path) -> int:
    return write_rows(([plain(value) for value in row] for row in answer), answer.columns, path)


_WRITERS: dict[str, Callable[[Answer, Path], int]] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".json": _write_json,
    ".jsonl": _write_jsonl,
    ".xlsx": _write_xlsx,
}
