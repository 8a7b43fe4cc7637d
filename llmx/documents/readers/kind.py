"""What kind of file bytes are, by their content: government sites name web pages .doc and .docx."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from llmx.documents.readers.damage import damaged
from llmx.errors import UnreadableInput

Kind = Literal["text", "docx", "pdf", "html"]

_HEAD = 4096
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<meta[\s]", re.IGNORECASE)
_LARGEST = 200 << 20
"""Bytes that a compressed file may unfold to, pictures included."""
_LARGEST_TREE = 16 << 20
"""Bytes of XML or HTML that are parsed at once: 31 MiB of text take 2 s and 0.3 GB, of empty paragraphs 35 s and 2.9 GB."""


def kind_of(data: bytes, where: str) -> Kind:
    """Tell a file's kind.

    Args:
        data: its bytes.
        where: what messages call it.

    Raises:
        UnreadableInput: a kind that is not read; the message says what to do instead.
    """
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data, where)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UnreadableInput(_old_office(data, where))
    if data.startswith(b"{\\rtf"):
        raise UnreadableInput(f"{where}: an RTF file; save it as .docx or .txt and give that")
    if not _HTML.search(data[:_HEAD]):
        return "text"
    _check_tree(len(data), where)
    return "html"


def _check_tree(size: int, where: str) -> None:
    if size > _LARGEST_TREE:
        raise UnreadableInput(
            f"{where}: {size >> 20} MiB of markup, more than the {_LARGEST_TREE >> 20} that are read; split it"
        )


def _old_office(data: bytes, where: str) -> str:
    """What is wrong with an OLE file: a .docx under a password is one, and so is every .doc."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"{where}: protected by a password; open it, save it without one and give that"
    return f"{where}: an old Word file (.doc); save it as .docx and give that"


def _packed(data: bytes, where: str) -> Kind:
    with damaged(where, "packed"), zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        size = sum(entry.file_size for entry in package.infolist())
        tree = max((one.file_size for one in package.infolist() if one.filename.endswith((".xml", ".rels"))), default=0)
    if size > _LARGEST:
        raise UnreadableInput(f"{where}: unfolds to {size >> 20} MiB, more than the {_LARGEST >> 20} that are read")
    _check_tree(tree, where)
    if "word/vbaProject.bin" in names:
        raise UnreadableInput(f"{where}: holds macros; save it as .docx without them and give that")
    if "word/document.xml" in names:
        return "docx"
    raise UnreadableInput(f"{where}: a packed file that is no .docx; unpack it and give its files")
