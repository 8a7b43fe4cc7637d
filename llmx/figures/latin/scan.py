"""Where the numbers of a text in Latin script stand: one pass, each with its unit, before any surroundings are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmx.figures.latin.forms import DIALLING, Forms
from llmx.figures.latin.numerals import ARTICLES, FRACTIONS, read_digits, read_words
from llmx.figures.latin.tails import NOTHING, Tail, tail_at
from llmx.records import Number

if TYPE_CHECKING:
    from llmx.figures.reasons import Reason


@dataclass(frozen=True, slots=True)
class Token:
    """A number as it stands."""

    start: int
    """Where it begins, with a sign or a currency before it."""
    end: int
    """Where it ends with its unit, exclusive."""
    digits: int
    """Where the number itself begins."""
    value: Number
    tail: Tail
    """What follows it: scale, unit."""
    high: Number | None = None
    """Upper end of a range."""
    reason: Reason | None = None
    """Why it measures nothing, where its form alone says so."""
    worded: bool = False
    """Whether it is written in words."""
    signed: bool = False
    """Whether a plus stands before it, which makes a rate of change of a share: +14%."""
    part: bool = False
    """Whether it is a fraction: three-quarters, one in five."""

    @property
    def bare(self) -> bool:
        """Whether nothing makes a quantity of it."""
        return not (self.tail.unit or self.part)


def scan(text: str, start: int, end: int, known: Forms) -> Iterator[Token]:
    """The numbers of text[start:end] in text order.

    Each search begins where the last number ended and looks a bounded way back and ahead: linear in the text's length.
    """
    at = start
    while found := known.candidate.search(text, at, end):
        token = _token(text, found.start(), at, known)
        if token is None or token.end > end:
            at = found.end()
            continue
        at = max(token.end, found.end())
        yield token


def _token(text: str, begin: int, floor: int, known: Forms) -> Token | None:
    """The number whose digits or words begin at `begin`; `floor` where the one before ended."""
    if not text[begin].isdigit():
        return _fraction(text, begin, known) or _worded(text, begin, floor, known)
    return _formed(text, begin, floor, known) or _fraction(text, begin, known) or _counted(text, begin, floor, known)


def _formed(text: str, begin: int, floor: int, known: Forms) -> Token | None:
    """A number whose form says that it measures nothing: a date, a telephone number, a version."""
    first = begin - 1 if begin > floor and text[begin - 1] in "+(" else begin
    told = DIALLING.search(text, max(floor, begin - 24), begin)
    if dialled := known.dialled.match(text, first) or (_DIALLED.match(text, first) if told else None):
        return Token(first, dialled.end(), begin, 0, NOTHING, reason="contact")
    month = known.month_before.search(text, max(floor, begin - 12), begin)
    if month and (day := known.after_month.match(text, begin)):
        return Token(
            month.start(), day.end(), begin, int(re.split(r"\D", day.group(), maxsplit=1)[0]), NOTHING, reason="date"
        )
    if match := known.formed.match(text, begin):
        reason: Reason = known.reasons[match.lastgroup or ""]
        if (
            match["years"]
            and "/" in match["years"]
            and (int(match["years"][2:4]) + 1) % 100 != int(match["years"][-2:])
        ):
            reason = "document number"
        leading = re.match(r"\d{1,9}", match.group())
        return Token(begin, match.end(), begin, int(leading.group()) if leading else 0, NOTHING, reason=reason)
    return None


_DIALLED = re.compile(r"\(?\d(?:[ ()-]{0,2}\d){5,15}(?!\d)")


def _fraction(text: str, begin: int, known: Forms) -> Token | None:
    """Three-quarters, half of, one in five, 1/3."""
    match = known.fraction.match(text, begin)
    if match is None:
        return None
    if match["half"]:
        if _HALF_OF_TIME.search(text, max(0, begin - 10), begin):
            return None
        return Token(begin, match.end(), begin, 0.5, NOTHING, worded=True, part=True)
    above = 1 if match["article"] else _read(match["above"], known)
    below = FRACTIONS[match["name"].lower()] if match["name"] else _read(match["below"], known)
    if above is None or not below or above >= below or (match["slash"] is None and 1500 <= below < 2200):
        return None
    return Token(begin, match.end(), begin, above / below, NOTHING, worded=True, part=True)


_HALF_OF_TIME = re.compile(r"\b(?:first|second|latter|last|1st|2nd|other|this|next)\s$", re.IGNORECASE)
"""The first half of 2024 is a span of time."""


def _read(written: str, known: Forms) -> Number | None:
    """Value of a number in digits or in words."""
    if written[0].isdigit():
        return read_digits(written, known.lexicon.decimal)
    return read_words(written.lower(), known.lexicon.language)


def _worded(text: str, begin: int, floor: int, known: Forms) -> Token | None:
    """A number in words, with its unit: fourteen new libraries, two hundred and fifty families, a dozen ships."""
    match = known.words.match(text, begin)
    if match is None:
        return None
    read = _in_words(match, known)
    if read is None:
        return None
    value, end, scale = read
    tail = tail_at(text, end, known, scale)
    token = Token(begin, max(end, tail.end), begin, value, tail, worded=True)
    ranged = _range(text, token, floor, known)
    written = text[begin:end].lower()
    return None if written in ARTICLES and not tail.unit and not ranged else ranged or token


def _in_words(match: re.Match[str], known: Forms) -> tuple[Number, int, str] | None:
    """Value, end and scale of a number in words: two million is 2 with a scale, two thousand and five is 2005."""
    if match["dozen"]:
        size = _dozens(match["many"], known)
        return None if size is None else (int(size * 12), match.end(), "")
    if match["scaled"]:
        return (0.5 if match["scaled"].lower().startswith("half") else 1), match.end("scaled"), ""
    written = match["run"]
    value: Number | None = read_words(" ".join(written.lower().split()), known.lexicon.language)
    if value is not None:
        return value, match.end("run"), ""
    first = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)?", written)
    value = read_words(first.group().lower(), known.lexicon.language) if first else None
    return None if value is None or first is None else (value, match.start("run") + first.end(), "")


def _dozens(many: str | None, known: Forms) -> Number | None:
    """How many dozens: a, half a, two."""
    said = (many or "a").lower()
    return 0.5 if said.startswith("half") else 1 if said in ("a", "an") else _read(said, known)


def _counted(text: str, begin: int, floor: int, known: Forms) -> Token | None:
    """A number in digits with its currency, scale and unit, and a range of two."""
    match = known.number.match(text, begin)
    if match is None:
        return None
    if (ratio := known.ratio.match(text, begin)) and ratio.end() > match.end():
        return Token(
            begin,
            ratio.end(),
            begin,
            read_digits(ratio["first"], known.lexicon.decimal),
            Tail("", ratio["rest"], "ratio", ratio.end()),
        )
    first, currency = _led(text, begin, floor, known)
    value = read_digits(match.group(), known.lexicon.decimal)
    plus = first > floor and text[first - 1] == "+" and (first - 1 <= floor or text[first - 2] in " (\n")
    if text[first] in "-−–" or (first > floor and _signed(text, first, floor)):
        first -= text[first] not in "-−–"
        value = -value
    tail = tail_at(text, match.end(), known, "", currency)
    token = Token(first - plus, max(match.end(), tail.end), begin, value, tail, signed=plus)
    return _range(text, token, floor, known) or token


def _signed(text: str, first: int, floor: int) -> bool:
    """Whether a minus stands right before: -3.2%, not in 2-5 or COVID-19."""
    return text[first - 1] in "-−–" and (first - 1 <= floor or text[first - 2].isspace() or text[first - 2] in "(")


def _led(text: str, begin: int, floor: int, known: Forms) -> tuple[int, str]:
    """Where a currency before the number begins, and its code: US$ 3."""
    last = text[begin - 1 : begin]
    if begin <= floor or not (last in known.currency_ends or last.isspace()):
        return begin, ""
    found = known.currency_before.search(text, max(floor, begin - 8), begin)
    if found is None:
        return begin, ""
    sign = found["sign"].replace("\u202f", " ")
    return found.start("sign"), known.lexicon.symbols[sign]


def _range(text: str, low: Token, floor: int, known: Forms) -> Token | None:
    """1.2–1.5 m tonnes, between 5 and 7 per cent, $2bn to $3bn; None where the two are no range."""
    for at in dict.fromkeys((low.tail.begin or low.end, low.end)):
        dash = known.dash.match(text, at)
        if dash is None or (dash["and"] and not known.between.search(text, max(floor, low.start - 12), low.start)):
            continue
        begin = dash.end("dash")
        high = _bound(text, begin, known)
        if high is None or _parted(text, low, floor, dash.group(), known):
            continue
        own = low.tail if at == low.end else NOTHING
        if low.tail.money and not own.money:
            own = replace(NOTHING, thing=low.tail.thing, money=True)
        joined = _joined(own, high.tail)
        if _is_year(low) and _is_year(high):
            return None
        if joined and low.value < high.value and high.reason is None:
            return replace(low, end=high.end, tail=joined, high=high.value)
    return None


def _is_year(token: Token) -> bool:
    return token.bare and not token.worded and 1800 <= token.value < 2200


def _bound(text: str, begin: int, known: Forms) -> Token | None:
    """The upper end of what may be a range."""
    if sign := known.currency_at.match(text, begin):
        begin = sign.end()
    if match := known.number.match(text, begin):
        if known.formed.match(text, begin):
            return None
        code = known.lexicon.symbols[sign["sign"]] if sign else ""
        tail = tail_at(text, match.end(), known, "", code)
        return Token(begin, max(match.end(), tail.end), begin, read_digits(match.group(), known.lexicon.decimal), tail)
    words = known.words.match(text, begin)
    read = _in_words(words, known) if words else None
    if read is None:
        return None
    tail = tail_at(text, read[1], known, "")
    return Token(begin, max(read[1], tail.end), begin, read[0], tail)


def _joined(low: Tail, high: Tail) -> Tail | None:
    """What two ends of a range measure in together; None where they measure different things."""
    if low.kind and not high.kind and not low.money:
        return None
    if low.scale not in ("", high.scale) or (low.thing not in ("", high.thing) and not (low.money and not high.thing)):
        return None
    return high if high.thing or not low.thing else replace(high, thing=low.thing, kind="money", money=True)


def _parted(text: str, low: Token, floor: int, dash: str, known: Forms) -> bool:
    """Whether `from X to Y` says where something came from and went: rates went from 3.5% to 4.25%."""
    if dash.strip() != "to":
        return False
    return bool(known.starting.search(text, max(floor, low.start - 60), low.start))
