"""A PDF with a text layer: lines to paragraphs, columns in order, without running heads and page numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pypdfium2

from llmx.documents.readers.apart import heard
from llmx.documents.readers.layout import MOST_CHARACTERS, Glyph, Page, as_text, in_columns, pieces
from llmx.documents.readers.parsed import Parsed
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
        lines = in_columns(pieces(_glyphs(page.get_textpage()), _written), page.get_width())
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


def _written(characters: list[str]) -> str:
    """Characters as text: pdfium gives them as UTF-16, those beyond its first plane in two halves."""
    text = "".join(characters).replace("\ufffe", "-")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
