"""A list of projects under one quote becomes one shortest quote a project.

开工建设|清河大桥|、城西水厂二期           a verb, then the names: each quote runs from the verb to its name's end
青白高速|、城北枢纽|建成投用               the names, then how far they are: each runs from its name to the end
推进|甲|、|乙|等项目建设                  words that close the list belong to all: the whole quote for each
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_SHORTEST = 2
"""Fewer common characters don't place a name."""


def unfold(quote: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each name with the shortest stretch of the quote that holds it and the words of its stage.

    Args:
        quote: verbatim, over the whole list.
        names: in the order of the quote; shared words may be distributed (宁东高铁 of 宁东、宁西高铁).

    Yields:
        A name and its part of the quote; the whole quote where the name's place is not clear.
    """
    places = list(_places(quote, names))
    verb_first = bool(places) and places[0] is not None and places[0][0] > 0
    closed = not places or places[-1] is None or places[-1][1] < len(quote.rstrip())
    for name, place in zip(names, places, strict=True):
        if place is None:
            yield name, quote
        elif verb_first:
            whole = closed or name not in quote[: place[1]]
            yield name, quote if whole else quote[: place[1]]
        else:
            yield name, quote[place[0] :]


def _places(quote: str, names: Sequence[str]) -> Iterator[tuple[int, int] | None]:
    """Where each name, or the most of it, stands after the one before."""
    after = 0
    for name in names:
        at = quote.find(name, after)
        if at >= 0:
            place = (at, at + len(name))
        else:
            match = SequenceMatcher(None, quote, name, autojunk=False).find_longest_match(after)
            if match.size < _SHORTEST:
                yield None
                continue
            place = (match.a, match.a + match.size)
        after = place[1]
        yield place
