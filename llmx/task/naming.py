"""Record types by what they are called."""

from __future__ import annotations

from collections.abc import Sequence

from llmx.errors import TaskError
from llmx.records import Record
from llmx.task.fields import named, plural


def by_name(task: str, records: Sequence[type[Record]]) -> dict[str, type[Record]]:
    """Record types by their names.

    Raises:
        TaskError: there are none, one is no record type, or two are of one name.
    """
    found: dict[str, type[Record]] = {}
    for kind in records:
        if not (isinstance(kind, type) and issubclass(kind, Record)):
            raise TaskError(f"task {task!r}: {kind!r} is no record type; make it a subclass of llmx.Record")
        name = named(kind)
        other = found.get(name) or next((one for known, one in found.items() if plural(known) == plural(name)), None)
        if other:
            raise TaskError(
                f"task {task!r}: two types named {name!r}, {_place(other)} and {_place(kind)}; rename one, or give it a "
                f'type of its own: type: str = "…"'
            )
        found[name] = kind
    if not found:
        raise TaskError(f"task {task!r}: no record types; give at least one")
    return found


def _place(kind: type[Record]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
