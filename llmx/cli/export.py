"""`llmx export`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from llmx.cli.app import OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.options import takes_options
from llmx.cli.selecting import SELECTION, Reports, Run, selection


@app.command(epilog="Example: llmx export outputs/sample --to outputs/tasks.xlsx --as tasks")
@takes_options(SELECTION)
def export(
    run: Run,
    to: Annotated[
        str,
        typer.Option(
            help="File to write: .csv, .xlsx, .jsonl, .parquet, .sqlite, .duckdb, or .json for Label Studio.",
            show_default=False,
        ),
    ],
    layout: Annotated[
        str,
        typer.Option(
            "--as",
            help="records, label-studio, or a layout of the task: of government reports tasks, a list of commitments.",
            show_default="records, of a .json label-studio",
        ),
    ] = "",
    reports: Reports = "",
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a file, or a database's tables, that llmx did not write.")
    ] = False,
    *,
    asked: dict[str, Any],
) -> None:
    """Write a run's records, or some of them, to one file; a database keeps its other tables."""
    from llmx.errors import LlmxError, OutputError
    from llmx.exports import export as write

    try:
        wanted = selection(asked)
        written = write(run, to, layout=layout or None, selection=wanted, reports=reports or None, force=force)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    for fault in written.faults:
        typer.echo(f"Without text: {fault}", err=True)
    typer.echo(f"{written.records} record{'s' * (written.records != 1)} in {written.path}", err=True)
    raise typer.Exit(SOME_FAILED if written.faults else OK)
