"""The wide panel: a row for each region, year and period, a variable for each indicator, measure, target or result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from llmx.tasks.government.indicators import in_use
from llmx.tasks.government.panel.cells import Row, is_own, rank
from llmx.tasks.government.panel.codebook import MEASURES, TYPES, WIDE_HEADS, variable
from llmx.tasks.government.panel.units import unit_of


def widened(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """Long rows as wide ones.

    Args:
        rows: of any reports. Where several give one value - this year's report and next year's, a work report and a plan
            report - that of the report whose year it is stands, as `rank` says.

    Returns:
        The rows, sorted by region, year and period, and the variables, in the order of the vocabulary.
    """
    places: dict[tuple[Any, ...], _Place] = {}
    for row in rows:
        key = (row["code"] or row["region"] or row["report"], *(_head(row, name) for name in WIDE_HEADS[3:]))
        places.setdefault(key, _Place(row)).add(row)
    found = {name for place in places.values() for name in place.cells}
    ordered = sorted(places, key=lambda key: tuple((one is None, str(one)) for one in key))
    return [places[key].row() for key in ordered], [name for name in _variables() if name in found]


def _head(row: Row, name: str) -> Any:
    return None if name == "scope" and is_own(row["scope"]) else row[name]


def _variables() -> Iterable[str]:
    for indicator in in_use():
        for type in TYPES:
            for measure in MEASURES:
                yield variable(indicator.id, measure, type, False)
                yield variable(indicator.id, measure, type, True)


class _Place:
    """One region in one year or other span."""

    def __init__(self, first: Row) -> None:
        self.heads = {name: _head(first, name) for name in WIDE_HEADS}
        self.cells: dict[str, Row] = {}
        self.conflicts: dict[str, list[str]] = {}
        self.others: dict[str, None] = {}
        self.silent: dict[tuple[str, str], Row] = {}

    def add(self, row: Row) -> None:
        if row["status"] != "stated":
            self._keep(self.silent, (row["indicator_id"], row["type"]), row)
            return
        name = variable(row["indicator_id"], row["measure"], row["type"], row["stretch"])
        if (row["base_unit"] or "") != unit_of(in_use()[row["indicator_id"]], row["measure"]):
            self.others[f"{name}: {row['value']}{row['unit'] or ''} of {row['report']}"] = None
            return
        self._keep(self.cells, name, row)
        if row["conflict"]:
            self.conflicts.setdefault(f"{name} of {row['report']}", []).append(f"{row['value']}{row['unit'] or ''}")

    def _keep(self, kept: dict[Any, Row], key: Any, row: Row) -> None:
        if key not in kept or rank(row) < rank(kept[key]):
            kept[key] = row

    def row(self) -> Row:
        """The row, with its variables."""
        values = {name: one["base_value"] for name, one in self.cells.items()}
        conflicts = "; ".join(f"{name}: {', '.join(values)}" for name, values in self.conflicts.items())
        held = {(one["indicator_id"], one["type"]) for one in self.cells.values()}
        silent = [_silence(one) for key, one in self.silent.items() if key not in held]
        reports = dict.fromkeys(one["report"] for one in (*self.cells.values(), *self.silent.values()))
        return {
            **self.heads,
            **values,
            "reports": ", ".join(reports),
            "conflicts": conflicts or None,
            "other_units": "; ".join(self.others) or None,
            "without_value": "; ".join(silent) or None,
        }


def _silence(row: Row) -> str:
    words = f" ({row['quote']})" if row["status"] == "stated_without_number" else ""
    return f"{row['indicator_id']} {row['type']}: {row['status']}{words}"
