"""A picture of a page, or of several as a fax or a scanner keeps them in one .tif: its text is recognised."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from llmx.documents.readers.drawn import LONGEST, MOST_PAGES, Drawn
from llmx.documents.readers.layout import as_text
from llmx.documents.readers.parsed import Parsed
from llmx.errors import NoTextInput, UnreadableInput

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
_LARGEST = 100_000_000
"""Pixels of a picture; a page of A3 at 600 dots an inch has 70 million."""


def parse(data: bytes, where: str) -> Parsed:
    """Read a picture.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph, with the box of each line in pixels of the picture.

    Raises:
        UnreadableInput: damaged or too large.
        NoTextInput: there is no text in it.
    """
    Image.MAX_IMAGE_PIXELS = None  # it is bounded here, with a message of ours
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:  # whose own words hold an address in memory
        raise UnreadableInput(f"{where}: a picture that is broken; open it, save it anew and give that") from error
    with picture:
        count = getattr(picture, "n_frames", 1)
        if count > MOST_PAGES:
            raise UnreadableInput(
                f"{where}: {count:,} pictures, more than the {MOST_PAGES} that are read; split the file"
            )
        from llmx.documents.readers.recognition import recognised  # slow to import

        parsed = as_text(list(recognised(_drawn(picture, where), count)))
    if not parsed.text:
        raise NoTextInput(f"{where}: a picture in which no text is found; give one of a page of text, or leave it out")
    return parsed


def _drawn(picture: Image.Image, where: str) -> Iterator[Drawn]:
    """The pages as they are to be looked at, not larger than need be.

    Raises:
        UnreadableInput: one is too large.
    """
    for frame in ImageSequence.Iterator(picture):
        width, height = frame.size
        if width * height > _LARGEST:
            size = f"{width} by {height} pixels"
            raise UnreadableInput(f"{where}: a picture of {size}, more than {_LARGEST:,}; scan it at 200 dots an inch")
        upright = ImageOps.exif_transpose(frame)
        width = upright.width
        small = _on_white(upright)
        small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        yield Drawn(np.asarray(small)[:, :, ::-1].copy(), width / small.width)


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")
