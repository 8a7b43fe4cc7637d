"""The formats, and which of them a file is: by its content, whatever its name says. Government sites name web pages .doc
and .docx."""

from __future__ import annotations

import re
from pathlib import Path

from llmx.documents.readers.content import Content
from llmx.documents.readers.damage import damaged
from llmx.documents.readers.reader import Reader, Refused, installed
from llmx.errors import LlmxError, NoTextInput, UnreadableInput, UsageError

_LARGEST = 200 << 20
"""Bytes that a package may unfold to, pictures included."""
_LARGEST_TREE = 16 << 20
"""Bytes of XML or HTML that are parsed at once: 31 MiB of text take 2 s and 0.3 GB, of empty paragraphs 35 s and 2.9 GB."""
_LARGEST_TABLE = 64 << 20
"""Bytes of the XML of a table."""
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<meta[\s]", re.IGNORECASE)
# The end of an element that is none of XML in general: a page copied without its head, or residues in a text.
_FRAGMENT = re.compile(
    rb"</(?:p|div|span|font|table|tbody|tr|td|th|li|ul|ol|h[1-6]|strong|em|section|article|center|sup|sub)\s*>",
    re.IGNORECASE,
)
_MAIL = re.compile(
    rb"(?:From|To|Subject|Date|MIME-Version|Received|Return-Path|Message-ID|Content-Type|X-[A-Za-z-]{1,40}|Delivered-To)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
_MAIL_SAYS = re.compile(rb"^(?:MIME-Version|Content-Type|Message-ID|Received)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_OFFICE = b"application/vnd.openxmlformats-officedocument."
_OPENDOCUMENT = "application/vnd.oasis.opendocument."
_WORD_XML = b"http://schemas.microsoft.com/office/word/2003/wordml"
_FLAT_WORD = b"http://schemas.microsoft.com/office/2006/xmlPackage"
_FLAT_OPENDOCUMENT = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def _is_docx(file: Content) -> bool:
    return "word/document.xml" in file.names or any(
        kind in file.types
        for kind in (_OFFICE + b"wordprocessingml.document.main", _OFFICE + b"wordprocessingml.template.main")
    )


def _is_odt(file: Content) -> bool:
    return file.mimetype.startswith(f"{_OPENDOCUMENT}text") or (_is_xml(file) and _FLAT_OPENDOCUMENT in file.head)


def _is_word_xml(file: Content) -> bool:
    return _is_xml(file) and (_WORD_XML in file.head or _FLAT_WORD in file.head)


def _is_slides(file: Content) -> bool:
    return _OFFICE + b"presentationml" in file.types or file.mimetype == f"{_OPENDOCUMENT}presentation"


def _is_picture(file: Content) -> bool:
    return file.start.startswith(_PICTURES) and (not file.start.startswith(b"BM") or b"\0" in file.start)


def _is_xml(file: Content) -> bool:
    return file.head.startswith(b"<?xml")


def _is_mail(file: Content) -> bool:
    return bool(_MAIL.match(file.head)) and bool(_MAIL_SAYS.search(file.head))


TEXT = Reader("text", (".txt", ".md"), lambda _: True, textual=True)
CSV = Reader("csv", (".csv",), lambda _: False, module="tables", gives="rows", textual=True)
HTML = Reader("html", (".html", ".htm", ".xhtml", ".shtml"), lambda file: bool(_HTML.search(file.head)),
              extra="html", needs=("lxml",), textual=True)  # fmt: skip
XML = Reader("xml", (".xml",), _is_xml, module="tables", extra="html", needs=("lxml",), gives="rows", textual=True)
_BY_NAME = {".csv": CSV, ".xml": XML}
"""What looks like any text, so that its name must tell it."""
READERS = (
    Reader("pdf", (".pdf",), lambda file: b"%PDF-" in file.start[:1024], extra="pdf", needs=("pypdfium2",), seconds=10),
    Reader("docx", (".docx", ".dotx"), _is_docx, extra="docx", needs=("docx",)),
    Reader("odt", (".odt", ".ott", ".fodt"), _is_odt, extra="odt", needs=("lxml",)),
    Reader("ofd", (".ofd",), lambda file: "OFD.xml" in file.names, extra="ofd", needs=("ofdkit",), seconds=10),
    Reader("epub", (".epub",), lambda file: file.mimetype == "application/epub+zip", extra="epub", needs=("lxml",)),
    Reader("xlsx", (".xlsx",), lambda file: _OFFICE + b"spreadsheetml.sheet.main" in file.types,
           module="tables", extra="xlsx", needs=("openpyxl",), gives="rows"),
    Reader("picture", (), _is_picture, extra="ocr", needs=("rapidocr", "onnxruntime", "PIL"), seconds=30),
    Reader("doc", (".doc", ".wps", ".dot", ".wpt"), lambda file: "WordDocument" in file.streams,
           extra="doc", needs=("doc2docx", "docx")),
    Reader("msg", (".msg",), lambda file: "__properties_version1.0" in file.streams,
           extra="msg", needs=("olefile",), gives="files"),
    Reader("rtf", (".rtf",), lambda file: file.head.startswith(b"{\\rtf")),
    Reader("7z", (".7z",), lambda file: file.start.startswith(b"7z\xbc\xaf\x27\x1c"),
           module="packed", extra="archives", needs=("libarchive",), gives="files"),
    Reader("rar", (".rar",), lambda file: file.start.startswith(b"Rar!\x1a\x07"),
           module="packed", extra="archives", needs=("libarchive",), gives="files"),
    Reader("gzip", (".gz", ".tgz"), lambda file: file.start.startswith(b"\x1f\x8b"), module="gzipped", gives="files"),
    Reader("tar", (".tar",), lambda file: file.start[257:262] == b"ustar", module="tarred", gives="files"),
    Reader("zip", (".zip",), lambda file: file.is_zip, module="zipped", gives="files"),
    Reader("Word 2003 XML", (), _is_word_xml, module="wordxml", extra="docx", needs=("docx",)),
    Reader("mail", (".eml", ".mht", ".mhtml"), _is_mail, gives="files", textual=True),
    HTML,
    XML,
)  # fmt: skip
"""What is read, the more special before the more general; all else is plain text."""

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_SQUEEZED = (b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"MSCF")
REFUSED = (
    Refused("protected", (), lambda file: "EncryptedPackage" in file.streams,
            "protected by a password; open it, save it without one and give that"),
    Refused("macros", (".docm", ".dotm"), lambda file: "word/vbaProject.bin" in file.names,
            "holds macros; save it as .docx without them and give that"),
    Refused("old table", (".xls", ".et"), lambda file: bool(file.streams & {"Workbook", "Book"}),
            "an old Excel file; save it as .xlsx and name the column that holds the text with --column"),
    Refused("old slides", (".ppt", ".dps"), lambda file: "PowerPoint Document" in file.streams,
            "slides; save their text as .docx or .txt and give that"),
    Refused("slides", (".pptx", ".odp"), _is_slides, "slides; save their text as .docx or .txt and give that"),
    Refused("table", (".ods",), lambda file: file.mimetype == f"{_OPENDOCUMENT}spreadsheet",
            "a spreadsheet; save it as .xlsx and name the column that holds the text with --column"),
    Refused("picture", (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp"),
            lambda file: _is_picture(file) and not (installed("rapidocr") and installed("onnxruntime")),
            "a picture; reading scans needs rapidocr; install it with: pip install 'llmx-extract[ocr]', or run text "
            "recognition over it and give its text", NoTextInput),
    Refused("archive", (".bz2", ".xz", ".zst", ".cab"), lambda file: file.start.startswith(_SQUEEZED),
            "an archive of a kind that is not opened; unpack it and give its files"),
    Refused("caj", (".caj", ".nh", ".kdh"), lambda file: file.start.startswith((b"CAJ\0", b"HN\0\0", b"KDH ")),
            "a CAJ file; save it as a PDF and give that"),
)  # fmt: skip
"""What is told only to be refused: a kind, what its files are called, how it is told, and what to do."""
_OTHER_OFFICE = "an old Office file that is no Word document; save it as .docx and give that"


def reader_of(file: Content, where: str, suffix: str = "") -> Reader:
    """Tell what reads a file.

    Args:
        file: what its bytes show.
        where: what messages call it.
        suffix: the end of its name, which tells a table (.csv) from other text.

    Raises:
        UnreadableInput: a kind that is not read, or a damaged file; the message says what to do instead.
        NoTextInput: a picture.
        UsageError: the library that tells one old Office file from another is not installed.
    """
    if file.is_ole and not installed("olefile"):
        raise UsageError(
            f"{where}: reading old Office files needs olefile; install it with: pip install 'llmx-extract[doc]'"
        )
    with damaged(where, "packed" if file.is_zip else "old Office"):
        refused = next((one for one in REFUSED if one.sniff(file)), None)
        reader = None if refused else next((one for one in READERS if one.sniff(file)), None)
    if refused:
        raise refused.error(f"{where}: {refused.advice}")
    if reader is None and file.is_ole:
        raise UnreadableInput(f"{where}: {_OTHER_OFFICE}")
    if reader is not None and reader.gives != "files":
        _check_size(file, where, _LARGEST_TREE if reader.gives == "text" else _LARGEST_TABLE)
    return (
        reader
        or _BY_NAME.get(suffix.lower())
        or (HTML if b"</" in file.markup and _FRAGMENT.search(file.markup) else TEXT)
    )


def is_certain(path: Path) -> bool:
    """Whether a file is a report whatever its name says: a PDF or a Word document is, what looks like text is not."""
    try:
        reader = reader_of(Content.of(path), path.name)
    except (LlmxError, OSError):
        return False
    return reader.gives == "text" and not reader.textual


def _check_size(file: Content, where: str, most: int) -> None:
    """Refuse a package or page that would take too much memory.

    Args:
        file: what its bytes show.
        where: what messages call it.
        most: the bytes of markup that are read.

    Raises:
        UnreadableInput: it is too large.
    """
    size = sum(member.file_size for member in file.members)
    if size > _LARGEST:
        raise UnreadableInput(f"{where}: unfolds to {size >> 20} MiB, more than the {_LARGEST >> 20} that are read")
    trees = [
        member.file_size for member in file.members if member.filename.endswith((".xml", ".rels", ".xhtml", ".html"))
    ]
    if file.head.startswith(b"<"):
        trees.append(file.size)
    if max(trees, default=0) > most:
        raise UnreadableInput(
            f"{where}: {max(trees) >> 20} MiB of markup, more than the {most >> 20} that are read; split it"
        )


SUFFIXES = tuple(suffix for one in (TEXT, *READERS) if one.gives == "text" for suffix in one.suffixes)
"""What reports are called."""
COLLECTIONS = tuple(suffix for one in (*READERS, CSV) if one.gives != "text" for suffix in one.suffixes)
"""What files are called that hold several reports."""
SHELVED = tuple(suffix for one in (TEXT, *READERS) if one.gives != "rows" for suffix in one.suffixes)
"""What is taken from a folder: reports, and what holds some. Tables are read where they are named outright."""
TOLD = tuple(suffix for one in REFUSED for suffix in one.suffixes)
"""What is taken from a folder to be refused by name: it may be a report."""
