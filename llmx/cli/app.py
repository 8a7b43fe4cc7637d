"""The program that the commands hang on, its exit codes, and how a command stops on an error."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Turn Chinese government reports into typed records, each with its verbatim quote and place.",
)

OK, SOME_FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@app.callback(invoke_without_command=True)
def _llmx(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        from llmx import __version__

        typer.echo(__version__)
        raise typer.Exit(OK)


def stop(error: Exception, code: int) -> typer.Exit:
    """Say what went wrong; raise what is returned."""
    typer.echo(f"Error: {error}", err=True)
    return typer.Exit(code)
