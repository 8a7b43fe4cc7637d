"""A run's folder: records.jsonl, failures.jsonl, run.json, and the tables asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from pydantic import TypeAdapter, ValidationError

from llmx.errors import InputError
from llmx.outputs.columns import record_json
from llmx.outputs.failure import Failure
from llmx.outputs.files import make_folder, partial, put_in_place, writing
from llmx.outputs.manifest import Manifest
from llmx.outputs.tables import check_formats, write_table
from llmx.records import Record

RECORDS, FAILURES, MANIFEST = "records.jsonl", "failures.jsonl", "run.json"
_RECORD: TypeAdapter[Record] = TypeAdapter(Record)


class RunFolder:
    """Takes records report by report and makes files of them that appear whole, at the end.

    Use it as a context manager; left without `finish`, it takes away what it began.

    Args:
        folder: made if it is not there; files of an earlier run in it are replaced when this one finishes.
        formats: any of jsonl, csv, parquet, xlsx; records.jsonl is always written.

    Raises:
        OutputError: the folder cannot be written.
        UsageError: a format is not known or its library not installed.
    """

    def __init__(self, folder: Path, formats: Sequence[str] = ("jsonl",)) -> None:
        check_formats(formats)
        make_folder(folder)
        self.folder = folder
        self._tables = [format for format in dict.fromkeys(formats) if format != "jsonl"]
        self._records = _open(folder / RECORDS)
        self._failures = _open(folder / FAILURES)

    def add(self, records: Iterable[Record]) -> None:
        """Write the records of one report.

        Raises:
            OutputError: they cannot be written.
        """
        with writing(self.folder / RECORDS):
            self._records.writelines(record_json(record) + "\n" for record in records)

    def add_failure(self, failure: Failure) -> None:
        """Write down a failure.

        Raises:
            OutputError: it cannot be written.
        """
        with writing(self.folder / FAILURES):
            self._failures.write(failure.model_dump_json() + "\n")

    def finish(self, manifest: Manifest) -> list[Path]:
        """Put the files in place and write the tables.

        Returns:
            The files written.

        Raises:
            OutputError: one of them cannot be written; those already in place are whole.
        """
        paths = [self.folder / RECORDS, self.folder / FAILURES]
        for path, file in zip(paths, (self._records, self._failures), strict=True):
            with writing(path):
                file.close()
            put_in_place(path)
        paths += [write_table(format, read_records(self.folder / RECORDS), self.folder) for format in self._tables]
        summary = self.folder / MANIFEST
        with writing(summary):
            partial(summary).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
        put_in_place(summary)
        return [*paths, summary]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, file in ((RECORDS, self._records), (FAILURES, self._failures)):
            with contextlib.suppress(OSError):  # what could not be flushed is thrown away with the partial file
                file.close()
            partial(self.folder / name).unlink(missing_ok=True)


def _open(path: Path) -> TextIO:
    with writing(path):
        return open(partial(path), "w", encoding="utf-8", newline="\n")


def read_records(path: Path) -> Iterator[Record]:
    """Read a records.jsonl back, one record at a time.

    Raises:
        InputError: a line is no record; the message names file, line and fault.
    """
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield _RECORD.validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                raise InputError(
                    f"{path}, line {number}: no record ({where}: {first['msg']}); run the extraction again"
                ) from error
