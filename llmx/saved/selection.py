"""Some of a run's records: by type, place, indicator, year and whatever else they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from llmx.errors import UsageError
from llmx.records import Record
from llmx.task import Task, folded, holding, open_task, span_of, values_of
from llmx.task.fields import plural

Asked = str | int | Sequence[str | int]
"""One thing or several, of which a record says one."""
_LISTED = 20
"""Reports, or values, named in a message."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are wanted; what is left empty asks for nothing.

    Raises:
        UsageError: the limit is below 1, or a year is none.
    """

    types: str | Sequence[str] = ()
    """Types of the task, by name, plural or word, in any case: target, Targets."""
    indicator: str | Sequence[str] = ()
    """Words of what a record is about: of any field of words, as the task has it; of government reports also the id or
    name of an indicator."""
    years: int | str | Sequence[int | str] = ()
    """Years that the records speak of: 2025, "2024,2025", "2020-2025"."""
    report: str = ""
    """A report's id, or words of it where no report has just that id."""
    section: str = ""
    """Words of any heading above the record."""
    limit: int | None = None
    """How many at most."""
    where: Mapping[str, Asked] = field(default_factory=dict)
    """What else they say, by column: {"place": "…", "code": "50", "measure": ["level", "growth"]}; a choice by its value or
    label, a text by words of it, a number also as a span. `Task.picks` has all names: of government reports `place` is also
    part of the path of a place, and `code` its beginning."""

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"a limit of {self.limit} shows nothing; give 1 or more")
        years_of(self.years)

    @property
    def whole_reports(self) -> bool:
        """Whether it takes all records of the reports that it takes any of."""
        return not (self.types or self.indicator or self.years or self.section or self.where or self.limit)

    def of(self, records: Iterable[Record], reports: Iterable[str], task: Task | None = None) -> Iterator[Record]:
        """The records that are wanted, in their order.

        Args:
            records: a run's records.
            reports: the ids of its reports.
            task: what they are records of; the government task unless given.

        Raises:
            UsageError: the task has no such type or column, a choice no such value, no report has the id or words asked for,
                or, once all are read, none of the records says what is asked for in a column of texts.
        """
        task = open_task(task)
        types = {_type(task, one) for one in _several(self.types)}
        years, shown, section = years_of(self.years), task.shown, holding(self.section)
        wanted = self._reports(list(reports))
        tests = [
            _Test(task, name, asked) for name, asked in {"indicator": self.indicator, **self.where}.items() if asked
        ]

        def takes(record: Record) -> bool:
            if (types and record.type not in types) or record.report not in wanted:
                return False
            values = values_of(record) if years or tests else {}
            if years and shown[record.type].year_of(values) not in years:
                return False
            # Each is asked, also after one that fails: what none of the records says is to be told.
            said = [test.passes(values) for test in tests]
            return all(said) and (not self.section or any(map(section, record.section)))

        return _told(islice(filter(takes, records), self.limit), tests)

    def _reports(self, ids: list[str]) -> set[str]:
        holds = holding(self.report)
        found = {id for id in ids if id == self.report} or {id for id in ids if holds(id)}
        if self.report and not found:
            listed = ", ".join(ids[:_LISTED]) + (" …" if len(ids) > _LISTED else "")
            raise UsageError(f"no report {self.report!r} in this run; it has {listed or 'none'}")
        return found


class _Test:
    """One thing that records have to say.

    Raises:
        UsageError: the task's records say nothing of the name, or cannot say what is asked for.
    """

    def __init__(self, task: Task, name: str, asked: Asked) -> None:
        if name not in task.picks:
            raise UsageError(f"no {name!r} to pick records of {task.name!r} by; there are {', '.join(task.picks)}")
        self.name, self.asked, self.pick = name, [str(one) for one in _several(asked)], task.picks[name]
        self.tests: list[Callable[[Any], bool]] = [self.pick.read(one) for one in self.asked]
        self.passed = False
        self.seen: dict[str, None] = {}

    def passes(self, values: Mapping[str, Any]) -> bool:
        told = list(self.pick.told(values))
        said = any(test(one) for one in told for test in self.tests)
        self.passed |= said
        if self.pick.listed and not self.passed and len(self.seen) <= _LISTED:
            self.seen.update(dict.fromkeys(map(str, told)))
        return said


def _told(records: Iterator[Record], tests: Sequence[_Test]) -> Iterator[Record]:
    """The records, and at their end the error of what none of them says."""
    yield from records
    for test in tests:
        if test.seen and not test.passed:
            listed = ", ".join([*test.seen][:_LISTED]) + (" …" if len(test.seen) > _LISTED else "")
            raise UsageError(f"no record has {test.name} {' or '.join(map(repr, test.asked))}; there are {listed}")


def _type(task: Task, name: str) -> str:
    """The type that is called so: one or several of it, in any language and case.

    Raises:
        UsageError: none is.
    """
    for type in task.types:
        words = task.called(type)
        if folded(name) in map(folded, (*words, *map(plural, words))):
            return type
    raise UsageError(f"no record type named {name!r}; there are {', '.join(task.types)}")


def listed(words: str) -> list[str]:
    """What stands between commas."""
    return [word.strip() for word in words.replace("，", ",").split(",") if word.strip()]


def years_of(asked: Asked) -> set[int]:
    """Years and spans of years.

    Raises:
        UsageError: one is neither.
    """
    return {year for one in _several(asked) for word in listed(str(one)) for year in span_of(word, "year")}


def _several(asked: Asked) -> Sequence[Any]:
    """What was asked for, where it may be one alone."""
    return (asked,) if isinstance(asked, str | int) else asked
