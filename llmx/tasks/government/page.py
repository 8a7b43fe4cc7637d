"""What the page and tables of reports show: lines of each type, fields of policy, headline indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from llmx.analysis import Analysis
from llmx.records import Record
from llmx.task import Amount, Compared, Shown
from llmx.tasks.government.headlines import headlines
from llmx.tasks.government.records import Domain, Kind, Stage
from llmx.tasks.government.rules.domains import telling_domain
from llmx.tasks.government.scope import PARTS

_FIGURE = replace(
    Amount.of("figure"),
    rank=None,
    **{name: name for name in ("value", "unit", "measure", "comparator", "base_value", "base_unit")},
)
_INVESTMENT = Amount("amount", value="amount", unit="amount_unit")
_FIGURED = Shown(
    names=("indicator",),
    amounts=(_FIGURE,),
    asides=("measure", "kind"),
    tally="kind",
    choices=get_args(Kind),
    year="year",
    details=(
        ("text", "year"),
        ("choice", "measure"),
        ("choice", "kind"),
        ("choice", "domain"),
        ("choice", "grounding"),
        ("base", "figure"),
        ("text", "period"),
        ("text", "indicator_id"),
        ("text", "approximation"),
        ("text", "commitment"),
        ("text", "scope"),
    ),
    usual=("quantified",),
)
_BUILT = Shown(
    names=("name",),
    amounts=(_INVESTMENT,),
    asides=("stage",),
    tally="stage",
    choices=get_args(Stage),
    year="year",
    details=(
        ("text", "year"),
        ("choice", "stage"),
        ("choice", "status"),
        ("choice", "grounding"),
        ("figure", "amount"),
    ),
)
SHOWN: Mapping[str, Shown] = {
    "target": _FIGURED,
    "achievement": _FIGURED,
    "project": _BUILT,
    "problem": replace(_FIGURED, asides=("domain", "measure"), tally="domain", choices=get_args(Domain)),
}
FACETS: Mapping[str, tuple[str, ...]] = {"field": (*get_args(Domain), "other")}
"""Fields of policy; no column but of problems."""
COMPARED = Compared(
    thing="indicator_id",
    amount="figure",
    year="year",
    place="region",
    apart=("measure", "period", "scope"),
    # A figure whose year the report does not tell counts as a year's; 规上 is part of the indicator, as in a panel.
    counts_as={"period": {"": "annual"}, "scope": dict.fromkeys(PARTS, "")},
    aimed=("target",),
)


def page_data(records: Sequence[Record], analysis: Analysis | None) -> dict[str, Any]:
    """The field of policy of each record, and a line a headline indicator."""
    sections = analysis.outline if analysis else ()
    goals = [(section.start, section.end) for section in sections if section.role == "goals"]
    year = getattr(analysis.facts, "year", None) if analysis else None
    headings: dict[str, Domain | None] = {}
    return {
        "groups": {"field": [policy_field(record, headings) for record in records]},
        "headlines": {
            "types": ["achievement", "target"],
            "years": [year and year - 1, year],
            "lines": [list(line) for line in headlines(records, year, goals)],
        },
    }


def policy_field(record: Record, headings: dict[str, Domain | None]) -> str:
    """The field of policy that a record belongs to: a problem's domain, else what its words and its heading's tell.

    The embedded model's words for problems serve, but for 项目, which of a problem says economy and of a target only
    that something is built. Other where no word tells.

    Args:
        record: the record.
        headings: what headings that were asked about have told.
    """
    domain = record.__dict__.get("domain")  # of a type without the field getattr takes ten times as long
    if domain := domain or telling_domain(record.quote.replace("项目", "")):
        return str(domain)
    heading = record.section[-1] if record.section else ""
    if heading not in headings:
        headings[heading] = telling_domain(heading.replace("项目", ""))
    return headings[heading] or "other"
