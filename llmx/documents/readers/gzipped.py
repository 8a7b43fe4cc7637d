"""A .gz: one file, squeezed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import PurePosixPath

from llmx.documents.readers.member import Member

_ENDS = {".gz": "", ".tgz": ".tar"}


def members(data: bytes, where: str) -> Iterator[Member]:
    """The file in it, called as it is without .gz.

    Args:
        data: its bytes.
        where: what messages call it.
    """

    def read(most: int) -> bytes:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return file.read(most)

    path = PurePosixPath(where.rpartition("#")[2])
    yield Member(f"{path.stem}{_ENDS.get(path.suffix.lower(), '')}", 0, read)
