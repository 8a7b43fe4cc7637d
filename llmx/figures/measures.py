"""Level, growth or change: what the words before a number make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from llmx.records import Measure

_RATES = frozenset(("%", "‰", "倍", "成"))
_POINTS = frozenset(("个百分点", "百分点", "个基点", "基点", "BP", "个点"))

_RISES = "增长 增加 提高 提升 上升 上涨 扩大 回升 增 升 涨 增速 增幅 涨幅 增长率 增长目标 增长预期目标 加快 高出 高于 快于 好于 领先 增值 递增 翻 多增 净增 净增长 增量 多了".split()
_FALLS = "下降 减少 降低 回落 下跌 下滑 下浮 降 减 跌 缩小 收窄 缩短 压缩 压减 压降 减 缩减 降幅 低于 慢于 落后 节支 节约 节能 少了 削减 减排 核减 精简".split()
# 压减30家 counts what was cut; only as a share (压减5%) is it a fall.
_CUTS = frozenset("压缩 压减 压降 缩短 缩减 节支 节约 节能 削减 减排 核减 精简 减".split())
# A difference needs a verb of moving on a scale; 增加 and 新增 of things counted are levels.
_MOVES = frozenset("下降 回落 降低 上升 提高 提升 上涨 下跌 下滑 增加 增长 减少 高出 高于 低于 快于 慢于 多增 多了 少了 增 降 升 涨 跌 落后 领先 收窄 缩小 扩大 回升 增量 涨幅 降幅 增幅".split())
_COUNTED = re.compile(r"^[十百千万亿]*(?:[个家户所项名件条座处次场类种款套栋台辆只头株位人村镇县批起例宗]|人次|户次|场次|公里|亩|平方米|张|吨)$")

_VERB = "|".join(sorted((re.escape(word)[::-1] for word in {*_RISES, *_FALLS}), key=len, reverse=True))
# Read backwards from the number: 增长了约|5%, 同比增速达到|6%; 到 and 至 make a level of it (提高到60%).
_BACKWARDS = re.compile(
    rf"[\s*]*(?:约|近|了|超过|过超|超|逾|达|到达|为|均|别分|不低于|于低不|少至|幅度|在|是|再|计预|争力|保确|于)*?[\s*]*(?P<verb>{_VERB})"
)
_WINDOW = 16


@dataclass(frozen=True, slots=True)
class Movement:
    """What a figure measures, and whether it is a fall."""

    measure: Measure
    falls: bool


LEVEL = Movement("level", False)


def movement(text: str, start: int, unit: str, listed: Movement | None) -> Movement:
    """Level, growth or change of the number that begins at `start`.

    Args:
        text: the text around it.
        start: where the number begins.
        unit: its unit.
        listed: the movement of the figure before, if only a list mark stands between: 增长8%、10%.

    Returns:
        growth for a share after a verb of change, change for an absolute difference, else level.
    """
    match = _BACKWARDS.match(text[max(0, start - _WINDOW) : start][::-1])
    if match is None:
        same_kind = listed is not None and (unit in _RATES or unit in _POINTS) == (listed is not LEVEL)
        return listed if listed is not None and same_kind else Movement("change", False) if unit in _POINTS else LEVEL
    verb = match.group("verb")[::-1]
    falls = verb in _FALLS
    if unit in _RATES:
        return Movement("growth", falls)
    if unit in _POINTS:
        return Movement("change", falls)
    if verb in _CUTS or verb not in _MOVES or _COUNTED.match(unit) or not unit:
        return LEVEL
    return Movement("change", falls)
