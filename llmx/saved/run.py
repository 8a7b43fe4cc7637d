"""A run's folder, opened again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from llmx.facts import Facts
from llmx.outputs import InputSummary, Manifest, read_manifest, read_records
from llmx.outputs.earlier import RECORDS
from llmx.outputs.manifest import SHARDED, manifest_at
from llmx.outputs.store import Store
from llmx.records import Record
from llmx.saved.texts import Texts
from llmx.task import Task, open_task


@dataclass(frozen=True, slots=True)
class SavedRun:
    """What `llmx extract` or `llmx.run` left in a folder."""

    folder: Path
    """The folder."""
    manifest: Manifest
    """What was done: run.json."""
    task: Task
    """What its records are of."""

    @property
    def name(self) -> str:
        """What it is called: the folder's name."""
        return self.folder.resolve().name

    def texts(self, reports: str | PathLike[str] | None = None) -> Texts:
        """What finds the texts of its reports.

        Args:
            reports: a folder that holds them, where they are not any more where the run read them.
        """
        return Texts(self.folder, reports, self.manifest.settings.get("column"))

    @property
    def reports(self) -> Sequence[InputSummary]:
        """The reports that were read, in the order of the run."""
        return self.manifest.inputs

    def facts(self, summary: InputSummary) -> Facts:
        """What a report says of itself."""
        return self.task.facts_type.model_validate(summary.facts)

    def title(self, summary: InputSummary) -> str:
        """What a report is called."""
        return self.task.title(self.facts(summary), summary.report)

    def records(self) -> Iterator[Record]:
        """The records, report by report and in text order; read from the disk one at a time.

        Raises:
            UnreadableInput: records.jsonl is not there or may not be read.
            InputError: a line is no record; the message names it.
        """
        for path in self.files(RECORDS):
            yield from read_records(path, self.task)

    def files(self, name: str) -> list[Path]:
        """Where the files of a name are, as a run's folder has them: records.jsonl, failures.jsonl, ledger.jsonl.

        A run in one folder has one; one that was cut into shards has one a shard, in the order of its reports.
        """
        return [path] if (path := self.folder / name).is_file() or name == RECORDS else []


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
    opened = open_task(task if task is not None else manifest.task)
    if manifest.layout < SHARDED:
        return SavedRun(place, manifest, opened)
    from llmx.saved.sharded import ShardedRun

    return ShardedRun(place, manifest, opened, Store(place) if store.local else store)
