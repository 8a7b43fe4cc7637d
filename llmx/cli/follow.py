"""`llmx follow`."""

from __future__ import annotations

from typing import Annotated

import typer

from llmx.cli.app import SOME_FAILED, WRONG_USAGE, app, stop


@app.command(epilog="Example: llmx follow outputs/2024 outputs/2025 --to outputs/follow.xlsx")
def follow(
    earlier: Annotated[str, typer.Argument(help="Folder of a run with the reports that promise.", show_default=False)],
    later: Annotated[
        str,
        typer.Argument(help="Folder of a run with the reports of the year after; may be the same.", show_default=False),
    ],
    to: Annotated[str, typer.Option(help="File to write: .xlsx, .csv or .html.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that llmx did not write.")] = False,
) -> None:
    """Write what became of each target and planned project, by the reports of the year after."""
    import llmx
    from llmx.errors import LlmxError, OutputError

    try:
        found = llmx.follow(earlier, later, to, force=force)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    for reason in found.alone:
        typer.echo(f"Not followed: {reason}", err=True)
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.counts.items())
    typer.echo(f"{len(found)} promises in {to}" + (f": {told}" if told else ""), err=True)
