"""Python's garbage collector in a process of our own; a library leaves its caller's as it is."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Look for cyclic garbage every 20,000 new objects, not every 700, and never among what is loaded already.

    Records are many and hold no cycles: looking through them took a fifth of a run from the cache. Peak memory is the
    same (benchmarks/calls.py prints both).
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
