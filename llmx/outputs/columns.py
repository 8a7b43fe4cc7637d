"""The columns that every table has, in the order of the data contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llmx.records import Record

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
}
"""Every field of every record type, with the kind of its values."""


def row(record: Record) -> Iterator[Any]:
    """A record's values in the order of COLUMNS; None where a field does not apply."""
    return (getattr(record, name, None) for name in COLUMNS)


def record_json(record: Record) -> str:
    """A record as one line of JSON, without the fields that do not apply; UTF-8, not escaped."""
    return record.model_dump_json(exclude_none=True)
