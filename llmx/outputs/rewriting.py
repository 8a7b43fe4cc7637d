"""A file of lines made anew from its own earlier lines and new ones; left as it is where nothing is new."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from llmx.outputs.files import GrowingFile, check_place, remove, writing

_PIECE = 1 << 20
"""Bytes copied at once."""


class Rewriting:
    """Takes stretches of the file as it stands, and new lines, in the order that the new one is to have.

    Args:
        path: the file; it stays as it is until what `seal` gives is put in its place.

    Raises:
        OutputError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        check_place(path)
        self.path = path
        self._kept: list[tuple[int, int]] = []
        self._new: GrowingFile | None = None
        self._sealed = False

    def keep(self, start: int, end: int) -> None:
        """Add a stretch of the file as it stands, by its bytes.

        Raises:
            OutputError: it cannot be read or written.
        """
        if self._new:
            self._copy(start, end)
        elif self._kept and self._kept[-1][1] == start:
            self._kept[-1] = (self._kept[-1][0], end)
        elif start < end:
            self._kept.append((start, end))

    def write(self, lines: Iterable[bytes]) -> None:
        """Add new lines: all of them or, if that fails or is interrupted, none.

        Raises:
            OutputError: they cannot be written.
        """
        left = iter(lines)
        if first := next(left, None):
            self._begun().write(chain([first], left))

    def seal(self) -> Path | None:
        """Where all of it now stands on the disk; None where that is in its place already.

        Raises:
            OutputError: it cannot be written.
        """
        if self._new is None and self.path.is_file():
            size = self.path.stat().st_size
            if self._kept == ([(0, size)] if size else []):
                return None
        hidden = self._begun().seal()
        self._sealed = True
        return hidden

    def close(self) -> None:
        """Write no more, and take away what was not sealed."""
        if self._new:
            self._new.close()
            if not self._sealed:
                remove(self._new.hidden)

    def _begun(self) -> GrowingFile:
        """The new file, from when it begins to differ."""
        if self._new is None:
            self._new = GrowingFile(self.path)
            for stretch in self._kept:
                self._copy(*stretch)
        return self._new

    def _copy(self, start: int, end: int) -> None:
        assert self._new
        with writing(self.path), open(self.path, "rb") as file:
            file.seek(start)
            while start < end and (piece := file.read(min(_PIECE, end - start))):
                self._new.write([piece])
                start += len(piece)
