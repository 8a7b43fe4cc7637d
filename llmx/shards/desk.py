"""What the workers of a cluster have together: one account, one cache, whose turn a question is, and what they tell."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from llmx.cache import AnswerCache, CacheKey, Entry
from llmx.models.allowance import Allowance
from llmx.turns import Turns

_SOONEST, _LATEST = 0.02, 0.5
"""Seconds between two looks whether another worker is done with a question."""


class Desk:
    """The one process that owns all this; it does one thing after another.

    Args:
        cache: the folder of the answers, which only this process need see; None keeps none.
    """

    def __init__(self, cache: Path | None) -> None:
        self._folder, self._answers = cache, None if cache is None else AnswerCache(cache)
        self._allowance = Allowance()
        self._turns: dict[str, str] = {}
        self._told: list[Any] = []
        self._stopped = False

    def allow(self, name: str, *given: Any) -> Any:
        """Ask the account."""
        return getattr(self._allowance, name)(*given)

    def answer(self, key: CacheKey) -> Entry | None:
        """As `AnswerCache.get`."""
        return self._answers.get(key) if self._answers else None

    def keep(self, key: CacheKey, entry: Entry) -> None:
        """As `AnswerCache.put`: it is on the disk when this is done."""
        if self._answers:
            self._answers.put(key, entry)

    def fault(self) -> str | None:
        """As `AnswerCache.fault`."""
        return self._answers.fault if self._answers else None

    def take(self, question: str, who: str) -> bool:
        """Have the turn for a question, unless another has it."""
        return self._turns.setdefault(question, who) == who

    def leave(self, question: str, who: str) -> None:
        """Give a turn up."""
        if self._turns.get(question) == who:
            del self._turns[question]

    def forget(self, who: str) -> None:
        """One that died has no turns."""
        self._turns = {question: one for question, one in self._turns.items() if not one.startswith(who)}

    def tell(self, what: list[Any]) -> None:
        """Have the driver hear of some things."""
        self._told += what

    def heard(self) -> list[Any]:
        """What was told since this was last asked."""
        told, self._told = self._told, []
        return told

    def stop(self) -> None:
        """Have all workers begin nothing more."""
        self._stopped = True

    def stopped(self) -> bool:
        """Whether they are to."""
        return self._stopped

    def close(self) -> None:
        """Keep what waits, and let go of the cache's files."""
        if self._answers:
            self._answers.close()


Ask = Callable[..., Any]
"""Asks a desk: the name of a method, then what it is given; where `wait` is False, nothing is waited for."""


class Account:
    """An Allowance that stands at a desk, for `Leased`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *given: self._ask("allow", name, *given)


class DeskCache(AnswerCache):
    """The answers of a desk, as a worker sees them."""

    def __init__(self, folder: Path, ask: Ask, who: str) -> None:
        self.folder, self._ask, self.turns = folder, ask, DeskTurns(folder, ask, who)

    @property
    def fault(self) -> str | None:  # type: ignore[override]
        """As `AnswerCache.fault`."""
        fault: str | None = self._ask("fault")
        return fault

    def get(self, key: CacheKey) -> Entry | None:
        """As `AnswerCache.get`."""
        entry: Entry | None = self._ask("answer", key)
        return entry

    def put(self, key: CacheKey, entry: Entry) -> None:
        """As `AnswerCache.put`; when this returns, the answer is on the disk."""
        self._ask("keep", key, entry)

    def close(self) -> None:
        """Nothing is open here."""


class DeskTurns(Turns):
    """Turns that a desk gives: a worker that dies loses its own when its driver hears of it."""

    def __init__(self, folder: Path, ask: Ask, who: str) -> None:
        super().__init__(folder)
        self._ask, self._who = ask, who

    @contextlib.asynccontextmanager
    async def take(self, key: str, patience: float, check: Callable[[], None]) -> AsyncIterator[None]:
        """As `Turns.take`."""
        pause, until = _SOONEST, time.monotonic() + patience
        # Two chunks of one worker that ask the same are told apart as two workers are.
        who = f"{self._who} {id(asyncio.current_task())}"
        while not self._ask("take", key, who) and time.monotonic() < until:
            check()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LATEST)
        try:
            yield
        finally:
            self._ask("leave", key, who, wait=False)
