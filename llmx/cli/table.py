"""`llmx table`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from llmx.cli.app import WRONG_USAGE, app, stop
from llmx.cli.selecting import Indicator, Limit, Report, Run, Section, Type, Year, selection

if TYPE_CHECKING:
    from llmx.records import Record
    from llmx.saved import SavedRun

_COLOURS = {"target": "blue", "achievement": "green", "project": "yellow", "problem": "magenta"}
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈"}


@app.command(epilog="Example: llmx table outputs/sample --indicator 地区生产总值 --year 2025")
def table(
    run: Run,
    type: Type = "",
    indicator: Indicator = "",
    year: Year = "",
    report: Report = "",
    section: Section = "",
    limit: Limit = None,
) -> None:
    """Print a run's records, or some of them, as a table; into a pipe, as lines with tabs."""
    from llmx.errors import LlmxError
    from llmx.saved import open_run

    try:
        saved = open_run(run)
        wanted = selection(type, indicator, year, report, section, limit)
        found = list(wanted.of(saved.records(), [one.report for one in saved.reports]))
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    if sys.stdout.isatty():
        _print_table(saved, found)
    else:
        _print_lines(found)
    if not found:
        total = ", ".join(f"{count} {type}s" for type, count in saved.manifest.records.items())
        typer.echo(f"No record matches; the run has {total or 'no records'}.", err=True)


_HEADS = ("report", "type", "year", "indicator", "value", "measure", "section", "quote")


def _print_lines(records: list[Record]) -> None:
    """A head, then a line a record; white space in a cell is one blank, so that every line has the same tabs."""
    typer.echo("\t".join(_HEADS))
    for record in records:
        typer.echo("\t".join(" ".join(cell.split()) for cell in _cells(record)))


def _cells(record: Record) -> Iterator[str]:
    yield from (record.report, record.type, str(record.year or ""))
    yield getattr(record, "name", None) or getattr(record, "indicator", None) or ""
    yield from (_value(record), _aside(record), " / ".join(record.section), record.quote)


def _value(record: Record) -> str:
    """The figure as written, with its comparator's sign and a fall's; of a project the investment."""
    amount = getattr(record, "amount", None)
    if amount is not None:
        return f"{amount}{getattr(record, 'amount_unit', None) or ''}"
    figure, value = getattr(record, "figure", None) or "", getattr(record, "value", None)
    fall = "-" if value is not None and value < 0 and not figure.startswith(("-", "−", "－")) else ""
    return f"{_SIGNS.get(getattr(record, 'comparator', None) or '', '')}{fall}{''.join(figure.split())}"


def _aside(record: Record) -> str:
    """How a figure measures; of a project its stage, of a problem its domain."""
    found = (getattr(record, name, None) for name in ("stage", "domain", "measure", "kind"))
    return next((value for value in found if value), "")


def _print_table(saved: SavedRun, records: list[Record]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    several = len({record.report for record in records}) > 1
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("report",) * several + ("type", "year"):
        shown.add_column(head, overflow="fold")
    shown.add_column("indicator", overflow="fold", ratio=3)
    shown.add_column("value", justify="right", no_wrap=True)
    shown.add_column("measure", no_wrap=True)
    shown.add_column("section", overflow="ellipsis", no_wrap=True, ratio=2)
    for record in records:
        report, type, year, indicator, value, aside, _, quote = (" ".join(cell.split()) for cell in _cells(record))
        last = Text(record.section[-1] if record.section else "", "dim")
        cells = Text(type, _COLOURS[type]), Text(year), Text(indicator or quote), Text(value), Text(aside), last
        shown.add_row(*[Text(report)] * several, *cells)
    console.print(shown)
    console.print(f"{len(records)} of {sum(saved.manifest.records.values())} records", style="dim")
