"""Targets, achievements, projects and problems: one record a figure, name or statement.

A field that does not apply is None, and absent in JSON.
"""

from __future__ import annotations

from typing import Literal

from llmx.documents import Kind as ReportKind
from llmx.records import Comparator, Evidenced, Group, Identified, Measure, Number, Placed, Record, Sourced
from llmx.tasks.government.facts import Level
from llmx.tasks.government.periods import PeriodKind

Kind = Literal["quantified", "recognition"]
Stage = Literal["preparation", "started", "ongoing", "completed"]
Status = Literal["reported", "planned"]
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


class _Reported(Group):
    """Whose report it is."""

    region: str | None = None
    """Whose government reports, as the report names it; null where it does not tell."""
    code: str | None = None
    """Its six-digit administrative division code."""
    level: Level | None = None
    """national, province, prefecture, county or township."""
    report_year: int | None = None
    """The year whose work the report plans."""
    report_kind: ReportKind | None = None
    """work_report, plan_report or other."""


class _Kinded(Group):
    """What may come without a figure."""

    kind: Kind
    """quantified: has a figure; recognition: a status, without a figure."""


class _Dated(Group):
    """When it is."""

    year: int | None = None
    """The year the record speaks of."""


class _Figured(Group):
    """What may hold a figure."""

    period: PeriodKind | None = None
    """What span the figure speaks of: annual (one year), average (yearly, over several), cumulative (sum over several),
    part_year (months or quarters), since (change from an earlier year on), at_end (state at a moment)."""
    period_start: str | None = None
    """Its first year or month: 2021, 2024-01; null where the text does not tell."""
    period_end: str | None = None
    """Its last year or month: 2025, 2024-09."""
    indicator: str | None = None
    """What is measured, shared words distributed; for a recognition the status won, with whose it is."""
    indicator_id: str | None = None
    """The vocabulary's id of it: gdp, cpi; null where the vocabulary has none."""
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
    approximation: str | None = None
    """The words that made the comparator: 以上, 左右, 控制在…以内."""
    commitment: str | None = None
    """The words that say how firmly: 力争, 确保, 预期."""
    stretch_of: str | None = None
    """The id of the figure that this one goes beyond: 7%以上，力争达到|8%."""
    scope: str | None = None
    """Only where the figure is another area's (全国, 全市) or a part's: 市本级, 规上, 全口径."""
    base_value: Number | None = None
    """The same quantity in a base unit: 256.9 亿元 is 25690000000 元."""
    base_unit: str | None = None
    """The base unit of base_value: 元, 人次, 亩."""


class _Built(Group):
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


class _Classed(Group):
    """What belongs to a field of policy."""

    domain: Domain
    """The field of policy that the problem belongs to."""


class _Decided(Group):
    """How surely code knows its tense."""

    margin: float | None = None
    """By how much the tense of its section was decided: an upper heading that says what it is weighs 4; None where nothing
    else was possible."""


class Target(Record, Placed, _Decided, Sourced, _Figured, _Dated, Evidenced, _Kinded, _Reported, Identified):
    """Something the reporting government commits to or expects in the future."""

    type: Literal["target"] = "target"
    """The record type."""
    kind: Kind
    """quantified: has a figure; recognition: a status to be won, without a figure."""


class Achievement(Record, Placed, _Decided, Sourced, _Figured, _Dated, Evidenced, _Kinded, _Reported, Identified):
    """A result that the report gives."""

    type: Literal["achievement"] = "achievement"
    """The record type."""
    kind: Kind
    """quantified: has a figure; recognition: an honour, accreditation or status won, without a figure."""


class Project(Record, Placed, _Decided, Sourced, _Built, _Dated, Evidenced, _Reported, Identified):
    """A named physical or investment project."""

    type: Literal["project"] = "project"
    """The record type."""


class Problem(Record, Placed, _Decided, Sourced, _Classed, _Figured, _Dated, Evidenced, _Reported, Identified):
    """A shortcoming, difficulty or risk that the report admits."""

    type: Literal["problem"] = "problem"
    """The record type."""


TYPES: tuple[type[Record], ...] = (Target, Achievement, Project, Problem)
