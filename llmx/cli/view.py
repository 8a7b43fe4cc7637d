"""`llmx view`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmx.cli.app import OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.selecting import Reports, Run


@app.command(epilog="Example: llmx view outputs/sample --no-open")
def view(
    run: Run,
    out: Annotated[str, typer.Option(help="File to write.", show_default="view.html in the run's folder")] = "",
    reports: Reports = "",
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Write a run as one HTML page, a large one as a page a report with one over all, and open it."""
    from llmx.errors import LlmxError, OutputError
    from llmx.processes import collect_seldom
    from llmx.views import view as write_view

    collect_seldom()
    try:
        written = write_view(run, out or None, reports or None)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    for fault in written.faults:
        typer.echo(f"Without text: {fault}", err=True)
    typer.echo(str(written.path))
    if open_page:
        _open(written.path)
    raise typer.Exit(SOME_FAILED if written.faults else OK)


def _open(path: Path) -> None:
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        typer.echo("No browser could be started; open the file above in one.", err=True)
