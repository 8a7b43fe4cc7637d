"""Whether a file is one that llmx wrote, so that an export overwrites no other."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from llmx.exports.task_tables import HEADS
from llmx.outputs import COLUMNS
from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY

_HEAD = 4096
# Whichever columns a version has, a table of records begins with these.
_BEGINNINGS = (csv_line(list(COLUMNS)[:5]).strip().encode(), csv_line(HEADS).strip().encode())


def is_own(path: Path) -> bool:
    """Whether llmx may have written a file, by its suffix and content; an empty one holds nothing to lose.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    return not head or _TESTS[path.suffix.lower()](path, head)


def _is_own_workbook(path: Path, _: bytes) -> bool:
    try:
        with zipfile.ZipFile(path) as book:
            return WRITTEN_BY.encode() in book.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False


def _is_own_parquet(path: Path, _: bytes) -> bool:
    import pyarrow.parquet

    try:
        return list(pyarrow.parquet.read_schema(path).names)[:5] == list(COLUMNS)[:5]
    except (OSError, ValueError):
        return False


_TESTS: dict[str, Callable[[Path, bytes], bool]] = {
    ".jsonl": lambda _, head: head.startswith(b'{"id":"') and b'","report":"' in head,
    ".csv": lambda _, head: head.removeprefix(b"\xef\xbb\xbf").startswith(_BEGINNINGS),
    ".xlsx": _is_own_workbook,
    ".parquet": _is_own_parquet,
    ".json": lambda path, _: b'"predictions"' in (data := path.read_bytes()) and b'"annotations"' not in data,
}
