"""Numbers in a bare list, and what they share: 1.6、3.7、1.9个百分点; 分别增长8%、10%以上."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from llmx.figures.figure import Figure
from llmx.figures.scan import Token
from llmx.figures.units import POINTS

_BETWEEN = re.compile(r"(?:及?以上|左右|以内|及?以下)?[\s*]{0,4}(?:、|和|与|及)[\s*]{0,4}")
_LONGEST = 12
_UNBOUND = ("=", "range")
_RESPECTIVELY = re.compile(r"分别|均|都|各[^，。；、]{0,3}$")
_REACH = 12


# 增长6%以上，力争|7%; 增长6%、奋力冲刺|7%: words of more effort alone stand between a figure and the one that goes beyond it.
_STRETCH = re.compile(
    r"(?:及?以上|左右|以内)?[\s*]{0,4}[，、,；]?[\s*]{0,4}(?:在?(?:实际)?工作中|并|向着?|朝着|再|全力|奋力|力|努力|积极)*"
    r"(?:力争|争取|确保|冲刺|冲击|挑战|力求|奔|争|力保|奋战|奋进|努力)(?:实现|达到?|突破|超过?|在|到|为|更高的?|全年|完成|保持)*[\s*]{0,4}"
)
_FARTHEST = 24
_EFFORT = frozenset("争保冲挑求奔奋努")
"""Each word of effort has one of these."""


def stretches(text: str, end: int, start: int) -> bool:
    """Whether a number that begins at `start` goes beyond the one that ended at `end`: 6%，力争|7%."""
    near = end < start <= end + _FARTHEST and not _EFFORT.isdisjoint(text[end:start])
    return near and _STRETCH.fullmatch(text, end, start) is not None


# 增速“保|8|争|9|”: how much growth is to be kept and how much to be striven for, in short
_PLEDGED = re.compile(r"(?:增长|增速|增幅)[^，。；\d]{0,6}保(?:\d{1,2}(?:\.\d{1,2})?%?[、，]?争)?$")
_AFTER_PLEDGE = frozenset("争、，”。；")


def pledged(text: str, start: int, end: int) -> bool:
    """Whether a bare number at text[start:end] is a rate of growth that is to be kept or striven for."""
    told = text[start - 1 : start] in ("保", "争") and text[end : end + 1] in _AFTER_PLEDGE
    return told and _PLEDGED.search(text, max(0, start - _FARTHEST), start) is not None


def runs(text: str, tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens in runs between which nothing but 、 or 和 stands; most runs are of one."""
    run: list[Token] = []
    for token in tokens:
        if run and not _follows(text, run[-1].end, token.start):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _follows(text: str, end: int, start: int) -> bool:
    return end < start <= end + _LONGEST and _BETWEEN.fullmatch(text, end, start) is not None


def share_units(run: list[Token]) -> None:
    """Give numbers without a unit that of the next one in the list that has one (3.4个、1个百分点 are both points)."""
    unit = ""
    for token in reversed(run):
        if token.dated:
            unit = ""
        elif token.unit and not (token.unit == "个" and unit in POINTS):
            unit = token.unit
        else:
            token.unit = unit


def share_comparators(text: str, figures: list[Figure]) -> list[Figure]:
    """Let 以上 after the last number of a bare list bind all of it, and 突破 before the first one where 分别 says so.

    With words between (10家、企业50家、园区2家以上) there is no bare list, and 以上 binds its neighbour alone.
    All of a thing (100%) cannot be exceeded.
    """
    if len(figures) < 2:
        return figures
    first, source = figures[0], figures[-1]
    if source.comparator in _UNBOUND and _RESPECTIVELY.search(text, max(0, first.start - _REACH), first.start):
        source = first
    if source.comparator in _UNBOUND or source.reason:
        return figures
    return [
        _shared(figure, source)
        if figure.comparator == "=" and figure.unit == source.unit and not (figure.unit == "%" and figure.value == 100)
        else figure
        for figure in figures
    ]


def _shared(figure: Figure, source: Figure) -> Figure:
    """A figure of a list with the comparator of its first or last one, and as far to those words as from that one."""
    first = min(figure.start - figure.before, source.start - source.before)
    last = max(figure.end + figure.after, source.end + source.after)
    return replace(
        figure,
        comparator=source.comparator,
        modifier=source.modifier,
        before=figure.start - first,
        after=last - figure.end,
    )
