"""A PDF with a text layer: lines to paragraphs, columns in order, without running heads and page numbers."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pypdfium2

from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.raised import raised
from llmx.errors import UnreadableInput

_MARGIN = 0.1
"""Running heads and page numbers stand in the outer tenth of a page's height."""
_REPEATED = 3
"""A line in the margin is furniture where so many pages have it, numbers aside."""
_SMALL, _RAISED = 0.9, 0.25
"""A character is raised that is smaller than so much of those before it, and stands higher by so much of their height."""
_MOST_CHARACTERS = 2_000_000
"""The longest reports that are known have a hundred thousand; a million take 18 s."""
_NUMBER = re.compile(r"[\s\-–—·~第页共/]*\d+[\s\-–—·~第页共/\d]*")


class Line(NamedTuple):
    """A line of a page, in points from the page's lower left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    column: int = 0
    """1 in the right one of two columns."""

    @property
    def height(self) -> float:
        """About the size of its characters."""
        return self.top - self.bottom


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
    try:
        pages, length = [], 0
        for number in range(len(document)):
            pages.append(_page(document, number))
            length += sum(len(line.text) for line in pages[-1][0])
            if length > _MOST_CHARACTERS:
                raise UnreadableInput(f"{where}: more than {_MOST_CHARACTERS:,} characters; split the file")
    finally:
        document.close()
    if not any(lines for lines, _ in pages):
        raise UnreadableInput(f"{where}: a scanned PDF without text; run text recognition over it first")
    parts = Parts()
    for text, page in _paragraphs(_without_furniture(pages)):
        parts.add(text, f"p. {page}")
    return parts.parsed()


def _page(document: pypdfium2.PdfDocument, number: int) -> tuple[list[Line], float]:
    """A page's lines in reading order, and its height."""
    page = document[number]
    pieces = [piece for piece in _pieces(page.get_textpage()) if piece.text.strip()]
    return list(_in_columns(pieces, page.get_width())), page.get_height()


def _pieces(text: pypdfium2.PdfTextPage) -> Iterator[Line]:
    """Runs of characters that stand side by side.

    Boxes are the font's, not the glyph's: by its ink, 一 would stand on no line.
    """
    run, up = list[str](), list[str]()
    left = right = top = bottom = 0.0
    for index in range(text.count_chars()):
        char = chr(pypdfium2.raw.FPDFText_GetUnicode(text.raw, index))
        if char in "\r\n\x00":
            continue
        box = text.get_charbox(index, loose=True)
        near = box[0] - right < 1.5 * (top - bottom) and box[2] > right - 0.5 * (top - bottom)
        height = box[3] - box[1]
        if run and near and height < _SMALL * (top - bottom) and box[1] > bottom + _RAISED * (top - bottom):
            up.append(char)
            right = max(right, box[2])
            continue
        if up:
            run, up = [*run, raised("".join(run), "".join(up))], []
        if run and near and min(top, box[3]) - max(bottom, box[1]) > 0.5 * min(top - bottom, box[3] - box[1]):
            run.append(char)
            right, top, bottom = max(right, box[2]), max(top, box[3]), min(bottom, box[1])
            continue
        if run:
            yield Line(_written(run), left, right, top, bottom)
        run, (left, bottom, right, top) = [char], box
    if run:
        run.append(raised("".join(run), "".join(up)))
        yield Line(_written(run), left, right, top, bottom)


def _written(characters: list[str]) -> str:
    """Characters as text: pdfium gives them as UTF-16, those beyond its first plane in two halves."""
    text = "".join(characters).replace("\ufffe", "-")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _in_columns(pieces: list[Line], width: float) -> Iterator[Line]:
    """Lines of one column after those of the other, where few pieces cross the middle."""
    middle = width / 2
    crossing = sum(piece.left < middle - 5 and piece.right > middle + 5 for piece in pieces)
    sides = Counter(piece.left >= middle - 5 for piece in pieces)
    if crossing > len(pieces) * 0.2 or min(sides[True], sides[False]) < len(pieces) * 0.3:
        yield from _lines(pieces)
        return
    band: list[Line] = []
    for piece in sorted(pieces, key=lambda one: -one.top):
        if piece.left < middle - 5 and piece.right > middle + 5:
            yield from _sides(band, middle)
            yield piece
            band = []
        else:
            band.append(piece)
    yield from _sides(band, middle)


def _sides(band: list[Line], middle: float) -> Iterator[Line]:
    yield from _lines([piece for piece in band if piece.left < middle - 5])
    for line in _lines([piece for piece in band if piece.left >= middle - 5]):
        yield line._replace(column=1)


def _lines(pieces: Iterable[Line]) -> Iterator[Line]:
    """Pieces on one height put together, top to bottom."""
    row: list[Line] = []
    for piece in sorted(pieces, key=lambda one: (-(one.top + one.bottom) / 2, one.left)):
        if row and (piece.top + piece.bottom) / 2 < row[0].bottom:
            yield _row(row)
            row = []
        row.append(piece)
    if row:
        yield _row(row)


def _row(pieces: list[Line]) -> Line:
    pieces = sorted(pieces, key=lambda one: one.left)
    text = pieces[0].text
    for before, piece in itertools.pairwise(pieces):
        text += ("\t" if piece.left - before.right > 2 * piece.height else "") + piece.text
    return Line(
        text, pieces[0].left, pieces[-1].right, max(one.top for one in pieces), min(one.bottom for one in pieces)
    )


def _without_furniture(pages: list[tuple[list[Line], float]]) -> Iterator[tuple[int, list[Line]]]:
    """Pages, numbered from 1, without what repeats in their margins."""
    count = Counter(key for lines, height in pages for key in {_key(line) for line in lines if _marginal(line, height)})
    for number, (lines, height) in enumerate(pages, 1):
        yield number, [line for line in lines if not (_marginal(line, height) and _is_furniture(line, count))]


def _is_furniture(line: Line, count: Counter[str]) -> bool:
    return count[_key(line)] >= _REPEATED or bool(_NUMBER.fullmatch(line.text))


def _marginal(line: Line, height: float) -> bool:
    return line.bottom > height * (1 - _MARGIN) or line.top < height * _MARGIN


def _key(line: Line) -> str:
    return re.sub(r"\d+", "0", "".join(line.text.split()))


def _paragraphs(pages: Iterable[tuple[int, list[Line]]]) -> Iterator[tuple[str, int]]:
    """Paragraphs with the page that each begins on."""
    text, begun = "", 0
    last: Line | None = None
    end = 0.0
    for number, lines in pages:
        edges = [_edges([line for line in lines if line.column == column]) for column in (0, 1)]
        for line in lines:
            left, right = edges[line.column]
            if last is None or _begins(line, last, left, end):
                if text:
                    yield text, begun
                text, begun = line.text.strip(), number
            else:
                text = _joined(text, line.text.strip())
            last, end = line, right
    if text:
        yield text, begun


def _edges(lines: list[Line]) -> tuple[float, float]:
    """Where most lines begin and where the longest end."""
    if not lines:
        return 0.0, 0.0
    lefts = Counter(round(line.left) for line in lines if len(line.text) > 10) or Counter([round(lines[0].left)])
    return float(min(left for left, times in lefts.items() if times * 4 >= max(lefts.values()))), max(
        line.right for line in lines
    )


def _begins(line: Line, last: Line, left: float, end: float) -> bool:
    """Whether a line begins a paragraph: it is indented, or the one before is short, of another size or far off.

    Args:
        line, last: the line and the one before.
        left: where lines of its column begin.
        end: where lines of the one before's column end.
    """
    size = max(line.height, 1.0)
    indented = line.left > left + 1.2 * size
    short = last.right < end - 2.5 * size
    other = abs(line.height - last.height) > 0.25 * size and last.bottom > line.top
    far = last.bottom - line.top > 1.8 * size
    return indented or short or other or far


def _joined(text: str, more: str) -> str:
    """Two lines of a paragraph: nothing between Chinese, a blank between Latin words, no hyphen of a broken one."""
    if re.search(r"[A-Za-z]-$", text) and re.match(r"[a-z]", more):
        return text[:-1] + more
    latin = re.search(r"[A-Za-z,.;:]$", text) and re.match(r"[A-Za-z]", more)
    return f"{text} {more}" if latin else text + more
