"""Base quantities of figures in Latin script: billion USD, km², MWh."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from llmx.figures.latin.locales import POWERS, lexicon
from llmx.records import Number

_PREFIXES = {"T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "d": -1, "c": -2, "m": -3, "µ": -6, "μ": -6, "n": -9}
"""SI's prefixes, as powers of ten."""
PREFIXED = r"(?:[TGMkhdcmµμn](?=.))?(?:Wh|W|VA|V|Hz|Pa|J|g|t|m|l|L|B|bit|tCO2e?)"
"""A symbol of SI, or one that takes its prefixes, as reports write it: TWh, kV, Mt."""
_SYMBOL = re.compile(r"([TGMkhdcmµμn])(Wh|W|VA|V|Hz|Pa|J|g|t|m|l|L|B|bit|tCO2e?)([²³23]?)")


def latin_base(value: Number, unit: str) -> tuple[Number, str]:
    """The same quantity without its scale and without a prefix of SI, under the unit's symbol.

    Args:
        value: the number as written.
        unit: the figure's unit: billion USD, million tonnes, km², %.

    Returns:
        Value and unit, an int where whole: (3.2, "billion USD") gives (3200000000, "USD"), (12000, "square kilometres")
        gives (12000000000, "m²"), (45, "MW") gives (45000000, "W"). Units of different size and no common prefix are
        left apart (acres, hectares); what is counted keeps its word (1.5, "million people") → (1500000, "people").
    """
    power, base = _parted(unit)
    if not power:
        return value, base
    exact = Decimal(str(value)).scaleb(power)
    return (int(exact) if exact == int(exact) else float(exact)), base


@lru_cache(maxsize=1024)  # a report has few units
def _parted(unit: str) -> tuple[int, str]:
    """The power of ten that a unit multiplies by, and the base unit; what follows `per` stays as it is."""
    scale, _, rest = unit.partition(" ")
    power = POWERS.get(scale, 0)
    base = rest if power else unit
    measured, per, of = base.partition(" per ")
    symbol = lexicon("en").units.get(measured, measured)
    if prefixed := _SYMBOL.fullmatch(symbol):
        prefix, plain, raised = prefixed.groups()
        power += _PREFIXES[prefix] * (int(raised.translate(_DIGITS)) if raised else 1)
        symbol = plain + raised
    return power, symbol + per + of


_DIGITS = str.maketrans("²³", "23")
