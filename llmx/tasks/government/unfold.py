"""A list of projects under one quote becomes one shortest quote a project.

开工建设|清河大桥|、城西水厂二期           a verb, then the names: each quote runs from the verb to its name's end
青白高速|、城北枢纽|建成投用               the names, then how far they are: each runs from its name to the end
推进|甲|、|乙|等项目建设                  words that close the list belong to all: the whole quote for each
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Place = tuple[int, int]

_SHORTEST = 2
"""Fewer common characters don't place a name, and fewer others say nothing of a stage."""


_CLAUSE_END = re.compile("[，,；;]")


def unfold(quote: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each name with the shortest stretch of the quote that holds it and the words of its stage.

    Args:
        quote: verbatim, over the whole list.
        names: in the order of the quote; shared words may be distributed (宁东高铁 of 宁东、宁西高铁).

    Yields:
        A name and its part of the quote; the whole quote where the name's place is not clear.
    """
    places = list(_places(quote, names))
    clauses = list(_clauses(quote, places))
    if not clauses:
        yield from _unfolded(quote, names, places)
    for begin, end, held in clauses:
        inside = [(place[0] - begin, place[1] - begin) for place in places[held] if place]
        yield from _unfolded(quote[begin:end], names[held], inside)


def _clauses(quote: str, places: Sequence[Place | None]) -> Iterator[tuple[int, int, slice]]:
    """The clauses that name projects, each with the names in it; none unless each says something of its own.

    甲高铁正式通车，|乙枢纽建成投用: two clauses. 甲高铁，|乙枢纽建成投用: the first has no words of its own.
    """
    if None in places or not _CLAUSE_END.search(quote):
        return
    found, begin, first = [], 0, 0
    for end in [*(match.start() for match in _CLAUSE_END.finditer(quote)), len(quote)]:
        held = [place for place in places[first:] if place and place[1] <= end]
        if held:
            words = end - begin - sum(place[1] - place[0] for place in held) - len(held) + 1
            if words < _SHORTEST:
                return
            found.append((begin, end, slice(first, first + len(held))))
        begin, first = end + 1, first + len(held)
    if first == len(places):
        yield from found


def _unfolded(quote: str, names: Sequence[str], places: Sequence[Place | None]) -> Iterator[tuple[str, str]]:
    """Names and parts of a quote that is one clause."""
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


def _places(quote: str, names: Sequence[str]) -> Iterator[Place | None]:
    """Where each name, or the most of it, stands after the one before."""
    after = 0
    for name in names:
        at = quote.find(name, after)
        if at >= 0:
            place = (at, at + len(name))
        else:
            found = _longest(quote, name, after)
            if found is None:
                yield None
                continue
            place = found
        after = place[1]
        yield place


def _longest(quote: str, name: str, after: int) -> Place | None:
    """Where the longest piece of a name stands in a quote, the first of its length; None for none long enough.

    Whether a piece of some length is there falls with the length, so that it is found by halving: a few hundred searches
    for a name of two hundred characters, whatever they are.
    """
    best, shortest, longest = None, _SHORTEST, len(name)
    while shortest <= longest:
        size = (shortest + longest) // 2
        places = [quote.find(name[begin : begin + size], after) for begin in range(len(name) - size + 1)]
        at = min((place for place in places if place >= 0), default=-1)
        if at >= 0:
            best, shortest = (at, at + size), size + 1
        else:
            longest = size - 1
    return best
