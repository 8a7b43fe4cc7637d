"""Words of time before a figure: in its sentence, at the beginning of its paragraph, in its headings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from llmx.alternation import any_of
from llmx.tasks.government.structure.years import FIVE_YEAR


class TimeWord(NamedTuple):
    """A word of a period before a figure."""

    tells: str
    start: int
    """Where it begins in the words before the figure."""
    end: int
    """Where it ends there."""
    match: re.Match[str]


_ROWS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("periods.toml").read_text(encoding="utf-8"))[
    "word"
]
_ONE_YEAR = frozenset(("year", "yearly"))
"""Words that only end what others said: looked for where there are others."""
_HINTS = re.compile(any_of(hint for row in _ROWS if row["tells"] not in _ONE_YEAR for hint in row["hints"]))
_WORDS = tuple((row["tells"], tuple(row["hints"]), re.compile(row["pattern"])) for row in _ROWS)
_REACH = 240
"""How far before a figure its sentence is read."""
TOPICS = frozenset(("year", "span", "plan", "range", "from", "part", "until", "as_of"))
"""Words that hold for the rest of their sentence, until another of them; the others hold for a figure or its list."""
SPANNING = frozenset(("span", "plan", "range", "from"))
"""Those of several years."""
_BULLETS = " *\u3000—-·（(一二三四五六七八九十、）)"
_OPENING, _PARAGRAPH = 24, 1500
"""How many characters of a paragraph may open it, and how long it may go on."""


def sentence_before(text: str, start: int) -> str:
    """The words before a figure in its sentence, which may go on after a semicolon."""
    near = text[max(0, start - _REACH) : start]
    at = max(near.rfind("。"), near.rfind("！"), near.rfind("？"), near.rfind("\n"))
    while at > 0 and near[at] == "\n" and near[:at].rstrip() and near[:at].rstrip()[-1] not in "。！？；：”）":
        at = max(near.rfind(mark, 0, at) for mark in "。！？\n")  # a line end within a sentence
    return near[at + 1 :]


def time_words(before: str, also: bool) -> list[TimeWord]:
    """The words of periods before a figure, in text order; of two in one place the longer one.

    Args:
        before: the words before the figure in its sentence.
        also: whether words of one year are asked for where there are no others.
    """
    found = list(_found(before, one_year=False)) if _HINTS.search(before) else []
    if not found and not also:
        return []
    found += _found(before, one_year=True)
    found.sort(key=lambda word: (word.start, -word.end))
    kept: list[TimeWord] = []
    for word in found:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def _found(before: str, one_year: bool) -> Iterator[TimeWord]:
    """Words of one year, or all others."""
    for tells, hints, pattern in _WORDS:
        if (tells in _ONE_YEAR) is not one_year:
            continue
        for hint in hints:
            if hint in before:
                yield from (TimeWord(tells, *match.span(), match) for match in pattern.finditer(before))
                break


def opened_by(text: str, start: int) -> TimeWord | None:
    """The span that opens the paragraph of a sentence, in one before it: 五年来，经济稳中有进。|新建公路300公里.

    Another time that is told between them ends it.

    Args:
        text: the document's text.
        start: where the sentence begins.
    """
    near = max(0, start - _PARAGRAPH)
    first = text.rfind("\n", near, start) + 1
    if first == 0 < near or not (said := _leading(text[first : min(first + _OPENING, start)])):
        return None
    told = any(word.tells in TOPICS for word in time_words(text[first + said.end : start], also=True))
    return None if told else said


@lru_cache(maxsize=512)
def _leading(opening: str) -> TimeWord | None:
    """The span of years that a paragraph begins with."""
    first = next((word for word in time_words(opening, also=True) if word.tells in TOPICS), None)
    leads = first is not None and not opening[: first.start].strip(_BULLETS)
    return first if leads and first is not None and first.tells in SPANNING else None


@lru_cache(maxsize=512)
def headed_by(headings: tuple[str, ...]) -> TimeWord | None:
    """The span of years that the innermost heading with a word of time names; None where it names a year or two spans."""
    for heading in reversed(headings):
        if len(set(FIVE_YEAR.findall(heading))) > 1:
            return None
        words = [word for word in time_words(heading, also=True) if word.tells in TOPICS]
        if words:
            one = len({word.match.group() for word in words}) == 1 and words[0].tells in SPANNING
            return words[0] if one else None
    return None
