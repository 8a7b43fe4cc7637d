"""Time of a run in several processes over that of one, in pairs, and whether the records are the same.

    python benchmarks/jobs.py [--reports 2000] [--jobs 2] [--pairs 1]

Prints for each pair the seconds of both, their ratio (0.50 is the best that two processes can do), and at the end the
least ratio.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPORTS = Path(__file__).parent.parent / "tests" / "reports"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reports", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--characters", type=int, default=4_000, help="length of a report")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write(place / "in", given.reports, given.characters)
        ratios = [pair(place, given.jobs, number) for number in range(given.pairs)]
    print(f"least: {min(ratios):.2f}")


def write(folder: Path, reports: int, characters: int) -> None:
    """Reports, each of its own stretch of a labelled one."""
    folder.mkdir()
    texts = [path.read_text("utf-8") for path in sorted(REPORTS.glob("*.txt"))]
    for number in range(reports):
        text, at = texts[number % len(texts)], number * 37 % 5_000
        (folder / f"r{number:05}.txt").write_text(text[at : at + characters] + f"\n第{number}份。\n", "utf-8")


def pair(place: Path, jobs: int, number: int) -> float:
    """One process, then several; the ratio of their times."""
    one, several = (run(place, count, number) for count in (1, jobs))
    same = all(
        (place / f"{number}-1" / name).read_bytes() == (place / f"{number}-{jobs}" / name).read_bytes()
        for name in ("records.jsonl", "reports.jsonl", "failures.jsonl")
    )
    print(f"one process {one:.1f} s, {jobs} processes {several:.1f} s: {several / one:.2f}; same files: {same}")
    return several / one


def run(place: Path, jobs: int, number: int) -> float:
    """Seconds of a run."""
    begun = time.perf_counter()
    command = ["extract", str(place / "in"), "--out", str(place / f"{number}-{jobs}"), "--jobs", str(jobs), "--quiet"]
    subprocess.run([sys.executable, "-m", "llmx", *command], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
