"""A run on Ray: its time over that of one process, and kills of workers and drivers at random moments.

    python benchmarks/cluster.py pair [--reports 2000] [--workers 2] [--pairs 1]
    python benchmarks/cluster.py kills [--times 10]

`pair` prints the seconds of one process and of Ray's workers over the same reports with `rules`, what of Ray's is its start
and end, the processor time of all its processes beside that of the one, and whether the records are the same when sorted.
`kills` ends a worker and then the driver, so many times each, while a local endpoint counts questions; then the run is
finished, and its records are compared with those of one process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import llmx

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "RAY_ADDRESS": "local", "OPENAI_API_KEY": "k", "PYTHONPATH": str(ROOT)}
EXTRACT = [sys.executable, "-m", "llmx", "extract", "--quiet"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["pair", "kills"])
    parser.add_argument("--reports", type=int, default=2_000)
    parser.add_argument("--characters", type=int, default=4_000, help="length of a report")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.what == "kills":
            kills(Path(folder), given.times)
            return
        from jobs import write

        write(Path(folder) / "in", given.reports, given.characters)
        (Path(folder) / "none").mkdir()
        (Path(folder) / "none" / "r.txt").write_text("2025年某县政府工作报告\n新建校舍1所。\n", "utf-8")
        for number in range(given.pairs):
            pair(Path(folder), given.workers, number)


def lines(out: Path) -> list[bytes]:
    """The records of a run, sorted."""
    files = llmx.open_run(out).files("records.jsonl")
    return sorted(line for path in files for line in path.read_bytes().splitlines())


def pair(place: Path, workers: int, number: int) -> None:
    """One process, then Ray, then Ray with a single report."""
    one, several, bare = (place / f"{number}-{name}" for name in ("one", "ray", "bare"))
    alone, used = timed([*EXTRACT, str(place / "in"), "--out", str(one), "--shards", str(4 * workers)])
    on_ray = [*EXTRACT, "--engine", "ray", "--jobs", str(workers)]
    ray, taken = timed([*on_ray, str(place / "in"), "--out", str(several)])
    start, idle = timed([*on_ray, str(place / "none"), "--out", str(bare)])
    print(f"one process {alone:.1f} s, {workers} workers of Ray {ray:.1f} s: {ray / alone:.2f}; ", end="")
    print(f"without its start and end ({start:.1f} s) {(ray - start) / alone:.2f}; ", end="")
    print(f"processor time {used:.1f} s and {taken:.1f} s, {idle:.1f} s of it for a run of one report: ", end="")
    print(f"{(taken - idle) / used - 1:+.1%}; same records: {lines(one) == lines(several)}")


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds of a run, and processor time of its processes, looked at ten times a second."""
    begun, used = time.perf_counter(), dict[int, float]()
    running = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None:
        for one in [running.pid, *(pid for pid, _ in tree(running.pid))]:
            used[one] = max(used.get(one, 0.0), processor(one))
        time.sleep(0.1)
    return time.perf_counter() - begun, sum(used.values())


def processor(process: int) -> float:
    """Seconds of processor time that a process has taken; 0 for one that has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[tuple[int, str]]:
    """The processes under one, with what they are called."""
    parents = dict[int, tuple[int, str]]()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            parents[int(path.name)] = parent, (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    below, found = {root}, list[tuple[int, str]]()
    while below:
        here = [(pid, name) for pid, (parent, name) in parents.items() if parent in below]
        found += here
        below = {pid for pid, _ in here}
    return found


def kills(place: Path, times: int) -> None:
    """What is lost, doubled or paid twice."""
    sys.path.insert(0, str(ROOT / "tests"))
    from endpoint import Endpoint, Reply
    from shards import write

    dice, reports = random.Random(7), write(place / "in", 12 * times)
    with Endpoint(lambda _body, _number: Reply(delay=0.2)) as endpoint:
        asked = [*EXTRACT, str(reports), "--model", "m", "--base-url", endpoint.url, "--cache", str(place / "cache")]
        asked += ["--passes", "1", "--concurrency", "4"]
        cut = [*asked, "--out", str(place / "cut"), "--engine", "ray", "--jobs", "2", "--shards", str(4 * times)]
        killed = {"worker": 0, "driver": 0}
        for _ in range(times):
            running = subprocess.Popen(cut, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for victim in killed:
                until = len(endpoint.answered) + dice.randint(2, 8)
                while len(endpoint.answered) < until and running.poll() is None:
                    time.sleep(0.01)
                killed[victim] += end(running.pid, victim)
            running.wait()
        subprocess.run(cut, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
        paid = list(endpoint.answered)
        subprocess.run([*asked, "--out", str(place / "one")], env=ENVIRONMENT, check=True)
        missing = len(endpoint.answered) - len(paid)
    found, calm = lines(place / "cut"), lines(place / "one")
    ledgers = llmx.open_run(place / "cut").files("ledger.jsonl")
    keys = {json.loads(line)["key"] for path in ledgers for line in path.read_text("utf-8").splitlines()}
    print(f"killed {killed}; {len(calm)} records, the same: {found == calm}; questions {len(set(paid))}, ", end="")
    print(f"paid twice {len(paid) - len(set(paid))} (4 in flight at each kill), not in the cache {missing}, ", end="")
    print(f"in the ledgers {len(keys)}")


def end(driver: int, victim: str) -> bool:
    """Kill one; whether there was one."""
    found = [pid for pid, name in tree(driver) if name.startswith("ray::llmx shard")]
    for one in found[:1] if victim == "worker" else [driver]:
        os.kill(one, signal.SIGKILL)
        return True
    return False


if __name__ == "__main__":
    main()
