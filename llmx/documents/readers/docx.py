"""A Word document: paragraphs with their automatic numbers, tables row by row, text boxes, footnotes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from llmx.documents.readers.numbering import Numbering
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.word import PARAGRAPH, Words

_STRICT = b"http://purl.oclc.org/ooxml/"
_OTHER_NAMES = (
    (_STRICT + b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (_STRICT + b"officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (_STRICT + b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (_STRICT + b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"wordprocessingml.template.main", b"wordprocessingml.document.main"),
)
"""What a strict package (ISO 29500, \"Strict Open XML\") and a template call what others call so."""


def parse(data: bytes, where: str) -> Parsed:
    """Read a .docx, also a strict one or a template.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph or table row (cells separated by tabs), footnotes at the end as `[1] …`; places are
        `paragraph N` and `table N, row M`.

    Raises:
        UnreadableInput: a table is too large.
    """
    document = docx.Document(io.BytesIO(_usual(data)))
    parts = Parts()
    words = Words(document.styles.element.findall(qn("w:style")), Numbering(document).next, where)
    words.add(document.element.body, parts)
    for kind in ("footnote", "endnote"):
        for number, line in _notes(document, words, kind):
            parts.add(f"[{number}] {line}", f"{kind} {number}")
    return parts.parsed()


def _usual(data: bytes) -> bytes:
    """A package with the names that python-docx knows."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        told = package.read("[Content_Types].xml") + package.read("_rels/.rels")
        if _STRICT not in told and b"template.main" not in told:
            return data
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as usual:
            for name in package.namelist():
                usual.writestr(name, _renamed(package.read(name)) if name.endswith((".xml", ".rels")) else b"")
    return made.getvalue()


def _renamed(part: bytes) -> bytes:
    for name, usual in _OTHER_NAMES:
        part = part.replace(name, usual)
    return part


def _notes(document: Any, words: Words, kind: str) -> Iterator[tuple[str, str]]:
    """Numbers and texts of the footnotes or endnotes that hold any."""
    from lxml import etree

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}s"):
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for note in etree.fromstring(relation.target_part.blob, parser).findall(qn(f"w:{kind}")):
                text = "".join(words.text(paragraph) for paragraph in note.iter(PARAGRAPH)).strip()
                if text:
                    yield note.get(qn("w:id")), text
