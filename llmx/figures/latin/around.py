"""What the words around a number in Latin script make of it: comparators and change."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from llmx.alternation import any_of
from llmx.figures.comparators import PLAIN, Compared
from llmx.figures.latin.rows import AFTER, BEFORE, BY, MOVES, Comparing
from llmx.figures.latin.scan import Token
from llmx.records import Comparator, Measure

_REACH = 28
"""How many characters before a number may hold the comparing words."""
_CLAUSE = 90
"""How far back a word of change is looked for."""


class _Comparing(NamedTuple):
    before: re.Pattern[str]
    leading: frozenset[str]
    """Last words of those before a number; most numbers follow something else, and need no search."""
    after: re.Pattern[str]
    said: dict[str, Comparator]


@lru_cache(maxsize=8)
def _comparing(language: str) -> _Comparing:
    said: dict[str, Comparator] = {}
    sides: list[list[str]] = []
    for rows in (BEFORE, AFTER):
        words = _forms(rows, language, said)
        sides.append(words)
    before, after = (any_of(words).replace(r"\ ", r"\s") for words in sides)
    return _Comparing(
        re.compile(
            rf"(?<![\w-])(?P<said>{before})(?:\s(?:the|a|an|another|a further|an additional|a total of|only))?\s?$",
            re.IGNORECASE,
        ),
        frozenset(word.split()[-1] for word in sides[0])
        | frozenset("the a an another further additional of only".split()),
        re.compile(rf"\s?(?P<said>{after})(?![\w])", re.IGNORECASE),
        said,
    )


def _forms(rows: tuple[Comparing, ...], language: str, said: dict[str, Comparator]) -> list[str]:
    """The words of the rows of a language, and what each says."""
    words = []
    for row in rows:
        if row.language in ("en", language):
            for word in row.words.split("|"):
                said[word] = row.comparator
                words.append(word)
    return words


def compare(text: str, token: Token, language: str) -> Compared:
    """Comparator and modifier of a number, and where they stand; a range says `between` alone."""
    known = _comparing(language)
    window = text[max(0, token.start - _REACH) : token.start]
    preceding = following = None
    if token.high is not None:
        preceding = re.search(r"\b(?P<said>between|from|entre|zwischen|von|de)\s(?:\w+\s)?$", window, re.IGNORECASE)
        return (
            Compared("range", preceding["said"], len(window) - preceding.start(), 0)
            if preceding
            else Compared("range", None, 0, 0)
        )
    last = window.split()[-1:] or [""]
    if last[0].lstrip('("“').lower() in known.leading or window[-1:] in "~≈":
        preceding = known.before.search(window)
    following = known.after.match(text, token.end)
    if not (preceding or following):
        return PLAIN
    words = [match["said"] for match in (preceding, following) if match]
    first = len(window) - preceding.start("said") if preceding else 0
    after = following.end() - token.end if following else 0
    key = " ".join((following or preceding)["said"].lower().split())  # type: ignore[index]
    return Compared(known.said[key], "…".join(words), first, after)


class Movement(NamedTuple):
    """What a figure measures, and whether it is a fall."""

    measure: Measure
    falls: bool


LEVEL = Movement("level", falls=False)
_LED = r"(?:only|just|again|further|another|an additional|a further|an average of|on average|year[- ]on[- ]year|by|of|\w+ly|the|a|an|some|to)"


class _Moving(NamedTuple):
    by: re.Pattern[str]
    direct: re.Pattern[str]
    of: re.Pattern[str]
    rate: re.Pattern[str]
    after: re.Pattern[str]
    falls: dict[str, bool]
    own: frozenset[str]


@lru_cache(maxsize=8)
def _moving(language: str) -> _Moving:
    rows = [row for row in MOVES if row.language in ("en", language)]
    falls = {word: row.falls for row in rows if row.kind != "name" for word in row.words.split()}
    names = {word: row.falls for row in rows if row.kind == "name" for word in row.words.split()}
    by = BY.get(language, "by") if language == "en" else f"by|{BY.get(language, 'by')}"
    adverbs = (
        r"(?:\s(?:only|just|again|further|another|an additional|a further|on average|year[- ]on[- ]year|\w{3,16}ly))"
    )
    compared = {
        "higher": False,
        "more": False,
        "faster": False,
        "larger": False,
        "up": False,
        "lower": True,
        "less": True,
        "fewer": True,
        "down": True,
        "slower": True,
        "smaller": True,
    }
    return _Moving(
        re.compile(
            rf"\b(?P<word>{any_of(falls | names)})\b[^.;:!?\d]{{0,60}}\b(?:{by}){adverbs}?(?:\sa(?:nother)?)?\s$",
            re.IGNORECASE,
        ),
        re.compile(rf"\b(?P<word>{any_of(falls)}){adverbs}{{0,2}}\s$", re.IGNORECASE),
        re.compile(rf"\b(?P<word>{any_of(names)})\b[^.;:!?\d]{{0,40}}\sof{adverbs}?\s$", re.IGNORECASE),
        re.compile(
            rf"\b(?P<word>growth)\b[^.;:!?\d]{{0,40}}\s(?:of|at|to|was|is|be|were|reach|reached|averaged|averaging|remained|hit|exceeded|between|target|forecast){adverbs}?\s$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"\s(?:[a-z-]{{2,14}}\s){{0,2}}?(?:(?P<name>{any_of(names)})\b(?!-)|(?P<word>{any_of(compared)})\b(?=\sthan\b|[.,;]|\s(?:on|from|year|compared|in)\b|\Z))"
        ),
        {**names, **falls, **compared},
        frozenset(word for row in rows if row.kind == "own" for word in row.words.split()),
    )


_BROKEN = re.compile(r"[;:!?\n(]|\.\s|,\s(?:and|but|while|with|which)\s")


def movement(text: str, token: Token, before: int, language: str) -> Movement | None:
    """What the words around a number make of it; None where no word of change stands by it.

    Args:
        text: the text.
        token: the number.
        before: how many characters before it its comparator begins: rose by |more than| 5%.
        language: the text's language.
    """
    known, kind = _moving(language), token.tail.kind
    first = token.start - before
    if token.signed and kind == "rate":
        return Movement("growth", falls=False)
    window = text[max(0, first - _CLAUSE) : first]
    if window[-1:].isspace() and (found := _before(window, known, kind, token.part)):
        return found
    if kind in ("rate", "points") and (match := known.after.match(text, token.end)):
        word = match[match.lastgroup or "word"].lower()
        return Movement("growth" if kind == "rate" else "change", known.falls[word])
    return None


def _before(window: str, known: _Moving, kind: str, part: bool) -> Movement | None:
    """What a word of change before a number makes of it."""
    breaks = [match.end() for match in _BROKEN.finditer(window)]
    clause = window[breaks[-1] :] if breaks else window
    rate = kind == "rate" or part
    if match := _last(known.by, clause) or _last(known.of, clause):
        word = match["word"].lower()
        return _moved(rate, known.falls[word])
    match = known.direct.search(clause)
    if match and (word := match["word"].lower()):
        if rate or kind == "points" or (word in known.own and kind in ("money", "unit")):
            return _moved(rate, known.falls[word])
        return LEVEL
    return Movement("growth", falls=False) if rate and not part and known.rate.search(clause) else None


def _last(pattern: re.Pattern[str], clause: str) -> re.Match[str] | None:
    """The match that begins last: of two words of change the nearer one."""
    found = None
    at = 0
    while match := pattern.search(clause, at):
        found, at = match, match.start() + 1
    return found


def _moved(rate: bool, falls: bool) -> Movement:
    return Movement("growth" if rate else "change", falls)


def resting(token: Token) -> Movement:
    """What a number is that nothing moves: a difference in points is a change, all else a level."""
    return Movement("change", falls=False) if token.tail.kind == "points" else LEVEL
