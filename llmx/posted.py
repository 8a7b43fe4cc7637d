"""A run whose questions travel in batches: all are asked until each has its answer, then it is an ordinary run.

What it is made of is written beside its batches, so that another process can pick it up by its folder alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from llmx.batch import FOLDER, Batching, Post, Queue, Store, until_answered
from llmx.documents import Known
from llmx.errors import Awaited, UsageError
from llmx.extractor import Extractor
from llmx.masking import names_secret
from llmx.models import Batched, ModelOptions
from llmx.outputs.files import make_folder, whole
from llmx.results import Result
from llmx.resume import Planned
from llmx.task import Task

ORDER = "order.json"
_OF_THE_PROCESS = {"api_key", "hooks", "http_client"}


@contextmanager
def by_post(
    folder: Path,
    extractor: Extractor,
    planned: Callable[[], Sequence[Planned]],
    batching: Batching,
    order: Mapping[str, Any],
) -> Iterator[Store]:
    """Ask all that a run will ask, in batches; within the block its answers are there.

    Args:
        folder: the run's.
        extractor: what reads the reports.
        planned: gives the inputs of the run.
        batching: how.
        order: what the run is made of, to be written down.

    Returns:
        The questions, to be removed once the run is written.

    Raises:
        UsageError: the model cannot be asked in batches.
        Awaited: answers are yet to come, and it was not to be waited for them.
        EndpointError, RequestError, OverloadError: the endpoint does not take what is sent.
    """
    model = batched(extractor)
    desk = model.desk()
    write_order(folder, order if batching.sending else {**order, "cancelled": True})
    store = Store(folder)
    try:
        model.send_by(Post(store, batching.rest, desk.limits.id_length))
        queue = Queue(store, desk, extractor.wait, batching.say, batching.rest == "batch")
        waiting = until_answered(queue, _walk(extractor, planned()), batching)
        if waiting and (batching.sending or store.batches(open=True)):
            raise Awaited(f"{waiting:,} reports wait for answers: llmx batch collect {folder}")
        yield store
    except KeyboardInterrupt:
        batching.say(f"interrupted; what is sent goes on at the endpoint: llmx batch collect {folder}")
        raise
    finally:
        store.close()


def batched(extractor: Extractor) -> Batched:
    """The model of an extractor, to be asked in batches.

    Raises:
        UsageError: it cannot be.
    """
    if not isinstance(extractor.model, Batched):
        raise UsageError(f"{extractor.model.name!r} cannot be asked in batches; name a language model")
    return extractor.model


def _walk(extractor: Extractor, planned: Sequence[Planned]) -> Callable[[], int]:
    """Gives what asks all that is to be asked of the reports that wait, and says how many still do."""
    left = [one for one in planned if one.job]

    def walk() -> int:
        nonlocal left
        results = extractor.work(one.job() for one in left if one.job)
        left = [one for one in left if _waits(next(results, None))]
        return len(left)

    return walk


def _waits(result: Result | None) -> bool:
    """Whether a report has questions without an answer yet."""
    return result is None or any(failure.error == Awaited.__name__ for failure in result.failures)


def order_of(
    inputs: Sequence[object], model: object, options: ModelOptions, known: Known | None, task: Task, **given: Any
) -> dict[str, Any]:
    """What a run is made of, as far as another process can be told: no keys, no documents."""
    order: dict[str, Any] = {"cwd": os.getcwd(), "task": task.reference, "cancelled": False, **given}
    order["given"] = dict(task.given)
    if not all(isinstance(one, (str, os.PathLike)) for one in inputs) or not isinstance(model, str):
        return order | {"unknown": "it was ordered with documents or a model of another process"}
    if secret := _secret(options):
        return order | {"unknown": f"its option {secret} may be a key or is of that process, and is not written down"}
    told = {name for name in options.given if name not in _OF_THE_PROCESS}
    paths = [os.fspath(one) for one in inputs]  # type: ignore[call-overload]
    asked = options.model_dump(mode="json", include=told)
    return order | {"inputs": paths, "model": model, "options": asked, "known": known and asdict(known)}


def write_order(folder: Path, order: Mapping[str, Any]) -> None:
    """Write down what a run is made of.

    Raises:
        OutputError: it cannot be written.
    """
    make_folder(folder / FOLDER)
    with whole(folder / FOLDER / ORDER) as path:
        path.write_text(json.dumps(order, ensure_ascii=False, indent=2), "utf-8", "surrogatepass")


def read_order(folder: Path) -> dict[str, Any]:
    """What a run is made of.

    Raises:
        UsageError: nothing of it is under way, or it has to be told again.
    """
    try:
        order: dict[str, Any] = json.loads((folder / FOLDER / ORDER).read_text("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        raise UsageError(f"{folder}: no batches are under way here; give the --out of a run with --batch") from None
    if why := order.pop("unknown", None):
        raise UsageError(f"{folder}: cannot be picked up by its folder alone: {why}; run the same extraction again")
    if (cwd := order.pop("cwd")) != os.getcwd():
        raise UsageError(f"{folder}: its paths are those of {cwd!r}; go there first")
    return order


def _secret(options: ModelOptions) -> str | None:
    """The name of an option that may be a key, or that is of this process."""
    if options.check is not None and not isinstance(options.check, str):
        return "check"
    fields = (options.extra_headers, options.query, options.extra_body)
    return next((name for field in fields for name in field if names_secret(name)), None)
