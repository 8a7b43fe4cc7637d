"""Hand labels: one JSON object a line, with the columns of a task's records.

Labels are exhaustive: what is not labelled is no record. Where only part of a report was labelled, a line of its own
says which part, in half-open stretches of Unicode code points:

    {"report": "qianjiang-2025", "labelled": [[0, 5600], [9100, 12000]]}

With `[]` nothing of the report was labelled; a report that was read and holds no record has its whole length there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Optional, Self, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    create_model,
    model_validator,
)

from llmx.errors import InputError, UnreadableInput
from llmx.outputs.lines import fault
from llmx.records import Record
from llmx.task import Figured, Quoted, Scoring, Task, open_task, values_of
from llmx.task.fields import Kind, compound


class Span(NamedTuple):
    """A stretch of a report's text, half-open, in Unicode code points."""

    start: int
    end: int

    @property
    def middle(self) -> int:
        """Where it is said to stand, for what lies across a boundary."""
        return (self.start + self.end) // 2


@dataclass(frozen=True, slots=True)
class Label:
    """What evaluation looks at, of a hand label or of a predicted record."""

    report: str
    type: str
    quote: str
    quote_span: Span | None
    """Where the quote stands; None for a record whose quote was not found."""
    figure_span: Span | None
    """Where its first figure stands; None for a label without one."""
    figure_column: str | None
    """The column of that figure."""
    naming: str | None
    """The words that say what it is of; None for a record that is told by its quote alone."""
    values: Mapping[str, Any] = field(hash=False)
    """What it has, by column; what a list lists is a tuple."""
    id: str | None = None

    @classmethod
    def of(cls, given: Record | Mapping[str, Any], task: Task | None = None) -> Label:
        """A predicted record, or a line of a label file, as a label.

        Args:
            given: a record, or values by column; a figure without offsets is found in its quote if it stands there once.
            task: what it is a record of; the government task unless given.

        Raises:
            ValueError: it is none of the task; the message names column and value.
        """
        task = open_task(task)
        kind = task.types.get(str(_get(given, "type")))
        if kind is None:
            has = ", ".join(map(repr, task.types))
            raise ValueError(f"type: {_get(given, 'type')!r} is none of the task {task.name!r}; it has {has}")
        if isinstance(given, Record):
            values = _kept(values_of(given), task.scoring)
        else:
            line = line_of(kind).model_validate({name: one for name, one in given.items() if one is not None})
            values = _placed(_kept(line.__dict__, task.scoring), task.scoring)
        _fit(values, task.scoring)
        return _label(values, task.scoring, _get(given, "id"))

    @property
    def start(self) -> int | None:
        """Where the quote begins."""
        return self.quote_span and self.quote_span.start

    @property
    def end(self) -> int | None:
        """Where the quote ends, exclusive."""
        return self.quote_span and self.quote_span.end

    @property
    def figure(self) -> str | None:
        """The words of its first figure."""
        return self.values[self.figure_column] if self.figure_column else None

    @property
    def anchor(self) -> Span | None:
        """What a label is found by: its figure, else its quote."""
        return self.figure_span or self.quote_span

    @property
    def verbatim(self) -> Iterator[tuple[str, str, Span]]:
        """What is said to stand in the text: the quote, figures and other quotes by column, with their places."""
        if self.quote_span:
            yield "quote", self.quote, self.quote_span
        for name, words in self.values.items():
            if isinstance(words, str) and (span := _span(self.values, name)):
                yield name, words, span


def _span(values: Mapping[str, Any], name: str) -> Span | None:
    start, end = values.get(f"{name}_start"), values.get(f"{name}_end")  # those of a period are no places
    return Span(start, end) if isinstance(start, int) and isinstance(end, int) else None


def _get(given: Record | Mapping[str, Any], name: str) -> Any:
    return getattr(given, name) if isinstance(given, Record) else given.get(name)


def _kept(values: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    return {name: _held(values[name]) for name in scoring.columns if values.get(name) is not None}


def _held(value: Any) -> Any:
    """A value that can be compared and hashed: words of a list without their places."""
    if isinstance(value, list | tuple):
        return tuple(map(_held, value))
    if isinstance(value, dict):
        parts = {name: _held(part) for name, part in value.items()}
        return parts["text"] if "text" in parts else json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return value


def _placed(values: dict[str, Any], scoring: Scoring) -> dict[str, Any]:
    """With the places of figures that come without: a figure is found in the quote, if it stands there once."""
    quote, start = values["quote"], values.get("start")
    for name in scoring.figures:
        figure = values.get(name)
        if not figure or start is None or f"{name}_end" in values:
            continue
        begin = values.get(f"{name}_start")
        if begin is None:
            if quote.count(figure) != 1:
                raise ValueError(f"the {name} {figure!r} stands {quote.count(figure)} times in the quote {quote!r}")
            begin = start + quote.index(figure)
        values |= {f"{name}_start": begin, f"{name}_end": begin + len(figure)}
    return values


def _fit(values: Mapping[str, Any], scoring: Scoring) -> None:
    """Make sure that offsets, quote and figures agree."""
    quote, start, end = values["quote"], values.get("start"), values.get("end")
    if (start is None) != (end is None):
        raise ValueError("start and end go together; give both, or none for a quote without a place")
    if start is None or end is None:
        return
    if end - start != len(quote):
        raise ValueError(
            f"start {start} and end {end} are {end - start} apart, the quote {quote!r} has {len(quote)} characters; "
            "offsets count Unicode code points, the end is exclusive"
        )
    for name in scoring.figures:
        if name in values and (begin := values.get(f"{name}_start")) is not None:
            within = quote[max(begin - start, 0) : values.get(f"{name}_end", 0) - start]
            if within != values[name]:
                raise ValueError(f"{name}_start and {name}_end hold {within!r} of the quote, not {values[name]!r}")


def _label(values: dict[str, Any], scoring: Scoring, id: str | None) -> Label:
    start, figure = values.get("start"), next((name for name in scoring.figures if _span(values, name)), None)
    return Label(
        values["report"],
        values["type"],
        values["quote"],
        None if start is None else Span(start, values["end"]),
        _span(values, figure) if figure else None,
        figure,
        " ".join(str(values[name]) for name in scoring.naming if name in values) or None,
        values,
        id,
    )


@cache
def line_of(kind: type[Record]) -> type[BaseModel]:
    """What a line of labels of a record type may hold: its columns, of which those that it does not need may be absent."""
    parts = compound(kind)
    other = {one.name for one in parts}
    columns = {name: one.annotation for name, one in kind.model_fields.items() if name not in other}
    for one in parts:
        columns |= dict(_columns(one))
    config = ConfigDict(extra="forbid", protected_namespaces=())
    needed: dict[str, Any] = {"report": (str, ...), "type": (str, ...), "quote": (str, Field(min_length=1))}
    needed["start"] = (int | None, Field(None, ge=0))
    fields = {name: (Optional[one], None) for name, one in columns.items()} | needed  # noqa: UP045 (any annotation)
    return create_model(kind.__name__, __config__=config, **fields)


def _columns(kind: Kind, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The columns of a field with the types of their values."""
    if kind.sort == "group":
        for one in kind.inner:
            yield from _columns(one, f"{prefix}{kind.name}_")
    elif kind.sort in ("quote", "figure"):
        parts = get_type_hints(Quoted if kind.sort == "quote" else Figured).values()
        yield from zip((prefix + name for name in kind.columns), parts, strict=True)
    else:
        yield prefix + kind.name, Literal[kind.choices] if kind.choices else _SINGLE[kind.sort]


def _day(value: str) -> str:
    return date.fromisoformat(value).isoformat()


_SINGLE: dict[str, Any] = {
    "words": str,
    "year": int,
    "flag": bool,
    "date": Annotated[str, AfterValidator(_day)],
    "list": list[Any],
}


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


def read_lines(path: Path, task: Task | None = None) -> list[tuple[int, Label | Stretches]]:
    """Read a label file, or the records.jsonl of a run, with the number of each line; blank lines are left out.

    Args:
        path: the file.
        task: what its lines are records of; the government task unless given.

    Raises:
        UnreadableInput: the file is not there, may not be read, or is no UTF-8.
        InputError: a line is no label of the task; the message names file, line and fault.
    """
    try:
        # Split at line feeds alone: U+2028 and its like stand inside quotes.
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInput(f"{path}: cannot be read: {reason}; give a .jsonl file of labels, UTF-8") from error
    task = open_task(task)
    return [(number, _parsed(path, number, line, task)) for number, line in enumerate(lines, 1) if line.strip()]


def _parsed(path: Path, number: int, line: str, task: Task) -> Label | Stretches:
    try:
        fields = _LINE.validate_json(line)
        return (
            Stretches.model_validate(fields)
            if "labelled" in fields and "quote" not in fields
            else Label.of(fields, task)
        )
    except ValueError as error:
        raise InputError(f"{path}, line {number}: no label: {fault(error)}; {_advice(path)}") from error


def _advice(path: Path) -> str:
    if path.suffix == ".jsonl":
        return "correct the line or remove it"
    return "give a .jsonl file of labels; `llmx labels import` makes one of spreadsheets and annotation tools' files"


def read_labels(path: Path, task: Task | None = None) -> list[Label]:
    """Read the labels of a file, in its order.

    Raises:
        UnreadableInput: the file is not there, may not be read, or is no UTF-8.
        InputError: a line is no label of the task; the message names file, line and fault.
    """
    return [line for _, line in read_lines(path, task) if isinstance(line, Label)]
