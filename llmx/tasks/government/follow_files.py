"""What `follow` writes: the form of an office as a workbook or paper, a page, or a table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from llmx.errors import OutputError, UsageError
from llmx.outputs.files import check_place, make_folder, whole, writing
from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY
from llmx.tasks.government.follow_page import GENERATOR, write_page
from llmx.tasks.government.follow_papers import write_papers
from llmx.tasks.government.follow_rows import Followed
from llmx.tasks.government.follow_sheets import codebook, write_workbook

COLUMNS = tuple(Followed.model_fields)


def values_of_row(row: Followed) -> dict[str, Any]:
    """A row's values by column, headings joined."""
    return row.model_dump() | {"section": " / ".join(row.section)}


def _write_csv(rows: Iterable[Followed], path: Path) -> None:
    """UTF-8 with byte order mark; no cell that a spreadsheet would run."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(COLUMNS))
        file.writelines(csv_line(map(values_of_row(row).get, COLUMNS)) for row in rows)


def _write_lines(rows: Iterable[Followed], path: Path) -> None:
    """A JSON object a row."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{row.model_dump_json()}\n" for row in rows)


def _write_parquet(rows: Iterable[Followed], path: Path) -> None:
    """Columns of the types that the codebook names."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"number": pa.float64(), "integer": pa.int64(), "text": pa.string()}
    schema = pa.schema([(name, types[type]) for name, type, _ in codebook()])
    pq.write_table(pa.Table.from_pylist([values_of_row(row) for row in rows], schema), path, compression="zstd")


_WRITERS: Mapping[str, Callable[[Any, Path], None]] = {
    ".xlsx": write_workbook,
    ".docx": write_papers,
    ".html": write_page,
    ".csv": _write_csv,
    ".jsonl": _write_lines,
    ".parquet": _write_parquet,
}
_NEEDED = {".xlsx": ("xlsxwriter", "xlsx"), ".docx": ("docx", "docx"), ".parquet": ("pyarrow", "parquet")}
"""What a form needs, and the extra that brings it."""


def check_suffix(path: Path) -> None:
    """Make sure that a file can be written, by its suffix, before any work is done.

    Raises:
        UsageError: the suffix is not known, or what it needs is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise UsageError(f"{path}: what was followed is written as {', '.join(_WRITERS)}; give a file that ends so")
    needed, extra = _NEEDED.get(suffix, ("", ""))
    if needed and find_spec(needed) is None:
        raise UsageError(f'{path}: {suffix} needs {needed}; install it: pip install "llmx-extract[{extra}]"')


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
    """Whether llmx wrote a file, or nobody anything."""
    head, suffix = path.read_bytes()[:4096], path.suffix.lower()
    if not head:
        return True
    if suffix in _BEGINNINGS:
        return _BEGINNINGS[suffix] in head
    try:
        if suffix == ".parquet":
            import pyarrow.parquet

            return tuple(pyarrow.parquet.read_schema(path).names[:8]) == COLUMNS[:8]
        with zipfile.ZipFile(path) as packed:
            return WRITTEN_BY.encode() in packed.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError, ValueError):  # pyarrow's errors are ValueErrors
        return False


_BEGINNINGS = {
    ".csv": csv_line(COLUMNS[:8]).strip().encode(),
    ".html": GENERATOR.encode(),
    ".jsonl": b'{"region":',
}
"""What a file of ours has at its beginning."""
