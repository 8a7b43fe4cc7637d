"""An OpenDocument text (.odt, .fodt): paragraphs with the numbers of their lists, tables row by row, notes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from lxml import etree

from llmx.documents.readers.numerals import written
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.raised import raised
from llmx.documents.tables import as_rows
from llmx.errors import UnreadableInput

_SPACES = {
    name: f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "style", "text", "table", "manifest")
}
_OFFICE, _STYLE, _TEXT, _TABLE, _MANIFEST = _SPACES.values()
_PARAGRAPHS = frozenset([f"{_TEXT}p", f"{_TEXT}h"])
# What was deleted, comments, how a word is pronounced, and lists of headings made by the program.
_NOT_SHOWN = frozenset(
    [f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}ruby-text", f"{_TEXT}table-of-content",
     f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph", f"{_OFFICE}forms", f"{_TEXT}alphabetical-index"]
)  # fmt: skip
_LISTED = {"一, 二, 三, ...": "chineseCounting", "壹, 贰, 叁, ...": "chineseCounting", "a": "lowerLetter", "A": "upperLetter",
           "①, ②, ③, ...": "decimalEnclosedCircle", "": "none"}  # fmt: skip
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_MOST_ROWS, _MOST_COLUMNS = 100_000, 50
_MOST_BLANKS = 1_000


def parse(data: bytes, where: str) -> Parsed:
    """Read an OpenDocument text, packed or in one XML.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph or table row (cells separated by tabs), notes at the end as `[1] …`; places are
        `paragraph N` and `table N, row M`.

    Raises:
        UnreadableInput: protected by a password, or a table is too large.
    """
    roots = _roots(data, where)
    body = next((found for root in roots if (found := root.find(f"{_OFFICE}body/{_OFFICE}text")) is not None), None)
    if body is None:
        raise UnreadableInput(f"{where}: an OpenDocument file without a text; save it as .docx and give that")
    parts, words = Parts(), _Words(roots, where)
    words.add(body, parts)
    for mark, note in words.notes:
        parts.add(f"[{mark}] {note}" if note else "", f"footnote {mark}")
    return parts.parsed()


def _roots(data: bytes, where: str) -> list[Any]:
    """The trees that hold the text and the styles."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    if not data.startswith(b"PK"):
        return [etree.fromstring(data, parser)]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        if "META-INF/manifest.xml" in names:
            manifest = etree.fromstring(package.read("META-INF/manifest.xml"), parser)
            if next(manifest.iter(f"{_MANIFEST}encryption-data"), None) is not None:
                raise UnreadableInput(f"{where}: protected by a password; save it without one and give that")
        wanted = [name for name in ("content.xml", "styles.xml") if name in names]
        return [etree.fromstring(package.read(name), parser) for name in wanted]


class _Words:
    """What a document's paragraphs and tables say."""

    def __init__(self, roots: list[Any], where: str) -> None:
        self.notes: list[tuple[str, str]] = []
        self._where = where
        self._tables = 0
        self._paragraphs = 0
        self._styles = {
            style.get(f"{_STYLE}name"): style for root in reversed(roots) for style in root.iter(f"{_STYLE}style")
        }
        self._lists = {
            style.get(f"{_STYLE}name"): style for root in reversed(roots) for style in root.iter(f"{_TEXT}list-style")
        }
        self._counts: dict[tuple[str, int], int] = {}

    def add(self, body: Any, parts: Parts, above: tuple[str, ...] = ()) -> None:
        """Put a body's text into parts.

        Args:
            body: an element with paragraphs, lists and tables in it.
            parts: what is added to.
            above: the styles of the lists that it stands in, outermost first.
        """
        for child in body:
            if child.tag in _PARAGRAPHS:
                self._add_paragraph(child, parts)
            elif child.tag == f"{_TEXT}list":
                self._add_list(child, parts, above)
            elif child.tag == f"{_TABLE}table":
                self._tables += 1
                for number, row in enumerate(self._rows(child), 1):
                    parts.add(row, f"table {self._tables}, row {number}")
            elif isinstance(child.tag, str) and child.tag not in _NOT_SHOWN:
                self.add(child, parts, above)

    def _add_paragraph(self, element: Any, parts: Parts, number: str = "") -> None:
        self._paragraphs += 1
        parts.add(number + self.text(element), f"paragraph {self._paragraphs}")

    def _add_list(self, element: Any, parts: Parts, above: tuple[str, ...]) -> None:
        style = element.get(f"{_TEXT}style-name") or (above[-1] if above else "")
        path, depth = (*above, style), len(above) + 1
        if element.get(f"{_TEXT}continue-numbering") != "true" and element.get(f"{_TEXT}continue-list") is None:
            self._forget(style, depth)
        for item in element:
            number = self._number(style, depth) if item.tag == f"{_TEXT}list-item" else ""
            for child in item:
                if child.tag in _PARAGRAPHS:
                    self._add_paragraph(child, parts, number)
                    number = ""
                elif child.tag == f"{_TEXT}list":
                    self._add_list(child, parts, path)
                elif isinstance(child.tag, str):
                    self.add([child], parts, path)

    def _forget(self, style: str, depth: int) -> None:
        for key in [key for key in self._counts if key[0] == style and key[1] >= depth]:
            del self._counts[key]

    def _number(self, style: str, depth: int) -> str:
        """The number of a list's next item."""
        levels = self._lists.get(style)
        level = None if levels is None else levels.find(f"{_TEXT}list-level-style-number[@{_TEXT}level='{depth}']")
        if level is None:
            return ""
        self._counts[style, depth] = (
            self._counts.get((style, depth), int(level.get(f"{_TEXT}start-value", "1")) - 1) + 1
        )
        for key in [key for key in self._counts if key[0] == style and key[1] > depth]:
            del self._counts[key]
        form = level.get(f"{_STYLE}num-format", "")
        number = written(self._counts[style, depth], _LISTED.get(form, "decimal"))
        return f"{level.get(f'{_STYLE}num-prefix', '')}{number}{level.get(f'{_STYLE}num-suffix', '')}" if number else ""

    def _rows(self, table: Any) -> list[str]:
        """A table's rows, their cells separated by tabs; what is merged stands in the first of its cells.

        Raises:
            UnreadableInput: there are too many.
        """
        rows: list[list[str]] = []
        for count, row in enumerate(table.iter(f"{_TABLE}table-row")):
            if count == _MOST_ROWS:
                raise UnreadableInput(f"{self._where}: a table of more than {_MOST_ROWS:,} rows: split the file")
            rows.append([words for cell in row.iterchildren(*_CELLS) for words in self._cell(cell)])
        return as_rows(rows)

    def _cell(self, cell: Any) -> Iterator[str]:
        """A cell's words as often as it is repeated; a covered one has none."""
        told = cell.get(f"{_TABLE}number-columns-repeated") or "1"
        times = min(max(int(told), 1), _MOST_COLUMNS) if told.isdecimal() else 1
        words = "" if cell.tag == _CELLS[1] else "".join(map(self.text, _paragraphs(cell)))
        yield from [words] * times

    def text(self, element: Any) -> str:
        """A paragraph's text."""
        text = ""
        for up, pieces in groupby(self._pieces(element, False), key=itemgetter(1)):
            piece = "".join(words for words, _ in pieces)
            text += raised(text, piece) if up else piece
        return text.strip(" ")

    def _pieces(self, element: Any, up: bool) -> Iterator[tuple[str, bool]]:
        if element.tag in _NOT_SHOWN or self._says(element, "display", "none"):
            return
        if element.tag == f"{_TEXT}note":
            yield self._note(element), False
            return
        up = up or self._is_up(element)
        yield _written(element), up
        yield _blanks(element.text), up
        for child in element:
            if isinstance(child.tag, str):
                yield from self._pieces(child, up)
            yield _blanks(child.tail), up

    def _note(self, element: Any) -> str:
        citation, body = element.find(f"{_TEXT}note-citation"), element.find(f"{_TEXT}note-body")
        mark = ("" if citation is None else "".join(citation.itertext())).strip() or str(len(self.notes) + 1)
        self.notes.append((mark, "" if body is None else "".join(map(self.text, _paragraphs(body)))))
        return f"[{mark}]"

    def _is_up(self, element: Any) -> bool:
        position = self._property(element, f"{_STYLE}text-position")
        return bool(position) and not position.startswith(("sub", "-", "0%"))

    def _says(self, element: Any, name: str, value: str) -> bool:
        return self._property(element, f"{_TEXT}{name}") == value

    def _property(self, element: Any, name: str) -> str:
        """What the style of an element, or one that it is based on, says of its characters."""
        style, seen = element.get(f"{_TEXT}style-name"), set[str]()
        while style and style not in seen and (found := self._styles.get(style)) is not None:
            seen.add(style)
            properties = found.find(f"{_STYLE}text-properties")
            if properties is not None and properties.get(name):
                return str(properties.get(name))
            style = found.get(f"{_STYLE}parent-style-name")
        return ""


def _paragraphs(element: Any) -> Iterator[Any]:
    """The outermost paragraphs of a cell or note."""
    for child in element:
        if child.tag in _PARAGRAPHS:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _NOT_SHOWN:
            yield from _paragraphs(child)


def _written(element: Any) -> str:
    if element.tag == f"{_TEXT}s":
        return " " * min(int(element.get(f"{_TEXT}c", "1")), _MOST_BLANKS)
    return {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}.get(element.tag, "")


def _blanks(text: str | None) -> str:
    """Text of the XML, in which line ends and blanks in a row are one blank."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")
