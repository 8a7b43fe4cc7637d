"""Kinds of field: what each asks of a reader, and what code makes of it.

    Quoted     words of the text, verbatim; found again by code, offsets kept
    Figured    a number that code found in the text, named by its mark; value, unit and comparator by code
    Chosen     one of a few values: Chosen[Literal["air", "water"]], or the Literal itself
    Said       the reader's own words (str); a number in them must be the text's
    Year       a year that the text bears out; datetime.date a day; bool yes or no
    list[…]    several of these; a nested Group several fields that go together; … | None what may be absent

The docstring under a field is its description, in the schema and in the prompt.
"""

from __future__ import annotations

import datetime
import re
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from dataclasses import fields as dataclass_fields
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from llmx.errors import TaskError
from llmx.records import OWN, Comparator, Measure, Number, Record

Sort = Literal["quote", "figure", "choice", "words", "year", "date", "flag", "list", "group"]
How = Literal["exact", "alike", "none"]
TEXT, INTEGER, NUMBER, PATH = "text", "integer", "number", "path"
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the text, verbatim."""

    text: str
    """`document.text[start:end]`."""
    start: int | None = None
    """Where they begin, in code points of the document's text."""
    end: int | None = None
    """Where they end, exclusive."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Figured:
    """A number of the text, as code reads it."""

    text: str
    """The number with its unit, verbatim."""
    start: int | None = None
    """Where it begins, in code points of the document's text."""
    end: int | None = None
    """Where it ends, exclusive."""
    value: Number | None = None
    """The number as written, never multiplied out; a fall is negative under growth and change."""
    value_max: Number | None = None
    """The upper end of a range."""
    unit: str | None = None
    """As written."""
    measure: Measure | None = None
    """level: absolute figure; growth: relative change in %; change: absolute difference."""
    comparator: Comparator | None = None
    """`>=`, `>`, `<=`, `<`, `~` for about, `range`, else `=`."""
    modifier: str | None = None
    """The words that made the comparator."""
    base_value: Number | None = None
    """The same quantity in a base unit."""
    base_unit: str | None = None
    """The base unit."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a field's annotation says of it besides its type."""

    sort: Sort | None = None
    units: tuple[str, ...] = ()
    scored: How | None = None


Chosen = Annotated[ValueT, _Mark("choice")]
"""typing keeps one alias for two Literals of the same values: their order is that of the first one of a process."""
Said = Annotated[str, _Mark("words")]
Year = Annotated[int, _Mark("year")]


def figured(default: Any = ..., *, units: Iterable[str] | str = (), description: str | None = None) -> Any:
    """A figure of certain units: a figure of another unit is turned away, with its reason.

    Args:
        default: None for a figure that may be absent.
        units: as texts write them, or their base unit, which takes all its multiples: USD, 元; any unless given.
        description: where no docstring stands under the field.
    """
    return _field(default, _Mark(units=(units,) if isinstance(units, str) else tuple(units)), description)


def scored(how: How, default: Any = ..., *, description: str | None = None) -> Any:
    """How a field is held against a label.

    Args:
        how: exact, alike (as texts, from a difflib ratio of 0.7 on) or none; words and quotes are alike unless said.
        default: None for a field that may be absent.
        description: where no docstring stands under the field.

    Raises:
        TaskError: there is no such way.
    """
    if how not in get_args(How):
        raise TaskError(f"scored({how!r}): give one of {', '.join(get_args(How))}")
    return _field(default, _Mark(scored=how), description)


def _field(default: Any, mark: _Mark, description: str | None) -> FieldInfo:
    made: FieldInfo = Field(default, description=description)
    made.metadata.append(mark)
    return made


@dataclass(frozen=True, slots=True)
class Kind:
    """One field of a record type, as its class declares it."""

    name: str
    sort: Sort
    description: str = ""
    optional: bool = False
    choices: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    scored: How = "exact"
    inner: tuple[Kind, ...] = ()
    """Of a list what it lists; of a group its fields."""
    group: type[BaseModel] | None = None
    """The class of a group."""
    container: type[list[Any]] | type[tuple[Any, ...]] = tuple
    """What a list's values stand in, as its class declares it."""

    @property
    def columns(self) -> dict[str, str]:
        """The columns that hold it, with the kind of their values."""
        if self.sort in _VALUES:
            return {self._column(name): kind for name, kind in _VALUES[self.sort].items()}
        if self.sort == "group":
            return {f"{self.name}_{name}": kind for one in self.inner for name, kind in one.columns.items()}
        return {self.name: _COLUMNS[self.sort]}

    def _column(self, name: str) -> str:
        return self.name if name == "text" else f"{self.name}_{name}"

    def flat(self, value: Any) -> Iterator[tuple[str, Any]]:
        """A value as the values of its columns."""
        if value is None:
            return
        if self.sort in _VALUES:
            yield from ((self._column(name), part) for name, part in asdict(value).items())
        elif self.sort == "group":
            for one in self.inner:
                yield from ((f"{self.name}_{name}", part) for name, part in one.flat(getattr(value, one.name)))
        elif self.sort == "list":
            yield self.name, [self.inner[0].plain(part) for part in value]
        else:
            yield self.name, value.isoformat() if isinstance(value, datetime.date) else value

    def plain(self, value: Any) -> Any:
        """An item of a list as JSON has it: words as a text, what has parts as an object."""
        if self.sort in _VALUES:
            return {name: part for name, part in asdict(value).items() if part is not None}
        if self.sort == "group":
            return {one.name: one.plain(part) for one in self.inner if (part := getattr(value, one.name)) is not None}
        if self.sort == "list":
            return [self.inner[0].plain(part) for part in value]
        return value.isoformat() if isinstance(value, datetime.date) else value

    def built(self, given: Mapping[str, Any]) -> Any:
        """The value that columns hold; None without any."""
        if self.sort in _VALUES:
            parts = {name: given.get(self._column(name)) for name in _VALUES[self.sort]}
            return parts if parts["text"] is not None else None
        if self.sort == "group":
            length = len(self.name) + 1
            own = {name[length:]: value for name, value in given.items() if name.startswith(f"{self.name}_")}
            parts = {one.name: value for one in self.inner if (value := one.built(own)) is not None}
            return parts or None
        return given.get(self.name)


_COLUMNS: dict[Sort, str] = {
    "choice": TEXT,
    "words": TEXT,
    "year": INTEGER,
    "date": TEXT,
    "flag": TEXT,
    "list": PATH,
}
_PARTS = {"start": INTEGER, "end": INTEGER, "value": NUMBER, "value_max": NUMBER, "base_value": NUMBER}
_VALUES: dict[str, dict[str, str]] = {
    sort: {one.name: _PARTS.get(one.name, TEXT) for one in dataclass_fields(kind)}
    for sort, kind in (("quote", Quoted), ("figure", Figured))
}
_ALIKE = ("quote", "words")


@cache
def kinds_of(record: type[BaseModel]) -> tuple[Kind, ...]:
    """The fields of a record type that are its own, in the order of its class.

    Raises:
        TaskError: a field's type is no kind of field, or its name is taken; the message names file, class and field.
    """
    where = f"{_file_of(record)}{record.__name__}"
    own = [(name, one) for name, one in record.model_fields.items() if name not in OWN]
    for name in OWN - {"type"}:
        if record.model_fields[name].annotation != Record.model_fields[name].annotation:
            raise TaskError(f"{where}.{name}: every record has a field of this name; call this one something else")
    return tuple(_kind(f"{where}.{name}", name, one, (record,)) for name, one in own)


def _file_of(record: type[BaseModel]) -> str:
    """The file of a class, as messages begin; empty where it was made in code."""
    path = getattr(sys.modules.get(record.__module__), "__file__", None)
    return f"{path}: " if path else ""


def check_columns(record: type[Record]) -> None:
    """Make sure that no two fields of a record type share a column.

    Raises:
        TaskError: two do: `fine_unit` beside a figure `fine`; the message names file, class and fields.
    """
    held = dict.fromkeys(OWN, "every record")
    for kind in kinds_of(record):
        for column in kind.columns:
            if column in held:
                raise TaskError(
                    f"{_file_of(record)}{record.__name__}.{kind.name}: its column {column!r} is that of {held[column]} too; "
                    "call one of them something else"
                )
            held[column] = kind.name


def _kind(where: str, name: str, field: FieldInfo, within: tuple[type, ...]) -> Kind:
    marks = [one for one in field.metadata if isinstance(one, _Mark)]
    return _typed(where, name, field.annotation, marks, " ".join((field.description or "").split()), within)


def _typed(where: str, name: str, given: Any, marks: list[_Mark], described: str, within: tuple[type, ...]) -> Kind:
    """The kind that an annotation is."""
    optional, given = _without_none(where, given)
    while get_origin(given) is Annotated:
        given, *more = get_args(given)
        marks = [*marks, *(one for one in more if isinstance(one, _Mark))]
    if get_origin(given) in (list, tuple):
        return _list(where, name, given, marks, described, within, optional)
    if isinstance(given, type) and issubclass(given, BaseModel):
        if issubclass(given, Record):
            raise TaskError(f"{where}: {given.__name__} is a record type of its own; nest a subclass of llmx.Group")
        if given in within:
            raise TaskError(f"{where}: {given.__name__} holds itself, which no schema of an answer can; nest it once")
        inner_kinds = tuple(_kind(f"{where}.{at}", at, one, (*within, given)) for at, one in given.model_fields.items())
        if not inner_kinds:
            raise TaskError(f"{where}: {given.__name__} has no fields; give it some, or leave the field out")
        described = described or " ".join((given.__doc__ or "").split())
        return Kind(name, "group", described, optional, inner=inner_kinds, group=given)
    sort = next((mark.sort for mark in marks if mark.sort), None) or _sort(where, given)
    choices = tuple(get_args(given)) if sort == "choice" else ()
    if sort == "choice" and not (choices and all(isinstance(one, str) and one for one in choices)):
        raise TaskError(f"{where}: a choice is one of several texts; write Chosen[Literal['one', 'another']]")
    units = next((mark.units for mark in marks if mark.units), ())
    if units and sort != "figure":
        raise TaskError(f"{where}: units are for figures; make its type Figured, or leave figured(units=…) out")
    return Kind(name, sort, described, optional, choices, units, _scored(marks, "alike" if sort in _ALIKE else "exact"))


def _list(
    where: str, name: str, given: Any, marks: list[_Mark], described: str, within: tuple[type, ...], optional: bool
) -> Kind:
    """The kind of list that an annotation is; units of a list are those of each of its figures."""
    listed = [one for one in get_args(given) if one is not Ellipsis]
    container = get_origin(given)
    if len(listed) != 1 or (container is tuple and Ellipsis not in get_args(given)):
        raise TaskError(f"{where}: a list holds one kind of value; write list[Said], list[Quoted], …")
    units = [_Mark(units=mark.units) for mark in marks if mark.units]
    inner = _typed(where, name, listed[0], units, "", within)
    if inner.sort == "list":
        raise TaskError(f"{where}: a list of lists has no columns; nest a group that holds a list")
    scored = _scored(marks, inner.scored)
    return Kind(name, "list", described, optional, scored=scored, inner=(inner,), container=container)


def _scored(marks: Iterable[_Mark], usual: How) -> How:
    return next((mark.scored for mark in marks if mark.scored), usual)


def _without_none(where: str, given: Any) -> tuple[bool, Any]:
    """Whether an annotation allows None, and the rest of it."""
    if get_origin(given) not in (Union, types.UnionType):
        return False, given
    rest = [one for one in get_args(given) if one is not type(None)]
    if len(rest) != 1:
        names = " | ".join(getattr(one, "__name__", str(one)) for one in rest)
        raise TaskError(f"{where}: {names} may be one of several types, which strict schemas refuse; choose one")
    return len(rest) < len(get_args(given)), rest[0]


def _sort(where: str, given: Any) -> Sort:
    if get_origin(given) is Literal:
        return "choice"
    for known, sort in _SORTS:
        if given is known:
            return sort
    raise TaskError(
        f"{where}: {getattr(given, '__name__', given)} is no kind of field; there are Quoted, Figured, Chosen, Said, Year, "
        "datetime.date, bool, lists of these and nested groups"
    )


_SORTS: tuple[tuple[Any, Sort], ...] = (
    (Quoted, "quote"),
    (Figured, "figure"),
    (str, "words"),
    (bool, "flag"),
    (datetime.date, "date"),
)


@cache
def columns_of(record: type[BaseModel]) -> dict[str, str]:
    """The columns of a record type, in order: fields of numbers and texts as they are, others by their parts."""
    found: dict[str, str] = {}
    for name, field in record.model_fields.items():
        if name in OWN or name in _plain_fields(record):
            found[name] = _column(field.annotation)
        else:
            found |= next(one for one in kinds_of(record) if one.name == name).columns
    return found


@cache
def compound(record: type[BaseModel]) -> tuple[Kind, ...]:
    """The fields of a record type that take more than one column, or another form than their own."""
    simple = _plain_fields(record)
    return tuple(
        _kind(f"{record.__name__}.{name}", name, one, (record,))
        for name, one in record.model_fields.items()
        if name not in OWN and name not in simple
    )


@cache
def _plain_fields(record: type[BaseModel]) -> frozenset[str]:
    """The fields whose value is one plain value: a text, a number, a choice, a list of texts."""
    return frozenset(name for name, field in record.model_fields.items() if _is_plain(field.annotation))


def _is_plain(given: Any) -> bool:
    if get_origin(given) is Annotated:
        return _is_plain(get_args(given)[0])
    if get_origin(given) in (Union, types.UnionType):
        return all(_is_plain(one) for one in get_args(given))
    if get_origin(given) is tuple:
        return get_args(given)[0] is str
    return get_origin(given) is Literal or given in (str, int, float, type(None))


def _column(given: Any) -> str:
    if get_origin(given) is tuple:
        return PATH
    held = {one for one in (get_args(given) or (given,)) if one is not type(None)}
    held = {get_args(one)[0] if get_origin(one) is Annotated else one for one in held}
    if held <= {int}:
        return INTEGER
    return NUMBER if held <= {int, float} else TEXT


def values_of(record: Record) -> Mapping[str, Any]:
    """A record's values by column; what does not apply is None or absent."""
    parts = compound(type(record))
    if not parts:
        return record.__dict__
    values = {name: value for name, value in record.__dict__.items() if all(one.name != name for one in parts)}
    for one in parts:
        values.update(one.flat(getattr(record, one.name)))
    return values


def built(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """The record whose values by column are given.

    Raises:
        ValidationError: they are none of its type.
    """
    parts = compound(kind)
    if not parts:
        return kind.model_validate(values)
    taken = {name for one in parts for name in (*one.columns, one.name)}
    given = {name: value for name, value in values.items() if name not in taken}
    given |= {one.name: value for one in parts if (value := one.built(values)) is not None}
    return kind.model_validate(given)


def figures_of(record: Record) -> list[int]:
    """Where the figures of a record begin."""
    return sorted(value.start for value in _within(list(record.__dict__.values())) if isinstance(value.start, int))


def _within(values: Iterable[Any]) -> Iterator[Figured]:
    for value in values:
        if isinstance(value, Figured):
            yield value
        elif isinstance(value, list | tuple):
            yield from _within(value)
        elif isinstance(value, BaseModel):
            yield from _within(value.__dict__.values())


_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def named(record: type[Record]) -> str:
    """What a record type is called in records: what its field `type` says, else its class's name: road_work of RoadWork."""
    default = record.model_fields["type"].default
    return default if isinstance(default, str) else _WORD.sub("_", record.__name__).lower()


def plural(name: str) -> str:
    """What several records of a type are called: penalties."""
    if not name.isascii():
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"
