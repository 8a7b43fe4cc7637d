"""An OFD file (GB/T 33190), the exchange format of Chinese offices: text at places on pages, read as a PDF's is."""

from __future__ import annotations

from collections.abc import Iterator

import ofdkit
from ofdkit.package import Package

from llmx.documents.readers.apart import heard
from llmx.documents.readers.layout import MOST_CHARACTERS, Glyph, Page, as_text, in_columns, pieces
from llmx.documents.readers.parsed import Parsed
from llmx.documents.readers.ruled import MOST_PIECES, Point, Rule, rules_of, without_tables
from llmx.errors import UnreadableInput

_POINTS = 72 / 25.4
"""In a millimetre."""
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}
"""How many numbers stand after each word of a path."""
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
    with ofdkit.open(data) as document, Package(data) as package:
        pages = list(_pages(document, package, where))
    if not any(page.lines for page in pages):
        raise UnreadableInput(f"{where}: an OFD file of scanned pages without text; run text recognition over it first")
    return as_text(pages)


def _pages(document: ofdkit.OFDDocument, package: Package, where: str) -> Iterator[Page]:
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
        others, rows = without_tables(glyphs, list(_rules(package, page.location, left, top + height)))
        yield Page(in_columns([*pieces(others), *rows], width * _POINTS), height * _POINTS)
        length += sum(len(text) for text, *_ in glyphs)
        if length > MOST_CHARACTERS:
            raise UnreadableInput(f"{where}: more than {MOST_CHARACTERS:,} characters; split the file")
        heard()


def _rules(package: Package, page: str, left: float, foot: float) -> Iterator[Rule]:
    """The straight lines that are drawn on a page, those of its template not counted."""
    if b"PathObject" not in package.read(page):
        return
    more = MOST_PIECES
    for path in package.read_xml(page).iterfind(".//{*}PathObject"):
        box, form = _numbers(path.get("Boundary"), 4), _numbers(path.get("CTM"), 6)
        a, b, c, d, e, f = form or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        x, y = (box or [0.0, 0.0])[:2]
        words = (path.findtext("{*}AbbreviatedData") or "").split()
        more -= len(words) // 3
        if more < 0:
            return
        points = [
            one._replace(
                x=(a * one.x + c * one.y + e + x - left) * _POINTS, y=(foot - b * one.x - d * one.y - f - y) * _POINTS
            )
            for one in _points(words)
        ]
        yield from rules_of(points, stroked=path.get("Stroke", "true") != "false")


def _numbers(told: str | None, count: int) -> list[float] | None:
    words = (told or "").split()
    try:
        return list(map(float, words)) if len(words) == count else None
    except ValueError:
        return None


def _points(words: list[str]) -> Iterator[Point]:
    """The pieces of a path: S and M begin a line, L draws one, C goes back; Q, B and A are curves."""
    at, last = 0, Point(0, 0, False, False, False)
    while at < len(words):
        kind, count = words[at], _TAKES.get(words[at], 0)
        ends = _numbers(" ".join(words[at + 1 : at + 1 + count]), count) if count else None
        if ends:
            last = Point(ends[-2], ends[-1], kind == "L", kind in "SM", False)
            yield last
        elif kind == "C":
            yield last._replace(drawn=False, begins=False, closes=True)
        at += 1 + count


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
