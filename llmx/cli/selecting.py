"""The options that pick some of a run's records, the same for each command that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from llmx.saved import Selection

Run = Annotated[str, typer.Argument(help="The folder of a run.", show_default=False)]
Type = Annotated[str, typer.Option(help="Types of record, as the task names them, separated by commas.")]
Indicator = Annotated[str, typer.Option(help="Words of what a record is about: an indicator, a name.")]
Year = Annotated[str, typer.Option(help="Years that the records speak of, separated by commas.")]
Report = Annotated[str, typer.Option(help="A report's id, or words of it.")]
Section = Annotated[str, typer.Option(help="Words of any heading above the record.")]
Limit = Annotated[int | None, typer.Option(help="How many at most.", show_default="all")]
Reports = Annotated[
    str, typer.Option(help="Folder with the reports, where they have moved.", show_default="where the run read them")
]


def selection(type: str, indicator: str, year: str, report: str, section: str, limit: int | None) -> Selection:
    """The records that the options ask for.

    Raises:
        UsageError: a type is not known, a year is no number, or the limit is below 1.
    """
    from llmx.errors import UsageError
    from llmx.saved import Selection

    years = _listed(year)
    for one in years:
        if not one.isdecimal():
            raise UsageError(f"{one!r} is no year; give years such as 2024,2025")
    return Selection(_listed(type), indicator, [int(one) for one in years], report, section, limit)


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.replace("，", ",").split(",") if word.strip()]
