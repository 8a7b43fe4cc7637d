"""One unit an indicator, so that the values of a column can be compared."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

from llmx.records import Measure, Number
from llmx.tasks.government.indicator import COUNTED, RATED, Indicator

_ROWS = tomllib.loads(Path(__file__).with_name("units.toml").read_text(encoding="utf-8"))["unit"]
_FACTORS = {(one, row["to"]): (row.get("times", 1), row.get("over", 1)) for row in _ROWS for one in row["from"]}


def unit_of(indicator: Indicator, measure: Measure | str | None) -> str:
    """The unit that a panel has an indicator in: %, 个百分点 for the change of a share, else its first."""
    if measure == "growth":
        return "%"
    return "个百分点" if measure == "change" and indicator.dimension in RATED else indicator.units[0]


def in_unit(value: Number, unit: str, indicator: Indicator, measure: Measure | str | None) -> tuple[Number, str]:
    """A value in the panel's unit of its indicator, or as it is where nothing but a rate of exchange would bring it there.

    Args:
        value: in `unit`.
        unit: a base unit, without 万 and 亿.
        indicator: what is measured.
        measure: level, growth or change.

    Returns:
        Value and unit: 2000 斤 of grain is 1 吨.
    """
    wanted = unit_of(indicator, measure)
    if unit == wanted or measure == "growth":
        return value, unit
    if (unit, wanted) in _FACTORS:
        times, over = _FACTORS[unit, wanted]
        exact = Decimal(str(value)) * times / over
        return (int(exact) if exact == exact.to_integral_value() else float(exact)), wanted
    counted = indicator.dimension in COUNTED and (not unit or unit in indicator.units)
    return value, wanted if counted else unit
