"""Tables that rules are drawn around: from the lines of a page to its cells.

A page without rules costs nothing more. A table is what rules that touch enclose; its columns and rows are those that any
of them tells, and a cell without a rule to its neighbour is one with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from llmx.documents.readers.layout import Glyph, Line, words_of
from llmx.documents.tables import as_rows

_NEAR = 3.0
"""Points that rules may be apart that are one, or that touch."""
_MOST_CELLS, _MOST_RULES = 4_000, 500
"""Cells of a table, and rules of a page; one with more is a drawing."""
MOST_PIECES = 20_000
"""Pieces of the paths of a page that are looked at."""
_FULL = 2
"""Cells with words that a row of a table has; a drawing has no such row."""


class Rule(NamedTuple):
    """A straight line of a page, in points from its lower left."""

    flat: bool
    """Whether it runs from left to right."""
    at: float
    """Its height, or how far from the left it stands."""
    first: float
    last: float


class Point(NamedTuple):
    """A piece of a path: where it ends."""

    x: float
    y: float
    drawn: bool
    """Whether it is a straight line from the point before."""
    begins: bool
    """Whether it begins a new line."""
    closes: bool
    """Whether a line goes back from here to where it began."""


def rules_of(points: Iterable[Point], stroked: bool) -> Iterator[Rule]:
    """The rules of a path: its straight lines where it is `stroked`, and itself where it is filled and thin as one."""
    points = list(points)
    wide, high = (max(ends) - min(ends) for ends in ([p.x for p in points] or [0], [p.y for p in points] or [0]))
    if points and min(wide, high) <= _NEAR:
        yield from _rule(
            min(p.x for p in points), min(p.y for p in points), max(p.x for p in points), max(p.y for p in points)
        )
    elif stroked:
        begun = last = None
        for point in points:
            if point.drawn and last:
                yield from _rule(last.x, last.y, point.x, point.y)
            begun, last = (point if point.begins else begun), point
            if point.closes and begun:
                yield from _rule(point.x, point.y, begun.x, begun.y)


def _rule(x: float, y: float, right: float, top: float) -> Iterator[Rule]:
    """A line as a rule, where it runs along a side of the page and is longer than wide."""
    wide, high = abs(right - x), abs(top - y)
    if max(wide, high) > 2 * _NEAR and min(wide, high) <= _NEAR:
        flat = wide > high
        at, ends = ((y + top) / 2, (x, right)) if flat else ((x + right) / 2, (y, top))
        yield Rule(flat, at, min(ends), max(ends))


def without_tables(
    glyphs: Iterable[Glyph], rules: Sequence[Rule], written: Callable[[list[str]], str] = "".join
) -> tuple[list[Glyph], list[Line]]:
    """The characters of a page that stand in no table, and a line for each row of its tables.

    Args:
        glyphs: the page's characters, in the order in which they are drawn.
        rules: its rules.
        written: makes one text of characters.
    """
    left, rows = list(glyphs), list[Line]()
    merged = _merged(rules)
    if 4 <= len(merged) <= _MOST_RULES:
        for grid in _grids(merged):
            inside, outside = grid.parted(left)
            lines = list(grid.lines(inside, written))
            if lines:
                left, rows = outside, rows + lines
    return left, rows


def _grids(rules: Sequence[Rule]) -> Iterator[_Grid]:
    """The tables of a page."""
    for touching in _groups(rules):
        flat = [rule for rule in touching if rule.flat]
        upright = [rule for rule in touching if not rule.flat]
        if len(flat) > 1 and upright:
            grid = _Grid(flat, upright)
            if grid.columns > 1 and grid.count > 1 and grid.columns * grid.count <= _MOST_CELLS:
                yield grid


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules of which those that go on from one another, or lie on one another, are one."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (one.flat, round(one.at / _NEAR), one.first)):
        last = merged[-1] if merged else None
        if last and last.flat == rule.flat and abs(last.at - rule.at) <= _NEAR and rule.first <= last.last + _NEAR:
            merged[-1] = last._replace(last=max(last.last, rule.last))
        else:
            merged.append(rule)
    return merged


def _groups(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Rules that touch, directly or by others."""
    left = list(rules)
    while left:
        group, at = [left.pop()], 0
        while at < len(group):
            near = [rule for rule in left if _touch(rule, group[at])]
            left = [rule for rule in left if not _touch(rule, group[at])]
            group += near
            at += 1
        yield group


def _touch(one: Rule, other: Rule) -> bool:
    if one.flat == other.flat:
        return abs(one.at - other.at) <= _NEAR and one.first <= other.last + _NEAR and other.first <= one.last + _NEAR
    return one.first - _NEAR <= other.at <= one.last + _NEAR and other.first - _NEAR <= one.at <= other.last + _NEAR


def _places(marks: Iterable[float]) -> list[float]:
    """Places, those that are near one another once."""
    found: list[float] = []
    for mark in sorted(marks):
        if not found or mark - found[-1] > _NEAR:
            found.append(mark)
    return found


class _Grid:
    """The cells that rules enclose; rows count from the top.

    Args:
        flat: the rules from left to right.
        upright: those from top to bottom.
    """

    def __init__(self, flat: Sequence[Rule], upright: Sequence[Rule]) -> None:
        ends = [end for rule in flat for end in (rule.first, rule.last)]
        self._xs = _places([*(rule.at for rule in upright), min(ends), max(ends)])
        self._ys = _places(rule.at for rule in flat)
        self.columns, self.count = len(self._xs) - 1, len(self._ys) - 1
        self._flat, self._upright = flat, upright

    def parted(self, glyphs: Iterable[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
        """Characters that stand in it, and the others."""
        inside, outside = list[Glyph](), list[Glyph]()
        for glyph in glyphs:
            (outside if self._place(glyph) is None else inside).append(glyph)
        return inside, outside

    def _place(self, glyph: Glyph) -> tuple[int, int] | None:
        _, left, bottom, right, top = glyph
        column, row = bisect_right(self._xs, (left + right) / 2), bisect_right(self._ys, (bottom + top) / 2)
        known = 0 < column <= self.columns and 0 < row <= self.count
        return (self.count - row, column - 1) if known else None

    def lines(self, glyphs: Iterable[Glyph], written: Callable[[list[str]], str]) -> Iterator[Line]:
        """A line a row, the words of a merged cell in its first; none where it holds no table's words."""
        first = self._firsts()
        cells: dict[tuple[int, int], list[Glyph]] = {}
        for glyph in glyphs:
            if place := self._place(glyph):
                cells.setdefault(first[place], []).append(glyph)
        rows = [
            [words_of(cells.get((row, column), ()), written) for column in range(self.columns)]
            for row in range(self.count)
        ]
        if any(sum(map(bool, row)) >= _FULL for row in rows):
            for row, line in enumerate(as_rows(rows)):
                top, bottom = self._ys[self.count - row], self._ys[self.count - row - 1]
                yield Line(line, self._xs[0], self._xs[-1], top, bottom, row=True)

    def _firsts(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each place the first of its cell: the one with which no rule parts it, above all and left of all."""
        first: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(self.count):
            low, high = self._ys[self.count - row - 1], self._ys[self.count - row]
            for column in range(self.columns):
                left, right = self._xs[column], self._xs[column + 1]
                if column and not _is_ruled(self._upright, left, (low + high) / 2):
                    first[row, column] = first[row, column - 1]
                elif row and not _is_ruled(self._flat, high, (left + right) / 2):
                    first[row, column] = first[row - 1, column]
                else:
                    first[row, column] = (row, column)
        return first


def _is_ruled(rules: Iterable[Rule], at: float, middle: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.first - _NEAR <= middle <= rule.last + _NEAR for rule in rules)
