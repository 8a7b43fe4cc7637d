"""What else a heading says of its section, beside the tense that the whole report decides; and the year it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from llmx.tasks.government.structure.evidence import AHEAD, CLOSING, FRONT, GLOSSARY, HEADING, OUTLOOK, PROBLEMS
from llmx.tasks.government.structure.years import FIVE_YEAR, YEAR, Years, plain_years, plan_end

Role = Literal["review", "problems", "goals", "plan", "own_building", "glossary", "other"]

_OWN = re.compile(
    r"政府(?:自身|系统|机关)?(?:自身)?(?:改革)?建设|自身建设"
    r"|(?:法治|服务型|廉洁|满意)[^，。]{0,10}政府$|政府(?:的)?(?:治理|行政|履职|施政)|履职(?:能力|尽责)"
)
# What the year will be like; to better it is work: 持续优化发展环境.
_SETTING = re.compile(r"形势(?:判断|分析|$)|面临的?(?:形势|环境|机遇|条件)|^[^优改营美净治提]{0,8}发展环境$|基本判断")
_GOALS = re.compile(r"(?:预期|发展|主要|总体|奋斗|约束性)目标|目标(?:和|与)?指标|主要指标")
# Goals that come with tasks are the head of a plan: 主要目标和重点任务.
_TASKS = re.compile("任务|工作|举措|措施|考虑|要求|思路|部署|重点|安排")
_TOLD = re.compile("|".join(row.pattern for row in HEADING))
_PROMISES = re.compile("|".join([FIVE_YEAR.pattern, *(row.pattern for row in HEADING if AHEAD & row.weights.keys())]))
_COMING = re.compile("(?:今后|未来)([一二三四五])年")
_HORIZON = 4
"""A new government speaks of the five years that begin with the one it plans."""


def telling(words: str) -> bool:
    """Whether words tell what a section is for; a line without a number is a heading only if they do."""
    plain = plain_years(words)
    return bool(_TOLD.search(plain) or _OWN.search(plain) or _SETTING.search(plain))


def promises(words: str) -> bool:
    """Whether a heading speaks of what is to come, be it with its second half."""
    return _PROMISES.search(plain_years(words)) is not None


@lru_cache(1024)
def refined(headings: tuple[str, ...], state: int) -> Role:
    """What a section is for, from its state and the words of the headings above it, outermost first."""
    if state in (FRONT, CLOSING):
        return "other"
    if state in (PROBLEMS, GLOSSARY):
        return "problems" if state == PROBLEMS else "glossary"
    for words in map(plain_years, reversed(headings)):
        if _OWN.search(words):
            return "own_building"
        if _SETTING.search(words):
            return "other"
        if state in AHEAD and _GOALS.search(words) and not _TASKS.search(words):
            return "goals"
        if _TOLD.search(words):
            break
    return "plan" if state in AHEAD else "review"


@lru_cache(1024)
def year_of(headings: tuple[str, ...], state: int, years: Years, words: str = "") -> int | None:
    """The year that a section speaks of.

    Args:
        headings: the words of the headings above it, outermost first.
        state: what it is.
        years: the years that the report reviews and plans.
        words: how it begins, for an outlook that no heading dates.
    """
    if state in (FRONT, GLOSSARY):
        return None
    own = years.planned if state in AHEAD else years.reviewed
    told = [plain_years(one) for one in reversed(headings)] + [plain_years(words)] * (state == OUTLOOK)
    for year in _told(told, state, years):
        if own is None or (year >= own if state in AHEAD else year <= own):
            return year
    if state == OUTLOOK and years.planned:
        return years.planned + _HORIZON
    return own


def _told(words: Iterable[str], state: int, years: Years) -> Iterable[int]:
    """The years that words name, or of the period that they name, nearest heading first."""
    for one in words:
        named = [int(found) for found in YEAR.findall(one)]
        if named:
            yield max(named)
            continue
        period, coming = FIVE_YEAR.search(one), _COMING.search(one)
        if state in AHEAD and period:
            yield plan_end(period[1])
        elif state in AHEAD and coming and years.planned:
            yield years.planned + "一二三四五".index(coming[1])
