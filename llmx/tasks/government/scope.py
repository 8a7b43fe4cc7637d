"""Whose figure it is, where it is another area's or only a part's: 全国, 当涂县, 经开区, 市本级, 规上."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from llmx.alternation import any_of
from llmx.tasks.government.facts import Level, find_divisions

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
    "家": 5,
    "球": 6,
}
_OWN: dict[Level, int] = {"township": 1, "county": 2, "prefecture": 3, "province": 4, "national": 5}
# What an area is said to have in sum; 全国文明村镇 and 全球灯塔工厂 are titles.
_SUM = "平均|经济|生产总值|国内|GDP|地区|规上|规模以上|工业|固定资产|投资|社会|居民|城镇|城乡|农村|常住|一般|财政|税收|进出口|粮食|人均|预期|目标"
_OPENS = re.compile(
    rf"[\s*]*(?:预计|目前|当前|今年|去年|同期|其中|\d{{4}} ?年)?"
    rf"(全[国省市县区旗州盟球](?=(?:今年|去年)?(?:{_SUM}))|我国(?={_SUM})|国家(?=(?:今年)?(?:经济|GDP|国内生产总值)[一-龥]{{0,8}}目标))"
)


def scope_of(clause: str, level: Level | None) -> str | None:
    """The area that a clause opens with, if it is larger than the report's own.

    Args:
        clause: the words from the beginning of a figure's clause to the figure: 全市经济增长目标为.
        level: the reporting government's level; None if the report does not tell.

    Returns:
        全市 in a county's report, None in a city's. Where the level is not known only 全国 and the world are larger.
        全区 never is: it is a district's own, or an autonomous region's.
    """
    match = _OPENS.match(clause)
    if match is None:
        return None
    return match.group(1) if _RANKS[match.group(1)[-1]] > (_OWN[level] if level else _OWN["province"]) else None


_ROWS: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_PARTS = tuple(re.compile(row["pattern"]) for row in _ROWS["part"])
_ZONES, _SUMS = (any_of(words for row in _ROWS[name] for words in row["words"]) for name in ("zone", "sum"))
_LEAD = "(?:其中|目前|预计|力争|推动|支持|实现|确保)?"
_ZONE = re.compile(rf"{_LEAD}([一-龥]{{0,6}}?{_ZONES})(?={_SUMS})")
_PLACE = re.compile(rf"{_LEAD}([一-龥]{{2,11}}?)(?={_SUMS})")
_KINDS = "省市州县区旗盟"
PARTS = ("规上", "规模以上", "限上", "限额以上")
"""Parts that the indicator itself is defined by: 规上工业增加值 is a headline of the government's own."""


@lru_cache(maxsize=4096)
def named_in(indicator: str, region: str | None) -> str | None:
    """The area or part that an indicator's words name, if they do not speak of the whole of the reporting government's.

    Args:
        indicator: 市本级一般公共预算收入, 当涂县地区生产总值, 规上工业增加值.
        region: the reporting government's place, whose own name is no scope; None where it is not known: then no
            county's and no city's name is, for it may be the report's own.
    """
    zone = _ZONE.match(indicator)
    if zone and not (region and zone.group(1) in region):
        return zone.group(1)
    place = _PLACE.match(indicator)
    if place and region and _is_another(place.group(1), region):
        return place.group(1)
    return next((found.group() for pattern in _PARTS if (found := pattern.search(indicator))), None)


def _is_another(name: str, region: str) -> bool:
    """Whether a name, with or without 市, is that of a division which is not the region itself."""
    named = next((one for one in (name, f"{name}市") if one[-1] in _KINDS and find_divisions(one)), None)
    if named is None or named == region:
        return False
    namesake = name == named and named[:-1] == region[:-1]  # 吉林市 in 吉林省
    return region.startswith(named) or namesake or named[:-1] not in region
