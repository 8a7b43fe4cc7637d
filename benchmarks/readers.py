"""How fast files are read, as ratios of one run.

    python benchmarks/readers.py

Prints seconds for a PDF of 60 pages and for the same report as a Word document, a web page, RTF, OpenDocument and OFD, each
over the time that `rules` takes to extract from its text.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import llmx

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import made as others  # noqa: E402 (its files are what the tests read)
import test_readers as made  # noqa: E402


def main() -> None:
    """Measure and print."""
    text = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "tests" / "reports").glob("*.txt")))
    files = {"pdf": made.as_pdf(text + text), "docx": made.as_docx(text), "html": made.as_portal(text)}
    lines = "".join(f"<text:p>{line}</text:p>" for line in text.splitlines())
    files |= {"rtf": others.as_rtf(text, font=False), "odt": others.as_odt(lines), "ofd": others.laid_out(text)}
    for name, data in files.items():
        document = llmx.read(data)
        seconds, extracting = best(lambda data=data: llmx.read(data)), best(lambda one=document: llmx.extract(one))
        pages = f", {document.places[-1][1].removeprefix('p. ')} pages" if name == "pdf" else ""
        print(f"{name}{pages}: {seconds:.2f} s, {seconds / extracting:.2f} times the extraction of its text")


def best(call: Callable[[], object]) -> float:
    """The least of three runs, in seconds."""
    taken = []
    for _ in range(3):
        begin = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begin)
    return min(taken)


if __name__ == "__main__":
    main()
