"""A report's text, exactly as stored, with where it came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple, get_args

from llmx.errors import UsageError

Kind = Literal["work_report", "plan_report", "other"]
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Known:
    """What a caller knows of a report; it overrides what the text seems to say.

    Raises:
        UsageError: a year or a kind that no report has.
    """

    year: int | None = None
    """The year whose work the report plans."""
    kind: Kind | None = None
    """work_report, plan_report or other."""
    place: str | None = None
    """Whose government reports: 重庆市黔江区."""
    code: str | None = None
    """The place's administrative division code, or its beginning: 500114."""

    def __post_init__(self) -> None:
        if self.year is not None and self.year not in _YEARS:
            raise UsageError(f"year {self.year!r}: give the year that the report plans, such as 2025")
        if self.kind is not None and self.kind not in get_args(Kind):
            raise UsageError(f"kind {self.kind!r}: give one of {', '.join(get_args(Kind))}")

    def over(self, other: Known) -> Known:
        """This, with what it lacks taken from another."""
        return Known(
            self.year or other.year, self.kind or other.kind, self.place or other.place, self.code or other.code
        )


Mark = tuple[float, float, float, float, float]
"""How surely a character was read from a picture, 0 to 1, and its left, top, right and bottom on the page."""


class Scanned(NamedTuple):
    """A line that was read from a picture of a page."""

    start: int
    """Where it begins in the text."""
    page: int
    """The page's number, from 1."""
    marks: tuple[Mark, ...]
    """Of each of its characters. Boxes count from the page's upper left: in points (72 an inch) on a PDF's page, in pixels
    on a picture."""

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.start + len(self.marks)


@dataclass(frozen=True, slots=True)
class Document:
    """One report.

    Every offset that llmx gives counts Unicode code points of `text`, which is never rewritten:
    decoded bytes, line ends and all.
    """

    id: str
    """Names the report in records: the file name without its suffix, unless the caller names it."""
    text: str
    """The text as decoded, not normalised in any way."""
    source: str | None = None
    """The path the text was read from; None for a text given directly, '-' for standard input."""
    encoding: str | None = None
    """The encoding that the bytes were decoded with."""
    sha256: str | None = None
    """SHA-256 of the bytes read, in hex."""
    places: tuple[tuple[int, str], ...] = ()
    """Where each part of the text begins, and its place in the source file: a page, paragraph or table row; empty for
    plain text."""
    known: Known = Known()
    """What the caller knows of it."""
    row: tuple[tuple[str, str], ...] = ()
    """Of a row of a table, what its other columns say: heading and cell."""

    scanned: tuple[Scanned, ...] = ()
    """The lines that were read from pictures of pages, in text order."""

    def place(self, start: int, end: int | None = None) -> str | None:
        """The place in the source file of a stretch of the text; None for plain text.

        Args:
            start: where it begins.
            end: where it ends, exclusive; one character further unless given.

        Returns:
            `p. 3` or the like; of what was read from a picture with its box, `p. 3, box 72 140 520 160`: left, top, right
            and bottom on the page where it begins.
        """
        if found := self.boxes(start, start + 1 if end is None else end):
            page = found[0][0]
            left, top, right, bottom = zip(*(box for number, box in found if number == page), strict=True)
            return f"p. {page}, box {min(left):.0f} {min(top):.0f} {max(right):.0f} {max(bottom):.0f}"
        at = bisect_right(self.places, start, key=itemgetter(0))
        return self.places[at - 1][1] if at else None

    def boxes(self, start: int, end: int) -> list[tuple[int, tuple[float, float, float, float]]]:
        """Pages and boxes of a stretch that was read from pictures, one a line; none of any other."""
        found = []
        for line, marks in self._marked(start, end):
            _, left, top, right, bottom = zip(*marks, strict=True)
            found.append((line.page, (min(left), min(top), max(right), max(bottom))))
        return found

    def confidence(self, start: int, end: int) -> float | None:
        """How surely the least sure character of a stretch was read from a picture, 0 to 1; None of any other."""
        return min((mark[0] for _, marks in self._marked(start, end) for mark in marks), default=None)

    def _marked(self, start: int, end: int) -> Iterator[tuple[Scanned, tuple[Mark, ...]]]:
        """The lines of a stretch, each with the marks of those of its characters that are in it."""
        at = max(0, bisect_right(self.scanned, start, key=attrgetter("start")) - 1)
        for line in islice(self.scanned, at, None):
            if line.start >= end:
                return
            if marks := line.marks[max(0, start - line.start) : end - line.start]:
                yield line, marks
