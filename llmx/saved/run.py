"""A run's folder, opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from llmx.errors import UnreadableInput
from llmx.facts import Facts
from llmx.outputs import InputSummary, Manifest, read_records
from llmx.outputs.earlier import RECORDS, Earlier
from llmx.records import Record
from llmx.saved.selection import Selection
from llmx.saved.texts import Texts
from llmx.task import Task


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

    def select(self, selection: Selection | None = None, **asked: Any) -> Iterator[Record]:
        """Some of the records: `run.select(types="target", years="2025-2026", where={"code": "50"})`.

        Args:
            selection: which; or that by its fields.
            asked: fields of `Selection`.

        Raises:
            InputError: as for `records`.
            UsageError: the task, or the run, has nothing of a name that is asked for.
        """
        wanted = selection or Selection(**asked)
        return wanted.of(self.records(), [one.report for one in self.reports], self.task)

    def by_report(self) -> Callable[[str], list[Record]]:
        """What reads the records of one report, by its id; an InputError says that a line is none, or that
        records.jsonl is not there or may not be read."""
        held = Earlier(self.folder, self.manifest, task=self.task)

        def records(report: str) -> list[Record]:
            try:
                return held.records(report)
            except OSError as error:
                raise UnreadableInput(f"{self.folder / RECORDS}: cannot be read: {error.strerror}") from error

        return records
