"""Why a number measures nothing: it dates, names, ranks, numbers or bounds something.

Advice for the model, read from the number's own surroundings: the embedded model claims only figures without a reason, a
language model sees them all.
"""

from __future__ import annotations

from typing import Literal

from llmx.figures.framing import bounding, lasting, quantified
from llmx.figures.naming import named, numbered, ordered

Reason = Literal[
    "date",
    "duration",
    "ordinal",
    "rank",
    "name",
    "document number",
    "contact",
    "list marker",
    "reference",
    "threshold",
    "base",
    "structure",
    "no unit",
    "glossary",
]

REASONS: dict[Reason, str] = {
    "date": "a day, month, year, period of the calendar or time of day: 2025年2月28日, 1—11月, “6·30”, 07时41分",
    "duration": "a stretch of time that is the frame of a result, not the result: 5年累计, 延长30年, 连续9年居全国第一",
    "ordinal": "a place in a series: 第3次, 第33届",
    "rank": "a place in a ranking, which is a recognition: 全国第2位, 前1%, 12县之首",
    "name": "part of a name: G319, 5G, PM2.5, 4A级, “1+10+4”, 110千伏, 100强, 12345热线, 15分钟生活圈, 20万吨生产线",
    "document number": "国发〔2023〕5号, Regulation (EU) 2018/1999",
    "contact": "a telephone or fax number: +44 20 7946 0000",
    "list marker": "the number of an item: 1. at the start of a line, （3）",
    "reference": "points elsewhere or talks about a figure: 附件1, ［12］, 7%的增速是…",
    "threshold": "defines a class of things: 20亿元以上项目, 1000人以上居民点, 65岁以上老年人",
    "base": "the past that a result is set against: 从39个拓展到91个",
    "structure": "counts parts of the text itself or gives a headline: 以下9个方面, 7大产业集群",
    "no unit": "a bare number that no word nearby makes a quantity",
    "glossary": "explains a term in the annex of a report; told by its place, not by the words around it",
}
"""Every reason, with what it means and examples."""

_BEFORE = 20
_AFTER = 24
"""How many characters around a number are read; no word or quoted name that matters here is longer."""


def reason_of(text: str, start: int, end: int, number: str, unit: str) -> Reason | None:
    """Why the number at text[start:end] measures nothing, from its own surroundings; None if it measures.

    Args:
        text: the text around it.
        start, end: bounds of the number with its unit.
        number: the number alone, as written.
        unit: its unit, empty without one.
    """
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    return (
        numbered(before, after, unit, starts_text=start <= _BEFORE)
        or named(before, after, unit)
        or ordered(before, after, unit)
        or lasting(before, after, unit)
        or bounding(before, after, unit)
        or (None if unit or "/" in number or quantified(before) else "no unit")
    )
