"""Files that appear whole or not at all.

A file is written under a hidden name of its own in the folder where it is to stand, brought to the disk, and renamed:
who reads sees the file of an earlier run or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from llmx.errors import OutputError

_DENIED = "permission denied; close the program that has it open, or choose a folder that you may write"
_IN_THE_WAY = "a file stands where a folder is needed; move it away or choose another folder"
_FULL = "the disk is full; free some room or choose a folder on another disk"
_ADVICE = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "a file may not be this large here; choose a folder on another disk",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.EISDIR: "a folder stands where a file is needed; move it away or choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EPIPE: "whoever read it has stopped reading",
}


@contextlib.contextmanager
def writing(place: Path | str) -> Iterator[None]:
    """Turn what the operating system says of a write into an OutputError that says what to do.

    Args:
        place: what is written, as the message names it.
    """
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0) or f"{error.strerror or error}; choose another folder"
        raise OutputError(f"{place}: cannot be written: {advice}") from error


def make_folder(folder: Path) -> None:
    """Make a folder with those above it; one that is there is left as it is.

    Raises:
        OutputError: it cannot be made.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)


def check_place(path: Path) -> None:
    """Make sure that a file can take this name, before hours of work find that a folder has it.

    Raises:
        OutputError: a folder has the name.
    """
    with writing(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a hidden path to write to; it becomes `path` if the block ends well and is removed if it does not.

    Raises:
        OutputError: it cannot be written.
    """
    with partial(path) as hidden:
        yield hidden
    try:
        with writing(path):
            os.replace(hidden, path)
    finally:
        remove(hidden)


@contextlib.contextmanager
def partial(path: Path) -> Iterator[Path]:
    """Give a hidden path to write to; what is written is on the disk after the block.

    A file under the hidden path is removed if the block does not end well; else it is the caller's to put in place.

    Raises:
        OutputError: it cannot be written.
    """
    hidden = hidden_name(path)
    try:
        with writing(path):
            yield hidden
            sync(hidden)
    except BaseException:
        remove(hidden)
        raise


class GrowingFile:
    """A text file, UTF-8, that grows piece by piece under a hidden name.

    Args:
        path: where it is to stand.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hidden = hidden_name(path)
        with writing(path):
            # Unbuffered, so that a piece that failed can be cut off again: nothing of it waits in a buffer.
            self._file = open(self.hidden, "xb", buffering=0)  # noqa: SIM115 (closed by seal or close)

    def write(self, pieces: Iterable[bytes]) -> None:
        """Add all of the pieces or, if that fails or is interrupted, none of them; one is in memory at a time.

        Raises:
            OutputError: they cannot be written; what was written before is unharmed.
        """
        begun = self._file.tell()
        with writing(self.path):
            try:
                for piece in pieces:
                    left = memoryview(piece)
                    while left:
                        left = left[self._file.write(left) :]
            except BaseException:
                self._file.seek(begun)
                self._file.truncate()
                raise

    def seal(self) -> Path:
        """End it, with all of it on the disk, and give its hidden path.

        Raises:
            OutputError: it cannot be.
        """
        with writing(self.path):
            os.fsync(self._file.fileno())
            self._file.close()
        return self.hidden

    def close(self) -> None:
        """Write no more; what was written stays under the hidden name."""
        with contextlib.suppress(OSError):
            self._file.close()


def hidden_name(path: Path) -> Path:
    """A hidden name in the same folder, so that renaming is one step; new each time, so that two runs do not meet."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")


def sync(path: Path) -> None:
    """Bring a file to the disk: after a power cut a name must not stand over an empty one."""
    with open(path, "rb+") as written:
        os.fsync(written.fileno())


def remove(path: Path) -> None:
    """Take a file away, if it is there and can be."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
