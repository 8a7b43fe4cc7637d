"""Pages of scans as small pictures, to be shown beside their text."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
from PIL import Image

from llmx.documents.readers.apart import heard
from llmx.documents.readers.picture import check_size, opened, upright

_HIGH = 1100
"""Pixels of the longer side: characters of 10 points can be read, and a page takes 40 KB."""
_QUALITY = 35


def pictures(data: bytes, where: str, numbers: str) -> bytes:
    """Pages of a PDF or of a picture as small pictures.

    Args:
        data: the file's bytes.
        where: what messages call it.
        numbers: the pages, from 1, with commas between.

    Returns:
        JSON: by page number a data: address of WebP, and the page's width and height in what its boxes count.
    """
    wanted = sorted(set(map(int, numbers.split(","))))
    pages = _of_pdf(data, wanted) if b"%PDF-" in data[:1024] else _of_picture(data, where, wanted)
    found = {}
    for number, (picture, width, height) in zip(wanted, pages, strict=False):  # a file may have fewer
        found[number] = {"url": _url(picture), "width": width, "height": height}
        heard()
    return json.dumps(found).encode()


def _of_pdf(data: bytes, wanted: list[int]) -> Iterator[tuple[Image.Image, float, float]]:
    with closing(pypdfium2.PdfDocument(data)) as document:
        for number in wanted:
            page = document[number - 1]
            width, height = page.get_size()
            yield page.render(scale=_HIGH / max(width, height)).to_pil(), width, height


def _of_picture(data: bytes, where: str, wanted: list[int]) -> Iterator[tuple[Image.Image, float, float]]:
    with opened(data, where) as picture:
        for number in wanted:
            picture.seek(number - 1)
            check_size(picture, where)
            page = upright(picture)
            yield page, page.width, page.height


def _url(picture: Image.Image) -> str:
    picture.thumbnail((_HIGH, _HIGH))
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"
