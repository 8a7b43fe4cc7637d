"""Every number of a text in Latin script, with what it measures or why it measures nothing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache

from llmx.figures.comparators import PLAIN, Compared
from llmx.figures.figure import Figure
from llmx.figures.latin.around import LEVEL, Movement, compare, movement, resting
from llmx.figures.latin.forms import Forms, forms
from llmx.figures.latin.language import language_of
from llmx.figures.latin.numerals import numerals
from llmx.figures.latin.reasons import reason_of
from llmx.figures.latin.scan import Token, scan
from llmx.figures.latin.tails import Tail
from llmx.records import Number

_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"\s?(?:,|;|/|,?\s(?:and|or|und|et|y|to))\s")
_LONGEST = 8
_CARRIED = ("reference", "name", "document number")
"""Reasons that hold for a whole list: Sections 3 and 4."""


def find_latin_figures(text: str, start: int, end: int) -> list[Figure]:
    """Every number of text[start:end], in text order; see `llmx.figures.find_figures`.

    The unit of a figure: a scale in English, then the ISO 4217 code of a currency (`$3.2 billion` has 3.2 and `billion
    USD`), a unit as written (`km²`, `kilometres`), or the plural that follows right after (`homes`); what each is for
    comes last (`USD per barrel`). Values stay as written, never multiplied out.

    Raises:
        UsageError: Babel or text2num is not installed.
    """
    known = _known(text)
    language = known.lexicon.language
    found: list[Figure] = []
    run: list[Token] = []
    for token in scan(text, start, end, known):
        if run and not _follows(text, run[-1], token):
            found += _read(text, run, language)
            run = []
        run.append(token)
    return found + _read(text, run, language)


@lru_cache(maxsize=4)  # the pieces of one text
def _known(text: str) -> Forms:
    """The forms of a text's numbers: its language and its numerals, told by the whole of it."""
    words = Counter(_WORD.findall(text.lower()))
    language = language_of(words)
    return forms(language, numerals(words, language))


_IN = re.compile(r",?\s(?:in|for|by|during)\s")


def _follows(text: str, last: Token, token: Token) -> bool:
    """Whether a number goes on with a list: 3.3% in 2025 and 3.4% in 2026."""
    if not last.end < token.start <= last.end + _LONGEST:
        return False
    joint = _IN if _is_year(token) and not _is_year(last) else _BETWEEN
    return joint.fullmatch(text, last.end, token.start) is not None


def _is_year(token: Token) -> bool:
    return (
        token.bare
        and not token.worded
        and (token.reason == "date" or (not token.reason and 1900 <= token.value < 2100))
    )


def _read(text: str, run: list[Token], language: str) -> list[Figure]:
    """The figures of a list of numbers, or of one: 2.1%, 3.4% and 4.6% have one verb."""
    if len(run) > 1:
        run = _shared(run)
    figures: list[Figure] = []
    moved: Movement | None = None
    for token in run:
        said = compare(text, token, language)
        own = movement(text, token, said.before, language)
        if own is None and moved and moved.measure == _measured(token):
            own = moved
        moved = moved if _is_year(token) else own
        reason = reason_of(text, token, said.modifier is not None, own is not None)
        if figures and token.bare and figures[-1].reason in _CARRIED and reason in (None, "no unit"):
            reason = figures[-1].reason  # type: ignore[assignment]
        figures.append(_figure(text, token, own or resting(token), said, reason))
    return figures


def _measured(token: Token) -> str:
    """What a figure of a list must measure to go on with the movement before it."""
    return "growth" if token.tail.kind == "rate" else "change" if token.tail.kind == "points" else ""


def _shared(run: list[Token]) -> list[Token]:
    """A list with the unit of its end for those before it that have none: 3.4, 4.2 and 5.1 per cent."""
    tail: Tail | None = None
    shared = []
    for token in reversed(run):
        if token.reason:
            tail = None
        elif token.tail.kind in ("rate", "points", "money", "unit", "scale"):
            tail = token.tail
        elif token.bare and tail and not token.worded and token.value < 1500:
            token = replace(token, tail=replace(tail, end=0, begin=0))
        shared.append(token)
    return shared[::-1]


def _figure(text: str, token: Token, moved: Movement, said: Compared, reason: str | None) -> Figure:
    """A figure of a token with its surroundings read."""
    quiet = reason not in (None, "base", "threshold", "duration")
    if quiet:
        moved, said = LEVEL, PLAIN
    end = token.tail.begin if quiet and token.tail.kind == "count" and token.tail.begin else token.end
    return Figure(
        start=token.start,
        end=end,
        text=text[token.start : end],
        value=_fallen(token.value, moved),
        unit="" if quiet and token.tail.kind in ("", "scale", "count") else token.tail.unit,
        measure=moved.measure,
        comparator=said.comparator,
        value_max=None if token.high is None else _fallen(token.high, moved),
        modifier=said.modifier,
        before=said.before,
        after=said.after,
        reason=reason,
    )


def _fallen(value: Number, moved: Movement) -> Number:
    """A value with its sign: a fall is negative, however it is written."""
    return -value if moved.falls and value > 0 else value
