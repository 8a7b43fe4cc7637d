"""What the page sets side by side: of each thing that is compared the figures that the reports give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llmx.outputs.columns import as_float
from llmx.records import Record
from llmx.task import LANGUAGES, Amount, Compared, Task, values_of

Cell = list[Any]
"""A report's number, the record's id and type, its place, year, value, the upper end of a range, unit, the figure in
words, comparator, quote, and the values that are never mixed."""


class Cells:
    """The figures of each thing, gathered report by report.

    Args:
        task: what says which records are compared, and how.
    """

    def __init__(self, task: Task) -> None:
        self.how: Compared | None = task.compared
        self.task = task
        self.amounts: dict[str, Amount] = {
            type: one
            for type, shown in task.shown.items()
            for one in shown.amounts
            if self.how and one.name == self.how.amount
        }
        self.things: dict[str, list[Cell]] = {}
        self.reports: Counter[str] = Counter()

    def add(self, number: int, records: Sequence[Record]) -> None:
        """Take the records of a report."""
        if self.how is None:
            return
        seen = set()
        for record in records:
            values = values_of(record)
            thing, amount = values.get(self.how.thing), self.amounts.get(record.type)
            if thing and amount and as_float(values.get(amount.value)) is not None:
                cell = _cell(number, record.type, values, amount, self.how)
                self.things.setdefault(str(thing), []).append(cell)
                seen.add(str(thing))
        self.reports.update(seen)

    def merge(self, other: Cells) -> None:
        """Take the cells of further reports."""
        for thing, cells in other.things.items():
            self.things.setdefault(thing, []).extend(cells)
        self.reports.update(other.reports)

    def __getstate__(self) -> Any:
        """What a process tells another: a task is not always to be pickled, and both have it."""
        return {"things": self.things, "reports": self.reports}

    def packed(self, size: int) -> Iterator[dict[str, list[Cell]]]:
        """Things that more than one report has, those of most reports first, so many cells together, or one thing."""
        held: dict[str, list[Cell]] = {}
        length = 0
        for thing, count in self.reports.most_common():
            if count < 2:
                break
            held[thing] = self.things[thing]
            length += len(self.things[thing])
            if length > size:
                yield held
                held, length = {}, 0
        if held:
            yield held

    def about(self, packs: Sequence[Sequence[str]]) -> dict[str, Any] | None:
        """What the page knows before it reads any cell; None where nothing is compared.

        Args:
            packs: the things of each pack.
        """
        if self.how is None or not any(packs):
            return None
        names = {thing: self.task.thing_called(thing) for pack in packs for thing in pack}
        return {
            "apart": [[name, dict(self.how.counts_as.get(name, {}))] for name in self.how.apart],
            "aimed": list(self.how.aimed),
            "things": [[thing, self.reports[thing], at] for at, pack in enumerate(packs) for thing in pack],
            "names": {
                language: {thing: own[language] for thing, own in names.items() if language in own}
                for language in LANGUAGES
            },
        }


def _cell(number: int, type: str, values: Mapping[str, Any], amount: Amount, how: Compared) -> Cell:
    """A record as the page compares it, in its base unit where it has one."""
    value, high, unit = values[amount.value], values.get(f"{amount.value}_max"), values.get(amount.unit)
    if amount.base_value and values.get(amount.base_value) is not None and values.get(amount.base_unit or ""):
        base = values[amount.base_value]
        high = high * base / value if high is not None and value else high
        value, unit = base, values[amount.base_unit or ""]
    year = str(values.get(how.year) or "")[:4]
    return [
        number,
        values["id"],
        type,
        values.get(how.place) if how.place else None,
        int(year) if year.isdecimal() else None,
        as_float(value),
        as_float(high),
        unit or "",
        amount.said(values),
        values.get(amount.comparator or "") or "=",
        values["quote"],
        *(values.get(name) or "" for name in how.apart),
    ]
