"""`llmx table`."""

from __future__ import annotations

import sys
from itertools import cycle
from typing import TYPE_CHECKING, Any

import typer

from llmx.cli.app import WRONG_USAGE, app, stop
from llmx.cli.options import takes_options
from llmx.cli.selecting import SELECTION, Run, selection

if TYPE_CHECKING:
    from llmx.records import Record
    from llmx.saved import SavedRun
    from llmx.task import Task

_COLOURS = ("blue", "green", "yellow", "magenta", "cyan", "red")
"""Of the types, in their order, but for those to which the task gives a colour as #rrggbb."""


@app.command(epilog="Example: llmx table outputs/sample --type targets --year 2025-2026 --measure growth")
@takes_options(SELECTION)
def table(run: Run, *, asked: dict[str, Any]) -> None:
    """Print a run's records, or some of them, as a table; into a pipe, as lines with tabs."""
    from llmx.errors import LlmxError
    from llmx.saved import open_run

    try:
        saved = open_run(run)
        found = list(saved.select(selection(asked)))
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    if sys.stdout.isatty():
        _print_table(saved, found)
    else:
        _print_lines(saved.task, found)
    if not found:
        several = {type: name for name, type in saved.task.plurals.items()}
        total = ", ".join(f"{count} {several[type]}" for type, count in saved.manifest.records.items())
        typer.echo(f"No record matches; the run has {total or 'no records'}.", err=True)


def _heads(task: Task) -> list[str]:
    return ["report", "type", "year", *(task.heads[part] for part in ("name", "value", "aside")), "section", "quote"]


def _print_lines(task: Task, records: list[Record]) -> None:
    """A head, then a line a record; white space in a cell is one blank, so that every line has the same tabs."""
    typer.echo("\t".join(_heads(task)))
    for record in records:
        typer.echo("\t".join(_cells(task, record)))


def _cells(task: Task, record: Record) -> list[str]:
    from llmx.task import values_of

    values, shown = values_of(record), task.shown[record.type]
    aside = shown.aside(values)
    parts = (shown.name(values), shown.amount(values), task.word(aside) if aside else "")
    cells = (
        record.report,
        record.type,
        str(shown.year_of(values) or ""),
        *parts,
        " / ".join(record.section),
        record.quote,
    )
    return [" ".join(cell.split()) for cell in cells]


def _print_table(saved: SavedRun, records: list[Record]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    several = len({record.report for record in records}) > 1
    shown = Table(box=None, pad_edge=False, header_style="bold")
    report, type, year, name, value, aside, section, _ = _heads(saved.task)
    for head in (report,) * several + (type, year):
        shown.add_column(head, overflow="fold")
    shown.add_column(name, overflow="fold", ratio=3)
    shown.add_column(value, justify="right", no_wrap=True)
    shown.add_column(aside, no_wrap=True)
    shown.add_column(section, overflow="ellipsis", no_wrap=True, ratio=2)
    own = {type: colour for type, colour in saved.task.colours.items() if colour.startswith("#")}
    colours = dict(zip(saved.task.types, cycle(_COLOURS), strict=False)) | own
    for record in records:
        report, type, year, name, value, aside, _, quote = _cells(saved.task, record)
        last = Text(record.section[-1] if record.section else "", "dim")
        cells = Text(type, colours[type]), Text(year), Text(name or quote), Text(value), Text(aside), last
        shown.add_row(*[Text(report)] * several, *cells)
    console.print(shown)
    console.print(f"{len(records)} of {sum(saved.manifest.records.values())} records", style="dim")
