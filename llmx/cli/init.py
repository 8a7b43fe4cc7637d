"""`llmx init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmx.cli.app import SOME_FAILED, WRONG_USAGE, app, stop


@app.command(epilog="Example: llmx init penalties && llmx check --task penalties")
def init(
    task: Annotated[Path, typer.Argument(help="A new folder; its name is the task's.", show_default=False)],
    schema: Annotated[bool, typer.Option("--schema", help="Write schema.json instead of records.py.")] = False,
) -> None:
    """Write a small task to start from: record types, instructions, examples, and a test that runs at once."""
    from llmx.errors import LlmxError, OutputError
    from llmx.task.scaffold import write_task

    try:
        for path in write_task(task, schema):
            typer.echo(str(path))
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    typer.echo(f"Next: edit these, then run: llmx check --task {task}, pytest {task}", err=True)
