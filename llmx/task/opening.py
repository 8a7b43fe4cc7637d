"""A task by its name: a folder, module:NAME, FILE.py:NAME, or one that llmx ships."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from os import PathLike
from pathlib import Path
from types import ModuleType

from llmx.errors import TaskError
from llmx.records import Record
from llmx.task.folder import TASK, load, read_task
from llmx.task.task import Task

DEFAULT = "government"
SHIPPED = {DEFAULT: "llmx.tasks.government:GOVERNMENT"}
"""The tasks that have a short name; each is opened as a user's own module is."""


def open_task(
    task: Task | str | PathLike[str] | None = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
) -> Task:
    """The task that is meant.

    Args:
        task: a Task, a folder, module:NAME, FILE.py:NAME, or the name of one that llmx ships; the government task unless given.
        records: record types of one's own, instead of a task.
        instructions: what counts as a record of these.

    Raises:
        TaskError: there is no such task, or it contradicts itself.
    """
    if records:
        if task is not None:
            raise TaskError("both a task and records are given; give one of them")
        kinds = (records,) if isinstance(records, type) else tuple(records)
        return Task(_joined(kinds), kinds, instructions)
    if instructions:
        raise TaskError("instructions without records; give the record types that they are about")
    if isinstance(task, Task):
        return task
    name = str(task) if task is not None else DEFAULT
    if name in SHIPPED:
        return _imported(SHIPPED[name])
    if (Path(name) / TASK).is_file():
        return read_task(Path(name))
    if ":" in name:
        return _imported(name)
    raise TaskError(
        f"no task {name!r}: no folder with a {TASK}, no module:NAME, and none of {', '.join(SHIPPED)}; "
        "llmx init writes a folder to start from"
    )


def _joined(kinds: Sequence[type[Record]]) -> str:
    return "-".join(getattr(kind, "__name__", str(kind)).lower() for kind in kinds)


@lru_cache(maxsize=32)
def _imported(name: str) -> Task:
    """The task that a module holds under a name."""
    module, _, attribute = name.rpartition(":")
    if module.endswith(".py"):
        return _named(load(Path(module)), attribute, name)
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        return _named(import_module(module), attribute, name)
    except ImportError as error:
        raise TaskError(f"task {name!r}: {module} cannot be imported: {error}; correct the module's name") from error


def _named(module: ModuleType, attribute: str, name: str) -> Task:
    found = getattr(module, attribute, None)
    if found is None:
        raise TaskError(f"task {name!r}: {module.__name__} has no {attribute!r}; name the Task that it holds")
    if not isinstance(found, Task):
        raise TaskError(f"task {name!r}: it is a {type(found).__name__}, not an llmx.Task")
    found.source = found.source or name
    return found
