"""Reports as rows of a table: what was read, what each says of itself, and how much was found in it."""

from __future__ import annotations

import json
from typing import Any

from llmx.outputs import InputSummary
from llmx.outputs.columns import RowColumns
from llmx.task import Task
from llmx.task.fields import INTEGER, TEXT

_READ = {"report": TEXT, "source": TEXT, "sha256": TEXT, "characters": INTEGER}
_COUNTED = ("figures_claimed", "figures_unclaimed", "figures_explained", "turned_away", "missing", "failures")


def report_columns(task: Task, beside: RowColumns) -> dict[str, str]:
    """The columns of a table of reports, with the kind of their values: what was read; facts as the task has them; counts
    of records by the plurals of their types, of figures, and of what was turned away, is missing or failed; and what the
    input table says of it."""
    columns = dict(_READ)
    for name, field in task.facts_type.model_fields.items():
        if name != "evidence":
            columns.setdefault(name, INTEGER if field.annotation in (int, int | None) else TEXT)
    for name in (*task.plurals, *_COUNTED):
        columns.setdefault(name, INTEGER)
    return columns | dict.fromkeys(beside.names.values(), TEXT)


def report_row(summary: InputSummary, task: Task, beside: RowColumns) -> list[Any]:
    """A report's values in these columns."""
    values: dict[str, Any] = {name: summary.records.get(type, 0) for name, type in task.plurals.items()}
    values |= {name: getattr(summary, name) for name in _COUNTED}
    values |= {"turned_away": len(summary.turned_away), "missing": len(summary.missing)}
    values |= summary.facts | {name: getattr(summary, name) for name in _READ}
    values |= beside.named(summary.row)
    return [_as_cell(values.get(name)) for name in report_columns(task, beside)]


def utf8(text: str) -> str:
    """A text that any library takes: bytes in a file's name that are no UTF-8 as `\\xab`."""
    return text.encode("utf-8", "backslashreplace").decode()


def _as_cell(value: Any) -> Any:
    if isinstance(value, str):
        return utf8(value)
    return value if value is None or isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)
