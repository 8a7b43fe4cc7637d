"""Pairs of promises and results that may be of one thing, and which of them are taken: none shares either with another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from llmx.tasks.government.records import Achievement, Project, Target

DOUBTED = 0.5
"""From here on a pair that nothing decides is told as doubtful; what is less alike is a question for a model alone."""
MARGIN = 0.08
"""By how much the best must beat the second."""
APART_BY = 0.12
"""By how much a pair that rare words tell must beat the second."""
JoinedBy = Literal["words", "likeness", "model"]

P = TypeVar("P", Target, Project)
R = TypeVar("R", Achievement, Project)


class Pair(NamedTuple, Generic[P, R]):
    """A promise and a result that may be of one thing."""

    promise: P
    result: R
    score: float
    """1 where both have one id or the same words."""
    comparable: bool
    """Whether period and scope are the same."""
    sure: bool
    """Whether words alone decide."""
    shared: float = 0.0
    """What the names share, by rarity."""
    likely: bool = False
    """Whether rare words decide, where no other pair is as good; else it is doubtful at best."""
    by: JoinedBy = "words"
    """What joined it."""


@dataclass
class Joined(Generic[P, R]):
    """What was found for the promises of a report."""

    pairs: dict[str, Pair[P, R]] = field(default_factory=dict)
    """By the promise's id."""
    doubtful: dict[str, list[Pair[P, R]]] = field(default_factory=dict)
    """By the id of a promise without a pair: what may be it, likeliest first."""
    ties: dict[str, list[R]] = field(default_factory=dict)
    """By the promise's id: results as good as the one taken, with another value."""
    dismissed: dict[str, list[Pair[P, R]]] = field(default_factory=dict)
    """By the promise's id: what a model says not to be it."""

    def decide(self, of: str, result: str | None) -> None:
        """Enter what a model says of a doubtful promise.

        Args:
            of: the promise's id.
            result: the id of what it says to be it; one that was never likely, or is another promise's, changes nothing.
        """
        pairs = self.doubtful.get(of, [])
        if result is None:
            self.dismissed[of] = self.doubtful.pop(of, [])
        pair = next((one for one in pairs if one.result.id == result), None)
        if pair is not None:
            self.doubtful.pop(of)
            self.pairs[of] = pair._replace(by="model")
            for other, left in list(self.doubtful.items()):
                self.doubtful[other] = [one for one in left if one.result.id != result]

    def told(self, of: str) -> list[Pair[P, R]]:
        """What may be a promise and is alike enough to be told of."""
        return [one for one in self.doubtful.get(of, ()) if _doubted(one)]


def assigned(pairs: Sequence[Pair[P, R]]) -> Joined[P, R]:
    """Pairs of which none shares a promise or a result with another: what words decide, then what rare words decide, and
    what cannot be compared where nothing else is left."""
    found: Joined[P, R] = Joined()
    comparable = [one for one in pairs if one.comparable]
    _take([one for one in comparable if one.sure], comparable, found, lambda one: one.score, MARGIN)
    _take([one for one in comparable if one.likely], comparable, found, lambda one: one.shared, APART_BY)
    for one in _open(comparable, found):
        found.doubtful.setdefault(one.promise.id, []).append(one)
    others = [
        one for one in pairs if not one.comparable and not any(map(_doubted, found.doubtful.get(one.promise.id, ())))
    ]
    _take([one for one in others if one.sure], others, found, lambda one: one.score, MARGIN)
    for of in found.pairs:
        found.doubtful.pop(of, None)
    return found


def _doubted(pair: Pair[Any, Any]) -> bool:
    """Whether an undecided pair is to be told of."""
    return pair.score >= DOUBTED or pair.likely


def _open(pairs: Iterable[Pair[Any, Any]], found: Joined[Any, Any]) -> list[Pair[Any, Any]]:
    """The pairs whose promise and result are both free, likeliest first."""
    taken = {one.result.id for one in found.pairs.values()}
    free = [one for one in pairs if one.promise.id not in found.pairs and one.result.id not in taken]
    return sorted(free, key=lambda one: (-one.score, one.result.start or 0))


def _take(
    wanted: Sequence[Pair[Any, Any]],
    among: Sequence[Pair[Any, Any]],
    found: Joined[Any, Any],
    worth: Callable[[Pair[Any, Any]], float],
    margin: float,
) -> None:
    """Take pairs, the best first, as long as no open pair of the same promise or result is as good within the margin.

    Args:
        wanted: pairs that may be taken.
        among: all that may rival them.
        found: what was taken before, and what is taken.
        worth: how good a pair is.
        margin: by how much it must beat the others.
    """
    by_promise: dict[str, list[Pair[Any, Any]]] = {}
    by_result: dict[str, list[Pair[Any, Any]]] = {}
    for one in among:
        by_promise.setdefault(one.promise.id, []).append(one)
        by_result.setdefault(one.result.id, []).append(one)
    taken = {one.result.id for one in found.pairs.values()}
    order = [*wanted]
    order.sort(key=lambda one: (-worth(one), _is_loose(one.result), one.promise.start or 0, one.result.start or 0))
    for pair in order:
        of, own = pair.promise.id, by_promise[pair.promise.id]
        if of in found.pairs or pair.result.id in taken:
            continue
        rivals = [one for one in (*own, *by_result[pair.result.id]) if _rivals(pair, one, found, taken)]
        if any(worth(one) > worth(pair) - margin for one in rivals):
            continue
        found.pairs[of] = pair if pair.sure else pair._replace(by="likeness")
        taken.add(pair.result.id)
        if ties := _ties(pair, own, taken):
            found.ties[of] = ties


def _is_loose(result: Achievement | Project) -> bool:
    """Whether a figure is a round way to tell a result that another may tell exactly: 突破3万家，达到3.05万家."""
    return getattr(result, "comparator", "=") not in ("=", None)


def _rivals(pair: Pair[Any, Any], other: Pair[Any, Any], found: Joined[Any, Any], taken: set[str]) -> bool:
    """Whether another pair of the same promise or result is still open; of several that are surely it the first is
    taken, and the others are told as ties."""
    if other is pair or other.promise.id in found.pairs or other.result.id in taken:
        return False
    return not other.score == pair.score == 1


def _ties(pair: Pair[Any, Any], own: Iterable[Pair[Any, Any]], taken: set[str]) -> list[Any]:
    """Results as good as the one taken that say another thing."""
    return [
        one.result
        for one in own
        if one is not pair
        and one.score == pair.score
        and one.result.id not in taken
        and _said(one.result) != _said(pair.result)
    ]


def _said(result: Achievement | Project) -> object:
    return result.stage if isinstance(result, Project) else result.base_value
