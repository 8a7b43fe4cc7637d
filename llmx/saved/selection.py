"""Some of a run's records: by type, indicator, year, report and section."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from llmx.errors import UsageError
from llmx.records import Record
from llmx.task import Shown, Task, open_task, values_of

ValueT = TypeVar("ValueT", str, int)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are wanted; what is left empty asks for nothing.

    Raises:
        UsageError: the limit is below 1.
    """

    types: str | Sequence[str] = ()
    """One or several of the task's types."""
    indicator: str = ""
    """Words of what a record is about: of any field of words, as the task has it."""
    years: int | Sequence[int] = ()
    """Years that the records speak of."""
    report: str = ""
    """A report's id, or words of it where no report has just that id."""
    section: str = ""
    """Words of any heading above the record."""
    limit: int | None = None
    """How many at most."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", _several(self.types))
        object.__setattr__(self, "years", _several(self.years))
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"a limit of {self.limit} shows nothing; give 1 or more")

    def of(self, records: Iterable[Record], reports: Iterable[str], task: Task | None = None) -> Iterator[Record]:
        """The records that are wanted, in their order.

        Args:
            records: a run's records.
            reports: the ids of its reports.
            task: what they are records of; the government task unless given.

        Raises:
            UsageError: the task has no such type, or no report has the id or words asked for.
        """
        types = open_task(task).types
        for type in self.types:
            if type not in types:
                raise UsageError(f"no record type named {type!r}; there are {', '.join(types)}")
        wanted = self._reports(list(reports))
        shown = open_task(task).shown
        taken = (record for record in records if record.report in wanted and self._takes(record, shown[record.type]))
        return islice(taken, self.limit)

    def _reports(self, ids: list[str]) -> set[str]:
        found = {id for id in ids if id == self.report} or {id for id in ids if _holds(id, self.report)}
        if self.report and not found:
            listed = ", ".join(ids[:_LISTED]) + (" …" if len(ids) > _LISTED else "")
            raise UsageError(f"no report {self.report!r} in this run; it has {listed or 'none'}")
        return found

    def _takes(self, record: Record, shown: Shown) -> bool:
        if self.types and record.type not in self.types:
            return False
        values = values_of(record) if self.years or self.indicator else {}
        if self.years and shown.year_of(values) not in _several(self.years):
            return False
        return (
            not self.indicator or any(_holds(str(values.get(name) or ""), self.indicator) for name in shown.names)
        ) and (not self.section or any(_holds(heading, self.section) for heading in record.section))


def _several(asked: ValueT | Sequence[ValueT]) -> Sequence[ValueT]:
    """What was asked for, where it may be one alone."""
    return (asked,) if isinstance(asked, (str, int)) else asked


_LISTED = 20
"""Reports named in a message."""


def _holds(text: str, words: str) -> bool:
    """Whether a text holds words, whatever the width of marks and letters, their case and the blanks between."""
    return not words or _plain(words) in _plain(text)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
