"""One reader a format; which one reads a file is told by its content, whatever its name says."""

from __future__ import annotations

from llmx.documents.readers.apart import parsed_apart
from llmx.documents.readers.damage import damaged
from llmx.documents.readers.parsed import Parsed
from llmx.documents.readers.reader import Reader
from llmx.errors import UnreadableInput


def parse(reader: Reader, data: bytes, where: str) -> Parsed:
    """Text and places of a file that is not plain text.

    Args:
        reader: what reads it, as `kinds.reader_of` tells.
        data: the file's bytes.
        where: what messages call it.

    Raises:
        UnreadableInput: corrupt, password-protected or without text.
        UsageError: the kind's library is not installed.
    """
    if reader.seconds is not None:
        reader.check(where)
        parsed = parsed_apart(f"{reader.home}:parse", data, where, reader.seconds)
    else:
        module = reader.load(where)
        with damaged(where, reader.name):
            parsed = module.parse(data, where)
    if not parsed.text.strip():
        raise UnreadableInput(f"{where}: this {reader.name} file holds no text; give one with a text layer")
    return parsed


__all__ = ["Parsed", "damaged", "parse"]
