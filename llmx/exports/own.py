"""Whether a file is one that llmx wrote, so that an export overwrites no other."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY
from llmx.records import Record

_HEAD = 4096
_MARK = b"\xef\xbb\xbf"
_COLUMNS = tuple(Record.model_fields)[:3]
"""Whatever a task's columns are, a table of records begins with these."""
_BEGINNING = csv_line(_COLUMNS).strip().encode()


def is_own(path: Path, beginnings: Iterable[bytes] = ()) -> bool:
    """Whether llmx may have written a file, by its suffix and content; an empty one holds nothing to lose.

    Args:
        path: the file.
        beginnings: how .csv files of a task's own layouts begin.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    own = path.suffix.lower() == ".csv" and head.removeprefix(_MARK).startswith(tuple(beginnings))
    return not head or own or _TESTS[path.suffix.lower()](path, head)


def _is_own_workbook(path: Path, _: bytes) -> bool:
    try:
        with zipfile.ZipFile(path) as book:
            return WRITTEN_BY.encode() in book.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False


def _is_own_parquet(path: Path, _: bytes) -> bool:
    import pyarrow.parquet

    try:
        return list(pyarrow.parquet.read_schema(path).names)[:3] == list(_COLUMNS)
    except (OSError, ValueError):
        return False


_TESTS: dict[str, Callable[[Path, bytes], bool]] = {
    ".jsonl": lambda _, head: head.startswith(b'{"id":"') and b'","report":"' in head,
    ".csv": lambda _, head: head.removeprefix(_MARK).startswith(_BEGINNING),
    ".xlsx": _is_own_workbook,
    ".docx": _is_own_workbook,
    ".parquet": _is_own_parquet,
    ".json": lambda path, _: b'"predictions"' in (data := path.read_bytes()) and b'"annotations"' not in data,
}
