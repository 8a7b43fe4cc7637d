"""How records are labelled by hand: the columns of a label, which hold words of the text, what each is called.

All of it follows from the kinds of a task's fields. What a task knows better it overrides: `llmx.tasks.government` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import Field

from llmx.records import OWN, Comparator, Measure, Number, Record
from llmx.task.fields import INTEGER, NUMBER, TEXT, Kind, kinds_of

if TYPE_CHECKING:
    from llmx.sections import Section
    from llmx.task.task import Task

FLAG, DATE, OBJECT = "flag", "date", "object"
SHARED = ("report", "type", "quote", "start", "end")
"""What a label of any type has."""
READ = ("value", "value_max", "unit", "measure", "comparator")
"""What code reads off a figure, as `llmx.figures.Figure` has it."""
YES, NO = "yes", "no"

_HOLDS = {"choice": TEXT, "words": TEXT, "year": INTEGER, "date": DATE, "flag": FLAG, "quote": OBJECT, "figure": OBJECT}
_ANNOTATIONS: dict[str, Any] = {
    TEXT: str,
    INTEGER: int,
    NUMBER: Number,
    FLAG: bool,
    DATE: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")],
    OBJECT: dict[str, Any],
}
_PALETTE = ("#1f6feb", "#2da44e", "#bf8700", "#cf222e", "#8250df", "#bf3989", "#1b7c83", "#9a6700")
_SPAN, _FIGURE = "#57606a", "#8c959f"


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a label holds."""

    holds: str = TEXT
    """text, integer, number, flag, date, or object for an item of a list that has parts."""
    choices: tuple[str, ...] = ()
    """The values that it allows; any where there are none."""
    meaning: str = ""
    """In words, for a person."""
    several: bool = False
    """Whether it holds a list of such."""

    @property
    def annotation(self) -> Any:
        """The type of its values."""
        one = Literal[self.choices] if self.choices else _ANNOTATIONS[self.holds]
        return list[one] if self.several else one  # type: ignore[valid-type]

    @property
    def offered(self) -> tuple[str, ...]:
        """What a person may choose from."""
        return () if self.several else (YES, NO) if self.holds == FLAG else self.choices


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words of the text in a field, with the columns of their place and of what code reads off them."""

    name: str
    """The column of the words."""
    optional: bool = True
    """Whether a label may be without."""
    read: Mapping[str, str] = field(default_factory=dict)
    """Of a figure: columns, and what of the figure each holds; empty for other words."""

    @property
    def start(self) -> str:
        """The column of where they begin."""
        return f"{self.name}_start"

    @property
    def end(self) -> str:
        """The column of where they end, exclusive."""
        return f"{self.name}_end"

    @property
    def columns(self) -> tuple[str, ...]:
        """All of its columns."""
        return (self.name, self.start, self.end, *self.read)


@dataclass(frozen=True, slots=True)
class Form:
    """The labels of one record type."""

    columns: Mapping[str, Column]
    """In the order of label files."""
    anchors: tuple[Anchor, ...] = ()
    telling: tuple[str, ...] = ()
    """Columns of words by which labels of one place are told apart; the first says what a figure is of."""
    named: tuple[str, ...] = ()
    """Columns of a few values, which the name of a span can say."""

    @property
    def figure(self) -> Anchor | None:
        """The figure that a label is about: the first that it needs, else the first that it may have."""
        figures = sorted((one for one in self.anchors if one.read), key=lambda one: one.optional)
        return figures[0] if figures else None


class Labelling:
    """How the records of a task are labelled by hand.

    Args:
        task: the task.
    """

    sheets: tuple[str, str] = ("labels", "columns")
    """What the two sheets of a workbook are called."""
    derived: frozenset[str] = OWN - set(SHARED)
    """Columns of a record that code derives: a label file may hold them, a label does not."""
    exclusive = False
    """Whether a figure belongs to one label alone."""
    otherwise = ""
    """What a person may do, instead of naming a figure, about a label that lacks one."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.forms = {name: self.form(name, kind) for name, kind in task.types.items()}

    def form(self, name: str, kind: type[Record]) -> Form:
        """The form of a record type."""
        kinds = kinds_of(kind)
        columns, anchors = shared_columns(name, kind) | dict(_columns(kinds)), tuple(_anchors(kinds))
        read = {column for one in anchors for column in one.columns}
        own = {column: one for column, one in columns.items() if column not in (*SHARED, *read) and not one.several}
        telling = tuple(column for column, one in own.items() if one.holds == TEXT and not one.choices)
        return Form(columns, anchors, telling, tuple(_named(own)))

    def lacking(self, type: str, values: Mapping[str, Any]) -> list[str]:
        """The columns that a label lacks."""
        return [column for kind in kinds_of(self.task.types[type]) for column in _lacking(kind, "", values)]

    def excluded(self, values: Mapping[str, Any]) -> list[str]:
        """The columns of its type that a label has and may not have, by what else it says."""
        return []

    def called(self, values: Mapping[str, Any]) -> str:
        """What messages call a label."""
        return str(values["type"])

    def needs_figure(self, values: Mapping[str, Any]) -> bool | None:
        """Whether a label has the figure of its form, where it names none; None where it may."""
        form = self.form_of(values.get("type"))
        return form is not None and form.figure is not None and not form.figure.optional

    def completed(self, values: Mapping[str, Any], section: Section) -> dict[str, Any]:
        """What code fills in of a label that was placed in a section, and that it leaves blank."""
        return {}

    def form_of(self, type: Any) -> Form | None:
        """The form of a type; None where there is no such type."""
        return self.forms.get(type) if isinstance(type, str) else None

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns of labels of all types."""
        found: dict[str, Column] = {}
        for name in self.task.columns:
            of_types = [form.columns[name] for form in self.forms.values() if name in form.columns]
            if of_types:
                choices = tuple(dict.fromkeys(value for one in of_types for value in one.choices))
                first = of_types[0]
                found[name] = Column(first.holds, choices, first.meaning, first.several)
        return found

    @cached_property
    def anchors(self) -> dict[str, Anchor]:
        """The anchors of all types, by name."""
        return {one.name: one for form in reversed(self.forms.values()) for one in form.anchors}

    @cached_property
    def figure(self) -> Anchor | None:
        """The columns that show a figure which no label holds yet."""
        return next((form.figure for form in self.forms.values() if form.figure), None)

    @cached_property
    def expected(self) -> bool:
        """Whether a figure without a label is worth a look: some type needs one."""
        return any(form.figure and not form.figure.optional for form in self.forms.values())

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """Those of all types."""
        return tuple(dict.fromkeys(name for form in self.forms.values() for name in form.telling))

    @cached_property
    def offsets(self) -> frozenset[str]:
        """The columns that count code points."""
        return frozenset({"start", "end"}).union(*((one.start, one.end) for one in self.anchors.values()))

    @property
    def sentence(self) -> str:
        """The column of a sheet that shows the sentence."""
        return _free("sentence", self.columns)

    @property
    def left_out(self) -> str:
        """The column of a sheet that says why a figure is no label."""
        return _free("left_out", self.columns)

    @cached_property
    def headings(self) -> dict[str, str]:
        """The columns of a sheet, and what stands above them."""
        first = ("report", "section", self.sentence, *([self.figure.name] if self.figure else ()), "type", "quote")
        shown = [name for name in self.columns if name not in self.offsets]
        hidden = [name for name in self.columns if name in self.offsets]
        words = {name: self.heading(name) for name in dict.fromkeys([*first, *shown, self.left_out, *hidden])}
        said = [word.lower() for word in words.values()]
        return {name: word if said.count(word.lower()) == 1 else name for name, word in words.items()}

    def heading(self, column: str) -> str:
        """What a column is called: the task's word for it, or for its field and for what of it the column holds."""
        part = next((one for one in self.anchors.values() if column in one.columns[1:]), None)
        if column == self.left_out:
            word = "left out because"
        elif part and column not in self.task.words:
            word = f"{self.task.word(part.name)} {self.task.word(column.removeprefix(f'{part.name}_'))}"
        else:
            word = self.task.word(column)
        return word[:1].upper() + word[1:]

    def meaning(self, column: str) -> str:
        """What a column holds, in words."""
        return self.columns[column].meaning if column in self.columns else ""

    @cached_property
    def to_fill(self) -> frozenset[str]:
        """The columns that a person fills in for a figure."""
        figured = [name for name, form in self.forms.items() if form.figure]
        wanted = {column for name in figured for column in self.lacking(name, {})}
        return frozenset({"type", "quote", *wanted}) - set(self.figure.columns if self.figure else ())

    @cached_property
    def controls(self) -> Sequence[tuple[str, str, str]]:
        """A control of Label Studio for each column that spans do not say: the types that it is shown for, its heading."""
        return [
            (name, ",".join(type for type, form in self.forms.items() if name in form.columns), self._asked(name))
            for name in self.columns
            if name not in SHARED and name not in self.offsets and name not in self.anchors
        ]

    def _asked(self, column: str) -> str:
        if any(column in one.read for one in self.anchors.values()):
            return f"{self.headings[column]}; if blank, as code reads the figure"
        meaning = self.meaning(column)
        return f"{self.headings[column]}: {meaning}" if meaning else self.headings[column]

    @cached_property
    def mark(self) -> str:
        """What the span of a figure is called."""
        return _free("figure", self.forms)

    def span(self, anchor: Anchor) -> str:
        """What the span of an anchor is called."""
        return self.mark if anchor.read else _free(anchor.name, (*self.forms, self.mark))

    @cached_property
    def spans(self) -> dict[str, str]:
        """The colours of spans, by what they are called: types, figures, other words."""
        types = {
            name: self.task.colours.get(name, _PALETTE[number % len(_PALETTE)])
            for number, name in enumerate(self.forms)
        }
        marks = {self.span(one): _FIGURE if one.read else _SPAN for one in self.anchors.values()}
        return types | marks


def shared_columns(name: str, kind: type[Record]) -> dict[str, Column]:
    """The columns that labels of any type have."""
    meanings = {column: " ".join((kind.model_fields[column].description or "").split()) for column in SHARED}
    return {
        column: Column(INTEGER if column in ("start", "end") else TEXT, (name,) * (column == "type"), meanings[column])
        for column in SHARED
    }


def figure_columns(name: str, meaning: str = "") -> dict[str, Column]:
    """The columns of a figure with what code reads off it."""
    numbers = {"value": Column(NUMBER), "value_max": Column(NUMBER), "unit": Column()}
    chosen = {"measure": Column(choices=get_args(Measure)), "comparator": Column(choices=get_args(Comparator))}
    return _words(name, meaning) | {f"{name}_{part}": column for part, column in (numbers | chosen).items()}


def _words(name: str, meaning: str) -> dict[str, Column]:
    return {name: Column(TEXT, (), meaning), f"{name}_start": Column(INTEGER), f"{name}_end": Column(INTEGER)}


def _columns(kinds: Iterable[Kind], prefix: str = "") -> Iterator[tuple[str, Column]]:
    for kind in kinds:
        name, inner = f"{prefix}{kind.name}", kind.inner[0] if kind.inner else kind
        if kind.sort == "group":
            yield from _columns(kind.inner, f"{name}_")
        elif kind.sort == "figure":
            yield from figure_columns(name, kind.description).items()
        elif kind.sort == "quote":
            yield from _words(name, kind.description).items()
        else:
            holds = _HOLDS.get(inner.sort, OBJECT)
            yield name, Column(holds, inner.choices, kind.description, kind.sort == "list")


def _anchors(kinds: Iterable[Kind], prefix: str = "", optional: bool = False) -> Iterator[Anchor]:
    for kind in kinds:
        name, may_be_absent = f"{prefix}{kind.name}", optional or kind.optional
        if kind.sort == "group":
            yield from _anchors(kind.inner, f"{name}_", may_be_absent)
        elif kind.sort in ("figure", "quote"):
            parts = READ if kind.sort == "figure" else ()
            yield Anchor(name, may_be_absent, {f"{name}_{part}": part for part in parts})


def _lacking(kind: Kind, prefix: str, values: Mapping[str, Any]) -> Iterator[str]:
    """The columns of a field that a label lacks; a field that may be absent lacks nothing, unless a part of it is there."""
    name = f"{prefix}{kind.name}"
    there = any(values.get(f"{prefix}{column}") is not None for column in kind.columns)
    if kind.sort == "list" or (kind.optional and not there):
        return
    if kind.sort == "group":
        for one in kind.inner:
            yield from _lacking(one, f"{name}_", values)
        return
    parts = {"figure": ("_start", "_end", "_value"), "quote": ("_start", "_end")}.get(kind.sort, ())
    yield from (column for column in (name, *(name + part for part in parts)) if values.get(column) is None)


def _named(columns: Mapping[str, Column]) -> Iterator[str]:
    """Columns whose values the name of a span can say: chosen values without a full stop that no other column has."""
    taken: set[str] = set()
    for name, one in columns.items():
        if one.choices and taken.isdisjoint(one.choices) and not any("." in value for value in one.choices):
            taken.update(one.choices)
            yield name


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that nothing else has."""
    return _free(f"{name}_", taken) if name in set(taken) else name
