"""Word's markup in one file without a package: the XML of Word 2003, and a .docx whose parts stand in one XML."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from llmx.documents.readers import docx
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.word import Words
from llmx.errors import UnreadableInput

_WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_HINT = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_PACKAGE = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def parse(data: bytes, where: str) -> Parsed:
    """Read Word's XML.

    Args:
        data: the file's bytes.
        where: what messages call it.

    Returns:
        What the reader of .docx gives for the same document.

    Raises:
        UnreadableInput: no document in it.
    """
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    if root.tag == f"{_PACKAGE}package":
        return docx.parse(_packed(root), where)
    root = _renamed(root)
    body = root.find(qn("w:body"))
    if body is None:
        raise UnreadableInput(f"{where}: Word's XML without a document in it; save it as .docx and give that")
    parts = Parts()
    words = Words(root.findall(f"{qn('w:styles')}/{qn('w:style')}"), _number, where)
    words.add(body, parts)
    for number, note in enumerate(words.notes, 1):
        parts.add(f"[{number}] {note.strip()}" if note.strip() else "", f"footnote {number}")
    return parts.parsed()


def _renamed(root: Any) -> Any:
    """The tree with the namespace of today's Word: the elements have the same names."""
    usual = qn("w:t").removesuffix("t")
    for element in root.iter(etree.Element):
        if element.tag.startswith(f"{{{_WORD_2003}}}"):
            element.tag = usual + element.tag.rpartition("}")[2]
            for name in [name for name in element.attrib if name.startswith(f"{{{_WORD_2003}}}")]:
                element.set(usual + name.rpartition("}")[2], element.attrib.pop(name))
    return root


def _number(paragraph: Any) -> str:
    """The automatic number of a paragraph, which Word 2003 writes out beside it."""
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:listPr')}/{_HINT}t")
    text = "" if found is None else found.get(f"{_HINT}val") or ""
    return "" if len(text) == 1 and not text.isalnum() else text  # a bullet


def _packed(root: Any) -> bytes:
    """A package of the parts that stand in one XML, as Word's \"flat\" files have them."""
    file = io.BytesIO()
    types = []
    with zipfile.ZipFile(file, "w") as package:
        for part in root.findall(f"{_PACKAGE}part"):
            name, kind = part.get(f"{_PACKAGE}name", ""), part.get(f"{_PACKAGE}contentType", "")
            tree, binary = part.find(f"{_PACKAGE}xmlData"), part.find(f"{_PACKAGE}binaryData")
            if tree is not None and len(tree):
                package.writestr(name.lstrip("/"), etree.tostring(tree[0], encoding="utf-8"))
            elif binary is not None:
                package.writestr(name.lstrip("/"), base64.b64decode(binary.text or ""))
            types.append((name, kind))
        package.writestr("[Content_Types].xml", _types(types))
    return file.getvalue()


def _types(types: list[tuple[str, str]]) -> bytes:
    space = "{http://schemas.openxmlformats.org/package/2006/content-types}"
    root = etree.Element(f"{space}Types")
    etree.SubElement(root, f"{space}Default", Extension="rels",
                     ContentType="application/vnd.openxmlformats-package.relationships+xml")  # fmt: skip
    for name, kind in types:
        if not name.endswith(".rels"):
            etree.SubElement(root, f"{space}Override", PartName=name, ContentType=kind)
    made: bytes = etree.tostring(root)
    return made
