"""What happens to reports on their way: line ends, headings and titles lost, blanks exchanged, page marks strewn in.

Each corruption gives the changed text and where every offset of the old one stands in it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable

Changed = tuple[str, list[int]]
Corruption = Callable[[str], Changed]

_UPPER = r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}部分)"
_HEADING = re.compile(rf"^[ \t\u3000*#]*{_UPPER}[^\n。]{{0,60}}$\n?", re.MULTILINE)
_BLANKS = ("\xa0\xa0", "\u2002\u2002", "\u2003", "\u202f", "\u3000\u3000")


def _replaced(text: str, pieces: Iterable[tuple[int, int, str]]) -> Changed:
    """A text with stretches replaced; what was in a stretch stands at the end of what replaced it."""
    new: list[str] = []
    places: list[int] = []
    length = at = 0
    for start, end, words in sorted(pieces):
        new += [text[at:start], words]
        places += range(length, length + start - at)
        length += start - at + len(words)
        places += [length] * (end - start)
        at = end
    return "".join([*new, text[at:]]), [*places, *range(length, length + len(text) - at + 1)]


def without_line_ends(text: str) -> Changed:
    return _replaced(text, [(*match.span(), "") for match in re.finditer(r"[\r\n]+[ \t\u3000]*", text)])


def lines_joined_by_blanks(text: str) -> Changed:
    return _replaced(text, [(*match.span(), " ") for match in re.finditer(r"[\r\n]+[ \t\u3000]*", text)])


def without_upper_headings(text: str) -> Changed:
    return _replaced(text, [(*match.span(), "") for match in _HEADING.finditer(text)])


def without_one_heading(text: str) -> Changed:
    """The heading of the plan alone."""
    plans = [match for match in _HEADING.finditer(text) if re.search("安排|考虑|任务|要求", match.group())]
    return _replaced(text, [(*match.span(), "") for match in plans[:1]])


def without_title(text: str) -> Changed:
    found = re.search("各位代表", text[:1500]) or _HEADING.search(text)
    return _replaced(text, [(0, found.start(), "")] if found else [])


def with_other_blanks(text: str) -> Changed:
    """Paragraphs indented with blanks that are neither spaces nor U+3000."""
    draw = random.Random(1)
    return _replaced(
        text, [(*match.span(), draw.choice(_BLANKS)) for match in re.finditer(r"(?m)^[ \t\u3000]*(?=\S)", text)]
    )


def with_page_marks(text: str) -> Changed:
    """A page mark every 600 characters, in the middle of sentences, never inside a number."""
    marks = [at for at in range(600, len(text), 600) if not (text[at - 1].isdigit() or text[at].isdigit())]
    return _replaced(text, [(at, at, f"\n— {number} —\n") for number, at in enumerate(marks, 1)])


def with_an_annex(text: str) -> Changed:
    """Notes on words before a list of works, at the end."""
    annex = "\n名词解释\n1.“双碳”：指碳达峰和碳中和。\n2.“四好农村路”：指建好、管好、护好、运营好农村公路。\n2025年民生实事\n1.新建幼儿园3所。\n"
    return text.rstrip() + annex, list(range(len(text) + 1))


def twice(text: str) -> Changed:
    return f"{text}\n{text}", list(range(len(text) + 1))


def one_after_the_other(*corruptions: Corruption) -> Corruption:
    def corrupt(text: str) -> Changed:
        places = list(range(len(text) + 1))
        for corruption in corruptions:
            text, moved = corruption(text)
            places = [moved[place] for place in places]
        return text, places

    return corrupt


ALL: dict[str, Corruption] = {
    one.__name__: one
    for one in (
        without_line_ends,
        lines_joined_by_blanks,
        without_upper_headings,
        without_one_heading,
        without_title,
        with_other_blanks,
        with_page_marks,
        with_an_annex,
        twice,
    )
} | {
    "without_line_ends_and_upper_headings": one_after_the_other(without_upper_headings, without_line_ends),
    "without_line_ends_and_title": one_after_the_other(without_title, without_line_ends),
    "page_marks_without_line_ends": one_after_the_other(with_page_marks, lines_joined_by_blanks),
}
