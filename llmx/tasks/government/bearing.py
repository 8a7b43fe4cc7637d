"""What a chunk of a report bears out: also the end of a five-year plan that it names."""

from __future__ import annotations

import re

from llmx.prompting import Bearing

_PLAN = re.compile("十([一二三四五六七])五")
_DIGITS = "一二三四五六七"


class ReportBearing(Bearing):
    """The numbers, words and years that a chunk of a report bears out."""

    def year(self, year: int | None) -> bool:
        """Whether a year is the text's, or the end of a plan named there: 2025 of “十四五”."""
        if super().year(year):
            return True
        return year in {1950 + 5 * (11 + _DIGITS.index(digit)) + 5 for digit in _PLAN.findall(self.text)}
