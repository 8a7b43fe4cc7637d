"""What the paragraphs and tables of Word's markup say, of a .docx and of the XML of Word 2003: as they are shown, without
what is hidden, deleted or moved away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from docx.oxml.ns import qn

from llmx.documents.readers.parsed import Parts
from llmx.documents.readers.raised import raised
from llmx.documents.tables import as_rows
from llmx.errors import UnreadableInput

_TEXT = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NOTES = frozenset([qn("w:footnoteReference"), qn("w:endnoteReference")])
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
PARAGRAPH, _TABLE, _ROW, _RUN = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:r")
_PROPERTIES = {PARAGRAPH: qn("w:pPr"), _ROW: qn("w:trPr"), _RUN: qn("w:rPr")}
_END = f"{qn('w:pPr')}/{qn('w:rPr')}"
_DELETED = (qn("w:del"), qn("w:moveFrom"))
_NOT_SHOWN = frozenset(
    [*_DELETED, *_PROPERTIES.values(), qn("w:sectPr"), qn("w:txbxContent"), qn("w:rt"), qn("w:sdtPr"), _FALLBACK]
)
_WORDS = frozenset([qn("w:t"), qn("m:t")])
_NOTE, _ABOVE = qn("w:footnote"), qn("m:sup")
_ANNOTATION = "{http://schemas.microsoft.com/aml/2001/core}annotation"
_MOST_ROWS, _MOST_COLUMNS = 100_000, 50


class Words:
    """Reads paragraphs and tables.

    Args:
        styles: the document's `w:style` elements.
        number: gives the automatic number that a paragraph begins with, counted on.
        where: what messages call the file.
    """

    def __init__(self, styles: Iterable[Any], number: Callable[[Any], str], where: str) -> None:
        named = ((style.get(qn("w:styleId")), style.find(_PROPERTIES[_RUN])) for style in styles)
        by_name = {name: format for name, format in named if format is not None}
        self.notes: list[str] = []
        """Texts of notes that stood inside paragraphs, in order."""
        self._number = number
        self._where = where
        self._raised = {name for name, format in by_name.items() if _is_raised(format)}
        self._hidden = {name for name, format in by_name.items() if _is_hidden(format)}

    def add(self, body: Any, parts: Parts) -> None:
        """Put a body's text into parts, with its paragraphs and rows as places.

        Raises:
            UnreadableInput: a table is too large.
        """
        counts: Counter[str] = Counter()
        carried = ""
        for block in _under(body, (PARAGRAPH, _TABLE)):
            kind = "paragraph" if block.tag == PARAGRAPH else "table"
            counts[kind] += 1
            if kind == "table":
                for row, line in enumerate(self._rows(block), 1):
                    parts.add(line, f"table {counts[kind]}, row {row}")
            elif _is_deleted(block.find(_END)):  # its end: what is left joins the next one
                carried += self.text(block)
            else:
                for line in self._paragraph(block, carried):
                    parts.add(line, f"paragraph {counts[kind]}")
                carried = ""
        parts.add(carried, f"paragraph {counts['paragraph']}")

    def _paragraph(self, element: Any, before: str = "") -> Iterator[str]:
        """A paragraph's text after its number, then the paragraphs of the text boxes in it."""
        yield self._number(element) + before + self.text(element)
        for box in element.iter(qn("w:txbxContent")):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                for inner in box.iter(PARAGRAPH):
                    yield self.text(inner)

    def text(self, element: Any) -> str:
        """The text of an element's own runs."""
        if self._hidden and _has_style(element.find(_PROPERTIES[PARAGRAPH]), "w:pStyle", self._hidden):
            return ""
        text = ""
        for up, pieces in groupby(self._pieces(element), key=itemgetter(1)):
            piece = "".join(words for words, _ in pieces)
            text += raised(text, piece) if up else piece
        return text

    def _pieces(self, element: Any, up: bool = False) -> Iterator[tuple[str, bool]]:
        """Text, and whether it is raised."""
        for child in element:
            if child.tag in _WORDS:
                yield child.text or "", up
            elif child.tag in _NOTES:
                yield f"[{child.get(qn('w:id'))}]", False
            elif child.tag in _TEXT:
                yield _TEXT[child.tag], up
            elif child.tag == _RUN:
                format = child.find(_PROPERTIES[_RUN])
                if format is None:
                    yield from self._pieces(child, up)
                elif not self._is_hidden(format):
                    yield from self._pieces(child, up or self._is_up(format))
            elif child.tag == _NOTE:  # Word 2003 writes a note where its mark stands
                self.notes.append("".join(self.text(paragraph) for paragraph in child.iter(PARAGRAPH)))
                yield f"[{len(self.notes)}]", False
            elif _is_shown(child):
                yield from self._pieces(child, up or child.tag == _ABOVE)

    def _is_up(self, format: Any) -> bool:
        return _is_raised(format) or _has_style(format, "w:rStyle", self._raised)

    def _is_hidden(self, format: Any) -> bool:
        return _is_hidden(format) or _has_style(format, "w:rStyle", self._hidden)

    def _rows(self, table: Any) -> list[str]:
        """A table's rows, each cell once, its paragraphs joined, and blanks for the columns and rows that it reaches over.

        Raises:
            UnreadableInput: there are too many.
        """
        rows: list[list[str]] = []
        for count, row in enumerate(_under(table, (_ROW,))):
            if count == _MOST_ROWS:
                raise UnreadableInput(f"{self._where}: a table of more than {_MOST_ROWS:,} rows: split the file")
            if not _is_deleted(row.find(qn("w:trPr"))):
                rows.append(
                    [*_skipped(row), *(words for cell in _under(row, (qn("w:tc"),)) for words in self._cell(cell))]
                )
        return as_rows(rows)

    def _cell(self, cell: Any) -> Iterator[str]:
        """A cell's words, and blanks for further columns; what goes on from the row above has none of its own."""
        format = cell.find(qn("w:tcPr"))
        above = None if format is None else format.find(qn("w:vMerge"))
        goes_on = above is not None and above.get(qn("w:val"), "continue") == "continue"
        lines = (line for paragraph in cell.iter(PARAGRAPH) for line in self._paragraph(paragraph))
        yield "" if goes_on else "".join(lines)
        yield from [""] * (_span(format, "w:gridSpan") - 1)


def _skipped(row: Any) -> list[str]:
    """Blanks for the columns that a row begins behind."""
    return [""] * _span(row.find(qn("w:trPr")), "w:gridBefore", 0)


def _span(format: Any, name: str, least: int = 1) -> int:
    found = None if format is None else format.find(qn(name))
    told = "" if found is None else found.get(qn("w:val")) or ""
    return min(max(int(told), least), _MOST_COLUMNS) if told.isdecimal() else least


def _under(element: Any, tags: tuple[str, ...]) -> Iterator[Any]:
    """The nearest elements of some kinds below one: also in content controls, custom XML and what was inserted."""
    for child in element:
        if child.tag in tags:
            yield child
        elif _is_shown(child) and not _is_contents(child):
            yield from _under(child, tags)


def _is_shown(element: Any) -> bool:
    """Whether what is in an element is on the page: not what was deleted, and no prompt such as 单击此处输入文字."""
    if element.tag in _NOT_SHOWN or element.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None:
        return False
    return element.tag != _ANNOTATION or element.get(qn("w:type")) not in ("Word.Deletion", "Word.Comment")


def _is_contents(element: Any) -> bool:
    """Whether an element is the table of contents that Word makes: the headings once more, with their pages."""
    gallery = element.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"


def _is_deleted(properties: Any) -> bool:
    return properties is not None and any(properties.find(tag) is not None for tag in _DELETED)


def _is_raised(format: Any) -> bool:
    """Whether properties of characters set them higher."""
    found = format.find(qn("w:vertAlign"))
    if found is not None:
        return bool(found.get(qn("w:val")) == "superscript")
    found = format.find(qn("w:position"))
    return found is not None and not (found.get(qn("w:val")) or "0").startswith(("-", "0"))


def _is_hidden(format: Any) -> bool:
    found = format.find(qn("w:vanish"))
    return found is not None and found.get(qn("w:val")) not in ("0", "false", "off")


def _has_style(format: Any, name: str, wanted: set[str]) -> bool:
    style = format.find(qn(name)) if wanted and format is not None else None
    return style is not None and style.get(qn("w:val")) in wanted
