"""Whose figure it is, where a clause opens with an area larger than the reporting government's own."""

from __future__ import annotations

import re

from llmx.tasks.government.facts import Level

_RANKS: dict[str, int] = {
    "乡": 1,
    "镇": 1,
    "县": 2,
    "区": 2,
    "旗": 2,
    "市": 3,
    "州": 3,
    "盟": 3,
    "省": 4,
    "国": 5,
    "球": 6,
}
_OWN: dict[Level, int] = {"township": 1, "county": 2, "prefecture": 3, "province": 4, "national": 5}
# What an area is said to have in sum; 全国文明村镇 and 全球灯塔工厂 are titles.
_SUM = "平均|经济|生产总值|国内|GDP|地区|规上|规模以上|工业|固定资产|投资|社会|居民|城镇|城乡|农村|常住|一般|财政|税收|进出口|粮食|人均|预期|目标"
_OPENS = re.compile(
    rf"[\s*]*(?:预计|目前|当前|今年|去年|同期|其中|\d{{4}} ?年)?(全[国省市县区旗州盟球]|我国)(?={_SUM})"
)


def scope_of(clause: str, level: Level | None) -> str | None:
    """The area that a clause opens with, if it is larger than the report's own.

    Args:
        clause: the words from the beginning of a figure's clause to the figure: 全市经济增长目标为.
        level: the reporting government's level; None if the report does not tell.

    Returns:
        全市 in a county's report, None in a city's; None where the level is not known. 全区 is never larger: it
        is a district's own, or an autonomous region's.
    """
    match = _OPENS.match(clause)
    if match is None or level is None:
        return None
    return match.group(1) if _RANKS[match.group(1)[-1]] > _OWN[level] else None


_PART = re.compile(r"规上|规模以上|限上|限额以上|全口径|[省市县区旗州盟]本级")
PARTS = ("规上", "规模以上", "限上", "限额以上")
"""Parts that the indicator itself is defined by: 规上工业增加值 is a headline of the government's own."""


def part_named(indicator: str) -> str | None:
    """The part of an area's whole that an indicator's words name: 市本级一般公共预算收入, 规上工业增加值."""
    found = _PART.search(indicator)
    return found.group() if found else None
