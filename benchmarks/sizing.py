"""What `--dry-run` says of hours, against a simulation of each call.

    python benchmarks/sizing.py [--calls 200000]

Each row is a run at given limits. The simulation starts every call of it: workers take processor time one call after
another, each holds its share of the concurrency, which grows from 4 as a run's does, rates are booked on the account that
runs use (llmx.models.allowance.Allowance), latencies are log-normal, and a share of the requests fails, after as long as
an answer takes, and is sent again. Of runs with more calls than --calls, so many are simulated, and the rest goes on as
the second half of them.
"""

from __future__ import annotations

import argparse
import heapq
import random

from llmx.models.allowance import Allowance
from llmx.models.openai.limits import START
from llmx.sizing import CPU, Pace, duration

TOKENS = 3_400
"""Of a call: a prompt of 2,600 and an answer of 800."""
REPORTS = {"60,000 reports": 60_000 * 12, "10 million reports": 10_000_000 * 12}
"""Twelve questions each, second looks included."""
PACES = {
    "60,000 reports": [
        Pace(64),
        Pace(64, latency=8.0),
        Pace(500, rpm=500),
        Pace(500, tpm=2_000_000, workers=4),
        Pace(256, workers=4, faults=0.1),
    ],
    "10 million reports": [
        Pace(2_000, workers=16),
        Pace(8_000, rpm=10_000, tpm=50_000_000, workers=64),
        Pace(8_000, workers=3),
        Pace(8_000, rpm=30_000, workers=64, faults=0.05),
    ],
}


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=200_000)
    most = parser.parse_args().calls
    for name, paces in PACES.items():
        for pace in paces:
            calls = REPORTS[name]
            told, seen = duration(calls, calls * TOKENS, pace), seconds(calls, pace, most) / 3600
            print(f"{name}, {shown(pace)}: {told.hours:,.1f} hours by {told.bound}; ", end="")
            print(f"simulated {seen:,.1f} ({told.hours / seen - 1:+.1%})")


def seconds(calls: int, pace: Pace, most: int) -> float:
    """Simulated seconds of a run: of its beginning, and of the rest by what the second half of that took."""
    if calls <= most:
        return simulated(calls, pace)
    half, whole = simulated(most // 2, pace), simulated(most, pace)
    return whole + (calls - most) * (whole - half) / (most - most // 2)


def shown(pace: Pace) -> str:
    """A pace in words."""
    parts = [f"{pace.workers} workers", f"{pace.concurrency:,} at once of {pace.latency:g} s"]
    parts += [f"{pace.rpm:,} rpm"] if pace.rpm else []
    parts += [f"{pace.tpm:,} tpm"] if pace.tpm else []
    parts += [f"{pace.faults:.0%} fail"] if pace.faults else []
    return ", ".join(parts)


def simulated(calls: int, pace: Pace, sigma: float = 0.5, seed: int = 1) -> float:
    """Seconds until the last call has its answer."""
    dice, now = random.Random(seed), [0.0]
    allowance = Allowance(lambda: now[0])
    free_at = [0.0] * pace.workers
    most = [pace.concurrency / pace.workers] * pace.workers
    limit, busy = [min(float(START), one) for one in most], [0] * pace.workers
    ends: list[tuple[float, int]] = []
    left = calls
    while left or ends:
        for worker in range(pace.workers):
            while left and busy[worker] < int(limit[worker]):
                left, busy[worker] = left - 1, busy[worker] + 1
                free_at[worker] = max(now[0], free_at[worker]) + CPU
                start = max(free_at[worker], now[0] + allowance.turn("m", TOKENS, pace.rpm, pace.tpm))
                taken = pace.latency * dice.lognormvariate(-sigma * sigma / 2, sigma)
                heapq.heappush(ends, (start + taken, worker))
        now[0], worker = heapq.heappop(ends)
        busy[worker] -= 1
        if dice.random() < pace.faults:
            left += 1
        else:
            limit[worker] = min(most[worker], limit[worker] + 1)
    return now[0]


if __name__ == "__main__":
    main()
