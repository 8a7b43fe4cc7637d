"""Files that hold many reports: archives of files, mails with attachments, and tables with a column of text."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath
from time import monotonic

from llmx.documents.document import Document, Known
from llmx.documents.inputs import SHELVED, STANDARD_INPUT, report_id, safe_name, shown
from llmx.documents.readers import damaged
from llmx.documents.readers.content import Content
from llmx.documents.readers.kinds import COLLECTIONS, SUFFIXES, reader_of
from llmx.documents.readers.member import Member
from llmx.documents.readers.reader import Reader
from llmx.documents.readers.tables import Cells, Row
from llmx.documents.reading import document_of, read_text, sheets_of
from llmx.errors import InputError, LlmxError, UnreadableInput

_LARGEST = 500 << 20
"""Bytes of a collection, and what an archive may unfold to with all that is nested in it."""
_LARGEST_MEMBER = 100 << 20
"""Bytes of one file in an archive."""
_MOST = 100_000
"""Reports of one file."""
_LONGEST_ID = 100
"""Characters of a cell that names a report."""
_DEEPEST = 4
"""Archives inside each other."""
_SECONDS, _SECONDS_A_MEMBER = 30.0, 2.0
"""What an archive may take with all that is nested in it: a report of 60 pages takes a second."""


def is_collection(path: Path) -> bool:
    """Whether a file may hold several reports: an archive, a mail or a table, by its content; a damaged one by its name."""
    if str(path) == STANDARD_INPUT or not path.is_file():
        return False
    try:
        return reader_of(Content.of(path), shown(path), path.suffix).gives != "text"
    except (LlmxError, OSError):  # which whoever reads it will say
        return path.suffix.lower() in COLLECTIONS


def expand(path: Path, column: str | None = None) -> Iterator[Document | InputError]:
    """The reports of a collection, in order; each that cannot be read comes as its error.

    Args:
        path: an archive or a mail, whose files are read as files are; a .csv, .xlsx or .xml.
        column: the column or element that holds the text of a report.

    Yields:
        Documents, called after the file and their place in it.
    """
    where = shown(path)
    try:
        file = Content.of(path)
        if file.size > _LARGEST:
            raise UnreadableInput(f"{where}: more than {_LARGEST >> 20} MiB; split it")
        reader = reader_of(file, where, path.suffix)
        yield from _Unpacking(where, column).all_of(reader, path.read_bytes(), where, report_id(path), 1)
    except InputError as error:
        yield error
    except OSError as error:
        yield UnreadableInput(f"{where}: cannot be read: {error.strerror}; check the path and its permissions")


class _Unpacking:
    """Takes a collection apart, within bounds that hold for it and all that is nested in it.

    Args:
        source: what messages call it.
        column: the column or element of tables that holds the text.
    """

    def __init__(self, source: str, column: str | None) -> None:
        self._source = source
        self._column = column
        self._bytes = self._members = 0
        self._begun = monotonic()

    def all_of(self, reader: Reader, data: bytes, where: str, id: str, depth: int) -> Iterator[Document | InputError]:
        """The reports of a file that holds some.

        Args:
            reader: what reads it.
            data: its bytes.
            where: what messages call it.
            id: what a report of its own text is called, and the rows of a table after it.
            depth: how many files it stands in, itself among them.

        Raises:
            InputError: it cannot be read, or a bound is passed.
        """
        if reader.gives == "rows":
            if self._column is None and (document := sheets_of(reader, data, id, where)) is not None:
                yield replace(document, source=where)
                return
            yield from self._rows(reader, data, where, id)
            return
        if depth > _DEEPEST:
            raise UnreadableInput(
                f"{where}: archives inside each other, more than {_DEEPEST} deep; unpack them by hand"
            )
        count = 0
        with damaged(where, reader.name):
            for member in reader.load(where).members(data, where):
                for one in self._member(member, data, where, id, depth):
                    count += 1
                    yield one
        if not count:
            raise UnreadableInput(f"{where}: no report in this {reader.name} file; {', '.join(SUFFIXES)} are read")

    def _member(self, member: Member, outer: bytes, above: str, id: str, depth: int) -> Iterator[Document | InputError]:
        """The reports of one member, or why it cannot be read."""
        if not member.name:
            yield replace(self._text(member.read(_LARGEST), above, id), sha256=hashlib.sha256(outer).hexdigest())
            return
        where, name = f"{above}#{PurePosixPath(member.name)}", PurePosixPath(member.name)
        if _is_passed_over(name):
            return
        self._count(member.size)
        try:
            data = self._bytes_of(member, where)
            file = Content.of(data)
            reader = reader_of(file, where, name.suffix)
            if not _is_wanted(reader, name.suffix, self._column):
                return
            if reader.gives == "text":
                yield self._text(data, where, report_id(Path(name.name)))
                return
            inner = self.all_of(reader, data, where, report_id(Path(name.name)), depth + 1)
        except _Bound:
            raise
        except InputError as error:
            yield _named(error, where)
            return
        yield from _guarded(inner, where)

    def _bytes_of(self, member: Member, where: str) -> bytes:
        """A member's bytes, as many as it says that it has or as it turns out to have.

        Raises:
            UnreadableInput: they are too many for one, or a bound of the whole is passed.
        """
        if member.size <= _LARGEST_MEMBER:
            with damaged(where, "packed"):
                data = member.read(_LARGEST_MEMBER + 1)
            self._count(0, len(data) - member.size)
            if len(data) <= _LARGEST_MEMBER:
                return data
        raise UnreadableInput(
            f"{where}: more than {_LARGEST_MEMBER >> 20} MiB; unpack it by hand and give it by itself"
        )

    def _text(self, data: bytes, where: str, id: str) -> Document:
        begun = monotonic()
        document = document_of(data, id, where)
        if document.scanned:  # whose pages have bounds of their own
            self._begun += monotonic() - begun
        return replace(document, source=where)

    def _rows(self, reader: Reader, data: bytes, where: str, id: str) -> Iterator[Document | InputError]:
        count, ended = 0, None
        rows = list[Row]()
        try:
            rows += islice(reader.load(where).rows(reader.name, data, where, self._column), _MOST + 1)
        except InputError as error:  # of a later row: those before it are read
            ended = error
        names = _names([cells for *_, cells in rows])
        for (number, text, known, cells), name in zip(rows, names, strict=True):
            if count == _MOST:
                raise UnreadableInput(f"{where}: more than {_MOST:,} reports; split the file")
            if isinstance(known, InputError):
                count += 1
                yield known
            elif text.strip():
                count += 1
                document = read_text(text, id=name or f"{id}-{number}")
                sha256 = _identity(document, known)
                yield replace(document, source=f"{where}#{number}", known=known, row=cells, sha256=sha256)
        if ended or not count:
            raise ended or UnreadableInput(f"{where}: no text in it; name another --column")

    def _count(self, size: int, more: int = 0) -> None:
        """Count a member of some size, or more bytes than it said that it has.

        Raises:
            UnreadableInput: a bound is passed.
        """
        self._bytes += size + more
        self._members += not more
        if self._bytes > _LARGEST:
            raise _Bound(f"{self._source}: unfolds to more than {_LARGEST >> 20} MiB; unpack it by hand")
        if self._members > _MOST:
            raise _Bound(f"{self._source}: more than {_MOST:,} files; split the archive")
        allowed = _SECONDS + _SECONDS_A_MEMBER * self._members
        if monotonic() - self._begun > allowed:
            raise _Bound(f"{self._source}: takes more than {allowed:.0f} s; unpack it by hand and give its files")


class _Bound(UnreadableInput):
    """A bound of the whole collection: what is left of it is not read."""


def _guarded(inner: Iterator[Document | InputError], where: str) -> Iterator[Document | InputError]:
    """What is in a nested file; what ends it comes last, as its error, and the outer one goes on."""
    try:
        yield from inner
    except _Bound:
        raise
    except InputError as error:
        yield _named(error, where)


def _named(error: InputError, where: str) -> InputError:
    return type(error)(str(error) if str(error).startswith(where) else f"{where}: {error}")


def _is_passed_over(name: PurePosixPath) -> bool:
    """Whether a member is none of those that a person put there: hidden, of macOS, or a saved page's own pictures."""
    beside_page = any(part.endswith(("_files", ".files")) for part in name.parts[:-1])
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in name.parts)
    return hidden or (beside_page and name.suffix.lower() not in SUFFIXES)


def _is_wanted(reader: Reader, suffix: str, column: str | None) -> bool:
    """Whether a member is a report or holds some: what looks like text is one by its name only, and tables are read where
    a column is named."""
    if reader.gives == "rows":
        return column is not None
    return not reader.textual or not suffix or suffix.lower() in SHELVED


def _names(rows: Sequence[Cells]) -> list[str]:
    """What each row is called by its column `id`, where no other of them is called so; empty where it is not."""
    ids = [next((value for heading, value in cells if heading.casefold() == "id"), "") for cells in rows]
    held = Counter(ids)
    return [safe_name(id) if id and held[id] == 1 and len(id) <= _LONGEST_ID else "" for id in ids]


def _identity(document: Document, known: Known) -> str | None:
    """What tells a row from any other: its text, and what its other columns say of it."""
    told = [str(value) for value in (known.year, known.kind, known.place, known.code) if value]
    return hashlib.sha256("\0".join([document.text, *told]).encode()).hexdigest() if told else document.sha256
