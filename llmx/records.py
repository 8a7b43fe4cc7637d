"""Targets, achievements, projects and problems: what a run returns, one record a figure, name or statement.

Every record carries the verbatim `quote` and its place, so that `document.text[start:end] == quote`.
A field that does not apply is None, and absent in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Tag

Comparator = Literal["=", ">=", ">", "<=", "<", "~", "range"]
Measure = Literal["level", "growth", "change"]
Kind = Literal["quantified", "recognition"]
Stage = Literal["preparation", "started", "ongoing", "completed"]
Status = Literal["reported", "planned"]
Grounding = Literal["exact", "normalized", "missing"]
RecordType = Literal["target", "achievement", "project", "problem"]
Domain = Literal[
    "economy",
    "industry",
    "agriculture",
    "infrastructure",
    "environment",
    "livelihood",
    "finance",
    "safety",
    "governance",
]
Number = int | float


# Groups of fields. pydantic lays fields out from the last base to the first, so a record type lists its groups from
# the end of its line to the beginning: JSON, schemas and tables then all have the order of the data contract.


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class _Identified(_Group):
    """Which record it is."""

    id: str
    """Stable: the same text and settings give the same id."""
    report: str
    """The report's id: its file name without the suffix, unless the caller names it."""
    type: str
    """The record type."""


class _Kinded(_Group):
    """What may come without a figure."""

    kind: Kind
    """quantified: has a figure; recognition: a status, without a figure."""


class _Quoted(_Group):
    """Where it stands in the report."""

    quote: str
    """Verbatim words of the report: `text[start:end]`."""
    start: int | None = None
    """Where the quote begins, in Unicode code points of the document's text; None where grounding is missing."""
    end: int | None = None
    """Where the quote ends, exclusive; None where grounding is missing."""
    section: tuple[str, ...] = ()
    """Heading path, outermost first."""
    year: int | None = None
    """The year the record speaks of."""


class _Figured(_Group):
    """What may hold a figure."""

    indicator: str | None = None
    """What is measured, shared words distributed; for a recognition the status won, with whose it is."""
    figure: str | None = None
    """The number with its unit, verbatim."""
    figure_start: int | None = None
    """Where the figure begins in the document's text."""
    figure_end: int | None = None
    """Where the figure ends, exclusive."""
    value: Number | None = None
    """The number as written (256.9 with 亿元); a fall is negative under growth and change."""
    value_max: Number | None = None
    """The upper end of a range."""
    unit: str | None = None
    """As written, after the number: 亿元, 万人次, %, 个百分点, :1."""
    measure: Measure | None = None
    """level: absolute figure; growth: relative change in %; change: absolute difference."""
    comparator: Comparator | None = None
    """`>=` 以上, `>` 超/突破/余/多, `<=` 以内, `<` 低于, `~` 左右/约/近, `range`, else `=`."""
    modifier: str | None = None
    """The words that made the comparator or the commitment: 以上, 左右, 力争, 确保, 控制在…以内."""
    scope: str | None = None
    """Only where the figure is another government's or area's: 全国, 全市."""
    base_value: Number | None = None
    """The same quantity in a base unit: 256.9 亿元 is 25690000000 元."""
    base_unit: str | None = None
    """The base unit of base_value: 元, 人次, 亩."""


class _Built(_Group):
    """What is built or invested in."""

    name: str
    """As written, complete enough to be found again."""
    stage: Stage
    """preparation, started, ongoing or completed."""
    status: Status
    """reported: has happened by the report's date; planned: promised for the plan year."""
    amount: Number | None = None
    """The investment in this very project, as written."""
    amount_unit: str | None = None
    """Unit of the amount: 亿元, 万元."""


class _Classed(_Group):
    """What belongs to a field of policy."""

    domain: Domain
    """The field of policy that the problem belongs to."""


class _Sourced(_Group):
    """What produced it, and how well its quote is grounded."""

    grounding: Grounding = "exact"
    """How the quote was found again in the text; `missing` is kept and counted, never passed off as evidence."""
    model: str
    """What produced the record."""
    margin: float | None = None
    """By how much the tense of its section was decided: an upper heading that says what it is weighs 4; None where nothing
    else was possible."""
    place: str | None = None
    """Where in the source file the quote begins: p. 12, paragraph 7, table 2, row 3; None for plain text."""


class Target(_Sourced, _Figured, _Quoted, _Kinded, _Identified):
    """Something the reporting government commits to or expects in the future."""

    type: Literal["target"] = "target"
    """The record type."""
    kind: Kind
    """quantified: has a figure; recognition: a status to be won, without a figure."""


class Achievement(_Sourced, _Figured, _Quoted, _Kinded, _Identified):
    """A result that the report gives."""

    type: Literal["achievement"] = "achievement"
    """The record type."""
    kind: Kind
    """quantified: has a figure; recognition: an honour, accreditation or status won, without a figure."""


class Project(_Sourced, _Built, _Quoted, _Identified):
    """A named physical or investment project."""

    type: Literal["project"] = "project"
    """The record type."""


class Problem(_Sourced, _Classed, _Figured, _Quoted, _Identified):
    """A shortcoming, difficulty or risk that the report admits."""

    type: Literal["problem"] = "problem"
    """The record type."""


Record = Annotated[
    Annotated[Target, Tag("target")]
    | Annotated[Achievement, Tag("achievement")]
    | Annotated[Project, Tag("project")]
    | Annotated[Problem, Tag("problem")],
    Discriminator("type"),
]

RECORD_TYPES: dict[str, type[Target] | type[Achievement] | type[Project] | type[Problem]] = {
    "target": Target,
    "achievement": Achievement,
    "project": Project,
    "problem": Problem,
}

_BLANK: dict[str, Record] = {
    name: kind.model_construct(
        set(), **{field: None if one.is_required() else one.default for field, one in kind.model_fields.items()}
    )
    for name, kind in RECORD_TYPES.items()
}


def proved(type: RecordType, fields: Mapping[str, object]) -> Record:
    """A record whose fields code itself made, each of its type: a copy of a blank one, 2.8 µs where validating takes 6.2.

    Args:
        type: the record type.
        fields: all that its type requires, and what else is known; `type` itself is not among them.
    """
    return _BLANK[type].model_copy(update=fields)
