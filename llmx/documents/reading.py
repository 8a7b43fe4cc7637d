"""From a path, bytes or a text to a Document."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from llmx.documents.decode import decode
from llmx.documents.document import Document
from llmx.errors import NoTextInput, UnreadableInput

_LONGEST_PATH = 1024


def read(source: str | os.PathLike[str] | bytes, *, id: str | None = None) -> Document:
    """Read a report.

    Args:
        source: a path; the bytes of a text file; or a text, which is told from a path by holding a line break.
        id: what records call the report; the file's name without suffix unless given.

    Returns:
        The document, its text exactly as stored.

    Raises:
        UnreadableInput: no such file, or it may not be read.
        NoTextInput: empty or binary.
        UndecodableInput: in no encoding that is read; the message names the byte's offset.
    """
    if isinstance(source, bytes):
        return _from_bytes(source, id or "report", None)
    if isinstance(source, str) and ("\n" in source or len(source) > _LONGEST_PATH):
        return read_text(source, id=id or "report")
    path = Path(source)
    return _from_bytes(_bytes(path), id or path.stem, str(path))


def read_text(text: str, *, id: str = "report") -> Document:
    """Take a text as a document.

    Args:
        text: the report's text; offsets will refer to it as it stands.
        id: what records call the report.

    Raises:
        NoTextInput: nothing but blanks.
    """
    if not text.strip():
        raise NoTextInput(f"{id}: the text is empty; give the text of a report")
    data = text.encode("utf-8", "surrogatepass")
    return Document(id=id, text=text, encoding="utf-8", sha256=hashlib.sha256(data).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableInput(f"{path}: no such file; give a path that exists, or a text to llmx.read_text") from error
    except IsADirectoryError as error:
        raise UnreadableInput(
            f"{path}: a folder, where a file was expected; give its files, or run `llmx extract`"
        ) from error
    except OSError as error:
        raise UnreadableInput(
            f"{path}: cannot be read: {error.strerror}; check the path and its permissions"
        ) from error


def _from_bytes(data: bytes, id: str, source: str | None) -> Document:
    text, encoding = decode(data, source or id)
    return Document(id=id, text=text, source=source, encoding=encoding, sha256=hashlib.sha256(data).hexdigest())
