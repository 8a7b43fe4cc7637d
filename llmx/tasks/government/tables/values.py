"""The figures of a table's cell: numbers whose unit may stand elsewhere in the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from llmx.figures import Figure, find_figures
from llmx.figures.units import POINTS
from llmx.records import Comparator

_SIGNS: dict[str, Comparator] = {
    ">=": ">=", "≥": ">=", "≧": ">=", "⩾": ">=", "<=": "<=", "≤": "<=", "≦": "<=", "⩽": "<=",
    ">": ">", "＞": ">", "<": "<", "＜": "<", "～": "~", "~": "~", "≈": "~",
}  # fmt: skip
_SIGNED = re.compile(rf"({'|'.join(sorted(_SIGNS, key=len, reverse=True))})?\s{{0,2}}([-−－﹣+＋])?\s?$")
_MEASURING = frozenset(
    [None, "no unit", "threshold", "duration", "reference", "base", "list marker", "document number", "structure"]
)
"""Reasons that the words of a sentence give for a number that measures nothing, and a cell of its own does not bear out."""
_LONGEST = 40
"""Characters of a cell that is a value; longer ones are prose."""


def figures_of(words: str, at: int) -> list[Figure]:
    """The figures of a cell, with offsets of its text; none where the cell is prose.

    Args:
        words: the cell's words.
        at: where they begin in the text.
    """
    if len(words) > _LONGEST or not any(char.isdigit() for char in words):
        return []
    return [_moved(figure, at) for figure in _found(words)]


def _found(words: str) -> Iterator[Figure]:
    for figure in find_figures(words, script="han"):
        if figure.reason in _MEASURING:
            yield _signed(words, replace(figure, reason=None))


def _signed(words: str, figure: Figure) -> Figure:
    """A figure with the sign and the mark of comparison before it: -3.2, ≥5."""
    sign = _SIGNED.search(words, 0, figure.start)
    if sign is None or not sign.group().strip():
        return figure
    told, minus = sign[1], sign[2] is not None and sign[2] not in "+＋"
    if minus and figure.value >= 0:
        start = sign.start(2)
        figure = replace(figure, start=start, text=words[start : figure.end], value=-figure.value)
    if told and figure.comparator == "=":
        figure = replace(figure, comparator=_SIGNS[told], modifier=told, before=figure.start - sign.start(1))
    return figure


def _moved(figure: Figure, at: int) -> Figure:
    return replace(figure, start=figure.start + at, end=figure.end + at)


def is_value(words: str) -> bool:
    """Whether a cell holds a figure and little else."""
    figures = figures_of(words, 0)
    rest = len(words) - sum(figure.end - figure.start for figure in figures)
    return bool(figures) and rest <= max(12, len(words) // 2) and not (len(figures) == 1 and _is_year(figures[0]))


def _is_year(figure: Figure) -> bool:
    return (
        figure.unit == "" and isinstance(figure.value, int) and 1990 <= figure.value <= 2060 and len(figure.text) == 4
    )


def is_movement(figure: Figure) -> bool:
    """Whether a cell's own words say that its figure is a change: 增长5%, 下降0.2个百分点."""
    return figure.measure != "level" or figure.unit in POINTS
