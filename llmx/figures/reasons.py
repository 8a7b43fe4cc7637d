"""Why a number measures nothing: it dates, names, ranks, numbers or bounds something."""

from __future__ import annotations

import re
from typing import Literal, get_args

from llmx.figures.units import CLASSIFIERS

Reason = Literal[
    "date",
    "duration",
    "ordinal",
    "rank",
    "name",
    "document number",
    "list marker",
    "threshold",
    "base",
    "structure",
    "no unit",
]
"""date: 2024年, 3月5日 · duration: 30年 that nothing was kept up for, 24小时 · ordinal: 第3 · rank: 全市第2, 前10位 ·
name: G319, 4A级, “1+10+4”, 110千伏 · document number: 〔2023〕5号 · list marker: 1. at a line's start ·
threshold: 20亿元以上项目 · base: 从5%提高到6% gives 6% · structure: 以下14个方面 · no unit: a bare number"""

REASONS: frozenset[str] = frozenset(get_args(Reason))

_YEAR = re.compile(r"(?:19|20)\d\d")
_AFTER_YEAR = re.compile(r"[ ]?(?:年|[—–\-－~～至/.](?:19|20)?\d\d)")
_ATTRIBUTE = re.compile(r"[ ]?(?:级|型|版|制)")
_LETTER_BEFORE = re.compile(r"[A-Za-z+＋\-—·〔\[№][ ]?$")
_LETTER_AFTER = re.compile(r"[A-Za-z+＋]")
_OPEN_QUOTE = re.compile(r"[“《「][^”》」，。；]{0,16}$")
_CLOSE_QUOTE = re.compile(r"^[^“《「，。；]{0,16}[”》」]")
_LIST_MARKER = re.compile(r"(?:^|\n)[ \t\u3000*#]*[（(]?$")
_AFTER_MARKER = re.compile(r"[）).、．](?!\d)")
_BOUND = re.compile(r"[\s*]*(?:及?以上|及?以下|以内)(?:的)?[一-龥“A-Za-z]")
_BOUNDED = re.compile(r"[\s*]*的[一-龥]{0,6}(?:企业|项目|村|镇|户|家庭|群众|人员|单位)")
_FROM = re.compile(r"(?:从|由)[^，。；、]{0,14}$")
_TO = re.compile(r"[^，。；、]{0,4}?(?:提|增|上|下|降|扩|缩|调|压|减|发展|跃|攀|升|回|优化|拓|恢复)[^，。；、]{0,4}?(?:到|至|为)")
_HONOUR = re.compile(r"[^，。；高低]{0,2}(?:获|位[居列]|居|列|蝉联|全[国省市县区]第|排名|上榜|登榜|入选|入围|稳居|被|荣|名列|跻|领跑|举办|进入)")
_KEPT_UP = re.compile(r"连续[ ]?$")
_SPENT = re.compile(r"(?:缩短|压缩|减少|提前|缩减|压减|达到?|延长|不超过|控制在|少|快|增加)(?:了|到|至|约)?[ ]?$")
_PERIODS = ("年", "个年度", "周年")
_CLOCK = ("小时", "个小时", "分钟", "分", "秒", "岁", "周岁", "世纪", "日", "月", "号", "周", "级", "届", "期", "线", "代", "章")
_NAMING_UNITS = ("千伏", "kV", "KV", "伏", "吨级", "万吨级", "级", "兆", "瓦")


def reason_of(text: str, start: int, end: int, number: str | None, unit: str) -> Reason | None:
    """Why the number at text[start:end] measures nothing, from its own surroundings; None if it measures.

    Args:
        text: the text around it.
        start, end: bounds of the number with its unit.
        number: the number alone; None for a share in words (百分之五).
        unit: its unit, empty without one.
    """
    if number is None:
        return None
    before, after = text[max(0, start - 20) : start], text[end : end + 22]
    return (
        _dated(text, start, end, number, unit)
        or _named(before, after, number, unit)
        or _ordered(text, start, end, before, after)
        or _lasting(before, after, unit)
        or _bounding(before, after, unit)
        or (None if unit else "no unit")
    )


def _dated(text: str, start: int, end: int, number: str, unit: str) -> Reason | None:
    plain = number.replace(" ", "")
    if _YEAR.fullmatch(plain) and (unit in ("年", "", "届") and (unit or _AFTER_YEAR.match(text, end) or True)):
        return "date"
    if unit in ("月", "日") or text.startswith(("月", "日"), end):
        return "date"
    return None


def _named(before: str, after: str, number: str, unit: str) -> Reason | None:
    if _LETTER_BEFORE.search(before) or (not unit and _LETTER_AFTER.match(after)):
        return "document number" if before.endswith(("〔", "[")) else "name"
    if unit == "号" or after.startswith(("号文", "号）")):
        return "document number"
    if unit in _NAMING_UNITS or (unit in ("MW", "GW") and re.match("[一-龥]", after)) or _ATTRIBUTE.match(after) or (unit and after[:1] in ("+", "＋")):
        return "name"
    if _OPEN_QUOTE.search(before) and _CLOSE_QUOTE.match(after):
        return "name"
    return None


def _ordered(text: str, start: int, end: int, before: str, after: str) -> Reason | None:
    last = before.rstrip()[-1:]
    if last == "第":
        return "rank" if re.search(r"(?:全|居|列|名|[国省市县区球])[^，。；]{0,6}第[ ]?$", before) else "ordinal"
    if last == "前" and not before.endswith(("提前", "以前", "之前", "目前", "当前")):
        return "rank"
    if _LIST_MARKER.search(before if start > 20 else "\n" + before) and _AFTER_MARKER.match(after):
        return "list marker"
    if re.match(r"[个项件条大]?方面|大类", after):
        return "structure"
    return None


def _lasting(before: str, after: str, unit: str) -> Reason | None:
    if unit in _PERIODS:
        kept_up = _KEPT_UP.search(before) and not _HONOUR.match(after)
        return None if kept_up or _SPENT.search(before) else "duration"
    if unit in _CLOCK:
        return None if _SPENT.search(before) else "duration"
    return "duration" if unit in ("个月", "个季度") and _KEPT_UP.search(before) and _HONOUR.match(after) else None


def _bounding(before: str, after: str, unit: str) -> Reason | None:
    if _FROM.search(before) and _TO.match(after):
        return "base"
    counted = unit.lstrip("十百千万亿") in CLASSIFIERS - {"人"} or unit in ("%", "‰", "")
    if not counted and unit and (_BOUND.match(after) or (before.endswith("超") and _BOUNDED.match(after))):
        return "threshold"
    return None
