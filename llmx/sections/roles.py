"""What a section is for and which year it speaks of, from the words of its headings and of its first sentences."""

from __future__ import annotations

import re
from typing import NamedTuple

from llmx.sections.section import Role

_ROLES: list[tuple[Role, re.Pattern[str]]] = [
    ("problems", re.compile(r"(?:存在|面临)的?[^，。]{0,8}(?:问题|困难|挑战|不足|短板)|问题和(?:困难|不足)|困难和问题|主要问题|差距和不足")),
    ("own_building", re.compile(r"政府(?:自身|系统)?(?:自身)?(?:建设|改革建设)|自身建设|(?:法治|服务型|廉洁|人民满意)[^，。]{0,10}政府$|政府(?:治理|行政)能力|履职能力")),
    ("goals", re.compile(r"(?:预期|发展|主要|总体|奋斗|约束性)目标(?!任务)|目标(?:和|与)?指标|主要指标")),
    ("review", re.compile(r"回顾|总结|完成情况|执行情况|进展情况|取得的?(?:成绩|成就|成效)|过去[一二三四五六]年|(?:一|五|几|两)年来|(?:20\d\d|去|上半|前三季度)年?(?:度)?(?:主要)?工作(?:情况|完成|成效|成绩)|发展情况|运行情况|建设情况|“?十[一二三四五]五”?(?:时期|期间)?(?:的?(?:发展)?(?:成就|回顾|主要成就)|[^，。]{0,4}成就)")),
    ("other", re.compile(r"形势(?:判断|分析|$)|面临的?(?:形势|环境|机遇|条件)|发展环境$|基本判断")),
    ("plan", re.compile(r"(?:今年|明年|20\d\d年|下半年|下一步|今后[一二三四五]年|未来[一二三四五]年|下一阶段|本届|新一届)[^，。]{0,24}(?:工作|任务|安排|建议|部署|打算|思路|考虑|重点|举措|措施|计划|实事)|工作(?:安排|部署|建议|任务|重点|思路|打算)|重点(?:工作|任务)|主要(?:任务|举措|措施|工作)|总体(?:要求|思路|考虑|部署)|指导思想|任务和措施|计划(?:草案|安排)|“十[一二三四五六]五”(?:时期|期间)?(?:的|经济|发展|主要|目标|总体|规划|工作|重)|第十[一二三四五六]个五年规划|民生实事")),
]  # fmt: skip
_PLANNED = frozenset(("plan", "goals"))

# The passage that admits shortcomings seldom has a heading: 同时，我们也清醒地看到…问题和挑战。
PROBLEMS = re.compile(
    r"(?:同时|当然|但|在(?:总结|肯定|看到|充分)[^，。\n]{0,14}|成绩[^，。\n]{0,8}|我们(?:也|还|深知|清醒|必须)|也(?:要|应|必须|清醒)|回顾[^，。\n]{0,12}|各位代表[！!，,：:]?)"
    r"[^。\n]{0,70}?(?:看到|认识到|认识|意识到|深知|正视|感到)[^。\n]{0,90}?(?:问题|困难|挑战|不足|短板|矛盾|差距|风险|薄弱)"
    r"|[^。\n]{0,30}清醒地?(?:看到|认识到|认识|意识到)"
    r"|(?:同时|但是?|当然)[^。\n]{0,30}(?:仍|还|依然)(?:然)?(?:存在|面临)[^。\n]{0,40}(?:问题|困难|挑战|不足|短板|矛盾)"
)
GOALS = re.compile(
    r"(?:预期|主要|发展|奋斗|总体|增长|具体|约束性)[^，。：:\n]{0,8}目标(?:任务|指标)?(?:建议)?\*{0,2}(?:是|为|如下|安排(?:为|如下)|设定为|确定为)[:：]?"
    r"|(?:预期|主要|发展|奋斗)[^，。：:\n]{0,8}目标(?:任务|指标)?\*{0,2}[:：]"
)
# Where a section that looks back on one five-year plan turns to the next.
NEXT_PLAN = re.compile(
    r"(?:^|(?<=[。\n]))[^。\n]{0,24}“?十(?P<nth>[一二三四五六七])(?:五”|个五年)(?:时期|规划)[^。\n]{0,24}(?:目标|任务|总体|考虑|思路|要求|重点|愿景)",
    re.MULTILINE,
)
CLOSING = re.compile(r"^[ \t\u3000*]*各位代表[！!，,：:；\u3000 ]", re.MULTILINE)
PLAN_OPENS = re.compile(
    r"^[ \t\u3000*]{0,20}(?:各位代表[！!，,：:][ \t\u3000]{0,4})?(?:今年|20\d\d年)(?:是|的?(?:政府)?工作的?(?:总体|指导)|，?(?:我们要|我们将|要)|经济社会发展的?(?:总体|主要|预期))",
    re.MULTILINE,
)

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?= ?年|[—–\-－至])")
_FIVE_YEAR = re.compile(r"十([一二三四五六七])(?:五”|个五年规划)")
_NTH = {char: at for at, char in enumerate("一二三四五六七", 11)}


class Meaning(NamedTuple):
    """What a heading says of its section."""

    role: Role
    year: int | None
    planned: bool


def meaning_of(heading: str, parent: Meaning | None, year: int | None, within: bool = True) -> Meaning | None:
    """The meaning of a heading, or None if its words say nothing and it inherits.

    Args:
        heading: the heading's words.
        parent: the meaning of the section that it stands in, or of the one before where it stands in none.
        within: whether it stands in the parent.
        year: the year that the report plans, if known.
    """
    role = next((role for role, pattern in _ROLES if pattern.search(heading)), None)
    if role is None:
        return None
    if within and parent is not None and parent.role in ("review", "plan") and role in ("review", "plan", "other"):
        role = parent.role if role != "other" else role
    planned = _planned(role, parent)
    return Meaning(role, _year(heading, planned, parent, year), planned)


def _planned(role: Role, parent: Meaning | None) -> bool:
    if role in _PLANNED:
        return True
    return parent.planned if parent is not None and role == "own_building" else False


def _year(heading: str, planned: bool, parent: Meaning | None, year: int | None) -> int | None:
    """The last year a heading names; else the end of the five-year plan it names; else the parent's; else by tense."""
    named = [int(found) for found in _YEAR.findall(heading)]
    if named:
        return max(named)
    plan = _FIVE_YEAR.search(heading)
    if plan and planned:
        return plan_end(plan.group(1))
    if parent is not None and parent.year is not None and parent.planned == planned:
        return parent.year
    if year is None:
        return None
    return year if planned or "今年" in heading or "上半年" in heading else year - 1


def plan_end(nth: str) -> int:
    """The last year of the 十N五 plan; the tenth ended in 2005."""
    return 1955 + 5 * _NTH[nth]


_MEETING = re.compile(r"((?:19|20)\d\d) ?年 ?(\d{1,2}) ?月")
_CHINESE_YEAR = re.compile(r"([一二三四五六七八九〇零○O]{4})年(十?[一二]?)?月?")
_DIGITS = str.maketrans("一二三四五六七八九〇零○O", "1234567890000")
_FRONT = 800


def planned_year(text: str) -> int | None:
    """The year whose work a report plans, from its front matter; None where it does not tell.

    A plan report names it in its title (2023年…执行情况及2024年计划草案); a work report is given in its first months,
    or in the last two of the year before.
    """
    front = text[:_FRONT]
    title = front.split("各位代表")[0]
    if "计划" in title and "执行情况" in title:
        years = [int(found) for found in _YEAR.findall(title)]
        return max(years, default=None)
    meeting = _MEETING.search(title)
    if meeting:
        return int(meeting.group(1)) + (int(meeting.group(2)) >= 11)
    written = _CHINESE_YEAR.search(title)
    if written:
        return int(written.group(1).translate(_DIGITS))
    titled = _YEAR.search(title)
    return int(titled.group(1)) if titled else None
