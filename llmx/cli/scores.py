"""Scores, comparisons and agreement as tables on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import ascii_uppercase
from textwrap import wrap
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from llmx.evaluation import Agreement, Comparison, Difference, Row, Scores

_SCORED = ("precision", "recall", "F1", "95 % of F1")
_APART = ("none", "wrong", "gold")
"""What is counted of a field: a value that is not there is no wrong one."""
_HEADING = 14
"""How wide a heading over numbers gets before it goes on in a further line."""
_ENOUGH = 10_000


def print_scores(scores: Scores) -> None:
    """All tables of one evaluation but the records themselves."""
    _print_rows("all reports pooled", scores.measures, "{0.measure}")
    _print_rows("by type", scores.types, "{0.name}, {0.measure}")
    _print_rows("by field, on aligned records whose label has it", scores.fields, "{0.name}", _APART)
    _print_parts("F1 by what a section is for", scores.roles)
    _print_parts("F1 by report", scores.reports)
    errors = scores.errors
    _print(["what came of it", *list(errors[0])[1:]], [[str(cell) for cell in row.values()] for row in errors])


def _print_rows(title: str, rows: Iterable[Row], name: str, counts: Sequence[str] = ("predicted", "gold")) -> None:
    """A line a row: ratios, the interval of F1, and of how many records they are."""
    lines = [[name.format(row), *_ratios(row), *(_count(row, one) for one in counts)] for row in rows]
    _print([title, *_SCORED, *("labels" if one == "gold" else one for one in counts)], lines)


def _ratios(row: Row) -> list[str]:
    """Precision, recall and F1 with its interval."""
    between = "–".join(f"{end:.3f}" for end in row.f1_interval or ()) or "–"
    return [_shown(row.precision), _shown(row.recall), _shown(row.f1), between]


def _count(row: Row, name: str) -> str:
    """How many records a row is of; a mean is of none."""
    return f"{getattr(row.score, name):,}" if row.score else ""


def _shown(ratio: float | None, signed: bool = False) -> str:
    """A ratio to three places; a dash where there is none, which is not 0."""
    return "–" if ratio is None else f"{ratio:+.3f}" if signed else f"{ratio:.3f}"


def _print_parts(title: str, rows: Sequence[Row]) -> None:
    """A line a name, a column a measure."""
    measures = list(dict.fromkeys(row.measure for row in rows))
    f1 = {(row.name, row.measure): _shown(row.f1) for row in rows}
    names = dict.fromkeys(row.name for row in rows)
    if rows:
        _print([title, *measures], [[name, *(f1[name, measure] for measure in measures)] for name in names])


def print_notes(scores: Scores) -> None:
    """What was not scored, and why something is missing; on standard error."""
    from llmx.evaluation.sides import listed

    if scores.unscored:
        typer.echo(f"Not scored, as no run read them: {listed(scores.unscored)}", err=True)
    if scores.unlabelled:
        typer.echo(f"Not scored, as nobody labelled them: {listed(scores.unlabelled)}", err=True)
    textless = [one.report for one in scores.alignments if one.text is None]
    if textless:
        typer.echo(
            f"No text found of {listed(textless)}: no scores by section, no intervals; name it with --reports", err=True
        )


def print_comparison(comparison: Comparison) -> None:
    """F1 of each run, and how much better each is than the first."""
    from llmx.evaluation.sides import listed

    letters = dict(zip(comparison.scores, _letters(len(comparison.scores)), strict=True))
    for name, letter in letters.items():
        typer.echo(f"{letter} is {name}")
    first, *others = letters
    for name in others:
        rows = [one for one in comparison.differences if one.run == name]
        _print(
            [f"{letters[name]} against {letters[first]}", *_compared(letters[first], letters[name])], map(_line, rows)
        )
    if comparison.unscored:
        typer.echo(f"Not scored, as not all runs read them: {listed(comparison.unscored)}", err=True)


def _letters(count: int) -> list[str]:
    """A, B, … Z, AA, AB, …"""
    return [(ascii_uppercase[at // 26 - 1] if at >= 26 else "") + ascii_uppercase[at % 26] for at in range(count)]


def _compared(first: str, other: str) -> list[str]:
    return [f"F1 of {first}", f"F1 of {other}", f"{other} − {first}", "95 % of that", f"{other} better in"]


def _line(one: Difference) -> list[str]:
    between = " … ".join(f"{end:+.3f}" for end in one.interval or ()) or "–"
    better = "–" if one.better is None else f"{one.better:.0%} of draws"
    return [one.measure, _shown(one.first), _shown(one.f1), _shown(one.difference, signed=True), between, better]


def print_agreement(agreement: Agreement) -> None:
    """Scores both ways, and how far types and fields agree on what both found."""
    _print_rows("the second against the first", agreement.first.measures, "{0.measure}")
    _print_rows("the first against the second", agreement.second.measures, "{0.measure}")
    lines = [[one.field, f"{one.pairs:,}", _shown(one.same), _shown(one.alpha)] for one in agreement.coefficients]
    _print(["on what both found", "records", "same", "Krippendorff's alpha"], lines)


def _print(header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """A table as wide as it must be: no number is cut, and no name broken, where a terminal is narrow."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, title in enumerate(header):
        shown = "\n".join(wrap(title, _HEADING)) if at else title
        table.add_column(shown, justify="right" if at else "left", no_wrap=True, vertical="bottom")
    for line in lines:
        table.add_row(*line)
    console = Console(highlight=False, width=_ENOUGH)
    console.width = max(console.measure(table).maximum, 1)
    console.print(table, markup=False)
    console.print()
