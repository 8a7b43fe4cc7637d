"""Large runs: memory as reports grow, the restart of a finished run, and kills at random moments.

    python benchmarks/shards.py memory [--reports 100 10000]
    python benchmarks/shards.py restart [--reports 60000]
    python benchmarks/shards.py kills [--times 10]

`memory` prints the peak of the driver and of its largest process for few and for many short reports, in one folder, in
shards and with two processes. `restart` makes markers and files of a run of 60,000 reports and times the same command
again. `kills` ends workers, then drivers, ten times each at random moments, with a local endpoint that counts questions,
and compares the records with those of an undisturbed run.
"""

from __future__ import annotations

import argparse
import hashlib
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
from llmx.outputs.marker import Entry, Marker
from llmx.shards.planning import shard_of
from llmx.shards.working import digest_of

ROOT = Path(__file__).parent.parent
RUN = """
import resource, sys, llmx
llmx.run(sys.argv[1], sys.argv[2], shards=int(sys.argv[3]), jobs=int(sys.argv[4]))
for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    print(resource.getrusage(who).ru_maxrss)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["memory", "restart", "kills"])
    parser.add_argument("--reports", type=int, nargs="+")
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.what == "memory":
            memory(Path(folder), given.reports or [100, 10_000])
        elif given.what == "restart":
            restart(Path(folder), (given.reports or [60_000])[0])
        else:
            kills(Path(folder), given.times)


def text(number: int) -> str:
    """A short report."""
    return f"2025年某县政府工作报告\n一、2024年工作回顾\n粮食产量{number}万吨。\n二、2025年工作安排\n新建校舍{number}所。\n"


def write(folder: Path, reports: int) -> Path:
    """A folder of short reports, a thousand in each below it."""
    for number in range(reports):
        below = folder / f"{number // 1000:03}"
        below.mkdir(parents=True, exist_ok=True)
        (below / f"r{number:06}.txt").write_text(text(number), encoding="utf-8")
    return folder


def memory(place: Path, sizes: list[int]) -> None:
    """Peaks of few and many reports."""
    for name, shards, jobs in (
        ("one folder", 0, 1),
        ("shards", 40, 1),
        ("one folder, 2 jobs", 0, 2),
        ("shards, 2 jobs", 40, 2),
    ):
        peaks: list[list[int]] = []
        for size in sizes:
            reports = place / f"in-{size}"
            if not reports.is_dir():
                write(reports, size)
            command = [sys.executable, "-c", RUN, str(reports), str(place / f"{name}-{size}"), str(shards), str(jobs)]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            peaks.append([int(line) // 1024 for line in output.split()])
        few, many = peaks[0], peaks[-1]
        told = f"{name}: the driver peaks at {few[0]} MiB with {sizes[0]} reports, {many[0]} with {sizes[-1]}"
        print(f"{told} ({many[0] / few[0]:.2f})", end="")
        print(f"; a worker at {few[1]} and {many[1]} ({many[1] / few[1]:.2f})" if jobs > 1 else "")


def restart(place: Path, reports: int) -> None:
    """Seconds of the same command over a finished run whose markers and files are made here."""
    begun = time.perf_counter()
    folder, out = write(place / "in", reports), place / "out"
    llmx.run(folder / "000" / "r000000.txt", out, shards=240)
    manifest = llmx.open_run(out).manifest
    settings = digest_of(
        {"version": manifest.version, **{k: v for k, v in manifest.settings.items() if k != "formats"}}
    )
    of: dict[int, list[Entry]] = {}
    for path in sorted(folder.rglob("*.txt")):
        stat, id = path.stat(), path.stem
        sha = hashlib.sha256(path.read_bytes()).hexdigest()
        of.setdefault(shard_of(id, 240), []).append(Entry(id, str(path), stat.st_size, stat.st_mtime_ns, sha))
    model = llmx.open_run(out).markers[0]
    for number, entries in of.items():
        fields = model.model_dump() | {
            "shard": number,
            "settings": settings,
            "inputs": entries,
            "folder": f"{number:05}-made",
        }
        (out / "shards" / f"{number:05}-made").mkdir()
        for name in model.files:
            (out / "shards" / f"{number:05}-made" / name).write_bytes(b"")
        marker = Marker.model_validate(fields | {"reports": len(entries)})
        (out / "shards" / f"{number:05}.json").write_text(marker.model_dump_json(), encoding="utf-8")
    print(f"made {reports} reports and {len(of)} markers in {time.perf_counter() - begun:.1f} s")
    begun = time.perf_counter()
    command = [sys.executable, "-m", "llmx", "extract", str(folder), "--out", str(out), "--quiet"]
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - begun
    again = llmx.open_run(out).manifest
    print(f"restart: {seconds:.1f} s, {again.taken_up} of {again.reports} reports taken up (at most 10 s are wanted)")


def kills(place: Path, times: int) -> None:
    """What is lost, doubled or paid twice where workers and drivers are killed."""
    sys.path.insert(0, str(ROOT / "tests"))
    from endpoint import Endpoint, Reply

    dice, reports = random.Random(5), write(place / "in", 60)
    with Endpoint(lambda _body, _number: Reply(delay=0.2)) as endpoint:
        options = ["--model", "m", "--base-url", endpoint.url, "--cache", str(place / "cache"), "--concurrency", "4"]
        command = [sys.executable, "-m", "llmx", "extract", str(reports), "--quiet", *options, "--passes", "1"]
        cut = [*command, "--out", str(place / "cut"), "--shards", "12", "--jobs", "2"]
        environment = {**os.environ, "OPENAI_API_KEY": "k", "PYTHONPATH": str(ROOT)}
        for victim in ["worker", "driver"] * times:
            running, before = subprocess.Popen(cut, env=environment), len(endpoint.answered)
            while len(endpoint.answered) < before + dice.randint(1, 6) and running.poll() is None:
                time.sleep(0.02)
            end(running.pid, victim)
            if victim == "worker":
                time.sleep(0.5)
            running.kill()
            running.wait()
        subprocess.run(cut, env=environment, check=True)
        paid = list(endpoint.answered)
        subprocess.run([*command, "--out", str(place / "one")], env=environment, check=True)
        after = len(endpoint.answered) - len(paid)
    found = sorted(
        line for path in llmx.open_run(place / "cut").files("records.jsonl") for line in path.read_bytes().splitlines()
    )
    calm = sorted((place / "one" / "records.jsonl").read_bytes().splitlines())
    ledgers = [path.read_text("utf-8").splitlines() for path in llmx.open_run(place / "cut").files("ledger.jsonl")]
    keys = {json.loads(line)["key"] for lines in ledgers for line in lines}
    print(f"kills: {times} of workers and {2 * times} of drivers; {len(calm)} records, the same: {found == calm}")
    print(
        f"questions {len(set(paid))}, paid twice {len(paid) - len(set(paid))} (8 in flight at each kill), missing {after}"
    )
    print(f"questions in the ledgers: {len(keys)}")


def end(driver: int, victim: str) -> None:
    """Kill one."""
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(driver)], capture_output=True, text=True, check=False)
    workers = [int(one) for one in told.stdout.split()]
    for one in workers[:1] if victim == "worker" else [driver]:
        os.kill(one, signal.SIGKILL)


if __name__ == "__main__":
    main()
