"""Rows in, rows out: what data engines (Ray Data, Dask, Spark) call with a part of a table."""

from __future__ import annotations

import atexit
import pickle
import threading
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmx.documents import Known, read_text
from llmx.errors import InputError, UsageError
from llmx.extractor import Extractor, Job
from llmx.models import Model, ModelOptions, chosen
from llmx.outputs import Failure
from llmx.outputs.columns import typed_row
from llmx.outputs.frames import frame_of
from llmx.records import Record
from llmx.results import Result
from llmx.task import Task, open_task
from llmx.task.fields import INTEGER, NUMBER, PATH, TEXT

if TYPE_CHECKING:
    import pandas

_DDL = {TEXT: "string", INTEGER: "bigint", NUMBER: "double", PATH: "array<string>"}
_extractors: dict[bytes, Extractor] = {}
_one = threading.Lock()


class Extract:
    """Extracts the records of tables of reports, part by part; it can be pickled, and opens one Extractor a process.

    Called with a pandas DataFrame or a dict of columns, it gives a DataFrame; called with an iterator of DataFrames, an
    iterator of them. A row of these is a record, with the task's columns typed alike in all parts; or it is a failure:
    its column `failure` says what failed and why, `report` of which report, and the rest is empty. No row raises.

    Each process keeps its own rates and budget: give each its share of them.

    Args:
        model, options, known, task, records, instructions, given: as for `Extractor`; keys are found where it runs.
        text: the column of texts.
        path: the column of paths, for rows without a text.
        id: the column of what records call their report; unless there, they have the path's name, or report-N.

    Raises:
        UsageError: an option has no such name, type or range.
    """

    def __init__(
        self,
        model: str | Model = "rules",
        options: ModelOptions | None = None,
        known: Known | None = None,
        *,
        text: str = "text",
        path: str = "path",
        id: str = "id",
        task: Task | str | PathLike[str] | None = None,
        records: Sequence[type[Record]] = (),
        instructions: str = "",
        **given: Any,
    ) -> None:
        self._task = open_task(task, records, instructions)
        self._made = self._task, model, chosen(options, given), known
        self._names = text, path, id
        self.columns = {**self._task.columns, "failure": TEXT}
        """The columns that come out, each with the kind of its values."""

    @property
    def ddl(self) -> str:
        """The columns that come out, as Spark's `mapInPandas` takes a schema."""
        return ", ".join(f"`{name}` {_DDL[kind]}" for name, kind in self.columns.items())

    @property
    def empty(self) -> pandas.DataFrame:
        """A table with no rows, as Dask's `map_partitions` takes a `meta`."""
        return frame_of([], self.columns)

    def __call__(self, batch: Any) -> Any:
        """Extract the records of a part of a table.

        Args:
            batch: a pandas DataFrame, a dict of columns, or an iterator of DataFrames.

        Raises:
            UsageError: there is neither a column of texts nor one of paths, or no model can be opened.
        """
        if isinstance(batch, dict) or hasattr(batch, "columns"):
            return self._frame(batch)
        return map(self._frame, batch)

    def _frame(self, batch: Any) -> pandas.DataFrame:
        rows = list(self._rows(batch))
        with _one:
            results = self._extractor().work(Job(source, id) for id, source in rows)
            found = [row for (id, _), result in zip(rows, results, strict=True) for row in self._told(result, id)]
        return frame_of(found, self.columns)

    def _rows(self, batch: Any) -> Iterator[tuple[str, Any]]:
        """The id and the source of each row."""
        text, path, id = (list(batch[name]) if name in batch else None for name in self._names)
        if text is None and path is None:
            raise UsageError(
                f"no column {self._names[0]!r} or {self._names[1]!r} in {[*batch]}; name them: text=, path="
            )
        for number in range(len(text if text is not None else path or ())):
            given, place = (one[number] if one else None for one in (text, path))
            named = id[number] if id else Path(place).stem if isinstance(place, str) else f"report-{number + 1}"
            yield str(named), _source(given, place, str(named))

    def _told(self, result: Result, id: str) -> Iterator[list[Any]]:
        for record in result.records:
            yield [*typed_row(record, self._task.columns), None]
        for failure in result.failures:
            said = {"report": id, "start": failure.start, "end": failure.end}
            yield [*map(said.get, self._task.columns), f"{failure.error}: {failure.message}"]

    def _extractor(self) -> Extractor:
        """The one that this process has for what this is made of; it is closed when the process ends."""
        key = pickle.dumps(self._made)
        if key not in _extractors:
            task, model, options, known = self._made
            made = _extractors[key] = Extractor(model, options, known, task=task)
            atexit.register(made.close)
        return _extractors[key]


def _source(text: object, path: object, id: str) -> Any:
    """What a row gives to read: its text, else its path, else why there is none."""
    try:
        if isinstance(text, str) or not isinstance(path, str):
            return read_text(text if isinstance(text, str) else "", id=id)
        return Path(path)
    except InputError as error:
        return Result.failed(Failure.of(error, report=None, source=id, stage="read"))
