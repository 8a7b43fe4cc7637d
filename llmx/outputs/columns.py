"""The columns that every table has, in the order of the data contract."""

from __future__ import annotations

import math
from typing import Any

from llmx.records import Number, Record

TEXT, INTEGER, NUMBER, PATH = "text", "integer", "number", "path"

COLUMNS: dict[str, str] = {
    "id": TEXT,
    "report": TEXT,
    "type": TEXT,
    "kind": TEXT,
    "quote": TEXT,
    "start": INTEGER,
    "end": INTEGER,
    "section": PATH,
    "year": INTEGER,
    "indicator": TEXT,
    "figure": TEXT,
    "figure_start": INTEGER,
    "figure_end": INTEGER,
    "value": NUMBER,
    "value_max": NUMBER,
    "unit": TEXT,
    "measure": TEXT,
    "comparator": TEXT,
    "modifier": TEXT,
    "scope": TEXT,
    "base_value": NUMBER,
    "base_unit": TEXT,
    "name": TEXT,
    "stage": TEXT,
    "status": TEXT,
    "amount": NUMBER,
    "amount_unit": TEXT,
    "domain": TEXT,
    "grounding": TEXT,
    "model": TEXT,
    "margin": NUMBER,
    "place": TEXT,
}
"""Every field of every record type, with the kind of its values."""


def typed_row(record: Record) -> list[Any]:
    """A record's values for tables with typed columns, in the order of COLUMNS: numbers as floats, paths as lists."""
    return [_CONVERSIONS[kind](getattr(record, name, None)) for name, kind in COLUMNS.items()]


def joined(section: tuple[str, ...]) -> str:
    """A heading path in one cell."""
    return " / ".join(section)


def as_float(number: Number | None) -> float | None:
    """A number as float columns hold it; None for one that is beyond them (a run of 400 digits, an infinity)."""
    try:
        value = math.nan if number is None else float(number)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _as_is(value: Any) -> Any:
    return value


def _as_list(section: tuple[str, ...] | None) -> list[str]:
    return list(section or ())


_CONVERSIONS: dict[str, Any] = {TEXT: _as_is, INTEGER: _as_is, NUMBER: as_float, PATH: _as_list}
