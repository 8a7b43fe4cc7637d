"""Scores, comparisons and what differs as files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llmx.errors import UsageError
from llmx.outputs.files import make_folder, whole
from llmx.outputs.tables import csv_line

SUFFIXES = (".jsonl", ".csv")


def write_json(tables: dict[str, Any], path: Path) -> None:
    """Write what `as_dict` gives: UTF-8, indented.

    Raises:
        OutputError: it cannot be written.
    """
    _write(json.dumps(tables, ensure_ascii=False, indent=2) + "\n", path)


def check_name(path: Path) -> None:
    """Make sure that a file's name says its format, before any work is done.

    Raises:
        UsageError: it does not.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path}: its name says no format; end it in {' or '.join(SUFFIXES)}")


def write_lines(lines: Sequence[dict[str, Any]], path: Path) -> None:
    """Write one JSON object a line.

    Raises:
        OutputError: it cannot be written.
    """
    _write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), path)


def write_csv(lines: Sequence[dict[str, Any]], path: Path) -> None:
    """Write a table that opens in Excel: UTF-8 with byte order mark, no cell that it would run.

    Raises:
        OutputError: it cannot be written.
    """
    header = csv_line(lines[0]) if lines else ""
    _write("\ufeff" + header + "".join(csv_line(line.values()) for line in lines), path)


def _write(text: str, path: Path) -> None:
    make_folder(path.parent)
    with whole(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="")
