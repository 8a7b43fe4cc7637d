"""Record the cassettes anew, with any OpenAI-compatible endpoint:

    python cassettes/record.py --model PROVIDER/MODEL [--base-url URL] [NAME ...]

NAME is a table of cassettes.toml; all of them unless named. The key comes from the provider's environment variable. A
cassette is replaced only once it is recorded whole; what was recorded when a recording broke off stays in
NAME.partial.yaml, and the next one goes on from there (--wait says for how many seconds an answer is waited for).
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import llmx
from llmx.cassettes import note_chunk, opened
from llmx.models.openai import limits

HERE = Path(__file__).parent


def main() -> None:
    """Record and say what was recorded."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="tables of cassettes.toml")
    parser.add_argument("--model", required=True)
    parser.add_argument("--base-url")
    parser.add_argument("--wait", type=float, default=86_400.0)
    given = parser.parse_args()
    limits.START = 64  # all questions at once: an endpoint that waits for a person does not say how much it bears
    tables = tomllib.loads((HERE / "cassettes.toml").read_text("utf-8"))
    for name in given.names or tables:
        options = {"base_url": given.base_url} if given.base_url else {}
        record(name, tables[name], given.model, {**options, "timeout": given.wait, "patience": given.wait})


def record(name: str, table: dict[str, Any], model: str, options: dict[str, Any]) -> None:
    """Record one cassette into its place."""
    options |= table.get("options", {})
    partial = HERE / f"{name}.partial.yaml"
    with opened(partial, record=True):
        task = llmx.open_task(HERE.parent / table["task"]) if "task" in table else None
        result = llmx.extract(document(table, name), model, task=task, **options, cache=None, attempts=1)
    expected = table.get("failures", 0)
    if len(result.failures) != expected:
        sys.exit(f"{name}: {len(result.failures)} failures instead of {expected}, not kept: {result.failures[:3]}")
    if "chunk" in options:
        note_chunk(partial, options["chunk"])
    os.replace(partial, HERE / f"{name}.yaml")
    print(f"{name}: {len(result.records)} records")


def document(table: dict[str, Any], name: str) -> llmx.Document:
    """The report or text of a table."""
    if "report" in table:
        return llmx.read(HERE.parent / table["report"])
    return llmx.read_text(table["text"], id=name)


if __name__ == "__main__":
    main()
