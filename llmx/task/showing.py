"""What a line of a table, and the page, show of a record: derived from the kinds of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from llmx.records import Record
from llmx.task.fields import Kind, kinds_of

SIGNS: Mapping[str | None, str] = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈"}
_LETTER = re.compile(r"[A-Za-z]")
_FALLS = ("-", "−", "－")
Form = Literal["text", "choice", "figure", "base", "list", "flag"]


@dataclass(frozen=True, slots=True)
class Amount:
    """The columns that hold one number: a figure of the text or, without `text`, a value with its unit."""

    name: str
    """The field."""
    value: str
    unit: str
    text: str | None = None
    start: str | None = None
    end: str | None = None
    measure: str | None = None
    comparator: str | None = None
    base_value: str | None = None
    base_unit: str | None = None
    rank: str | None = None
    """What a table is sorted by, where it is not the value as written."""

    @classmethod
    def of(cls, name: str) -> Amount:
        """The columns of a field that is a figure."""
        parts = ("value", "unit", "start", "end", "measure", "comparator", "base_value", "base_unit")
        return cls(name, text=name, rank=f"{name}_base_value", **{part: f"{name}_{part}" for part in parts})

    def said(self, values: Mapping[str, Any]) -> str:
        """The number as written, with its comparator's sign and a fall's; empty where a record has none."""
        value = values.get(self.value)
        if self.text is None:
            return "" if value is None else f"{value}{values.get(self.unit) or ''}"
        text = values.get(self.text) or ""
        fall = "-" if isinstance(value, int | float) and value < 0 and not text.startswith(_FALLS) else ""
        return f"{SIGNS.get(values.get(self.comparator or ''), '')}{fall}{_spaced(text)}"


def _spaced(text: str) -> str:
    """A number without blanks, but for those that keep Latin words apart: 3.2 billion."""
    parts = text.split()
    return (" " if len(parts) > 1 and _LETTER.search(text) else "").join(parts)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a record of one type, by column."""

    names: tuple[str, ...] = ()
    """Words that say what it is about: the first that a record has stands for it, and all are searched."""
    amounts: tuple[Amount, ...] = ()
    """Its numbers; the first that a record has stands for it."""
    asides: tuple[str, ...] = ()
    """What is said beside the number: the first that a record has."""
    tally: str | None = None
    """The choice that the overview counts under the type."""
    choices: tuple[str, ...] = ()
    """The values that it may have."""
    year: str | None = None
    """A year or day."""
    details: tuple[tuple[Form, str], ...] = ()
    """What the page lists of a record, in order: a column or an amount's name, and how it is written."""
    usual: tuple[str, ...] = ()
    """Choices so common that they are not listed."""

    def name(self, values: Mapping[str, Any]) -> str:
        """What a record is about, by its values; empty where no field says it."""
        return next((str(values[name]) for name in self.names if values.get(name)), "")

    def amount(self, values: Mapping[str, Any]) -> str:
        """A record's number; empty without one."""
        return next(filter(None, (one.said(values) for one in self.amounts)), "")

    def aside(self, values: Mapping[str, Any]) -> str:
        """What is said beside it."""
        return next((str(values[name]) for name in self.asides if values.get(name)), "")

    def year_of(self, values: Mapping[str, Any]) -> int | None:
        """The year that a record speaks of."""
        year = values.get(self.year) if self.year else None
        if isinstance(year, int):
            return year
        words = str(year or "")[:4]
        return int(words) if words.isdecimal() else None


def shown_of(record: type[Record]) -> Shown:
    """What is shown of a record type whose fields are of the library's kinds."""
    leaves = list(leaves_of(kinds_of(record)))
    choices = [one for one in leaves if one.sort == "choice"]
    return Shown(
        names=tuple(one.name for one in leaves if one.sort in ("words", "quote")),
        amounts=tuple(Amount.of(one.name) for one in leaves if one.sort == "figure"),
        asides=tuple(one.name for one in choices),
        tally=choices[0].name if choices else None,
        choices=choices[0].choices if choices else (),
        year=next((one.name for sort in ("year", "date") for one in leaves if one.sort == sort), None),
        details=tuple((_FORMS.get(one.sort, "text"), one.name) for one in leaves),
    )


def choices_of(record: type[Record]) -> dict[str, tuple[str, ...]]:
    """The values of each choice of a record type, by column."""
    return {one.name: one.choices for one in leaves_of(kinds_of(record)) if one.sort == "choice"}


_FORMS: Mapping[str, Form] = {"choice": "choice", "figure": "figure", "list": "list", "flag": "flag"}


def leaves_of(kinds: Iterable[Kind], before: str = "") -> Iterator[Kind]:
    """Fields with those of groups by their columns."""
    for one in kinds:
        if one.sort == "group":
            yield from leaves_of(one.inner, f"{before}{one.name}_")
        else:
            yield replace(one, name=f"{before}{one.name}")
