"""One reader a format; which one reads a file is told by its content, whatever its name says."""

from __future__ import annotations

from importlib import import_module

from llmx.documents.readers.damage import damaged
from llmx.documents.readers.kind import kind_of
from llmx.documents.readers.parsed import Parsed
from llmx.errors import UnreadableInput, UsageError

_READERS = {"docx": "docx", "pdf": "pdf", "html": "html"}
"""The extra that a kind needs, by kind; each has a module here with a function `parse(data, where)`."""


def parse(data: bytes, where: str) -> Parsed | None:
    """Text and places of a file that is not plain text.

    Args:
        data: the file's bytes.
        where: what messages call it.

    Returns:
        Its text with the place of each part; None where it is plain text.

    Raises:
        UnreadableInput: corrupt, password-protected, without text, or of a kind that is not read.
        UsageError: the kind's library is not installed.
    """
    kind = kind_of(data, where)
    if kind == "text":
        return None
    try:
        reader = import_module(f"llmx.documents.readers.{kind}")
    except ImportError as error:
        extra = _READERS[kind]
        raise UsageError(
            f"{where}: reading {kind} needs {error.name}; install it with: pip install 'llmx-extract[{extra}]'"
        ) from error
    with damaged(where, kind):
        parsed: Parsed = reader.parse(data, where)
    if not parsed.text.strip():
        raise UnreadableInput(f"{where}: this {kind} file holds no text; give one with a text layer")
    return parsed


__all__ = ["Parsed", "damaged", "parse"]
