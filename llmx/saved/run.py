"""A run's folder, opened again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from pydantic import ValidationError

from llmx.errors import InputError, UnreadableInput
from llmx.outputs import InputSummary, Manifest, read_records
from llmx.outputs.folder import MANIFEST, RECORDS
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
        InputError: its run.json is damaged.
    """
    place = Path(folder)
    place = place.parent if place.is_file() else place
    path = place / MANIFEST
    if not path.is_file():
        raise UnreadableInput(f"{place}: no run in this folder ({MANIFEST} is missing); give the --out of a run")
    try:
        return SavedRun(place, Manifest.model_validate_json(path.read_bytes()))
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read: {error.strerror}; check its permissions") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InputError(f"{path}: damaged at {where}: {first['msg']}; run the extraction again") from error
