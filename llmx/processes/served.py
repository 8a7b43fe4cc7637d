"""What one of the processes of a `Pool` runs."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

from llmx.processes.collector import collect_seldom

_MOMENT = 0.05
"""Seconds that the next job is waited for while others are under way."""


def serve() -> None:
    """Do jobs until there are no more, or until the process that gives them has gone."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent answers them, and kills where it must
        signal.signal(number, signal.SIG_IGN)
    into, say = _own_pipe(), _Saying()
    try:
        working = pickle.load(into)(say.tell)
    except Exception as error:  # whatever the objects of users raise
        say("unfit", 0, f"{type(error).__name__}: {error}")
        return
    say("ready")
    collect_seldom()
    waiting: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_receive, args=(into, waiting, working), daemon=True).start()
    _work(working, waiting, say)
    working.close()


def _work(working: Any, waiting: SimpleQueue[Any], say: _Saying) -> None:
    """Do what comes; where nothing does for a moment, what is under way is finished and handed back."""
    begun: deque[int] = deque()

    def jobs(got: tuple[int, Any] | None) -> Iterator[Any]:
        while got is not None:
            begun.append(got[0])
            say("begun", got[0])
            yield got[1]
            try:
                got = waiting.get(timeout=_MOMENT if begun else None)
            except Empty:
                return

    while (got := waiting.get()) is not None:
        for result in working.work(jobs(got)):
            say("done", begun.popleft(), result)


def _own_pipe() -> BinaryIO:
    """What the parent sends: no library that reads standard input gets it."""
    into, nothing = os.fdopen(os.dup(0), "rb"), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return into


def _receive(into: BinaryIO, waiting: SimpleQueue[Any], working: Any) -> None:
    """Take jobs as they come, until the parent says that it is enough, or has gone."""
    with suppress(EOFError):
        while got := pickle.load(into):
            waiting.put(got)
    working.stop()
    for _ in range(2):  # who takes jobs ahead, and who waits for the first
        waiting.put(None)


class _Saying:
    """Says things to the parent, from any thread; what a library prints is none of them."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        self._one = threading.Lock()

    def __call__(self, kind: str, number: int = 0, what: Any = None) -> None:
        data = pickle.dumps((kind, number, what))
        with self._one:
            try:
                self._out.write(data)
                self._out.flush()
            except BrokenPipeError:  # the parent has gone; what is under way is paid, and goes on to the cache
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())

    def tell(self, what: Any) -> None:
        """Have the parent hear of something."""
        self("told", 0, what)
