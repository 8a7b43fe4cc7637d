"""What a section is for and which year it speaks of, from the words of its heading."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from llmx.sections.section import Role
from llmx.sections.years import YEAR, Years, plain_years, plan_end

_PATTERNS: list[tuple[Role, str]] = [
    (
        "problems",
        r"(?:存在|面临)的?[^，。]{0,8}(?:问题|困难|挑战|不足|短板)|问题和(?:困难|不足)|困难和问题|主要问题|差距和不足",
    ),
    (
        "own_building",
        r"政府(?:自身|系统|机关)?(?:自身)?(?:改革)?建设|自身建设"
        r"|(?:法治|服务型|廉洁|满意)[^，。]{0,10}政府$|政府(?:的)?(?:治理|行政|履职|施政)|履职(?:能力|尽责)",
    ),
    (
        "goals",
        r"(?:预期|发展|主要|总体|奋斗|约束性)目标(?!任务|[^，。]{0,3}(?:完成|实现|执行))"
        r"|目标(?:和|与)?指标|主要指标(?![^，。]{0,4}(?:完成|执行|实现))",
    ),
    (
        "review",
        r"回顾|总结|(?:完成|执行|进展|运行|发展|建设|落实)情况|取得的?(?:成绩|成就|成效)|过去[一二三四五六]年"
        r"|(?:一|五|四|三|几|两)年来|(?:20\d\d|去|上半|前三季度)年?(?:度)?(?:的)?(?:主要)?工作(?:情况|完成|成效|成绩)"
        r"|“?十[一二三四五六]五”?(?:时期|期间)?[^，。]{0,6}(?:成就|成绩|成效)",
    ),
    ("other", r"形势(?:判断|分析|$)|面临的?(?:形势|环境|机遇|条件)|发展环境$|基本判断"),
    (
        "plan",
        r"(?:今年|明年|20\d\d年|下半年|下一步|今后[一二三四五]年|未来[一二三四五]年|下一阶段|本届|新一届)[^，。]{0,24}"
        r"(?:工作|任务|安排|建议|部署|打算|思路|考虑|重点|举措|措施|计划|实事|要求)"
        r"|工作(?:安排|部署|建议|任务|重点|思路|打算)|重点(?:工作|任务)|主要(?:任务|举措|措施|工作)"
        r"|总体(?:要求|思路|考虑|部署)|目标任务|指导思想|任务和措施|计划(?:草案|安排)"
        r"|“?十[一二三四五六七]五”?(?:时期|期间)?(?:的|经济|发展|主要|目标|总体|规划|工作|重)|第十[一二三四五六七]个五年"
        r"|民生(?:实事|工程)",
    ),
]
_ROLES = [(role, re.compile(pattern)) for role, pattern in _PATTERNS]
_TASKS = re.compile("任务|工作|举措|措施|考虑|要求|思路|部署|重点|安排")
_PLANNED = frozenset(("plan", "goals"))
_FIVE_YEAR = re.compile(r"十([一二三四五六七])(?:五|个五年)(?!年)")
_COMING = re.compile("(?:今后|未来)([一二三四五])年")
_THIS_YEAR = re.compile(r"今年|上半年|前三季度")
# Where a heading names two things, the second has a time of its own: “十四五”时期发展成就和“十五五”时期主要目标任务.
_JOINT = re.compile(r"(?:以及|和|与|及|暨|、)(?=.{0,3}?(?:20\d\d年|“?十[一二三四五六七]五|今年|下半年|今后|未来))")


class Meaning(NamedTuple):
    """What a section is for, the year it speaks of, and whether that is still to come."""

    role: Role
    year: int | None
    planned: bool


class Turn(NamedTuple):
    """What the second half of a heading means, and the words at which a paragraph turns to it."""

    meaning: Meaning
    cue: re.Pattern[str]


@lru_cache(1024)
def meaning_of(heading: str, parent: Meaning | None, years: Years, within: bool = True) -> Meaning | None:
    """The meaning of a heading, or None if its words say nothing and it inherits.

    Args:
        heading: the heading's words; of one that names two things the first half counts (see `turn_of`).
        parent: the meaning of the section that it stands in, or of the one before where it stands in none.
        years: the years that the report reviews and plans.
        within: whether it stands in the parent.
    """
    words = plain_years(heading)
    joint = _joint(words)
    if joint:
        words = words[: joint.start()]
    role = _role(words)
    if role is None:
        return None
    plan = _FIVE_YEAR.search(words)
    if role == "plan" and plan and years.reviewed and plan_end(plan[1]) <= years.reviewed:
        role = "review"
    if within and parent is not None and not (role == "review" and _before(words, parent)):
        role = _held(role, parent)
    planned = role in _PLANNED or (role == "own_building" and parent is not None and parent.planned)
    return Meaning(role, _year(words, planned, parent, years, within), planned)


@lru_cache(1024)
def turn_of(heading: str, years: Years) -> Turn | None:
    """The second half of a heading that names two things of different times; None for any other heading."""
    words = plain_years(heading)
    joint = _joint(words)
    if joint is None:
        return None
    half = words[joint.end() :]
    role = _role(half)
    if role is None:
        return None
    meaning = Meaning(role, _year(half, role in _PLANNED, None, years, False), role in _PLANNED)
    return None if meaning == meaning_of(heading, None, years) else Turn(meaning, _cue(half))


def _joint(words: str) -> re.Match[str] | None:
    """Where the second thing that a heading names begins; only where both halves tell what they are."""
    for match in _JOINT.finditer(words):
        # Reports look back before they look ahead: 2025年工作和“十四五”发展回顾 is one review.
        if _role(words[: match.start()]) and _role(words[match.end() :]) in _PLANNED:
            return match
    return None


def _cue(half: str) -> re.Pattern[str]:
    """A new five-year plan is named somewhere in the paragraph that turns to it, a year right at its beginning."""
    plan = _FIVE_YEAR.search(half)
    if plan:
        return re.compile(rf"[^\n]{{0,80}}?(?:“十{plan[1]}五|第十{plan[1]}个五年|未来五年|今后五年)")
    named = YEAR.search(half)
    year = rf"今年|{named[1]} ?年" if named else "|".join(re.findall("今年|下半年|今后|未来", half))
    return re.compile(rf"[^\n。]{{0,12}}?(?:{year})")


def _role(words: str) -> Role | None:
    role = next((role for role, pattern in _ROLES if pattern.search(words)), None)
    # Goals that come with tasks are the head of a plan: 主要目标和重点任务.
    return "plan" if role == "goals" and _TASKS.search(words) else role


def _before(words: str, parent: Meaning) -> bool:
    """Whether a heading names a year before its parent's: a plan of 2024 opens with what was carried out in 2023."""
    named = [int(found) for found in YEAR.findall(words)]
    return bool(named and parent.year and max(named) < parent.year)


def _held(role: Role, parent: Meaning) -> Role:
    """Subsections do not turn a review into a plan or back: 主要目标 in a review are goals reached."""
    if parent.role in ("review", "plan") and role in ("review", "plan"):
        return parent.role
    if role == "goals" and parent.role in ("review", "problems"):
        return parent.role
    return role


def _year(words: str, planned: bool, parent: Meaning | None, years: Years, within: bool) -> int | None:
    """The last year that is named, else of the period named (“十五五”, 今后五年); else the parent's; else by tense."""
    named = [int(found) for found in YEAR.findall(words)]
    if named:
        return max(named)
    plan = _FIVE_YEAR.search(words)
    if plan and (planned or years.reviewed is None):
        return plan_end(plan[1])
    coming = _COMING.search(words)
    if coming and planned and years.planned:
        return years.planned + "一二三四五".index(coming[1])
    above = parent.year if parent is not None and parent.planned == planned else None
    if within and above is not None:
        return above
    return (years.planned if planned or _THIS_YEAR.search(words) else years.reviewed) or above
