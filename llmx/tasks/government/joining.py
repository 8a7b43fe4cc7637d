"""Which result of a later report each promise of an earlier one meets: at most one, and each result at most one promise.

pairs that can be one thing, with how alike they are → the best first → where the second best is as near: doubtful
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar

from llmx.tasks.government.alike import APART, ROWS, Likeness, likeness, named, status_named
from llmx.tasks.government.indicators import built_in
from llmx.tasks.government.records import Achievement, Project, Target
from llmx.tasks.government.scope import PARTS

SURE = 0.72
"""From here on words are taken for one thing, if nothing else speaks against it."""
SURE_NAME = 0.8
"""The same for names of projects and statuses, which no value bears out."""
POSSIBLE = 0.5
"""Below this nothing is said of a pair."""
MARGIN = 0.08
"""By how much the best must beat the second."""
NEAR = (0.75, 1.4)
"""Result over promise: so near a value bears out words that are not quite the same."""
USUAL = (0.2, 5.0)
"""Result over promise of one level: beyond it is another quantity, unless the vocabulary says that it is the same."""

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
    """Whether words alone decide; else it is doubtful at best."""


@dataclass
class Joined(Generic[P, R]):
    """What was found for the promises of a report."""

    pairs: dict[str, Pair[P, R]] = field(default_factory=dict)
    """By the promise's id."""
    doubtful: dict[str, list[Pair[P, R]]] = field(default_factory=dict)
    """By the id of a promise without a pair: what may be it, likeliest first."""
    ties: dict[str, list[R]] = field(default_factory=dict)
    """By the promise's id: results as good as the one taken, with another value."""


def promises_of(targets: Sequence[Target]) -> list[list[Target]]:
    """Targets in groups that say one promise: the same indicator, value and year, wherever the report repeats it."""
    groups: dict[object, list[Target]] = {}
    for target in targets:
        what = target.indicator_id or named(target.indicator or target.quote).core
        goal = target.base_value if target.base_value is not None else target.value
        key = (what, target.measure, goal, target.comparator, target.scope, target.year, target.period_start)
        groups.setdefault(key if target.value is not None else target.id, []).append(target)
    return list(groups.values())


def join_figures(
    targets: Iterable[Target], results: Sequence[Achievement], year: int | None
) -> Joined[Target, Achievement]:
    """Join quantified targets with results that have a figure.

    Args:
        targets: each promise once.
        results: achievements of the later report.
        year: the year that the targets are for.
    """
    by_unit = {
        key: list(group) for key, group in groupby(sorted(filter(_has_figure, results), key=_kind_of), key=_kind_of)
    }
    pairs = [
        pair
        for target in targets
        for result in by_unit.get(_kind_of(target), ())
        if (pair := _figure_pair(target, result, year)) is not None
    ]
    return _assigned(pairs, MARGIN)


def join_statuses(targets: Iterable[Target], results: Iterable[Achievement]) -> Joined[Target, Achievement]:
    """Join statuses to be won with those reported."""
    won = [result for result in results if result.kind == "recognition"]
    return _assigned(_named_pairs(targets, won, lambda one: status_named(one.indicator or one.quote)), MARGIN)


def join_projects(promises: Iterable[Project], results: Iterable[Project]) -> Joined[Project, Project]:
    """Join planned projects with reported ones, by name."""
    return _assigned(_named_pairs(promises, list(results), lambda one: named(one.name)), MARGIN)


def _has_figure(record: Achievement) -> bool:
    return record.value is not None


_COUNTED = {unit: f"counted {at}" for at, row in enumerate(ROWS["counted"]) for unit in row["words"]}
_KIN = {id: at for at, row in enumerate(ROWS["kin"]) for id in row["ids"]}


def _kind_of(record: Target | Achievement) -> tuple[str, str]:
    """Measure and base unit: what two figures must share."""
    unit = record.base_unit if record.base_unit is not None else record.unit or ""
    return record.measure or "level", _COUNTED.get(unit, unit)


def _figure_pair(target: Target, result: Achievement, year: int | None) -> Pair[Target, Achievement] | None:
    """The pair that two figures make; None where they cannot be of one thing."""
    if year is not None and result.year is not None and result.year != year:
        return None
    if result.scope is not None and result.scope.startswith(("全国", "全球", "我国")):
        return None
    alike, known = _alike(target, result)
    ratio = _ratio(target, result)
    if alike.score < POSSIBLE or (not known and not _fits(ratio)):
        return None
    comparable = _one_period(target, result, year) and _scope(target) == _scope(result)
    if not comparable and (alike.score < 1 or _is_stock(target, result)):
        return None
    sure = known or (_sure(alike, ratio) and not _begins_only(target, result))
    return Pair(target, result, alike.score, comparable, sure)


def _is_stock(target: Target, result: Achievement) -> bool:
    """Whether a result adds up all that there ever was, and the promise is of a year: 累计建成."""
    return result.period == "cumulative" and result.period_start is None and target.period != "cumulative"


def _begins_only(target: Target, result: Achievement) -> bool:
    """Whether a result is of what was begun or planned, and the promise is not: 改造棚户区 and 棚户区改造开工."""
    words = (named(one.quote if one.indicator is None else one.indicator).does for one in (target, result))
    promised, done = words
    return any(word in done and word not in promised for word in ("starts", "plans"))


def _alike(target: Target, result: Achievement) -> tuple[Likeness, bool]:
    """How alike two indicators are, and whether the vocabulary says that they are one."""
    ids = target.indicator_id, result.indicator_id
    if all(ids):
        same = ids[0] == ids[1] or _KIN.get(ids[0] or "", -1) == _KIN.get(ids[1] or "", -2)
        return (Likeness(1.0, True, True), ids[0] == ids[1]) if same else (APART, False)
    if target.indicator and target.indicator == result.indicator:
        return Likeness(1.0, True, True), False
    return max(likeness(named(one), named(other)) for one in _names(target) for other in _names(result)), False


def _names(record: Target | Achievement) -> list[str]:
    """The words of an indicator, and those that the vocabulary has for it."""
    id = record.indicator_id
    official = [built_in()[id].name] if id is not None and id in built_in() else []
    words = record.indicator or record.quote
    # A district's 区级 is its own whole; a city's 市级 is a part.
    return [words[2:] if record.level == "county" and words.startswith(("区级", "县级")) else words, *official]


def _fits(ratio: float | None) -> bool:
    """Whether a result is of the size of its promise."""
    return ratio is None or USUAL[0] <= ratio <= USUAL[1]


def _sure(alike: Likeness, ratio: float | None) -> bool:
    """Whether words decide: the same, or more on one side only that says nothing of its own, or a value that bears it out."""
    if alike.score == 1:
        return True
    if alike.plain:
        return True
    near = ratio is not None and NEAR[0] <= ratio <= NEAR[1]
    return near and alike.one_sided and (alike.score >= SURE or alike.within)


def _ratio(target: Target, result: Achievement) -> float | None:
    """Result over promise, of levels alone: rates of two years may lie far apart."""
    if target.measure != "level" or target.unit == "%" or not target.base_value or result.base_value is None:
        return None
    return result.base_value / target.base_value


def _scope(record: Target | Achievement) -> str | None:
    """Whose figure it is; 规上 belongs to the indicator."""
    return None if record.scope in PARTS else record.scope


def _one_period(target: Target, result: Achievement, year: int | None) -> bool:
    """Whether two figures speak of one span."""
    return _span(target, year) == _span(result, year)


def _span(record: Target | Achievement, year: int | None) -> tuple[str, str | None, str | None]:
    """A figure's span; what is of the year alone, or stands at its end, is one."""
    own = str(year) if year is not None else None
    begins = record.period_start == own or record.period in ("annual", "at_end")
    if record.period in (None, "annual", "at_end", "cumulative") and begins and record.period_end in (None, own):
        return "year", own, own
    return record.period or "", record.period_start, record.period_end


def _named_pairs(promises: Iterable[P], results: Sequence[R], name: Callable[[P | R], object]) -> list[Pair[P, R]]:
    """Pairs of what has a name and no figure."""
    pairs = []
    for promise in promises:
        for result in results:
            alike = likeness(name(promise), name(result))  # type: ignore[arg-type]
            if alike.score >= POSSIBLE:
                sure = alike.score == 1 or (alike.one_sided and (alike.score >= SURE_NAME or alike.plain))
                pairs.append(Pair(promise, result, alike.score, True, sure))
    return pairs


def _assigned(pairs: Sequence[Pair[P, R]], margin: float) -> Joined[P, R]:
    """Pairs of which none shares a promise or a result with another; the best first."""
    found: Joined[P, R] = Joined()
    by_promise: dict[str, list[Pair[P, R]]] = {}
    by_result: dict[str, list[Pair[P, R]]] = {}
    order: list[Pair[P, R]] = sorted(
        pairs, key=lambda one: (not one.comparable, -one.score, one.promise.start or 0, one.result.start or 0)
    )
    for pair in order:
        by_promise.setdefault(pair.promise.id, []).append(pair)
        by_result.setdefault(pair.result.id, []).append(pair)
    taken: set[str] = set()
    best: Pair[P, R]
    for best in order:
        of: str = best.promise.id
        if not best.sure or of in found.pairs or best.result.id in taken:
            continue
        if not any(_rivals(best, one, found, taken, margin) for one in (*by_promise[of], *by_result[best.result.id])):
            found.pairs[of] = best
            taken.add(best.result.id)
            if others := _ties(best, by_promise[of], taken):
                found.ties[of] = others
    for of, own in by_promise.items():
        open_pairs = [one for one in own if one.comparable and one.result.id not in taken]
        if of not in found.pairs and open_pairs:
            found.doubtful[of] = open_pairs
    return found


def _rivals(
    pair: Pair[Any, Any], other: Pair[Any, Any], found: Joined[Any, Any], taken: set[str], margin: float
) -> bool:
    """Whether another pair, of the same promise or result and still open, is as good within the margin."""
    if other is pair or other.promise.id in found.pairs or other.result.id in taken:
        return False
    if other.comparable != pair.comparable or other.score == pair.score == 1:
        return False  # of several that are surely it the first is taken, the others are told as ties
    return other.score > pair.score - margin


def _ties(pair: Pair[P, R], own: Iterable[Pair[P, R]], taken: set[str]) -> list[R]:
    """Results as good as the one taken that say another thing."""
    return [
        one.result
        for one in own
        if one is not pair
        and one.comparable == pair.comparable
        and one.score == pair.score
        and one.result.id not in taken
        and _said(one.result) != _said(pair.result)
    ]


def _said(result: Achievement | Project) -> object:
    return result.stage if isinstance(result, Project) else result.base_value
