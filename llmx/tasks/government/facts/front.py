"""The front matter of a report, folded so that a title over two lines and a date in full-width digits read the same."""

from __future__ import annotations

import re
from typing import NamedTuple

# Web pages put a menu and a caption before the title; past this, no report has yet begun to say whose it is.
_LONGEST = 2_000
_SALUTATION = re.compile(
    r"^[ \t\u3000*#]*(?:各\s?位\s?(?:代\s?表|委\s?员|领\s?导|同\s?志|来\s?宾)|主任、|主席团、|同志们[:：!！])",
    re.MULTILINE,
)
_FIRST_HEADING = re.compile(r"^[ \t\u3000*#]*(?:一、|（一）|第一(?:部分|章)|“?十[一二三四五]五”?时期)", re.MULTILINE)
_FOLDED = dict.fromkeys(" \t\r\u3000\xa0\u200b\ufeff*#", "") | dict(
    zip("０１２３４５６７８９．○ＯO", "0123456789.〇〇〇", strict=True)
)


Span = tuple[int, int]
# After the salutation: 现在，我代表县人民政府，向大会报告工作, and the first heading. What follows is the review.
_OPENING = 400


class Folded(NamedTuple):
    """A stretch of text without blanks and with half-width digits; line ends stay, one at a time."""

    words: str
    places: tuple[int, ...]
    """Where each of its characters stands in the document's text, and where the stretch ends."""

    def span(self, start: int, end: int) -> Span:
        """Offsets in the document's text of folded characters start to end."""
        return self.places[start], self.places[end - 1] + 1


class Front(NamedTuple):
    """What comes before a report's first section."""

    title: Folded
    """Title, meeting, date and speaker, with whatever a web page puts around them."""
    opening: Folded
    """From the salutation on: 现在，我代表县人民政府，向大会报告工作, and the first heading after it."""
    delimited: bool
    """Whether a salutation or a first heading ends the title; if not, the title runs into the body."""


def read_front(text: str) -> Front:
    """The front matter of a report.

    Args:
        text: a report's text; its first 2,000 characters are looked at.
    """
    head = text[:_LONGEST]
    ends = [found for found in (_SALUTATION.search(head), _FIRST_HEADING.search(head)) if found]
    end = min((found.start() for found in ends), default=len(head))
    return Front(_fold(head, 0, end), _fold(head, end, min(len(head), end + _OPENING)), bool(ends))


def _fold(text: str, start: int, end: int) -> Folded:
    words: list[str] = []
    places: list[int] = []
    for place in range(start, end):
        folded = _FOLDED.get(text[place], text[place])
        if folded and not (folded == "\n" and words[-1:] == ["\n"]):
            words.append(folded)
            places.append(place)
    return Folded("".join(words), (*places, end))
