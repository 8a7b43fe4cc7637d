"""A task by its name: a folder, module:NAME, FILE.py:NAME, or one that llmx ships."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

from llmx.errors import LlmxError, TaskError
from llmx.records import Record
from llmx.task.folder import TASK, load, read_task
from llmx.task.task import Task

DEFAULT = "government"
_LONGEST = 60
SHIPPED = {DEFAULT: "llmx.tasks.government:GOVERNMENT"}
"""The tasks that have a short name; each is opened as a user's own module is."""


def open_task(
    task: Task | str | PathLike[str] | None = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    **given: Any,
) -> Task:
    """The task that is meant.

    Args:
        task: a Task, a folder, module:NAME, FILE.py:NAME, or the name of one that llmx ships; the government task unless given.
        records: record types of one's own, instead of a task.
        instructions: what counts as a record of these.
        given: what the task takes besides; the government task takes `indicators`, the user's own.

    Raises:
        TaskError: there is no such task, it contradicts itself, or takes nothing of a name.
        UsageError: what it is given is wrong.
    """
    found = _opened(task, records, instructions)
    return found.with_(**given) if given else found


def _opened(task: Task | str | PathLike[str] | None, records: Sequence[type[Record]], instructions: str) -> Task:
    if records or isinstance(records, list):
        if task is not None:
            raise TaskError("both a task and records are given; give one of them")
        kinds = (records,) if isinstance(records, type) else tuple(records)
        return Task(_joined(kinds), kinds, instructions)
    if instructions:
        raise TaskError("instructions without records; give the record types that they are about")
    if isinstance(task, Task):
        return task
    if isinstance(task, type):
        raise TaskError(f"task: {task.__name__} is a class; give record types as records=[{task.__name__}]")
    name = str(task) if task is not None else DEFAULT
    if name in SHIPPED:
        return _imported(SHIPPED[name])
    folder = Path(name).parent if Path(name).name == TASK else Path(name)
    if (folder / TASK).is_file():
        return read_task(folder)
    if folder.is_dir():
        raise TaskError(f"{folder}: no {TASK} in it; llmx init {folder} writes one to start from")
    if ":" in name:
        return _imported(name)
    raise TaskError(
        f"no task {name!r}: no folder with a {TASK}, no module:NAME, and none of {', '.join(SHIPPED)}; "
        "llmx init writes a folder to start from"
    )


def _joined(kinds: Sequence[type[Record]]) -> str:
    names = [getattr(kind, "__name__", "record").lower() for kind in kinds] or ["none"]
    joined = "-".join(names)
    return joined if len(joined) <= _LONGEST else f"{names[0][:40]}-and-{len(names) - 1}-more"


@lru_cache(maxsize=32)
def _imported(name: str) -> Task:
    """The task that a module holds under a name."""
    module, _, attribute = name.rpartition(":")
    if module.endswith(".py"):
        return _named(load(Path(module)), attribute, name)
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        found = import_module(module)
    except ImportError as error:
        raise TaskError(f"task {name!r}: {module} cannot be imported: {error}; correct the module's name") from error
    except LlmxError as error:
        raise TaskError(f"task {name!r}: {error}") from error
    except Exception as error:  # whatever the user's own code raises
        raise TaskError(
            f"task {name!r}: {module} cannot be imported: {type(error).__name__}: {error}; correct it"
        ) from error
    return _named(found, attribute, name)


def _named(module: ModuleType, attribute: str, name: str) -> Task:
    found = getattr(module, attribute, None)
    if found is None:
        raise TaskError(f"task {name!r}: {module.__name__} has no {attribute!r}; name the Task that it holds")
    if not isinstance(found, Task):
        raise TaskError(
            f"task {name!r}: it is a {type(found).__name__}; name an llmx.Task: NAME = llmx.Task('name', [Type])"
        )
    found.source = found.source or name
    return found
