"""`llmx panel`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from llmx.cli.app import OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.selecting import Reports

if TYPE_CHECKING:
    from collections.abc import Mapping


@app.command(epilog="Example: llmx panel outputs/2025 outputs/2026 --to panel.dta --indicator gdp,cpi")
def panel(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Folders of runs.", show_default=False)],
    to: Annotated[
        str,
        typer.Option(
            help="File to write: .xlsx (long, wide, codebook), .csv with a datapackage.json, .dta or .parquet.",
            show_default=False,
        ),
    ],
    wide: Annotated[
        bool,
        typer.Option("--wide", help="A row a region, year and period, a variable an indicator; else a row a figure."),
    ] = False,
    indicator: Annotated[
        str, typer.Option(help="Ids or names of indicators, separated by commas.", show_default="all")
    ] = "",
    year: Annotated[
        str, typer.Option(help="Years that figures speak of: 2024,2025 or 2020-2025.", show_default="all")
    ] = "",
    measure: Annotated[
        str, typer.Option(help="Any of level, growth, change, separated by commas.", show_default="all")
    ] = "",
    type: Annotated[str, typer.Option(help="target or achievement.", show_default="both")] = "",
    period: Annotated[
        str,
        typer.Option(
            help="Any of annual, average, cumulative, part_year, since, at_end, or all; each in rows of its own."
        ),
    ] = "annual,at_end",
    scope: Annotated[
        str, typer.Option(help="own, or all: figures of other areas and of parts too, in rows of their own.")
    ] = "own",
    reports: Reports = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that llmx did not write.")] = False,
) -> None:
    """Write targets and results as a panel of regions by years by indicators.

    What a report states in words only, what was not found and what it does not state are rows too, told apart by status;
    two values for one cell are two rows, marked as a conflict.
    """
    import llmx
    from llmx.errors import LlmxError, OutputError
    from llmx.saved import listed, years_of

    wanted: dict[str, Any] = {"indicators": indicator, "measures": measure, "types": type, "periods": period}
    try:
        asked = {name: listed(words) for name, words in wanted.items()}
        given: dict[str, Any] = {**asked, "years": years_of(year), "scope": scope, "reports": reports or None}
        frame = llmx.panel(runs, to, wide=wide, force=force, **given)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    told = cast("Mapping[str, Any]", frame.attrs)
    _tell(len(frame), to, told)
    raise typer.Exit(SOME_FAILED if told["without_text"] else OK)


def _tell(rows: int, to: str, told: Mapping[str, Any]) -> None:
    for fault in told["without_text"]:
        typer.echo(f"Without text: {fault}", err=True)
    typer.echo(f"{rows:,} row{'s' * (rows != 1)} in {to}", err=True)
    if left := told["left_out"]:
        typer.echo(
            f"{left:,} figure{'s' * (left != 1)} of these indicators left out: of another year, measure, period or scope "
            "(--period all and --scope all have them in rows of their own)",
            err=True,
        )
