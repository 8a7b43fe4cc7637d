"""A label, the claim it is made of, and what was found to be wrong with one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from llmx.tasks.government.records import (
    RECORD_TYPES,
    Comparator,
    Domain,
    Kind,
    Measure,
    Number,
    Record,
    RecordType,
    Stage,
    Status,
)


class Label(BaseModel):
    """A line of a label file: the fields of a record without the derived ones, in the order of the data contract."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    report: str
    type: RecordType
    kind: Kind | None = None
    quote: str
    start: int
    end: int
    year: int | None = None
    indicator: str | None = None
    figure: str | None = None
    figure_start: int | None = None
    figure_end: int | None = None
    value: Number | None = None
    value_max: Number | None = None
    unit: str | None = None
    measure: Measure | None = None
    comparator: Comparator | None = None
    scope: str | None = None
    name: str | None = None
    stage: Stage | None = None
    status: Status | None = None
    amount: Number | None = None
    amount_unit: str | None = None
    domain: Domain | None = None

    @classmethod
    def of(cls, record: Record) -> Self:
        """A predicted record as a label; the record must have a place."""
        return cls.model_validate(record.model_dump(include=FIELDS_OF[record.type]))


FIELDS_OF = {type: Label.model_fields.keys() & record.model_fields.keys() for type, record in RECORD_TYPES.items()}
"""The fields that a label of each type may have."""
# A problem's figure has a value and a unit and no more (label guide).
FIELDS_OF["problem"] -= {"year", "measure", "comparator", "scope"}

_FIGURE = ("figure", "figure_start", "figure_end", "value", "unit")
_NEEDED: dict[str, tuple[str, ...]] = {
    "target": ("kind", "indicator", "year"),
    "achievement": ("kind", "indicator", "year"),
    "project": ("name", "stage", "status", "year"),
    "problem": ("domain",),
}
"""The fields that a label of each type has; one with a figure also has those of the figure."""


def missing(label: Label) -> list[str]:
    """The fields that a label lacks."""
    figured = label.kind == "quantified" or label.figure is not None
    return [name for name in _NEEDED[label.type] + _FIGURE * figured if getattr(label, name) is None]


def foreign(type: Any, fields: Iterable[str]) -> list[str]:
    """Those of some fields that only labels of other types than this have."""
    return [name for name in fields if type in FIELDS_OF and name in Label.model_fields.keys() - FIELDS_OF[type]]


DERIVED = frozenset({"id", "section", "modifier", "base_value", "base_unit", "grounding", "model", "margin"})
"""Fields of a record that code derives: a label file may hold them, a label does not."""

CHOICES: dict[str, tuple[str, ...]] = {
    "type": get_args(RecordType),
    "kind": get_args(Kind),
    "measure": get_args(Measure),
    "comparator": get_args(Comparator),
    "stage": get_args(Stage),
    "status": get_args(Status),
    "domain": get_args(Domain),
}
"""The values that a field allows."""

NUMBERS = ("value", "value_max", "amount")
INTEGERS = ("start", "end", "year", "figure_start", "figure_end")
READ_OFF = ("value", "value_max", "unit", "measure", "comparator")
"""What code reads off a figure."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a label, or worth a look."""

    place: str
    """File and line, task or row: `labels.jsonl, line 3`."""
    message: str
    """What is the matter, with which value, and what to do."""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.level}: {self.message}"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says of a label, before anything of it is checked."""

    place: str
    """File and line, task or row."""
    fields: dict[str, Any]
    """Names and values; offsets count code points of the report's text and may be off or missing."""
    sentence: tuple[int, int] | None = None
    """Where the quote is to be looked for first."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """What the columns of the fields are called, where it is a row of a sheet."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that a person knowingly left out, and why."""

    report: str
    figure: str
    figure_start: int
    figure_end: int
    reason: str


@dataclass(slots=True)
class Read:
    """What a file of some format holds: claims, figures left out, and what could not be read of it."""

    claims: list[Claim] = field(default_factory=list)
    left_out: list[LeftOut] | None = None
    """None where the format cannot say."""
    stretches: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """What was labelled of a report, by its id; a report that is not there was labelled whole."""
    findings: list[Finding] = field(default_factory=list)
    _passages: dict[tuple[str, tuple[int, int]], tuple[str, list[Any]]] = field(default_factory=dict)
    """Where each passage came first, and what was claimed there."""

    def add(self, report: str, bounds: tuple[int, int], claims: Sequence[Claim], place: str) -> None:
        """Add what an annotated passage claims; a passage that was there before is left out and said.

        Args:
            report: the report's id.
            bounds: the passage's in the report.
            claims: what was said of it.
            place: file and task, as messages name it.
        """
        fields = [one.fields for one in claims]
        if (report, bounds) not in self._passages:
            self._passages[report, bounds] = place, fields
            self.claims += claims
            self.stretches.setdefault(report, []).append(bounds)
            return
        first, before = self._passages[report, bounds]
        if sorted(map(repr, before)) == sorted(map(repr, fields)):
            self.findings.append(Finding(place, f"the same passage and labels as {first}; taken once", "warning"))
        else:
            fault = f"refused: the passage of {first} with other labels, which were taken; remove one of the two"
            self.findings.append(Finding(place, fault))


def typed(name: str, value: Any) -> Any:
    """What a person or a tool wrote into a field, as the field's type; None for blanks, and as it is if it does not fit.

    Args:
        name: the field.
        value: text, or a number as spreadsheets hold them (2024.0); one with a comma stays text, since it may be of a
            thousand or a decimal one.
    """
    if name not in NUMBERS and name not in INTEGERS:
        text = str(value).strip("\r\n\t ") if value is not None else ""
        return text or None
    if isinstance(value, str):
        try:
            value = float(value.strip().rstrip("%")) if value.strip() else None
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL = re.compile(r"-?\d{1,3}(?:\.?\d{3})*,\d+|-?\d+,\d+")


def comma_readings(written: str) -> list[float]:
    """What a number with commas may be: `1,234` is 1234, or 1.234 in a locale of decimal commas."""
    digits = written.strip().rstrip("%")
    readings = [digits.replace(",", "")] if _THOUSANDS.fullmatch(digits) else []
    readings += [digits.replace(".", "").replace(",", ".")] if _DECIMAL.fullmatch(digits) else []
    return [float(reading) for reading in readings]


def stretches_json(report: str, stretches: Sequence[tuple[int, int]]) -> str:
    """Which part of a report was labelled, as a line of a label file."""
    return json.dumps({"report": report, "labelled": stretches}, ensure_ascii=False)


def label_json(label: Label) -> str:
    """A label as one line of JSON without the fields that do not apply."""
    return label.model_dump_json(exclude_none=True)


def faults(error: ValidationError) -> str:
    """What is wrong with the fields of a label, in words a person can act on."""
    return "; ".join(_fault(one["loc"], one["type"], one["msg"], one["input"]) for one in error.errors())


def _fault(where: tuple[int | str, ...], kind: str, message: str, value: Any) -> str:
    name = str(where[0]) if where else "label"
    if kind == "extra_forbidden":
        return f"unknown field {name!r}"
    if kind == "missing":
        return f"{name} is missing"
    if name in CHOICES:
        return f"{name} is {value!r}; allowed are {', '.join(CHOICES[name])}"
    return f"{name} is {value!r}: {message[0].lower()}{message[1:]}"
