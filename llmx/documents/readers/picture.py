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

_SLIMMEST = 4
"""How many times as long as wide a picture is that is shrunk to be looked at; the characters of a longer one would go."""


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
    with opened(data, where) as picture:
        count = getattr(picture, "n_frames", 1)
        if count > MOST_PAGES:
            raise UnreadableInput(
                f"{where}: {count:,} pictures, more than the {MOST_PAGES:,} that are read; split the file"
            )
        from llmx.documents.readers.recognition import recognised  # slow to import

        parsed = as_text(list(recognised(_drawn(picture, where), count)))
    if not parsed.text:
        raise NoTextInput(f"{where}: a picture in which no text is found; give one of a page of text, or leave it out")
    return parsed


def opened(data: bytes, where: str) -> Image.Image:
    """A picture, not yet decoded.

    Raises:
        UnreadableInput: it is damaged.
    """
    Image.MAX_IMAGE_PIXELS = None  # it is bounded by `check_size`, with a message of ours
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:  # whose own words hold an address in memory
        raise UnreadableInput(f"{where}: a picture that is broken; open it, save it anew and give that") from error


def check_size(picture: Image.Image, where: str) -> None:
    """Make sure that a picture is not too large to be decoded, nor too long to be looked at.

    Raises:
        UnreadableInput: it is.
    """
    if picture.width * picture.height > _LARGEST:
        size = f"{picture.width} by {picture.height} pixels"
        raise UnreadableInput(f"{where}: a picture of {size}, more than {_LARGEST:,}; scan it at 200 dots an inch")
    if max(picture.size) > max(LONGEST, _SLIMMEST * min(picture.size)):
        raise UnreadableInput(
            f"{where}: a picture of {picture.width} by {picture.height} pixels, too long for a page; cut it into pages and "
            "give those"
        )


def upright(picture: Image.Image) -> Image.Image:
    """A picture as it is shown: turned as its camera says, on white paper."""
    turned = ImageOps.exif_transpose(picture)
    if "A" not in turned.getbands() and "transparency" not in turned.info:
        return turned.convert("RGB")
    paper = Image.new("RGBA", turned.size, "white")
    paper.alpha_composite(turned.convert("RGBA"))
    return paper.convert("RGB")


def _drawn(picture: Image.Image, where: str) -> Iterator[Drawn]:
    """The pages as they are to be looked at, not larger than need be."""
    for frame in ImageSequence.Iterator(picture):
        check_size(frame, where)
        small = upright(frame)
        width = small.width
        small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        yield Drawn(np.asarray(small)[:, :, ::-1].copy(), width / small.width)
