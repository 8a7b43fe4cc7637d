"""`llmx sections`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmx.cli.app import SOME_FAILED, app, stop

if TYPE_CHECKING:
    from llmx.sections import Section


@app.command(epilog="Example: llmx sections tests/reports/qianjiang-2025.txt --chunks")
def sections(
    path: Annotated[str, typer.Argument(help="A report.", show_default=False)],
    chunks: Annotated[bool, typer.Option("--chunks", help="Also print the chunks that a model reads.")] = False,
) -> None:
    """Print a report's heading tree with offsets, years and lengths."""
    from llmx.analysis import analyse
    from llmx.documents import read
    from llmx.errors import LlmxError
    from llmx.sections import split_chunks

    try:
        document = read(sys.stdin.buffer.read(), id="stdin") if path == "-" else read(Path(path))
        analysis = analyse(document)
    except LlmxError as error:
        raise stop(error, SOME_FAILED) from error
    tree = analysis.outline
    for section in tree:
        typer.echo(_line(section, document.text))
    for number, chunk in enumerate(split_chunks(document.text, tree, analysis.stored_figures) if chunks else (), 1):
        typer.echo(
            f"\n── chunk {number}: {chunk.start}–{chunk.end}, {chunk.section.role}, {len(chunk.figures)} figures"
        )
        typer.echo(chunk.text.strip("\n"))


def _line(section: Section, text: str) -> str:
    tense = "planned" if section.planned else "reported"
    words = section.heading or f"({' '.join(text[section.start : section.end].split())[:20]}…)"
    place = f"{section.start:>6}–{section.end:<6} {section.end - section.start:>6}"
    sure = "    ∞" if section.margin is None else f"{section.margin:>5.1f}"
    return f"{place}  {section.year or '    '}  {section.role:<12} {tense:<8} {sure}  {'  ' * section.level}{words}"
