"""What a reader hands back, and how readers put it together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from llmx.documents.document import Scanned


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's text with the places in the file that its parts come from."""

    text: str
    places: tuple[tuple[int, str], ...]
    """Where each part begins in the text, in code points, and its place: `p. 12`, `paragraph 7`, `table 2, row 3`."""
    scanned: tuple[Scanned, ...] = ()
    """What was read from pictures."""


@dataclass(slots=True)
class Parts:
    """Lines of text, put together in order."""

    _lines: list[str] = field(default_factory=list)
    _places: list[tuple[int, str]] = field(default_factory=list)
    _scanned: list[Scanned] = field(default_factory=list)
    _length: int = 0

    def add(self, line: str, place: str, scanned: Iterable[Scanned] = ()) -> None:
        """Add a paragraph or a table's row; blank ones are left out."""
        if not line.strip():
            return
        if not self._places or self._places[-1][1] != place:
            self._places.append((self._length, place))
        self._scanned += [one._replace(start=self._length + one.start) for one in scanned]
        self._lines.append(line)
        self._length += len(line) + 1

    def parsed(self) -> Parsed:
        """All lines, each with its line end."""
        return Parsed("".join(f"{line}\n" for line in self._lines), tuple(self._places), tuple(self._scanned))
