"""A report's text, exactly as stored, with where it came from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter


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

    def place(self, offset: int) -> str | None:
        """The place in the source file of an offset of the text; None for plain text."""
        at = bisect_right(self.places, offset, key=itemgetter(0))
        return self.places[at - 1][1] if at else None
