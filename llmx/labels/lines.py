"""Label files: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from llmx.documents import read
from llmx.errors import InputError
from llmx.labels.label import Claim, Finding, Label, Read, label_json, stretches_json
from llmx.labels.left_out import read_left_out
from llmx.labels.stretches import Bounds
from llmx.outputs.files import whole

EMPTY = "if the export was of approved or annotated passages only, approve some, and export again"
"""What to do about an export without a passage."""


def write_lines(labels: Iterable[Label], stretches: Mapping[str, Sequence[Bounds]], path: Path) -> None:
    """Write a label file.

    Args:
        labels: report by report.
        stretches: what was labelled of reports that were not labelled whole, by report.
        path: the file.

    Raises:
        OutputError: it cannot be written.
    """
    lines = [stretches_json(report, part) for report, part in stretches.items()]
    lines += map(label_json, labels)
    with whole(path) as partial:
        partial.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def read_lines(path: Path) -> Read:
    """Read a label file, line by line; a line that is no JSON object is a finding and the rest goes on.

    Raises:
        InputError: the file cannot be read.
    """
    found = Read(left_out=read_left_out(path))
    for number, line in json_lines(path):
        part = line if isinstance(line, str) else stretches_of(line)
        if isinstance(part, str):
            found.findings.append(Finding(f"{path}, line {number}", part))
        elif part is not None:
            found.stretches.setdefault(part[0], []).extend(part[1])
        elif isinstance(line, dict):
            found.claims.append(Claim(f"{path}, line {number}", line))
    return found


def stretches_of(line: dict[str, Any]) -> tuple[str, list[Bounds]] | str | None:
    """The report and its labelled part that a line of a label file gives; None if it is a label; else what is wrong."""
    if "labelled" not in line or "type" in line:
        return None
    report, part = line.get("report"), line["labelled"]
    fits = isinstance(part, list) and all(isinstance(one, list) and len(one) == 2 for one in part)
    if not isinstance(report, str) or not fits or not all(isinstance(at, int) for one in part for at in one):
        return f"labelled is {part!r}; give the report and pairs of offsets: [[0, 5600], [9100, 12000]]"
    return report, [(start, end) for start, end in part]


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The objects of a file of JSON lines with the numbers of their lines; for a broken line, what is wrong with it.

    Lines end at line feeds alone: others (U+2028) may stand inside a quote.

    Raises:
        InputError: the file cannot be read.
    """
    yield from objects(text_of(path))


def objects(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """As `json_lines`, of the text of a file."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            yield number, f"no JSON: {error}; correct the line or remove it"
            continue
        yield number, value if isinstance(value, dict) else "no JSON object; correct the line or remove it"


def text_of(path: Path) -> str:
    """The text of a file in any encoding that reports come in: Excel writes csv in GBK on a Chinese Windows.

    Raises:
        InputError: the file cannot be read.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; give a file of labels")
    if not path.read_bytes().strip():
        raise InputError(f"{path}: the file is empty; {EMPTY}")
    return read(path).text
