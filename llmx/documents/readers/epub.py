"""An EPUB: the pages of its chapters in their order."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any
from urllib.parse import unquote

from lxml import etree

from llmx.documents.readers.html import lines_of
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.errors import UnreadableInput

_CONTAINER = "META-INF/container.xml"


def parse(data: bytes, where: str) -> Parsed:
    """Read an EPUB.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph; places are `chapter N, paragraph M`.

    Raises:
        UnreadableInput: a chapter is missing or protected.
    """
    parts = Parts()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for number, name in enumerate(_chapters(package), 1):
            if name not in package.namelist():
                raise UnreadableInput(f"{where}: the chapter {name!r} is missing in the file; get it anew")
            page = package.read(name)
            if b"<" not in page[:4096]:
                raise UnreadableInput(f"{where}: a protected book; give its text")
            lines = filter(str.strip, lines_of(page, where, whole=True))
            for paragraph, line in enumerate(lines, 1):
                parts.add(line, f"chapter {number}, paragraph {paragraph}")
    return parts.parsed()


def _chapters(package: zipfile.ZipFile) -> list[str]:
    """The names of the chapters' pages, without the table of contents."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    container = etree.fromstring(package.read(_CONTAINER), parser)
    book = container.xpath("string(//*[local-name()='rootfile']/@full-path)")
    root = etree.fromstring(package.read(book), parser)
    items = {item.get("id"): item for item in _all(root, "item")}
    wanted = [items[one.get("idref")] for one in _all(root, "itemref") if one.get("idref") in items]
    base = posixpath.dirname(book)
    return [
        posixpath.normpath(posixpath.join(base, unquote(item.get("href", ""))))
        for item in wanted
        if "nav" not in (item.get("properties") or "").split()
    ]


def _all(root: Any, name: str) -> list[Any]:
    return list(root.xpath(f"//*[local-name()='{name}']"))
