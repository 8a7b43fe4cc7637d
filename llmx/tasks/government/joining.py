"""Which result of a later report each promise of an earlier one meets: at most one, and each result at most one promise.

pairs that can be one thing, with how alike they are → `assigned`: the best first, unless the second best is as near
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, product
from typing import Any

from llmx.tasks.government.alike import (
    ALL_BUT,
    APART,
    ROWS,
    Likeness,
    Named,
    Rarity,
    has_one_head,
    likeness,
    named,
    status_named,
)
from llmx.tasks.government.assigning import Joined, P, Pair, R, assigned
from llmx.tasks.government.indicators import built_in
from llmx.tasks.government.records import Achievement, Project, Target
from llmx.tasks.government.scope import PARTS

SURE = 0.72
"""From here on words are taken for one thing, if nothing else speaks against it."""
SURE_NAME = 0.8
"""The same for names of projects and statuses, which no value bears out."""
POSSIBLE = 0.3
"""Below this two names are of two things."""
TELLING = ((0.75, 1.4, 0.42), (0.4, 2.5, 0.6))
"""Result over promise from … to …, and how much of their words two names must share, by rarity: words that no other
name has need no synonyms, the less so the nearer the value lies."""
TELLING_RATE = 0.5
"""The same for rates, whose value bears nothing out."""
TELLING_NAME = 0.5
"""The same for names of projects and statuses, of which one says nothing that the other lacks."""
NEAR = (0.75, 1.4)
"""Result over promise: so near a value bears out words that are not quite the same."""
USUAL = (0.2, 5.0)
"""Result over promise of one level: beyond it is another quantity, unless the vocabulary says that it is the same."""


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
    targets = list(targets)
    figures: list[Target | Achievement] = [*targets, *filter(_has_figure, results)]
    rarity = Rarity(map(_name, figures))
    pairs = [
        pair
        for target in targets
        for result in by_unit.get(_kind_of(target), ())
        if (pair := _figure_pair(target, result, year, rarity)) is not None
    ]
    return assigned(pairs)


def join_statuses(targets: Iterable[Target], results: Iterable[Achievement]) -> Joined[Target, Achievement]:
    """Join statuses to be won with those reported."""
    won = [result for result in results if result.kind == "recognition"]
    return assigned(_named_pairs(list(targets), won, lambda one: status_named(one.indicator or one.quote)))


def join_projects(promises: Iterable[Project], results: Iterable[Project]) -> Joined[Project, Project]:
    """Join planned projects with reported ones, by name."""
    return assigned(_named_pairs(list(promises), list(results), lambda one: named(one.name)))


def _has_figure(record: Achievement) -> bool:
    return record.value is not None


_COUNTED = {unit: f"counted {at}" for at, row in enumerate(ROWS["counted"]) for unit in row["words"]}
_KIN = {id: at for at, row in enumerate(ROWS["kin"]) for id in row["ids"]}
_WIDER = frozenset(at for at, row in enumerate(ROWS["kin"]) if row.get("wider"))


def _kind_of(record: Target | Achievement) -> tuple[str, str]:
    """Measure and base unit: what two figures must share."""
    unit = record.base_unit if record.base_unit is not None else record.unit or ""
    return record.measure or "level", _COUNTED.get(unit, unit)


def _figure_pair(
    target: Target, result: Achievement, year: int | None, rarity: Rarity
) -> Pair[Target, Achievement] | None:
    """The pair that two figures make; None where they cannot be of one thing."""
    if year is not None and result.year is not None and result.year != year:
        return None
    if result.scope is not None and result.scope.startswith(("全国", "全球", "我国")):
        return None
    alike, known = _alike(target, result)
    ratio = _ratio(target, result)
    if alike.score < POSSIBLE or (not known and not _fits(ratio)):
        return None
    one_span, wider = _one_period(target, result, year), _wider(target, result)
    comparable = one_span and _scope(target) == _scope(result) and not wider
    if not comparable and ((alike.score < 1 and not (wider and one_span)) or _is_stock(target, result)):
        return None
    begins = not known and _begins_only(target, result)
    sure = known or (_sure(alike, ratio) and not begins)
    shared = rarity.shared(_name(target), _name(result))
    likely = comparable and not begins and shared >= _bar(ratio) and _one_head(_name(target), _name(result))
    return Pair(target, result, alike.score, comparable, sure, shared, likely)


def _one_head(one: Named, other: Named) -> bool:
    """Whether two names of a figure, which share a unit, end alike or one is within the other."""
    return has_one_head(one, other) or one.core in other.core or other.core in one.core


def _name(record: Target | Achievement) -> Named:
    return named(record.indicator or record.quote)


def _bar(ratio: float | None) -> float:
    """How much two names must share by rarity, by how near the value lies."""
    if ratio is None:
        return TELLING_RATE
    return next((bar for low, high, bar in TELLING if low <= ratio <= high), 1.01)


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
        if ids[0] == ids[1]:
            return Likeness(1.0, True, True), True
        return (Likeness(ALL_BUT, True, True) if _is_kin(*ids) else APART), False
    if target.indicator and target.indicator == result.indicator:
        return Likeness(1.0, True, True), False
    own = likeness(_name(target), _name(result))
    if own == APART:  # 全体居民 are not 城镇居民, whatever the vocabulary calls them
        return APART, False
    return max((own, *_further(target, result))), False


def _further(target: Target, result: Achievement) -> Iterator[Likeness]:
    """How alike two indicators are by other names than their own."""
    own = target.indicator or target.quote, result.indicator or result.quote
    for pair in product(_names(target), _names(result)):
        if pair != own:
            yield likeness(named(pair[0]), named(pair[1]))


def _is_kin(one: str | None, other: str | None) -> bool:
    return _KIN.get(one or "", -1) == _KIN.get(other or "", -2)


def _wider(target: Target, result: Achievement) -> bool:
    """Whether a result is of more, or of less, than was promised, and of the same else: all industry, 规上."""
    ids = target.indicator_id, result.indicator_id
    return ids[0] != ids[1] and _is_kin(*ids) and _KIN[ids[0] or ""] in _WIDER


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


def _named_pairs(promises: Sequence[P], results: Sequence[R], name: Callable[[Any], Named]) -> list[Pair[P, R]]:
    """Pairs of what has a name and no figure."""
    pairs, rarity = [], Rarity(map(name, (*promises, *results)))
    for promise in promises:
        for result in results:
            alike = likeness(name(promise), name(result))
            if alike.score >= POSSIBLE:
                near = alike.one_sided and alike.score >= SURE_NAME and has_one_head(name(promise), name(result))
                sure = alike.score == 1 or near or (alike.one_sided and alike.plain)
                shared = rarity.shared(name(promise), name(result))
                likely = alike.one_sided and shared >= TELLING_NAME and has_one_head(name(promise), name(result))
                pairs.append(Pair(promise, result, alike.score, True, sure, shared, likely))
    return pairs
