"""Which tables of a text are read by their cells, and what their figures measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from llmx.documents import Cell, Document, Table, tables_of
from llmx.figures import Figure
from llmx.figures.units import POINTS, RATES
from llmx.task import Tabled
from llmx.tasks.government.tables.heads import (
    Column,
    Units,
    column_of,
    heads_of,
    unit_in_row,
    unit_noted,
    with_neighbours,
)
from llmx.tasks.government.tables.names import Name, goes_on, is_total, joined, name_of, told_of, with_aspect
from llmx.tasks.government.tables.projects import Work, works_of
from llmx.tasks.government.tables.values import figures_of, is_movement, is_value

_LINES, _LONGEST = 3, 60
"""Lines above a table that may be its title, and their characters at most."""
_GROUP = re.compile("[（(]?[一二三四五六七八九十]{1,3}[）)、]?")
_DASH = re.compile(r"[—–\-－/\s]+")
SUMS = ("〔", "[", "［", "【")
"""What stands before a sum over all years of a plan."""
_NUMBERS = frozenset(["name", "ordinal", "unit"])


@dataclass(frozen=True, slots=True)
class Entry:
    """What one figure of a table says."""

    figure: Figure
    cell: Cell
    name: Cell
    """The cell that names its row."""
    indicator: str
    column: Column
    location: str | None = None


@dataclass(frozen=True, slots=True)
class TableOfFigures(Tabled):
    """A table of targets and results."""

    table: Table
    caption: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TableOfWorks(Tabled):
    """A list of projects."""

    table: Table
    caption: str
    works: tuple[Work, ...]


def read_tables(document: Document) -> list[Tabled]:
    """The tables of a document whose cells code reads; the words of all others are read as text."""
    text = document.text
    return [read for table in tables_of(text) for part in _parts(text, table) if (read := _read(text, table, part))]


def _parts(text: str, table: Table) -> Iterator[list[tuple[Cell, ...]]]:
    """A table's rows, cut before each further head: that of a next page, or of another table right below."""
    part: list[tuple[Cell, ...]] = []
    for row in table.rows:
        if len(part) > 1 and _is_head(_words(text, row)) and any(any(map(is_value, _words(text, one))) for one in part):
            yield part
            part = []
        part.append(row)
    yield part


def _words(text: str, row: Sequence[Cell]) -> list[str]:
    return [text[cell.start : cell.end] for cell in row]


@lru_cache(maxsize=4096)  # each cell is looked at, and most say what others said
def _role(words: str) -> str:
    return column_of([words]).role if len(words) < _LONGEST else "other"


def _is_head(words: Sequence[str]) -> bool:
    told = [_role(one) for one in words if one]
    return len(told) > 1 and not _NUMBERS.isdisjoint(told) and not any(map(is_value, words))


def _read(text: str, table: Table, rows: Sequence[tuple[Cell, ...]]) -> Tabled | None:
    """A table, or a part of it, as code reads it."""
    words = [_words(text, row) for row in rows]
    first = next((at for at, row in enumerate(words) if sum(map(bool, row)) > 1), len(rows))
    if first + 1 >= len(rows):
        return None
    above = " ".join(
        filter(None, (_above(text, table.start), *(cell for row in words[:first] for cell in row if cell)))
    )
    deep, heads = heads_of(words[first:], is_value)
    start, end = _line(text, rows[0][0].start)[0], _line(text, rows[-1][0].end)[1]
    body = rows[first + deep :]
    works, amounts = works_of(text, body, heads, above)
    if works:
        return TableOfWorks(start, end, amounts, table, above, works)
    reader = _Reader(text, body, with_neighbours([column_of(head) for head in heads]), unit_noted(above) or Units())
    entries = tuple(reader.entries()) if reader.is_clear() else ()
    return TableOfFigures(start, end, tuple(one.figure for one in entries), table, above, entries) if entries else None


def _line(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end + 1


def _above(text: str, start: int) -> str:
    """The short lines right above a table: its title, and the unit of its figures."""
    found: list[str] = []
    for line in reversed(text[max(0, start - _LINES * _LONGEST) : start].rstrip("\n").split("\n")[-_LINES:]):
        if len(line) >= _LONGEST or "\t" in line or line.rstrip().endswith(("。", "；", "|")):
            break
        found.insert(0, line.strip())
    return " ".join(found)


@dataclass(slots=True)
class _Block:
    """Columns that belong to one another: names, units, and figures on their right."""

    names: list[int]
    values: list[int] = field(default_factory=list)
    unit: int | None = None
    whole: str = ""
    """The row that further ones are parts of."""
    in_parts: bool = False
    units: Units | None = None
    """Those of the row before."""


class _Reader:
    """Reads the rows below a head."""

    def __init__(self, text: str, rows: Sequence[tuple[Cell, ...]], columns: Sequence[Column], units: Units) -> None:
        self._text, self._rows, self._units = text, rows, units
        self._columns = self._named(list(columns))
        self._blocks = list(self._found())
        self._ordinals = [at for at, column in enumerate(self._columns) if column.role == "ordinal"]

    def _cell(self, row: Sequence[Cell], at: int) -> str:
        return self._text[row[at].start : row[at].end]

    def _share(self, at: int) -> tuple[int, int]:
        """Of a column the cells that are values, and all that say anything."""
        cells = [cell for row in self._rows if (cell := self._cell(row, at)) and not _DASH.fullmatch(cell)]
        return sum(bool(figures_of(cell, 0)) and len(cell) < 25 for cell in cells), len(cells)

    def _named(self, columns: list[Column]) -> list[Column]:
        """The columns, of which one without a head beside the names is another of them, and the first the names where no
        head says so."""
        roles = [column.role for column in columns]
        first = roles.index("value") if "value" in roles else len(roles)
        blank = [at for at in range(first) if roles[at] == "other"]
        if "name" not in roles[:first] and blank:
            columns[blank[0]] = replace(columns[blank[0]], role="name")
        for at in range(1, first):
            if not columns[at].words and columns[at].role == "other" and columns[at - 1].role == "name":
                columns[at] = replace(columns[at], role="name")
        return columns

    def _found(self) -> Iterator[_Block]:
        block: _Block | None = None
        for at, column in enumerate(self._columns):
            if column.role == "name" and (block is None or block.values):
                if block:
                    yield block
                block = _Block([at])
            elif block and column.role == "name":
                block.names.append(at)
            elif block and column.role == "unit":
                block.unit = at
            elif block and column.role == "value":
                block.values.append(at)
        if block:
            yield block

    def is_clear(self) -> bool:
        """Whether columns of values hold values, and few others do."""
        told = [self._share(at) for block in self._blocks for at in block.values]
        if not told:
            return False
        others = [self._share(at) for at, column in enumerate(self._columns) if column.role == "other"]
        unclear = sum(2 * count > cells for count, cells in others if cells)
        return 2 * sum(count for count, _ in told) >= max(1, sum(cells for _, cells in told)) and unclear < max(
            1, len(told)
        )

    def entries(self) -> Iterator[Entry]:
        """What the figures say, row by row."""
        for row in self._rows:
            for block in self._blocks:
                yield from self._row(row, block)

    def _row(self, row: Sequence[Cell], block: _Block) -> Iterator[Entry]:
        named = [at for at in block.names if self._cell(row, at)]
        if not named:
            return
        name = name_of(self._cell(row, named[-1]))
        if len(named) > 1:
            block.whole, block.in_parts = name_of(self._cell(row, named[0])).words, True
        units = unit_in_row(self._cell(row, block.unit)) if block.unit is not None else None
        figures = [found for at in block.values for found in self._figures(row, at)]
        if not any(self._cell(row, at) for at in block.values):
            self._group(row, block, name.words, units)
        elif name.words and not is_total(name.words):
            numbered = name.numbered or any(self._cell(row, at) for at in self._ordinals)
            indicator = self._indicator(name, numbered, block)
            block.units = units or name.units or (block.units if block.in_parts else None)
            for column, figure in figures:
                yield self._entry(row, row[named[-1]], figure, column, indicator, block.units)

    def _group(self, row: Sequence[Cell], block: _Block, name: str, units: Units | None) -> None:
        """A row without figures names those after it; one that is numbered as a heading is only that."""
        first = next(filter(None, (self._cell(row, at) for at in range(len(row)))), "")
        heading = _GROUP.match(first) and not name.startswith(first)
        block.whole, block.in_parts, block.units = ("", False, None) if heading else (name, True, units)

    @staticmethod
    def _indicator(name: Name, numbered: bool, block: _Block) -> str:
        if block.whole and (name.is_part or (block.in_parts and not numbered and goes_on(name.words, block.whole))):
            block.in_parts = block.in_parts or name.opens
            return joined(name.words, block.whole)
        if not name.is_part:
            block.whole, block.in_parts = name.words, False
        return name.words

    def _figures(self, row: Sequence[Cell], at: int) -> Iterator[tuple[Column, Figure]]:
        """The figures of a cell with what they hold: the first, and further ones that say what they are (力争6, 275亿元、7%).

        In 275（7%） the first is the amount, though its column speaks of growth too; 〔4.8〕 under a yearly growth is a sum.
        """
        column, cell = self._columns[at], self._cell(row, at)
        found = figures_of(cell, row[at].start)
        if not found or (column.measure and cell.startswith(SUMS)):
            return
        first, *further = found
        rates = any(one.unit in RATES for one in further)
        yield (replace(column, measure=None) if rates and not first.unit else column), first
        yield from ((column, one) for one in further if one.unit or one.modifier)

    def _entry(
        self, row: Sequence[Cell], name: Cell, figure: Figure, column: Column, indicator: str, units: Units | None
    ) -> Entry:
        unit = figure.unit or self._unit(column, units)
        measure = figure.measure if is_movement(figure) else column.measure
        if measure == "growth" and unit not in RATES:
            measure = "change"
        elif measure == "change" and unit in RATES and unit not in POINTS:
            measure = "growth"
        told = told_of(with_aspect(indicator, column.aspect), unit, measure)
        falls = told.falls and figure.value > 0 and told.measure != "level"
        made = replace(
            figure,
            unit=unit,
            measure=told.measure,
            value=-figure.value if falls else figure.value,
            value_max=-figure.value_max if falls and figure.value_max is not None else figure.value_max,
        )
        cell = next(cell for cell in row if cell.start <= figure.start <= cell.end and figure.end <= cell.end)
        return Entry(made, cell, name, told.indicator, column)

    def _unit(self, column: Column, units: Units | None) -> str:
        """The unit of a figure that has none beside it: its column's, its row's, the table's."""
        moved = column.measure == "growth"
        for one in (column.units, units, self._units):
            if one and (unit := one.growth if moved else one.level):
                return unit
        return "%" if moved else ""
