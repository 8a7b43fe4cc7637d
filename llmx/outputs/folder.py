"""A run's folder: records.jsonl, failures.jsonl, run.json, and the tables asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from llmx.errors import OutputError
from llmx.outputs.failure import Failure
from llmx.outputs.files import WholeFile, check_place, make_folder, whole
from llmx.outputs.ledger import Ledger
from llmx.outputs.lines import any_json, read_records, record_json
from llmx.outputs.manifest import Manifest
from llmx.outputs.tables import check_formats, table_path, write_table
from llmx.records import Record

RECORDS, FAILURES, MANIFEST, LEDGER = "records.jsonl", "failures.jsonl", "run.json", "ledger.jsonl"


class RunFolder:
    """Takes records report by report and makes files of them that appear whole, at the end.

    Use it as a context manager; left without `finish`, it takes away what it began. No more than one report's
    records are in memory.

    Args:
        folder: made if it is not there; files of an earlier run in it stay until this one finishes and replaces them.
        formats: any of jsonl, csv, parquet, xlsx; records.jsonl is always written.

    Raises:
        OutputError: the folder cannot be written.
        UsageError: a format is not known or its library not installed.
    """

    def __init__(self, folder: Path, formats: Sequence[str] = ("jsonl",)) -> None:
        check_formats(formats)
        self.folder = folder
        self._tables = [name for name in dict.fromkeys(formats) if name != "jsonl"]
        make_folder(folder)
        for path in (folder / MANIFEST, *(table_path(folder, name) for name in self._tables)):
            check_place(path)
        self.ledger = Ledger(folder / LEDGER)
        """Takes the calls of a language model, as a hook."""
        with ExitStack() as opened:
            self._records = opened.enter_context(WholeFile(folder / RECORDS))
            self._failures = opened.enter_context(WholeFile(folder / FAILURES))
            self._opened = opened.pop_all()

    def add(self, records: Iterable[Record]) -> None:
        """Write the records of one report: all of them or, on an error or Ctrl-C, none.

        Raises:
            OutputError: they cannot be written.
        """
        self._records.write("".join(record_json(record) + "\n" for record in records))

    def add_failure(self, failure: Failure) -> None:
        """Write down a failure.

        Raises:
            OutputError: it cannot be written.
        """
        self._failures.write(any_json(failure) + "\n")

    def finish(self, manifest: Manifest) -> list[Path]:
        """Put the files in place, then make the tables, so that a table that fails costs nothing else.

        Returns:
            The files written.

        Raises:
            OutputError: some cannot be written; each of the others is in place and whole.
        """
        summary = self.folder / MANIFEST
        if self.ledger.path.is_file():
            manifest.usage, manifest.ledger = self.ledger.totals, self.ledger.all()
        self._records.close()
        self._failures.close()
        with whole(summary) as partial:
            partial.write_text(any_json(manifest, indent=2) + "\n", encoding="utf-8", newline="\n")
        return [self._records.path, self._failures.path, summary, *self._write_tables()]

    def _write_tables(self) -> list[Path]:
        written, faults = [], []
        for name in self._tables:
            try:
                written.append(write_table(name, read_records(self._records.path), self.folder))
            except OutputError as error:
                faults.append(error)
        if faults:
            raise OutputError("\n".join(map(str, faults))) from faults[0]
        return written

    def abort(self) -> None:
        """Take away what was begun; files of an earlier run stay, and so do those that `finish` put in place."""
        self.ledger.close()
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()
