"""How long so many calls take: the least that any one limit allows."""

from __future__ import annotations

from dataclasses import dataclass

LATENCY = 20.0
"""Seconds of a call, where nobody says: about 600 tokens of answer at 30 a second."""
CPU = 0.01
"""Seconds that a worker's processor takes for a call: benchmarks/calls.py prints what it is here."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What bounds calls."""

    concurrency: int
    """Calls at once, over all workers."""
    latency: float = LATENCY
    """Seconds of a call, in the mean."""
    rpm: int | None = None
    """Requests a minute."""
    tpm: int | None = None
    """Tokens a minute, prompt and answer."""
    workers: int = 1
    """Processes that ask."""
    faults: float = 0.0
    """The share of requests that fail and are sent again."""


@dataclass(frozen=True, slots=True)
class Duration:
    """How long calls take, and why."""

    hours: float
    bound: str
    """What holds them up: concurrency, rpm, tpm or workers."""


def duration(calls: float, tokens: float, pace: Pace) -> Duration:
    """How long calls take:

        requests = calls / (1 - faults)
        rate     = min(concurrency / latency, rpm / 60, tpm / 60 / tokens a call, workers / CPU)
        seconds  = requests / rate + latency

    Args:
        calls: all of them, a second look included.
        tokens: of prompts and answers, over all calls.
        pace: what bounds them.
    """
    each = tokens / calls if calls else 0.0
    rates = {"concurrency": pace.concurrency / max(pace.latency, 1e-9), "workers": pace.workers / CPU}
    rates |= {"rpm": pace.rpm / 60} if pace.rpm else {}
    rates |= {"tpm": pace.tpm / 60 / each} if pace.tpm and each else {}
    bound = min(rates, key=lambda name: rates[name])
    seconds = calls / (1 - pace.faults) / rates[bound] + pace.latency if calls else 0.0
    return Duration(seconds / 3600, bound)
