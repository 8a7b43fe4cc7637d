"""One number of a text, with what it says and what it does not."""

from __future__ import annotations

from dataclasses import dataclass

from llmx.records import Comparator, Measure, Number


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text; offsets count Unicode code points of the text it was found in."""

    start: int
    """Where the number begins."""
    end: int
    """Where the number with its unit ends, exclusive: `text[start:end]` is the figure as written."""
    text: str
    """The number with its unit, verbatim: `4058.1 万人次`, `3000余件`, `2.09∶1`."""
    value: Number
    """The number as written, never multiplied out (256.9 with 亿元); negative for a fall under growth and change."""
    unit: str
    """What follows the number, without 余/多 and spaces: 亿元, 万人次, %, 个百分点, :1; in a list that shares a unit,
    that of the list's end; empty if nothing follows, and for dates."""
    measure: Measure = "level"
    """level, growth (relative change in %) or change (absolute difference)."""
    comparator: Comparator = "="
    """From the words around the number: 以上, 超过, 余, 左右, 以内, …"""
    value_max: Number | None = None
    """Upper end of a range."""
    modifier: str | None = None
    """The words that made the comparator or the commitment, as written: 以上, 左右, 力争, 控制在…以内."""
    before: int = 0
    """How many characters before the number its modifier begins: 2 in 力争5%."""
    after: int = 0
    """How many characters after the number with its unit its modifier ends: 2 in 5%左右."""
    reason: str | None = None
    """None if the number measures something; else why it does not, one of `reasons.REASONS`: date, name, rank, …"""
