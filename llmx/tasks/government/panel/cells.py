"""The cells of a panel: one figure of one report each, repeats folded, contradictions marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from llmx.figures import base_quantity
from llmx.records import Group, Number, Record
from llmx.tasks.government.indicators import in_use
from llmx.tasks.government.panel.units import in_unit
from llmx.tasks.government.records import Achievement, Target
from llmx.tasks.government.scope import PARTS

Status = Literal["stated", "stated_without_number", "stated_otherwise", "not_found", "not_stated"]
Row = dict[str, Any]
"""A cell's values by the names of `Cell` and of `OF_RECORD`."""


class Cell(Group):
    """What a cell of a panel has besides the fields of the record behind it."""

    type: Literal["target", "achievement"]
    """target: what is aimed at; achievement: the result that the report gives."""
    stretch: bool = False
    """Whether it is what a target is hoped to go beyond to: 7%以上，力争达到|8%."""
    status: Status = "stated"
    """stated: a value; stated_without_number: in words only (与经济增长同步); stated_otherwise: a value, but of another measure,
    period, year or scope than asked for; not_found: the indicator's words stand in the report and no value was made of
    them, or the text is not at hand; not_stated: the text does not name it."""
    conflict: bool = False
    """Whether the report gives another value for the same cell too: that one is a row of its own."""
    mentions: int = 1
    """How often the report gives this value."""
    indicator_name: str | None = None
    """The official name of the indicator (规范名)."""
    base_value_max: Number | None = None
    """The upper end of a range, in the base unit."""
    note: str | None = None
    """Why there is no value, where there is more to say than the status does."""


OF_RECORD: dict[str, str] = {
    **{name: name for name in ("region", "code", "level", "report", "report_year", "report_kind", "year")},
    **{name: name for name in ("period", "period_start", "period_end", "indicator_id", "indicator", "measure")},
    **{name: name for name in ("scope", "value", "value_max", "unit", "comparator", "approximation", "commitment")},
    **{name: name for name in ("base_value", "base_unit", "quote", "section", "location", "model", "stretch_of")},
    "quote_start": "start",  # Stata takes no variable named end
    "quote_end": "end",
    "record": "id",
}
"""Fields that a cell has from its record, by the cell's name for them."""
_KEY = (
    "year",
    "indicator_id",
    "measure",
    "type",
    "period",
    "period_start",
    "period_end",
    "scope",
    "stretch",
    "base_unit",
)
"""What makes one cell of a report; two values of one key contradict each other."""
_FILLED = {name: Cell.model_fields[name].default for name in ("status", "conflict", "mentions", "note")}


class Wanted(NamedTuple):
    """Which figures are wanted; what is empty asks for nothing."""

    indicators: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    measures: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset(("target", "achievement"))
    periods: frozenset[str] = frozenset(("annual", "at_end"))
    own: bool = True
    """Whether only figures of the reporting government as a whole are wanted."""

    def has(self, row: Row) -> bool:
        """Whether a figure is one of these. One whose year the report does not tell has no period, and counts as a year's."""
        return (
            (not self.years or row["year"] in self.years)
            and (not self.measures or row["measure"] in self.measures)
            and (not self.periods or (row["period"] or "annual") in self.periods)
            and (not self.own or is_own(row["scope"]))
        )

    def names(self, indicator: str, type: str) -> bool:
        """Whether an indicator is wanted as a target, or as a result."""
        return type in self.types and (not self.indicators or indicator in self.indicators)


def is_own(scope: str | None) -> bool:
    """Whether a figure is the reporting government's as a whole; 规上 in 规上工业增加值 is part of the indicator."""
    return scope is None or scope in PARTS


def figure_rows(records: Iterable[Record]) -> Iterator[Row]:
    """A row for each target and result with a figure that the vocabulary knows.

    Args:
        records: of one report, in text order.
    """
    for record in records:
        if isinstance(record, Target | Achievement) and record.indicator_id and record.value is not None:
            row = {name: getattr(record, field) for name, field in OF_RECORD.items()}
            row |= _FILLED
            row["type"], row["stretch"] = record.type, record.stretch_of is not None
            row["indicator_name"] = name_of(record.indicator_id)
            row |= _measured(record, record.indicator_id)
            yield row


def name_of(indicator: str) -> str | None:
    """The official name of an indicator; None for one that this vocabulary does not have."""
    return in_use()[indicator].name if indicator in in_use() else None


def _measured(record: Target | Achievement, indicator: str) -> Row:
    """The value and its upper end in the unit that the panel has the indicator in."""
    known, unit = in_use(), record.base_unit or ""
    values = [
        record.base_value,
        None if record.value_max is None else base_quantity(record.value_max, record.unit or "")[0],
    ]
    if indicator in known:
        made = [None if one is None else in_unit(one, unit, known[indicator], record.measure) for one in values]
        values, unit = [one and one[0] for one in made], next((one[1] for one in made if one), unit)
    return {"base_value": values[0], "base_value_max": values[1], "base_unit": unit or None}


def folded(rows: Iterable[Row]) -> list[Row]:
    """The rows of one report with each value of a cell once; where a cell has several, each is marked as a conflict.

    Args:
        rows: figures of one report, in text order.
    """
    cells: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        _add(cells.setdefault(tuple(row[name] for name in _KEY), []), row)
    for kept in cells.values():
        for row in kept if len(kept) > 1 else ():
            row["conflict"] = True
    return [row for kept in cells.values() for row in kept]


def _add(kept: list[Row], row: Row) -> None:
    """Add a figure to those of its cell, or count it where one of them says the same."""
    for at, other in enumerate(kept):
        if _agree(other, row):
            best = row if row["type"] == "achievement" and _step(row) < _step(other) else other
            kept[at] = {**best, "mentions": other["mentions"] + 1}
            return
    kept.append(row)


def _agree(one: Row, other: Row) -> bool:
    """Whether two figures of a cell say the same: 601.7亿元 and, of a result, 站上600亿元 or 602亿元.

    A target of 6% is no other way to write 5.5%, and a rate of growth is written to a tenth for a reason.
    """
    if (one["base_value"], one["base_value_max"]) == (other["base_value"], other["base_value_max"]):
        return True
    if one["type"] == "target" or one["measure"] != "level" or None in (one["base_value"], other["base_value"]):
        return False
    loose, exact = sorted((one, other), key=_step, reverse=True)
    beyond = exact["base_value"] - loose["base_value"]
    if loose["comparator"] in (">", ">="):
        return bool(0 <= beyond < _step(loose))
    if loose["comparator"] in ("<", "<="):
        return bool(0 <= -beyond < _step(loose))
    return bool(2 * abs(beyond) <= _step(loose))


def _step(row: Row) -> float:
    """What one in the last digit of a figure is worth, in its base unit; a round number said loosely ends before its zeros."""
    value = Decimal(str(row["value"]))
    loose = row["comparator"] not in ("=", "range")
    exponent = (value.normalize() if loose else value).as_tuple().exponent
    factor = abs(row["base_value"] / row["value"]) if row["value"] else 1
    return float(10 ** int(exponent)) * factor


def rank(row: Row) -> tuple[int, int]:
    """How near a report is to be asked for a figure: the report whose plan or review it belongs to before later ones, a
    government's work report before its plan report."""
    due = row["year"] if row["type"] == "target" else row["year"] and row["year"] + 1
    kinds = {"work_report": 0, "plan_report": 1}
    return int(row["report_year"] != due), kinds.get(row["report_kind"], 2)
