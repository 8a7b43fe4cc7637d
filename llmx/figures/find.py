"""Scan a text for numbers, then read each one's surroundings."""

from __future__ import annotations

import re
from dataclasses import replace

from llmx.figures.comparators import compare
from llmx.figures.figure import Figure
from llmx.figures.measures import Movement, movement
from llmx.figures.reasons import reason_of
from llmx.figures.units import MULTIPLIER, UNIT
from llmx.records import Number

_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
"""One character for one, so that offsets stay those of the text as stored."""
_HAS_WIDE = re.compile("[０-９．％]")

_GAP = r"[ \t\u3000\u00a0*]{0,3}\n{0,2}[ \t\u3000*]{0,3}"
_NUMBER = r"(?:\d{1,3}(?:[,，]\d{3})+(?![\d])(?:\.\d+)?|\d(?: \d){2,}(?!\d)(?: ?\. ?\d(?: \d)*)?|\d+(?:\.\d+)?)"
_QUANTITY = rf"{MULTIPLIER}*{_GAP}[余多几]?{MULTIPLIER}*{_GAP}{UNIT}|{MULTIPLIER}+[余多]?{MULTIPLIER}*|[余多]{MULTIPLIER}+|[余多](?={_GAP}{UNIT})"
_FIGURE = re.compile(
    rf"(?P<percent>百分之(?P<worded>[\d.]+|[零一二两三四五六七八九十百点]+))"
    rf"|(?P<number>{_NUMBER})"
    rf"(?:(?P<ratio>[∶:：]1(?![\d.∶:：]))"
    rf"|(?P<low>%|％)?[ ]?(?:—|–|-|－|~|～|至|到)[ ]?(?P<high>{_NUMBER})(?P<span>{_GAP}(?:{_QUANTITY}))"
    rf"|(?P<quantity>{_GAP}(?:{_QUANTITY}))?)"
)
_SPACES = re.compile(r"[\s*\u3000]+")
_CHINESE = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SHARED = re.compile(r"[ ]?(?:、|和|及|与)[ ]?$")


def find_figures(text: str, start: int = 0, end: int | None = None) -> list[Figure]:
    """Every number of text[start:end], in text order.

    Args:
        text: any text; it is not changed, and offsets refer to it as it stands.
        start, end: the stretch to scan, in code points; the surroundings are read beyond it.

    Returns:
        One figure a number, not overlapping. Those that measure nothing carry a `reason`.
    """
    stored, end = text, len(text) if end is None else end
    if _HAS_WIDE.search(text):
        text = text.translate(_WIDE)
    found: list[Figure] = []
    state: Movement | None = None
    for match in _FIGURE.finditer(text, start, end):
        before = found[-1] if found else None
        listed = before is not None and bool(_SHARED.match(text[_after(text, before.end) : match.start()] or "x"))
        unit = _unit(match)
        state = movement(text, match.start(), unit, state if listed else None)
        comparator, modifier = compare(text, match.start(), match.end(), "余" in match.group() or "多" in match.group())
        figure = Figure(
            start=match.start(),
            end=match.end(),
            text=stored[match.start() : match.end()],
            value=_signed(_value(match), state),
            unit=unit,
            measure=state.measure,
            comparator="range" if match.group("high") else comparator,
            value_max=_number(match.group("high")) if match.group("high") else None,
            modifier=modifier,
            reason=reason_of(text, match.start(), match.end(), match.group("number"), unit),
        )
        found.append(figure)
    return _share(text, found)


def _after(text: str, at: int) -> int:
    """Where a figure's own 以上 or 左右 ends."""
    return at + 2 if text.startswith(("以上", "左右", "以内", "以下"), at) else at


def _unit(match: re.Match[str]) -> str:
    if match.group("percent"):
        return "%"
    if match.group("ratio"):
        return ":1"
    unit = _SPACES.sub("", match.group("quantity") or match.group("span") or "")
    return unit.replace("余", "").replace("多", "").replace("几", "").replace("％", "%")


def _value(match: re.Match[str]) -> Number:
    worded = match.group("worded")
    if worded is None:
        return _number(match.group("number"))
    return _number(worded) if worded[0].isdigit() else _chinese(worded)


def _number(written: str) -> Number:
    plain = re.sub(r"[,， ]", "", written)
    return float(plain) if "." in plain else int(plain)


def _chinese(written: str) -> Number:
    """五点三, 三十五, 一百二十 as numbers."""
    whole, _, fraction = written.partition("点")
    total = digit = 0
    for char in whole:
        if char in "十百":
            total, digit = total + (digit or 1) * (10 if char == "十" else 100), 0
        else:
            digit = _CHINESE[char]
    total += digit
    return float(f"{total}.{''.join(str(_CHINESE.get(char, 0)) for char in fraction)}") if fraction else total


def _signed(value: Number, state: Movement) -> Number:
    return -value if state.falls else value


def _share(text: str, found: list[Figure]) -> list[Figure]:
    """Give a list what stands once at its end: the unit of 1.6、3.7、1.9个百分点, the 以上 of 分别增长8%、10%以上."""
    for at in range(len(found) - 2, -1, -1):
        figure, following = found[at], found[at + 1]
        between = text[figure.end : following.start]
        if len(between) > 4 or not _SHARED.match(between):
            continue
        if not figure.unit and following.unit and following.reason is None:
            found[at] = figure = replace(
                figure, unit=following.unit, measure=following.measure, value=_like(figure, following), reason=None
            )
        if figure.comparator == "=" and following.comparator not in ("=", "range") and _respectively(text, found, at):
            found[at] = replace(figure, comparator=following.comparator, modifier=figure.modifier or following.modifier)
    return found


def _like(figure: Figure, following: Figure) -> Number:
    return -abs(figure.value) if following.value < 0 else figure.value


def _respectively(text: str, found: list[Figure], at: int) -> bool:
    """Whether 分别 stands before the list that found[at] is in."""
    first = at
    while first and len(between := text[found[first - 1].end : found[first].start]) <= 4 and _SHARED.match(between):
        first -= 1
    return "分别" in text[max(0, found[first].start - 10) : found[first].start]
