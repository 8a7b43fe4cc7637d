"""What was followed as a Word file: 落实情况表 a place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from llmx.tasks.government.follow_rows import Followed
from llmx.tasks.government.follow_sheets import HEADS, LEFT, NOTE, Form, forms_of
from llmx.tasks.government.office_papers import (
    HEAD,
    HEI,
    SONG,
    TITLE,
    band_of,
    new_paper,
    paragraph,
    row_of,
    table_of,
)
from llmx.tasks.government.office_papers import NOTE as SMALL


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
    row_of(table, widths, list(HEADS), HEAD)
    centred = set(range(len(HEADS))).difference(LEFT)
    for section, lines in form.bands():
        band_of(table, widths, section)
        for line in lines:
            told = [f"{value:.1%}" if isinstance(value, float) else str(value) for value in line]
            row_of(table, widths, told, centred=centred)
