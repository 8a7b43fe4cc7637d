"""By what records can be picked: derived from the columns of a task's records, and from what is shown of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from llmx.errors import UsageError
from llmx.records import Comparator, Measure, Record
from llmx.task.fields import INTEGER, NUMBER, columns_of, compound
from llmx.task.showing import Shown, leaves_of

Values = Mapping[str, Any]
_SPANS = {
    what: re.compile(rf"({one})(?:[-–—~～]({one}))?") for what, one in {"number": r"\d{1,9}", "year": r"\d{4}"}.items()
}


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing that records say, and how it is held against what is asked for."""

    told: Callable[[Values], Iterable[Any]]
    """What a record says of it, by the record's values."""
    read: Callable[[str], Callable[[Any], bool]]
    """Makes of what is asked for the test of what a record says; a UsageError where no record can say it."""
    listed: bool = False
    """Whether what the records do say is named where none says what is asked for."""


def folded(text: str) -> str:
    """A text to compare: whatever the width of its marks and letters, their case and the blanks between."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def holding(asked: str) -> Callable[[Any], bool]:
    """Whether a text holds words."""
    words = folded(asked)
    return lambda told: words in folded(str(told))


def equal(asked: str) -> Callable[[Any], bool]:
    """Whether a number is the one asked for."""
    try:
        number = float(asked)
    except ValueError:
        raise UsageError(f"{asked!r} is no number; give one such as 5.5") from None
    return lambda told: bool(told == number)


def within(asked: str) -> Callable[[Any], bool]:
    """Whether a number is the one asked for, or of the span: 2025, 2020-2025."""
    numbers = span_of(asked)
    return lambda told: told in numbers


def span_of(asked: str, what: Literal["number", "year"] = "number") -> range:
    """A number, or a span of numbers.

    Raises:
        UsageError: it is neither.
    """
    match = _SPANS[what].fullmatch("".join(asked.split()))
    found = range(int(match[1]), int(match[2] or match[1]) + 1) if match else ()
    if not found:
        raise UsageError(f"{asked!r} is no {what}; give one such as 2025, or a span such as 2020-2025")
    return range(found[0], found[-1] + 1)


_READS = {INTEGER: within, NUMBER: equal}


def picks_of(
    types: Mapping[str, type[Record]], shown: Mapping[str, Shown], called: Callable[[str], Iterable[str]]
) -> dict[str, Pick]:
    """By what records of some types can be picked: each of their columns, and what is shown of them.

    Args:
        types: the record types by name.
        shown: what is shown of each.
        called: all that a value of a choice is called.
    """
    choices: dict[str, dict[str, None]] = {}
    kinds: dict[str, str] = {}
    for kind in types.values():
        kinds = columns_of(kind) | kinds
        for name, values in _choices(kind):
            choices.setdefault(name, {}).update(dict.fromkeys(values))
    picks = {
        name: among(name, choices[name], called, column(name))
        if name in choices
        else Pick(column(name), _READS.get(kind, holding), listed=kind not in _READS)
        for name, kind in kinds.items()
    }
    measures = among("measure", get_args(Measure), called, lambda values: _measures(shown[values["type"]], values))
    return (
        {"measure": measures}
        | picks
        | {"indicator": Pick(lambda values: _words(shown[values["type"]], values), holding)}
    )


def column(name: str) -> Callable[[Values], Iterable[Any]]:
    """What a record says in a column; each item of a list for itself."""

    def told(values: Values) -> Iterable[Any]:
        value = values.get(name)
        return () if value is None else value if isinstance(value, tuple | list) else (value,)

    return told


def among(
    name: str,
    choices: Collection[str],
    called: Callable[[str], Iterable[str]],
    told: Callable[[Values], Iterable[Any]],
) -> Pick:
    """A choice: by its value or by what it is called, in any case."""
    known = {folded(word): value for value in reversed([*choices]) for word in called(value)}

    def read(asked: str) -> Callable[[Any], bool]:
        value = known.get(folded(asked))
        if value is None:
            raise UsageError(f"no {name} {asked!r}; there are {', '.join(_labelled(choices, called))}")
        return lambda told: told == value

    return Pick(told, read)


def _labelled(choices: Iterable[str], called: Callable[[str], Iterable[str]]) -> Iterator[str]:
    for value in choices:
        labels = [word for word in called(value) if folded(word) != folded(value)]
        yield f"{value} ({', '.join(labels)})" if labels else value


def _words(shown: Shown, values: Values) -> Iterator[str]:
    return (str(values[name]) for name in shown.names if values.get(name))


def _measures(shown: Shown, values: Values) -> Iterator[str]:
    return (values[one.measure] for one in shown.amounts if one.measure and values.get(one.measure))


def _choices(kind: type[Record]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The columns of a record type that hold one of a few values, with these."""
    held = {one.name for one in compound(kind)}
    for name, field in kind.model_fields.items():
        if name not in held and (values := _literals(field.annotation)):
            yield name, values
    for one in leaves_of(compound(kind)):
        if one.sort == "choice":
            yield one.name, one.choices
        elif one.sort == "figure":
            yield f"{one.name}_measure", get_args(Measure)
            yield f"{one.name}_comparator", get_args(Comparator)


def _literals(given: Any) -> tuple[str, ...]:
    if get_origin(given) is Literal:
        return get_args(given)
    return tuple(value for one in get_args(given) for value in _literals(one))
