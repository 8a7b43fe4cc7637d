"""How records of government reports are held against hand labels: fields, measures, and what a record is found by."""

from __future__ import annotations

from typing import get_args

from llmx.task import Counted, ScoredField, Scoring
from llmx.tasks.government.structure import Role

SCORING = Scoring(
    columns=(
        *("report", "type", "kind", "quote", "start", "end", "year", "period", "period_start", "period_end"),
        *("indicator", "indicator_id", "figure", "figure_start", "figure_end"),
        *("value", "value_max", "unit", "measure", "comparator", "approximation", "commitment", "stretch_of", "scope"),
        *("name", "stage", "status", "amount", "amount_unit", "domain"),
    ),
    fields=(
        ScoredField("value", error="value", also=("value_max",)),
        *(ScoredField(name, error="value") for name in ("unit", "comparator", "measure")),
        ScoredField("year"),
        ScoredField("period", also=("period_start", "period_end")),
        *(ScoredField(name, alike=True, error="indicator") for name in ("indicator", "name")),
        *(ScoredField(name) for name in ("indicator_id", "approximation", "commitment", "stretch_of", "scope")),
        *(ScoredField(name) for name in ("stage", "status", "domain")),
    ),
    figures=("figure",),
    loose=frozenset({"problem"}),
    naming=("name", "indicator"),
    references=("stretch_of",),
    measures={
        "figures found and typed": Counted(figured=True),
        "figures fully right": Counted(figured=True, right=("value", "measure", "indicator")),
        "recognitions": Counted({"kind": "recognition"}),
        "projects": Counted({"type": "project"}),
        "problems": Counted({"type": "problem"}),
    },
    errors=("value", "indicator", "field"),
    shown=(
        *("type", "quote", "start", "end", "figure", "value", "value_max", "unit", "comparator", "measure", "year"),
        *("period", "period_start", "period_end", "indicator", "indicator_id", "approximation", "commitment", "scope"),
        *("name", "stage", "status", "domain"),
    ),
    beside=(ScoredField("kind"),),
    roles=get_args(Role),
    usual=frozenset({"=", "quantified", "annual"}),
)
"""A problem's figure is an extra, so that a problem with one and a problem without may be the same by their quotes."""
