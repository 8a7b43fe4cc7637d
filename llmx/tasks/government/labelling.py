"""How government reports are labelled by hand: what the label guide says beside what the fields' kinds do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, get_args

from llmx.records import Record
from llmx.sections import Section
from llmx.task import Anchor, Column, Form, Labelling, columns_of
from llmx.task.labelling import READ

_KINDED = ("target", "achievement")
_FIGURE = ("figure", "figure_start", "figure_end", "value", "unit")
_NEEDED: dict[str, tuple[str, ...]] = {
    "target": ("kind", "indicator", "year"),
    "achievement": ("kind", "indicator", "year"),
    "project": ("name", "stage", "status", "year"),
    "problem": ("domain",),
}
"""The columns that a label of each type has; one with a figure also has those of the figure."""
_NAMED = {"target": ("kind",), "achievement": ("kind",), "project": ("stage", "status"), "problem": ("domain",)}
"""What the name of a span says."""
_READ = ("period", "period_start", "period_end", "indicator_id", "approximation", "commitment")
"""What code says of a figure beside its value, and a person may correct."""
_NOT_OF_A_PROBLEM = ("year", "measure", "comparator", "scope", *_READ)
"""A problem's figure has a value and a unit and no more (label guide)."""
_NOT_OF_A_RECOGNITION = ("figure", "value", "unit", "measure")

_HEADINGS: dict[str, str] = {
    "report": "Report 报告",
    "section": "Section 章节",
    "sentence": "Sentence 原句",
    "figure": "Figure 数字",
    "type": "Type 类型",
    "kind": "Kind 种类",
    "indicator": "Indicator 指标",
    "quote": "Quote 引文",
    "year": "Year 年份",
    "period": "Period 时段",
    "period_start": "Period start 时段起",
    "period_end": "Period end 时段止",
    "indicator_id": "Indicator id 指标编号",
    "value": "Value 数值",
    "value_max": "Upper value 上限",
    "unit": "Unit 单位",
    "measure": "Measure 度量",
    "comparator": "Comparator 比较",
    "approximation": "Approximation 约数词",
    "commitment": "Commitment 承诺词",
    "scope": "Scope 范围",
    "name": "Project 项目名称",
    "stage": "Stage 阶段",
    "status": "Status 状态",
    "amount": "Amount 投资额",
    "amount_unit": "Amount unit 投资单位",
    "domain": "Domain 领域",
    "left_out": "Left out because 不计原因",
    "start": "Start 起",
    "end": "End 止",
    "figure_start": "Figure start 数字起",
    "figure_end": "Figure end 数字止",
}
_QUOTE = (
    "The shortest words of the report that hold the indicator and the figure. May stay blank if there is a "
    "figure and an indicator. To add a label, add a row with a type and a quote."
)
_MEASURED = "target,achievement"


_BY_CODE = frozenset("region code level report_year report_kind stretch_of base_value base_unit margin".split())
"""What code makes of a label's figure and report."""


class ReportLabelling(Labelling):
    """Labels of targets, achievements, projects and problems."""

    sheets = ("labels 标注", "columns 说明")
    derived = Labelling.derived | _BY_CODE
    exclusive = expected = True
    otherwise = ", or set the kind to recognition"
    headings = MappingProxyType(_HEADINGS)  # type: ignore[assignment]
    to_fill = frozenset({"type", "kind", "indicator", "quote", "year"})
    controls = (
        ("kind", _MEASURED, "Kind: has a figure, or is a recognition (an honour, a status won)"),
        ("indicator", f"{_MEASURED},problem", "Indicator: what is measured; of a recognition, the status won"),
        ("name", "project", "Name, as written"),
        ("stage", "project", "Stage"),
        ("status", "project", "Status: has happened, or is promised"),
        ("amount", "project", "Amount invested in this very project"),
        ("amount_unit", "project", "Unit of the amount"),
        ("domain", "problem", "Domain"),
        ("year", f"{_MEASURED},project", "Year; if blank, the section's"),
        ("value", f"{_MEASURED},problem", "Value; if blank, as code reads the figure, and so are the next"),
        ("value_max", f"{_MEASURED},problem", "Upper end of a range"),
        ("unit", f"{_MEASURED},problem", "Unit"),
        ("measure", _MEASURED, "Measure"),
        ("comparator", _MEASURED, "Comparator"),
        ("period", _MEASURED, "Period: the span that the figure speaks of"),
        ("period_start", _MEASURED, "Its first year or month: 2021, 2024-01"),
        ("period_end", _MEASURED, "Its last year or month: 2025, 2024-09"),
        ("indicator_id", _MEASURED, "Indicator id, where the vocabulary has one"),
        ("approximation", _MEASURED, "The words that made the comparator"),
        ("commitment", _MEASURED, "The words that say how firmly"),
        ("scope", _MEASURED, "Scope, only where the figure is another government's"),
    )

    def form(self, name: str, kind: type[Record]) -> Form:
        """The fields of a record without the derived ones."""
        left_out = self.derived | set(_NOT_OF_A_PROBLEM if name == "problem" else ())
        columns = {column: one for column, one in _columns(kind) if column not in left_out}
        figure = Anchor("figure", read={part: part for part in READ if part in columns})
        telling = tuple(column for column in ("indicator", "name") if column in columns)
        return Form(columns, (figure,) if "figure" in columns else (), telling, _NAMED[name])

    def lacking(self, type: str, values: Mapping[str, Any]) -> list[str]:
        """What the label guide asks for."""
        figured = values.get("kind") == "quantified" or values.get("figure") is not None
        return [name for name in _NEEDED[type] + _FIGURE * figured if values.get(name) is None]

    def excluded(self, values: Mapping[str, Any]) -> list[str]:
        """A recognition has no figure."""
        return [name for name in _NOT_OF_A_RECOGNITION if values.get(name) is not None] * _is_recognition(values)

    def called(self, values: Mapping[str, Any]) -> str:
        """By its kind."""
        return str(values.get("kind") or values["type"])

    def needs_figure(self, values: Mapping[str, Any]) -> bool | None:
        """A target or achievement has one, unless it is a recognition."""
        if values.get("type") not in _KINDED or _is_recognition(values):
            return False
        return True if values.get("kind") == "quantified" else None

    def completed(self, values: Mapping[str, Any], section: Section) -> dict[str, Any]:
        """The kind, by whether there is a figure, and the year of the section."""
        found: dict[str, Any] = {}
        if values["type"] in _KINDED and "kind" not in values:
            found["kind"] = "quantified" if "figure" in values else "recognition"
        if values["type"] != "problem" and "year" not in values and section.year:
            found["year"] = section.year
        return found

    def meaning(self, column: str) -> str:
        """What the schema of records says."""
        return _QUOTE if column == "quote" else super().meaning(column).replace("`", "")


def _is_recognition(values: Mapping[str, Any]) -> bool:
    return values.get("kind") == "recognition"


def _columns(kind: type[Record]) -> Iterator[tuple[str, Column]]:
    """The columns of a record: the values of a choice stand in its annotation."""
    for name, holds in columns_of(kind).items():
        field = kind.model_fields[name]
        given = [field.annotation, *get_args(field.annotation)]
        choices = next((get_args(one) for one in given if get_args(one) and isinstance(get_args(one)[0], str)), ())
        yield name, Column(holds, choices, " ".join((field.description or "").split()))
