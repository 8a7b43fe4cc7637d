"""`llmx schemas`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmx.cli.app import app


@app.command(epilog="Example: llmx schemas --out schemas")
def schemas(out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("schemas")) -> None:
    """Write the JSON Schema of the reading and of each record type."""
    from llmx.schema import write_schemas

    for path in write_schemas(out):
        typer.echo(str(path))
