"""A .7z or .rar and what it holds, read by libarchive in a process of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from llmx.documents.readers import zipped
from llmx.documents.readers.apart import bytes_apart, heard
from llmx.documents.readers.member import Member
from llmx.errors import UnreadableInput, UsageError

_SECONDS = 10.0
"""To unpack one member."""
_LARGEST = 200 << 20
"""Bytes that an archive may unfold to: they pass from one process to the other."""


def members(data: bytes, where: str) -> Iterator[Member]:
    """The files of an archive, in its order.

    Args:
        data: its bytes.
        where: what messages call it.

    Raises:
        UnreadableInput: damaged, too large, or protected by a password.
        UsageError: the system has no libarchive.
    """
    try:
        import libarchive  # noqa: F401 (which looks for the system's library)
    except (ImportError, OSError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{where}: libarchive itself is not on this system; install it (Debian: libarchive13, Homebrew: libarchive), "
            "or unpack the archive and give its files"
        ) from error
    yield from zipped.members(bytes_apart("packed:as_zip", data, where, _SECONDS), where)


def as_zip(data: bytes, where: str) -> bytes:
    """The same files as a .zip that is not squeezed.

    Raises:
        UnreadableInput: too large, or protected by a password.
    """
    import libarchive

    file, left = io.BytesIO(), _LARGEST
    with zipfile.ZipFile(file, "w") as made:
        try:
            with libarchive.memory_reader(data) as archive:
                for entry in archive:
                    if entry.isfile:
                        left -= _copied(entry, made, left, where)
                        heard()
        except libarchive.ArchiveError as error:
            if not any(word in str(error).lower() for word in ("passphrase", "encrypt", "password")):
                raise
            raise UnreadableInput(f"{where}: protected by a password; unpack it and give its files") from error
    return file.getvalue()


def _copied(entry: object, made: zipfile.ZipFile, left: int, where: str) -> int:
    """The bytes of a member that was copied."""
    size = 0
    with made.open(str(entry.pathname), "w") as target:  # type: ignore[attr-defined]
        for block in entry.get_blocks():  # type: ignore[attr-defined]
            size += len(block)
            if size > left:
                raise UnreadableInput(f"{where}: unfolds to more than {_LARGEST >> 20} MiB; unpack it by hand")
            target.write(block)
    return size
