"""A .zip and what it holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from llmx.documents.readers.member import Member
from llmx.errors import UnreadableInput


def members(data: bytes, where: str) -> Iterator[Member]:
    """The files of an archive, in its order.

    Args:
        data: its bytes.
        where: what messages call it.

    Raises:
        zipfile.BadZipFile, and whatever else zipfile makes of a damaged one.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield _member(archive, entry, where)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> Member:
    name = _name(entry)

    def read(most: int) -> bytes:
        if entry.flag_bits & 1:
            raise UnreadableInput(f"{where}#{name}: protected by a password; unpack it by hand")
        with archive.open(entry) as file:
            return file.read(most)

    return Member(name, entry.file_size, read)


def _name(entry: zipfile.ZipInfo) -> str:
    """A member's name; archives made on Chinese Windows hold GBK, which zipfile takes for code page 437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename
