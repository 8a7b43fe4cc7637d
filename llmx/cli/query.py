"""`llmx query`."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmx.cli.app import OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.streams import json_lines, say

if TYPE_CHECKING:
    from llmx.exports import Answer

_SHOWN = 200
"""Rows that a terminal is shown."""


@app.command(
    epilog="""Example: llmx query outputs/sample "select indicator, value, unit from targets where measure = 'growth'" """
)
def query(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN... SQL",
            help="Folders of runs, and one SELECT in quotes, as DuckDB speaks it.",
            show_default=False,
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            help="File to write: .csv, .xlsx, .parquet, .json or .jsonl; - writes JSON lines to standard output.",
            show_default="a table",
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Ask runs in SQL: records, reports, failures and a view a type (targets); several runs have a column run.

    Into a pipe rows are lines with tabs. A query reads these views and nothing else.
    """
    from llmx.errors import LlmxError, OutputError, UsageError
    from llmx.exports import query as ask

    try:
        if len(given) < 2:
            raise UsageError("a run and a query are needed: llmx query RUN 'select count(*) from records'")
        answer = ask(given[:-1], given[-1])
        if to == "-":
            answer.write_lines(json_lines())
        elif to:
            count = answer.write(to, force=force)
            say(f"{count:,} row{'s' * (count != 1)} in {to}")
        elif sys.stdout.isatty():
            _print_table(answer)
        else:
            _print_lines(answer)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    raise typer.Exit(OK)


def _cell(value: Any) -> str:
    """A value in one line; white space in it is one blank."""
    from llmx.exports import plain
    from llmx.outputs.columns import joined

    value = plain(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    text = joined(value) if isinstance(value, list | tuple) else "" if value is None else str(value)
    return " ".join(text.split())


def _print_lines(answer: Answer) -> None:
    typer.echo("\t".join(map(_cell, answer.columns)))
    for row in answer:
        typer.echo("\t".join(map(_cell, row)))


def _print_table(answer: Answer) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console, shown = Console(highlight=False), Table(box=None, pad_edge=False, header_style="bold")
    for name, kind in answer.columns.items():
        number = kind in ("integer", "number")
        shown.add_column(name, justify="right" if number else "left", overflow="fold", no_wrap=number)
    rows = iter(answer)
    for row in islice(rows, _SHOWN):
        shown.add_row(*(Text(_cell(value)) for value in row))
    console.print(shown)
    if next(rows, None):
        console.print(f"The first {_SHOWN} rows; --to FILE writes all.", style="dim")
