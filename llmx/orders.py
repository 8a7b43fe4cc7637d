"""A run in batches, step by step: submitted, looked at, collected, cancelled; each step by another process if need be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from llmx.batch import Batching, Busy, Queue, Rest, Sent, Store
from llmx.calls import Hook
from llmx.documents import Known
from llmx.errors import Awaited, OverloadError, UsageError
from llmx.extractor import Extractor
from llmx.listening import Listener, Told
from llmx.models import ModelOptions
from llmx.posted import batched, read_order, write_order
from llmx.runs import Input, run
from llmx.saved import SavedRun
from llmx.task import open_task

_HOW = Batching()


@dataclass(frozen=True, slots=True)
class BatchState:
    """How the batches of a run go."""

    batches: list[Sent]
    """In the order in which they were made."""
    unsent: int
    """Questions that wait for a batch."""

    @property
    def open(self) -> list[Sent]:
        """Those that are not yet collected."""
        return [one for one in self.batches if not one.ended]


def submit(
    out: str | PathLike[str], inputs: Input | Sequence[Input], model: str, *, batching: Batching = _HOW, **given: Any
) -> BatchState | SavedRun:
    """Send what a run would ask in batches, and wait for nothing.

    Args:
        out: the run's folder.
        inputs: paths, folders, globs or documents.
        model: PROVIDER/MODEL.
        batching: how.
        given: as for `run`.

    Returns:
        How the batches go; the run itself where all its answers are known already.

    Raises:
        As `run`.
    """
    return _step(out, inputs, model, batch=replace(batching, once=True, sending=True), **given)


def collect(
    out: str | PathLike[str],
    *,
    wait: bool = False,
    rest: Rest | None = None,
    batching: Batching = _HOW,
    listener: Listener | Told | None = None,
    hooks: Sequence[Hook] = (),
    api_key: str | None = None,
) -> BatchState | SavedRun:
    """Bring home what has come, send what follows from it, and write the run once all answers are here.

    Args:
        out: the folder of a run that was submitted; after `cancel` nothing more is sent, and what has no answer is a
            failure.
        wait: whether to go on until all answers are here.
        rest: where what a batch brought no answer to goes; as submitted unless given.
        batching: how, but for these.
        listener: as for `run`.
        hooks, api_key: options that are not written down.

    Returns:
        How the batches go, or the run.

    Raises:
        UsageError: nothing is under way there, or it has to be told again.
        As `run`.
    """
    order = read_order(Path(out))
    as_ordered, cancelled = order.pop("rest"), order.pop("cancelled")
    how = replace(batching, once=not wait, rest=rest or as_ordered, sending=not cancelled)
    options = _options(order.pop("options"), api_key).heard_by(*hooks)
    known = Known(**told) if (told := order.pop("known")) else None
    inputs, model, task = order.pop("inputs"), order.pop("model"), open_task(order.pop("task"), **order.pop("given"))
    made = {"options": options, "known": known, "task": task, "listener": listener}
    return _step(out, inputs, model, batch=how, **made, **order)


def _step(out: str | PathLike[str], inputs: Any, model: str, **given: Any) -> BatchState | SavedRun:
    try:
        return run(inputs, out, model, **given)
    except Awaited:
        return _state(Path(out))


def status(out: str | PathLike[str], *, api_key: str | None = None) -> BatchState:
    """How the batches of a run go; nothing is sent and nothing collected.

    Raises:
        UsageError: nothing is under way there, or it has to be told again.
        OverloadError: the endpoint cannot be reached.
    """
    with _at_desk(Path(out), api_key) as queue:
        queue.glance()
    return _state(Path(out))


def cancel(out: str | PathLike[str], *, api_key: str | None = None) -> BatchState:
    """Have the batches of a run ended; what they have done is paid, and `collect` brings it home.

    Raises:
        As `status`.
    """
    write_order(Path(out), {"cwd": os.getcwd(), **read_order(Path(out)), "cancelled": True})
    with _at_desk(Path(out), api_key) as queue:
        queue.cancel()
    return _state(Path(out))


def _state(folder: Path) -> BatchState:
    store = Store(folder, begin=False)
    try:
        return BatchState(store.batches(), store.unsent)
    finally:
        store.close()


@contextmanager
def _at_desk(folder: Path, api_key: str | None) -> Iterator[Queue]:
    """The batches of a run, for a question about them."""
    order = read_order(folder)
    if not Store.exists(folder):
        raise UsageError(f"{folder}: nothing was sent yet; llmx batch collect {folder}")
    task = open_task(order["task"], **order["given"])
    with Extractor(order["model"], _options(order["options"], api_key), task=task) as extractor:
        store = Store(folder, begin=False)
        try:
            yield Queue(store, batched(extractor).desk(), extractor.wait)
        except Busy as error:
            raise OverloadError(f"{error}; try again later") from None
        finally:
            store.close()


def _options(told: dict[str, Any], api_key: str | None) -> ModelOptions:
    return ModelOptions(**told).with_(**({"api_key": api_key} if api_key else {}))
