"""A page's picture, as text recognition takes it, and its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

DPI = 200
"""What pages are drawn at: what scanners are set to; more gives no other text and costs time."""
LONGEST = 3400
"""Pixels of a picture's longer side that are looked at; A3 at 200 dots an inch has 3,307."""
MOST_PAGES = 1_000
"""Pages of one file that are recognised; they take an hour."""


class Drawn(NamedTuple):
    """A page's picture."""

    pixels: np.ndarray[Any, Any]
    """Rows of blue, green and red."""
    unit: float
    """How much of a point on a PDF's page, or of a pixel of its file, one pixel is."""
