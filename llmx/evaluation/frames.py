"""Tables as dataframes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmx.outputs.frames import not_installed

if TYPE_CHECKING:
    import pandas
    import polars


def pandas_frame(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    """A pandas DataFrame of lines that share their names; what is absent is NA, and counts stay whole.

    Raises:
        UsageError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise not_installed("pandas") from error
    return pd.DataFrame(rows).convert_dtypes()


def polars_frame(rows: list[dict[str, Any]]) -> polars.DataFrame:
    """A polars DataFrame of lines that share their names.

    Raises:
        UsageError: polars is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise not_installed("polars") from error
    return pl.DataFrame(rows, infer_schema_length=None)  # a column may begin with many nulls
