"""A run is opened by what it is: in one folder, or cut into shards."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from llmx.outputs import read_manifest
from llmx.outputs.manifest import SHARDED, manifest_at
from llmx.outputs.store import Store
from llmx.saved.run import SavedRun
from llmx.saved.sharded import ShardedRun
from llmx.task import Task, open_task


def open_run(folder: str | PathLike[str], task: Task | str | PathLike[str] | None = None) -> SavedRun:
    """Open a run, in one folder or cut into shards.

    Args:
        folder: what `llmx extract --out` was given, a folder or URL; a file in the folder does too.
        task: what its records are of, where it is not to be had by the name in its run.json.

    Raises:
        UnreadableInput: it is no folder of a run.
        InputError: its run.json is damaged, or of a newer version.
        TaskError: its task is not to be had.
        UsageError: what reads the URL is not installed.
    """
    store = Store(folder)
    place = store.local or Path()
    place = place.parent if place.is_file() else place
    manifest = read_manifest(place) if store.local else manifest_at(store)
    opened = open_task(task) if task is not None else open_task(manifest.task, **manifest.given)
    if manifest.layout < SHARDED:
        return SavedRun(place, manifest, opened)
    return ShardedRun(place, manifest, opened, Store(place) if store.local else store)
