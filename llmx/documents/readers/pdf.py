"""A PDF with a text layer: lines to paragraphs, columns in order, without running heads and page numbers."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdfium2

from llmx.documents.readers.apart import heard
from llmx.documents.readers.layout import MOST_CHARACTERS, Glyph, Page, as_text, in_columns, pieces
from llmx.documents.readers.parsed import Parsed
from llmx.documents.readers.ruled import MOST_PIECES, Point, Rule, rules_of, without_tables
from llmx.errors import UnreadableInput


def parse(data: bytes, where: str) -> Parsed:
    """Read a PDF.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph; places are `p. N`, where the paragraph begins.

    Raises:
        UnreadableInput: corrupt, protected by a password, or scanned.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        why = (
            "protected by a password; save it without one"
            if "password" in str(error).lower()
            else "broken; get it anew"
        )
        raise UnreadableInput(f"{where}: a PDF that is {why} and give that") from error
    with closing(document):
        pages = list(_pages(document, where))
    if not any(page.lines for page in pages):
        raise UnreadableInput(f"{where}: a scanned PDF without text; run text recognition over it first")
    return as_text(pages)


def _pages(document: pypdfium2.PdfDocument, where: str) -> Iterator[Page]:
    length = 0
    for number in range(len(document)):
        page = document[number]
        glyphs, rows = without_tables(_glyphs(page.get_textpage()), list(_rules(page)), _written)
        lines = in_columns([*pieces(glyphs, _written), *rows], page.get_width())
        yield Page(lines, page.get_height())
        length += sum(len(line.text) for line in lines)
        if length > MOST_CHARACTERS:
            raise UnreadableInput(f"{where}: more than {MOST_CHARACTERS:,} characters; split the file")
        heard()


def _glyphs(text: pypdfium2.PdfTextPage) -> Iterator[Glyph]:
    """A page's characters in their order.

    Boxes are the font's, not the glyph's: by its ink, 一 would stand on no line.
    """
    box, where, unicode = (
        pypdfium2.raw.FS_RECTF(),
        pypdfium2.raw.FPDFText_GetLooseCharBox,
        pypdfium2.raw.FPDFText_GetUnicode,
    )
    for index in range(text.count_chars()):
        char = chr(unicode(text.raw, index))
        if char not in "\r\n\x00" and where(text.raw, index, box):
            yield char, box.left, box.bottom, box.right, box.top


def _rules(page: pypdfium2.PdfPage) -> Iterator[Rule]:
    """The straight lines that are drawn on a page, in forms not counted: lines, borders of boxes, boxes thin as a line."""
    raw, matrix = pypdfium2.raw, pypdfium2.raw.FS_MATRIX()
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    more = MOST_PIECES
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        path = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(path) != raw.FPDF_PAGEOBJ_PATH or not raw.FPDFPageObj_GetMatrix(path, matrix):
            continue
        more -= (count := raw.FPDFPath_CountSegments(path))
        if more < 0:
            return
        raw.FPDFPath_GetDrawMode(path, fill, stroke)
        if stroke.value or fill.value:
            points = [_point(raw.FPDFPath_GetPathSegment(path, at), matrix) for at in range(count)]
            yield from rules_of(points, stroked=bool(stroke.value))


def _point(segment: Any, matrix: Any) -> Point:
    """Where a piece of a path ends, whether the pen is down on the way, and whether the way back closes it."""
    raw, x, y = pypdfium2.raw, ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, x, y)
    kind = raw.FPDFPathSegment_GetType(segment)
    return Point(
        matrix.a * x.value + matrix.c * y.value + matrix.e,
        matrix.b * x.value + matrix.d * y.value + matrix.f,
        kind == raw.FPDF_SEGMENT_LINETO,
        kind == raw.FPDF_SEGMENT_MOVETO,
        bool(raw.FPDFPathSegment_GetClose(segment)),
    )


def _written(characters: list[str]) -> str:
    """Characters as text: pdfium gives them as UTF-16, those beyond its first plane in two halves."""
    text = "".join(characters).replace("\ufffe", "-")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
