"""Every number of a text, with what it measures or why it measures nothing."""

from __future__ import annotations

from llmx.figures.comparators import compare
from llmx.figures.figure import Figure
from llmx.figures.lists import runs, share_comparators, share_units
from llmx.figures.measures import GROWTH, Movement, movement, resting
from llmx.figures.reasons import reason_of
from llmx.figures.scan import Token, scan
from llmx.figures.units import POINTS, RATES, more_in


def find_figures(text: str, start: int = 0, end: int | None = None) -> list[Figure]:
    """Every number of text[start:end], in text order.

    Args:
        text: any text; it is not changed, and offsets refer to it as it stands.
        start, end: the stretch to scan, in code points; the surroundings are read beyond it.

    Returns:
        One figure a number (a range, a ratio or a date is one), not overlapping, with `text[f.start:f.end] == f.text`.
        Those that measure nothing carry a `reason`. Digits in a row beyond any quantity (over 40) are passed over.
    """
    found: list[Figure] = []
    for run in runs(text, scan(text, start, len(text) if end is None else end)):
        found += _read(text, run)
    return found


def _read(text: str, run: list[Token]) -> list[Figure]:
    """The figures of a list of numbers, or of one."""
    bare = {token.start for token in run if not token.unit}
    share_units(run)
    figures: list[Figure] = []
    moved: Movement | None = None
    for token in run:
        own = GROWTH if token.signed else movement(text, token.start, token.end, token.unit)
        moved = own or (moved if moved and _alike(moved, token.unit) else resting(token.unit))
        figures.append(_figure(text, token, moved, shared=token.start in bare))
    return share_comparators(text, figures)


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
        reason=None if shared and token.unit and reason == "no unit" else reason,
    )
