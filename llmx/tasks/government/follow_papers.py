"""What was followed as a Word file: 落实情况表 a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from llmx.tasks.government.follow_rows import Followed
from llmx.tasks.government.follow_sheets import HEADS, LEFT, NOTE, Form, forms_of
from llmx.tasks.government.office_papers import (
    BAND,
    HEAD,
    HEI,
    SIZE,
    SONG,
    TITLE,
    keep_together,
    mark_row,
    merge_across,
    new_paper,
    paragraph,
    shade,
    table_of,
)
from llmx.tasks.government.office_papers import (
    NOTE as SMALL,
)


def write_papers(rows: Iterable[Followed], path: Path) -> None:
    """A title, the counts and a table, a place each.

    Raises:
        OSError: the file cannot be written.
        UsageError: python-docx is not installed.
    """
    paper = new_paper(path)
    for at, form in enumerate(forms_of(rows)):
        if at:
            paper.add_page_break()
        paragraph(paper.add_paragraph(), form.title, HEI, TITLE, centred=True)
        paragraph(paper.add_paragraph(), form.summary, SONG, SMALL)
        _write(paper, form)
        paragraph(paper.add_paragraph(), NOTE, SONG, SMALL)
    paper.save(str(path))


def _write(paper: Any, form: Form) -> None:
    table, widths = table_of(paper, HEADS)
    _row(table, widths, list(HEADS), HEAD)
    for section, lines in form.bands():
        cells = _row(table, widths, [section, *[""] * (len(HEADS) - 1)], BAND)
        merge_across(cells)
        keep_together(cells[:1])
        for line in lines:
            told = [f"{value:.1%}" if isinstance(value, float) else str(value) for value in line]
            _row(table, widths, told, None)


def _row(table: Any, widths: Sequence[Any], texts: Sequence[str], colour: str | None) -> list[Any]:
    row = table.add_row()
    mark_row(row, colour == HEAD)
    cells = list(row.cells)
    for at, (cell, text, width) in enumerate(zip(cells, texts, widths, strict=True)):
        cell.width, cell.vertical_alignment = width, 1
        centred = colour == HEAD or (colour is None and at not in LEFT)
        paragraph(cell.paragraphs[0], text, HEI if colour == HEAD else SONG, SIZE, centred, bold=colour == BAND)
        if colour:
            shade(cell, colour)
    return cells
