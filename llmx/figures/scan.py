"""Where the numbers of a text stand: one pass, each with its unit, before any surroundings are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from llmx.figures.numbers import GAP, NUMBER, WIDE, WORDED, read_number, read_worded
from llmx.figures.units import QUANTITY, base_quantity, unit_of
from llmx.records import Number

_DASH = r" ?(?:[—–\-－~～]{1,2}|至|到) ?"
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?<!\d){_YEAR}(?:{_DASH}(?:{_YEAR}|\d\d))?{GAP}年(?:{GAP}\d{{1,2}}{GAP}月(?:{GAP}\d{{1,2}}{GAP}日)?)?"
    rf"|(?<!\d){_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)|(?<!\d){_YEAR}{_DASH}{_YEAR}(?! ?(?:\d|{QUANTITY}))"
    rf"|(?<![\d.])\d{{1,2}}(?:{_DASH}\d{{1,2}})? ?月(?: ?\d{{1,2}}(?:{_DASH}\d{{1,2}})? ?日)?"
    r"|(?<![\d比例为由构])\d{1,2}[:：]\d\d(?::\d\d)?(?![\d.%∶:：])|(?<!\d)\d{1,2}[时点]\d{1,2}分"
    r"|(?<![\d.])\d{1,2}[·•]\d{1,2}(?![\d.])|(?<!\d)\d0年代"
    rf"|(?<![\d.]){_YEAR}(?= ?[一-龥A-Z“《])(?! ?(?:[余多几十百千万亿]|{QUANTITY}))"
)
_FIGURE = re.compile(
    rf"(?P<date>{_DATE})"
    rf"|(?P<share>[百千]分之)(?P<worded>{WORDED})"
    # PM2.5年均浓度: 年 is no unit of a particle's size.
    r"|(?<=PM)(?:2\.5|10)(?!\d)|(?<=PM_)(?:2\.5|10)(?!\d)"
    # A sign belongs to a rate: 增长-3.2%, （+5%）; elsewhere - joins names and ranges.
    r"|(?:(?:(?<=增长|增速|增幅|涨幅|同比)|(?<=[（(]))(?P<sign>[-−+＋])(?=[\d. ]{1,9}[%％]))?"
    rf"(?<!\d)(?P<number>{NUMBER})"
    rf"(?:(?P<ratio>[∶:：]{NUMBER}(?:[∶:：]{NUMBER}){{0,4}})(?![\d年月∶:：])"
    rf"|/(?P<denominator>\d{{1,3}})(?![\d/.])"
    rf"|(?P<quantity>{GAP}{QUANTITY})?(?:(?P<dash>{_DASH})(?P<high>{NUMBER})(?![—–\-－~～]\d)(?P<span>{GAP}{QUANTITY})?)?)"
)
# Digits are found by a plain search first: three times as fast as to try the whole pattern at every character.
_CANDIDATE = re.compile(r"[0-9百千](?:(?<=[0-9])[0-9]*|分之)")
_SIGNS = "-−+＋"
_WIDE = re.compile("[０-９．％﹪－]")
_STARTING = re.compile(r"[从由][^，。；、]{0,14}$")
_REACH = 16


@dataclass(slots=True)
class Token:
    """A number as it stands."""

    start: int
    """Where it begins."""
    end: int
    """Where it ends with its unit, exclusive."""
    number: str
    """The number without its unit."""
    value: Number
    """Its value as written."""
    unit: str
    """Its unit, empty without one."""
    high: Number | None = None
    """Upper end of a range."""
    signed: bool = False
    """Whether a sign makes a rate of change of it: +5%; so do the words of 增速“保8争9”."""
    dated: bool = False
    """Whether its form alone says that it is a date or a time of day."""


def scan(text: str, start: int, end: int) -> Iterator[Token]:
    """The numbers of text[start:end] in text order; offsets count from the beginning of `text`.

    A number in two pieces is one (3亿2千万元).
    """
    held: Token | None = None
    for token in _tokens(text, start, end):
        joined = _joined(held, token) if held and held.end == token.start else None
        if held and not joined:
            yield held
        held = joined or token
    if held:
        yield held


def _joined(first: Token, second: Token) -> Token | None:
    """Two numbers that are pieces of one, the first of them in 亿 or 万 and the second in less: 1亿3千多万, 2万5千公里."""
    size, base = base_quantity(1, first.unit)
    rest, unit = base_quantity(second.value, second.unit)
    whole = isinstance(first.value, int) and not base and unit != second.unit
    if not whole or rest >= size or first.high is not None or second.high is not None:
        return None
    value = float(Decimal(first.value) + Decimal(str(rest)) / Decimal(size))
    return Token(first.start, second.end, first.number, value, first.unit + unit)


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The numbers, piece by piece.

    Each search begins where the last number ended and every repetition in it is bounded: linear in the text's length.
    """
    if _WIDE.search(text, start, end):
        text = text[:start] + text[start:end].translate(WIDE) + text[end:]
    at = start
    while digits := _CANDIDATE.search(text, at, end):
        begin = digits.start()
        signed = begin > at and text[begin - 1] in _SIGNS
        match = (signed and _FIGURE.match(text, begin - 1, end)) or _FIGURE.match(text, begin, end)
        if match is None:
            at = digits.end()
            continue
        token = _token(text, match)
        at = token.end
        yield token


def _token(text: str, match: re.Match[str]) -> Token:
    """The number that a match holds."""
    begin, end = match.span()
    if match["date"]:
        year = re.match(r"\d+", match["date"])
        return Token(begin, end, match["date"], int(year.group()) if year else 0, "", dated=True)
    if match["worded"]:
        unit = "%" if match["share"] == "百分之" else "‰"
        return Token(begin, end, match["worded"], read_worded(match["worded"]), unit)
    if not match["number"]:
        return Token(begin, end, match.group(), read_number(match.group()), "")
    return _composed(text, match)


def _composed(text: str, match: re.Match[str]) -> Token:
    """A number with what is joined to it: a ratio, a fraction, a range or a unit."""
    begin, end = match.span()
    number = match["number"]
    value = -read_number(number) if match["sign"] in ("-", "−") else read_number(number)
    if match["ratio"]:
        return Token(begin, end, number, value, re.sub("[∶：]", ":", match["ratio"]))
    if match["denominator"]:
        return _fraction(match, value)
    if match["high"]:
        return _range(text, match, value)
    return Token(begin, end, number, value, unit_of(match["quantity"] or ""), signed=bool(match["sign"]))


def _range(text: str, match: re.Match[str], value: Number) -> Token:
    """5%—6% and 500万—800万元 are ranges; 从15个到57个 is where something came from and went, 023-5812 a call number."""
    low, span, high = unit_of(match["quantity"] or ""), unit_of(match["span"] or ""), read_number(match["high"])
    worded = match["dash"].strip() in ("至", "到")
    parted = worded and _STARTING.search(text, max(0, match.start() - _REACH), match.start())
    dialled = not span and match["number"][0] == "0"
    if value < high and (not low or span.startswith(low)) and not parted and not dialled:
        return Token(match.start(), match.end(), match["number"], value, span, high=high)
    end = match.end("quantity") if match["quantity"] else match.end("number")
    return Token(match.start(), end, match["number"], value, low)


def _fraction(match: re.Match[str], value: Number) -> Token:
    """1/3 is a fraction; in 2024/25 the slash joins two numbers."""
    below = int(match["denominator"])
    if value < below:
        return Token(match.start(), match.end(), match.group(), value / below, "")
    return Token(match.start(), match.end("number"), match["number"], value, "")
