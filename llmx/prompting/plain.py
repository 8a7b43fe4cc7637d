"""Words of others without what no text has: what a terminal would obey, what no file can hold."""

from __future__ import annotations

import re

_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters (the first of every escape sequence among them), marks that turn the direction of writing, halves
of surrogate pairs, which UTF-8 has no bytes for, and what is no character."""


def plain(words: str) -> str:
    """Words without such characters."""
    return _UNFIT.sub("", words)
