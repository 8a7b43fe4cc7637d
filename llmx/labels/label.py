"""A label, the claim it is made of, and what was found to be wrong with one."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NotRequired, Self, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import to_json
from typing_extensions import TypedDict

from llmx.records import Record
from llmx.task import Anchor, Labelling, values_of
from llmx.task.fields import INTEGER, NUMBER
from llmx.task.labelling import DATE, FLAG, NO, SHARED, YES, Column


@dataclass(frozen=True, slots=True)
class Label:
    """A line of a label file: the values of a record by column, without the derived ones.

    The columns are attributes too: `label.quote`, `label.start`; what does not apply is None.
    """

    labelling: Labelling
    """What labels of its task may say."""
    values: Mapping[str, Any]
    """Those that are there, in the order of label files."""

    @classmethod
    def of(cls, record: Record, labelling: Labelling) -> Self:
        """A predicted record as a label; the record must have a place."""
        known = labelling.forms[record.type].columns
        return cls.read(labelling, {name: value for name, value in values_of(record).items() if name in known})

    @classmethod
    def read(cls, labelling: Labelling, values: Mapping[str, Any]) -> Self:
        """The label that values make.

        Raises:
            ValidationError: a column is not known, lacks its value or has one that it does not allow.
        """
        given = {name: list(one) if isinstance(one, tuple) else one for name, one in values.items() if one is not None}
        type = str(given.get("type"))
        checks = _checks(labelling, type if type in labelling.forms else None)
        return cls(labelling, checks.validate_python(given, strict=True))

    def __getattr__(self, column: str) -> Any:
        if column in Label.__slots__ or column not in self.labelling.columns:
            raise AttributeError(column)
        return self.values.get(column)

    @property
    def anchors(self) -> Iterator[tuple[Anchor, int, int]]:
        """The words of the text that it names beside its quote, and their bounds."""
        for one in self.labelling.forms[self.values["type"]].anchors:
            if (start := self.values.get(one.start)) is not None:
                yield one, start, self.values.get(one.end, 0)


def bounds_of(label: Label) -> tuple[int, int]:
    """The stretch of the text that holds a label's quote and all words that it names."""
    starts, ends = zip((label.start, label.end), *((start, end) for _, start, end in label.anchors), strict=True)
    return min(starts), max(ends)


def held_by(label: Label) -> int | None:
    """Where the figure begins that a label is about."""
    figure = label.labelling.forms[label.type].figure
    start = label.values.get(figure.start) if figure else None
    return start if isinstance(start, int) else None


def text_order(label: Label) -> tuple[int, int]:
    """By quote, then by figure."""
    held = held_by(label)
    return label.start, -1 if held is None else held


@lru_cache(maxsize=256)
def _checks(labelling: Labelling, type: str | None) -> TypeAdapter[dict[str, Any]]:
    """What checks the labels of a type; without one, what says which types there are."""
    columns = labelling.forms[type].columns if type else labelling.columns
    fields = {name: one.annotation if name in SHARED else NotRequired[one.annotation] for name, one in columns.items()}
    made: Any = cast(Any, TypedDict)("Label", fields)
    made.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(made)


def foreign(labelling: Labelling, type: Any, columns: Iterable[str]) -> list[str]:
    """Those of some columns that only labels of other types than this have."""
    form = labelling.form_of(type)
    given = set(columns)
    return [name for name in labelling.columns if form and name in given and name not in form.columns]


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


def typed(column: Column, value: Any) -> Any:
    """What a person or a tool wrote into a column, as the column's type; None for blanks, and as it is if it does not fit.

    Args:
        column: what the column holds.
        value: text, or a number as spreadsheets hold them (2024.0); one with a comma stays text, since it may be of a
            thousand or a decimal one.
    """
    if column.several:
        return _listed(column, value)
    if column.holds not in (NUMBER, INTEGER):
        text = str(value).strip("\r\n\t ") if value is not None else ""
        if column.holds == DATE:
            return text[:10] if isinstance(value, datetime.date) else text or None
        return _FLAGS.get(text.lower(), text or None) if column.holds == FLAG else text or None
    if isinstance(value, str):
        try:
            value = float(value.strip().rstrip("%")) if value.strip() else None
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


_FLAGS = {YES: True, "true": True, "1": True, NO: False, "false": False, "0": False}
_BETWEEN = re.compile(r"[;；\n]")


def _listed(column: Column, value: Any) -> Any:
    """What is between semicolons, or a list of JSON."""
    text = str(value if value is not None else "").strip()
    if text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    one = Column(column.holds)
    return [part for words in _BETWEEN.split(text) if (part := typed(one, words)) is not None] or None


def written(value: Any) -> Any:
    """A value as a cell or a line of text holds it, so that `typed` has it again."""
    if isinstance(value, bool):
        return YES if value else NO
    if not isinstance(value, list):
        return value
    plain = all(not isinstance(one, (dict, bool)) and not _BETWEEN.search(str(one)) for one in value)
    joined = "; ".join(str(one) for one in value)
    return (
        joined
        if plain and value and joined == joined.strip() and joined[0] != "["
        else json.dumps(value, ensure_ascii=False)
    )


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
    return to_json(label.values).decode()


def faults(error: ValidationError, labelling: Labelling, type: Any) -> str:
    """What is wrong with the fields of a label, in words a person can act on."""
    form = labelling.form_of(type)
    columns = form.columns if form else labelling.columns
    return "; ".join(_fault(one["loc"], one["type"], one["msg"], one["input"], columns) for one in error.errors())


def _fault(where: tuple[int | str, ...], kind: str, message: str, value: Any, columns: Mapping[str, Column]) -> str:
    name = str(where[0]) if where else "label"
    if kind == "extra_forbidden":
        return f"unknown field {name!r}"
    if kind == "missing":
        return f"{name} is missing"
    if name in columns and columns[name].choices:
        return f"{name} is {value!r}; allowed are {', '.join(columns[name].choices)}"
    return f"{name} is {value!r}: {message[0].lower()}{message[1:]}"
