"""Hand labels: one JSON object a line, with the field names of the records.

Labels are exhaustive: what is not labelled is no record. Where only part of a report was labelled, a line of its own
says which part, in half-open stretches of Unicode code points:

    {"report": "qianjiang-2025", "labelled": [[0, 5600], [9100, 12000]]}

With `[]` nothing of the report was labelled; a report that was read and holds no record has its whole length there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from llmx.errors import InputError, UnreadableInput
from llmx.outputs.lines import fault
from llmx.records import Comparator, Measure, Number, Record
from llmx.tasks.government.records import Domain, Kind, RecordType, Stage, Status


class Span(NamedTuple):
    """A stretch of a report's text, half-open, in Unicode code points."""

    start: int
    end: int

    @property
    def middle(self) -> int:
        """Where it is said to stand, for what lies across a boundary."""
        return (self.start + self.end) // 2


class Label(BaseModel):
    """What evaluation looks at, of a hand label or of a predicted record."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | None = None
    report: str
    type: RecordType
    kind: Kind | None = None
    quote: str = Field(min_length=1)
    start: int | None = Field(None, ge=0)
    end: int | None = None
    section: tuple[str, ...] = ()
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
    def of(cls, record: Record) -> Label:
        """A predicted record as a label."""
        return cls.model_validate(record.model_dump())

    @model_validator(mode="before")
    @classmethod
    def _place_figure(cls, fields: Any) -> Any:
        """Find a figure that comes without offsets in the quote, if it stands there once."""
        if not isinstance(fields, dict) or not fields.get("figure") or fields.get("figure_end") is not None:
            return fields
        figure, quote, start = fields["figure"], fields.get("quote"), fields.get("start")
        if not (isinstance(figure, str) and isinstance(quote, str) and isinstance(start, int)):
            return fields
        begin = fields.get("figure_start")
        if begin is None:
            if quote.count(figure) != 1:
                raise ValueError(f"the figure {figure!r} stands {quote.count(figure)} times in the quote {quote!r}")
            begin = start + quote.index(figure)
        return {**fields, "figure_start": begin, "figure_end": begin + len(figure)}

    @model_validator(mode="after")
    def _fit(self) -> Self:
        """Offsets, quote and figure must agree."""
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end go together; give both, or none for a quote without a place")
        if self.start is None or self.end is None:
            return self
        if self.end - self.start != len(self.quote):
            raise ValueError(
                f"start {self.start} and end {self.end} are {self.end - self.start} apart, the quote {self.quote!r} has "
                f"{len(self.quote)} characters; offsets count Unicode code points, the end is exclusive"
            )
        if self.figure_start is not None and self.figure is not None:
            within = self.quote[max(self.figure_start - self.start, 0) : (self.figure_end or 0) - self.start]
            if within != self.figure:
                raise ValueError(f"figure_start and figure_end hold {within!r} of the quote, not {self.figure!r}")
        return self

    @property
    def quote_span(self) -> Span | None:
        """Where the quote stands; None for a record whose quote was not found."""
        return None if self.start is None or self.end is None else Span(self.start, self.end)

    @property
    def figure_span(self) -> Span | None:
        """Where the figure stands; None for a label without one."""
        if self.figure_start is None or self.figure_end is None:
            return None
        return Span(self.figure_start, self.figure_end)

    @property
    def anchor(self) -> Span | None:
        """What a label is found by: its figure, else its quote."""
        return self.figure_span or self.quote_span

    @property
    def naming(self) -> str | None:
        """The name of a project, the indicator of the rest; a problem without a figure has neither."""
        return self.name or self.indicator


class Stretches(BaseModel):
    """Which part of a report was labelled: a line of a label file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report: str
    labelled: tuple[Span, ...]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        end = 0
        for one in self.labelled:
            if one.start < end or one.end <= one.start:
                raise ValueError(f"the stretch {list(one)} is empty, or begins before the one before it ends")
            end = one.end
        return self


_LINE: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def read_lines(path: Path) -> list[tuple[int, Label | Stretches]]:
    """Read a label file, or the records.jsonl of a run, with the number of each line; blank lines are left out.

    Raises:
        UnreadableInput: the file is not there, may not be read, or is no UTF-8.
        InputError: a line is no label; the message names file, line and fault.
    """
    try:
        # Split at line feeds alone: U+2028 and its like stand inside quotes.
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInput(f"{path}: cannot be read: {reason}; give a .jsonl file of labels, UTF-8") from error
    return [(number, _parsed(path, number, line)) for number, line in enumerate(lines, 1) if line.strip()]


def _parsed(path: Path, number: int, line: str) -> Label | Stretches:
    try:
        fields = _LINE.validate_json(line)
        return (Stretches if "labelled" in fields else Label).model_validate(fields)
    except ValidationError as error:
        raise InputError(f"{path}, line {number}: no label: {fault(error)}; {_advice(path)}") from error


def _advice(path: Path) -> str:
    if path.suffix == ".jsonl":
        return "correct the line or remove it"
    return "give a .jsonl file of labels; `llmx labels import` makes one of spreadsheets and annotation tools' files"


def read_labels(path: Path) -> list[Label]:
    """Read the labels of a file, in its order.

    Raises:
        UnreadableInput: the file is not there, may not be read, or is no UTF-8.
        InputError: a line is no label; the message names file, line and fault.
    """
    return [line for _, line in read_lines(path) if isinstance(line, Label)]
