"""`llmx sections`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmx.cli.app import SOME_FAILED, app, stop
from llmx.cli.options import YEAR, known

if TYPE_CHECKING:
    from llmx.sections import Section


@app.command(epilog="Example: llmx sections tests/reports/qianjiang-2025.txt --chunks")
def sections(
    path: Annotated[str, typer.Argument(help="A report.", show_default=False)],
    year: YEAR = None,
    chunks: Annotated[bool, typer.Option("--chunks", help="Also print the chunks that a model reads.")] = False,
) -> None:
    """Print a report's heading tree.

    A line a section: offsets, length, year, what it is for, tense, and by how much its tense was decided (? where by
    little, ∞ where nothing else was possible).
    """
    from llmx.analysis import analyse
    from llmx.documents import read
    from llmx.errors import LlmxError
    from llmx.sections import narrow, split_chunks

    try:
        document = read(sys.stdin.buffer.read(), id="stdin") if path == "-" else read(Path(path))
        analysis = analyse(replace(document, known=known(year, None, None)))
    except LlmxError as error:
        raise stop(error, SOME_FAILED) from error
    tree = analysis.outline
    doubtful = narrow(tree)
    for section in tree:
        typer.echo(_line(section, document.text, section in doubtful))
    for number, chunk in enumerate(split_chunks(document.text, tree, analysis.stored_figures) if chunks else (), 1):
        typer.echo(
            f"\n── chunk {number}: {chunk.start}–{chunk.end}, {chunk.section.role}, {len(chunk.figures)} figures"
        )
        typer.echo(chunk.text.strip("\n"))


def _line(section: Section, text: str, doubtful: bool) -> str:
    tense = "planned" if section.planned else "reported"
    words = section.heading or f"({' '.join(text[section.start : section.end].split())[:20]}…)"
    place = f"{section.start:>6}–{section.end:<6} {section.end - section.start:>6}"
    sure = ("∞" if section.margin is None else f"{section.margin:.1f}") + ("?" if doubtful else " ")
    return f"{place}  {section.year or '    '}  {section.role:<12} {tense:<8} {sure:>6} {'  ' * section.level}{words}"
