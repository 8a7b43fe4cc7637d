"""A .7z or .rar and what it holds, read by libarchive in a process of its own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from llmx.documents.readers import zipped
from llmx.documents.readers.apart import bytes_apart, heard
from llmx.documents.readers.member import Member
from llmx.errors import UnreadableInput, UsageError

_SECRET = re.compile("passphrase|encrypt|password", re.IGNORECASE)
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
    if _is_volume(data):
        raise UnreadableInput(f"{where}: one volume of several; unpack all of them together and give their files")
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
            told = str(error).partition(" (errno")[0]
            why = "protected by a password" if _SECRET.search(told) else f"damaged, or protected by a password ({told})"
            raise UnreadableInput(f"{where}: {why}; unpack it by hand and give its files") from error
    return file.getvalue()


def _is_volume(data: bytes) -> bool:
    """Whether a .rar is cut into volumes, as its first header says; the last of them reads as if it were whole."""
    if not data.startswith(b"Rar!\x1a\x07\x01"):
        return data.startswith(b"Rar!") and data[9:10] == b"\x73" and bool(data[10] & 1)
    # Behind the signature and a checksum: the header's size, kind and flags, the size of what is extra, the archive's flags.
    numbers = _numbers(data[12:64])
    _, kind, flags = next(numbers, 0), next(numbers, 0), next(numbers, 0)
    if flags & 1:
        next(numbers, 0)
    return kind == 1 and bool(next(numbers, 0) & 1)


def _numbers(data: bytes) -> Iterator[int]:
    """Numbers of seven bits a byte, the last one of each with its highest bit clear."""
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0


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
