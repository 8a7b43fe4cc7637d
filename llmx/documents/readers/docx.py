"""A Word document: paragraphs with their automatic numbers, tables row by row, text boxes, footnotes."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import docx
from docx.oxml.ns import qn

from llmx.documents.readers.numbering import Numbering
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.raised import raised
from llmx.errors import UnreadableInput

_TEXT = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _TABLE = qn("w:p"), qn("w:tbl")
_NOT_SHOWN = frozenset(
    [qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:sectPr"), qn("w:txbxContent"), _FALLBACK]
)
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
        UnreadableInput: a table is too large.
    """
    document = docx.Document(io.BytesIO(data))
    parts, reader = Parts(), _Reader(document, where)
    counts: Counter[str] = Counter()
    for block in _under(document.element.body, (_PARAGRAPH, _TABLE)):
        kind = "paragraph" if block.tag == _PARAGRAPH else "table"
        counts[kind] += 1
        if kind == "paragraph":
            for line in reader.paragraph(block):
                parts.add(line, f"paragraph {counts[kind]}")
            continue
        for row, line in enumerate(reader.rows(block), 1):
            parts.add(line, f"table {counts[kind]}, row {row}")
    for number, line in _footnotes(document, reader):
        parts.add(f"[{number}] {line}", f"footnote {number}")
    return parts.parsed()


def _under(element: Any, tags: tuple[str, ...]) -> Iterator[Any]:
    """The nearest elements of some kinds below one: also in content controls, custom XML and what was inserted."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in _NOT_SHOWN and not _is_contents(child):
            yield from _under(child, tags)


def _is_contents(element: Any) -> bool:
    """Whether an element is the table of contents that Word makes: the headings once more, with their pages."""
    gallery = element.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"


class _Reader:
    """What a document's paragraphs and tables say."""

    def __init__(self, document: Any, where: str) -> None:
        self.numbering = Numbering(document)
        self.where = where
        self._raised = {style.style_id for style in document.styles if _is_raised(style.element)}

    def paragraph(self, element: Any) -> Iterator[str]:
        """A paragraph's text after its number, then the paragraphs of the text boxes in it."""
        yield self.numbering.next(element) + self.text(element)
        for box in element.iter(qn("w:txbxContent")):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                for inner in box.iter(_PARAGRAPH):
                    yield self.text(inner)

    def text(self, element: Any) -> str:
        """The text of an element's own runs."""
        text = ""
        for up, pieces in groupby(self._pieces(element), key=itemgetter(1)):
            piece = "".join(words for words, _ in pieces)
            text += raised(text, piece) if up else piece
        return text

    def _pieces(self, element: Any, up: bool = False) -> Iterator[tuple[str, bool]]:
        """Text, and whether it is raised."""
        for child in element:
            if child.tag == qn("w:t"):
                yield child.text or "", up
            elif child.tag == qn("w:footnoteReference"):
                yield f"[{child.get(qn('w:id'))}]", False
            elif child.tag in _TEXT:
                yield _TEXT[child.tag], up
            elif child.tag == qn("w:r"):
                yield from self._pieces(child, self._is_up(child))
            elif child.tag not in _NOT_SHOWN:
                yield from self._pieces(child, up)

    def _is_up(self, run: Any) -> bool:
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        return _is_raised(run) or (style is not None and style.get(qn("w:val")) in self._raised)

    def rows(self, table: Any) -> Iterator[str]:
        """A table's rows, each cell once, its paragraphs joined.

        Raises:
            UnreadableInput: there are too many.
        """
        for count, row in enumerate(_under(table, (qn("w:tr"),))):
            if count == _MOST_ROWS:
                raise UnreadableInput(f"{self.where}: a table of more than {_MOST_ROWS:,} rows: split the file")
            cells = [
                "".join(line for paragraph in cell.iter(_PARAGRAPH) for line in self.paragraph(paragraph))
                for cell in _under(row, (qn("w:tc"),))
            ]
            yield "\t".join(cell.replace("\n", " ") for cell in cells)


def _is_raised(element: Any) -> bool:
    found = element.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    return found is not None and found.get(qn("w:val")) == "superscript"


def _footnotes(document: Any, reader: _Reader) -> Iterator[tuple[str, str]]:
    """Numbers and texts of the footnotes that hold any."""
    from lxml import etree

    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes"):
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for note in etree.fromstring(relation.target_part.blob, parser).findall(qn("w:footnote")):
                text = "".join(reader.text(paragraph) for paragraph in note.iter(_PARAGRAPH)).strip()
                if text:
                    yield note.get(qn("w:id")), text
