"""What the extraction of one document gives back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from llmx.audit import Unclaimed
from llmx.claims import Rejected
from llmx.documents import Document
from llmx.facts import Facts
from llmx.outputs import Failure, to_pandas, to_polars
from llmx.outputs.columns import RowColumns
from llmx.records import Record
from llmx.sections import Section
from llmx.task import Task, open_task, values_of

if TYPE_CHECKING:
    import pandas
    import polars

RecordT = TypeVar("RecordT", bound=Record)

_SHOWN = 20
"""Records that a notebook shows."""
_ASIDE = ("id", "report", "start", "end", "section", "grounding", "model", "margin", "location")
"""Columns that a notebook leaves out, with the offsets of fields."""


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The records of one document, what was left unclaimed, and what failed. Iterates over its records.

    `result.targets` and the like hold the records of a type, by what the task calls several of it.
    """

    document: Document | None
    """The report; None where it could not be read."""
    facts: Facts | None
    """What it says of itself, as the task has it; None where it could not be read."""
    records: tuple[Record, ...] = ()
    """All records, in text order."""
    unclaimed: tuple[Unclaimed, ...] = ()
    """Every figure that no record holds, with its reason where there is one."""
    turned_away: tuple[Rejected, ...] = ()
    """What a reader claimed and the task holds for no record, each with its reason."""
    failures: tuple[Failure, ...] = ()
    """What could not be read or extracted, each with its reason."""
    sections: tuple[Section, ...] = ()
    """The report's outline: what each part of it is for, its year and how surely that was decided."""
    missing: tuple[Record, ...] = ()
    """What a language model claimed and the text does not bear out: quotes that are not in it, words with numbers that it
    does not have. Kept apart: none of it is evidence."""
    task: Task | None = None
    """What was extracted; None where it could not be read."""

    @classmethod
    def failed(cls, failure: Failure) -> Result:
        """The result of a report that could not be read."""
        return cls(document=None, facts=None, failures=(failure,))

    def of(self, kind: type[RecordT]) -> tuple[RecordT, ...]:
        """The records of a type, in text order."""
        return tuple(record for record in self.records if isinstance(record, kind))

    def __getattr__(self, name: str) -> tuple[Any, ...]:
        task = None if name.startswith("_") or name in _FIELDS else self.task or open_task()
        if task is None or name not in task.plurals:
            raise AttributeError(
                f"no attribute {name!r}" + (f"; records are in {', '.join(task.plurals)}" if task else "")
            )
        return tuple(record for record in self.records if record.type == task.plurals[name])

    def __reduce__(self) -> tuple[Any, ...]:
        """The task first: where it is a folder, opening it makes the classes that the records are of."""
        return _remade, (self.task, tuple(getattr(self, name) for name in _FIELDS if name != "task"))

    def __len__(self) -> int:
        return len(self.records)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __repr__(self) -> str:
        counts: dict[str, int] = {}
        for record in self.records:
            counts[record.type] = counts.get(record.type, 0) + 1
        said = [f"{count} {type}" for type, count in counts.items()] or ["no records"]
        said += [f"{len(part)} {name}" for name, part in self._asides() if part]
        return f"<Result {self.document.id if self.document else 'unread'!r}: {', '.join(said)}>"

    def _asides(self) -> list[tuple[str, tuple[Any, ...]]]:
        return [("missing", self.missing), ("turned away", self.turned_away), ("failures", self.failures)]

    def _repr_html_(self) -> str:
        """The first records as a table, for notebooks."""
        rows = [values_of(record) for record in self.records[:_SHOWN]]
        held = {name for row in rows for name, value in row.items() if value is not None}
        names = [name for name in (self.task.columns if self.task else ()) if name in held and name not in _ASIDE]
        names = [name for name in names if not name.endswith(("_start", "_end"))]
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{escape(str('' if row.get(name) is None else row[name]))}</td>" for name in names)
            + "</tr>"
            for row in rows
        )
        left = len(self.records) - len(rows)
        more = f"<p>and {left:,} more</p>" if left else ""
        return f"<p>{escape(repr(self)[1:-1])}</p><table><tr>{head}</tr>{body}</table>{more}"

    @property
    def _beside(self) -> RowColumns:
        document = self.document
        return RowColumns([(document.id, dict(document.row))] if document else (), open_task(self.task).columns)

    def to_pandas(self) -> pandas.DataFrame:
        """All records as a pandas DataFrame, a column a field.

        Raises:
            UsageError: pandas is not installed.
        """
        return to_pandas(self.records, self.task, self._beside)

    def to_polars(self) -> polars.DataFrame:
        """All records as a polars DataFrame, a column a field.

        Raises:
            UsageError: polars is not installed.
        """
        return to_polars(self.records, self.task, self._beside)


_FIELDS = tuple(one.name for one in fields(Result))


def _remade(task: Task | None, values: tuple[Any, ...]) -> Result:
    return Result(**dict(zip((name for name in _FIELDS if name != "task"), values, strict=True)), task=task)
