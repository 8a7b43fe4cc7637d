"""A .tar and what it holds."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

from llmx.documents.readers.member import Member


def members(data: bytes, _: str) -> Iterator[Member]:
    """The files of an archive, in its order; links are none.

    Args:
        data: its bytes.

    Raises:
        tarfile.TarError: it is damaged.
    """
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for entry in archive:
            if entry.isreg():
                yield _member(archive, entry)


def _member(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Member:
    def read(most: int) -> bytes:
        file = archive.extractfile(entry)
        assert file is not None
        return file.read(most)

    return Member(entry.name, entry.size, read)
