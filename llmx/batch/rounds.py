"""Round after round: ask all that has no answer yet, send it, wait, and ask again what follows from the answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from llmx.batch.post import Rest
from llmx.batch.queue import Queue

_LONGER = 1.5
_LONGEST = 300.0
"""Seconds between two looks at most."""


def _silent(_: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Batching:
    """How a run is asked in batches."""

    rest: Rest = "batch"
    """Where what a batch brought no answer to, or none that can be used, goes: into the next batch, or live."""
    pause: float = 10.0
    """Seconds until the first look whether a batch has ended; longer each time that none has."""
    once: bool = False
    """Whether it is left once all is sent that can be, and not waited for."""
    sending: bool = True
    """Whether anything more is sent: not where the batches were cancelled."""
    say: Callable[[str], object] = _silent
    """Told what happens, in words."""


def until_answered(queue: Queue, walk: Callable[[], int], batching: Batching) -> int:
    """Ask until nothing waits for an answer.

    Args:
        queue: takes questions to the endpoint.
        walk: asks all that is to be asked, and says how many reports wait for answers.
        batching: how.

    Returns:
        How many reports still wait: none, unless it is left before.

    Raises:
        EndpointError, RequestError, OverloadError: as the queue does.
    """
    pause, news, waiting = batching.pause, True, 0
    while True:
        looked = queue.look()
        news, sending = news or bool(looked), batching.sending and not queue.cancelled
        if sending:
            queue.send()
        if news and (batching.once or not queue.store.unsent):
            news, waiting = False, walk()
            batching.say(f"{waiting:,} reports wait for answers" if waiting else "all answers are here")
            if not waiting:
                return 0
            if sending:
                queue.send()
        if batching.once or queue.idle or not (sending or queue.store.batches(open=True)):
            return waiting
        pause = batching.pause if looked else min(pause * _LONGER, _LONGEST)
        time.sleep(max(pause, queue.shut))
