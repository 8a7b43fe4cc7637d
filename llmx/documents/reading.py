"""From a path, bytes or a text to a Document."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

from llmx.documents.decode import decode
from llmx.documents.document import Document
from llmx.documents.inputs import report_id, shown
from llmx.documents.readers import damaged, parse
from llmx.errors import NoTextInput, UndecodableInput, UnreadableInput

_LONGEST_PATH = 1024
_LARGEST = 200 << 20
"""Bytes of a report; the longest that are known have a hundred thousand characters."""
# A text given where a path is asked for is often too long for a file's name, or holds what none can hold.
_NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL)


def read(source: str | os.PathLike[str] | bytes, *, id: str | None = None) -> Document:
    """Read a report.

    Args:
        source: a path; the bytes of a file; or a text, which is told from a path by holding a line break, or by
            being longer than paths are.
        id: what records call the report; the file's name without suffix unless given.

    Returns:
        The document. A text file's text is exactly as stored but for a byte order mark; that of .html, .docx and .pdf,
        which are told by their content, is a line a paragraph.

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
    return _from_bytes(_bytes(path), id or report_id(path), shown(path))


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


def _bytes(path: Path) -> bytes:
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
    if len(data) > _LARGEST:
        raise UnreadableInput(
            f"{source or id}: {len(data) >> 20} MiB, more than the {_LARGEST >> 20} of a report; split it"
        )
    sha256 = hashlib.sha256(data).hexdigest()
    if parsed := parse(data, source or id):
        return Document(id=id, text=parsed.text, source=source, sha256=sha256, places=parsed.places)
    with damaged(source or id, "text"):
        text, encoding = decode(data, source or id)
    return Document(id=id, text=text, source=source, encoding=encoding, sha256=sha256)
