"""Records as dataframes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from llmx.errors import UsageError
from llmx.outputs.columns import COLUMNS, INTEGER, NUMBER, PATH, TEXT, typed_row
from llmx.records import Record

if TYPE_CHECKING:
    import pandas
    import polars


def to_pandas(records: Iterable[Record]) -> pandas.DataFrame:
    """A pandas DataFrame with the columns of the data contract, whatever the records.

    Raises:
        UsageError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise not_installed("pandas") from error
    types: dict[str, Any] = {TEXT: "string", INTEGER: "Int64", NUMBER: "Float64", PATH: "object"}
    columns = _columns(records)
    return pd.DataFrame({name: pd.Series(values, dtype=types[COLUMNS[name]]) for name, values in columns.items()})


def to_polars(records: Iterable[Record]) -> polars.DataFrame:
    """A polars DataFrame with the columns of the data contract, whatever the records.

    Raises:
        UsageError: polars is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise not_installed("polars") from error
    types: dict[str, Any] = {TEXT: pl.String, INTEGER: pl.Int64, NUMBER: pl.Float64, PATH: pl.List(pl.String)}
    columns = _columns(records)
    return pl.DataFrame(
        [pl.Series(name, values, dtype=types[COLUMNS[name]], strict=False) for name, values in columns.items()]
    )


def _columns(records: Iterable[Record]) -> dict[str, list[Any]]:
    rows = [typed_row(record) for record in records]
    return {name: [values[at] for values in rows] for at, name in enumerate(COLUMNS)}


def not_installed(library: str) -> UsageError:
    """The error that says how to get a library of dataframes."""
    return UsageError(f'{library} is not installed; install it: pip install "llmx-extract[{library}]"')
