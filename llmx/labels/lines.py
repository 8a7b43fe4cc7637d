"""Label files: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from llmx.documents import read
from llmx.errors import InputError
from llmx.labels.label import Claim, Finding, Label, Read, label_json
from llmx.outputs.files import whole


def write_lines(labels: Iterable[Label], path: Path) -> None:
    """Write a label file.

    Raises:
        OutputError: it cannot be written.
    """
    with whole(path) as partial:
        partial.write_text("".join(label_json(label) + "\n" for label in labels), encoding="utf-8", newline="\n")


def read_lines(path: Path) -> Read:
    """Read a label file, line by line; a line that is no JSON object is a finding and the rest goes on.

    Raises:
        InputError: the file cannot be read.
    """
    found = Read()
    for number, line in json_lines(path):
        if isinstance(line, str):
            found.findings.append(Finding(f"{path}, line {number}", line))
        else:
            found.claims.append(Claim(f"{path}, line {number}", line))
    return found


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The objects of a file of JSON lines with the numbers of their lines; for a broken line, what is wrong with it.

    Lines end at line feeds alone: others (U+2028) may stand inside a quote.

    Raises:
        InputError: the file cannot be read.
    """
    for number, line in enumerate(text_of(path).split("\n"), 1):
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
    return read(path).text
