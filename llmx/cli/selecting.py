"""The options that pick some of a run's records, the same for each command that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmx.cli.options import option, pairs

if TYPE_CHECKING:
    from llmx.saved import Selection

Run = Annotated[str, typer.Argument(help="The folder of a run.", show_default=False)]
Reports = Annotated[
    str, typer.Option(help="Folder with the reports, where they have moved.", show_default="where the run read them")
]

SELECTION: dict[str, Any] = {
    "type": option(str, "Types of record, by name, plural or label: target, Targets."),
    "indicator": option(str, "What a record is about: an indicator's id or name, or words of it."),
    "year": option(str, "Years that the records speak of: 2024,2025 or 2020-2025."),
    "place": option(str, "Whose records: a region's name, or part of its path."),
    "code": option(str, "Beginning of a region's code: 50 is all of 500000."),
    "level": option(str, "Level of the region, such as county."),
    "measure": option(str, "Any of level, growth, change."),
    "period": option(str, "Span that a figure speaks of, such as annual."),
    "report_year": option(str, "Years of the reports, as --year has them."),
    "where": option(list[str], "Another column: domain=economy, scope=…; may be repeated.", metavar="COLUMN=VALUE"),
    "report": option(str, "A report's id, or words of it."),
    "section": option(str, "Words of any heading above the record."),
    "limit": option(int, "How many at most (all)."),
}
"""Of each several, separated by commas; a record has one of them."""
_COLUMNS = ("place", "code", "level", "measure", "period", "report_year")


def selection(asked: dict[str, Any]) -> Selection:
    """The records that the options ask for.

    Raises:
        UsageError: a year is no number, a pair is none, or the limit is below 1.
    """
    from llmx.saved import Selection, listed

    where = {name: listed(asked[name]) for name in _COLUMNS if name in asked}
    where |= {name: listed(value) for name, value in pairs("where", asked.get("where", ()))}
    return Selection(
        types=listed(asked.get("type", "")),
        indicator=listed(asked.get("indicator", "")),
        years=listed(asked.get("year", "")),
        where=where,
        **{name: asked[name] for name in ("report", "section", "limit") if name in asked},
    )
