"""From a path, bytes or a text to a Document."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import replace
from pathlib import Path

from llmx.documents.decode import decode
from llmx.documents.document import Document
from llmx.documents.inputs import report_id, shown
from llmx.documents.readers import damaged, parse
from llmx.documents.readers.content import Content
from llmx.documents.readers.kinds import TEXT, reader_of
from llmx.documents.readers.reader import Reader
from llmx.errors import NoTextInput, UndecodableInput, UnreadableInput

_LONGEST_PATH = 1024
_LARGEST = 200 << 20
"""Bytes of a report; the longest that are known have a hundred thousand characters."""
_LONGEST_TEXT = 20 << 20
"""Bytes of a report that is plain text."""
# A text given where a path is asked for is often too long for a file's name, or holds what none can hold.
_NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL)


def read(source: str | os.PathLike[str] | bytes, *, id: str | None = None) -> Document:
    """Read a report.

    Args:
        source: a path; the bytes of a file; or a text, which is told from a path by holding a line break, or by
            being longer than paths are.
        id: what records call the report; the file's name without suffix unless given.

    Returns:
        The document. A text file's text is exactly as stored but for a byte order mark; that of other formats (.docx,
        .doc, .pdf, .html and so on, which are told by their content) is a line a paragraph.

    Raises:
        UnreadableInput: no such file, it may not be read, or it is corrupt, protected or of a kind that is not read.
        UsageError: the library that reads its kind is not installed.
        NoTextInput: empty or binary.
        UndecodableInput: in no encoding that is read; the message names the byte's offset.
    """
    if isinstance(source, bytes):
        return _from_bytes(source, id or "report", None)
    if isinstance(source, str) and ("\n" in source or len(source) > _LONGEST_PATH or not source.strip()):
        return read_text(source, id=id or "report")
    path = Path(source)
    return _from_bytes(read_bytes(path), id or report_id(path), shown(path))


def read_text(text: str, *, id: str = "report") -> Document:
    """Take a text as a document.

    Args:
        text: the report's text; offsets will refer to it as it stands.
        id: what records call the report.

    Raises:
        NoTextInput: nothing but blanks.
        UndecodableInput: half of a surrogate pair, which no file can hold; the message names its offset.
    """
    if not text.strip():
        raise NoTextInput(f"{id}: the text is empty; give the text of a report")
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UndecodableInput(
            f"{id}: {text[error.start]!r} at offset {error.start} is half of a surrogate pair; "
            "decode the text anew, without surrogateescape"
        ) from error
    return Document(id=id, text=text, encoding="utf-8", sha256=hashlib.sha256(data).hexdigest())


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableInput: it is not there, or may not be read.
    """
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise UnreadableInput(
            f"{shown(path)}: a folder, where a file was expected; give its files, or run `llmx extract`"
        ) from error
    except (OSError, ValueError) as error:
        # A byte 0 in a path is a ValueError.
        if isinstance(error, ValueError) or error.errno in _NO_SUCH_FILE:
            raise UnreadableInput(
                f"{shown(path)}: no such file; give a path that exists, or a text to llmx.read_text"
            ) from error
        raise UnreadableInput(
            f"{shown(path)}: cannot be read: {error.strerror}; check the path and its permissions"
        ) from error


def _from_bytes(data: bytes, id: str, source: str | None) -> Document:
    return replace(document_of(data, id, source or id), source=source)


def document_of(data: bytes, id: str, where: str) -> Document:
    """A document of a file's bytes.

    Args:
        data: the bytes.
        id: what records call the report.
        where: what messages call the file.

    Raises:
        InputError: as for `read`.
    """
    if len(data) > _LARGEST:
        raise UnreadableInput(f"{where}: {len(data) >> 20} MiB, more than the {_LARGEST >> 20} of a report; split it")
    sha256 = hashlib.sha256(data).hexdigest()
    reader = reader_of(Content.of(data), where)
    if reader.gives == "files":
        return replace(_only(reader, data, id, where), sha256=sha256)
    if reader.gives == "rows":
        if (document := sheets_of(reader, data, id, where)) is not None:
            return document
        raise UnreadableInput(f"{where}: a table; give it to `llmx extract` with --column, or to llmx.run with column=")
    if reader is not TEXT:
        parsed = parse(reader, data, where)
        return Document(id=id, text=parsed.text, sha256=sha256, places=parsed.places, scanned=parsed.scanned)
    if len(data) > _LONGEST_TEXT:
        size = len(data) >> 20
        raise UnreadableInput(f"{where}: {size} MiB of text, more than the {_LONGEST_TEXT >> 20} of a report; split it")
    with damaged(where, "text"):
        text, encoding = decode(data, where)
    return Document(id=id, text=text, encoding=encoding, sha256=sha256)


def sheets_of(reader: Reader, data: bytes, id: str, where: str) -> Document | None:
    """A workbook that is one report, since its cells are a table's; None for one that holds reports, and for other tables.

    Args:
        reader: what reads it.
        data, id, where: as for `document_of`.

    Raises:
        UnreadableInput: it is damaged.
        UsageError: openpyxl is not installed.
    """
    if reader.name != "xlsx":
        return None
    reader.check(where)
    with damaged(where, reader.name):
        from llmx.documents.readers import sheets

        parsed = sheets.parse(data)
    if parsed is None or not parsed.text.strip():
        return None
    return Document(id=id, text=parsed.text, sha256=hashlib.sha256(data).hexdigest(), places=parsed.places)


def _only(reader: Reader, data: bytes, id: str, where: str) -> Document:
    """The one report that a file holds, such as a page that was saved with its pictures.

    Raises:
        UnreadableInput: it holds none, or several.
    """
    with damaged(where, reader.name):
        members = reader.load(where).members(data, where)
        one = next(members, None)
        inner = one.read(_LARGEST + 1) if one else b""  # the archive is closed with its last member
        if one is None or next(members, None) is not None:
            raise UnreadableInput(
                f"{where}: a packed file ({reader.name}); unpack it and give its files, or give it to `llmx extract`"
            )
        return document_of(inner, id, f"{where}#{one.name}" if one.name else where)
