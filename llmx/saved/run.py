"""A run's folder, opened again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from llmx.outputs import InputSummary, Manifest, read_manifest, read_records
from llmx.outputs.earlier import RECORDS
from llmx.records import Record


@dataclass(frozen=True, slots=True)
class SavedRun:
    """What `llmx extract` or `llmx.run` left in a folder."""

    folder: Path
    """The folder."""
    manifest: Manifest
    """What was done: run.json."""

    @property
    def reports(self) -> list[InputSummary]:
        """The reports that were read, in the order of the run."""
        return self.manifest.inputs

    def records(self) -> Iterator[Record]:
        """The records, report by report and in text order; read from the disk one at a time.

        Raises:
            UnreadableInput: records.jsonl is not there or may not be read.
            InputError: a line is no record; the message names it.
        """
        return read_records(self.folder / RECORDS)


def open_run(folder: str | PathLike[str]) -> SavedRun:
    """Open the folder of a run.

    Args:
        folder: what `llmx extract --out` was given; a file in it does too.

    Raises:
        UnreadableInput: it is no folder of a run.
        InputError: its run.json is damaged, or of a newer version.
    """
    place = Path(folder)
    place = place.parent if place.is_file() else place
    return SavedRun(place, read_manifest(place))
