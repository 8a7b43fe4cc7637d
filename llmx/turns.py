"""Whose turn it is to ask a question, over all processes that share a cache: who comes second waits for the answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from llmx.locks import Lock, age

_SOONEST, _LATEST = 0.02, 0.5
"""Seconds between two looks whether the owner is done."""


class Turns:
    """A folder with a file for each question that is being asked, which says who asks and since when.

    An owner that dies loses its turns at once; one that lives and is not done is waited for only so long.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.asynccontextmanager
    async def take(self, key: str, patience: float, check: Callable[[], None]) -> AsyncIterator[None]:
        """Have the turn for a question, once no other process has it: it may be that the answer has come.

        Args:
            key: the question's.
            patience: seconds that another's turn may last.
            check: called at each look; what it raises ends the waiting.
        """
        path, pause = self.folder / f"{key[:32]}.lock", _SOONEST
        lock: Lock | None = None
        with contextlib.suppress(OSError):  # where no file can be locked, nobody waits
            while (lock := self._free(path)) is None and age(path) < patience:
                check()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LATEST)
        try:
            yield
        finally:
            if lock:
                lock.free()

    def _free(self, path: Path) -> Lock | None:
        """The turn; None while another has it."""
        try:
            return Lock.take(path)
        except FileNotFoundError:
            self.folder.mkdir(exist_ok=True)
            return Lock.take(path)
