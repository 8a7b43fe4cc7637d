"""What a file's bytes show of it at a glance: its head, the members of a package, the streams of an old Office file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

_HEAD = 4096
_MARKUP = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_LARGEST_TYPES = 1 << 20
"""Bytes of a package's list of content types; real ones have some thousand."""
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?\s*")


class Content:
    """A file, looked at without reading all of it.

    Args:
        open: gives its bytes as a stream, from the start.
        size: how many they are.
    """

    def __init__(self, open: Callable[[], BinaryIO], size: int) -> None:
        self._open = open
        self.size = size

    @classmethod
    def of(cls, given: bytes | Path) -> Self:
        """The content of bytes or of a file.

        Raises:
            OSError: the file cannot be read.
        """
        if isinstance(given, bytes):
            return cls(lambda: io.BytesIO(given), len(given))
        return cls(lambda: given.open("rb"), given.stat().st_size)

    @cached_property
    def markup(self) -> bytes:
        """The first 64 KiB, in ASCII what is ASCII, without a byte order mark and blanks."""
        with self._open() as stream:
            data = stream.read(_MARKUP)
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.decode("utf-16", "ignore").encode("utf-8")
        found = _BLANK.match(data)
        return data[found.end() if found else 0 :]

    @cached_property
    def start(self) -> bytes:
        """The first bytes, as stored."""
        with self._open() as stream:
            return stream.read(_HEAD)

    @property
    def head(self) -> bytes:
        """The first 4 KiB of the markup."""
        return self.markup[:_HEAD]

    @property
    def is_zip(self) -> bool:
        return self.start.startswith(_ZIP)

    @property
    def is_ole(self) -> bool:
        return self.start.startswith(_OLE)

    @cached_property
    def members(self) -> tuple[zipfile.ZipInfo, ...]:
        """The members of a zip file; none of any other.

        Raises:
            zipfile.BadZipFile, and whatever else zipfile makes of a damaged one.
        """
        if not self.is_zip:
            return ()
        with self._open() as stream, zipfile.ZipFile(stream) as package:
            return tuple(package.infolist())

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of a zip file's members."""
        return frozenset(member.filename for member in self.members)

    def member(self, name: str) -> bytes:
        """The first mebibyte of a zip file's member; empty where there is none of that name."""
        if name not in self.names:
            return b""
        with self._open() as stream, zipfile.ZipFile(stream) as package, package.open(name) as member:
            return member.read(_LARGEST_TYPES)

    @cached_property
    def types(self) -> bytes:
        """The list of content types of an Office package; empty where there is none."""
        return self.member("[Content_Types].xml")

    @cached_property
    def mimetype(self) -> str:
        """What an OpenDocument file or an EPUB says that it is; empty for others."""
        return self.member("mimetype").decode("ascii", "replace").strip()

    @cached_property
    def streams(self) -> frozenset[str]:
        """The names of the streams and storages at the root of an old Office file; none of any other.

        Raises:
            ImportError: olefile is not installed.
            OSError, and whatever else olefile makes of a damaged one.
        """
        if not self.is_ole:
            return frozenset()
        import olefile

        with self._open() as stream, olefile.OleFileIO(stream) as file:
            return frozenset(path[0] for path in file.listdir(streams=True, storages=True))
