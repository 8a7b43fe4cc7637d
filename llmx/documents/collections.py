"""Files that hold many reports: archives of files, and tables with a column of text."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from llmx.documents.decode import decode
from llmx.documents.document import Document, Known
from llmx.documents.inputs import SUFFIXES, report_id, shown
from llmx.documents.readers import damaged
from llmx.documents.reading import read, read_text
from llmx.errors import InputError, UnreadableInput, UsageError

_LARGEST = 500 << 20
"""Bytes of a collection, and what an archive may unfold to."""
_MOST = 100_000
"""Reports of one file."""
_LONGEST_FIELD = 20 << 20
"""Characters of a table's cell."""
_TABLES = (".csv", ".xml")


def is_collection(path: Path) -> bool:
    """Whether a file may hold several reports: a .zip, a .csv or an .xml."""
    return path.suffix.lower() in (".zip", *_TABLES)


def expand(path: Path, column: str | None = None) -> Iterator[Document | InputError]:
    """The reports of a collection, in order; each that cannot be read comes as its error.

    Args:
        path: a .zip, whose files are read as files are; a .csv or .xml.
        column: the column or element that holds the text of a report.

    Yields:
        Documents, called after the file and their place in it.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableInput(f"{shown(path)}: more than {_LARGEST >> 20} MiB; split it")
        data = path.read_bytes()
        if path.suffix.lower() == ".zip":
            yield from _unpacked(data, path)
            return
        if not column:
            raise UnreadableInput(f"{shown(path)}: which column or element holds the text? Name it with --column")
        kind = path.suffix.lower()[1:]
        elements = ((number, text, Known()) for number, text in _elements(data, path, column))
        with damaged(shown(path), kind):
            yield from _documents(_rows(data, path, column) if kind == "csv" else elements, path)
    except InputError as error:
        yield error
    except OSError as error:
        yield UnreadableInput(f"{shown(path)}: cannot be read: {error.strerror}; check the path and its permissions")


def _documents(texts: Iterable[tuple[int, str, Known | InputError]], path: Path) -> Iterator[Document | InputError]:
    count = 0
    for number, text, known in texts:
        if count == _MOST:
            raise UnreadableInput(f"{shown(path)}: more than {_MOST:,} reports; split the file")
        if isinstance(known, InputError):
            count += 1
            yield known
        elif text.strip():
            count += 1
            document = read_text(text, id=f"{report_id(path)}-{number}")
            yield replace(document, source=f"{shown(path)}#{number}", known=known, sha256=_identity(document, known))
    if not count:
        raise UnreadableInput(f"{shown(path)}: no text in it; name another --column")


def _identity(document: Document, known: Known) -> str | None:
    """What tells a row from any other: its text, and what its other columns say of it."""
    told = [str(value) for value in (known.year, known.kind, known.place) if value]
    return hashlib.sha256("\0".join([document.text, *told]).encode()).hexdigest() if told else document.sha256


def _unpacked(data: bytes, path: Path) -> Iterator[Document | InputError]:
    """The files of an archive that are reports by their suffix."""
    with damaged(shown(path), "zip"), zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(SUFFIXES)]
        if sum(entry.file_size for entry in entries) > _LARGEST:
            raise UnreadableInput(f"{shown(path)}: unfolds to more than {_LARGEST >> 20} MiB; unpack it by hand")
        if len(entries) > _MOST:
            raise UnreadableInput(f"{shown(path)}: more than {_MOST:,} reports; split the archive")
        if not entries:
            raise UnreadableInput(f"{shown(path)}: no report in this archive; {', '.join(SUFFIXES)} are read")
        for entry in entries:
            name = PurePosixPath(_name(entry))
            yield _member(archive, entry, f"{shown(path)}#{name}", report_id(Path(name.name)))


def _name(entry: zipfile.ZipInfo) -> str:
    """A member's name; archives made on Chinese Windows hold GBK, which zipfile takes for code page 437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str, id: str) -> Document | InputError:
    if entry.flag_bits & 1:
        return UnreadableInput(f"{where}: protected by a password; unpack it by hand")
    try:
        with damaged(where, "zip"), archive.open(entry) as file:
            data = file.read(_LARGEST + 1)
        document = read(data, id=id)
    except InputError as error:
        return type(error)(str(error) if str(error).startswith(where) else f"{where}: {error}")
    return Document(id, document.text, where, document.encoding, document.sha256, document.places)


def _rows(data: bytes, path: Path, column: str) -> Iterator[tuple[int, str, Known | InputError]]:
    """Row numbers, from 1, the column's texts, and what other columns say of them."""
    text, _ = decode(data, shown(path))
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if column not in (rows.fieldnames or ()):
            raise UnreadableInput(f"{shown(path)}: no column {column!r}; it has {rows.fieldnames}")
        for number, row in enumerate(rows, 1):
            try:
                yield number, row[column] or "", _known(row, column)
            except UsageError as error:
                yield number, "", UnreadableInput(f"{shown(path)}#{number}: {error}")
    except csv.Error as error:
        raise UnreadableInput(f"{shown(path)}, line {rows.line_num}: {error}; correct the line") from error


_COLUMNS = {"year": ("year", "年份", "年度"), "kind": ("kind",), "place": ("place", "region", "地区", "地名")}
"""Columns that say what is known of a report, by their headings."""
_YEAR = re.compile("((?:19|20)[0-9]{2})(?:年|年度)?")


def _known(row: Mapping[str, str | None], column: str) -> Known:
    """What a row says of its report beside the text.

    Raises:
        UsageError: a year or a kind that no report has.
    """
    cells = {
        name: (row.get(heading) or "").strip()
        for name, headings in _COLUMNS.items()
        for heading in headings
        if heading != column and (row.get(heading) or "").strip()
    }
    year = _YEAR.fullmatch(cells.get("year", ""))
    if "year" in cells and not year:
        raise UsageError(
            f"year {cells['year']!r}: give the year that the report plans, such as 2025, or leave it empty"
        )
    kind: Any = cells.get("kind")
    return Known(int(year[1]) if year else None, kind, cells.get("place"))


def _elements(data: bytes, path: Path, element: str) -> Iterator[tuple[int, str]]:
    """Numbers, from 1, and texts of the elements of a name; entities are not expanded."""
    try:
        from lxml import etree
    except ImportError as error:
        raise UsageError(f"{shown(path)}: reading xml needs lxml: pip install 'llmx-extract[html]'") from error
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableInput(f"{shown(path)}: broken XML: {error}; correct it") from error
    if root.getroottree().docinfo.internalDTD is not None and next(root.iter(etree.Entity), None) is not None:
        raise UnreadableInput(f"{shown(path)}: holds entities of its own, which are not expanded; write them out")
    found = list(root.iter(element))
    if not found:
        names = sorted({str(one.tag) for one in root.iter(etree.Element)})[:20]
        raise UnreadableInput(f"{shown(path)}: no element {element!r}; it has {names}")
    for number, one in enumerate(found, 1):
        yield number, "".join(one.itertext())
