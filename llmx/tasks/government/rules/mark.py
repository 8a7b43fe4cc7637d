"""A figure's place within the chunk at hand."""

from __future__ import annotations

from typing import NamedTuple

from llmx.records import Measure


class Mark(NamedTuple):
    """A figure that measures something, with offsets into the chunk's own text."""

    number: int
    """The figure's number in the chunk, from 1."""
    start: int
    end: int
    unit: str
    measure: Measure
