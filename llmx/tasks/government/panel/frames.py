"""Rows as a pandas DataFrame, with types that do not depend on the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from llmx.errors import UsageError
from llmx.tasks.government.panel.codebook import Column

if TYPE_CHECKING:
    import pandas

_TYPES = {"text": "string", "integer": "Int64", "number": "Float64", "flag": "boolean"}


def check_pandas() -> None:
    """Raises UsageError where pandas is not installed."""
    try:
        import pandas  # noqa: F401
    except ImportError as error:
        raise UsageError('a panel needs pandas; install it: pip install "llmx-extract[panel]"') from error


def as_frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pandas.DataFrame:
    """The rows, a column a column; what takes few values is categorical, with all of them.

    Args:
        rows: values by the names of the columns; one that is not there is null.
        columns: in order.
    """
    import pandas as pd

    found: dict[str, Any] = {}
    for column in columns:
        values = [row.get(column.name) for row in rows]
        if column.values:
            found[column.name] = pd.Categorical(values, categories=list(column.values))
        else:
            found[column.name] = pd.Series(
                _numbers(values) if column.kind == "number" else values, dtype=_TYPES[column.kind]
            )
    return pd.DataFrame(found)


def _numbers(values: Sequence[Any]) -> list[float | None]:
    """Numbers as floats; a run of 400 digits is beyond them."""
    return [None if one is None else _number(one) for one in values]


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None
