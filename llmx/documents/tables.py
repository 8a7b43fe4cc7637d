"""Tables in a text: rows of cells that tabs or the bars of markdown set apart.

Readers write a table as a line a row with a cell for each of its columns; what is merged stands in the first of its cells
and the others are blank. So the text itself holds the table, in a file that was read as in one that was pasted, saved or
sent on, and every cell is a stretch of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_LONGEST = 4_000
"""Characters of a line that may be a row."""
_MOST_ROWS = 20_000
"""Rows of a table; what has more is data, and stays text."""
MOST_CELLS = 1_000_000
"""Cells of a table whose short rows are filled up."""
_BETWEEN = 40
"""Characters of a line without cells that may stand between rows: what names the rows after it."""
_ENDS = frozenset("。；！？.;!?")
_BLANKS = " \t\r\u3000\xa0"
_RULE = re.compile(r"[|\s:\-]*-{3,}[|\s:\-]*")
"""The line under the head of a table in markdown."""
_MARK = re.compile(r"[\t|]")
_BREAK = re.compile(r"\s*[\t\n]\s*")


class Cell(NamedTuple):
    """A cell; offsets count in the text that it was found in."""

    start: int
    """Where its words begin, blanks left out."""
    end: int
    """Where they end, exclusive; the same as `start` in a blank cell."""
    row: int
    """Its row in the table, from 1."""
    column: int
    """Its column, from 1."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a text."""

    number: int
    """Which of the text's tables it is, from 1."""
    start: int
    """Where its first line begins."""
    end: int
    """Where its last line ends, exclusive, with its line end."""
    rows: tuple[tuple[Cell, ...], ...]
    """Its cells, as many in each row; a line between rows that has no cells is a row whose first cell it is."""

    def location(self, cell: Cell, place: str | None) -> str:
        """Where a cell stands: `table 2, row 3, column 4`, after the page or sheet.

        Args:
            cell: the cell.
            place: the place in the source file of its row, as the document tells.
        """
        if place and "row " in place:
            return f"{place}, column {cell.column}"
        page = f"{place}, " if place and not place.startswith("paragraph") else ""
        return f"{page}table {self.number}, row {cell.row}, column {cell.column}"


def as_rows(rows: Iterable[Sequence[str]]) -> list[str]:
    """A line for each row of a table, with as many cells in each.

    Args:
        rows: the words of the cells, a blank one for each column that another cell reaches over; rows may be short.
    """
    lines = [[_BREAK.sub(" ", cell).strip(" ") if cell else "" for cell in row] for row in rows]
    width = max(map(len, lines), default=0)
    if len(lines) * width > MOST_CELLS:
        return ["\t".join(line) for line in lines]
    return ["\t".join([*line, *[""] * (width - len(line))]) for line in lines]


def tables_of(text: str) -> list[Table]:
    """The tables of a text, in order: two rows or more of one number of cells, two or more in a row."""
    found: list[Table] = []
    for run in _runs(text):
        if len(run) > _MOST_ROWS:
            continue
        lines = [line for line in run if not _RULE.fullmatch(text, line.start, line.end)]
        rows = tuple(tuple(_cells(text, line, number, run[0].cells)) for number, line in enumerate(lines, 1))
        if any(sum(cell.start < cell.end for cell in row) > 1 for row in rows):
            found.append(Table(len(found) + 1, run[0].start, min(len(text), run[-1].end + 1), rows))
    return found


class _Line(NamedTuple):
    start: int
    end: int
    mark: str = ""
    """What sets its cells apart; empty where it has none."""
    cells: int = 0


def _runs(text: str) -> Iterator[list[_Line]]:
    """Lines that belong to one table: two or more."""
    run: list[_Line] = []
    for line in _lines(text):
        if run and run[0][2:] != line[2:]:
            yield from [run] * (len(run) > 1)
            run = []
        elif run and run[-1].end + 1 < line.start:
            between = _Line(run[-1].end + 1, line.start - 1)
            if _names_rows(text[between.start : between.end]):
                run.append(between)
            else:
                yield from [run] * (len(run) > 1)
                run = []
        run.append(line)
    yield from [run] * (len(run) > 1)


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold cells; a text without tabs and bars costs one look."""
    at = 0
    while found := _MARK.search(text, at):
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.start())
        at = end = len(text) if end < 0 else end
        if end - start > _LONGEST:
            continue
        bare = text[start:end].strip(_BLANKS)
        if "\t" in bare or found.group() == "\t":
            yield _Line(start, end, "\t", text.count("\t", start, end) + 1)
        elif bare.startswith("|") and bare.endswith("|") and (cells := bare.count("|") - 1) > 1:
            yield _Line(start, end, "|", cells)


def _names_rows(line: str) -> bool:
    words = line.strip(_BLANKS)
    return 0 < len(words) <= _BETWEEN and "\n" not in words and words[-1] not in _ENDS


def _cells(text: str, line: _Line, row: int, columns: int) -> Iterator[Cell]:
    """The cells of a row; a line without any is its first."""
    start, end = line.start, line.end
    if line.mark == "|":
        start, end = text.index("|", start) + 1, text.rindex("|", start, end)
    for column in range(1, columns + 1):
        border = text.find(line.mark, start, end) if line.mark else -1
        stop = end if border < 0 else border
        first, last = start, stop
        while first < last and text[first] in _BLANKS:
            first += 1
        while last > first and text[last - 1] in _BLANKS:
            last -= 1
        yield Cell(first, last, row, column)
        start = min(stop + 1, end)
