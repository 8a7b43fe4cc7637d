"""The values of a table's cells, by the kind of their column."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from llmx.records import Number, Record
from llmx.task.fields import INTEGER, NUMBER, PATH, TEXT, values_of


def typed_row(record: Record, columns: Mapping[str, str]) -> list[Any]:
    """A record's values for tables with typed columns: numbers as floats, paths as lists.

    Args:
        record: any record.
        columns: the table's columns with the kind of their values, as `Task.columns` has them.
    """
    values = values_of(record)
    return [_CONVERSIONS[kind](values.get(name)) for name, kind in columns.items()]


def joined(path: Sequence[Any]) -> str:
    """A heading path, or another list, in one cell."""
    return " / ".join(map(_text, path))


def _text(item: Any) -> str:
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def as_float(number: Number | None) -> float | None:
    """A number as float columns hold it; None for one that is beyond them (a run of 400 digits, an infinity)."""
    try:
        value = math.nan if number is None else float(number)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _as_is(value: Any) -> Any:
    return value


def _as_list(path: Sequence[Any] | None) -> list[str]:
    return list(map(_text, path or ()))


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else str(value).lower()


_CONVERSIONS: dict[str, Any] = {TEXT: _as_text, INTEGER: _as_is, NUMBER: as_float, PATH: _as_list}
