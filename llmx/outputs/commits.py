"""Files of a folder that change together: all of them or none, also when the process is killed between two.

What is to be put in place is written down first, in one step. Whoever opens the folder afterwards finishes what a
killed process has begun.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

_NOTE = ".commit"


def commit(folder: Path, files: Mapping[Path, Path]) -> None:
    """Put files in place, the last one last.

    Args:
        folder: where they all stand.
        files: the place of each, by where it was written; on the disk already.

    Raises:
        OSError: not all are in place; `settle` goes on with them.
    """
    names = {partial.name: path.name for partial, path in files.items()}
    note = folder / f"{_NOTE}.partial"
    with open(note, "w", encoding="utf-8") as file:
        json.dump(names, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(note, folder / _NOTE)
    _put_in_place(folder, names)
    _forget(folder)


def settle(folder: Path, *, owned: bool = False) -> None:
    """Finish what a killed process has begun; several processes may do so at once.

    Args:
        folder: it may hold nothing of the kind.
        owned: whether no other process may be writing here. Only then the note of what was to be done is taken away: it
            might be another's by now.

    Raises:
        OSError: it cannot be finished.
    """
    try:
        noted: dict[str, str] = json.loads((folder / _NOTE).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return
    # Whoever made the folder, nothing is moved into it or out of it.
    _put_in_place(folder, {partial: name for partial, name in noted.items() if not {"/", "\\"} & {*partial, *name}})
    if owned:
        _forget(folder)


def _put_in_place(folder: Path, names: Mapping[str, str]) -> None:
    for partial, name in names.items():
        with contextlib.suppress(FileNotFoundError):
            os.replace(folder / partial, folder / name)
    _sync(folder)


def _forget(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        (folder / _NOTE).unlink()


def _sync(folder: Path) -> None:
    """Bring the names to the disk, where the system can: Windows opens no folder."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
