"""How a task's records are held against labels: what follows from the kinds of their fields, where a task says no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from llmx.records import Placed, Record, Sourced
from llmx.task.fields import Kind, kinds_of, plural

_WORDS, _PLACED = ("words", "quote"), ("quote", "figure")


@dataclass(frozen=True, slots=True)
class ScoredField:
    """A field that is held against the label's, where the label has it."""

    name: str
    """The column that holds it, and what tables call it."""
    alike: bool = False
    """Whether texts agree from a difflib ratio of 0.7 on, white space left out; else they must be the same."""
    error: str = "field"
    """What a pair is called that differs in it: one of `Scoring.errors`."""
    also: tuple[str, ...] = ()
    """Further columns that must be the same for it to agree: of a range the upper end."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a measure counts: the records that belong to it, and what of a pair must be right."""

    where: Mapping[str, str] = field(default_factory=dict)
    """The columns that tell what belongs, with their values: {"type": "project"}; all records unless given."""
    figured: bool = False
    """Whether only records with a figure belong."""
    right: tuple[str, ...] = ()
    """Fields that must not differ; without any it is enough that a pair is the same record."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """What is looked at when records are held against labels."""

    columns: tuple[str, ...]
    """What a label holds, in this order: all but its id and what code derives."""
    fields: tuple[ScoredField, ...]
    """The fields that are scored, in the order of tables."""
    figures: tuple[str, ...] = ()
    """Columns of figures, each with NAME_start and NAME_end: a record is found by the first that it has, else by its
    quote."""
    loose: frozenset[str] = frozenset()
    """Types whose figure may be left out: a record with one and a record without may be the same by their quotes."""
    references: tuple[str, ...] = ()
    """Columns that hold the id of another record: it agrees where both name the same figure, or quote."""
    naming: tuple[str, ...] = ()
    """Columns whose words say what a record is of: they tell apart what shares a quote."""
    measures: Mapping[str, Counted] = field(default_factory=dict)
    """What is counted of all reports, by the name that tables and floors give it."""
    errors: tuple[str, ...] = ("value", "words", "field")
    """Classes of errors of a pair, as in `wrong value`; the first that fits is told."""
    shown: tuple[str, ...] = ()
    """The columns of both sides in a table of records; those of `columns` unless given."""
    beside: tuple[ScoredField, ...] = ()
    """Fields that two annotators are compared on and no prediction is scored by."""
    roles: tuple[str, ...] = ()
    """What sections are for, in the order of tables; others follow as they come."""
    usual: frozenset[str] = frozenset({"="})
    """Values that go without saying on a page."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What can be said of a row, in the order of tables."""
        wrong = tuple(f"wrong {error}" for error in self.errors)
        return ("agreed", *wrong, "wrong type", "wrong span", "missed", "spurious")


def derived(types: Mapping[str, type[Record]], columns: Iterable[str]) -> Scoring:
    """The scoring that follows from the kinds of fields.

    A figure is scored by its value (both ends of a range), unit, comparator and measure; quotes and the reader's words by
    likeness; everything else must be the same, unless a field says otherwise with `scored`.

    Args:
        types: the record types by name.
        columns: the columns of all of them.
    """
    leaves = {name: list(_leaves(kinds_of(kind))) for name, kind in types.items()}
    every = [leaf for own in leaves.values() for leaf in own]
    figures = tuple(dict.fromkeys(one.column for one in every if one.kind.sort == "figure"))
    naming = tuple(dict.fromkeys(one.column for one in every if one.kind.sort in _WORDS))
    fields: dict[str, ScoredField] = {}
    for one in every:
        for scored in _scored(one):
            fields.setdefault(scored.name, scored)
    kept = tuple(name for name in columns if name not in _aside(figures))
    offsets = {f"{one.column}_{end}" for one in every if one.kind.sort in _PLACED for end in ("start", "end")}
    return Scoring(
        columns=kept,
        fields=tuple(fields.values()),
        figures=figures,
        loose=frozenset(name for name, own in leaves.items() if _is_loose(own)),
        naming=naming,
        measures=_measures(types, fields.values(), bool(figures)),
        shown=tuple(name for name in kept if name not in {"report"} | offsets),
    )


class _Leaf(NamedTuple):
    """A field that holds one value, by its column; those of groups one by one."""

    column: str
    kind: Kind
    optional: bool


def _leaves(kinds: Iterable[Kind], prefix: str = "", optional: bool = False) -> Iterator[_Leaf]:
    for one in kinds:
        if one.sort == "group":
            yield from _leaves(one.inner, f"{prefix}{one.name}_", optional or one.optional)
        else:
            yield _Leaf(prefix + one.name, one, optional or one.optional)


def _is_loose(leaves: Iterable[_Leaf]) -> bool:
    """Whether a type has figures, each of which may be absent."""
    figures = [one.optional for one in leaves if one.kind.sort == "figure"]
    return bool(figures) and all(figures)


def _scored(leaf: _Leaf) -> Iterator[ScoredField]:
    """What is scored of a field."""
    column, kind = leaf.column, leaf.kind
    if kind.scored == "none":
        return
    if kind.sort == "figure" and kind.scored == "exact":
        yield ScoredField(f"{column}_value", error="value", also=(f"{column}_value_max",))
        yield from (ScoredField(f"{column}_{part}", error="value") for part in ("unit", "comparator", "measure"))
    else:
        error = "value" if kind.sort == "figure" else "words" if kind.sort in _WORDS else "field"
        yield ScoredField(column, kind.scored == "alike", error)


def _aside(figures: Iterable[str]) -> set[str]:
    """Columns that code derives, so that labels need not have them."""
    parts = {f"{name}_{part}" for name in figures for part in ("modifier", "base_value", "base_unit")}
    return {"id", "section", *Sourced.model_fields, *Placed.model_fields} | parts


def _measures(types: Iterable[str], fields: Iterable[ScoredField], figured: bool) -> dict[str, Counted]:
    right = tuple(one.name for one in fields if one.error != "field")
    found = {
        "figures found and typed": Counted(figured=True),
        "figures fully right": Counted(figured=True, right=right),
    }
    return (found if figured else {}) | {plural(name): Counted({"type": name}) for name in types}
