"""A run's folder: records.jsonl, failures.jsonl, reports.jsonl, run.json, and the tables asked for."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from llmx.errors import InputError, OutputError, UsageError
from llmx.locks import Lock, owner
from llmx.outputs.commits import commit, settle
from llmx.outputs.earlier import FAILURES, RECORDS, Earlier
from llmx.outputs.failure import Failure
from llmx.outputs.files import GrowingFile, check_place, make_folder, remove, writing
from llmx.outputs.ledger import Ledger
from llmx.outputs.lines import any_json, read_records, record_json
from llmx.outputs.manifest import MANIFEST, REPORTS, InputSummary, Manifest, Reports
from llmx.outputs.rewriting import Rewriting
from llmx.outputs.tables import check_formats, present_tables, table_path, table_paths, write_table
from llmx.records import Record
from llmx.task import Task, open_task

LEDGER, LOCK = "ledger.jsonl", ".lock"
_WRITTEN = (RECORDS, FAILURES, REPORTS, MANIFEST)


class RunFolder:
    """Takes records report by report and makes files of them that appear whole, together, at the end.

    Use it as a context manager; left without `finish`, it takes away what it began. No more than one report's
    records are in memory. While it is open the folder is its own: another process is refused.

    Args:
        folder: made if it is not there; files of an earlier run in it stay until this one finishes and replaces them.
        formats: any of jsonl, csv, parquet, xlsx; records.jsonl is always written.
        task: what the records are of; the government task unless given.
        force: whether a run that cannot be taken up is replaced: a damaged one, or one of a newer version.

    Raises:
        OutputError: the folder cannot be written, or another run is writing it.
        UsageError: a format is not known or its library not installed, or the folder holds what cannot be taken up.
    """

    def __init__(
        self, folder: Path, formats: Sequence[str] = ("jsonl",), *, task: Task | None = None, force: bool = False
    ) -> None:
        check_formats(formats)
        self.folder, self.task = folder, open_task(task)
        self._tables = [name for name in dict.fromkeys(formats) if name != "jsonl"]
        make_folder(folder)
        for path in (*(folder / name for name in _WRITTEN), *(table_path(folder, name) for name in self._tables)):
            check_place(path)
        self.ledger = Ledger(folder / LEDGER)
        """Takes the calls of a language model, as a hook."""
        self._sizes: Counter[str] = Counter()
        self._records = Rewriting(folder / RECORDS)
        self._files: list[GrowingFile] = []
        self._begun: list[Path] = []
        self._lock = _own(folder)
        try:
            self.earlier = self._taken_up(force)
            """What the folder holds of an earlier run."""
            self._failures, self._reports = self._file(FAILURES), self._file(REPORTS)
        except BaseException:
            self._lock.free()
            raise

    def _taken_up(self, force: bool) -> Earlier:
        """What an earlier run left, and nothing of one that was killed."""
        with writing(self.folder):
            settle(self.folder, owned=True)
        for path in (*map(Path, _WRITTEN), *table_paths(Path())):
            for left in self.folder.glob(f".{path}.*.partial*"):
                shutil.rmtree(left) if left.is_dir() else remove(left)
        try:
            return Earlier.of(self.folder, self.task)
        except InputError as error:
            if force:
                return Earlier(self.folder)
            raise UsageError(f"{error}; or --force, which replaces what is there") from error

    def add(self, records: Iterable[Record]) -> None:
        """Write the records of one report: all of them or, on an error or Ctrl-C, none.

        Raises:
            OutputError: they cannot be written.
        """
        self._records.write(self._counted(records))

    def _counted(self, records: Iterable[Record]) -> Iterator[bytes]:
        """Records as lines, whose bytes are counted."""
        for record in records:
            line = f"{record_json(record)}\n".encode()
            self._sizes[record.report] += len(line)
            yield line

    def take(self, report: str, lines: Sequence[bytes]) -> None:
        """As `add`, of records that are lines already.

        Raises:
            OutputError: they cannot be written.
        """
        self._records.write(lines)
        self._sizes[report] += sum(map(len, lines))

    def keep(self, report: str) -> None:
        """Keep the records of a report of the earlier run.

        Raises:
            OutputError: they cannot be written.
        """
        for start, end in self.earlier.spans.get(report, ()):
            self._records.keep(start, end)
            self._sizes[report] += end - start

    def report(self, summary: InputSummary) -> None:
        """Write down a report, after its records.

        Raises:
            OutputError: it cannot be written.
        """
        size = self._sizes.pop(summary.report, 0)
        sized = summary if summary.size == size else summary.model_copy(update={"size": size})
        self._reports.write([f"{any_json(sized)}\n".encode()])

    def add_failure(self, failure: Failure) -> None:
        """Write down a failure.

        Raises:
            OutputError: it cannot be written.
        """
        self._failures.write([f"{any_json(failure)}\n".encode()])

    def finish(self, manifest: Manifest) -> list[Path]:
        """Put the files in place, all together.

        Args:
            manifest: reports that `report` was not given are written last; afterwards all of them are read from the disk.

        Returns:
            The files written.

        Raises:
            OutputError: some cannot be written; a table that cannot costs nothing else.
        """
        if self.ledger.path.is_file():
            manifest.usage, manifest.ledger = self.ledger.totals, self.ledger.all()
        for one in manifest.inputs:
            self.report(one)
        manifest.inputs = Reports(self.folder / REPORTS)
        summary = self._file(MANIFEST)
        summary.write([f"{any_json(manifest, indent=2, leave_out={'inputs'})}\n".encode()])
        new = self._records.seal()
        self._begun += [new] if new else []
        tables, faults = self._make_tables(new)
        sealed = {file.seal(): file.path for file in (self._failures, self._reports, summary)}
        self._begun.clear()  # what a commit has begun is not taken away: whoever comes next finishes it
        with writing(self.folder):
            commit(self.folder, ({new: self._records.path} if new else {}) | tables | sealed)
        if new:
            for path in set(table_paths(self.folder)) - set(tables.values()):
                remove(path)  # a table of records that are not any more
        if faults:
            raise OutputError("\n".join(map(str, faults))) from faults[0]
        return [self.folder / name for name in _WRITTEN] + [table_path(self.folder, name) for name in self._tables]

    def _make_tables(self, new: Path | None) -> tuple[dict[Path, Path], list[OutputError]]:
        """The tables asked for and those that the folder had, by where they were written; and what failed."""
        made: dict[Path, Path] = {}
        faults: list[OutputError] = []
        wanted = dict.fromkeys([*self._tables, *(path.suffix[1:] for path in present_tables(self.folder))])
        for name in wanted:
            path = table_path(self.folder, name)
            if new is None and path.is_file():
                continue
            try:
                check_place(path)
                hidden = write_table(name, read_records(new or self._records.path, self.task), path, self.task)
            except OutputError as error:
                faults.append(error)
                continue
            made[hidden] = path
            self._begun.append(hidden)
        return made, faults

    def _file(self, name: str) -> GrowingFile:
        file = GrowingFile(self.folder / name)
        self._files.append(file)
        self._begun.append(file.hidden)
        return file

    def abort(self) -> None:
        """Take away what was begun, and let the folder go; what `finish` put in place stays."""
        self.ledger.close()
        self._records.close()
        for file in self._files:
            file.close()
        for path in self._begun:
            remove(path)
        self._lock.free()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()


def _own(folder: Path) -> Lock:
    with writing(folder):
        lock = Lock.take(folder / LOCK)
    if lock is None:
        raise OutputError(
            f"{folder}: another run is writing here ({owner(folder / LOCK)}); wait for it, or give another --out"
        )
    return lock
