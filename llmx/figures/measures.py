"""Level, growth or change: what the words before a number make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from llmx.alternation import any_of
from llmx.figures.units import COUNTED, EXTENTS, POINTS, RATES
from llmx.records import Measure

# Verbs that say how far something moved; 到, 至 or 为 after one gives where it arrived: a level.
_RISES = "增长 增加 提高 提升 上升 上涨 扩大 回升 升 涨 加快 高出 领先 落后 增值 递增 翻 多增 净增 净增长 攀升 延长 增收 上调 上浮 反弹 提速 提效 增效"
_FALLS = (
    "下降 减少 降低 回落 下跌 下滑 下浮 降 减 跌 缩小 收窄 缩短 压缩 压减 压降 缩减 节支 节约 节能 节水 少了 削减 减排 核减 "
    "精简 精减 少增 下调 负增长 放缓 减亏 降本 减负"
)
# Names of a rate: 增速保持在6%以上 is growth, whatever leads to the number.
_RISING_RATES = "增速 增幅 涨幅 增长率 增长速度 升幅 经济预期目标 经济目标"
_FALLING_RATES = "降幅 跌幅 减幅 降低率 下降率"
# 压减30家 and 增收2亿元 count what was cut or gained; only as a share (压减5%) is it a movement.
_CUTS = frozenset(
    [
        "压缩",
        "压减",
        "压降",
        "缩减",
        "节支",
        "节约",
        "节能",
        "节水",
        "削减",
        "减排",
        "核减",
        "精简",
        "精减",
        "减",
        "减亏",
        "降本",
        "提效",
        "增效",
        "减负",
        "增收",
        "净增",
    ]
)
_FALLING = frozenset(f"{_FALLS} {_FALLING_RATES}".split())

_ABOUT = (
    "约 近 了 均在 都在 超过 超 逾 达 达到 均 年均 分别 各 不低于 不少于 至少 不超过 幅度 再 又 预计 力争 确保 争取 突破 接近 "
    "大约 高达 平均 累计 仅 有望"
)
_REMARK = r"[（(][^（）()\d]{1,6}[）)]"
"""下降（同口径）19%: a remark may stand between the verb and the number."""
_KEPT = (
    "保持 稳定 控制 维持 预期 目标 设定 安排 提高到 提高至 回升到 回升至 加快到 加快至 回落到 回落至 放缓到 放缓至 提升到 提升至 "
    "收窄到 收窄至 缩小到 缩小至 扩大到 扩大至 "
    f"的预期目标 的目标 在 为 是 定 {_ABOUT}"
)
_MOVED = re.compile(
    rf"(?:(?P<rate>{any_of(f'{_RISING_RATES} {_FALLING_RATES}')})(?:[\s*“]|{any_of(_KEPT)})*+"
    # 增长 is a name where it is kept or aimed at: 经济增长目标为6%.
    rf"|(?P<name>增长|上涨|下降)(?=保持|稳定|控制|维持|的?预期|的?目标)(?:[\s*“]|{any_of(_KEPT)})*+"
    # 新增 counts what is new and is no rise.
    rf"|(?P<verb>{any_of(f'{_RISES} {_FALLS}')}|(?<!新)增)(?:[\s*]|{_REMARK}|[、，](?=力争|奋力|努力|争取|确保)|{any_of(_ABOUT)})*+)$"
)
# 压减一般性支出|5%, 压缩审批时限|30%: what is cut stands between the verb and its share.
_CUTTING = re.compile(
    r"(?:压减|压缩|压降|精简|精减|缩减|缩短|削减|核减|减少|降低|节约|下调)(?:了)?[^，。；：、,;到至为率占比达超\d]{2,12}$"
)
# What a match may end with; most numbers follow something else, and need no search.
_LEADING = frozenset(
    word[-1] for word in f"增 {_RISES} {_FALLS} {_RISING_RATES} {_FALLING_RATES} {_KEPT}".split()
) | frozenset("*）)“")
_OF_GROWTH = re.compile(r"(?:左右|以上|以内)?的(?:年均)?(?:速度|增速|增幅|增长|涨幅)(?!点|极|目标)")
_WINDOW = 16
"""How many characters before a number may hold the verb and what leads from it to the number."""
# 亩产提升10斤: what is so much for each of something moves on a scale, unlike what is added up.
_FOR_EACH = re.compile(r"(?:[亩单]产|[人户亩地]均[^，。；、]{0,12})$")
_COUNTED = re.compile("[十百千万亿]*(?:" + "|".join(sorted(map(re.escape, COUNTED | EXTENTS))) + ")")


@dataclass(frozen=True, slots=True)
class Movement:
    """What a figure measures, and whether it is a fall."""

    measure: Measure
    falls: bool


LEVEL = Movement("level", falls=False)
GROWTH = Movement("growth", falls=False)
_FALL = Movement("growth", falls=True)
_DISTANCE = Movement("change", falls=False)


def movement(text: str, start: int, end: int, unit: str) -> Movement | None:
    """What the words around the number at text[start:end] make of it.

    Args:
        text: the text around it.
        start, end: the bounds of the number with its unit.
        unit: its unit.

    Returns:
        growth for a share after a verb of change, change for an absolute difference, level where a verb says what was
        handled (压减30家); None where no word of change stands by it.
    """
    last = text[start - 1 : start]
    match = _MOVED.search(text, max(0, start - _WINDOW), start) if last in _LEADING or last.isspace() else None
    if match:
        each = bool(_FOR_EACH.search(text, max(0, match.start() - _WINDOW), match.start()))
        return _moved(match.group(match.lastgroup or 0), unit, each)
    if unit not in RATES:
        return None
    if _CUTTING.search(text, max(0, start - _WINDOW), start):
        return _FALL
    return GROWTH if _OF_GROWTH.match(text, end) else None


def resting(unit: str) -> Movement:
    """What a number is that nothing moves: 高于全国0.7个百分点 and 低于目标1.6个百分点 are distances, all else a level."""
    return _DISTANCE if unit in POINTS else LEVEL


def _moved(word: str, unit: str, each: bool) -> Movement:
    """What a verb or a rate's name makes of a number with this unit, `each` of what is so much for each."""
    falls = word in _FALLING
    if unit in RATES:
        return Movement("growth", falls)
    if unit in POINTS:
        return Movement("change", falls)
    # A difference needs a verb of moving on a scale; 增加 and 新增 of things counted are levels.
    if not unit or word in _CUTS or (_COUNTED.fullmatch(unit) and not each):
        return LEVEL
    return Movement("change", falls)
