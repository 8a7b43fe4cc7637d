"""Every number of a text, with what it measures or why it measures nothing."""

from __future__ import annotations

from dataclasses import replace

from llmx.figures.comparators import compare
from llmx.figures.figure import Figure
from llmx.figures.latin import find_latin_figures
from llmx.figures.lists import pledged, runs, share_comparators, share_units, stretches
from llmx.figures.measures import GROWTH, Movement, movement, resting
from llmx.figures.reasons import reason_of
from llmx.figures.republic import numbered_from_1912, year_of_the_republic
from llmx.figures.scan import Token, scan
from llmx.figures.script import Script, script_of
from llmx.figures.units import POINTS, RATES, more_in


def find_figures(text: str, start: int = 0, end: int | None = None, script: Script | None = None) -> list[Figure]:
    """Every number of text[start:end], in text order.

    Args:
        text: any text, Chinese or in Latin script; it is not changed, and offsets refer to it as it stands.
        start, end: the stretch to scan, in code points; the surroundings are read beyond it.
        script: `han` or `latin` where `text` is a piece of a larger one, whose script it has; else told by its letters.

    Returns:
        One figure a number (a range, a ratio or a date is one), not overlapping, with `text[f.start:f.end] == f.text`.
        Those that measure nothing carry a `reason`. Digits in a row beyond any quantity (over 40) are passed over.

    Raises:
        UsageError: the text is in Latin script, and Babel or text2num is not installed.
    """
    if (script or script_of(text)) == "latin":
        return find_latin_figures(text, start, len(text) if end is None else end)
    found: list[Figure] = []
    moved: Movement | None = None
    republic = numbered_from_1912(text)
    for run in runs(text, scan(text, start, len(text) if end is None else end)):
        on = moved if found and stretches(text, found[-1].end, run[0].start) else None
        read, moved = _read(text, run, on)
        found += [_dated(figure, text) for figure in read] if republic else read
    return found


def _read(text: str, run: list[Token], moved: Movement | None) -> tuple[list[Figure], Movement | None]:
    """The figures of a list of numbers, or of one, and what moves the last of them.

    Args:
        text: the text around them.
        run: the numbers.
        moved: what they go on with: 增长6%，力争|7%.
    """
    bare = {token.start for token in run if not token.unit}
    if len(run) > 1:
        share_units(run)
    figures: list[Figure] = []
    for token in run:
        if not token.unit and pledged(text, token.start, token.end):
            token.unit, token.signed = "%", True
            bare.add(token.start)
        own = GROWTH if token.signed else movement(text, token.start, token.end, token.unit)
        moved = own or (moved if moved and _alike(moved, token.unit) else resting(token.unit))
        figures.append(_figure(text, token, moved, shared=token.start in bare))
    return share_comparators(text, figures), moved


def _dated(figure: Figure, text: str) -> Figure:
    """A figure of a text that counts years from 1912: 104年 is a year, no span of time."""
    return replace(figure, reason="date") if year_of_the_republic(text, figure) else figure


def _alike(moved: Movement, unit: str) -> bool:
    """Whether a figure with this unit can go on with the movement of the one before: 增长8%、10%."""
    return (unit in RATES) == (moved.measure == "growth") and (unit in POINTS) <= (moved.measure == "change")


def _figure(text: str, token: Token, moved: Movement, shared: bool) -> Figure:
    """A token with its surroundings read; `shared` where its unit stands with a later one of its list."""
    written = text[token.start : token.end]
    said = compare(text, token.start, token.end, more_in(written))
    reason = "date" if token.dated else reason_of(text, token.start, token.end, token.number, token.unit)
    return Figure(
        start=token.start,
        end=token.end,
        text=written,
        value=-token.value if moved.falls else token.value,
        unit=token.unit,
        measure=moved.measure,
        comparator="range" if token.high is not None else said.comparator,
        value_max=-token.high if token.high is not None and moved.falls else token.high,
        modifier=said.modifier,
        before=said.before,
        after=said.after,
        reason=None if shared and token.unit and (reason == "no unit" or token.signed) else reason,
    )
