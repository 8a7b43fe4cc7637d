"""What `follow` writes: a table, a workbook with the form of an office, or a page."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from llmx.errors import OutputError, UsageError
from llmx.outputs.files import check_place, make_folder, whole, writing
from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY
from llmx.tasks.government.follow_page import GENERATOR, write_page
from llmx.tasks.government.follow_rows import Followed
from llmx.tasks.government.follow_sheets import write_workbook

COLUMNS = tuple(Followed.model_fields)


def values_of_row(row: Followed) -> dict[str, Any]:
    """A row's values by column, headings joined."""
    return row.model_dump() | {"section": " / ".join(row.section)}


def _write_csv(rows: Iterable[Followed], path: Path) -> None:
    """UTF-8 with byte order mark; no cell that a spreadsheet would run."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(COLUMNS))
        file.writelines(csv_line(map(values_of_row(row).get, COLUMNS)) for row in rows)


_WRITERS: Mapping[str, Callable[[Any, Path], None]] = {".xlsx": write_workbook, ".csv": _write_csv, ".html": write_page}


def check_suffix(path: Path) -> None:
    """Make sure that a file's suffix is known, before any work is done.

    Raises:
        UsageError: it is none of .xlsx, .csv and .html, or xlsxwriter is not installed.
    """
    if path.suffix.lower() not in _WRITERS:
        raise UsageError(f"{path}: what was followed is written as {', '.join(_WRITERS)}; give a file that ends so")
    if path.suffix.lower() == ".xlsx":
        from llmx.outputs import check_formats

        check_formats(["xlsx"])


def write_rows(rows: Iterable[Followed], path: Path, force: bool) -> None:
    """Write rows to one file, whole or not at all.

    Args:
        rows: what was followed.
        path: the file; its suffix says in which form.
        force: overwrite a file that llmx did not write.

    Raises:
        OutputError: it cannot be written, or is one that llmx did not write.
    """
    make_folder(path.parent)
    check_place(path)
    with writing(path):
        if path.is_file() and not force and not _is_own(path):
            raise OutputError(
                f"{path}: llmx did not write this file; choose another name, or overwrite it with --force"
            )
    with whole(path) as hidden:
        _WRITERS[path.suffix.lower()](rows, hidden)


def _is_own(path: Path) -> bool:
    head = path.read_bytes()[:4096]
    if not head:
        return True
    if path.suffix.lower() == ".csv":
        return head.removeprefix(b"\xef\xbb\xbf").startswith(csv_line(COLUMNS[:8]).strip().encode())
    if path.suffix.lower() == ".html":
        return GENERATOR.encode() in head
    try:
        with zipfile.ZipFile(path) as book:
            return WRITTEN_BY.encode() in book.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
