"""Records as dataframes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from llmx.errors import UsageError
from llmx.outputs.columns import NONE_BESIDE, RowColumns, typed_row
from llmx.records import Record
from llmx.task import Task, open_task
from llmx.task.fields import INTEGER, NUMBER, PATH, TEXT

if TYPE_CHECKING:
    import pandas
    import polars


def to_pandas(
    records: Iterable[Record], task: Task | None = None, beside: RowColumns = NONE_BESIDE
) -> pandas.DataFrame:
    """A pandas DataFrame with all columns of the task's records, whichever there are.

    Raises:
        UsageError: pandas is not installed.
    """
    columns = open_task(task).columns
    return frame_of([typed_row(record, columns, beside) for record in records], {**columns, **beside.columns})


def frame_of(rows: Sequence[Sequence[Any]], columns: Mapping[str, str]) -> pandas.DataFrame:
    """A pandas DataFrame of rows, with types that do not depend on the data.

    Args:
        rows: the values of each row, in the order of the columns.
        columns: the columns with the kind of their values.

    Raises:
        UsageError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise not_installed("pandas") from error
    types: dict[str, Any] = {TEXT: "string", INTEGER: "Int64", NUMBER: "Float64", PATH: "object"}
    named = enumerate(columns.items())
    return pd.DataFrame({name: pd.Series([row[at] for row in rows], dtype=types[kind]) for at, (name, kind) in named})


def to_polars(
    records: Iterable[Record], task: Task | None = None, beside: RowColumns = NONE_BESIDE
) -> polars.DataFrame:
    """A polars DataFrame with all columns of the task's records, whichever there are.

    Raises:
        UsageError: polars is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise not_installed("polars") from error
    types: dict[str, Any] = {TEXT: pl.String, INTEGER: pl.Int64, NUMBER: pl.Float64, PATH: pl.List(pl.String)}
    columns = _columns(records, open_task(task).columns, beside)
    return pl.DataFrame([pl.Series(name, values, dtype=types[kind], strict=False) for (name, kind), values in columns])


def _columns(
    records: Iterable[Record], columns: Mapping[str, str], beside: RowColumns
) -> Iterator[tuple[tuple[str, str], list[Any]]]:
    """Each column with its kind, and its values."""
    rows = [typed_row(record, columns, beside) for record in records]
    for at, column in enumerate({**columns, **beside.columns}.items()):
        yield column, [values[at] for values in rows]


def not_installed(library: str) -> UsageError:
    """The error that says how to get a library of dataframes."""
    return UsageError(f'{library} is not installed; install it: pip install "llmx-extract[{library}]"')
