"""Files that one process at a time owns.

The lock is the operating system's (flock, LockFileEx), which lets go for an owner that dies, however it dies; the file
says who the owner is and since when. (filelock truncates the file before it knows whether it may, so that the owner's
name would be lost.)
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Self

_HELD_BY_ANOTHER = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_NO_LOCKS_HERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What some network file systems say; there everyone gets the lock, as if there were no others."""
_BEYOND = 1 << 30
"""On Windows a locked byte cannot be read: lock one that no owner's name reaches."""


class Lock:
    """A file that this process owns; `take` gives one."""

    def __init__(self, path: Path, file: int) -> None:
        self.path = path
        self._file = file

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Own a file, made if it is not there; None while another owner lives.

        Raises:
            OSError: it cannot be made or locked here.
        """
        while True:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                _lock(file)
            except OSError as error:
                if error.errno not in _NO_LOCKS_HERE:
                    os.close(file)
                    if error.errno in _HELD_BY_ANOTHER:
                        return None
                    raise
            if _stands(path, file):
                started = datetime.now().astimezone().isoformat(timespec="seconds")
                if os.fstat(
                    file
                ).st_size:  # ext4 writes a truncated file to the disk when it is closed: 3 ms a question
                    os.ftruncate(file, 0)
                os.write(file, f"process {os.getpid()} on {socket.gethostname()}, since {started}\n".encode())
                return cls(path, file)
            os.close(file)

    def free(self) -> None:
        """Own it no more; the file goes."""
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self._file)


def _stands(path: Path, file: int) -> bool:
    """Whether a file is still the one under its name: the owner before may have taken it away after we opened it."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), os.stat(path))
    return False


def owner(path: Path) -> str:
    """Who owns a file, in words."""
    with contextlib.suppress(OSError):
        return path.read_text("utf-8", "replace").strip() or "another process"
    return "another process"


def age(path: Path) -> float:
    """Seconds since a file was taken; 0 where it is not there any more."""
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, _BEYOND, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
