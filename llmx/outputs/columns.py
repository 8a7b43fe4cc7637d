"""The values of a table's cells, by the kind of their column."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from llmx.records import Number, Record
from llmx.task import Task
from llmx.task.fields import INTEGER, NUMBER, PATH, TEXT, values_of

if TYPE_CHECKING:
    from llmx.outputs.manifest import InputSummary

LONGEST_REPEATED = 200
"""Characters of a cell that is repeated for each record; a longer text stands in tables of reports alone."""


class RowColumns:
    """Columns that stand beside a task's in tables of its records: what the input table says of each report besides.

    Args:
        rows: what its row says of each report, by heading.
        taken: the columns that no other may be called as.
    """

    def __init__(self, rows: Iterable[tuple[str, Mapping[str, str]]] = (), taken: Iterable[str] = ()) -> None:
        listed = [(report, row) for report, row in rows if row]
        self._rows = dict(listed)
        names = {name.casefold() for name in taken}
        self.names: dict[str, str] = {}
        """Every column by its heading."""
        for heading in dict.fromkeys(heading for _, row in listed for heading in row):
            self.names[heading] = _free(f"input_{heading}", names)
        long = {heading for _, row in listed for heading, value in row.items() if len(value) > LONGEST_REPEATED}
        self.columns = {name: TEXT for heading, name in self.names.items() if heading not in long}
        """Those that are repeated for each record of a report."""

    @classmethod
    def of_reports(cls, reports: Iterable[InputSummary], task: Task) -> Self:
        """Those of a run's reports."""
        return cls(((one.report, one.row) for one in reports), task.columns)

    def named(self, row: Mapping[str, str]) -> dict[str, str]:
        """A row by column."""
        return {self.names[heading]: value for heading, value in row.items()}

    def of(self, report: str) -> dict[str, str]:
        """What is repeated for each record of a report."""
        row = self._rows.get(report)
        return {name: value for name, value in self.named(row).items() if name in self.columns} if row else {}

    def values_of(self, record: Record) -> Mapping[str, Any]:
        """A record's values by column, with its report's."""
        values = values_of(record)
        return {**values, **self.of(record.report)} if self._rows else values


NONE_BESIDE = RowColumns()


def _free(name: str, taken: set[str]) -> str:
    while name.casefold() in taken:  # databases know no case
        name += "_"
    taken.add(name.casefold())
    return name


def typed_row(record: Record, columns: Mapping[str, str], beside: RowColumns = NONE_BESIDE) -> list[Any]:
    """A record's values for tables with typed columns: numbers as floats, paths as lists.

    Args:
        record: any record.
        columns: the table's columns with the kind of their values, as `Task.columns` has them.
        beside: further columns.
    """
    values = beside.values_of(record)
    return [_CONVERSIONS[kind](values.get(name)) for name, kind in {**columns, **beside.columns}.items()]


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
