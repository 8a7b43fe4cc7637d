"""Raised characters: a note's mark stands apart from the figure beside it, an exponent stays with its unit."""

from __future__ import annotations

import re

# One mark, or several beside each other: 1, [2], 注3, 1,2, 4-6.
_MARK = re.compile(
    r"[\[［(（〔]?\s*注?\s*([0-9０-９]{1,3}(?:\s*[,，、;\-–—~～]\s*[0-9０-９]{1,3}){0,9})\s*[\]］)）〕]?"
)
# km², Nm³, m/s², and the power of ten in 3×10⁸; GDP¹ has a note.
_EXPONENT_OF = re.compile(r"(?<![A-Za-z])(?:[kKcCdDmMuμnNhH]?[mM]|[sSRrxyz])$|[×xX*·]\s*10$")


def raised(before: str, text: str) -> str:
    """Raised text as it is written into a line.

    Args:
        before: the line so far.
        text: what is raised.

    Returns:
        A note's mark as `[1]`, which is read over, so that 12¹亿元 is not taken for 121亿元; all else as it is.
    """
    mark = _MARK.fullmatch(text.strip())
    if mark is None or takes_exponent(before):
        return text
    return f"[{mark[1]}]"


def takes_exponent(before: str) -> bool:
    """Whether what is raised after a text is an exponent: km², 3×10⁸."""
    return _EXPONENT_OF.search(before[-8:]) is not None
