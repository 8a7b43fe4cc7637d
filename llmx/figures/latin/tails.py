"""What follows a number in Latin script: its scale, currency, unit or what it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from llmx.figures.latin.rows import COUNTED, LEADING_ON, NOT_COUNTED

if TYPE_CHECKING:
    from llmx.figures.latin.forms import Forms

Kind = Literal["", "rate", "points", "money", "unit", "duration", "count", "ratio", "per", "scale"]


@dataclass(frozen=True, slots=True)
class Tail:
    """What follows a number."""

    scale: str
    """thousand, million, billion, trillion, lakh, crore, or nothing."""
    thing: str
    """A currency's code, a unit, what is counted."""
    kind: Kind
    end: int
    """Where it ends; 0 where there is nothing."""
    money: bool = False
    begin: int = 0
    """Where it begins, right after the number; 0 where there is nothing."""

    @property
    def unit(self) -> str:
        """The unit of the figure: billion USD."""
        return " ".join(filter(None, (self.scale, self.thing)))


NOTHING = Tail("", "", "", 0)
RATES = frozenset(("%", "‰", "x", "fold", "times", "pct"))


def tail_at(text: str, at: int, known: Forms, scale: str, currency: str = "") -> Tail:
    """What follows a number that ends at `at`.

    Args:
        text: the text.
        at: where the number ends.
        known: the forms of the text's language.
        scale: a scale already read with the number.
        currency: the code of the currency before it, empty without one.
    """
    begin = at
    if rate := known.rate.match(text, at):
        name = known.rate_names[rate.lastgroup or ""] if rate.lastgroup != "own" else rate["own"]
        kind: Kind = "points" if "point" in name else "rate"
        return _with_per(text, Tail("", name, kind, rate.end(), begin=begin), known)
    if not scale and (match := known.scale.match(text, at)):
        scale, at = known.lexicon.scales[match["scale"].lower()], match.end()
    elif not scale and (match := known.letter.match(text, at)) and _is_scale(text, match, known, currency):
        scale, at = known.lexicon.letters[match["letter"]], match.end()
    thing, kind, end = (currency, "money", at) if currency else _thing(text, at, known)
    if not thing:
        kind, end = ("scale", at) if scale else ("", 0)
    tail = Tail(scale, thing, kind, end if thing or scale else 0, kind == "money", begin if thing or scale else 0)
    return _with_per(text, tail, known, begin)


def _is_scale(text: str, match: re.Match[str], known: Forms, currency: str) -> bool:
    """Whether a single letter is a scale: $30m, 1.5m people, 2.9 m tonnes; 150 m are metres."""
    if currency:
        return True
    thing, kind, _ = _thing(text, match.end(), known)
    return bool(thing) and not (kind == "duration" and match["letter"] == "m")


def _thing(text: str, at: int, known: Forms) -> tuple[str, Kind, int]:
    """What is measured or counted after a number, and where its words end."""
    if match := known.currency_after.match(text, at):
        name = match["name"]
        code = known.lexicon.symbols.get(name) or known.lexicon.currencies.get(" ".join(name.lower().split()), name)
        return code, "money", match.end()
    if match := known.unit.match(text, at):
        written = match["unit"]
        if written in known.lexicon.durations:
            return written, "duration", match.end()
        if known.lexicon.units.get(written) in ("%", "‰"):
            return known.lexicon.units[written], "rate", match.end()
        return written, "unit", match.end()
    match = known.counted.match(text, at)
    if match and _is_plural(match["noun"]):
        return match["noun"], "count", match.end()
    return "", "", at


def _is_plural(noun: str) -> bool:
    if noun in COUNTED:
        return True
    return (
        noun[-1] == "s" and noun[-2:] not in ("ss", "us", "is") and noun not in NOT_COUNTED and noun not in LEADING_ON
    )


def _with_per(text: str, tail: Tail, known: Forms, begin: int = 0) -> Tail:
    """A tail with what it is so much for each of: USD per barrel, per 1,000."""
    match = known.per.match(text, tail.end or begin)
    if match is None or tail.kind in ("rate", "points"):
        return tail
    if match["word"] and not tail.thing:
        return tail
    thing = " ".join(filter(None, (tail.thing, "per", match["many"] or match["word"])))
    return Tail(tail.scale, thing, tail.kind or "per", match.end(), tail.money, tail.begin or begin)
