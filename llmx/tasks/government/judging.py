"""What a result says of a promise: met, exceeded, missed, or not to be compared."""

from __future__ import annotations

from typing import Literal, NamedTuple

from llmx.tasks.government.alike import ROWS
from llmx.tasks.government.records import Achievement, Project, Target

Outcome = Literal["met", "exceeded", "missed", "not_mentioned", "not_comparable", "doubtful"]

ABOUT = 0.1
"""左右: how far from a rate its result may lie, as a share of it: 4.6% meets 5%左右."""
ABOUT_LEVEL = 0.05
"""The same for a level."""
_EXACT = 1e-9
_LOWER_IDS = frozenset(id for row in ROWS["lower"] for id in row["ids"])
_LOWER_WORDS = tuple(word for row in ROWS["lower"] for word in row["words"])
_DISPOSED = tuple(word for row in ROWS["disposed"] for word in row["words"])
_PARTWAY = tuple(word for row in ROWS["partway"] for word in row["words"])
_STAGES = ("preparation", "started", "ongoing", "completed")


class Verdict(NamedTuple):
    """How a promise went."""

    outcome: Outcome
    completion: float | None = None
    """Result over promise; None under a ceiling, where less is better, and where what was to grow fell."""
    why: str = ""
    """What must be known of it, in words of the report's language."""


def lower_is_better(target: Target) -> bool:
    """Whether less is better, by the vocabulary's id or by words: 失业率, 能耗; neither a fall that is
    promised nor so much that is done away with."""
    words = target.indicator or ""
    if target.measure == "level" and any(word in words for word in _DISPOSED):
        return False
    return target.indicator_id in _LOWER_IDS or any(word in words for word in _LOWER_WORDS)


def judged(target: Target, result: Achievement) -> Verdict:
    """Judge a figure by the promise's comparator; both are of one measure, unit and period.

    Returns:
        `exceeded` where the result goes beyond what was promised: above a floor or an exact figure, beyond what 左右
        allows, above a range. Under a ceiling it is met, never exceeded.
    """
    low, high = _bounds(target)
    got = _quantity(result)
    if low is None or high is None or got is None:
        return Verdict("not_comparable", None, "数值无法比较")
    falls = high <= 0 and target.measure != "level" and low < 0
    if falls:  # 下降2.5%以上: the fall is what counts
        low, high, got = -high, -low, -got
        return _above(target, low, high, got, result)
    if target.comparator in ("<=", "<") or lower_is_better(target):
        return _under(target, high, got)
    return _above(target, low, high, got, result)


def _above(target: Target, low: float, high: float, got: float, result: Achievement) -> Verdict:
    """More is better."""
    completion = got / low if low > 0 and got >= 0 else None
    slack = _EXACT * max(1.0, abs(low))
    if target.comparator == "~":
        share = ABOUT if target.measure != "level" or target.unit == "%" else ABOUT_LEVEL
        low, high = low - abs(low) * share, high + abs(high) * share
    if target.comparator in ("<=", "<"):  # 降幅控制在3%以内
        return Verdict("met" if got <= high + slack else "missed", None, "")
    # 突破100亿元 is kept by another 突破100亿元, not by 100亿元.
    not_above = target.comparator == ">" and got <= low + slack and result.comparator not in (">", ">=")
    if got < low - slack or not_above:
        unsure = "结果为“以上”类表述" if result.comparator in (">", ">=") else ""
        return Verdict("missed", completion, unsure)
    beyond = got > high + slack or (got == high and result.comparator == ">" and target.comparator in ("=", ">="))
    return Verdict("exceeded" if beyond else "met", completion, "")


def _under(target: Target, high: float, got: float) -> Verdict:
    """A ceiling: less is better."""
    if target.comparator == "~":
        high += abs(high) * ABOUT
    elif target.comparator in (">=", ">"):
        return Verdict("met" if got >= high else "missed", None, "")
    return Verdict("met" if got <= high + _EXACT * max(1.0, abs(high)) else "missed", None, "")


def _bounds(target: Target) -> tuple[float | None, float | None]:
    low = target.base_value if target.base_value is not None else target.value
    if low is None or target.value_max is None or not target.value:
        return low, low
    high = target.value_max * (low / target.value)
    return min(low, high), max(low, high)


def _quantity(record: Achievement) -> float | None:
    return record.base_value if record.base_value is not None else record.value


def stage_judged(promise: Project, result: Project) -> Verdict:
    """Judge a project by its stage: preparation < started < ongoing < completed."""
    wanted, got = _STAGES.index(promise.stage), _STAGES.index(result.stage)
    # What was to be pushed on and is going on is as promised; so is a start after which building goes on.
    if got == wanted or (wanted == 1 and got == 2):
        return Verdict("met")
    return Verdict("exceeded" if got > wanted else "missed")


def status_judged(result: Achievement) -> Verdict:
    """Judge a status to be won by the words of what was reported: 通过省级初验 is on the way only."""
    words = f"{result.quote}{result.indicator or ''}"
    if any(word in words for word in _PARTWAY):
        return Verdict("missed", None, "仍在推进")
    return Verdict("met")
