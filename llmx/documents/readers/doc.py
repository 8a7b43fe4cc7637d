"""An old Word document (.doc, .wps): turned into a .docx and read as one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from llmx.documents.readers import docx
from llmx.documents.readers.apart import parsed_apart
from llmx.documents.readers.damage import damaged
from llmx.documents.readers.office import converted
from llmx.documents.readers.parsed import Parsed
from llmx.errors import UnreadableInput

_SECONDS = 10.0
"""A report of 27,000 characters takes 0.2 s."""
_PROTECTED = "protected by a password; open it, save it without one and give that"


def parse(data: bytes, where: str) -> Parsed:
    """Read a .doc: by msdoc2docx in a process of its own, and where the file resists that by LibreOffice, if it is there.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        What the reader of .docx gives for the same document.

    Raises:
        UnreadableInput: corrupt or protected by a password.
    """
    try:
        parsed = parsed_apart("doc:parse_here", data, where, _SECONDS)
        if parsed.text.strip():
            return parsed
    except UnreadableInput as error:
        made = None if _PROTECTED in str(error) else converted(data, ".doc")
        if made is None:
            raise
    else:
        made = converted(data, ".doc")
    return docx.parse(made, where) if made else parsed


def parse_here(data: bytes, where: str) -> Parsed:
    """Read a .doc in this process, without LibreOffice; arguments as for `parse`."""
    import doc2docx
    from doc2docx.errors import EncryptedDocumentError

    with tempfile.TemporaryDirectory(prefix="llmx-") as folder, damaged(where, "old Word"):
        source, made = Path(folder, "report.doc"), Path(folder, "report.docx")
        source.write_bytes(data)
        try:
            doc2docx.convert(source, made)
        except EncryptedDocumentError as error:
            raise UnreadableInput(f"{where}: {_PROTECTED}") from error
        return docx.parse(made.read_bytes(), where)
