"""Speed and memory of the embedded model, as ratios measured in one run.

    python benchmarks/extract.py [REPORT]

Prints, for one report (a labelled one of the tests unless named):
- characters a second that `rules` reads on one core, over a bare count of the same text's digits,
- time of 100 times the text over 100 times the time of the text (1.00 is linear),
- start of `llmx --help` over `python -c "import typer"`, and what `extract` imports,
- peak memory of 5,000 reports streamed over that of 50.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import llmx

REPORT = Path(__file__).parent.parent / "tests" / "reports" / "qianjiang-2025.txt"

STREAM = """
import resource, sys, llmx
text = open(sys.argv[1], encoding="utf-8", newline="").read()[:4000]
documents = (llmx.read_text(text, id=f"report-{n}") for n in range(int(sys.argv[2])))
records = sum(len(result.records) for result in llmx.extract_many(documents))
print(records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

IMPORTED = """
import sys, llmx
llmx.extract(sys.argv[1])
print(" ".join(sorted({name.split(".")[0] for name in sys.modules} & {"openai", "instructor", "tenacity", "pandas"})))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("report", nargs="?", default=str(REPORT))
    path = parser.parse_args().report
    document = llmx.read(path)
    throughput(document)
    linearity(document)
    start(path)
    memory(path)


def best(call: Callable[[], object], times: int = 5) -> float:
    """The least of several runs, in seconds: what else the machine does only adds to a run."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def throughput(document: llmx.Document) -> None:
    """Characters a second, and over the cheapest thing that could be done with the text."""
    llmx.extract(document)
    seconds = best(lambda: llmx.extract(document))
    bare = best(lambda: re.findall(r"[0-9]+", document.text))
    rate = len(document.text) / seconds
    print(f"rules: {len(document.text)} characters in {seconds * 1000:.1f} ms, {rate:,.0f} a second", end="")
    print(f" ({rate / 400_000:.2f} of 400,000; {seconds / bare:.0f} times a bare search for digits)")


def linearity(document: llmx.Document) -> None:
    """Time of a text and of the same text a hundred times over."""
    text = document.text[:30_000]
    short, long = llmx.read_text(text, id="short"), llmx.read_text("\n".join([text] * 100), id="long")
    once = best(lambda: llmx.extract(short), 10)
    hundred = best(lambda: llmx.extract(long), 2)
    print(f"length: 100 times the text takes {hundred / once:.0f} times as long ({hundred / once / 100:.2f} of linear)")


def start(path: str) -> None:
    """Start of the command line, and that a language model's libraries stay out of it."""
    typer = best(lambda: subprocess.run([sys.executable, "-c", "import typer"], check=True))
    ours = best(lambda: subprocess.run([sys.executable, "-m", "llmx", "--help"], check=True, stdout=subprocess.DEVNULL))
    print(f"start: llmx --help takes {ours / typer:.2f} times `import typer` ({ours * 1000:.0f} ms)")
    imported = subprocess.run([sys.executable, "-c", IMPORTED, path], check=True, capture_output=True, text=True).stdout
    print(f"imports: of openai, instructor, tenacity, pandas, extract loads: {imported.strip() or 'none'}")


def memory(path: str) -> None:
    """Peak memory of many reports over that of few, each in a process of its own."""
    peaks = {}
    for count in (50, 5_000):
        command = [sys.executable, "-c", STREAM, path, str(count)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        peaks[count] = int(output.split()[1])
    print(f"memory: 5,000 reports peak at {peaks[5_000] / peaks[50]:.2f} times 50 ({peaks[50] / 1024:.0f} MiB)")


if __name__ == "__main__":
    main()
