"""A PDF: lines to paragraphs, columns in order, without running heads and page numbers. Pages that are pictures, or whose
text cannot be read, are recognised."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdfium2

from llmx.documents.readers.apart import heard
from llmx.documents.readers.drawn import DPI, LONGEST, MOST_PAGES, Drawn
from llmx.documents.readers.layout import MOST_CHARACTERS, Glyph, Page, as_text, in_columns, pieces
from llmx.documents.readers.parsed import Parsed
from llmx.documents.readers.reader import installed
from llmx.documents.readers.ruled import MOST_PIECES, Point, Rule, rules_of, without_tables
from llmx.documents.readers.textlayer import is_lacking
from llmx.errors import UnreadableInput

_NAMED = 5
"""Scanned pages that a message names."""


def parse(data: bytes, where: str) -> Parsed:
    """Read a PDF.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph; places are `p. N`, where the paragraph begins.

    Raises:
        UnreadableInput: corrupt, protected by a password, without text, or scanned where rapidocr is not installed.
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
        if lacking := [number for number, page in enumerate(pages) if page is None]:
            pages = _recognised(document, pages, lacking, where)
    read = [page for page in pages if page is not None]
    if not any(page.lines for page in read):
        raise UnreadableInput(f"{where}: a PDF in which no text is found, blank or of pictures; give one of a report")
    return as_text(read)


def _recognised(
    document: pypdfium2.PdfDocument, pages: list[Page | None], lacking: list[int], where: str
) -> list[Page | None]:
    """The pages with those in it whose text is lacking.

    Raises:
        UnreadableInput: there is nothing to recognise them with, or they are too many.
    """
    if not (installed("rapidocr") and installed("onnxruntime")):
        named = (
            "page " + ", ".join(str(number + 1) for number in lacking[:_NAMED]) + " and more" * (len(lacking) > _NAMED)
        )
        what = "a scanned PDF" if len(lacking) == len(pages) else f"a PDF of which {named} is scanned"
        raise UnreadableInput(
            f"{where}: {what}; reading scans needs rapidocr; install it with: pip install 'llmx-extract[ocr]', or run "
            "text recognition over it first"
        )
    from llmx.documents.readers.recognition import recognised  # slow to import

    if len(lacking) > MOST_PAGES:
        raise UnreadableInput(
            f"{where}: {len(lacking):,} scanned pages, more than the {MOST_PAGES:,} that are read; split it"
        )
    found = recognised((_drawn(document[number]) for number in lacking), len(lacking))
    return [page or next(found) for page in pages]


def _drawn(page: pypdfium2.PdfPage) -> Drawn:
    """A page's picture."""
    scale = min(DPI / 72, LONGEST / max(page.get_size()))
    pixels = page.render(scale=scale).to_numpy()
    return Drawn(pixels[:, :, :3].copy(), 1 / scale)


def _pages(document: pypdfium2.PdfDocument, where: str) -> Iterator[Page | None]:
    """The pages by their text layers; None for each that must be recognised."""
    length = 0
    for number in range(len(document)):
        page = document[number]
        glyphs, rows = without_tables(_glyphs(page.get_textpage()), list(_rules(page)), _written)
        lines = in_columns([*pieces(glyphs, _written), *rows], page.get_width())
        lacking = is_lacking(page, "".join("".join(line.text for line in lines).split()))
        yield None if lacking else Page(lines, page.get_height())
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
