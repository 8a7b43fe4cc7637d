"""What every record has, whatever the task: which it is, the words that bear it out, and what made it.

Every record carries the verbatim `quote` and its place, so that `document.text[start:end] == quote`.
A field that does not apply is None, and absent in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

Comparator = Literal["=", ">=", ">", "<=", "<", "~", "range"]
Measure = Literal["level", "growth", "change"]
Grounding = Literal["exact", "normalized", "missing"]
Number = int | float


# Groups of fields. pydantic lays fields out from the last base to the first, so a record type that lists groups of its
# own between these has them in JSON, schemas and tables where it wants them.


class Group(BaseModel):
    """Fields that go together; the docstring under a field is its description, in schemas and in prompts."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Identified(Group):
    """Which record it is."""

    id: str
    """Stable: the same text and settings give the same id."""
    report: str
    """The report's id: its file name without the suffix, unless the caller names it."""
    type: str
    """The record type."""


class Evidenced(Group):
    """Where it stands in the report."""

    quote: str
    """Verbatim words of the report: `text[start:end]`."""
    start: int | None = None
    """Where the quote begins, in Unicode code points of the document's text; None where grounding is missing."""
    end: int | None = None
    """Where the quote ends, exclusive; None where grounding is missing."""
    section: tuple[str, ...] = ()
    """Heading path, outermost first."""


class Sourced(Group):
    """What produced it, and how well its quote is grounded."""

    grounding: Grounding = "exact"
    """How the quote was found again in the text; `missing` is kept and counted, never passed off as evidence."""
    model: str
    """What produced the record."""


class Placed(Group):
    """Where it stands in a file that has pages, paragraphs or tables."""

    location: str | None = None
    """Where in the source file the quote stands: p. 12, paragraph 7, table 2, row 3; of a scan with its box, in points from
    the page's upper left (p. 3, box 72 140 520 160), or in pixels on a picture; None for plain text."""
    confidence: float | None = None
    """How surely its figures, or its quote where it has none, were read from a scan: the least sure character's, 0 to 1;
    None for what is no scan."""


class Record(Placed, Sourced, Evidenced, Identified):
    """One record. A task's record types are subclasses: their docstrings and those of their fields go into the prompt."""


OWN = frozenset(Record.model_fields)
"""The fields that every record has; the others are a type's own."""
RecordT = TypeVar("RecordT", bound=Record)


@cache
def _blank(kind: type[Record]) -> Record:
    fields = {name: None if one.is_required() else one.default for name, one in kind.model_fields.items()}
    return kind.model_construct(set(), **fields)


def proved(kind: type[RecordT], fields: Mapping[str, Any]) -> RecordT:
    """A record whose fields code itself made, each of its type: a copy of a blank one, 2.8 µs where validating takes 6.2.

    Args:
        kind: the record type.
        fields: all that its type requires, and what else is known; `type` only where the type's own has no default.
    """
    return _blank(kind).model_copy(update=fields)  # type: ignore[return-value]
