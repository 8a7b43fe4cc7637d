"""Years counted from 1912, as texts from Taiwan count them: 104年 is 2015 there, and no span of 104 years."""

from __future__ import annotations

import re

from llmx.figures.figure import Figure

_SAID = re.compile(r"民[国國] ?\d{1,3} ?年")
_LATEST = 199
_SPAN = re.compile(r"年(?:的|[来來]|[间間]|[历歷]|以[来來上内內下]|之|多|[余餘])")


def numbered_from_1912(text: str) -> bool:
    """Whether a text names a year of the Republic, and so may count its other years alike."""
    return ("民国" in text or "民國" in text) and _SAID.search(text) is not None


def year_of_the_republic(text: str, figure: Figure) -> bool:
    """Whether a figure of such a text is a year: 104年度, 截至103年底; 104年的历史 is a span of time, as 5年 is.

    Args:
        text: the text that the figure stands in.
        figure: any figure of it.
    """
    if figure.unit not in ("年", "个年度") or not isinstance(figure.value, int):
        return False
    if text[max(0, figure.start - 3) : figure.start].rstrip().endswith(("民国", "民國")):
        return True
    return 80 <= figure.value <= _LATEST and not _SPAN.match(text, figure.end - 1)
