"""What the papers of an office share as Word files: fonts, A4 across, rows that no page's end tears."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from llmx.errors import UsageError
from llmx.outputs.workbook import WRITTEN_BY, excel_text

SONG, HEI = "仿宋", "黑体"
SIZE, TITLE, NOTE = 8.5, 16, 8.5
_AIR = 1.5
"""Above and below words, in points."""
BAND, HEAD = "F4F4F0", "E7EDF3"
WIDTH, _HEIGHT, MARGIN = 29.7, 21.0, 1.3
"""A4 across, in cm."""


def new_paper(path: object) -> Any:
    """An empty Word file, A4 across.

    Raises:
        UsageError: python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError as error:
        raise UsageError(f'{path}: .docx needs python-docx; install it: pip install "llmx-extract[docx]"') from error
    paper = Document()
    paper.core_properties.comments = WRITTEN_BY
    set_page(paper.sections[0])
    return paper


def table_of(paper: Any, heads: Mapping[str, float]) -> tuple[Any, list[Any]]:
    """A table as wide as the page, with no rows yet, and the widths of its columns.

    Args:
        paper: where it is added.
        heads: its columns, with their widths in proportion.
    """
    from docx.shared import Cm

    table = paper.add_table(rows=0, cols=len(heads), style="Table Grid")
    table.autofit = False
    narrow_margins(table)
    share = (WIDTH - 2 * MARGIN) / sum(heads.values())
    widths = [Cm(width * share) for width in heads.values()]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table, widths


def row_of(
    table: Any, widths: Sequence[Any], texts: Sequence[str], colour: str | None = None, centred: Container[int] = ()
) -> list[Any]:
    """One more row: the head's, a band's or, without a colour, a plain one.

    Args:
        table: where it is added.
        widths: of its columns, as `table_of` gives them.
        texts: a cell each.
        colour: HEAD, BAND or none.
        centred: the columns that are centred in a plain row; all of the head's are.

    Returns:
        Its cells.
    """
    row, head = table.add_row(), colour == HEAD
    mark_row(row, head)
    cells = list(row.cells)
    for at, (cell, text, width) in enumerate(zip(cells, texts, widths, strict=True)):
        cell.width, cell.vertical_alignment = width, 1
        middle = head or (colour is None and at in centred)
        paragraph(cell.paragraphs[0], text, HEI if head else SONG, SIZE, middle, bold=colour == BAND)
        if colour:
            shade(cell, colour)
    return cells


def band_of(table: Any, widths: Sequence[Any], text: str) -> None:
    """A row of one cell over those that follow, and on their page."""
    cells = row_of(table, widths, [text, *[""] * (len(widths) - 1)], BAND)
    merge_across(cells)
    keep_together(cells[:1])


def set_page(section: Any) -> None:
    """Set a page to A4 across."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(WIDTH), Cm(_HEIGHT)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(1.5)


def paragraph(paragraph: Any, text: str, font: str, size: float, centred: bool = False, bold: bool = False) -> None:
    """Words in a paragraph that is empty so far."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_AIR)
    if centred:
        paragraph.alignment = 1
    run = paragraph.add_run(excel_text(text))
    run.font.size, run.font.name, run.font.bold = Pt(size), font, bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def narrow_margins(table: Any) -> None:
    """Word's own margins of cells leave a number of three digits no room."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def keep_together(cells: Sequence[Any]) -> None:
    """A row stays on the page of the one after it."""
    for cell in cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def mark_row(row: Any, head: bool) -> None:
    """A row is not torn by a page's end; the head comes again on every page."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def shade(cell: Any, colour: str) -> None:
    """Colour a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def merge_across(cells: Sequence[Any]) -> None:
    """Make one cell of a row's."""
    merged = cells[0].merge(cells[-1])
    for paragraph in merged.paragraphs[1:]:
        paragraph._element.getparent().remove(paragraph._element)
