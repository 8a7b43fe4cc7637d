"""What each column of a panel means, which values it takes and in which unit: taken from the models, so that it cannot be out
of date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from llmx.tasks.government.indicators import in_use
from llmx.tasks.government.panel.cells import OF_RECORD, Cell
from llmx.tasks.government.panel.units import unit_of
from llmx.tasks.government.records import Target

_LABELS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
WIDE_HEADS = ("region", "code", "level", "year", "period", "period_start", "period_end", "scope")
"""What a row of the wide panel is of."""
WIDE_TAILS = {
    "reports": "The reports that its values are from.",
    "conflicts": "Indicators of which a report gives several values, with them; the first one stands in the row.",
    "other_units": "Values in another unit than the variable's, dollars for instance, which are in no variable.",
    "without_value": "Indicators that a report gives no value for, with the status that the long panel has.",
}
_MEANINGS = {
    "quote_start": "Where the quote begins, in Unicode code points of the report's text.",
    "quote_end": "Where the quote ends, exclusive.",
    "record": "The id of the record behind the cell: the report's first of this value.",
    "section": "The headings above it, outermost first.",
    "base_value": "The value in the unit that the panel has the indicator in, without 万 and 亿: 2亿斤 of grain is 100000 吨.",
    "base_unit": "That unit; money stays in the currency it is written in.",
    "value_max": "The upper end of a range, as written.",
}
_OF_UNIT = {"value": "unit", "value_max": "unit", "base_value": "base_unit", "base_value_max": "base_unit"}
_INPUT = 20
"""Characters of a heading in a name; Stata takes names of 32."""
MEASURES = {"level": "l", "growth": "g", "change": "c"}
TYPES = {"target": "t", "achievement": "r"}


class Column(NamedTuple):
    """One column."""

    name: str
    """ASCII, a name that Stata takes."""
    label: str
    """In Chinese."""
    meaning: str
    """In English."""
    kind: Literal["text", "integer", "number", "flag"]
    values: Mapping[str, str] | None = None
    """The values that it may take, each with its Chinese name; None where they are not counted."""
    unit: str | None = None
    """The unit of its numbers, or the column that says it."""


@lru_cache(maxsize=1)
def long_columns() -> tuple[Column, ...]:
    """The columns of the long panel, in order."""
    return tuple(_column(name) for name in _LABELS["columns"] if name not in WIDE_TAILS)


def wide_columns(variables: Iterable[str]) -> tuple[Column, ...]:
    """The columns of a wide panel.

    Args:
        variables: its variables, as `variable` names them.
    """
    heads = tuple(_column(name) for name in WIDE_HEADS)
    tails = (Column(name, _LABELS["columns"][name], text, "text") for name, text in WIDE_TAILS.items())
    return (*heads, *map(_variable, variables), *tails)


def input_columns(headings: Iterable[str]) -> dict[str, Column]:
    """Columns of the long panel for those of the input table, by their headings; in ASCII, as Stata wants names."""
    found: dict[str, Column] = {}
    taken: set[str] = set()
    for number, heading in enumerate(headings, 1):
        plain = re.sub("[^a-z0-9]+", "_", heading.lower()).strip("_")[:_INPUT] or f"column{number}"
        name = f"input_{plain}"
        while name in taken:
            name = f"input_{plain}_{number}"
        taken.add(name)
        meaning = f"The column {heading!r} of the table that the report is a row of."
        found[heading] = Column(name, heading, meaning, "text")
    return found


def variable(indicator: str, measure: str | None, type: str, stretch: bool) -> str:
    """The name of a variable: gdp_gt is the target for the growth of GDP, gdp_lr the level reached; an s is a stretch."""
    return f"{indicator}_{MEASURES[measure or 'level']}{TYPES[type]}{'s' * stretch}"


def _variable(name: str) -> Column:
    indicator, _, marks = name.rpartition("_")
    measure = next(one for one, mark in MEASURES.items() if mark == marks[0])
    type = next(one for one, mark in TYPES.items() if mark == marks[1])
    row, stretch = in_use()[indicator], len(marks) > 2
    unit = unit_of(row, measure) or None
    names = _LABELS["values"]
    of = ("奋斗" if stretch else "") + names["type"][type]
    label = f"{row.name}：{names['measure'][measure]}（{of}{f'，{unit}' if unit else ''}）"
    meaning = f"{row.english}: {measure}, {type}{', stretch' if stretch else ''}"
    return Column(name, label, meaning, "number", unit=unit)


def _column(name: str) -> Column:
    field = Cell.model_fields[name] if name in Cell.model_fields else Target.model_fields[OF_RECORD[name]]
    meaning = _MEANINGS.get(name) or " ".join((field.description or "").split())
    values = _values(field)
    labels = {value: _LABELS["values"][name][value] for value in values} if values else None
    return Column(name, _LABELS["columns"][name], meaning, _kind(field), labels, _OF_UNIT.get(name))


def _parts(field: FieldInfo) -> list[Any]:
    """The types of a field, None left out."""
    given = field.annotation
    parts = get_args(given) if get_origin(given) in (Union, type(int | str)) else (given,)
    return [one for one in parts if one is not type(None)]


def _values(field: FieldInfo) -> tuple[str, ...]:
    parts = _parts(field)
    return get_args(parts[0]) if get_origin(parts[0]) is Literal else ()


def _kind(field: FieldInfo) -> Literal["text", "integer", "number", "flag"]:
    parts = set(map(str, _parts(field)))
    if parts == {str(bool)}:
        return "flag"
    if str(float) in parts:
        return "number"
    return "integer" if parts == {str(int)} else "text"


def indicator_table(ids: Iterable[str]) -> list[dict[str, str | None]]:
    """The indicators of a panel: id, 规范名, English, dimension, units, code of the National Bureau of Statistics."""
    used = set(ids)
    return [
        {
            "indicator_id": one.id,
            "name": one.name,
            "english": one.english,
            "dimension": one.dimension,
            "units": " ".join(filter(None, one.units)) or None,
            "nbs": one.nbs,
        }
        for one in in_use()
        if one.id in used
    ]
