"""A report's text, exactly as stored, with where it came from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal, get_args

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

    def place(self, offset: int) -> str | None:
        """The place in the source file of an offset of the text; None for plain text."""
        at = bisect_right(self.places, offset, key=itemgetter(0))
        return self.places[at - 1][1] if at else None
