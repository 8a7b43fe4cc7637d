"""How alike what a promise and a result name is: characters and their pairs, whatever their order, without words of doing."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from llmx.alternation import any_of
from llmx.tasks.government.indicators import plain

ROWS: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("follow.toml").read_text(encoding="utf-8")
)
"""What `follow` knows of words, by the kind of row."""


def _words(kind: str, **having: str) -> list[str]:
    """The words of the rows of a kind, as `plain` writes them."""
    rows = [row for row in ROWS[kind] if all(row.get(key) == value for key, value in having.items())]
    return [plain(word) for row in rows for word in row["words"]]


_MEANT = {plain(word): row["as"] for row in ROWS["same"] for word in row["words"]}
_SAME = re.compile(any_of(_MEANT))
_DOES = {plain(word): row["does"] for row in ROWS["action"] for word in row["words"]}
_ACTION = re.compile(any_of(_DOES))
_WINNING = re.compile(any_of(_words("winning")))
_NEUTRAL = re.compile(any_of(_words("neutral")))
_PART = re.compile(f"(?:{any_of(_words('part'))})+$")
_GENERIC = frozenset(_words("generic"))
_CONTRASTS = tuple({plain(word): one for one in row["words"] for word in one.split("/")} for row in ROWS["contrast"])
_CONTRASTING = tuple(re.compile(any_of(row)) for row in _CONTRASTS)
_NUMBERS = re.compile(r"[A-Z0-9.]+|[一二三四五六七八九十]+(?=[号期环桥横纵])")
_MARKS = re.compile(r"[^0-9A-Z一-龥]")
# What cannot be both: a stock and what was added to it, a beginning and an end.
_OPPOSED = (frozenset(("adds", "stock")), frozenset(("starts", "finishes")), frozenset(("starts", "stock")))


class Named(NamedTuple):
    """What words name, taken apart to be compared."""

    core: str
    """The words without those of doing."""
    does: frozenset[str]
    """Which kinds of doing stood among them."""
    numbers: frozenset[str]
    """Numbers and Latin letters: 5G, 3A."""
    contrasts: tuple[frozenset[str], ...]
    """For each row of contrasts its words that stand here."""


class Likeness(NamedTuple):
    """How alike two names are."""

    score: float
    """0 to 1; 1 where their cores are the same."""
    plain: bool
    """Whether what one has more than the other says nothing of its own."""
    one_sided: bool
    """Whether only one of them has words that the other lacks."""
    within: bool = False
    """Whether one holds the other, which says something by itself: 补贴性|职业技能培训."""


ALL_BUT = 0.95
"""The likeness of names that differ in words without a meaning of their own."""
HALF = 0.55
"""What is within another must be more than this share of it."""
APART = Likeness(0.0, False, False)
"""What cannot be one thing."""


@lru_cache(maxsize=65_536)
def named(words: str) -> Named:
    """Words of an indicator, or of a project's name, without what is done to it."""
    return _taken_apart(words)


@lru_cache(maxsize=16_384)
def status_named(words: str) -> Named:
    """Words of a status without those of winning it."""
    words = plain(words)
    return _taken_apart(_WINNING.sub("", words) or words)


def _taken_apart(words: str) -> Named:
    full = _SAME.sub(lambda match: _MEANT[match.group()], plain(words))
    does = frozenset(_DOES[word] for word in _ACTION.findall(full))
    core = _MARKS.sub("", _ACTION.sub("", full)) or _MARKS.sub("", full)
    return Named(
        core,
        does - {"says", "does"},
        frozenset(_NUMBERS.findall(full)),
        tuple(
            frozenset(row[word] for word in one.findall(full))
            for one, row in zip(_CONTRASTING, _CONTRASTS, strict=True)
        ),
    )


class Rarity:
    """How much of what two names share tells them from all others: a pair of characters that few names have tells most.

    Args:
        names: all names that are compared with each other.
    """

    def __init__(self, names: Iterable[Named]) -> None:
        held = [set(_grams(name.core)) for name in names]
        self._all, self._having = len(held), Counter(gram for grams in held for gram in grams)

    def shared(self, one: Named, other: Named) -> float:
        """0 to 1: what two names share, each pair of characters by how rare it is."""
        a, b = Counter(_grams(one.core)), Counter(_grams(other.core))
        total = self._weight(a) + self._weight(b)
        return 2 * self._weight(a & b) / total if total else 0.0

    def _weight(self, grams: Counter[str]) -> float:
        return sum(count * math.log(1 + self._all / self._having.get(gram, 1)) for gram, count in grams.items())


def _grams(core: str) -> list[str]:
    return [a + b for a, b in pairwise(core)] or [core]


def likeness(one: Named, other: Named) -> Likeness:
    """How alike two names are.

    Returns:
        `APART` where numbers, contrasted words or kinds of doing exclude each other.
    """
    if _counts_differ(one.numbers, other.numbers) or _excluded(one, other):
        return APART
    if one.core == other.core:
        return Likeness(1.0, True, True)
    short, long = sorted((one.core, other.core), key=len)
    shared = _shared(short, long)
    if not shared:
        return APART
    ends = max(1, len(short) + len(long) - 2)
    score = shared / (len(short) + len(long)) + _shared(pairwise(short), pairwise(long)) / ends
    bare = _NEUTRAL.sub("", one.core), _NEUTRAL.sub("", other.core)
    if bare[0] and bare[0] == bare[1] and bare[0] not in _GENERIC:
        return Likeness(max(score, ALL_BUT), True, True)
    within = short in long and len(short) > HALF * len(long) and short not in _GENERIC
    return Likeness(score, False, shared == len(short), within)


def _counts_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether numbers exclude each other; one in Chinese numerals may be left out: “三北”六期工程."""
    return one != other and bool((one and other) or any(number.isascii() for number in one | other))


def has_one_head(one: Named, other: Named) -> bool:
    """Whether two names end alike, as what is one thing does, whatever stands before: 机场高速 is no 机场."""
    cores = [one.core, other.core]
    whole = [_PART.sub("", core) or core for core in cores]
    bare = [_NEUTRAL.sub("", core) or core for core in whole]
    return any(pair[0][-2:] == pair[1][-2:] for pair in (cores, whole, bare))


def is_opposed(one: Named, other: Named) -> bool:
    """Whether one is of what was added and the other of the stock, or one of a beginning and the other of an end."""
    return any((one.does & pair) and (other.does & pair) and not (one.does & other.does & pair) for pair in _OPPOSED)


def _excluded(one: Named, other: Named) -> bool:
    differ = any(a and b and a != b for a, b in zip(one.contrasts, other.contrasts, strict=True))
    return differ or is_opposed(one, other)


def _shared(one: Iterable[Any], other: Iterable[Any]) -> int:
    """How many of their parts two names share."""
    left, count = Counter(other), 0
    for part in one:
        if left.get(part, 0):
            left[part] -= 1
            count += 1
    return count
