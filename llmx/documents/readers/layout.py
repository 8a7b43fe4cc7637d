"""Lines that stand on pages, as a PDF or OFD has them, to paragraphs: columns in order, without running heads and page
numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from llmx.documents.document import Mark, Scanned
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.raised import raised

_MARGIN = 0.1
"""Running heads and page numbers stand in the outer tenth of a page's height."""
_REPEATED = 3
"""A line in the margin is furniture where so many pages have it, numbers aside."""
_SMALL, _RAISED = 0.9, 0.25
"""A character is raised that is smaller than so much of those before it, and stands higher by so much of their height."""
_BLANKS = frozenset(" \t\xa0\u2002\u2003\u3000")
_TIGHT, _GAP = 0.2, 1.5
"""Characters are drawn as one that stand so close, in sizes of them; what stands apart by more than the other is another
column or cell."""
_NARROW, _WIDE = 0.1, 0.6
"""A gap is a blank that is so wide between Latin characters, and so wide between others."""
_SHORT, _UNFINISHED = 2.5, 8.0
"""Characters that a paragraph's last line lacks at least, and that a line may lack whose next begins with a figure or
word that found no room in it."""
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]")
_ENDS = frozenset("。！？；：.!?;:”）)》…")
MOST_CHARACTERS = 2_000_000
"""The longest reports that are known have a hundred thousand; a million take 18 s."""
_NUMBER = re.compile(r"[\s\-–—一·~第页共/]*\d+[\s\-–—一·~第页共/\d]*")


class Line(NamedTuple):
    """A line of a page, in points from the page's lower left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    column: int = 0
    """1 in the right one of two columns."""
    row: bool = False
    """Whether it is a table's row, with tabs between its cells: a paragraph of its own, as it is."""
    marks: tuple[Mark, ...] = ()
    """Of each character, where the line was read from a picture."""

    @property
    def height(self) -> float:
        """About the size of its characters."""
        return self.top - self.bottom


class Page(NamedTuple):
    """A page's lines in reading order."""

    lines: list[Line]
    height: float


Glyph = tuple[str, float, float, float, float]
"""A character, or some that were written at once, and its left, bottom, right and top."""


def as_text(pages: list[Page]) -> Parsed:
    """The paragraphs of pages; places are `p. N`, where each begins."""
    parts = Parts()
    for text, page, scanned in _paragraphs(_without_furniture(pages)):
        parts.add(text, f"p. {page}", scanned)
    return parts.parsed()


def pieces(glyphs: Iterable[Glyph], written: Callable[[list[str]], str] = "".join) -> list[Line]:
    """Runs of characters that stand side by side.

    Args:
        glyphs: the characters of a page in the order in which they are drawn.
        written: makes one text of those of a run.
    """
    runs = [piece for piece in _runs(glyphs, written) if piece.text.strip()]
    return [piece for row in _rows(runs) for piece in _side_by_side(row)]


def words_of(glyphs: Iterable[Glyph], written: Callable[[list[str]], str] = "".join) -> str:
    """The words of a cell, its lines put together; arguments as for `pieces`."""
    words = ""
    for line in _lines(pieces(glyphs, written)):
        words = _joined(words, line.text.strip()) if words else line.text.strip()
    return words.replace("\t", " ")


def _side_by_side(row: list[Line]) -> Iterator[Line]:
    """What stands on one height, from the left, as few pieces as there are wide gaps: what is set in another font may be
    drawn after all else."""
    first, *others = sorted(row, key=lambda one: one.left)
    for piece in others:
        gap, size = piece.left - first.right, min(first.height, piece.height)
        if gap < first.height and _is_raised(piece, first):
            first = first._replace(text=first.text + raised(first.text, piece.text), right=piece.right)
        elif gap < _GAP * size:
            first = _together(first, piece, " " if _is_blank(first.text, piece.text, gap, size) else "")
        else:
            yield first
            first = piece
    yield first


def _is_raised(piece: Line, first: Line) -> bool:
    return piece.height < _SMALL * first.height and piece.bottom > first.bottom + _RAISED * first.height


def _is_blank(before: str, after: str, gap: float, size: float) -> bool:
    """Whether a gap between characters is a blank: a wide one, or one between Latin characters; between Chinese ones and
    figures many programs set a narrow one."""
    return gap > _WIDE * size or (gap > _NARROW * size and before[-1] < "\x7f" and after[0] < "\x7f")


def _together(one: Line, other: Line, between: str) -> Line:
    return Line(
        one.text + between + other.text,
        min(one.left, other.left),
        max(one.right, other.right),
        max(one.top, other.top),
        min(one.bottom, other.bottom),
        marks=(*one.marks, *one.marks[-1:] * len(between), *other.marks),
    )


def _runs(glyphs: Iterable[Glyph], written: Callable[[list[str]], str]) -> Iterator[Line]:
    run, up, blank = list[str](), list[str](), ""
    left = right = top = bottom = 0.0
    for char, begin, foot, end, head in glyphs:
        if char in _BLANKS:  # some stand in the file, some are made by the library, with a box that says nothing
            blank = char
            continue
        size, height = top - bottom, head - foot
        ahead = end > right - 0.5 * size
        near = begin - right < _TIGHT * size and ahead and not blank
        if run and ahead and begin - right < size and height < _SMALL * size and foot > bottom + _RAISED * size:
            up.append(char)
            right = max(right, end)
            continue
        if up:
            run, up = [*run, raised("".join(run), "".join(up))], []
        if run and near and min(top, head) - max(bottom, foot) > 0.5 * min(size, height):
            run.append(char)
            right, top, bottom = max(right, end), max(top, head), min(bottom, foot)
            continue
        if run:
            yield Line(written(run), left, right, top, bottom)
        run, blank, left, bottom, right, top = [char], "", begin, foot, end, head
    if run:
        run.append(raised("".join(run), "".join(up)))
        yield Line(written(run), left, right, top, bottom)


def in_columns(pieces: list[Line], width: float) -> list[Line]:
    """Lines of one column after those of the other, where few pieces cross the middle of a page of some width."""
    return list(_in_columns(pieces, width))


def _in_columns(pieces: list[Line], width: float) -> Iterator[Line]:
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
    return map(_row, _rows(pieces))


def _rows(pieces: Iterable[Line]) -> Iterator[list[Line]]:
    """Pieces by the heights that they stand on, top to bottom."""
    row: list[Line] = []
    for piece in sorted(pieces, key=lambda one: (-(one.top + one.bottom) / 2, one.left)):
        if row and (piece.top + piece.bottom) / 2 < row[0].bottom:
            yield row
            row = []
        row.append(piece)
    if row:
        yield row


def _row(pieces: list[Line]) -> Line:
    first, *others = sorted(pieces, key=lambda one: one.left)
    for piece in others:
        first = _together(first, piece, "\t" if piece.left - first.right > 2 * piece.height else "")
    return first


def _without_furniture(pages: list[Page]) -> Iterator[tuple[int, list[Line]]]:
    """Pages, numbered from 1, without what repeats in their margins."""
    count = Counter(key for lines, height in pages for key in {_key(line) for line in lines if _marginal(line, height)})
    for number, (lines, height) in enumerate(pages, 1):
        yield number, [line for line in lines if not (_marginal(line, height) and _is_furniture(line, count))]


def _is_furniture(line: Line, count: Counter[str]) -> bool:
    return not line.row and (count[_key(line)] >= _REPEATED or bool(_NUMBER.fullmatch(line.text)))


def _marginal(line: Line, height: float) -> bool:
    return line.bottom > height * (1 - _MARGIN) or line.top < height * _MARGIN


def _key(line: Line) -> str:
    return re.sub(r"\d+", "0", "".join(line.text.split()))


def _paragraphs(pages: Iterable[tuple[int, list[Line]]]) -> Iterator[tuple[str, int, list[Scanned]]]:
    """Paragraphs with the page that each begins on and their lines that were read from pictures."""
    text, begun, scanned = "", 0, list[Scanned]()
    last: Line | None = None
    end = 0.0
    for number, lines in pages:
        edges = [_edges([line for line in lines if line.column == column and not line.row]) for column in (0, 1)]
        for line in lines:
            left, right = edges[line.column]
            own = line.text if line.row else line.text.strip()
            if last is None or line.row or last.row or _begins(line, last, left, end):
                if text:
                    yield text, begun, scanned
                text, begun, scanned = own, number, []
            else:
                text = _joined(text, own)
            if line.marks:
                scanned.append(Scanned(len(text) - len(own), number, line.marks))
            last, end = line, right
    if text:
        yield text, begun, scanned


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
    gap = (end - last.right) / size
    moved_down = line.text[0] < "\x7f" and last.text[-1] not in _ENDS
    short = gap > (_UNFINISHED if moved_down else _SHORT)
    other = abs(line.height - last.height) > 0.25 * size and last.bottom > line.top
    far = last.bottom - line.top > 1.8 * size
    return indented or short or other or far or bool(_HEADING.match(line.text))


def _joined(text: str, more: str) -> str:
    """Two lines of a paragraph: nothing between Chinese, a blank between Latin words, no hyphen of a broken one."""
    if re.search(r"[A-Za-z]-$", text) and re.match(r"[a-z]", more):
        return text[:-1] + more
    latin = re.search(r"[A-Za-z,.;:]$", text) and re.match(r"[A-Za-z]", more)
    return f"{text} {more}" if latin else text + more
