"""Who is told how a run goes, and how one is ended from outside."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any, Protocol, Self

from llmx.errors import UsageError
from llmx.taking import Taken


class Listener(Protocol):
    """Told how a run goes."""

    def begin(self, total: int) -> None:
        """The run begins, with so many inputs to read."""

    def step(self, name: str, taken: Taken) -> None:
        """One input is done."""


Told = Callable[[int, int, str, Taken], object]
"""A listener as a plain function: how many inputs are done, of how many, this one's name and what was taken from it."""


@dataclass
class _Telling:
    """A plain function as a listener."""

    tell: Told
    done: int = 0
    total: int = 0

    def begin(self, total: int) -> None:
        self.total = total

    def step(self, name: str, taken: Taken) -> None:
        self.done += 1
        self.tell(self.done, self.total, name, taken)


def listener_of(given: Listener | Told | None) -> Listener | None:
    """A listener of either form.

    Raises:
        UsageError: it is none, or a coroutine function, which nobody would await.
    """
    if given is None or (hasattr(given, "begin") and hasattr(given, "step")):
        return given
    if not callable(given) or iscoroutinefunction(given):
        raise UsageError(f"listener {given!r}: give a plain function of (done, total, name, taken)")
    return _Telling(given)


class Halt:
    """By which another thread ends a run as a first Ctrl-C does."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._interruption: Interruption | None = None

    def attach(self, interruption: Interruption) -> None:
        """Say what is to be interrupted; at once where that was asked before."""
        self._interruption = interruption
        if self._asked.is_set():
            interruption.note()

    def __call__(self) -> None:
        self._asked.set()
        if self._interruption:
            self._interruption.note()


class Interruption:
    """Notes the first Ctrl-C or SIGTERM instead of ending in the middle of a report; the second ends it as ever."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.asked = False
        self._stop = stop

    def __enter__(self) -> Self:
        self._before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():  # elsewhere Python hears no signals
            self._before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def note(self) -> None:
        """Begin nothing more."""
        self.asked = True
        self._stop()

    def _note(self, *_: object) -> None:
        self.note()
        self.__exit__()
