"""Tables and lists with the text of a report in each row: .csv, .xlsx, .xml."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from llmx.documents.decode import decode
from llmx.documents.document import Known
from llmx.documents.readers.damage import damaged
from llmx.errors import UnreadableInput, UsageError

Cells = tuple[tuple[str, str], ...]
Row = tuple[int, str, Known | UnreadableInput, Cells]
"""A row's number from 1, the text in it, what is known of the report by its other columns or why it cannot be read, and
these."""
_LONGEST_FIELD = 20 << 20
"""Characters of a table's cell."""
_LONGEST_CELL = 32_767
"""Characters that Excel keeps of a cell."""
_COLUMNS = {
    "year": ("year", "年份", "年度"),
    "kind": ("kind",),
    "place": ("place", "region", "地区", "地名"),
    "code": ("code", "区划代码"),
}
"""Columns that say what is known of a report, by their headings in any case."""
_MOST_COLUMNS = 100
"""Columns that are kept of a table."""
_UNNAMED = "unnamed"
"""What a column without a heading is called."""
_YEAR = re.compile("((?:19|20)[0-9]{2})(?:年|年度)?")
_NAMED = 20


def rows(kind: str, data: bytes, where: str, column: str | None) -> Iterator[Row]:
    """The rows of a table, or the elements of an XML.

    Args:
        kind: csv, xlsx or xml.
        data: the file's bytes.
        where: what messages call it.
        column: the column or element that holds the text.

    Raises:
        UnreadableInput: it is damaged, no column is named, or none is called so; the message names those there are.
    """
    read = {"csv": _csv, "xlsx": _xlsx, "xml": _xml}[kind]
    with damaged(where, kind):
        yield from read(data, where, column)


def _checked(names: list[str], where: str, column: str | None, what: str) -> None:
    """Make sure that the column that is asked for is there.

    Raises:
        UnreadableInput: none is asked for, or it is not there.
    """
    if column is None:
        raise UnreadableInput(f"{where}: which {what} holds the text? Name it with --column; it has {names[:_NAMED]}")
    if column not in names:
        raise UnreadableInput(f"{where}: no {what} {column!r}; it has {names[:_NAMED]}")


def _csv(data: bytes, where: str, column: str | None) -> Iterator[Row]:
    text, _ = decode(data, where)
    csv.field_size_limit(_LONGEST_FIELD)
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _checked(list(table.fieldnames or ()), where, column, "column")
        for number, row in enumerate(table, 1):
            yield _row(number, row, column or "", where)
    except csv.Error as error:
        raise UnreadableInput(f"{where}, line {table.line_num}: {error}; correct the line") from error


def _xlsx(data: bytes, where: str, column: str | None) -> Iterator[Row]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    number, seen = 0, list[str]()
    try:
        for sheet in book.worksheets:
            cells = (tuple(_cell(cell) for cell in row) for row in sheet.iter_rows(values_only=True))
            names = next((row for row in cells if any(row)), ())
            seen += [name for name in names if name and name not in seen]
            for row in cells if column in names else ():
                number += 1
                yield _row(number, dict(zip(names, row, strict=False)), column or "", where)
    finally:
        book.close()
    if not number:
        _checked(seen, where, column, "column")


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _row(number: int, row: Mapping[str, str | None], column: str, where: str) -> Row:
    text = row.get(column) or ""
    if len(text) == _LONGEST_CELL:
        why = f"cut off at the {_LONGEST_CELL:,} characters that Excel keeps of a cell; give the report as a file"
        return number, text, UnreadableInput(f"{where}#{number}: {why}"), ()
    cells = _cells(row, column)
    try:
        return number, text, _known(cells), cells
    except UsageError as error:
        return number, text, UnreadableInput(f"{where}#{number}: {error}"), cells


def _cells(row: Mapping[Any, Any], column: str) -> Cells:
    """What a row says beside the text, cut where a cell is another long text; what stands beyond its headings has none."""
    told = ((name, value.strip()) for name, value in row.items() if isinstance(value, str) and name != column)
    held = [((name or "").strip() or _UNNAMED, value[:_LONGEST_CELL]) for name, value in told if value]
    return tuple(dict(held[:_MOST_COLUMNS]).items())


def _known(told: Cells) -> Known:
    """What a row says of its report beside the text.

    Raises:
        UsageError: a year or a kind that no report has.
    """
    by_heading = {heading.casefold(): value for heading, value in told}
    cells = {
        name: by_heading[heading]
        for name, headings in _COLUMNS.items()
        for heading in headings
        if heading in by_heading
    }
    year = _YEAR.fullmatch(cells.get("year", ""))
    if "year" in cells and not year:
        raise UsageError(
            f"year {cells['year']!r}: give the year that the report plans, such as 2025, or leave it empty"
        )
    kind: Any = cells.get("kind")
    return Known(int(year[1]) if year else None, kind, cells.get("place"), cells.get("code"))


def _xml(data: bytes, where: str, element: str | None) -> Iterator[Row]:
    """The elements of a name; entities are not expanded."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableInput(f"{where}: broken XML: {error}; correct it") from error
    if root.getroottree().docinfo.internalDTD is not None and next(root.iter(etree.Entity), None) is not None:
        raise UnreadableInput(f"{where}: holds entities of its own, which are not expanded; write them out")
    names = sorted({str(one.tag) for one in islice(root.iter(etree.Element), 100_000)})
    _checked(names, where, element, "element")
    for number, one in enumerate(root.iter(element), 1):
        yield _row(number, _beside(one) | {element or "": "".join(one.itertext())}, element or "", where)


def _beside(one: Any) -> dict[str, str]:
    """What an element's attributes say and, where it is the only one of its name there, what stands beside it."""
    above = one.getparent()
    if above is None or sum(other.tag == one.tag for other in above) > 1:
        return dict(one.attrib)
    beside = {str(other.tag): other.text or "" for other in above.iterchildren("*") if len(other) == 0}
    return {**dict(above.attrib), **beside, **dict(one.attrib)}
