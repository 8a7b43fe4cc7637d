"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from llmx.errors import OutputError

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some room or choose another folder with --out",
    errno.EROFS: "the file system is read-only; choose another folder with --out",
    errno.EACCES: "permission denied; choose a folder that you may write with --out",
    errno.EPERM: "permission denied; choose a folder that you may write with --out",
    errno.ENOTDIR: "a file stands where a folder is needed; choose another folder with --out",
    errno.EEXIST: "a file stands where a folder is needed; choose another folder with --out",
}


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the operating system says of a write into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, f"{error.strerror}; choose another folder with --out")
        raise OutputError(f"{path}: cannot be written: {advice}") from error


def make_folder(folder: Path) -> None:
    """Make a folder that can be written, with the folders above it.

    Raises:
        OutputError: it cannot be made or written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".llmx-{os.getpid()}.partial"
        probe.write_bytes(b"")
        probe.unlink()


def partial(path: Path) -> Path:
    """Where a file is written before it is whole: hidden, in the same folder, so that renaming it is one step."""
    return path.with_name(f".{path.name}.partial")


def put_in_place(path: Path) -> None:
    """Give a partial file its name; readers see the old file or the new one, never half of one."""
    with writing(path):
        with open(partial(path), "rb") as written:
            os.fsync(written.fileno())
        os.replace(partial(path), path)
