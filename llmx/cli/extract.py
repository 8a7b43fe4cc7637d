"""`llmx extract`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmx.cli.app import INTERRUPTED, OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.progress import Progress, print_summary

if TYPE_CHECKING:
    from llmx.documents import Document
    from llmx.errors import InputError
    from llmx.outputs import Manifest


@app.command(epilog="Example: llmx extract reports/ --out outputs/first --format jsonl,csv")
def extract(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, globs, or - for standard input.", show_default=False)
    ],
    out: Annotated[
        str,
        typer.Option(
            help="Folder to write; - writes records to standard output.", show_default="outputs/<time>-<model>"
        ),
    ] = "",
    model: Annotated[str, typer.Option(help="What reads the reports; `rules` needs no key and no network.")] = "rules",
    format: Annotated[str, typer.Option(help="Any of jsonl, csv, parquet, xlsx, separated by commas.")] = "jsonl",
) -> None:
    """Extract targets, achievements, projects and problems."""
    from llmx.errors import LlmxError, OutputError

    try:
        manifest = _run(paths, out, model, [name.strip() for name in format.split(",") if name.strip()])
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(INTERRUPTED if manifest.interrupted else SOME_FAILED if manifest.failures else OK)


def _run(paths: list[str], out: str, model: str, formats: list[str]) -> Manifest:
    """Run into a folder or onto standard output, with progress and the end table on standard error."""
    from llmx.models import open_model
    from llmx.outputs import Lines, RunFolder
    from llmx.runs import run_into

    opened = open_model(model)
    settings = {"paths": paths, "model": model, "formats": formats}
    inputs = [_standard_input() if path == "-" else path for path in dict.fromkeys(paths)]
    progress = Progress()
    if out == "-":
        with progress:
            manifest = run_into(Lines(sys.stdout), inputs, opened, settings, progress)
    else:
        folder = Path(out or f"outputs/{datetime.now():%Y%m%d-%H%M%S}-{opened.name}")
        with RunFolder(folder, formats) as sink, progress:
            manifest = run_into(sink, inputs, opened, settings, progress)
    print_summary(manifest)
    if out != "-":
        typer.echo(f"Records are in {folder}", err=True)
    return manifest


def _standard_input() -> Document | InputError:
    """Standard input as a document, or why it cannot be read: the run writes that down and goes on."""
    from llmx.documents import read
    from llmx.errors import InputError

    try:
        return read(sys.stdin.buffer.read(), id="stdin")
    except InputError as error:
        return error
