"""An OFD file (GB/T 33190), the exchange format of Chinese offices: text at places on pages, read as a PDF's is."""

from __future__ import annotations

from collections.abc import Iterator

import ofdkit

from llmx.documents.readers.apart import heard
from llmx.documents.readers.layout import MOST_CHARACTERS, Glyph, Page, as_text, in_columns, pieces
from llmx.documents.readers.parsed import Parsed
from llmx.errors import UnreadableInput

_POINTS = 72 / 25.4
"""In a millimetre."""
_ASCENT = 0.86
"""Of a character's size, above the baseline: about as the fonts of Chinese reports have it."""


def parse(data: bytes, where: str) -> Parsed:
    """Read an OFD file.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph; places are `p. N`, where the paragraph begins.

    Raises:
        UnreadableInput: pictures of pages without text.
    """
    with ofdkit.open(data) as document:
        pages = list(_pages(document, where))
    if not any(page.lines for page in pages):
        raise UnreadableInput(f"{where}: an OFD file of scanned pages without text; run text recognition over it first")
    return as_text(pages)


def _pages(document: ofdkit.OFDDocument, where: str) -> Iterator[Page]:
    """The pages in order.

    Raises:
        UnreadableInput: one of them is not in the file, or there is too much text.
    """
    length = 0
    for number, page in enumerate(document.pages, 1):
        if page.location is None:
            raise UnreadableInput(f"{where}: page {number} is missing in the file; get it anew")
        left, top, width, height = page.box
        glyphs = [_glyph(run, left, top + height) for run in _once(page.runs)]
        yield Page(in_columns(pieces(glyphs), width * _POINTS), height * _POINTS)
        length += sum(len(text) for text, *_ in glyphs)
        if length > MOST_CHARACTERS:
            raise UnreadableInput(f"{where}: more than {MOST_CHARACTERS:,} characters; split the file")
        heard()


def _once(runs: list[ofdkit.TextRun]) -> Iterator[ofdkit.TextRun]:
    """Runs without those that are drawn twice in one place, which some programs take for bold."""
    seen = set()
    for run in runs:
        key = (run.text, round(run.x, 1), round(run.y, 1))
        if key not in seen:
            seen.add(key)
            yield run


def _glyph(run: ofdkit.TextRun, left: float, foot: float) -> Glyph:
    """A run with its box in points from the page's lower left."""
    x, size, base = (run.x - left) * _POINTS, run.size * _POINTS, (foot - run.y) * _POINTS
    return run.text, x, base - (1 - _ASCENT) * size, x + run.width * _POINTS, base + _ASCENT * size
