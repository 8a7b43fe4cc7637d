"""A Word document: paragraphs with their automatic numbers, tables row by row, text boxes, footnotes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from llmx.documents.readers.numbering import Numbering
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.errors import UnreadableInput

_TEXT = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_ROWS = 100_000


def parse(data: bytes, where: str) -> Parsed:
    """Read a .docx.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph or table row (cells separated by tabs), footnotes at the end as `[1] …`; places are
        `paragraph N` and `table N, row M`.

    Raises:
        UnreadableInput: it is corrupt, or a table is too large.
    """
    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, OSError, SyntaxError) as error:
        raise UnreadableInput(f"{where}: a broken .docx: {error}; open it, save it anew and give that") from error
    parts, numbering = Parts(), Numbering(document)
    paragraphs = tables = 0
    for block in document.element.body:
        if block.tag == qn("w:p"):
            paragraphs += 1
            for line in _paragraph(block, numbering):
                parts.add(line, f"paragraph {paragraphs}")
        elif block.tag == qn("w:tbl"):
            tables += 1
            for row, line in enumerate(_rows(block, numbering, where), 1):
                parts.add(line, f"table {tables}, row {row}")
    for number, line in _footnotes(document):
        parts.add(f"[{number}] {line}", f"footnote {number}")
    return parts.parsed()


def _paragraph(element: Any, numbering: Numbering) -> Iterator[str]:
    """A paragraph's text after its number, then the paragraphs of the text boxes in it."""
    yield numbering.next(element) + "".join(_runs(element))
    for box in element.iter(qn("w:txbxContent")):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            for inner in box.iter(qn("w:p")):
                yield "".join(_runs(inner))


def _runs(element: Any) -> Iterator[str]:
    """The text of a paragraph's own runs."""
    for child in element:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:footnoteReference"):
            yield f"[{child.get(qn('w:id'))}]"
        elif child.tag in _TEXT:
            yield _TEXT[child.tag]
        elif child.tag not in (qn("w:del"), qn("w:pPr"), qn("w:txbxContent"), _FALLBACK):
            yield from _runs(child)


def _rows(table: Any, numbering: Numbering, where: str) -> Iterator[str]:
    """A table's rows, each cell once, its paragraphs joined."""
    rows = table.findall(qn("w:tr"))
    if len(rows) > _MOST_ROWS:
        raise UnreadableInput(f"{where}: a table of {len(rows):,} rows; {_MOST_ROWS:,} are read: split the file")
    for row in rows:
        cells = [
            "".join(line for paragraph in cell.iter(qn("w:p")) for line in _paragraph(paragraph, numbering))
            for cell in row.findall(qn("w:tc"))
        ]
        yield "\t".join(cell.replace("\n", " ") for cell in cells)


def _footnotes(document: Any) -> Iterator[tuple[str, str]]:
    """Numbers and texts of the footnotes that hold any."""
    from lxml import etree

    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes"):
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for note in etree.fromstring(relation.target_part.blob, parser).findall(qn("w:footnote")):
                text = "".join("".join(_runs(paragraph)) for paragraph in note.iter(qn("w:p"))).strip()
                if text:
                    yield note.get(qn("w:id")), text
